"""The stage: the tape above, one to six panes below, or two sides of them, and panes of both; one pane may fill it."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.state.app_state import AppState
from app.state.panes import beside, pane, parted
from app.state.side import Side
from app.state.stream import has_lane_of_samples
from app.views.compare_strip import CompareStrip, EmptySide, SideLine
from app.views.pane_registry import PANE_VIEWS
from app.views.pane_view import PaneView
from app.views.panes.over_samples import OverSamples
from app.views.panes.over_steps import OverSteps
from app.views.panes.tape import Tape, has_same_questions
from app.views.shared_scale import insets
from app.views.stage_grid import GAP, LEAST_HIGH, StageGrid
from app.widgets.tokens import unit

TAPE = "Tape"
_TAPE_HEIGHT, _SHORT_TAPE = 116, 72
_OF_A_SIDE, _OF_BOTH = 11, 5
_LEAST_OF_BOTH = 110
"""Pixels in which a curve over samples can still be read."""
"""How the height is shared out between the panes of each side and those of both."""
_FRAME_LEFT, _FRAME_RIGHT = 11, 7
"""What a pane's frame keeps free beside its body."""


class StageView(QWidget):
    """Shows what `Stage`, `Comparison` and the sides say; makes panes once and updates them in place."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._colours = state, palette
        self._panes: dict[tuple[str, str], PaneView] = {}
        self._spoken_of: tuple[str, ...] = ()
        self._current: PaneView | None = None
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self.arrange)
        self._lay_out()
        for signal in (
            state.stage.changed, state.comparison.changed, state.a.changed, state.b.changed, state.what_if.changed,
            state.a.trace_changed, state.b.trace_changed,
        ):  # fmt: skip
            signal.connect(self._arrange_soon)
        self.arrange()

    # ---- what the window asks ----

    @property
    def current_pane(self) -> PaneView | None:
        """The pane that the reader works in; the first one before he chose any."""
        shown = self.shown_panes
        return self._current if self._current in shown else next(iter(shown[1:] or shown), None)

    @property
    def shown_panes(self) -> list[PaneView]:
        """Every pane that is seen now: the tapes first, then A's, then B's."""
        tapes = [p for (_, name), p in self._panes.items() if name == TAPE and not p.isHidden()]
        grids = [*self._grids["A"].panes, *(self._grids["B"].panes if not self._half_b.isHidden() else [])]
        return [*tapes, *grids, *(self._both.panes if not self._both.isHidden() else [])]

    def pane(self, name: str, side: str = "A") -> PaneView | None:
        """The pane of this name on a side, if it stands on the stage."""
        found = self._panes.get((side, name))
        return found if found in self.shown_panes else None

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours."""
        self._colours = palette
        for each in self._panes.values():
            each.set_palette(palette)

    def focus_pane(self, direction: int) -> None:
        """Give the keyboard to the next (1) or previous (-1) pane."""
        shown = self.shown_panes
        if shown:
            focused = next((i for i, p in enumerate(shown) if p.isAncestorOf(self.focusWidget() or self)), None)
            start = shown.index(self._current) if self._current in shown else -1 if direction > 0 else 0
            place = ((focused if focused is not None else start) + direction) % len(shown)
            shown[place].frame.setFocus(Qt.FocusReason.TabFocusReason)
            self._make_current(shown[place])

    def explain_pane(self) -> None:
        """Open "How to read this" of the current pane, or close it."""
        if self.current_pane is not None:
            self.current_pane.explain()

    def speak_of(self, names: tuple[str, ...]) -> None:
        """Mark the panes that the lesson speaks of, now and whenever they come to the stage."""
        self._spoken_of = names
        self._mark_spoken_of()

    def settle(self) -> None:
        """Draw whatever is stale now, seen or not: for exports and tests."""
        self.arrange()
        for each in self.shown_panes:
            each.settle()

    def summary(self) -> str:
        """The whole stage in words."""
        return " ".join(each.summary() for each in self.shown_panes)

    # ---- the inside ----

    def _lay_out(self) -> None:
        self._tapes = QVBoxLayout()
        self._tapes.setSpacing(GAP)
        self._strip = CompareStrip(self._state)
        self._lines = {side.name: SideLine(self._state, side) for side in (self._state.a, self._state.b)}
        self._grids = {"A": StageGrid(), "B": StageGrid()}
        self._both = StageGrid()
        self._both.least_high = _LEAST_OF_BOTH
        self._both.hide()
        self._scroll_together()
        self._empty = EmptySide(self._state)
        self._sentence = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._sentence.setProperty("tone", "muted")
        self._half_a, self._half_b = self._half("A"), self._half("B")
        lines, halves = QHBoxLayout(), QHBoxLayout()
        for row in (lines, halves):
            row.setSpacing(2 * GAP)
        for line in self._lines.values():
            lines.addWidget(line, 1)
        halves.addWidget(self._half_a, 1)
        halves.addWidget(self._half_b, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addLayout(self._tapes)
        column.addWidget(self._strip)
        column.addLayout(lines)
        column.addLayout(halves, _OF_A_SIDE)
        column.addWidget(self._both, _OF_BOTH)
        column.addWidget(self._sentence, _OF_A_SIDE)
        for source in (self._strip, self._empty):
            source.wished.connect(self.wished)

    def _scroll_together(self) -> None:
        one, other = (grid.verticalScrollBar() for grid in self._grids.values())
        one.valueChanged.connect(other.setValue)
        other.valueChanged.connect(one.setValue)

    def _half(self, name: str) -> QWidget:
        half = QWidget()
        column = QVBoxLayout(half)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._grids[name], 1)
        if name == "B":
            column.addWidget(self._empty, 1)
        return half

    def _arrange_soon(self) -> None:
        if not self._turn.isActive():
            self._turn.start()

    def arrange(self) -> None:
        """Make the stage look as the state says."""
        state, stage = self._state, self._state.stage
        is_split = state.comparison.mode != "single"
        has_b = is_split and (state.b.trace is not None or state.b.is_waiting)
        self._show_tapes(has_b)
        names = (stage.large,) if stage.large else stage.panes
        names, others, both = self._parted(names)
        self._drop({*stage.panes, *others, *both})
        for grid, count in ((self._grids["A"], len(names)), (self._grids["B"], len(others))):
            grid.most_rows = 1 if both and count <= 2 else 0  # a memory stands beside the picture of what it foresees
            grid.least_high = LEAST_HIGH if grid.most_rows else 0
        self._grids["A"].show_panes([self._made(state.a, name) for name in names])
        self._grids["B"].show_panes([self._made(state.b, name) for name in others] if has_b else [])
        self._both.show_panes([self._made(self._side_of(name), name) for name in both])
        self._both.setVisible(bool(both))
        self._sentence.setVisible(not names and not both)
        self._sentence.setText(self._why_empty())
        self._half_a.setVisible(bool(names))
        self._half_b.setVisible(bool(names or others) and is_split)
        self._strip.setVisible(is_split)
        self._empty.setVisible(not has_b)
        self._grids["B"].setVisible(has_b)
        for line in self._lines.values():
            line.setVisible(is_split)
        if is_split:
            self._strip.renew()
            self._empty.renew()
            for line in self._lines.values():
                line.renew()

    def _parted(self, names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Which panes stand on which side, and which show both sides in one picture."""
        comparison, a, b = self._state.comparison, self._state.a.trace, self._state.b.trace
        if self._state.stage.is_for_two and (a is None or b is None):
            return (), (), ()
        if comparison.mode != "split" or b is None:
            return names, names, ()
        if comparison.is_by_sample and a is not None:
            return parted(names, a, b)
        return names, beside(names, b), ()

    def _side_of(self, name: str) -> Side:
        """Of a picture of both sides, the one that it is made for: A, unless only B has what it shows."""
        a = self._state.a
        return a if a.trace is not None and pane(name).fits(a.trace) else self._state.b

    def _why_empty(self) -> str:
        side = self._state.a
        if self._state.stage.is_for_two and (side.is_waiting or self._state.b.is_waiting):
            return "Recording the stream on both sides …"
        if side.is_waiting:
            return "Recording the episode …"
        return side.refusal or "Nothing is open. Choose a model in the bar above, or a run or an exhibit at the left."

    def _show_tapes(self, has_b: bool) -> None:
        trace = self._state.a.trace
        has_a = trace is not None and not (has_lane_of_samples(trace) or self._state.comparison.is_by_sample)
        for side, is_shown in ((self._state.a, has_a), (self._state.b, has_a and has_b)):
            if is_shown or (side.name, TAPE) in self._panes:
                made = self._made(side, TAPE)
                made.setFixedHeight(self._tape_height(made, side, has_b))
                made.setVisible(is_shown)

    def _tape_height(self, tape: PaneView, side: Side, has_b: bool) -> int:
        if isinstance(tape, Tape) and tape.height_wished():
            return max(min(tape.height_wished(), self.height() // 3), round(_SHORT_TAPE * unit(self)))
        is_short = has_b and side is self._state.b and has_same_questions(self._state.a.trace, side.trace)
        return round((_SHORT_TAPE if is_short else _TAPE_HEIGHT) * unit(self))

    def _mark_spoken_of(self) -> None:
        for each in self._panes.values():
            each.frame.set_pointed_at(each.card.name in self._spoken_of)

    def _made(self, side: Side, name: str) -> PaneView:
        made = self._panes.get((side.name, name))
        if made is None:
            made = PANE_VIEWS[name](self._state, side, pane(name), self._colours, self)
            made.wished.connect(self.wished)
            made.activated.connect(lambda made=made: self._make_current(made))
            made.corner.stage = self
            self._panes[side.name, name] = made
            made.frame.set_pointed_at(name in self._spoken_of)
            if isinstance(made, OverSteps | OverSamples):
                made.keep_pixels()
            if isinstance(made, Tape):
                self._tapes.addWidget(made)
                made.height_changed.connect(self._arrange_soon)
                made.set_x_inset(*insets(self, _FRAME_LEFT, _FRAME_RIGHT))
        return made

    def _drop(self, names: set[str]) -> None:
        for key in [key for key in self._panes if key[1] not in (TAPE, *names)]:
            gone = self._panes.pop(key)
            gone.close_down()
            gone.hide()
            gone.deleteLater()
            self._current = None if self._current is gone else self._current

    def _make_current(self, chosen: PaneView) -> None:
        self._current = chosen
        for grid in self._grids.values():
            if chosen in grid.panes:
                grid.ensureWidgetVisible(chosen, 0, 0)
        for each in self._panes.values():
            each.frame.set_present(each is chosen)
