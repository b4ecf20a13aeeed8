"""Hops over items: what each item says, and how strongly every hop attends to it."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QScrollArea, QWidget

from app.plots.axes import Axis
from app.plots.canvas import draw_text, text_width
from app.plots.colours import Palette, contrast, table
from app.plots.heatmap import Array
from app.plots.matrix_plot import MatrixPlot

_ROW = 21.0
_WIDEST_HOP = 74.0
_WRITTEN_FROM = 0.005


class HopsPlot(QScrollArea):
    """One row an item with its text, one column a hop, the attention as ink and as a number. Supports carry a dot.

    More items than there is room for can be scrolled.
    """

    hovered = Signal(int, int)
    """Item and hop under the pointer; -1, -1 when it leaves."""
    clicked = Signal(int, int, object)
    """Item, hop, and the keyboard modifiers held."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix = HopMatrix(palette)
        self.matrix.hovered.connect(self.hovered)
        self.matrix.clicked.connect(self.clicked)
        self.setWidget(self.matrix)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("background: transparent;")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours from now on."""
        self.matrix.set_palette(palette)

    def show_hops(
        self, items: Sequence[str], attention: Array, supports: Sequence[int] = (), numbers: Sequence[int] = ()
    ) -> None:
        """Show `(item, hop)` attention beside the items' texts; `supports` are the items that a right answer needs.

        `numbers` stand before the texts: the slots of the items; without them, the items are counted from 1.
        """
        self.matrix.show_hops(tuple(items), attention, frozenset(supports), tuple(numbers))

    def set_selected(self, item: int | None, hop: int | None = None) -> None:
        """Outline one cell, a whole row, a whole column, or nothing; the row is scrolled into view."""
        self.matrix.set_selected(item, hop)
        if item is not None:
            where = self.matrix.cell_rect(item, -1)
            self.ensureVisible(0, round(where.center().y()), 0, round(where.height()))

    def set_hovered(self, item: int = -1, hop: int = -1) -> None:
        """Outline thinly what is hovered over in another pane."""
        self.matrix.set_hovered(item, hop)

    def set_hop(self, hop: int | None) -> None:
        """Mark the hop that the micro-step cursor stands at."""
        self.matrix.set_hop(hop)

    def show_message(self, text: str) -> None:
        """Show a sentence instead of hops."""
        self.matrix.show_message(text)


class HopMatrix(MatrixPlot):
    """The matrix inside a `HopsPlot`."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(palette)
        self._items: tuple[str, ...] = ()
        self._numbers: tuple[int, ...] = ()
        self._attention: Array = np.zeros((0, 0), np.float32)
        self._supports: frozenset[int] = frozenset()
        self._hop: int | None = None
        self.set_axes(Axis(title="hop", base=1), Axis(title=""))

    def show_hops(
        self, items: tuple[str, ...], attention: Array, supports: frozenset[int], numbers: tuple[int, ...] = ()
    ) -> None:
        """Take items and attention; the height follows the number of items."""
        self._numbers = numbers or tuple(range(1, len(items) + 1))
        self._items, self._attention, self._supports = items, np.asarray(attention, np.float32), supports
        self.setMinimumHeight(self.minimumSizeHint().height())
        self.show_values(self._attention)
        self.refresh()

    def set_hop(self, hop: int | None) -> None:
        """Mark a hop."""
        if hop != self._hop:
            self._hop = hop
            self.viewport().update()

    def minimumSizeHint(self) -> QSize:
        """Every item keeps a readable row."""
        return QSize(160, round(len(self._items) * _ROW * self.em() + super().margins()[3] + 8))

    def margins(self) -> tuple[float, float, float, float]:
        """Room for the texts: as much as they need, while the hops keep enough for their numbers."""
        _, top, right, bottom = super().margins()
        em, hops = self.em(), max(self._attention.shape[1], 1)
        font = self.face(small=False, weight=QFont.Weight.DemiBold)
        needed = max((text_width(font, item) for item in self._items), default=0.0) + 48 * em
        left = min(needed, max(self.width() - hops * 46 * em - right, self.width() * 0.3))
        rows = len(self._items) * (_ROW + 6) * em
        return left, top, max(right, self.width() - left - hops * _WIDEST_HOP * em), max(bottom, self.height() - top - rows)

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Add texts, dots and numbers."""
        if self.heatmap.rows:
            self._paint_items(painter)
            self._paint_numbers(painter)
        super().paint_marks(painter, exposed)
        if self._hop is not None and 0 <= self._hop < self.heatmap.columns:
            column = self.cell_rect(-1, self._hop)
            painter.fillRect(QRectF(column.left() + 1, column.bottom() + 1, column.width() - 2, 2), self.colours.colour("ink"))

    def _paint_items(self, painter: QPainter) -> None:
        plot, em = self.plot_rect(), self.em()
        strongest = self._strongest()
        for index, item in enumerate(self._items):
            row = self.cell_rect(index, -1)
            painter.setFont(self.face())
            number = QRectF(0, row.top(), 22 * em, row.height())
            draw_text(painter, number, str(self._numbers[index]), Qt.AlignmentFlag.AlignRight, self.colours.colour("muted"))
            heavy = QFont.Weight.DemiBold if index == strongest else QFont.Weight.Normal
            painter.setFont(self.face(small=False, weight=heavy))
            where = QRectF(30 * em, row.top(), plot.left() - 48 * em, row.height())
            draw_text(painter, where, item, Qt.AlignmentFlag.AlignLeft, self.colours.colour("ink"))
            if index in self._supports:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.colours.colour("ink"))
                painter.drawEllipse(QPointF(plot.left() - 9 * em, row.center().y()), 3 * em, 3 * em)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _strongest(self) -> int:
        column = self._attention[:, self._hop if self._hop is not None else -1]
        return int(np.nan_to_num(column).argmax()) if column.size else -1

    def _paint_numbers(self, painter: QPainter) -> None:
        painter.setFont(self.face())
        bar, low = self.colour_bar, self.colours
        colours = table(low, bar.scale)
        for row, column in np.argwhere(np.abs(self._attention) >= _WRITTEN_FROM).tolist():
            value = float(self._attention[row, column])
            share = min(max((value - bar.low) / (bar.high - bar.low), 0.0), 1.0)
            ground = "#{:02X}{:02X}{:02X}".format(*colours[round(share * 255)].tolist())
            ink = "ink" if contrast(ground, low.ink) >= contrast(ground, low.panel) else "panel"
            text = f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
            draw_text(painter, self.cell_rect(row, column), text, Qt.AlignmentFlag.AlignHCenter, self.colours.colour(ink))
