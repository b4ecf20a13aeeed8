"""One row of a matrix as bars that stand over its columns: where the present step looks."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.plots.canvas import draw_text, scaled_font, text_width, unit
from app.plots.colours import Palette
from app.plots.heatmap import Array
from app.plots.matrix_plot import MatrixPlot

_HIGH = 46
_ROOM_ABOVE = 14
"""Pixels over the longest possible bar, for its number."""
_LEAST = 0.02
"""Bars shorter than this share of the scale are not drawn."""


class ColumnBars(QWidget):
    """Bars that rise from zero (hang down where a value is negative); the largest bears its number, the margin a name."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = palette
        self._plot: MatrixPlot | None = None
        self._values: Array | None = None
        self._limits = (0.0, 1.0)
        self._chosen: tuple[int, ...] = ()
        self._name, self._message = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def message(self) -> str:
        """What is said where there are no bars."""
        return self._message

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours."""
        self.colours = palette
        self.update()

    def follow(self, plot: MatrixPlot) -> None:
        """Stand over this matrix: its columns are the bars' columns."""
        self._plot = plot

    def set_limits(self, low: float, high: float) -> None:
        """Fix the scale."""
        if (low, high) != self._limits:
            self._limits = (low, high)
            self.update()

    def set_chosen(self, columns: tuple[int, ...]) -> None:
        """Mark columns as selected."""
        if columns != self._chosen:
            self._chosen = columns
            self.update()

    def show_row(self, values: Array | None, name: str = "", message: str = "") -> None:
        """Draw one value a column under a name in the margin; a message stands in place of the bars where there are none."""
        self._values, self._name, self._message = values, name, message
        self.update()

    def room_for(self, name: str) -> float:
        """How much margin a name needs."""
        return text_width(scaled_font(self.font(), 11 / 13), name) + 12

    def sizeHint(self) -> QSize:
        """A low band."""
        return QSize(120, round(_HIGH * unit(self.font())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The zero line, the bars, the number of the longest, the name at the left."""
        if self._plot is None or not self._plot.heatmap.rows:
            return
        painter = QPainter(self)
        field, muted = self._field(), self.colours.colour("muted")
        painter.setFont(scaled_font(self.font(), 11 / 13))
        left = QRectF(0, field.bottom() - 15 * unit(self.font()), field.left() - 7, 15 * unit(self.font()))
        draw_text(painter, left, self._name, Qt.AlignmentFlag.AlignRight, self.colours.colour("ink"))
        painter.fillRect(QRectF(field.left(), round(self._zero(field)), field.width(), 1), self.colours.colour("line"))
        if self._message or self._values is None:
            draw_text(painter, field, self._message, Qt.AlignmentFlag.AlignCenter, muted)
        else:
            self._paint_bars(painter, self._values, field)
        painter.end()

    def _field(self) -> QRectF:
        """Where bars can be: the columns of the matrix, between the room for numbers and the foot."""
        plot = QRectF() if self._plot is None else self._plot.plot_rect()
        above = _ROOM_ABOVE * unit(self.font())
        return QRectF(plot.left(), above, plot.width(), self.height() - above - 2)

    def _zero(self, field: QRectF) -> float:
        low, high = self._limits
        return field.bottom() + min(low, 0.0) / max(high - min(low, 0.0), 1e-9) * field.height()

    def _paint_bars(self, painter: QPainter, values: Array, field: QRectF) -> None:
        low, high = self._limits
        zero, each = self._zero(field), field.height() / max(high - min(low, 0.0), 1e-9)
        known = np.nan_to_num(np.asarray(values, np.float64))
        columns = np.flatnonzero(np.abs(known) >= _LEAST * (high - low))
        chosen = np.isin(columns, self._chosen)
        painter.setPen(Qt.PenStyle.NoPen)
        for part, ink in ((columns[~chosen], self.colours.faint("ink", 0.75)), (columns[chosen], self.colours.colour("ink"))):
            painter.setBrush(ink)
            painter.drawRects(self._rects(part, known, zero, each, field))
        best = int(np.abs(known).argmax()) if known.size else 0
        if best in columns:
            self._paint_number(painter, best, float(known[best]), zero, each)

    def _rects(self, columns: Array, values: Array, zero: float, each: float, field: QRectF) -> list[QRectF]:
        """Where the bars of these columns lie, as far as their columns are in view."""
        if self._plot is None:
            return []
        window = self._plot.window_shown()
        pitch = field.width() / window.width()
        width = max(min(pitch - 1, 12.0), 1.0)
        lefts = field.left() + (columns + 0.5 - window.left()) * pitch - width / 2
        lengths = np.clip(np.abs(values[columns]) * each, 1.0, field.height())
        tops = np.where(values[columns] >= 0, zero - lengths, zero)
        seen = (columns >= window.left()) & (columns < window.right())
        places = zip(lefts[seen].tolist(), tops[seen].tolist(), lengths[seen].tolist(), strict=True)
        return [QRectF(left, top, width, length) for left, top, length in places]

    def _paint_number(self, painter: QPainter, column: int, value: float, zero: float, each: float) -> None:
        if self._plot is None:
            return
        em, text = unit(self.font()), f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
        width = text_width(painter.font(), text) + 2
        middle = self._plot.cell_rect(-1, column).center().x()
        left = min(max(middle - width / 2, 0.0), self.width() - width)
        top = max(zero - max(value, 0.0) * each - 13 * em, 0.0)
        draw_text(painter, QRectF(left, top, width, 13 * em), text, Qt.AlignmentFlag.AlignHCenter, self.colours.colour("muted"))
