"""What does it see, what is asked? The picture with what is looked at, the question, and the samples that the memory recalls."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.plots.bars import Bar, Bars
from app.plots.picture import PicturePlot
from app.plots.question import QuestionLines
from app.state.lens import Selection
from app.state.picture import Picture, Source, picture_at, picture_in_words, reader, source_in_words, sources, times
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.views.panes.choice import Choice
from app.widgets.section import Section
from app.widgets.tokens import sized, unit
from engine.contract.trace import Trace

LEAST_BESIDE = 160
"""Pixels that question and memory need at least, to stand beside the picture and not below it."""
ROOM_FOR_SAMPLE, ROOM_FOR_READS = 250, 330
"""Widths from which the list says which sample wrote a slot, and how often it was read."""
_HEADER = 52
NO_MEMORY = "This model reads no memory of past samples: what it knows lies in its weights."
NOTHING_READ = "At this step no slot stands out: the read is spread over all of them."


class PictureAndQuestion(PaneView):
    """One sample: the picture, the question, the answer, and where in memory it came from."""

    ABSENT = "This task shows no pictures."
    SHOWS_DIFFERENCE = False
    NEEDS_STEP = True
    WISH = 440
    HELP = PaneHelp(
        what_you_see="The picture, pixel by pixel. Each region bears the share of the attention that it gets, and is veiled as "
        "far as it is not looked at; a double outline marks the place that the question names. Under each word of the question "
        "lies how much the model listens to it. The list names the slots of memory that it reads most: the answer that each "
        "holds, the sample that wrote it, and how often it has been read.",
        what_to_look_for="Does it look where it is asked to look? Does it read slots that hold the right answer? A rare answer "
        "that is found in one slot, read once or twice before: the memory helps where training showed too little.",
        formula="attention over regions and over words: softmax, together 1 each; read weighting = softmax over slots of the "
        "match of the state with each slot. The list begins with the largest read weighting.",
        what_it_does_not_show="Whether the answer would change without a slot: erase it and run again to see that. The veil "
        "shows where it looks, not what it recognises there.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The picture; beside or below it the question, the answer and the list of sources."""
        self._plot, self._question, self._bars = PicturePlot(self.colours), QuestionLines(self.colours), Bars(self.colours)
        self._title, self._note = Section("Which past samples did this read come from?"), QLabel(wordWrap=True)
        self._note.setProperty("tone", "muted")
        self._note.setFont(sized(self, 11.5))
        self._veil = Choice("What is drawn over the picture")
        self._veil.chosen.connect(lambda index: self._plot.set_veiled(index == 0))
        self._plot.clicked.connect(self._region_clicked)
        self._plot.hovered.connect(self._region_hovered)
        self._bars.clicked.connect(self._source_clicked)
        self._bars.hovered.connect(self._source_hovered)
        self._sources: tuple[Source, ...] = ()
        self._shown: Picture | None = None
        self._room = 0.0
        self._told = QWidget()
        column = QVBoxLayout(self._told)
        column.setContentsMargins(0, 4, 4, 0)
        column.setSpacing(8)
        for part in (self._question, self._title, self._bars, self._note):
            column.addWidget(part)
        column.addStretch(1)
        body = QWidget()
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, body)
        self._halves.setContentsMargins(0, 2, 0, 0)
        self._halves.setSpacing(14)
        self._halves.addWidget(self._plot, 1)
        self._area = scrolled(self._told)
        self._halves.addWidget(self._area, 1)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Offer the veil, and stand the halves beside or below each other."""
        if self._veil.parent() is None:
            self.frame.add_to_header(self._veil)
        has_looks = any(c.kind == "attention" and c.axes == ("region",) for c in self.channels)
        self._veil.offer(("attention", "picture only") if has_looks else ("picture only",))
        self._arrange()

    def show_step(self, trace: Trace, step: int) -> None:
        """Another sample."""
        shown = self._shown = picture_at(trace, step)
        self._plot.show_picture(shown.pixels, shown.grid, shown.looks, shown.asked)
        said = f"{shown.said} {shown.probability:.2f}" if np.isfinite(shown.probability) and shown.said else shown.said
        self._question.show_question(shown.words, shown.listens, said, shown.right, shown.is_wrong)
        self._sources = sources(trace, step)
        self._title.setVisible(reader(trace) is not None)
        self._bars.setVisible(bool(self._sources))
        self._note.setText(self._note_of(trace))

    def show_marks(self, trace: Trace) -> None:
        """The chosen slot is bold in the list."""
        right = self._shown.right if self._shown is not None else ""
        self._bars.show_bars([self._bar(source, right) for source in self._sources])
        is_region = any(c.name == self.state.lens.selection.channel and c.axes == ("region",) for c in self.channels)
        if not is_region:
            self._plot.set_selected(None, None)

    def technical(self) -> str:
        """ "Picture · sample 3"."""
        return f"{self.card.technical} · sample {self.step + 1}"

    def in_words(self, trace: Trace, step: int) -> str:
        """The whole sample in sentences."""
        return picture_in_words(trace, step)

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each region, for each word and for each slot of the list."""
        shown = picture_at(trace, step)
        rows: list[list[object]] = []
        if shown.looks is not None:
            rows += [["region", n, float(x), "", "", ""] for n, x in zip(shown.regions, shown.looks, strict=True)]
        shares = shown.listens or (float("nan"),) * len(shown.words)
        rows += [["word", word, share, "", "", ""] for word, share in zip(shown.words, shares, strict=True)]
        rows += [
            ["slot", s.slot, s.share, s.holds, "" if s.written is None else s.written, "" if s.reads is None else s.reads]
            for s in sources(trace, step)
        ]
        return ["what", "which", "share", "holds", "written at sample", "times read"], rows

    def enter(self) -> None:
        """The arrows walk from region to region."""
        self._plot.enter()

    # ---- the inside ----

    def _arrange(self) -> None:
        """The way that leaves the larger picture."""
        wide, high, told = self.width(), self.height() - _HEADER * unit(self), self._told.sizeHint().height()
        is_beside = wide / 2 >= LEAST_BESIDE * unit(self) and min(wide / 2, high) >= min(wide, high - told)
        self._halves.setDirection(QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.TopToBottom)
        self._halves.setStretch(1, int(is_beside))
        self._area.setMinimumHeight(0 if is_beside else round(max(min(told, high / 2), 0)))
        self._room = wide / 2 - 30 if is_beside else wide - 30

    def _bar(self, source: Source, right: str) -> Bar:
        """ "bima · slot 12", its share, and "sample 1,204 · read 5 times" as far as there is room."""
        em, told, slot = unit(self), [], f"slot {source.slot}"
        has_room = self._room >= ROOM_FOR_SAMPLE * em
        if source.written is not None and has_room:
            told.append(f"sample {source.written:,}")
        if source.reads is not None and source.written is not None and self._room >= ROOM_FOR_READS * em:
            told.append(f"read {times(source.reads)}")
        return Bar(
            name=" · ".join(filter(None, (source.holds, slot if has_room or not source.holds else ""))),
            value=source.share,
            mark=" · ".join(told),
            is_chosen=source.slot in self.state.lens.selection.slots,
            is_pale=bool(source.holds) and source.holds != right,
        )

    def _note_of(self, trace: Trace) -> str:
        found = reader(trace)
        if found is None:
            return NO_MEMORY
        if not self._sources:
            return NOTHING_READ
        rest = 1 - sum(source.share for source in self._sources)
        return f"Bars: {found.title}, 0 to 1. All other slots together: {max(rest, 0):.2f}."

    def _region_channel(self) -> str:
        return next((c.name for c in self.channels if c.kind == "attention" and c.axes == ("region",)), self.channels[0].name)

    def _region_clicked(self, row: int, column: int, modifiers: Qt.KeyboardModifier) -> None:
        if not self.is_behind:
            self.choose(Selection(side=self.side.name, channel=self._region_channel()), modifiers)
            self._plot.set_selected(row, column)

    def _region_hovered(self, row: int, column: int) -> None:
        shown = self._shown
        if row < 0 or shown is None or self.is_behind:
            self.point(None)
            return
        region = row * shown.grid[1] + column
        share = f": {shown.looks[region]:.2f} of the attention" if shown.looks is not None else ""
        asked = ", asked about" if region == shown.asked else ""
        self.point(Selection(side=self.side.name, channel=self._region_channel()), f"{shown.regions[region]}{share}{asked}")

    def _source_selection(self, index: int) -> Selection | None:
        trace = self.side.trace
        memory = next((c for c in trace.of_kind("memory") if c.axes == ("slot", "feature")), None) if trace is not None else None
        if memory is None or not 0 <= index < len(self._sources):
            return None
        return Selection(side=self.side.name, channel=memory.name, slots=(self._sources[index].slot,))

    def _source_clicked(self, index: int) -> None:
        chosen = self._source_selection(index)
        if chosen is not None and not self.is_behind:
            self.choose(chosen, self.modifiers)

    def _source_hovered(self, index: int) -> None:
        over = self._source_selection(index) if not self.is_behind else None
        self.point(over, source_in_words(self._sources[index]) if over is not None else "")


def scrolled(page: QWidget) -> QScrollArea:
    """A page that can be scrolled where it is higher than its room."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setStyleSheet("background: transparent;")
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
