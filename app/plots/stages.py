"""The stages of an address: one weighting under the other, from what is looked for to where the head ends up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QWidget

from app.plots.axes import TICK_ROW, Axis, paint_x_numbers
from app.plots.canvas import Canvas, draw_double_outline, draw_text, sharp_pen, text_width
from app.plots.colour_bar import ColourBar
from app.plots.colours import Palette, Scale, table
from app.plots.heatmap import Array, Heatmap

_ROOMY_CELL = 15.0
_TALLEST_ROW = 40.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """One stage: its name, the number that governs it ("0.04"), and the weighting that it leaves, one number a slot."""

    name: str
    number: str = ""
    weighting: Array


class StagesPlot(Canvas):
    """Rows of cells over slots, under one axis. In a narrow place it shows the slots around the final one."""

    stage_chosen = Signal(int)
    """The index of the stage that was pressed."""
    slot_clicked = Signal(int)
    slot_hovered = Signal(int)
    """The slot under the pointer; -1 when it leaves."""

    def __init__(self, palette: Palette, parent: QWidget | None = None, is_close: bool = False) -> None:
        super().__init__(palette, parent)
        self._is_close = is_close
        self._stages: tuple[Stage, ...] = ()
        self._present = -1
        self._slot: int | None = None
        self._window = (0, 1)
        self._over = -1
        self._maps: list[tuple[QGraphicsRectItem, Heatmap]] = []
        self.axis = Axis(title="slot")
        self.colour_bar = ColourBar()

    # -- what to show ---------------------------------------------------------------------------------------------------------

    def show_stages(self, stages: Sequence[Stage]) -> None:
        """Draw these stages, the first on top."""
        resized = len(stages) != len(self._stages)
        self._stages = tuple(stages)
        while len(self._maps) > len(stages):
            self.scene().removeItem(self._maps.pop()[0])
        while len(self._maps) < len(stages):
            self._maps.append(self._make_map())
        for stage, (_, image) in zip(self._stages, self._maps, strict=True):
            image.show_values(np.asarray(stage.weighting, np.float32)[None, :], self.colour_bar.low, self.colour_bar.high)
        if resized:
            self.updateGeometry()
        self.refresh()

    def set_scale(self, low: float, high: float, scale: Scale = "ramp") -> None:
        """Fix the limits and the colours; `show_stages` draws on them from the next call on."""
        bar = ColourBar(low, high, scale)
        if bar != self.colour_bar:
            self.colour_bar = bar
            self.recolour()
            self.viewport().update()

    def set_present(self, stage: int | None) -> None:
        """Mark the stage that the micro-step cursor stands at."""
        self._present = -1 if stage is None else stage
        self.viewport().update()

    def set_slot(self, slot: int | None) -> None:
        """Outline one slot in every stage."""
        if slot != self._slot:
            self._slot = slot
            self.viewport().update()

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def slots_shown(self) -> tuple[int, int]:
        """The first slot in view, and the one after the last."""
        count = len(self._stages[0].weighting) if self._stages else 0
        fits = int(self.plot_rect().width() / (_ROOMY_CELL * self.em()))
        if not self._is_close or count <= max(fits, 1):
            return 0, max(count, 1)
        final = np.nan_to_num(np.asarray(self._stages[-1].weighting, float))
        first = min(max(int(final.argmax()) - fits // 2, 0), count - fits)
        return first, first + fits

    def row_rect(self, stage: int) -> QRectF:
        """Where the cells of a stage lie."""
        plot, count = self.plot_rect(), max(len(self._stages), 1)
        pitch = min(plot.height() / count, (_TALLEST_ROW + 10) * self.em())
        return QRectF(plot.left(), plot.top() + round(stage * pitch), plot.width(), max(round(pitch * 0.72), 4))

    def margins(self) -> tuple[float, float, float, float]:
        """Room for the names and numbers at the left, and the axis below."""
        left = max((text_width(self.face(), _label(stage)) for stage in self._stages), default=30.0) + 14
        return left, 2.0, 4.0, (TICK_ROW + (18 if not self._is_close else 2)) * self.em()

    def sizeHint(self) -> QSize:
        """27 pixels a stage, and the axis."""
        return QSize(260, round(len(self._stages) * 27 * self.em() + self.margins()[3] + 4))

    def minimumSizeHint(self) -> QSize:
        """The stages keep a readable height."""
        return QSize(120, round(len(self._stages) * 18 * self.em() + self.margins()[3]))

    def place_items(self) -> None:
        """Fit each stage's image to its row."""
        self._window = self.slots_shown()
        first, last = self._window
        for index, (field, image) in enumerate(self._maps):
            where = self.row_rect(index)
            across = where.width() / (last - first)
            field.setRect(QRectF(first, 0, last - first, 1))
            field.setTransform(QTransform(across, 0, 0, where.height(), where.left() - first * across, where.top()))
            if image.rows:
                image.fit(across, where.height())

    def recolour(self) -> None:
        """Take the table of the palette."""
        for _, image in self._maps:
            image.set_table(table(self.colours, self.colour_bar.scale))

    def _make_map(self) -> tuple[QGraphicsRectItem, Heatmap]:
        field = QGraphicsRectItem()
        field.setPen(Qt.PenStyle.NoPen)
        field.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape)
        image = Heatmap(table(self.colours, self.colour_bar.scale), gathering="max")
        image.setParentItem(field)
        self.scene().addItem(field)
        return field, image

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Names and numbers, gaps between slots, the axis, the chosen slot."""
        if not self._stages:
            return
        first, last = self._window
        each = self.plot_rect().width() / (last - first)
        for index, stage in enumerate(self._stages):
            self._paint_row(painter, index, stage, each)
        muted = self.colours.colour("muted")
        painter.setFont(self.face())
        painter.setPen(muted)
        bottom = self.row_rect(len(self._stages) - 1).bottom()
        plot = self.plot_rect()
        plot.setBottom(bottom)
        paint_x_numbers(painter, plot, (first, last), len(self._stages[0].weighting), self.axis)
        title = QRectF(0, bottom + 3, plot.left() - 14, TICK_ROW * self.em())
        draw_text(painter, title, self.axis.title, Qt.AlignmentFlag.AlignLeft, muted)
        if not self._is_close:
            foot = QRectF(plot.left(), bottom + TICK_ROW * self.em() + 2, plot.width(), 16 * self.em())
            self.colour_bar.paint(painter, foot, self.colours, self.face())

    def _paint_row(self, painter: QPainter, index: int, stage: Stage, each: float) -> None:
        where, first = self.row_rect(index), self._window[0]
        is_present = index == self._present
        painter.setFont(self.face(weight=QFont.Weight.DemiBold if is_present else QFont.Weight.Normal))
        name = QRectF(2, where.top(), where.left() - 12, where.height())
        draw_text(painter, name, _label(stage), Qt.AlignmentFlag.AlignLeft, self.colours.colour("ink" if is_present else "muted"))
        if each >= 4:
            painter.setPen(sharp_pen(self.colours.colour("panel"), 1))
            for slot in range(1, self._window[1] - first):
                x = round(where.left() + slot * each)
                painter.drawLine(QPointF(x, where.top()), QPointF(x, where.bottom() - 1))
        if self._slot is not None and first <= self._slot < self._window[1]:
            left = round(where.left() + (self._slot - first) * each)
            draw_double_outline(painter, QRectF(left, where.top(), max(round(each), 3), where.height()), self.colours)

    # -- the pointer ----------------------------------------------------------------------------------------------------------

    def _slot_at(self, position: QPointF) -> int:
        plot, (first, last) = self.plot_rect(), self._window
        if not plot.contains(position):
            return -1
        return min(int(first + (position.x() - plot.left()) / plot.width() * (last - first)), last - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the slot in its stage, or a stage by its name."""
        rows = (self.row_rect(index) for index in range(len(self._stages)))
        stage = next((i for i, r in enumerate(rows) if r.top() - 4 <= event.position().y() < r.bottom() + 4), None)
        if stage is not None:
            self.stage_chosen.emit(stage)
        slot = self._slot_at(event.position())
        if slot >= 0:
            self.slot_clicked.emit(slot)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover."""
        slot = self._slot_at(event.position())
        if slot != self._over:
            self._over = slot
            self.slot_hovered.emit(slot)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        if self._over >= 0:
            self._over = -1
            self.slot_hovered.emit(-1)


def _label(stage: Stage) -> str:
    return f"{stage.name} {stage.number}".strip()
