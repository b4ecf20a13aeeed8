"""Lines over steps or updates: each with its letter at the end, gaps where there is no value, bands for phases."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QWidget

from app.plots.axes import TICK_ROW, TITLE_ROW, Axis, free_place, paint_y_title, step_axis
from app.plots.canvas import Canvas, draw_text, text_width, ticks
from app.plots.colours import Palette
from app.plots.heatmap import Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """One curve. Told apart by its name at the end and its line style; a colour belongs to pins and sides only."""

    x: Array
    y: Array
    name: str = ""
    colour: str = ""
    """Ink where empty."""
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    width: float = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A stretch of the x axis with a name: a phase; every second one is shaded."""

    first: float
    last: float
    name: str


class CurvePlot(Canvas):
    """Lines on common axes. The limits are given, or found once for the lines shown; they never follow the cursor."""

    clicked = Signal(float)
    """Where on the x axis a press or drag is."""
    hovered = Signal(float)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._lines: tuple[Line, ...] = ()
        self._x_axis, self._y_title, self._unit = step_axis(), "", ""
        self._given: tuple[float, float] | None = None
        self._x_given: tuple[float, float] | None = None
        self._is_log, self._cursor = False, float("nan")
        self.names_bands_above = False
        """Whether the names of the bands stand above the plot, where its marks reach up to the top."""
        self._bands: tuple[Band, ...] = ()
        self._notes: tuple[tuple[float, str], ...] = ()
        self._level: tuple[float, str] | None = None
        self._message = ""
        self._field = QGraphicsRectItem()
        self._field.setPen(Qt.PenStyle.NoPen)
        self._field.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape)
        self.scene().addItem(self._field)
        self._items: list[pg.PlotCurveItem] = []
        self._cache = QGraphicsItem.CacheMode.NoCache

    # -- what to show ---------------------------------------------------------------------------------------------------------

    def set_axes(self, x: Axis, y_title: str, unit: str = "") -> None:
        """Say in words what runs along and what runs up."""
        self._x_axis, self._y_title, self._unit = x, y_title, unit
        self.refresh()

    def set_limits(self, low: float | None = None, high: float | None = None) -> None:
        """Fix the vertical limits; without them they hold every line that is shown."""
        self._given = None if low is None or high is None else (low, high)
        self.refresh()

    def set_x_limits(self, first: float | None = None, last: float | None = None) -> None:
        """Fix the horizontal limits; without them they hold every line that is shown."""
        self._x_given = None if first is None or last is None else (first, last)
        self.refresh()

    def set_log(self, is_log: bool) -> None:
        """Use a logarithmic vertical scale; values that are not positive become gaps."""
        if is_log != self._is_log:
            self._is_log = is_log
            self._feed()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Draw these lines; NaN leaves a gap."""
        self._lines, self._message = tuple(lines), ""
        while len(self._items) > len(lines):
            self.scene().removeItem(self._items.pop())
        while len(self._items) < len(lines):
            item = pg.PlotCurveItem(connect="finite", antialias=True)
            item.setParentItem(self._field)
            item.setCacheMode(self._cache)
            self._items.append(item)
        self._feed()

    def keep_pixels(self) -> None:
        """On a screen, keep the lines as the pixels they were drawn in: the cursor then costs next to nothing."""
        self._cache = QGraphicsItem.CacheMode.DeviceCoordinateCache
        for item in self._items:
            item.setCacheMode(self._cache)

    def show_message(self, text: str) -> None:
        """Show a sentence instead of lines."""
        self.show_lines(())
        self._message = text
        self.viewport().update()

    def set_bands(self, bands: Sequence[Band]) -> None:
        """Shade and name stretches of the x axis."""
        self._bands = tuple(bands)
        self.refresh()

    def set_notes(self, notes: Sequence[tuple[float, str]]) -> None:
        """Stand upright lines with a few words at places of the x axis."""
        self._notes = tuple(notes)
        self.viewport().update()

    def set_level(self, y: float | None, text: str = "") -> None:
        """Draw a dashed line at a height, with a few words: a goal. Without limits of their own the lines make room for it."""
        level = None if y is None else (y, text)
        if level != self._level:
            self._level = level
            self.refresh()

    def set_cursor(self, x: float | None) -> None:
        """Stand the cursor at a place of the x axis; only the strips that it covers are painted."""
        new = float("nan") if x is None else float(x)
        if new != self._cursor:
            for place in (self._cursor, new):
                if np.isfinite(place):
                    left = self.to_pixels(place, 0).x()
                    self.viewport().update(QRectF(left - 4, 0, 9, self.height()).toAlignedRect())
            self._cursor = new

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def x_limits(self) -> tuple[float, float]:
        """The places at the left and right ends."""
        if self._x_given is not None:
            return self._x_given
        ends = [(float(np.min(line.x)), float(np.max(line.x))) for line in self._lines if len(line.x)]
        first, last = min((a for a, _ in ends), default=0.0), max((b for _, b in ends), default=1.0)
        return (first, last) if last > first else (first - 0.5, first + 0.5)

    def y_limits(self) -> tuple[float, float]:
        """The values at the bottom and the top; powers of ten where the scale is logarithmic."""
        if self._given is not None:
            low, high = self._given
            return (np.log10(max(low, 1e-12)), np.log10(max(high, 1e-12))) if self._is_log else (low, high)
        level = [self._height(self._level[0])] if self._level is not None and self._lines else []
        values = np.concatenate([*(self._heights(line) for line in self._lines), np.array(level, float)])
        values = values[np.isfinite(values)]
        low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
        if not self._is_log:
            low = min(low, 0.0) if low < 0.35 * high or low < 0 else low
        return (low, high) if high > low else (low - 0.5, high + 0.5)

    def to_pixels(self, x: float, y: float) -> QPointF:
        """Where a point lies in the widget; `y` as `y_limits` counts it."""
        return self._transform().map(QPointF(x, y))

    def margins(self) -> tuple[float, float, float, float]:
        """Room for the limits at the left, the numbers below, and the letters at the lines' ends."""
        em, font = self.em(), self.face()
        left = max(text_width(font, text) for text in self._limit_texts()) + 9 + (18 * em if self._y_title else 0)
        right = max((text_width(font, line.name) for line in self._lines if line.name), default=0.0) + 10
        top = 18 * em if self.names_bands_above and self._bands else 7 * em
        return left, top, right, (TICK_ROW + TITLE_ROW + 2) * em if self._x_axis.title else 4.0

    def place_items(self) -> None:
        """Fit the lines to the plot rectangle."""
        (left, right), (low, high) = self.x_limits(), self.y_limits()
        self._field.setRect(QRectF(left, low - (high - low) * 0.02, right - left, (high - low) * 1.04))
        self._field.setTransform(self._transform())

    def recolour(self) -> None:
        """Give the lines the ink of the palette."""
        for item, line in zip(self._items, self._lines, strict=True):
            pen = QPen(QColor(line.colour or self.colours.ink), line.width, line.style)
            pen.setCosmetic(True)
            item.setPen(pen)

    def _transform(self) -> QTransform:
        plot, (left, right), (low, high) = self.plot_rect(), self.x_limits(), self.y_limits()
        across, up = plot.width() / (right - left), plot.height() / (high - low)
        return QTransform(across, 0, 0, -up, plot.left() - left * across, plot.bottom() + low * up)

    def _heights(self, line: Line) -> Array:
        heights = np.asarray(line.y, float)
        if self._is_log:
            heights = np.log10(np.where(heights > 0, heights, np.nan))
        return heights

    def _height(self, value: float) -> float:
        """One value as the vertical scale counts it."""
        return float(np.log10(max(value, 1e-12))) if self._is_log else value

    def _feed(self) -> None:
        for item, line in zip(self._items, self._lines, strict=True):
            item.setData(np.asarray(line.x, float), self._heights(line), connect="finite")
        self.recolour()
        self.refresh()

    def _limit_texts(self) -> tuple[str, str]:
        low, high = self.y_limits()
        shown = (10**low, 10**high) if self._is_log else (low, high)
        texts = [f"{value:.3g}".replace("-", "\N{MINUS SIGN}") for value in shown]
        return texts[0], texts[1] + (f" {self._unit}" if self._unit else "")

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Axes, bands, names at the lines' ends, notes, the cursor."""
        painter.setFont(self.face())
        plot = self.plot_rect()
        self._paint_bands(painter, plot)
        self._paint_axes(painter, plot)
        if self._message:
            painter.setFont(self.face(small=False))
            painter.drawText(plot, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self._message)
            return
        self._paint_level(painter, plot)
        self._paint_lonely(painter)
        self._paint_names(painter, plot)
        for x, text in self._notes:
            left = round(self.to_pixels(x, 0).x())
            painter.fillRect(QRectF(left, plot.top(), 1, plot.height()), self.colours.colour("muted"))
            where = QRectF(left + 5, plot.top(), plot.right() - left - 5, 15 * self.em())
            draw_text(painter, where, text, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))
        if np.isfinite(self._cursor):
            x = round(self.to_pixels(self._cursor, 0).x())
            if plot.left() - 1 <= x <= plot.right() + 1:
                line = QRectF(x - 0.5, plot.top() - 3, 1.5, plot.height() + 6)
                painter.fillRect(line.adjusted(-1, 0, 1, 0), self.colours.colour("panel"))
                painter.fillRect(line, self.colours.colour("ink"))

    def _paint_level(self, painter: QPainter, plot: QRectF) -> None:
        if self._level is None or not self._lines:
            return
        value, text = self._level
        y = round(self.to_pixels(self.x_limits()[0], self._height(value)).y()) + 0.5
        painter.setPen(QPen(self.colours.colour("muted"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        high = 15 * self.em()
        top = y + 1 if y + high < plot.bottom() else y - high
        where = QRectF(plot.left() + 6, top, plot.width() - 6, high)
        draw_text(painter, where, text, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))

    def _paint_lonely(self, painter: QPainter) -> None:
        """A point between two gaps is no line: it is drawn as a dot."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        for line in self._lines:
            heights = self._heights(line)
            there = np.concatenate([[False], np.isfinite(heights), [False]])
            painter.setBrush(QColor(line.colour) if line.colour else self.colours.colour("ink"))
            for index in np.flatnonzero(there[1:-1] & ~there[:-2] & ~there[2:]).tolist():
                painter.drawEllipse(self.to_pixels(float(line.x[index]), float(heights[index])), 2.5, 2.5)
        painter.restore()

    def _paint_axes(self, painter: QPainter, plot: QRectF) -> None:
        em, muted = self.em(), self.colours.colour("muted")
        painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), self.colours.colour("line"))
        painter.fillRect(QRectF(plot.left() - 1, plot.top(), 1, plot.height() + 1), self.colours.colour("line"))
        low, high = self._limit_texts()
        for text, y in ((low, plot.bottom()), (high, plot.top())):
            where = QRectF(0, y - 8 * em, plot.left() - 7, 16 * em)
            draw_text(painter, where, text, Qt.AlignmentFlag.AlignRight, muted)
        if self._y_title:
            paint_y_title(painter, plot, self._y_title + (", log scale" if self._is_log else ""), muted)
        if not self._x_axis.title:
            return
        self._paint_x_numbers(painter, plot)
        foot = QRectF(plot.left(), plot.bottom() + TICK_ROW * em, plot.width(), TITLE_ROW * em)
        draw_text(painter, foot, self._x_axis.title, Qt.AlignmentFlag.AlignLeft, muted)

    def _paint_x_numbers(self, painter: QPainter, plot: QRectF) -> None:
        first, last = self.x_limits()
        base, em = self._x_axis.base, self.em()
        room = text_width(painter.font(), str(int(last) + base)) + 18 * em
        painter.setPen(self.colours.colour("muted"))
        for index in ticks(int(last) + 1, plot.width() * (last + 1) / max(last - first, 1e-9), room, base):
            if first <= index <= last:
                width = text_width(painter.font(), self._x_axis.label(index)) + 2
                left = min(self.to_pixels(index, 0).x() - width / 2, self.width() - width)
                where = QRectF(left, plot.bottom() + 2, width, TICK_ROW * em)
                draw_text(painter, where, self._x_axis.label(index), Qt.AlignmentFlag.AlignHCenter)

    def _paint_bands(self, painter: QPainter, plot: QRectF) -> None:
        for index, band in enumerate(self._bands):
            left, right = (min(max(self.to_pixels(x, 0).x(), plot.left()), plot.right()) for x in (band.first, band.last))
            if index % 2:
                tint = self.colours.colour("ink")
                tint.setAlphaF(0.06)
                painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), tint)
            top = plot.top() - (17 * self.em() if self.names_bands_above else 0)
            where = QRectF(left + 4, top, right - left - 4, 15 * self.em())
            draw_text(painter, where, band.name, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))

    def _paint_names(self, painter: QPainter, plot: QRectF) -> None:
        taken: list[tuple[float, float]] = []
        high = 13 * self.em()
        for line in self._lines:
            finite = np.flatnonzero(np.isfinite(self._heights(line)))
            if not line.name or not len(finite):
                continue
            end = self.to_pixels(float(line.x[finite[-1]]), float(self._heights(line)[finite[-1]]))
            left, width = min(end.x(), plot.right()) + 5, text_width(painter.font(), line.name) + 4
            top = free_place(end.y() - high / 2, [y for x, y in taken if abs(x - left) < width], high, plot.bottom() - high)
            taken.append((left, top))
            where = QRectF(left, top, self.width(), high)
            draw_text(painter, where, line.name, Qt.AlignmentFlag.AlignLeft, self.colours.colour("ink"))

    # -- the pointer ----------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask to stand where the press is."""
        if event.button() == Qt.MouseButton.LeftButton and self._lines:
            self.clicked.emit(self._place(event.position()))
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover, or go on scrubbing."""
        if not self._lines:
            return
        self.hovered.emit(self._place(event.position()))
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.clicked.emit(self._place(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self.hovered.emit(float("nan"))

    def _place(self, position: QPointF) -> float:
        (first, last), plot = self.x_limits(), self.plot_rect()
        return min(max(first + (position.x() - plot.left()) / plot.width() * (last - first), first), last)
