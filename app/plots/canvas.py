"""What the plots have in common: a quiet pyqtgraph view with a plot rectangle, two sizes of text and a palette."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsView, QWidget

from app.plots.colours import Palette

SMALL = 11 / 13
"""Axis text against the interface font."""


class Canvas(pg.GraphicsView):  # type: ignore[misc]  # pyqtgraph ships no types
    """A view whose scene is measured in the widget's own pixels, so that type and data stand on whole pixels.

    A subclass puts pyqtgraph items into `plot_rect()` in `place_items`, and draws axes and marks in `paint_marks`.
    """

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=None)
        self.colours = palette
        self._inset: tuple[float, float] | None = None
        self._placed: tuple[tuple[int, int], QRectF] | None = None
        self._faces: dict[tuple[bool, QFont.Weight], QFont] = {}
        self.setCentralItem(None)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
        self.setAntialiasing(False)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState, True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("background: transparent; border: none;")

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours from now on."""
        self.colours = palette
        self.recolour()
        self.refresh()

    def set_x_inset(self, left: float, right: float) -> None:
        """Keep this much free at the left and right of the plot, so that plots above each other share one horizontal scale."""
        if self._inset != (left, right):
            self._inset = (left, right)
            self.refresh()

    def plot_rect(self) -> QRectF:
        """Where the data lies, in the widget's pixels. Found once for a size and a `refresh`: painting asks for it often."""
        size = (self.width(), self.height())
        if self._placed is None or self._placed[0] != size:
            left, top, right, bottom = self.margins()
            if self._inset is not None:
                left, right = self._inset
            width, height = size[0] - left - right, size[1] - top - bottom
            self._placed = size, QRectF(round(left), round(top), max(round(width), 1), max(round(height), 1))
        return QRectF(self._placed[1])

    def margins(self) -> tuple[float, float, float, float]:
        """Room for axes: left, top, right, bottom."""
        return 0.0, 0.0, 0.0, 0.0

    def refresh(self) -> None:
        """Place everything anew and paint once in this turn of the event loop."""
        self._placed = None
        self.place_items()
        self.viewport().update()

    def place_items(self) -> None:
        """Fit the pyqtgraph items to `plot_rect()`."""

    def recolour(self) -> None:
        """Give the items the colours of the palette."""

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Draw axes and marks over the items; `exposed` is what needs painting."""

    # -- type -----------------------------------------------------------------------------------------------------------------

    def face(self, small: bool = True, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The interface font, at the size of axis text unless `small` is false."""
        if (small, weight) not in self._faces:
            self._faces[small, weight] = scaled_font(self.font(), SMALL if small else 1.0, weight)
        return self._faces[small, weight]

    def em(self) -> float:
        """One unit of length that follows the size of the type: 1 at the standard 13 pixels."""
        return unit(self.font())

    # -- Qt -------------------------------------------------------------------------------------------------------------------

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        """Qt asks for what lies over the items."""
        self.paint_marks(painter, QRectF(rect))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Qt tells of another size; the items follow."""
        super().resizeEvent(event)
        if hasattr(self, "colours"):
            self.place_items()

    def changeEvent(self, event: QEvent) -> None:
        """Qt tells of another font; the margins follow."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "colours"):
            self._faces.clear()
            self.refresh()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The press was ours, so the release is too: pyqtgraph's scene has nothing to do with it."""
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two presses, unless a plot says otherwise."""
        self.mousePressEvent(event)

    def close(self) -> bool:
        """Close like any widget: pyqtgraph would take the viewport away first, which brings Qt down."""
        return QGraphicsView.close(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A plot without a zoom of its own leaves the wheel to what it lies in."""
        event.ignore()

    def minimumSizeHint(self) -> QSize:
        """A plot may become small; its pane says how small."""
        return QSize(40, 24)


def unit(font: QFont) -> float:
    """1 for the standard 13-pixel type, more or less for larger or smaller type."""
    pixels = font.pixelSize() if font.pixelSize() > 0 else QFontMetricsF(font).height() * 13 / 16
    return pixels / 13


def scaled_font(font: QFont, factor: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """`font` in another size and weight, with figures of one width."""
    made = QFont(font)
    made.setPixelSize(max(round(13 * unit(font) * factor), 6))
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def text_width(font: QFont, text: str) -> float:
    """How wide one line of text is."""
    return QFontMetricsF(font).horizontalAdvance(text)


def draw_text(painter: QPainter, where: QRectF, text: str, flags: Qt.AlignmentFlag, colour: QColor | None = None) -> None:
    """One line of text in a rectangle, cut with an ellipsis where it does not fit."""
    if colour is not None:
        painter.setPen(colour)
    metrics = QFontMetricsF(painter.font())
    if metrics.horizontalAdvance(text) > where.width() + 1:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    painter.drawText(where, int(flags | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine), text)


def draw_turned_text(painter: QPainter, centre: QPointF, text: str, room: float) -> None:
    """One line of text that reads upwards, around `centre`: the title of a vertical axis, cut where it is longer than `room`."""
    painter.save()
    painter.translate(centre)
    painter.rotate(-90)
    draw_text(painter, QRectF(-room / 2, -10, room, 20), text, Qt.AlignmentFlag.AlignHCenter)
    painter.restore()


def draw_double_outline(painter: QPainter, where: QRectF, colours: Palette) -> None:
    """The sign of a selection: ink outside, panel colour inside, seen on every colour."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    outer = where.adjusted(-1.5, -1.5, 1.5, 1.5)
    painter.setPen(sharp_pen(colours.colour("ink"), 2))
    painter.drawRect(outer)
    painter.setPen(sharp_pen(colours.colour("panel"), 1))
    painter.drawRect(where)


def draw_cross(painter: QPainter, centre: QPointF, reach: float, colour: QColor) -> None:
    """The sign of an error."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(colour, max(reach * 0.45, 1.2), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    x, y = centre.x(), centre.y()
    painter.drawLine(QPointF(x - reach, y - reach), QPointF(x + reach, y + reach))
    painter.drawLine(QPointF(x - reach, y + reach), QPointF(x + reach, y - reach))
    painter.restore()


def sharp_pen(colour: QColor, width: float = 1.0) -> QPen:
    """A pen with square corners, for marks in the widget's own pixels; a sharper picture (an export) thickens it as it should."""
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def ticks(count: int, room: float, each: float, base: int = 0, binary: bool = False) -> Sequence[int]:
    """Which of `count` entries get a number: as many as fit into `room` pixels at `each` pixels apiece.

    A binary rhythm (slots, features) starts at the first entry; a decimal one (steps) shows round numbers.
    """
    if count <= 0:
        return ()
    fits = max(int(room / max(each, 1)), 1)
    stages = [2**power for power in range(20)] if binary else [f * 10**p for p in range(6) for f in (1, 2, 5)]
    stage = next((s for s in stages if count / s <= fits), stages[-1])
    if binary or stage == 1:
        return range(0, count, stage)
    rounded = range(stage - base, count, stage)
    return [0, *rounded] if (stage - base) * room / count > each * 0.9 else rounded
