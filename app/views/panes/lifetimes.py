"""How long does each memory live? A bar for whatever lies in a slot, from its write to its end; ticks where it is read."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.plots.axes import Axis, step_axis
from app.plots.curve import CurvePlot, Line
from app.plots.lifetimes import LifeBars, LifetimesPlot
from app.state.lens import Selection
from app.state.lifetimes import lives_of, memory_channels
from app.state.lifetimes_words import ORDER_NAMES, growth_in_words, kinds_in_words, span_in_words, step_in_words
from app.state.lives import FATES, ORDERS, Lives, Numbers, Order
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.views.panes.choice import Choice
from app.views.panes.over_steps import show_first_rows
from app.widgets.tokens import sized, unit
from engine.contract.trace import Trace

NAMES_SHARE = 0.45
"""How much of the pane's width the texts of the slots may take."""
ROOM_FOR_COUNT, ROOM_FOR_KINDS = 330, 230
"""Heights of a pane from which there is room for the count of full slots, and for the sentence on the kinds of memory."""
_COUNT_HEIGHT = 78
MANY = 64
"""Of so many used slots of a persistent memory, those that are read stand first; a double click shows the others too."""
_FEWEST = 12
MOST_ROWS = 5000
"""Of a larger memory only the slots that the episode reads or writes are drawn: of the others a bar would say nothing."""


class Lifetimes(PaneView):
    """Slots by steps, the lives of one memory as bars; below, how many slots are full."""

    ABSENT = "This model keeps nothing from one step to the next."
    SHOWS_DIFFERENCE = False
    WISH = 400
    HELP = PaneHelp(
        what_you_see="A row is a slot that was ever used, a column is a step. A bar begins where something is written into the "
        "slot and ends where something else takes its place, where it is erased, or where the memory is wiped (the bracket). "
        "The thicker and darker, the stronger. A tick is a read. A bar that points out at the left was there before the first "
        "step; at the right, it stays. The curve below counts full slots.",
        what_to_look_for="Bars that all stop at one bracket: episodic memory, good for this episode only. Bars that run through: "
        "persistent memory. Long bars without a tick: kept, but never needed. Short ones in one row: a slot that is used again "
        "and again. Order the rows by age, by last read or by number of reads.",
        formula="A bar begins where the slot's content is known to change; else where a write head's weighting × the length of "
        "what it changes is at least a quarter of the strongest one. It counts as read where some head, hop or layer gives the "
        "slot at least 0.25.",
        what_it_does_not_show="Weak writes and weak reads, and whether a read mattered for the answer. Recurrent units are "
        "changed a little by every step; their bars say only that the state lives as long as the episode.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The bars, the count below them, the sentence on the kinds of memory; two choices for the header."""
        self._plot, self._count, self._kinds = LifetimesPlot(self.colours), CurvePlot(self.colours), QLabel(wordWrap=True)
        self._kinds.setProperty("tone", "muted")
        self._kinds.setFont(sized(self, 11.5))
        self._bank, self._order = Choice("Which memory"), Choice("In which order the rows stand")
        self._bank.chosen.connect(lambda _: self._trace_changed())
        self._order.chosen.connect(self._order_chosen)
        self._has_chosen = False
        self._plot.clicked.connect(self._clicked)
        self._plot.dragged.connect(self._dragged)
        self._plot.hovered.connect(self._hovered)
        self._count.clicked.connect(self._count_clicked)
        self._lives: Lives | None = None
        self._rows: Numbers = np.zeros(0, int)
        self._known: tuple[object, str] = (None, "")
        self._drawn: tuple[object, ...] = ()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._plot, 1)
        column.addWidget(self._count)
        column.addWidget(self._kinds)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Find the lives of the chosen memory, and draw them in the chosen order."""
        if self._bank.parent() is None:
            self.frame.add_to_header(self._bank)
            self.frame.add_to_header(self._order)
        self._bank.offer(tuple(channel.title for channel in self.channels))
        memory = self.channels[min(self._bank.index, len(self.channels) - 1)]
        if self._known != (trace, memory.name) or self._lives is None:
            self._known, self._lives = (trace, memory.name), lives_of(trace, memory)
        lives = self._lives
        self._order.offer(tuple(ORDER_NAMES[order] for order in ORDERS if lives.read_by or order in ("slot", "age")))
        if not self._has_chosen:
            self._order.choose(ORDERS.index(_first_order(lives)))
        self._rows = _worth_a_row(lives, lives.ordered(ORDERS[self._order.index]))
        self.frame.set_lifetime("plain" if lives.lifetime == "step" else lives.lifetime)
        self._draw(lives)
        self._draw_count(lives)
        left_out = len(lives.used) - len(self._rows)
        others = f" {left_out:,} slots that this episode leaves alone are not drawn." if left_out else ""
        self._kinds.setText(f"Thick and dark: {lives.strength_is}. {kinds_in_words(memory_channels(trace))}{others}")
        self._kinds.setVisible(not self.isVisible() or self.height() >= ROOM_FOR_KINDS * unit(self))

    def show_step(self, trace: Trace, step: int) -> None:
        """Move the cursor."""
        for plot in (self._plot, self._count):
            plot.set_cursor(step if step < trace.steps else None)

    def show_marks(self, trace: Trace) -> None:
        """Outline the rows of the chosen slots, and of what is hovered anywhere."""
        chosen, hover = self.state.lens.selection, self.state.lens.hover
        self._plot.set_selected_cells(tuple((row, -1) for row in self._rows_of(chosen)))
        over = self._rows_of(hover) if hover is not None else []
        self._plot.set_hovered(over[0] if over else -1, -1)

    def technical(self) -> str:
        """ "Lifetimes · memory · 22 of 128 slots"."""
        if self._lives is None:
            return self.card.technical
        lives = self._lives
        used = (
            f"{len(lives.used)} of {lives.slots} {lives.each}s"
            if len(lives.used) < lives.slots
            else f"{lives.slots} {lives.each}s"
        )
        return f"{self.card.technical} · {lives.title} · {used}"

    def in_words(self, trace: Trace, step: int) -> str:
        """What happens at this step, how the memory filled, and what kinds of memory there are."""
        if self._lives is None:
            return ""
        kinds = kinds_in_words(memory_channels(trace))
        return f"{step_in_words(self._lives, step)} Over the episode: {growth_in_words(self._lives)} {kinds}"

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each life, in the order of the slots."""
        if self._lives is None:
            return [], []
        lives = self._lives
        rows: list[list[object]] = []
        for index in range(lives.count):
            span = lives.span(index)
            begun = "before" if span.is_older else span.first + 1
            rows.append([span.slot, span.holds, begun, span.last + 1, span.steps, span.fate, span.strength, span.reads])
        return [lives.each, "holds", "written at step", "last step", "steps", "then", "strength of the write", "reads"], rows

    def enter(self) -> None:
        """The arrows walk from slot to slot and from step to step."""
        self._plot.enter()

    # ---- the inside ----

    def _draw(self, lives: Lives) -> None:
        names, has_texts = self._names(lives)
        self._plot.set_axes(step_axis(), Axis(title="" if has_texts else lives.each, names=names))
        shown = self._rows_shown(lives)
        in_view = shown or len(self._rows)
        self._plot.set_scale(0, 1, "ramp", badge=f"{in_view:,} of {len(lives.used):,} rows" if in_view < len(lives.used) else "")
        key = (lives, self._order.index, has_texts)
        if self._drawn == key:
            return
        self._drawn = key
        is_wiped = lives.lifetime == "episode"
        self._plot.set_ends(lives.ends, "wiped" if is_wiped else "episode ends", is_wiped)
        place = np.full(lives.slots, -1)
        place[self._rows] = np.arange(len(self._rows))
        drawn = np.flatnonzero(place[lives.slot] >= 0)
        order = drawn[np.lexsort((lives.first[drawn], place[lives.slot[drawn]]))]
        bars = LifeBars(
            row=place[lives.slot][order], first=np.maximum(lives.first, 0)[order], last=lives.last[order],
            older=(lives.first < 0)[order], stays=(lives.fate == FATES.index("kept"))[order],
            texts=() if has_texts or not lives.labels else tuple(self._label(lives, int(t)) for t in lives.token[order]),
        )  # fmt: skip
        seen = place[lives.read_slot] >= 0
        self._plot.show_lives(lives.strengths(self._rows), bars, (place[lives.read_slot[seen]], lives.read_step[seen]))
        show_first_rows(self._plot, shown)

    def _rows_shown(self, lives: Lives) -> int:
        """Of many slots ordered by their reads, the picture begins with those that are read or written here; 0 shows all."""
        if ORDERS[self._order.index] not in ("last read", "reads") or len(self._rows) < MANY:
            return 0
        last = int(np.flatnonzero(np.isin(self._rows, lives.touched)).max(initial=0)) + 1
        shown = max(last, _FEWEST)
        return shown if shown < 0.75 * len(self._rows) else 0

    def _draw_count(self, lives: Lives) -> None:
        """How many slots are full, as stairs; left out where it is the same at all steps."""
        held = lives.occupied
        has_room = not self.isVisible() or self.height() >= ROOM_FOR_COUNT * unit(self)
        self._count.setVisible(has_room and lives.each == "slot" and len(held) > 1 and bool(held.min() < held.max()))
        self._count.setFixedHeight(round(_COUNT_HEIGHT * unit(self)))
        edges = np.repeat(np.arange(lives.steps + 1) - 0.5, 2)[1:-1]
        self._count.set_axes(Axis(title="", base=1, binary=False), f"full {lives.each}s")
        self._count.set_x_limits(-0.5, lives.steps - 0.5)
        self._count.set_limits(0, max(int(held.max()), 1))
        self._count.show_lines([Line(x=edges, y=np.repeat(held, 2))])
        left, _, right, _ = self._plot.margins()
        self._count.set_x_inset(left, right)

    def _names(self, lives: Lives) -> tuple[tuple[str, ...], bool]:
        """What stands at the left of each row: its number, and its text where every slot held one thing only."""
        if lives.parts > 1:
            each = lives.slots // lives.parts
            return tuple(f"{row // each + 1}:{row % each}" for row in self._rows.tolist()), False
        if not lives.labels or lives.count > len(lives.used) or max(map(len, lives.labels), default=0) < 12:
            return tuple(map(str, self._rows.tolist())), False
        metrics, room = QFontMetrics(self._plot.face()), round(self.width() * NAMES_SHARE)
        held = dict(zip(lives.slot.tolist(), lives.token.tolist(), strict=True))
        texts = [f"{self._label(lives, held[slot])}  {slot}" for slot in self._rows.tolist()]
        return tuple(metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room) for text in texts), True

    def _label(self, lives: Lives, token: int) -> str:
        return lives.labels[token] if 0 <= token < len(lives.labels) else ""

    def _rows_of(self, selection: Selection) -> list[int]:
        """The rows that a selection means here."""
        lives = self._lives
        if lives is None:
            return []
        wanted: tuple[int, ...] = selection.slots
        if lives.each == "unit":
            here = selection.channel == lives.channel and selection.unit >= 0
            wanted = (max(selection.layer, 0) * (lives.slots // lives.parts) + selection.unit,) if here else ()
        return [int(row) for slot in wanted for row in np.flatnonzero(self._rows == slot)]

    def _selection(self, row: int) -> Selection | None:
        lives = self._lives
        if lives is None or not 0 <= row < len(self._rows):
            return None
        slot = int(self._rows[row])
        if lives.each == "slot":
            return Selection(side=self.side.name, channel=lives.channel, slots=(slot,))
        layer, number = divmod(slot, lives.slots // lives.parts)
        has_layers = self.channels[0].axes[:1] == ("layer",)
        return Selection(side=self.side.name, channel=lives.channel, layer=layer if has_layers else -1, unit=number)

    def _clicked(self, row: int, step: int, modifiers: Qt.KeyboardModifier) -> None:
        chosen = self._selection(row)
        if chosen is not None and not self.is_behind:
            self.choose(chosen, modifiers, step)

    def _dragged(self, first: int, _from: int, last: int, _to: int) -> None:
        if self._lives is None or self._lives.each != "slot" or first == last or self.is_behind:
            return
        low, high = sorted((first, last))
        slots = tuple(sorted(self._rows[low : high + 1].tolist()))
        self.state.lens.show(Selection(side=self.side.name, channel=self._lives.channel, slots=slots))

    def _hovered(self, row: int, step: int) -> None:
        over = self._selection(row) if not self.is_behind else None
        if over is None or self._lives is None:
            self.point(None)
            return
        slot = int(self._rows[row])
        span = self._lives.at(slot, step)
        self.point(
            over, span_in_words(span, self._lives.each) if span is not None else f"{self._lives.each} {slot} is empty here"
        )

    def _order_chosen(self, _index: int) -> None:
        self._has_chosen = True
        self._trace_changed()

    def _count_clicked(self, place: float) -> None:
        self.go_to(max(round(place), 0))
        self.activated.emit()


def _worth_a_row(lives: Lives, slots: Numbers) -> Numbers:
    """The slots that are drawn, of those that hold something at some step."""
    return slots if len(slots) <= MOST_ROWS else slots[np.isin(slots, lives.touched)][:MOST_ROWS]


def _first_order(lives: Lives) -> Order:
    """Slot by slot; of a large memory that was full before, what is read first."""
    is_full = lives.lifetime == "persistent" and len(lives.used) >= MANY
    return "reads" if is_full and len(lives.read_slot) else "slot"
