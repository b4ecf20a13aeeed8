"""What was decided over a stream: each sample at its best success, a triangle where it was stored, the threshold across."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.plots.axes import Axis
from app.plots.canvas import draw_cross
from app.plots.colours import Palette
from app.plots.curve import Band, CurvePlot, Line
from app.plots.heatmap import Array
from app.plots.signs import draw_write

Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

_MOST_MARKS = 3000


class DecisionPlot(CurvePlot):
    """A mark for each sample at the height of its best success: triangle stored, small ring refused, cross turned away."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._best: Array = np.zeros(0)
        self._stored: Mask = np.zeros(0, bool)
        self._full: Mask = np.zeros(0, bool)
        self._threshold: Array = np.zeros(0)
        self.names_bands_above = True
        self.set_limits(0.0, 1.0)

    def show_decisions(
        self, best: Array, threshold: Array, stored: Mask, full: Mask, counted: str, bands: Sequence[Band] = ()
    ) -> None:
        """Draw `(step,)` of each; `counted` says what runs along."""
        self._best, self._threshold, self._stored, self._full = best, threshold, stored, full
        self.set_axes(Axis(title=counted, base=1, binary=False), "success")
        self.set_x_limits(0, max(len(best) - 1, 1))
        places = np.arange(len(best))
        self.show_lines(
            [Line(x=places, y=np.where(np.isfinite(threshold), threshold, np.nan), style=Qt.PenStyle.DashLine, width=1.2)]
        )
        self.set_bands(bands)

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """The marks under axes and cursor."""
        count = len(self._best)
        stride = max(1, count // _MOST_MARKS)
        seen = self._exposed(exposed)
        refused = seen[~self._stored[seen] & ~self._full[seen] & (seen % stride == 0)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        muted, ink, em = self.colours.colour("muted"), self.colours.colour("ink"), self.em()
        painter.setPen(QPen(muted, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index in refused.tolist():
            painter.drawEllipse(self._at(index), 1.8 * em, 1.8 * em)
        for index in seen[self._stored[seen]].tolist():
            draw_write(painter, self._at(index), 4.2 * em, ink)
        for index in seen[self._full[seen]].tolist():
            draw_cross(painter, self._at(index), 3 * em, ink)
        painter.restore()
        super().paint_marks(painter, exposed)

    def _exposed(self, exposed: QRectF) -> Array:
        """The samples whose marks reach into what is painted: while the cursor moves, a few."""
        plot, (first, last) = self.plot_rect(), self.x_limits()
        each, reach = (last - first) / plot.width(), 8 * self.em()
        low = max(int((exposed.left() - reach - plot.left()) * each), 0)
        high = min(int((exposed.right() + reach - plot.left()) * each) + 2, len(self._best))
        return np.arange(low, max(high, low))

    def _at(self, index: int) -> QPointF:
        return self.to_pixels(index, float(self._best[index]))
