"""Hops over items: what each item says, how strongly every hop attends to it, and what is to be said of each hop as a whole."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QScrollArea, QWidget

from app.plots.axes import TICK_ROW, Axis
from app.plots.canvas import draw_text, text_width
from app.plots.colours import Palette, contrast, table
from app.plots.heatmap import Array
from app.plots.matrix_plot import MatrixPlot

_ROW = 21.0
_WIDEST_HOP = 74.0
_NARROWEST_HOP = 46.0
_WRITTEN_FROM = 0.005

Foot = tuple[tuple[str, tuple[str, ...]], ...]
"""Rows below the columns: what is said, and its text for each hop."""


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
        self._once_laid_out = QTimer(self, singleShot=True, interval=0)
        self._once_laid_out.timeout.connect(self._bring_what_matters)

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
        self._once_laid_out.start()

    def _bring_what_matters(self) -> None:
        """Of a story that is longer than the pane, show the items that a right answer needs, else the strongest one."""
        for item in self.matrix.what_matters():
            where = self.matrix.cell_rect(item, -1)
            self.ensureVisible(0, round(where.center().y()), 0, round(where.height()))

    def set_columns(self, names: Sequence[str], foot: Foot = ()) -> None:
        """Name the hops, and say something of each below its column."""
        self.matrix.set_columns(tuple(names), foot)

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
        self._names: tuple[str, ...] = ()
        self._foot: Foot = ()
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

    def set_columns(self, names: tuple[str, ...], foot: Foot) -> None:
        """Take the names of the hops and the rows below them."""
        if (names, foot) != (self._names, self._foot):
            self._names, self._foot = names, foot
            self.set_axes(Axis(title=names[0].rpartition(" ")[0] or names[0] if names else "hop", base=1), Axis(title=""))
            self.setMinimumHeight(self.minimumSizeHint().height())
            self.refresh()

    def what_matters(self) -> tuple[int, ...]:
        """The items that should be in view, the most important one last."""
        strongest = self._strongest()
        return tuple(sorted(self._supports)) or ((strongest,) if strongest >= 0 else ())

    def set_hop(self, hop: int | None) -> None:
        """Mark a hop."""
        if hop != self._hop:
            self._hop = hop
            self.viewport().update()

    def minimumSizeHint(self) -> QSize:
        """Every item keeps a readable row."""
        bottom = self._bottom()
        return QSize(160, round(len(self._items) * _ROW * self.em() + self._head_height() + bottom + 8))

    def margins(self) -> tuple[float, float, float, float]:
        """Room for the texts: as much as they need, while the hops keep enough for their numbers."""
        _, _, right, _ = super().margins()
        em, hops, top = self.em(), max(self._attention.shape[1], 1), self._head_height()
        bottom = self._bottom()
        narrowest = max(_NARROWEST_HOP * em, *(text_width(self.face(), name) + 8 * em for name in ("", *self._names)))
        font = self.face(small=False, weight=QFont.Weight.DemiBold)
        needed = max((text_width(font, item) for item in self._items), default=0.0) + 48 * em
        left = min(needed, max(self.width() - hops * narrowest - right, self.width() * 0.3))
        rows = len(self._items) * (_ROW + 6) * em
        return (
            left,
            top,
            max(right, self.width() - left - hops * max(_WIDEST_HOP * em, narrowest)),
            max(bottom, self.height() - top - rows),
        )

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Add texts, dots and numbers."""
        if self.heatmap.rows:
            self._paint_items(painter)
            self._paint_numbers(painter)
        super().paint_marks(painter, exposed)
        if self._hop is not None and 0 <= self._hop < self.heatmap.columns:
            column = self.cell_rect(-1, self._hop)
            painter.fillRect(QRectF(column.left() + 1, column.bottom() + 1, column.width() - 2, 2), self.colours.colour("ink"))

    def _head_height(self) -> float:
        return (TICK_ROW * self.em() if self._names else 0.0) + 4

    def _bottom(self) -> float:
        numbers = super().margins()[3]
        return numbers - TICK_ROW * self.em() + self._foot_height() if self._names else numbers

    def _foot_height(self) -> float:
        """What the rows below take, in place of the numbers of the columns, which stand above with their names."""
        return len(self._foot) * TICK_ROW * self.em() + (4 if self._foot else 0)

    def _paint_axes(self, painter: QPainter, plot: QRectF) -> None:
        """Names above the columns, what is said of them below, and the colour bar under that."""
        if not self._names:
            super()._paint_axes(painter, plot)
            return
        self._paint_foot(painter, plot, self._foot_height() + 4 * self.em())
        height, muted = TICK_ROW * self.em(), self.colours.colour("muted")
        for hop in range(self.heatmap.columns):
            column = self.cell_rect(-1, hop)
            if hop < len(self._names):
                where = QRectF(column.left() - 4, plot.top() - height - 2, column.width() + 8, height)
                draw_text(painter, where, self._names[hop], Qt.AlignmentFlag.AlignHCenter, muted)
            for row, (_, texts) in enumerate(self._foot):
                where = QRectF(column.left(), plot.bottom() + 4 + row * height, column.width(), height)
                draw_text(painter, where, texts[hop] if hop < len(texts) else "", Qt.AlignmentFlag.AlignHCenter, muted)
        for row, (title, _) in enumerate(self._foot):
            where = QRectF(0, plot.bottom() + 4 + row * height, plot.left() - 8, height)
            draw_text(painter, where, title, Qt.AlignmentFlag.AlignRight, muted)

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
