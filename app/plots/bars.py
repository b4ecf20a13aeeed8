"""Named bars with their values: what is largest, at a glance, with figures that stand in a column."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.plots.canvas import draw_text, scaled_font, sharp_pen, text_width, unit
from app.plots.colours import Palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row. `interval` is drawn as a whisker; `mark` writes a word after the value ("target")."""

    name: str
    value: float
    text: str = ""
    """The value as it is written; two decimals where empty."""
    interval: tuple[float, float] | None = None
    is_pale: bool = False
    is_chosen: bool = False
    mark: str = ""

    @property
    def written(self) -> str:
        """The value as it is written."""
        return self.text or f"{self.value:.2f}".replace("-", "\N{MINUS SIGN}")


class Bars(QWidget):
    """Rows of bars on one scale, from zero. Negative values run to the left of the zero line."""

    clicked = Signal(int)
    """The index of the bar that was pressed."""
    hovered = Signal(int)
    """The index of the bar under the pointer; -1 when it leaves."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = palette
        self._bars: tuple[Bar, ...] = ()
        self._limits = (0.0, 1.0)
        self._level: float | None = None
        self._over = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours from now on."""
        self.colours = palette
        self.update()

    def show_bars(self, bars: Sequence[Bar], low: float = 0.0, high: float = 1.0, level: float | None = None) -> None:
        """Show these bars on fixed limits; a `low` below zero puts the zero line inside. `level`: a dashed line across all."""
        resized = len(bars) != len(self._bars)
        self._bars, self._limits = tuple(bars), (min(low, 0.0), high if high > low else low + 1.0)
        self._level = level
        if resized:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """A row of 19 pixels for each bar."""
        return QSize(240, round(len(self._bars) * self._row() + 2))

    def minimumSizeHint(self) -> QSize:
        """The rows keep their height."""
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, bars, values."""
        painter, columns = QPainter(self), self._columns()
        for index in range(len(self._bars)):
            self._paint_bar(painter, index, columns)
        if self._bars and self._level is not None:
            self._paint_level(painter, self._level)
        painter.end()

    def _paint_level(self, painter: QPainter, level: float) -> None:
        """On its own ground, so that it is seen on bars and beside them."""
        (names, values), (low, high) = self._columns(), self._limits
        x = round(names + (level - low) / (high - low) * (self.width() - names - values)) + 0.5
        ends = QPointF(x, 0), QPointF(x, len(self._bars) * self._row())
        painter.setPen(QPen(self.colours.colour("panel"), 3))
        painter.drawLine(*ends)
        painter.setPen(QPen(self.colours.colour("ink"), 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(*ends)

    def _row(self) -> float:
        return 19 * unit(self.font())

    def _columns(self) -> tuple[float, float]:
        """How wide the names at the left and the values at the right are."""
        font = scaled_font(self.font(), 12 / 13)
        names = min(max((text_width(font, bar.name) for bar in self._bars), default=0.0), self.width() * 0.42)
        values = max((text_width(font, bar.written + (f"  {bar.mark}" if bar.mark else "")) for bar in self._bars), default=0.0)
        return max(names, 44 * unit(self.font())) + 10, values + 8

    def _paint_bar(self, painter: QPainter, index: int, columns: tuple[float, float]) -> None:
        bar, row, (names, values) = self._bars[index], self._row(), columns
        top, em, ink = index * row, unit(self.font()), self.colours.colour("ink")
        (low, high), span = self._limits, self.width() - names - values
        zero, each = names - low / (high - low) * span, span / (high - low)
        if index == self._over:
            painter.fillRect(QRectF(0, top, self.width(), row), self.colours.colour("soft"))
        painter.setFont(scaled_font(self.font(), 12 / 13, QFont.Weight.DemiBold if bar.is_chosen else QFont.Weight.Normal))
        draw_text(painter, QRectF(0, top, names - 8, row), bar.name, Qt.AlignmentFlag.AlignLeft, ink)
        value = min(max(bar.value, low), high) if bar.value == bar.value else 0.0
        length = max(abs(value) * each, 2.0)
        thick = QRectF(zero if value >= 0 else zero - length, top + (row - 9 * em) / 2, length, 9 * em)
        painter.fillRect(thick, self.colours.faint("ink", 0.72) if bar.is_pale else ink)
        if low < 0:
            painter.fillRect(QRectF(round(zero), top, 1, row), self.colours.colour("muted"))
        end = max(thick.right(), zero)
        if bar.interval is not None:
            end = max(end, self._paint_interval(painter, bar.interval, zero, each, top + row / 2))
        where = QRectF(end + 6, top, self.width() - end - 6, row)
        painter.setFont(scaled_font(self.font(), 12 / 13))
        draw_text(painter, where, bar.written, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))
        if bar.mark:
            where.setLeft(where.left() + text_width(painter.font(), bar.written + "  "))
            draw_text(painter, where, bar.mark, Qt.AlignmentFlag.AlignLeft, ink)

    def _paint_interval(self, painter: QPainter, interval: tuple[float, float], zero: float, each: float, y: float) -> float:
        left, right = zero + interval[0] * each, zero + interval[1] * each
        painter.setPen(sharp_pen(self.colours.colour("muted"), 1.5))
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        return right

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a bar."""
        index = int(event.position().y() / self._row())
        if 0 <= index < len(self._bars):
            self.clicked.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover."""
        index = int(event.position().y() / self._row())
        self._hover(index if 0 <= index < len(self._bars) else -1)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._hover(-1)

    def _hover(self, index: int) -> None:
        if index != self._over:
            self._over = index
            self.hovered.emit(index)
            self.update()
