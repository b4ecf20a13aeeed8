"""A grid of thumbnails, one a slot. Only those in view are ever drawn: 100,000 slots cost no more than 50."""

import math
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPaintEngine, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.plots.canvas import Canvas, draw_double_outline, draw_text, sharp_pen, text_width
from app.plots.colours import Palette
from app.plots.kept import Kept
from app.plots.signs import draw_write

Slots = np.ndarray[tuple[int, ...], np.dtype[Any]]
SIDE, GAP = 58, 6
"""Pixels of a thumbnail's height, and between two of them, at the standard size of type."""
SMALLEST, LARGEST, LARGEST_BY_ITSELF = 34, 160, 104
ROOM_FOR_NUMBER = 44
_NUMBER = 12
_CACHED = 1500


class ThumbnailCanvas(Canvas):
    """Places and paints; what answers the reader is `Thumbnails`. Arrays in, pixels out."""

    moved = Signal()
    """Another part is in view, or there is more or less of it."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._slots: Slots = np.zeros(0, int)
        self._kept: Kept | None = None
        self._is_same: object = None
        self._ranks: Mapping[int, int] = {}
        self._new = self._over = -1
        self._chosen: tuple[int, ...] = ()
        self._top, self._count, self._zoom = 0, 0, 1.0
        self._message = ""
        self._pictures: OrderedDict[tuple[object, ...], QPixmap] = OrderedDict()

    # -- what to show ---------------------------------------------------------------------------------------------------------

    def set_kept(self, kept: Kept, is_same: object, count: int) -> None:
        """What there is to draw of each slot. `is_same`: what was drawn for the same object is drawn again without a look.
        `count`: how many slots there will ever be; where they all fit, the thumbnails are larger.
        """
        self._count = count
        if self._is_same is not is_same:
            self._pictures.clear()
        self._kept, self._is_same = kept, is_same
        self.viewport().update()

    def show_slots(self, slots: Slots, message: str = "") -> None:
        """Show these slots in this order; where there is none, the message."""
        self._slots, self._message = slots, message
        self._top = min(self._top, self.last_top)
        self.moved.emit()
        self.viewport().update()

    def set_marks(self, ranks: Mapping[int, int], new: int, chosen: tuple[int, ...], over: int) -> None:
        """`ranks`: the place of each retrieved slot, from 1; `new`: the slot written now, or -1; `over`: the one hovered."""
        if (ranks, new, chosen, over) != (self._ranks, self._new, self._chosen, self._over):
            self._ranks, self._new, self._chosen, self._over = dict(ranks), new, chosen, over
            self.viewport().update()

    @property
    def slots(self) -> Slots:
        """The slots that are listed."""
        return self._slots

    @property
    def in_view(self) -> Slots:
        """The slots whose thumbnails are drawn."""
        return self._slots[self._top * self.columns : (self._top + self.rows_in_view + 1) * self.columns]

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def cell(self) -> tuple[float, float]:
        """Width and height of a thumbnail."""
        high = self._side(self._zoom) * self.em()
        return high * self._shape, high

    @property
    def _shape(self) -> float:
        return min(max(self._kept.shape if self._kept is not None else 1.0, 0.8), 2.4)

    def _side(self, zoom: float) -> float:
        """The height of a thumbnail at the standard size of type: as large as lets all slots fit, within bounds."""
        room = max(self.width() - 8, 1) * max(self.height() - 8, 1)
        fits = math.sqrt(room / max(self._count, 1) / self._shape) / self.em() * 0.85 - GAP
        return min(max(fits, SIDE), LARGEST_BY_ITSELF) * zoom

    @property
    def columns(self) -> int:
        """Thumbnails beside each other."""
        return max(int((self.width() - 4 + GAP) / (self.cell()[0] + GAP)), 1)

    @property
    def rows(self) -> int:
        """Rows in all."""
        return -(-len(self._slots) // self.columns)

    @property
    def rows_in_view(self) -> int:
        """Whole rows that fit."""
        return max(int((self.height() - 4 + GAP) / (self.cell()[1] + GAP)), 1)

    @property
    def top(self) -> int:
        """The first row in view."""
        return self._top

    @property
    def last_top(self) -> int:
        """The lowest that one can scroll."""
        return max(self.rows - self.rows_in_view, 0)

    def scroll_to(self, row: int) -> None:
        """Begin with this row."""
        row = min(max(row, 0), self.last_top)
        if row != self._top:
            self._top = row
            self.moved.emit()
            self.viewport().update()

    def zoom(self, steps: int) -> None:
        """Make the thumbnails larger, or smaller."""
        wished = self._zoom * 1.15**steps
        if SMALLEST <= self._side(wished) <= LARGEST:
            self._zoom = wished
        self._top = min(self._top, self.last_top)
        self.moved.emit()
        self.viewport().update()

    def show_slot(self, slot: int) -> None:
        """Scroll as far as it takes to see a slot."""
        found = np.flatnonzero(self._slots == slot)
        if len(found):
            row = int(found[0]) // self.columns
            if not self._top <= row < self._top + self.rows_in_view:
                self.scroll_to(row - self.rows_in_view // 2)

    def place_of(self, index: int) -> QRectF:
        """Where the thumbnail at this place of the list lies."""
        return self._places(index, index + 1)[0]

    def _places(self, first: int, last: int) -> list[QRectF]:
        """Where the thumbnails at these places of the list lie."""
        (wide, high), columns = self.cell(), self.columns
        gap = min((self.width() - 4 - columns * wide) / max(columns - 1, 1), GAP * 2.5) if columns > 1 else 0
        made = []
        for index in range(first, last):
            row, column = divmod(index - self._top * columns, columns)
            made.append(QRectF(round(2 + column * (wide + gap)), round(2 + row * (high + GAP)), round(wide), round(high)))
        return made

    def index_at(self, where: QPointF) -> int:
        """Which place of the list is at a point; -1 if none is."""
        first = self._top * self.columns
        last = min(first + (self.rows_in_view + 1) * self.columns, len(self._slots))
        return next((first + n for n, place in enumerate(self._places(first, last)) if place.contains(where)), -1)

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """The thumbnails in view, what marks some of them, and the ring that says that the arrows walk here."""
        if not len(self._slots):
            painter.setFont(self.face(small=False))
            painter.setPen(self.colours.colour("muted"))
            around = QRectF(self.rect()).adjusted(12, 0, -12, 0)
            painter.drawText(around, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self._message)
        first, slots = self._top * self.columns, self.in_view.tolist()
        for place, slot in zip(self._places(first, first + len(slots)), slots, strict=True):
            if place.intersects(exposed):
                self._paint_one(painter, place, slot)

    def _paint_one(self, painter: QPainter, where: QRectF, slot: int) -> None:
        is_over = slot == self._over
        if not (slot in self._ranks or slot == self._new or slot in self._chosen or is_over):
            self._paint_kept(painter, where, slot, self._paint_plain)
            return
        rank, em, ink = self._ranks.get(slot, 0), self.em(), self.colours.colour("ink")
        if is_over:
            painter.fillRect(where, self.colours.colour("soft"))
        self._paint_kept(painter, where, slot, self._paint_inside)
        self._paint_border(painter, where, rank > 0)
        painter.setFont(self.face(weight=QFont.Weight.DemiBold))
        draw_text(painter, _top(where, em), str(slot), Qt.AlignmentFlag.AlignLeft, ink)
        if rank:
            self._paint_rank(painter, where, rank)
        if slot == self._new:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            draw_write(painter, QPointF(where.right() - 8 * em, where.top() + 8 * em), 4.5 * em, ink)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if slot in self._chosen:
            draw_double_outline(painter, where.adjusted(0.5, 0.5, -0.5, -0.5), self.colours)

    def _paint_plain(self, painter: QPainter, where: QRectF, slot: int) -> None:
        """A slot that nothing marks, with its number where there is room."""
        self._paint_inside(painter, where, slot)
        self._paint_border(painter, where, False)
        if self._has_number(where):
            painter.setFont(self.face())
            draw_text(painter, _top(where, self.em()), str(slot), Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))

    def _paint_inside(self, painter: QPainter, where: QRectF, slot: int) -> None:
        if self._kept is not None:
            above = 3 + (_NUMBER * self.em() if self._has_number(where) else 0)
            self._kept.paint(painter, where.adjusted(3, above, -3, -3), slot, self.colours, False)

    def _paint_border(self, painter: QPainter, where: QRectF, is_strong: bool) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(sharp_pen(self.colours.colour("ink" if is_strong else "line"), 1.6 if is_strong else 1))
        painter.drawRect(where.adjusted(0.5, 0.5, -0.5, -0.5))

    def _has_number(self, where: QRectF) -> bool:
        return where.height() >= ROOM_FOR_NUMBER * self.em()

    def _paint_rank(self, painter: QPainter, where: QRectF, rank: int) -> None:
        em, text = self.em(), str(rank)
        painter.setFont(self.face(weight=QFont.Weight.DemiBold))
        wide = max(text_width(painter.font(), text) + 6 * em, 14 * em)
        plate = QRectF(where.right() - wide - 1, where.bottom() - 14 * em - 1, wide, 14 * em)
        painter.fillRect(plate, self.colours.colour("ink"))
        draw_text(painter, plate, text, Qt.AlignmentFlag.AlignHCenter, self.colours.colour("panel"))

    def _paint_kept(self, painter: QPainter, where: QRectF, slot: int, draw: Callable[[QPainter, QRectF, int], None]) -> None:
        """On a screen from a picture that was kept; for a figure that is no picture, line by line."""
        if painter.paintEngine().type() != QPaintEngine.Type.Raster:
            draw(painter, where, slot)
            return
        sharp = painter.deviceTransform().m11()
        key = (slot, draw.__name__, where.width(), where.height(), self.colours.name, sharp)
        picture = self._pictures.get(key)
        if picture is None:
            made = QPixmap(max(round(where.width() * sharp), 1), max(round(where.height() * sharp), 1))
            made.setDevicePixelRatio(sharp)
            made.fill(Qt.GlobalColor.transparent)
            inside = QPainter(made)
            draw(inside, QRectF(0, 0, where.width(), where.height()), slot)
            inside.end()
            picture = self._pictures[key] = made
            if len(self._pictures) > _CACHED:
                self._pictures.popitem(last=False)
        painter.drawPixmap(where.topLeft(), picture)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Qt tells of another size: more or fewer fit."""
        super().resizeEvent(event)
        if hasattr(self, "_slots"):
            self._top = min(self._top, self.last_top)
            self.moved.emit()


def _top(where: QRectF, em: float) -> QRectF:
    return QRectF(where.left() + 4, where.top() + 1, where.width() - 6, 14 * em)
