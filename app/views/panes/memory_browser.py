"""What was worth keeping? Every slot of a growing memory as a thumbnail; sorted, searched, and one of them large."""

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.plots.bars import Bar, Bars
from app.plots.kept import Kept, KeptPaths, KeptPictures
from app.plots.slot_picture import SlotPicture
from app.plots.thumbnails import ThumbnailSheet
from app.state.growing import EXAMPLES, ORDER_NAMES, Growing, Slots, growing_of
from app.state.growing_words import count_in_words, story_of_slot, title_of
from app.state.lens import Selection
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Stale, Table
from app.views.panes.choice import Choice
from app.widgets.section import Section
from app.widgets.tokens import sized, unit
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

ROOM_BESIDE, ROOM_BELOW = 480, 360
"""From this width the chosen slot stands large beside the grid; else below it where the pane is this high."""
DETAIL, BELOW = 210, 170
"""How wide it is beside the grid, how high below it."""
ROOM_AT_ALL, ROOM_FOR_BARS = 310, 400
MOST_ROWS = 2000
"""Rows of the table; a larger memory is exported as the trace."""
_MOST_BARS = 6


class MemoryBrowser(PaneView):
    """A grid of slots, and the chosen one large; only what is in view is drawn."""

    ABSENT = "This model keeps no samples: its memory does not grow."
    NEEDS_STEP = True
    SHOWS_DIFFERENCE = False
    WISH = 420
    HELP = PaneHelp(
        what_you_see="Every slot that holds something after the present sample, as a small picture of what was kept in it: the "
        "past thick, what followed it thin (or a top and a bottom, side by side). All paths are drawn on one scale, the one "
        "who moves in the middle, coming from below. A dark frame with a number at the lower right marks the slots that are "
        "retrieved for the present sample, 1 for the most alike; a filled triangle the slot that is written now. The chosen "
        "slot stands large, dashed what the model itself reads from its codes.",
        what_to_look_for="Few slots for very many samples, and each of them different: the controller keeps what the memory "
        "could not foresee yet. Sort by “most retrieved” to see what the memory lives on, search “never retrieved” for what "
        "was kept in vain. Does the decoded path lie on the one that was stored?",
        formula="likeness[slot] = cosine of the key of the present past and the key of the slot; the K largest are retrieved, "
        "and each gives one future: decode(key of the present, value of the slot).",
        what_it_does_not_show="The codes themselves (see “What is stored?”), nor whether a slot matters: remove it and run again "
        "to see that. What a slot is called comes from the task; the network never sees it.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """Search line and count, the grid, and the chosen slot."""
        self._growing: Growing | None = None
        self._has_bars = True
        self._kept: Kept = KeptPaths(None, None)
        self._listed: Slots = np.zeros(0, np.int64)
        self._order = Choice("In which order the slots stand")
        self._order.chosen.connect(lambda _: self._order_chosen())
        self._sheet, self._large = ThumbnailSheet(self.colours), SlotPicture(self.colours)
        self._title, self._story = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._title.setProperty("tone", "heading")
        self._story.setProperty("tone", "muted")
        self._story.setFont(sized(self, 11.5))
        self._bars, self._ranked = Bars(self.colours), Section("Retrieved now, by likeness")
        self._search, self._count = QLineEdit(), QLabel()
        self._make_search()
        grid = self._sheet.grid
        grid.clicked.connect(self._clicked)
        grid.hovered.connect(self._hovered)
        grid.edit_wished.connect(lambda: self.wished.emit("edit.selection"))
        self._bars.clicked.connect(lambda index: self._bar_clicked(index))
        return self._lay_out_body()

    def show_trace(self, trace: Trace) -> None:
        """Another memory: what there is to draw, and the orders that it can stand in."""
        if self._order.parent() is None:
            self.frame.add_to_header(self._order)
        if self._growing is None or self._growing.trace is not trace:
            self._growing = growing_of(trace)
            self._kept = _kept(self._growing) if self._growing is not None else KeptPaths(None, None)
        if self._growing is None:
            return
        self._order.offer(tuple(ORDER_NAMES[order] for order in self._growing.orders()))
        self._sheet.grid.set_kept(self._kept, trace, self._growing.slots)
        self.frame.set_lifetime("persistent")
        self._place_detail()

    def show_step(self, trace: Trace, step: int) -> None:
        """The slots that are there now, in the chosen order."""
        growing = self._growing
        if growing is None:
            return
        orders, text = growing.orders(), self._search.text()
        self._listed = growing.listed(step, orders[min(self._order.index, len(orders) - 1)], text)
        empty = f"No slot fits “{text.strip()}”. Try: {EXAMPLES}." if text.strip() else "Nothing has been stored yet."
        self._sheet.grid.show_slots(self._listed, empty)
        self._count.setText(count_in_words(growing, step, len(self._listed), bool(text.strip())))

    def show_marks(self, trace: Trace) -> None:
        """What is retrieved, written, chosen and hovered; and the chosen slot large."""
        growing = self._growing
        if growing is None:
            return
        lens, step = self.state.lens, self.step
        retrieved = growing.retrieved(step).tolist()
        ranks = {slot: place for place, slot in enumerate(retrieved, start=1)}
        over = self.of_this_side(lens.hover).slots
        self._sheet.grid.set_marks(ranks, growing.stored(step), self._chosen, over[0] if over else -1)
        self._show_slot(growing, step)
        self._show_bars(growing, step, retrieved)

    def technical(self) -> str:
        """ "after sample 512"."""
        growing = self._growing
        if growing is None:
            return self.card.technical
        trace = growing.trace
        return f"after sample {trace.sample_at(self.step) + 1:,}" if trace.samples else f"after step {self.step + 1:,}"

    def in_words(self, trace: Trace, step: int) -> str:
        """How many slots there are, which are retrieved, and the story of the chosen one."""
        growing = self._growing
        if growing is None:
            return ""
        told = [f"{count_in_words(growing, step, len(self._listed), False)}."]
        retrieved = growing.retrieved(step).tolist()
        if retrieved:
            told.append(f"Retrieved here: slot{'s' if len(retrieved) > 1 else ''} {', '.join(map(str, retrieved[:_MOST_BARS]))}.")
        slot = self._shown_slot(growing, step)
        if slot >= 0:
            known = growing.slot(slot, step)
            told.append(f"{title_of(known)}: {story_of_slot(growing, known)}")
        return " ".join(told)

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each slot that is listed, in the order in which they stand."""
        growing = self._growing
        if growing is None:
            return [], []
        rows: list[list[object]] = []
        for slot in self._listed[:MOST_ROWS].tolist():
            known = growing.slot(slot, step)
            born = "before" if known.born is None else trace.sample_at(known.born) + 1 if trace.samples else known.born + 1
            numbers = (known.written, known.sample, known.reads, known.best)
            rows.append([slot, known.sort, born, *("" if n is None else n for n in numbers), known.likeness, known.rank or ""])
        return [
            "slot", "sort", "stored at", "of all presented", "training set no.", "times retrieved", "times best", "likeness now",
            "rank",
        ], rows  # fmt: skip

    def enter(self) -> None:
        """The arrows walk from slot to slot."""
        self._sheet.grid.enter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc in the search line takes the search back, and gives the keyboard to the pane."""
        if watched is self._search and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._search.clear()
                self.frame.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().eventFilter(watched, event)

    # ---- the inside ----

    @property
    def _chosen(self) -> tuple[int, ...]:
        return self.of_this_side(self.state.lens.selection).slots

    def _shown_slot(self, growing: Growing, step: int) -> int:
        """The chosen slot; else the one most alike, or the one that is written now."""
        chosen = self._chosen
        if chosen and chosen[0] < growing.slots:
            return chosen[0]
        retrieved = growing.retrieved(step)
        return int(retrieved[0]) if len(retrieved) else growing.stored(step)

    def _show_slot(self, growing: Growing, step: int) -> None:
        slot = self._shown_slot(growing, step)
        known = growing.slot(slot, step) if slot >= 0 else None
        if known is None:
            self._large.show_slot(self._kept, 0, "Click a slot to see it large.")
        elif not known.is_there and not known.rank:
            self._large.show_slot(self._kept, slot, "There is no such slot after this sample.")
        else:
            self._large.show_slot(self._kept, slot, has_decoded=growing.decoded is not None)
        self._title.setText(title_of(known) if known is not None else "")
        self._story.setText(story_of_slot(growing, known) if known is not None else "")

    def _show_bars(self, growing: Growing, step: int, retrieved: list[int]) -> None:
        alike = growing.likenesses(step)
        chosen = self._chosen
        shown = retrieved[:_MOST_BARS] if alike is not None and (self._has_bars or not self.isVisible()) else []
        rows = [
            Bar(name=f"slot {slot}", value=float(alike[slot]), text=_three(float(alike[slot])), is_chosen=slot in chosen)
            for slot in shown
            if alike is not None
        ]
        self._bars.show_bars(rows)
        self._ranked.setVisible(bool(rows))
        self._bars.setVisible(bool(rows))

    def _selection(self, slot: int) -> Selection:
        memory = self._growing.memory if self._growing is not None else ""
        return Selection(side=self.side.name, channel=memory, slots=(slot,))

    def _clicked(self, slot: int, modifiers: Qt.KeyboardModifier) -> None:
        if not self.is_behind:
            self.choose(self._selection(slot), modifiers)

    def _bar_clicked(self, index: int) -> None:
        growing = self._growing
        if growing is not None and not self.is_behind:
            slot = int(growing.retrieved(self.step)[index])
            self._sheet.grid.show_slot(slot)
            self.choose(self._selection(slot), self.modifiers)

    def _hovered(self, slot: int) -> None:
        growing = self._growing
        if slot < 0 or growing is None or self.is_behind or self.step >= growing.trace.steps:
            self.point(None)
            return
        known = growing.slot(slot, self.step)
        alike = f", likeness {_three(known.likeness)}" if np.isfinite(known.likeness) else ""
        self.point(self._selection(slot), title_of(known).lower() + alike)

    def _order_chosen(self) -> None:
        self._sheet.grid.scroll_to(0)
        self.invalidate(Stale.STEP)

    def _make_search(self) -> None:
        self._search.setPlaceholderText(f"Search: {EXAMPLES}")
        self._search.setAccessibleName("Search the slots of the memory")
        self._search.setToolTip(
            f"Words of what was kept, or: {EXAMPLES}, number 12–40 (of the training set), retrieved 3–9, best 2+"
        )
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(lambda _: self._order_chosen())
        self._search.installEventFilter(self)
        self._count.setProperty("tone", "muted")
        self._count.setFont(sized(self, 12))

    def _lay_out_body(self) -> QWidget:
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 4, 0)
        top.setSpacing(10)
        top.addWidget(self._search, 1)
        top.addWidget(self._count)
        self._detail, words = QWidget(), QWidget()
        told = QVBoxLayout(words)
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(6)
        for widget in (self._title, self._story, self._ranked, self._bars):
            told.addWidget(widget)
        told.addStretch(1)
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._detail)
        self._halves.setContentsMargins(0, 0, 4, 0)
        self._halves.setSpacing(10)
        self._halves.addWidget(self._large, 1)
        self._halves.addWidget(words)
        body, lower = QWidget(), QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, lower)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(14)
        self._row.addWidget(self._sheet, 1)
        self._row.addWidget(self._detail)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(lower, 1)
        return body

    def _place_detail(self) -> None:
        """The chosen slot stands beside the grid, below it, or nowhere, as there is room."""
        scale = unit(self)
        is_beside = self.width() >= ROOM_BESIDE * scale
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._row.setDirection(across if is_beside else down)
        self._halves.setDirection(down if is_beside else across)
        self._halves.setStretch(1, int(not is_beside))
        self._detail.setVisible(self.height() >= (ROOM_AT_ALL if is_beside else ROOM_BELOW) * scale)
        wide = round(max(DETAIL * scale, self.width() * 0.34)) if is_beside else 16_777_215
        self._detail.setMaximumSize(wide, 16_777_215 if is_beside else round(BELOW * scale))
        self._detail.setMinimumSize(wide if is_beside else 0, 0 if is_beside else round(BELOW * scale))
        self._has_bars = is_beside and self.height() >= ROOM_FOR_BARS * scale


def _kept(growing: Growing) -> Kept:
    """What there is to draw of each slot; it is the same at every step."""

    def of(channel: Channel | None) -> Array | None:
        return None if channel is None else growing.trace.arrays[channel.name][-1]

    first = growing.past or growing.truth
    if first is not None and first.kind == "image":
        return KeptPictures(of(growing.past), of(growing.truth))
    return KeptPaths(of(growing.past), of(growing.truth), of(growing.decoded))


def _three(value: float) -> str:
    return f"{value:.3f}".replace("-", "\N{MINUS SIGN}")
