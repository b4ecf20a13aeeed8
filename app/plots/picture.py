"""A picture with what is looked at in it: every pixel sharp, its regions veiled as far as they are not looked at."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from app.plots.axes import TICK_ROW, TITLE_ROW, Axis
from app.plots.canvas import draw_double_outline, draw_text, text_width
from app.plots.colours import Palette, contrast, table
from app.plots.heatmap import Array
from app.plots.matrix_plot import MatrixPlot

VEIL = 0.4
"""How much of a region that is not looked at at all is covered."""
_WRITTEN_FROM = 0.005
_PLATE = 0.65
"""The largest share of a region's width that a plate may take; of its height, half as much."""


class PicturePlot(MatrixPlot):
    """Regions are the cells of a matrix, so that pointer and arrows work as everywhere; the picture lies under them."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._picture = pg.ImageItem(axisOrder="row-major")
        self.scene().addItem(self._picture)
        self._looks: Array | None = None
        self._asked, self._is_veiled = -1, True
        self._size = (1, 1)
        self.heatmap.setVisible(False)
        self.marks.shows_gaps = False
        self.set_scale(0.0, 1.0, "ramp")

    def show_picture(self, pixels: Array, grid: tuple[int, int], looks: Array | None, asked: int) -> None:
        """Draw `(row, column, 3)` pixels in 0..1 with its regions; `looks`: their shares, `asked`: the one asked about."""
        self._looks, self._asked = looks, asked
        self._size = pixels.shape[1], pixels.shape[0]
        self._picture.setImage(np.rint(pixels * 255).astype(np.uint8), autoLevels=False, levels=(0, 255))
        shares = looks if looks is not None else np.zeros(grid[0] * grid[1], np.float32)
        self.show_values(np.asarray(shares, np.float32).reshape(grid))
        blank = Axis(title="attention" if looks is not None else "", names=("",) * grid[1]), Axis(title="", names=("",) * grid[0])
        self.set_axes(*blank)  # regions have their names where the pointer is
        self.set_bar_visible(looks is not None)
        self.refresh()

    def set_veiled(self, is_veiled: bool) -> None:
        """Cover what is not looked at and write the shares, or show the picture alone."""
        if is_veiled != self._is_veiled:
            self._is_veiled = is_veiled
            self.viewport().update()

    @property
    def is_veiled(self) -> bool:
        """Whether the attention is drawn over the picture."""
        return self._is_veiled and self._looks is not None

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def margins(self) -> tuple[float, float, float, float]:
        """As wide and high as the picture's shape allows, at the top."""
        least, below = 4.0, (TICK_ROW + TITLE_ROW + 4) * self.em() if self._looks is not None else 4.0
        room = max(self.width() - 2 * least, 1.0), max(self.height() - least - below, 1.0)
        scale = min(room[0] / self._size[0], room[1] / self._size[1])
        across, down = room[0] - scale * self._size[0], room[1] - scale * self._size[1]
        return least + across / 2, least, least + across / 2, below + down

    def place_items(self) -> None:
        """Lay the picture under its regions."""
        super().place_items()
        self._picture.setRect(self.plot_rect())

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """The veil, the lines between regions, their shares, the place that is asked about."""
        rows, columns = self.heatmap.rows, self.heatmap.columns
        if rows and self.is_veiled:
            for region in range(rows * columns):
                self._paint_veil(painter, region)
            self._paint_lines(painter)
        super().paint_marks(painter, exposed)
        if rows and self._asked >= 0:
            where = self._region(self._asked)
            draw_double_outline(painter, where.adjusted(2, 2, -2, -2), self.colours)
            self._paint_plate(painter, where, "asked", self.colours.colour("panel"), top=False)
        if rows and self.is_veiled and self._looks is not None:
            inks = table(self.colours, "ramp")
            for region in range(rows * columns):
                share = float(self._looks[region])
                if share < _WRITTEN_FROM:
                    continue
                ground = QColor(*inks[round(min(max(share, 0.0), 1.0) * 255)].tolist())
                self._paint_plate(painter, self._region(region), f"{share:.2f}", ground, top=True)

    def _paint_veil(self, painter: QPainter, region: int) -> None:
        share = float(self._looks[region]) if self._looks is not None else 1.0
        veil = self.colours.colour("panel")
        veil.setAlphaF(VEIL * (1 - min(max(share, 0.0), 1.0)))
        painter.fillRect(self._region(region), veil)

    def _paint_lines(self, painter: QPainter) -> None:
        plot, line = self.plot_rect(), self.colours.colour("muted")
        line.setAlphaF(0.5)
        for column in range(1, self.heatmap.columns):
            painter.fillRect(QRectF(round(self.cell_rect(0, column).left()), plot.top(), 1, plot.height()), line)
        for row in range(1, self.heatmap.rows):
            painter.fillRect(QRectF(plot.left(), round(self.cell_rect(row, 0).top()), plot.width(), 1), line)

    def _paint_plate(self, painter: QPainter, region: QRectF, text: str, ground: QColor, top: bool) -> None:
        """A word on a small plate in the corner of a region, readable on any picture."""
        painter.setFont(self.face())
        em = self.em()
        wide, high = text_width(painter.font(), text) + 8 * em, 15 * em
        if wide > _PLATE * region.width() or high > _PLATE / 2 * region.height():
            return
        edge = 5 if region.width() >= 80 * em else 2
        plate = QRectF(round(region.left() + edge), round(region.top() + edge), wide, high)
        if not top:
            plate.moveTop(round(region.bottom() - high - edge))
        ink = "ink" if contrast(ground.name(), self.colours.ink) >= contrast(ground.name(), self.colours.panel) else "panel"
        painter.fillRect(plate, ground)
        draw_text(painter, plate, text, Qt.AlignmentFlag.AlignHCenter, self.colours.colour(ink))

    def _region(self, region: int) -> QRectF:
        return self.cell_rect(*divmod(region, max(self.heatmap.columns, 1)))
