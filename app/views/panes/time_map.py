"""When was it learnt? Checkpoints down, steps across, one quantity as colour; the crosshair is both cursors."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.plots.axes import Axis, step_axis
from app.plots.margin_curve import MarginCurve
from app.plots.matrix_plot import MatrixPlot
from app.state.describe import number
from app.state.time_map import Grid, TimeMap
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.views.panes.choice import Choice
from engine.contract.trace import Trace

ROOM_FOR_MARGINS = 300
"""Pixels of height and width from which the curves at the margins leave enough to the map."""


class TimeMapPane(PaneView):
    """A matrix of checkpoints x steps that fills while a run trains, and the two curves that cross at the cursors."""

    HELP = PaneHelp(
        what_you_see="The same episode at every checkpoint of the training: a row for each checkpoint, the untrained network at "
        "the top and the newest at the bottom, a column for each step. The name in the header opens the list of quantities. The "
        "crosshair is where you stand: its row is also drawn as the curve above, its column as the curve at the right.",
        what_to_look_for="Where a column turns from wrong to right: before that row the network could not do this step. Steps "
        "that turn together were learnt together; a slanted edge means one step after the other. A click moves both cursors.",
        formula="Each row is one run of the episode with the weights of that checkpoint.",
        what_it_does_not_show="How the network does on other episodes. Rows are equally high, but the updates between two "
        "checkpoints are not equally many: read them at the left.",
    )
    ABSENT = "This episode records none of the numbers that a map could show."
    SHOWS_DIFFERENCE = False
    WISH = 320

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The map, and a curve at two of its sides."""
        self._plot = MatrixPlot(self.colours)
        self._row = MarginCurve(self.colours, self._plot, "above")
        self._column = MarginCurve(self.colours, self._plot, "right")
        self._plot.clicked.connect(self._clicked)
        self._plot.hovered.connect(self._hovered)
        self._choice = Choice("Which quantity")
        self._choice.chosen.connect(lambda _: self._trace_changed())
        self._grid: Grid | None = None
        self._map.changed.connect(self._trace_changed)
        self._map.watch()
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 2, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self._row, 0, 0)
        grid.addWidget(self._plot, 1, 0)
        grid.addWidget(self._column, 0, 1, 2, 1)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(0, 1)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Draw the rows that are there."""
        if self._choice.parent() is None:
            self.frame.add_to_header(self._choice)
        courses = self._map.courses
        self._choice.offer(tuple(course.title for course in courses))
        self._grid = self._map.grid(courses[self._choice.index].name) if courses else None
        if self._grid is None:
            return
        large = self.height() >= ROOM_FOR_MARGINS
        self._row.setVisible(large)
        self._column.setVisible(self.width() >= ROOM_FOR_MARGINS)
        names = tuple(f"{update:,}" for update in self._grid.updates)
        self._plot.set_axes(step_axis(), Axis(title="update", names=names))
        self._plot.set_scale(0.0, self._grid.top, unit=self._grid.course.unit)
        self._plot.show_values(self._grid.values)

    def show_step(self, trace: Trace, step: int) -> None:
        """The crosshair, and the curves that cross in it."""
        grid = self._grid
        if grid is None:
            return
        inside = min(step, grid.values.shape[1] - 1)
        row = self._row_of(trace.card.update)
        self._plot.set_cursor(inside)
        self._plot.set_row_cursor(row if row >= 0 else None)
        self._plot.set_selected(*((row, inside) if row >= 0 else (None, None)))
        nothing = np.full(grid.values.shape[1], np.nan, np.float32)
        at = f"at update {grid.updates[row]:,}" if row >= 0 else "no checkpoint is shown"
        self._row.show_curve(at, grid.values[row] if row >= 0 else nothing, grid.top, inside)
        self._column.show_curve(f"step {inside + 1}", grid.values[:, inside], grid.top, row)

    def nothing_at(self, trace: Trace, step: int) -> str:
        """Why there is no map (yet)."""
        if not self._map.updates:
            return "The checkpoints of this network are not on this computer: there is no training to look back at."
        if self._map.failure:
            return self._map.failure
        return "" if self._map.courses else "Running this episode at every checkpoint …"

    def technical(self) -> str:
        """ "Time map · 9 of 14 checkpoints" while it fills."""
        known, every = self._map.known, len(self._map.updates)
        return f"Time map · {known} of {every} checkpoints" if known < every else "Time map"

    def in_words(self, trace: Trace, step: int) -> str:
        """The value here, and where along the training it changed most at this step."""
        grid = self._grid
        if grid is None:
            return ""
        row, title = self._row_of(trace.card.update), grid.course.title
        column = grid.values[:, min(step, grid.values.shape[1] - 1)]
        here = f"{title} {number(float(column[row]))} at update {grid.updates[row]:,}, step {step + 1}. " if row >= 0 else ""
        return f"{here}{turning_point(grid, column, step)}"

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each checkpoint, a column for each step."""
        if self._grid is None:
            return [], []
        rows: list[list[object]] = [
            [update, *(float(value) for value in line)]
            for update, line in zip(self._grid.updates, self._grid.values, strict=True)
        ]
        return ["update", *(f"step {t + 1}" for t in range(self._grid.values.shape[1]))], rows

    def enter(self) -> None:
        """The arrows walk through the map."""
        self._plot.enter()

    def close_down(self) -> None:
        """Nobody watches here any more: without another watcher no row is asked for."""
        super().close_down()
        self._map.changed.disconnect(self._trace_changed, missing_ok=True)
        self._map.leave()

    # ---- the inside ----

    @property
    def _map(self) -> TimeMap:
        return self.state.time_maps[self.side.name]

    def _row_of(self, update: int) -> int:
        updates = self._grid.updates if self._grid is not None else ()
        return updates.index(update) if update in updates else -1

    def _clicked(self, row: int, step: int, _modifiers: Qt.KeyboardModifier) -> None:
        if self.is_behind or self._grid is None or row >= len(self._grid.updates):
            return
        explorer, trace = self.state.explorer, self.side.trace
        self.state.playback.pause()
        if step != self.step:
            explorer.jump(step)
        if trace is not None and self._grid.updates[row] != trace.card.update:
            explorer.choose_checkpoint_of(self.side, self._grid.updates[row])
        self.activated.emit()

    def _hovered(self, row: int, step: int) -> None:
        if row < 0 or self._grid is None or self.is_behind:
            self.point(None)
            return
        said = f"{self._grid.course.title} {number(float(self._grid.values[row, step]))}"
        self.point(self.state.lens.selection, f"update {self._grid.updates[row]:,}, step {step + 1}: {said}")

    def _marks_changed(self) -> None:
        """Selections mean nothing in the map."""


def turning_point(grid: Grid, column: np.ndarray, step: int) -> str:
    """Between which two checkpoints a step changed most, in one sentence; empty if it hardly changed."""
    there = np.flatnonzero(np.isfinite(column))
    if len(there) < 2:
        return ""
    moves = np.abs(np.diff(column[there]))
    most = int(moves.argmax())
    if moves[most] < 0.1 * grid.top:
        return f"Step {step + 1} hardly changed over the training."
    first, last = (grid.updates[int(there[place])] for place in (most, most + 1))
    return f"Step {step + 1} changed most between updates {first:,} and {last:,}."
