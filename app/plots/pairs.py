"""Pairs in memory as two lists, keys and values, and between them how much every hop takes: what matched, what was returned."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QScrollArea, QWidget

from app.plots.axes import TICK_ROW, Axis
from app.plots.canvas import draw_text, text_width
from app.plots.colours import Palette, contrast, table
from app.plots.heatmap import Array
from app.plots.matrix_plot import MatrixPlot

_ROW = 21.0
_WIDEST_HOP, _NARROWEST_HOP = 74.0, 42.0
_NUMBER = 28.0
_GUTTER = 22.0
"""Between the texts and the columns: the dot of the right pair on one side, the arrow to the value on the other."""
_WRITTEN_FROM = 0.005


@dataclass(frozen=True, slots=True)
class PairRow:
    """One row: the slot's number, its two texts, whether it is a candidate, and whether the right answer rests on it.

    A row without a number is a caption: its key goes across the whole width.
    """

    number: int
    key: str
    value: str = ""
    is_candidate: bool = True
    is_needed: bool = False

    @property
    def is_caption(self) -> bool:
        """Whether the row says something of those below."""
        return self.number < 0


class PairsPlot(QScrollArea):
    """A row a pair: key, a column for each hop, value. Pairs that are no candidates are grey. More of them can be scrolled."""

    hovered = Signal(int, int)
    """Row and hop under the pointer; -1, -1 when it leaves."""
    clicked = Signal(int, int, object)
    """Row, hop, and the keyboard modifiers held."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.matrix = PairMatrix(palette)
        self.matrix.hovered.connect(self.hovered)
        self.matrix.clicked.connect(self.clicked)
        self.setWidget(self.matrix)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("background: transparent;")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._once_laid_out = QTimer(self, singleShot=True, interval=0)
        self._once_laid_out.timeout.connect(self._bring_what_matters)

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours from now on."""
        self.matrix.set_palette(palette)

    def show_pairs(self, rows: Sequence[PairRow], weights: Array, names: Sequence[str], heads: tuple[str, str]) -> None:
        """Show the rows with their `(row, hop)` weights (NaN: none); `names` of the hops, `heads` of keys and values."""
        self.matrix.show_pairs(tuple(rows), weights, tuple(names), heads)
        self._once_laid_out.start()

    def set_selected(self, row: int | None, hop: int | None = None) -> None:
        """Outline one cell, a whole row, a whole column, or nothing; the row is scrolled into view."""
        self.matrix.set_selected(row, hop)
        if row is not None:
            self._bring(row)

    def set_hovered(self, row: int = -1, hop: int = -1) -> None:
        """Outline thinly what is hovered over in another pane."""
        self.matrix.set_hovered(row, hop)

    def set_hop(self, hop: int | None) -> None:
        """Mark the hop that the micro-step cursor stands at."""
        self.matrix.set_hop(hop)

    def _bring_what_matters(self) -> None:
        """What is taken most of; while nothing is asked, the pair that came last."""
        row = self.matrix.strongest()
        if row < 0 and not np.isfinite(self.matrix.weights).any():
            row = len(self.matrix.rows) - 1
        if row >= 0:
            self._bring(row)

    def _bring(self, row: int) -> None:
        where = self.matrix.cell_rect(row, -1)
        self.ensureVisible(0, round(where.center().y()), 0, round(where.height()))


class PairMatrix(MatrixPlot):
    """The matrix inside a `PairsPlot`, between its two lists."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(palette)
        self.rows: tuple[PairRow, ...] = ()
        self.weights: Array = np.zeros((0, 0), np.float32)
        self.names: tuple[str, ...] = ()
        self.hop: int | None = None
        self._heads = ("key", "value")
        self.set_axes(Axis(title="hop", base=1), Axis(title=""))

    def show_pairs(self, rows: tuple[PairRow, ...], weights: Array, names: tuple[str, ...], heads: tuple[str, str]) -> None:
        """Take rows and weights; the height follows the number of rows."""
        self.rows, self.weights, self.names, self._heads = rows, np.asarray(weights, np.float32), names, heads
        if names:
            self.set_axes(Axis(title=names[0].rpartition(" ")[0] or names[0], base=1), Axis(title=""))
        self.setMinimumHeight(self.minimumSizeHint().height())
        self.show_values(self.weights)
        self.refresh()

    def set_hop(self, hop: int | None) -> None:
        """Mark a hop: its weights are those that the arrows show."""
        if hop != self.hop:
            self.hop = hop
            self.viewport().update()

    def strongest(self) -> int:
        """The row of which the present hop takes most; -1 if it takes nothing."""
        column = np.nan_to_num(self._present_weights())
        return int(np.abs(column).argmax()) if column.size and np.abs(column).max() > 0 else -1

    def minimumSizeHint(self) -> QSize:
        """Every pair keeps a readable row."""
        return QSize(200, round(len(self.rows) * _ROW * self.em() + self._head() + super().margins()[3] + 8))

    def margins(self) -> tuple[float, float, float, float]:
        """Room for both lists: what they need, shared where that is too much, while the hops keep enough for their numbers."""
        em, hops, bottom = self.em(), max(len(self.names), 1), super().margins()[3]
        font, sides = self.face(small=False, weight=QFont.Weight.DemiBold), 2 * _GUTTER * em + _NUMBER * em
        pairs = [row for row in self.rows if not row.is_caption]
        keys = max((text_width(font, row.key) for row in pairs), default=0.0) + 6
        values = max((text_width(font, row.value) for row in pairs), default=0.0) + 6
        narrowest = max(_NARROWEST_HOP * em, *(text_width(self.face(), name) + 6 * em for name in ("", *self.names)))
        room = max(self.width() - sides - hops * narrowest, 80.0)
        share = min(1.0, room / max(keys + values, 1.0))
        if share < 1:
            values = min(values, max(values * share, room * 0.3))
            keys = room - values
        left = _NUMBER * em + keys + _GUTTER * em
        right = max(values + _GUTTER * em, self.width() - left - hops * max(_WIDEST_HOP * em, narrowest))
        used = len(self.rows) * (_ROW + 5) * em
        return left, self._head(), right, max(bottom, self.height() - self._head() - used)

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Add texts, arrows and numbers."""
        if self.heatmap.rows:
            self._paint_heads(painter)
            for index, row in enumerate(self.rows):
                self._paint_row(painter, index, row)
            self._paint_numbers(painter)
        super().paint_marks(painter, exposed)
        if self.hop is not None and 0 <= self.hop < self.heatmap.columns:
            column = self.cell_rect(-1, self.hop)
            painter.fillRect(QRectF(column.left() + 1, column.top() - 3, column.width() - 2, 2), self.colours.colour("ink"))

    # ---- the inside ----

    def _head(self) -> float:
        return TICK_ROW * self.em() + 8

    def _present_weights(self) -> Array:
        return self.weights[:, self.hop if self.hop is not None and self.hop < self.weights.shape[1] else -1]

    def _paint_heads(self, painter: QPainter) -> None:
        plot, em, muted = self.plot_rect(), self.em(), self.colours.colour("muted")
        height, top = TICK_ROW * em, plot.top() - TICK_ROW * em - 5
        painter.setFont(self.face())
        key, value = self._texts(QRectF(0, top, 0, height))
        for head, where, side in ((0, key, Qt.AlignmentFlag.AlignRight), (1, value, Qt.AlignmentFlag.AlignLeft)):
            whole = self._heads[head]
            fits = text_width(painter.font(), whole) <= where.width()
            draw_text(painter, where, whole if fits else whole.partition(":")[0], side, muted)
        for hop, name in enumerate(self.names):
            column = self.cell_rect(-1, hop)
            where = QRectF(column.left() - 4, top, column.width() + 8, height)
            draw_text(painter, where, name, Qt.AlignmentFlag.AlignHCenter, muted)

    def _texts(self, row: QRectF) -> tuple[QRectF, QRectF]:
        """Where a row's two texts stand."""
        plot, em = self.plot_rect(), self.em()
        key = QRectF(_NUMBER * em, row.top(), plot.left() - (_NUMBER + _GUTTER) * em, row.height())
        start = plot.right() + _GUTTER * em
        return key, QRectF(start, row.top(), max(self.width() - start - 4, 0.0), row.height())

    def _paint_row(self, painter: QPainter, index: int, row: PairRow) -> None:
        where, em, muted = self.cell_rect(index, -1), self.em(), self.colours.colour("muted")
        painter.setFont(self.face())
        if row.is_caption:
            centre, wanted = where.center().x(), text_width(painter.font(), row.key) / 2
            left = max(min(centre - wanted, self.width() - 4 - 2 * wanted), 0.0)
            whole = QRectF(left, where.top(), self.width() - left, where.height())
            draw_text(painter, whole, row.key, Qt.AlignmentFlag.AlignLeft, muted)
            return
        number = QRectF(0, where.top(), (_NUMBER - 8) * em, where.height())
        draw_text(painter, number, str(row.number), Qt.AlignmentFlag.AlignRight, muted)
        heavy = QFont.Weight.DemiBold if index == self.strongest() else QFont.Weight.Normal
        painter.setFont(self.face(small=False, weight=heavy))
        ink = self.colours.colour("ink") if row.is_candidate else muted
        key, value = self._texts(where)
        draw_text(painter, key, row.key, Qt.AlignmentFlag.AlignRight, ink)
        draw_text(painter, value, row.value, Qt.AlignmentFlag.AlignLeft, ink)
        if row.is_needed:
            self._paint_dot(painter, QPointF(self.plot_rect().left() - _GUTTER * em / 2, where.center().y()))
        weight = abs(float(np.nan_to_num(self._present_weights()[index])))
        if weight >= _WRITTEN_FROM:
            self._paint_arrow(painter, where, min(weight, 1.0), self.colours.colour("ink"))

    def _paint_dot(self, painter: QPainter, centre: QPointF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colours.colour("ink"))
        painter.drawEllipse(centre, 3 * self.em(), 3 * self.em())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_arrow(self, painter: QPainter, row: QRectF, weight: float, ink: QColor) -> None:
        """From the columns to the value, as thick as much is returned of it."""
        em, left = self.em(), self.plot_rect().right()
        start, end = QPointF(left + 4, row.center().y()), QPointF(left + (_GUTTER - 5) * em, row.center().y())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(ink, 1 + 2.2 * weight * em, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(start, end)
        reach = (3 + 1.5 * weight) * em
        painter.drawLine(end, QPointF(end.x() - reach, end.y() - reach))
        painter.drawLine(end, QPointF(end.x() - reach, end.y() + reach))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_numbers(self, painter: QPainter) -> None:
        painter.setFont(self.face())
        bar, palette = self.colour_bar, self.colours
        colours = table(palette, bar.scale)
        for row, column in np.argwhere(np.abs(np.nan_to_num(self.weights)) >= _WRITTEN_FROM).tolist():
            value = float(self.weights[row, column])
            share = min(max((value - bar.low) / (bar.high - bar.low), 0.0), 1.0)
            ground = "#{:02X}{:02X}{:02X}".format(*colours[round(share * 255)].tolist())
            ink = "ink" if contrast(ground, palette.ink) >= contrast(ground, palette.panel) else "panel"
            text = f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
            draw_text(painter, self.cell_rect(row, column), text, Qt.AlignmentFlag.AlignHCenter, palette.colour(ink))
