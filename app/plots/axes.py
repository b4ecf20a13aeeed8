"""Axes in words: the title says what is counted, the numbers say from which index."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from app.plots.canvas import draw_text, draw_turned_text, text_width, ticks

TICK_ROW = 16.0
"""Height of the row of numbers under a plot, at the standard size of type."""
TITLE_ROW = 18.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What one axis counts. `base` is the number of the first entry; `names` stand in for numbers where there are some."""

    title: str
    base: int = 0
    names: tuple[str, ...] = ()
    binary: bool = True
    """Numbers at powers of two (slots, features); otherwise at round numbers (steps, updates)."""

    def label(self, index: int) -> str:
        """What stands beside one entry."""
        return self.names[index] if index < len(self.names) else str(index + self.base)

    def widest(self, count: int, font: QFont) -> float:
        """The room that the labels of `count` entries need."""
        return _widest(self.names[:count] or (str(max(count - 1, 0) + self.base),), font.key())


@lru_cache(maxsize=128)
def _widest(names: tuple[str, ...], font: str) -> float:
    """Of thousands of names it takes long to measure each, and every layout asks for it."""
    measured = QFont()
    measured.fromString(font)
    return max(text_width(measured, name) for name in names)


def step_axis() -> Axis:
    """The axis of every picture over steps: counted from 1, with round numbers."""
    return Axis(title="step", base=1, binary=False)


def paint_x_numbers(painter: QPainter, plot: QRectF, window: tuple[float, float], count: int, axis: Axis) -> None:
    """Numbers below the plot, each centred under its column; `window` is the part of the columns in view."""
    font, (first, last) = painter.font(), window
    each = plot.width() / max(last - first, 1e-9)
    room = axis.widest(count, font) + 14
    edge = plot.right() + 8
    row = QRectF(0, plot.bottom() + 3, room, TICK_ROW * font.pixelSize() / 11)
    for index in ticks(count, each * count, room, axis.base, axis.binary):
        centre = plot.left() + (index + 0.5 - first) * each
        if plot.left() - 1 <= centre <= plot.right() + 1:
            width = text_width(font, axis.label(index)) + 2
            left = max(min(centre - width / 2, edge - width), 0.0)
            draw_text(painter, QRectF(left, row.top(), width, row.height()), axis.label(index), Qt.AlignmentFlag.AlignHCenter)


def paint_y_numbers(painter: QPainter, plot: QRectF, window: tuple[float, float], count: int, axis: Axis) -> None:
    """Numbers or names at the left of the plot, each beside the middle of its row."""
    font, (first, last) = painter.font(), window
    each = plot.height() / max(last - first, 1e-9)
    room = font.pixelSize() * 1.5
    row = QRectF(0, 0, plot.left() - 7, room)
    for index in ticks(count, each * count, room if axis.names else room * 2.6, axis.base, axis.binary or bool(axis.names)):
        centre = plot.top() + (index + 0.5 - first) * each
        if plot.top() - 1 <= centre <= plot.bottom() + 1:
            row.moveTop(centre - room / 2)
            draw_text(painter, row, axis.label(index), Qt.AlignmentFlag.AlignRight)


def paint_y_title(painter: QPainter, plot: QRectF, title: str, colour: QColor) -> None:
    """The title of the vertical axis, reading upwards at the far left."""
    painter.setPen(colour)
    room = plot.height() + 2 * min(max(plot.top(), 0.0), 24.0)
    draw_turned_text(painter, QPointF(painter.font().pixelSize() * 0.75, plot.center().y()), title, room)


def free_place(wished: float, taken: list[float], high: float, last: float = float("inf")) -> float:
    """The first place from `wished` on (up from `last`, where that is too far) where text `high` pixels high covers no other."""
    place, way = min(wished, last), 1
    while near := [other for other in taken if abs(place - other) < high - 0.01]:  # the sums are not exact
        place = max(near) + high if way > 0 else min(near) - high
        if place > last:
            place, way = last, -1
    return place
