"""One row or column of a matrix as a curve at its margin, on the columns or rows of the matrix itself."""

from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.plots.canvas import draw_text, scaled_font, text_width, unit
from app.plots.colours import Palette
from app.plots.heatmap import Array
from app.plots.matrix_plot import MatrixPlot

Edge = Literal["above", "right"]
_WIDE, _HIGH, _TITLE = 92, 58, 16


class MarginCurve(QWidget):
    """Above a matrix: a row of it, high values up. At its right, as high as both: a column of it, high values to the right."""

    def __init__(self, palette: Palette, plot: MatrixPlot, edge: Edge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = palette
        self._plot, self._edge = plot, edge
        self._values: Array = np.zeros(0, np.float32)
        self._top, self._cursor, self._title = 1.0, -1, ""
        along, across = QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed
        self.setSizePolicy(*((along, across) if edge == "above" else (across, along)))

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours."""
        self.colours = palette
        self.update()

    def show_curve(self, title: str, values: Array, top: float, cursor: int) -> None:
        """Draw values from 0 to `top`; NaN leaves a gap; a dot stands at `cursor`."""
        self._title, self._values, self._top, self._cursor = title, values, max(top, 1e-9), cursor
        self.update()

    @property
    def title(self) -> str:
        """What the curve is."""
        return self._title

    @property
    def values(self) -> Array:
        """What is drawn."""
        return self._values

    def sizeHint(self) -> QSize:
        """A narrow strip."""
        em = unit(self.font())
        return QSize(round(_WIDE * em), round(_HIGH * em))

    def minimumSizeHint(self) -> QSize:
        """May become as short as its matrix."""
        hint = self.sizeHint()
        return QSize(40, hint.height()) if self._edge == "above" else QSize(hint.width(), 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Base line, curve, the dot where the cursor stands, title and limit."""
        painter = QPainter(self)
        painter.setFont(scaled_font(self.font(), 11 / 13))
        field = self._field()
        if self._edge == "above":
            base = QRectF(field.left(), field.bottom(), field.width(), 1)
        else:
            base = QRectF(field.left(), field.top(), 1, field.height())
        painter.fillRect(base, self.colours.colour("line"))
        self._paint_words(painter, field)
        self._paint_curve(painter, field)
        painter.end()

    def _field(self) -> QRectF:
        """Where the curve lies: along the matrix, and across from 0 to the limit."""
        em, plot = unit(self.font()), self._plot.plot_rect()
        if self._edge == "above":
            top = _TITLE * em
            return QRectF(plot.left(), top, plot.width(), max(self.height() - top - 6, 8))
        return QRectF(8, plot.top() + self._plot.y() - self.y(), max(self.width() - 18, 8), plot.height())

    def _points(self, field: QRectF) -> list[QPointF | None]:
        window = self._plot.window_shown()
        first, size = (window.left(), window.width()) if self._edge == "above" else (window.top(), window.height())
        found: list[QPointF | None] = []
        for place, value in enumerate(self._values.tolist()):
            along = (place + 0.5 - first) / size
            share = min(max(value / self._top, 0.0), 1.0) if np.isfinite(value) else None
            if share is None or not 0 <= along <= 1:
                found.append(None)
            elif self._edge == "above":
                found.append(QPointF(field.left() + along * field.width(), field.bottom() - share * field.height()))
            else:
                found.append(QPointF(field.left() + share * field.width(), field.top() + along * field.height()))
        return found

    def _paint_curve(self, painter: QPainter, field: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        ink = self.colours.colour("ink")
        points = self._points(field)
        line = QPolygonF()
        for point in (*points, None):
            if point is not None:
                line.append(point)
            elif line.size():
                _draw(painter, line, ink)
                line = QPolygonF()
        here = points[self._cursor] if 0 <= self._cursor < len(points) else None
        if here is not None:
            painter.setPen(QPen(self.colours.colour("panel"), 1.5))
            painter.setBrush(ink)
            painter.drawEllipse(here, 4, 4)

    def _paint_words(self, painter: QPainter, field: QRectF) -> None:
        muted, em = self.colours.colour("muted"), unit(self.font())
        limit = f"{self._top:g}"
        if self._edge == "above":
            draw_text(painter, QRectF(field.left(), 0, field.width(), 15 * em), self._title, Qt.AlignmentFlag.AlignLeft, muted)
            for text, y in (("0", field.bottom()), (limit, field.top())):
                draw_text(painter, QRectF(0, y - 7 * em, field.left() - 6, 14 * em), text, Qt.AlignmentFlag.AlignRight, muted)
            return
        low, high = field.bottom() + 3, 15 * em
        draw_text(painter, QRectF(field.left() - 3, low, 20, high), "0", Qt.AlignmentFlag.AlignLeft, muted)
        wide = text_width(painter.font(), limit)
        draw_text(painter, QRectF(field.right() - wide + 3, low, wide + 2, high), limit, Qt.AlignmentFlag.AlignRight, muted)
        if field.top() > high:
            above = QRectF(field.left(), 0, self.width(), high)
            draw_text(painter, above, self._title, Qt.AlignmentFlag.AlignLeft, muted)


def _draw(painter: QPainter, line: QPolygonF, ink: QColor) -> None:
    """A curve; where there is only one point, a dot."""
    if line.size() > 1:
        painter.setPen(QPen(ink, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(line)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(line.at(0), 2, 2)
