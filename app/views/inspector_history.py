"""The history of the selected thing: over the steps of the episode, with the pins beside it, and over the checkpoints seen."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.plots.axes import Axis
from app.plots.colours import Palette, categories
from app.plots.curve import CurvePlot, Line
from app.state.app_state import AppState
from app.state.describe import course, course_name
from app.state.lens import LETTERS, Pin, Selection
from app.state.things import thing
from app.views.inspector_look import Look
from app.widgets.buttons import button
from app.widgets.flow_layout import FlowLayout
from app.widgets.section import Section
from engine.contract.trace import Array, Trace

_HEIGHT = 60


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """What the curves show, so that they are drawn anew only when that changes."""

    trace: Trace
    selection: Selection
    pins: tuple[Pin, ...]

    def is_same(self, other: "_Drawn | None") -> bool:
        return other is not None and self.trace is other.trace and (self.selection, self.pins) == (other.selection, other.pins)


class HistoryPart(QWidget):
    """Two small curves; a press moves the cursor of the step, or of the checkpoint."""

    def __init__(self, state: AppState, palette: Palette) -> None:
        super().__init__()
        self._state, self._palette = state, palette
        self._drawn: _Drawn | None = None
        self._name, self._training_name = _muted(), _muted()
        self.steps, self.training = _plot(palette, "step"), _plot(palette, "update")
        self._side = state.a
        self.steps.clicked.connect(self._go_to)
        self.training.clicked.connect(self._choose_checkpoint)
        self._training_section = Section("History over training")
        self._pins = QWidget()
        self._chips = FlowLayout(self._pins)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (Section("History over steps"), self._name, self.steps, self._pins):
            column.addWidget(widget)
        column.addSpacing(8)
        for widget in (self._training_section, self._training_name, self.training):
            column.addWidget(widget)

    def set_palette(self, palette: Palette) -> None:
        """Another theme."""
        self._palette, self._drawn = palette, None
        for plot in (self.steps, self.training):
            plot.set_palette(palette)

    def changeEvent(self, event: QEvent) -> None:
        """Another size of type: the curves keep their proportion."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            for plot in (self.steps, self.training):
                plot.setFixedHeight(round(_HEIGHT * plot.em()))

    def show_look(self, look: Look | None) -> None:
        """Show the course of this thing."""
        self.setVisible(look is not None and look.found is not None)
        if look is None or look.found is None:
            return
        self._side = look.side
        drawn = _Drawn(look.trace, look.selection, self._state.lens.pins)
        if not drawn.is_same(self._drawn):
            self._drawn = drawn
            self._draw(look)
        self.steps.set_cursor(min(look.step, look.trace.steps - 1))
        self._show_training(look)

    def _go_to(self, place: float) -> None:
        playback, comparison = self._state.playback, self._state.comparison
        playback.go_to(comparison.clock_at(self._side, round(place), playback.step))

    def _draw(self, look: Look) -> None:
        assert look.found is not None  # noqa: S101  # told apart by the caller
        values = course(look.found, look.selection.slots)
        x, y = with_dashes(values)
        lines = [Line(x=x, y=y, width=1.6)]
        for pin in self._state.lens.pins:
            pinned = thing(look.trace, pin.selection)
            if pinned is not None:
                style = categories(self._palette)[LETTERS.index(pin.letter)]
                x, y = with_dashes(course(pinned, pin.selection.slots))
                lines.append(Line(x=x, y=y, name=pin.letter, colour=style.colour, style=style.line))
        bounds = _bounds(look)
        self.steps.set_limits(*(bounds if len(lines) == 1 else (None, None)))
        self.training.set_limits(*bounds)
        self.steps.set_x_limits(0, max(look.trace.steps - 1, 1))
        self.steps.show_lines(lines)
        name = course_name(look.found, look.selection.slots)
        self._name.setText(name)
        self.steps.setAccessibleName(f"{name} over {look.trace.steps} steps")
        self._show_pins(look.trace)

    def _show_pins(self, trace: Trace) -> None:
        for old in self._pins.findChildren(QPushButton):
            self._chips.removeWidget(old)
            old.hide()
            old.deleteLater()
        for pin in self._state.lens.pins:
            pinned = thing(trace, pin.selection)
            name = course_name(pinned, pin.selection.slots) if pinned is not None else "not in this network"
            chip = button(f"{pin.letter}  {name}", "chip", tip=f"Let go of pin {pin.letter}.")
            chip.setAccessibleName(f"Pin {pin.letter}, {name}: let go")
            chip.clicked.connect(lambda _=False, letter=pin.letter: self._state.lens.unpin(letter))
            self._chips.addWidget(chip)
        self._pins.setVisible(bool(self._state.lens.pins))

    def _show_training(self, look: Look) -> None:
        """Drawn as soon as the episode was seen at two checkpoints; before, there is nothing to say."""
        kept, on_a = len(self._state.explorer.checkpoints), look.side is self._state.a
        points = self._state.seen.course(look.selection, look.step) if on_a and look.is_selected else []
        points = [(update, value) for update, value in points if np.isfinite(value)]
        for widget in (self._training_section, self._training_name, self.training):
            widget.setVisible(len(points) > 1)
        if len(points) > 1:
            self._training_name.setText(f"at this step, at {len(points)} of {kept} checkpoints")
            self._training_name.setToolTip("The checkpoints that were looked at; walk through the others with [ and ].")
            x, y = (np.array(column, float) for column in zip(*points, strict=True))
            self.training.show_lines([Line(x=x, y=y, width=1.6)])
            self.training.set_cursor(float(self._state.explorer.update or 0))

    def _choose_checkpoint(self, x: float) -> None:
        seen = self._state.seen.updates
        if seen:
            self._state.explorer.choose_checkpoint(min(seen, key=lambda update: abs(update - x)))


def with_dashes(values: Array) -> tuple[Array, Array]:
    """A course over the steps; a value that stands alone between gaps becomes a short dash, since a line needs two points."""
    finite = np.isfinite(values)
    before, after = np.r_[False, finite[:-1]], np.r_[finite[1:], False]
    alone = finite & ~before & ~after
    steps: Array = np.arange(len(values), dtype=np.float32)
    if not alone.any():
        return steps, values
    reach: Array = np.where(alone, 0.35, 0.0).astype(np.float32)
    x: Array = np.stack([steps - reach, steps + reach], axis=1).reshape(-1)
    return x, np.repeat(values, 2)


def _bounds(look: Look) -> tuple[float, float] | tuple[None, None]:
    """The channel's own range, where one number of it is drawn; a row's length has none."""
    if look.found is None or not look.found.channel.bounded:
        return None, None
    channel = look.found.channel
    if channel.kind in ("vector", "memory") and len(look.found.index) < len(channel.axes):
        return None, None
    return channel.low, channel.high


def _plot(palette: Palette, what: str) -> CurvePlot:
    plot = CurvePlot(palette)
    plot.set_axes(Axis(title="", base=1 if what == "step" else 0, binary=False), "")
    plot.setFixedHeight(round(_HEIGHT * plot.em()))
    plot.setMinimumWidth(80)
    return plot


def _muted() -> QLabel:
    label = QLabel()
    label.setProperty("tone", "muted")
    label.setWordWrap(True)
    return label
