"""A matrix of agents by agents, with a ring in each cell that is known to be right."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.plots.colours import contrast, table
from app.plots.heatmap import Array
from app.plots.matrix_plot import MatrixPlot

_LARGEST, _SHARE = 6.0, 0.28


class AgentMatrix(MatrixPlot):
    """Who is influenced (rows) by whom (columns)."""

    _rings: tuple[tuple[int, int], ...] = ()
    _values: Array | None = None

    @property
    def rings(self) -> tuple[tuple[int, int], ...]:
        """The cells that are known to be right: row and column."""
        return self._rings

    def show_pairs(self, values: Array, rings: tuple[tuple[int, int], ...]) -> None:
        """Draw `(row, column)` values and the rings."""
        self._values, self._rings = values, rings
        self.show_values(values)
        self.viewport().update()

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Add the rings, in whatever of ink and panel is seen on the cell."""
        super().paint_marks(painter, exposed)
        if self._values is None:
            return
        inks, bar = table(self.colours, "ramp"), self.colour_bar
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for row, column in self._rings:
            where = self.cell_rect(row, column)
            share = (float(self._values[row, column]) - bar.low) / (bar.high - bar.low)
            ground = QColor(*inks[round(min(max(share, 0.0), 1.0) * 255)].tolist()).name()
            is_ink = contrast(ground, self.colours.ink) >= contrast(ground, self.colours.panel)
            painter.setPen(QPen(self.colours.colour("ink" if is_ink else "panel"), 2))
            reach = min(_LARGEST * self.em(), _SHARE * where.width(), _SHARE * where.height())
            painter.drawEllipse(where.center(), reach, reach)
        painter.restore()
