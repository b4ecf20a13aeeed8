"""What "How many slots are in use?" and "Does it help?" have in common: curves over the samples of a stream, of both sides."""

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plots.axes import Axis
from app.plots.curve import Band, CurvePlot, Line
from app.state.lens import Selection
from app.state.side import Side
from app.views.pane_view import PaneView, Table
from engine.contract.trace import Array, Trace

MOST_POINTS = 2000
"""Points of a curve from which each few of them are drawn as their lowest and highest."""
ROOM_FOR_NAMES = 1.15
"""The names of the phases stand above the highest curve."""
TEETH = 4.0
"""Pixels of a sample below which its rise and fall cannot be seen: the curve becomes a band between the two."""
THIN, THICK = 1.2, 2.2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """One number after each step of a side, `(step,)`: what it is called, and how it is drawn."""

    side: Side
    name: str
    values: Array
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    width: float = THIN
    before: float = float("nan")
    """What it was before the first sample."""


class OverSamples(PaneView):
    """One plot; beside each other, two streams share it. A press goes to the sample."""

    SHOWS_DIFFERENCE = False
    WISH = 420

    def courses(self) -> list[Course]:
        """The curves, in the order in which they are named."""
        return []

    def scale(self) -> tuple[str, str]:
        """What runs up, and in which unit."""
        return "", ""

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """One plot."""
        self._plot = CurvePlot(self.colours)
        self._plot.names_bands_above = True
        self._plot.set_axes(Axis(title="samples seen", binary=False), "")
        self._plot.clicked.connect(self._clicked)
        self._plot.hovered.connect(self._hovered)
        self._courses: list[Course] = []
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self._plot)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Draw the curves."""
        self._courses = self.courses()
        title, unit = self.scale()
        self._plot.set_axes(Axis(title="samples seen", binary=False), title, unit)
        each = max(trace.card.sample_steps, 1)
        phases = [p for p in trace.card.phases if p.last > p.first]
        self._plot.set_bands([Band(first=p.first / each, last=(p.last + 1) / each, name=p.name) for p in phases])
        self._plot.set_x_limits(0, max((side.samples for side in self._traces()), default=1))
        top = max((float(np.nanmax(c.values)) for c in self._courses if np.isfinite(c.values).any()), default=1.0)
        self._plot.set_limits(0.0, _round_up(top * ROOM_FOR_NAMES))
        self._plot.show_lines([line for course in self._courses for line in self._lines(course)])

    def show_step(self, trace: Trace, step: int) -> None:
        """Move the cursor."""
        each = max(trace.card.sample_steps, 1)
        self._plot.set_cursor((step + 1) / each if step < trace.steps else None)

    def in_words(self, trace: Trace, step: int) -> str:
        """Each curve's value here."""
        told = [f"{course.name or self.scale()[0]} {self.value_in_words(self._here(course))}" for course in self._courses]
        return f"After sample {trace.sample_at(step) + 1:,}: {', '.join(told)}."

    def value_in_words(self, value: float) -> str:
        """One value as it is told."""
        return f"{value:.3g}"

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each sample: every curve as it is after it."""
        rows: list[list[object]] = []
        ends = [_after_each_sample(course) for course in self._courses]
        for sample in range(max((len(end) for end in ends), default=0)):
            rows.append([sample + 1, *(float(end[sample]) if sample < len(end) else "" for end in ends)])
        return ["samples seen", *(course.name or self.scale()[0] for course in self._courses)], rows

    def keep_pixels(self) -> None:
        """On a screen, draw the curves once: only the cursor moves."""
        self._plot.keep_pixels()

    # ---- the inside ----

    @property
    def sides(self) -> list[Side]:
        """Whose curves are drawn: of two streams beside each other, both."""
        state = self.state
        return [state.a, state.b] if state.comparison.is_by_sample else [self.side]

    def _lines(self, course: Course) -> list[Line]:
        """One line; where samples are too narrow to see it rise and fall, pale, between lines of its highest and its lowest."""
        trace = course.side.trace
        each = trace.card.sample_steps if trace is not None else 1
        whole = _line(course, each)
        samples = len(course.values) // each
        if each == 1 or self._plot.plot_rect().width() >= TEETH * samples or not _has_teeth(course.values, each):
            return [whole]
        parts = course.values[: samples * each].reshape(samples, each)
        pale = self.colours.colour("muted")
        pale.setAlphaF(0.35)
        x = np.arange(1, samples + 1, dtype=np.float32)
        edges = [Line(x=x, y=parts.max(1), name=course.name, width=course.width), Line(x=x, y=parts.min(1), width=course.width)]
        return [replace(whole, name="", colour=pale.name(QColor.NameFormat.HexArgb)), *edges]

    def _traces(self) -> list[Trace]:
        return [side.trace for side in self.sides if side.trace is not None]

    def _here(self, course: Course) -> float:
        step = self.state.comparison.step_of(course.side, self.state.playback.step)
        return float(course.values[min(step, len(course.values) - 1)])

    def _clicked(self, place: float) -> None:
        playback = self.state.playback
        playback.go_to_sample(int(place))
        self.activated.emit()

    def _hovered(self, place: float) -> None:
        if not np.isfinite(place) or self.is_behind or not self._courses:
            self.point(None)
            return
        sample, told = int(max(place, 0)), []
        for course in self._courses:
            ends = _after_each_sample(course)
            if sample < len(ends):
                told.append(f"{course.name or self.scale()[0]} {self.value_in_words(float(ends[sample]))}")
        self.point(Selection(side=self.side.name), f"after sample {sample + 1:,}: {', '.join(told)}")


def _after_each_sample(course: Course) -> Array:
    trace = course.side.trace
    each = max(trace.card.sample_steps, 1) if trace is not None else 1
    return course.values[each - 1 :: each]


def _line(course: Course, each: int) -> Line:
    x, y = outline(np.arange(1, len(course.values) + 1, dtype=np.float32) / np.float32(each), course.values)
    if np.isfinite(course.before):
        x, y = np.concatenate(([0.0], x)), np.concatenate(([course.before], y))
    return Line(x=x, y=y, name=course.name, style=course.style, width=course.width)


def _has_teeth(values: Array, each: int) -> bool:
    """Whether it moves within samples more than between them."""
    parts = values[: len(values) // each * each].reshape(-1, each)
    return bool(np.nanmean(np.ptp(parts, axis=1)) > np.nanmean(np.abs(np.diff(parts[:, -1]))) if len(parts) > 1 else False)


def outline(x: Array, y: Array) -> tuple[Array, Array]:
    """The same curve in few points: of each stretch its lowest and its highest, in the order in which they come."""
    size = -(-2 * len(y) // MOST_POINTS)
    if size <= 2:
        return x, y
    found = []
    for first in range(0, len(y), size):
        part = y[first : first + size]
        if np.isfinite(part).any():
            found += sorted({first, first + int(np.nanargmin(part)), first + int(np.nanargmax(part))})
        else:
            found.append(first)
    found.append(len(y) - 1)
    places = np.array(sorted(set(found)))
    return x[places], y[places]


def _round_up(value: float) -> float:
    """The next round number: 1, 2, 3, 4, 5, 6, 8 times a power of ten."""
    if not value > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value * (1 - 1e-9)))
