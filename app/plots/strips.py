"""Gates and units over steps: a named strip each, with the value of the present step beside it."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from app.plots.axes import Axis, step_axis
from app.plots.canvas import draw_text, text_width
from app.plots.colours import Palette
from app.plots.heatmap import Array
from app.plots.matrix_plot import MatrixPlot


class StripsPlot(MatrixPlot):
    """A matrix plot of unit x step whose rows have names, and whose present values stand at the right."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._values: Array = np.zeros((0, 0), np.float32)

    def show_strips(self, names: tuple[str, ...], values: Array, title: str = "") -> None:
        """Draw `(strip, step)` values, one named strip a row."""
        self._values = values
        self.set_axes(step_axis(), Axis(title=title, names=names))
        self.show_values(values)

    def set_cursor(self, column: int | None) -> None:
        """Stand the cursor on a step; the numbers at the right follow."""
        super().set_cursor(column)
        plot = self.plot_rect()
        self.viewport().update(QRectF(plot.right(), 0, self.width() - plot.right(), self.height()).toAlignedRect())

    def margins(self) -> tuple[float, float, float, float]:
        """Room for the values at the right."""
        left, top, right, bottom = super().margins()
        return left, top, right + text_width(self.face(), "\N{MINUS SIGN}0.00") + 4, bottom

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Keep the strips apart, and add the present values."""
        for row in range(1, len(self._values)):
            where = self.cell_rect(row, -1)
            if where.height() >= 14:
                painter.fillRect(QRectF(where.left(), where.top() - 2, where.width(), 4), self.colours.colour("panel"))
        super().paint_marks(painter, exposed)
        plot, column = self.plot_rect(), self.marks.cursor
        rows = len(self._values)
        if column is None or not rows or not 0 <= column < self._values.shape[1] or plot.height() / rows < 10 * self.em():
            return
        painter.setFont(self.face())
        for row in range(rows):
            value = float(self._values[row, column])
            where = self.cell_rect(row, -1)
            where.setLeft(plot.right() + 6)
            where.setRight(self.width() - 2)
            text = f"{value:.2f}".replace("-", "\N{MINUS SIGN}") if np.isfinite(value) else ""
            draw_text(painter, where, text, Qt.AlignmentFlag.AlignRight, self.colours.colour("ink"))
