"""The present step at the margin of a matrix over steps: one bar a row, on the rows of the matrix."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.plots.canvas import draw_text, scaled_font, unit
from app.plots.colours import Palette
from app.plots.heatmap import Array
from app.plots.matrix_plot import MatrixPlot

_WIDE = 46
_LEAST = 0.02
"""Bars shorter than this share of the scale are not drawn."""


class RowBars(QWidget):
    """Bars that run right from zero (left, where a value is negative); the largest one bears its number."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = palette
        self._plot: MatrixPlot | None = None
        self._values: Array | None = None
        self._limits = (0.0, 1.0)
        self._chosen: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours."""
        self.colours = palette
        self.update()

    def follow(self, plot: MatrixPlot) -> None:
        """Stand beside this matrix: its rows are the bars' rows."""
        self._plot = plot

    def set_limits(self, low: float, high: float) -> None:
        """Fix the scale."""
        if (low, high) != self._limits:
            self._limits = (low, high)
            self.update()

    def set_chosen(self, rows: tuple[int, ...]) -> None:
        """Mark rows as selected."""
        if rows != self._chosen:
            self._chosen = rows
            self.update()

    def show_row(self, values: Array | None) -> None:
        """Draw the values of one step, one a row; None draws nothing."""
        self._values = values
        self.update()

    def sizeHint(self) -> QSize:
        """A narrow column."""
        return QSize(round(_WIDE * unit(self.font())), 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The zero line, the bars, the number of the longest."""
        if self._plot is None or self._values is None or not self._plot.heatmap.rows:
            return
        painter = QPainter(self)
        field = self._plot.plot_rect()
        low, high = self._limits
        room = self.width() - 4
        each = room / max(high - min(low, 0.0), 1e-9)
        zero = -min(low, 0.0) * each
        painter.fillRect(QRectF(round(zero), field.top(), 1, field.height()), self.colours.colour("line"))
        values = np.nan_to_num(np.asarray(self._values, np.float64))
        rows = np.flatnonzero(np.abs(values) >= _LEAST * (high - low))
        chosen = np.isin(rows, self._chosen)
        painter.setPen(Qt.PenStyle.NoPen)
        for part, ink in ((rows[~chosen], self.colours.faint("ink", 0.75)), (rows[chosen], self.colours.colour("ink"))):
            painter.setBrush(ink)
            painter.drawRects(self._rects(part, values, zero, each, field))
        best = int(np.abs(values).argmax()) if values.size else 0
        if best in rows and (place := self._beside(best, rows, field)):
            self._paint_number(painter, best, float(values[best]), zero, place)
        painter.end()

    def _rects(self, rows: Array, values: Array, zero: float, each: float, field: QRectF) -> list[QRectF]:
        """Where the bars of these rows lie, as far as their rows are in view."""
        if self._plot is None:
            return []
        window = self._plot.window_shown()
        pitch = field.height() / window.height()
        height = max(min(pitch - 1, 12.0), 1.0)
        tops = field.top() + (rows + 0.5 - window.top()) * pitch - height / 2
        lengths = np.clip(np.abs(values[rows]) * each, 1.0, self.width() - 4)
        lefts = np.where(values[rows] >= 0, zero, np.maximum(zero - lengths, 0.0))
        seen = (rows >= window.top()) & (rows < window.bottom())
        places = zip(lefts[seen].tolist(), tops[seen].tolist(), lengths[seen].tolist(), strict=True)
        return [QRectF(left, top, length, height) for left, top, length in places]

    def _beside(self, row: int, rows: Array, field: QRectF) -> int:
        """Where the number of a bar finds no other bar: 1 below it, -1 above it, 0 nowhere."""
        if self._plot is None:
            return 0
        where, high = self._plot.cell_rect(row, -1), 14 * unit(self.font())
        covered = max(round(high / max(where.height(), 1.0)), 1)
        below = where.bottom() + high <= field.bottom() and not np.isin(rows, range(row + 1, row + 1 + covered)).any()
        above = where.top() - high >= field.top() and not np.isin(rows, range(row - covered, row)).any()
        return 1 if below else -1 if above else 0

    def _paint_number(self, painter: QPainter, row: int, value: float, zero: float, place: int) -> None:
        if self._plot is None:
            return
        where, em = self._plot.cell_rect(row, -1), unit(self.font())
        painter.setFont(scaled_font(self.font(), 11 / 13))
        top = where.bottom() + 1 if place > 0 else where.top() - 14 * em
        text = f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
        draw_text(
            painter, QRectF(zero + 2, top, self.width(), 13 * em), text, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted")
        )
