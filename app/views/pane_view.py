"""What every pane has in common: header, help, menu, empty states, and when it draws anew."""

from enum import Flag, auto

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.plots.themed import Themed
from app.state.app_state import AppState
from app.state.lens import Selection
from app.state.panes import PaneCard
from app.state.side import Side
from app.views.pane_corner import HelpCorner, PaneHelp, open_menu
from app.views.reading import Reading
from app.widgets.pane_frame import PaneFrame
from engine.contract.cards import Channel
from engine.contract.trace import Trace

Table = tuple[list[str], list[list[object]]]
"""Headers and rows of what a pane shows."""

_DESCRIBED_AFTER = 300
"""Milliseconds of rest after which screen readers are told what a pane shows."""


class Stale(Flag):
    """What of a pane no longer matches the state."""

    NOTHING = 0
    TRACE = auto()
    STEP = auto()
    MARKS = auto()


class PaneView(QWidget):
    """One pane of the stage. A subclass makes its plots once in `make_body` and fills them in three hooks:

    `show_trace` (another record or scale: upload), `show_step` (the cursor moved: cheap), `show_marks` (selection, hover, pins).
    State changes only note what is stale; everything is drawn once in the next turn of the event loop, and not while hidden.
    """

    wished = Signal(str)
    """The id of a command."""
    activated = Signal()
    """The reader works in this pane now."""

    HELP = PaneHelp(what_you_see="", what_to_look_for="", formula="", what_it_does_not_show="")
    ABSENT = "This model records nothing that answers this question."
    NEEDS_STEP = False
    """Whether there is nothing to see at a step that this side's episode does not have."""
    SHOWS_DIFFERENCE = True
    """Whether side B becomes B - A in the difference view."""
    LEAST_HIGH = 150
    """Below this height the pane says nothing any more: its rows are scrolled instead."""
    WISH = 240
    """The width in which the pane is read well."""

    def __init__(self, state: AppState, side: Side, card: PaneCard, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state, self.side, self.card, self.colours = state, side, card, palette
        self.reading = Reading(state, side, self.SHOWS_DIFFERENCE)
        self.channels: list[Channel] = []
        self._stale = Stale.TRACE
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self.settle)
        self._rest = QTimer(self, singleShot=True, interval=_DESCRIBED_AFTER)
        self._rest.timeout.connect(self._describe)
        self.setObjectName(f"pane-{card.name}-{side.name}")
        self.setAccessibleName(f"{card.question} ({card.technical}, side {side.name})")
        self._lay_out()
        self._listen()

    # ---- what a subclass says ----

    def make_body(self) -> QWidget:
        """Make the plots, once."""
        return QWidget()

    def show_trace(self, trace: Trace) -> None:
        """Another record, another scale, or another mode of comparison."""

    def show_step(self, trace: Trace, step: int) -> None:
        """The cursor stands on another step or micro-step; `step` may lie beyond the end of this side's episode."""

    def show_marks(self, trace: Trace) -> None:
        """Another selection, hover or pin."""

    def nothing_at(self, trace: Trace, step: int) -> str:
        """Why there is nothing to see at this step of the episode, in one sentence; empty if there is."""
        return ""

    def technical(self) -> str:
        """What stands small beside the question."""
        return self.card.technical

    def in_words(self, trace: Trace, step: int) -> str:
        """What the pane shows at this step, for screen readers and the summary."""
        return ""

    def as_table(self, trace: Trace, step: int) -> Table:
        """What the pane shows at this step, as headers and rows."""
        return [], []

    def enter(self) -> None:
        """Let the arrow keys walk through the cells of this pane."""

    def of_this_side(self, chosen: Selection | None) -> Selection:
        """What is meant on this side by a selection: beside a memory of another model nothing, for its slots are other slots."""
        nothing = Selection(side=self.side.name)
        if chosen is None or chosen.side == self.side.name or self.state.comparison.mode == "single":
            return chosen or nothing
        models = [side.trace.card.model.id for side in (self.state.a, self.state.b) if side.trace is not None]
        return chosen if len(set(models)) < 2 else nothing

    @property
    def least_high(self) -> int:
        """The height that the pane needs at least now."""
        return self.LEAST_HIGH

    @property
    def wish(self) -> int:
        """The width that the pane wishes for now."""
        return self.WISH

    # ---- what others ask ----

    @property
    def help(self) -> PaneHelp:
        """How to read the pane."""
        return self.HELP

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours."""
        self.colours = palette
        for plot in self.findChildren(QWidget):
            if isinstance(plot, Themed):
                plot.set_palette(palette)
        self.invalidate(Stale.TRACE)

    def summary(self) -> str:
        """What the pane shows, in a sentence or two."""
        self.settle()
        trace = self.side.trace
        if self._why_empty() or trace is None:
            return self._why_empty()
        ended = "" if self.step < trace.steps else f"The episode on side {self.side.name} ended at step {trace.steps}. "
        return f"{self.card.question} {ended}{self.in_words(trace, min(self.step, trace.steps - 1))}"

    def table(self) -> Table:
        """What the pane shows, for a file of comma-separated values; empty while there is nothing to see."""
        self.settle()
        trace = self.side.trace
        return ([], []) if self._why_empty() or trace is None else self.as_table(trace, min(self.step, trace.steps - 1))

    def invalidate(self, what: Stale) -> None:
        """Draw this anew in the next turn of the event loop; a hidden pane waits until it is seen."""
        self._stale |= what
        if self.isVisible() and not self._turn.isActive():
            self._turn.start()

    def settle(self) -> None:
        """Draw what is stale now. Exports call it for panes that are on no screen."""
        stale, self._stale = self._stale, Stale.NOTHING
        if not stale:
            return
        trace = self.side.trace
        if stale & Stale.TRACE:
            self.channels = self.card.pick(trace) if trace else []
        reason = self._why_empty()
        self._say(reason)
        if reason or trace is None:
            self._stale |= Stale.TRACE & stale
            return
        if stale & Stale.TRACE:
            self.show_trace(trace)
        if stale & (Stale.TRACE | Stale.STEP):
            self.show_step(trace, self.step)
        self.show_marks(trace)
        self.frame.set_technical(self.technical())
        self._rest.start()

    def close_down(self) -> None:
        """Listen no more: the pane leaves the stage."""
        for signal, slot in self._ears:
            signal.disconnect(slot, missing_ok=True)
        self._turn.stop()
        self._rest.stop()
        self.corner.close()

    def explain(self) -> None:
        """Open "How to read this", or close it."""
        self.corner.toggle()

    # ---- what subclasses use ----

    @property
    def step(self) -> int:
        """Where the reader stands, in this side's own steps."""
        return self.state.comparison.step_of(self.side, self.state.playback.step)

    @property
    def is_behind(self) -> bool:
        """Whether the picture is still that of another trace: what the pointer meets there means nothing now."""
        return bool(self._stale & Stale.TRACE)

    @property
    def is_difference(self) -> bool:
        """Whether the pane shows B - A."""
        return self.reading.is_difference

    def choose(self, selection: Selection, modifiers: Qt.KeyboardModifier, step: int | None = None) -> None:
        """A click: select (with Ctrl, add a slot), and stand on the clicked step of this side; one step of Back undoes both."""
        here, lens = self.state.explorer.here, self.state.lens
        step = self._on_the_clock(step) if step is not None else None
        if modifiers & Qt.KeyboardModifier.ControlModifier and len(selection.slots) == 1:
            lens.toggle_slot(selection.slots[0], here)
            return
        moves = step is not None and step != here.step
        if selection != lens.selection:
            lens.select(selection, here)
        elif moves:
            lens.leave(here)
        if moves and step is not None:
            self.state.playback.pause()
            self.state.playback.go_to(step)
        self.activated.emit()

    def go_to(self, step: int, micro: int | None = None) -> None:
        """Stand on a step of this side's own; play stops."""
        self.state.playback.pause()
        self.state.playback.go_to(self._on_the_clock(step), micro)

    def _on_the_clock(self, step: int) -> int:
        return self.state.comparison.clock_at(self.side, step, self.state.playback.step)

    @property
    def modifiers(self) -> Qt.KeyboardModifier:
        return QGuiApplication.keyboardModifiers()

    def point(self, selection: Selection | None, says: str = "") -> None:
        """The pointer is over this."""
        self.state.lens.point_at(selection, says)

    # ---- the inside ----

    def _lay_out(self) -> None:
        self.frame = PaneFrame(self.card.question, self.card.technical, self)
        self.frame.setAccessibleName(self.accessibleName())
        self._body = self.make_body()
        self._sentence = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._sentence.setProperty("tone", "muted")
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self._body)
        self._stack.addWidget(self._sentence)
        self.frame.set_body(holder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.corner = HelpCorner(self, self.frame, self.card.question, self.HELP)
        self.frame.help_wanted.connect(self.explain)
        self.frame.menu_wanted.connect(self._open_menu)
        self.frame.activated.connect(self.activated)
        self.frame.entered.connect(self.enter)
        self.frame.enlarge_wanted.connect(lambda: self.state.stage.enlarge(self.card.name))

    def _listen(self) -> None:
        state = self.state
        self._ears = [
            (state.a.trace_changed, self._trace_changed),
            (state.b.trace_changed, self._trace_changed),
            (self.side.changed, self._trace_changed),
            (state.comparison.changed, self._trace_changed),
            (state.playback.changed, self._step_changed),
            (state.lens.changed, self._marks_changed),
            (state.lens.hovered, self._marks_changed),
        ]
        for signal, slot in self._ears:
            signal.connect(slot)

    def _trace_changed(self) -> None:
        self.invalidate(Stale.TRACE)

    def _step_changed(self) -> None:
        self.invalidate(Stale.STEP)

    def _marks_changed(self) -> None:
        self.invalidate(Stale.MARKS)

    def _why_empty(self) -> str:
        trace = self.side.trace
        if trace is None:
            return "Recording this episode …" if self.side.is_waiting else self.side.refusal or "Nothing is open on this side."
        if not self.channels:
            return self.ABSENT
        if refusal := self.reading.refusal(self.channels):
            return refusal
        if self.NEEDS_STEP and self.step >= trace.steps:
            return f"The episode on side {self.side.name} ended at step {trace.steps}."
        return self.nothing_at(trace, self.step) if self.step < trace.steps else ""

    def _say(self, sentence: str) -> None:
        if sentence:
            self._sentence.setText(sentence)
            self.frame.set_technical(self.card.technical)
        self._stack.setCurrentWidget(self._sentence if sentence else self._body)

    def _describe(self) -> None:
        self.frame.setAccessibleDescription(self.summary())

    def _open_menu(self, place: QPoint) -> None:
        open_menu(self, self.card, self.state.stage, self._wish, self.copy_table, place)

    def copy_table(self) -> None:
        """Put the data on the clipboard, one line a row, tabs between columns."""
        headers, rows = self.table()
        lines = ["\t".join(headers), *("\t".join(str(cell) for cell in row) for row in rows)]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _wish(self, command: str) -> None:
        self.activated.emit()
        self.wished.emit(command)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt tells of another size: what fits may be more or less."""
        super().resizeEvent(event)
        self.invalidate(Stale.TRACE)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt shows the pane: draw what was left while it was hidden."""
        super().showEvent(event)
        self.settle()
