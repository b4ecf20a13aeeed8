"""Every layer and head at a glance: a small picture of each one's attention, a row a layer, a column a head."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.plots.canvas import draw_double_outline, draw_text, scaled_font, sharp_pen, unit
from app.plots.colours import Palette, Scale, table
from app.plots.heatmap import Array

LARGEST, SMALLEST = 60.0, 10.0
"""Pixels of a picture's side, at the standard size of type."""
_GAP = 3.0
_MARGIN = 17.0
_NARROWEST = 130.0
_FINEST = 48
"""Cells that a small picture has at most along a side."""
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_STEPS = {
    int(Qt.Key.Key_Left): (0, -1),
    int(Qt.Key.Key_Right): (0, 1),
    int(Qt.Key.Key_Up): (-1, 0),
    int(Qt.Key.Key_Down): (1, 0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """What the pictures show: `(layer, head, row, column)` values, gathered to few cells, and by how much."""

    values: Array
    block: tuple[int, int]


def tiles(values: Array, allowed: Array | None = None) -> Tiles:
    """Gather `(layer, head, row, column)` values to pictures of few cells: each cell the largest (by size) of its block.

    A block without any cell of `allowed` `(row, column)` is absent.
    """
    block = -(-values.shape[2] // _FINEST), -(-values.shape[3] // _FINEST)
    high, low = _gathered(np.fmax, values, block), _gathered(np.fmin, values, block)
    found = np.where(-low > np.abs(high), low, high)
    if allowed is not None:
        found = np.where(_gathered(np.logical_or, allowed, block), found, np.nan)
    return Tiles(found, block)


def _gathered(by: np.ufunc, values: Array, block: tuple[int, int]) -> Array:
    """The last two axes in blocks, each gathered to one value."""
    down, across = (np.arange(0, values.shape[axis], size) for axis, size in zip((-2, -1), block, strict=True))
    found: Array = by.reduceat(by.reduceat(values, down, axis=-2), across, axis=-1)
    return found


class HeadGrid(QWidget):
    """Pictures that can be chosen by a click, or with the arrows once the grid has the keyboard."""

    chosen = Signal(int, int)
    """Layer and head."""
    hovered = Signal(int, int)
    """Layer and head under the pointer; -1, -1 when it leaves."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = palette
        self._tiles = Tiles(np.zeros((0, 0, 1, 1), np.float32), (1, 1))
        self._limits: tuple[float, float, Scale] = (0.0, 1.0, "ramp")
        self._images: list[list[QImage]] = []
        self._place, self._over, self._layer = (0, 0), (-1, -1), -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        self._side, self._text = 0.0, ""
        self.setToolTip("Every layer and head; click one, or choose with the arrow keys.")
        self.setAccessibleName("Layers and heads")

    # ---- what to show ----

    @property
    def place(self) -> tuple[int, int]:
        """The chosen layer and head."""
        return self._place

    @property
    def shape(self) -> tuple[int, int]:
        """How many layers and heads there are."""
        return self._tiles.values.shape[0], self._tiles.values.shape[1]

    def show_tiles(self, found: Tiles, low: float, high: float, scale: Scale) -> None:
        """Draw these pictures on fixed limits."""
        self._tiles, self._limits = found, (low, high, scale)
        self._draw()

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours."""
        self.colours = palette
        self._draw()

    def set_place(self, layer: int, head: int) -> None:
        """Outline one of them; asks nobody."""
        if (layer, head) != self._place:
            self._place = (layer, head)
            self.setAccessibleDescription(f"Layer {layer + 1}, head {head + 1} is shown.")
            self.update()

    def set_layer(self, layer: int | None) -> None:
        """Mark the layer that the micro-step cursor stands at."""
        if (-1 if layer is None else layer) != self._layer:
            self._layer = -1 if layer is None else layer
            self.update()

    def side_within(self, width: float, height: float) -> float:
        """The side of a picture where the grid may be so wide and high; 0 where they would be too small to tell apart."""
        (layers, heads), em = self.shape, unit(self.font())
        if not layers or not heads:
            return 0.0
        side = min((width - _MARGIN * em) / heads - _GAP, (height - _MARGIN * em * 2) / layers - _GAP, LARGEST * em)
        return float(int(side)) if side >= SMALLEST * em else 0.0

    def set_side(self, side: float) -> None:
        """Draw pictures of this side: the grid becomes as wide as they are together, or as a sentence below them needs."""
        em = unit(self.font())
        self._side = side
        self.setFixedWidth(round(max(_MARGIN * em + self.shape[1] * (side + _GAP) + 4, _NARROWEST * em)))
        self.update()

    def say(self, text: str) -> None:
        """A sentence below the pictures, where there is room."""
        if text != self._text:
            self._text = text
            self.update()

    # ---- geometry ----

    def tile_rect(self, layer: int, head: int) -> QRectF:
        """Where a picture lies."""
        em, side = unit(self.font()), self._side
        return QRectF(_MARGIN * em + head * (side + _GAP), _MARGIN * em * 2 + layer * (side + _GAP), side, side)

    def _tile_at(self, where: QPointF) -> tuple[int, int]:
        layers, heads = self.shape
        for layer in range(layers):
            for head in range(heads):
                if self.tile_rect(layer, head).adjusted(-2, -2, 2, 2).contains(where):
                    return layer, head
        return -1, -1

    # ---- painting ----

    def _draw(self) -> None:
        low, high, scale = self._limits
        share = (self._tiles.values - low) / max(high - low, 1e-9)
        levels = np.where(np.isfinite(share), np.clip(np.nan_to_num(share), 0, 1) * 254 + 1.5, 0).astype(np.uint8)
        hues = [QColor(self.colours.panel).rgba(), *(QColor(*rgb[:3]).rgba() for rgb in table(self.colours, scale)[1:].tolist())]
        self._images = [[_image(picture, hues) for picture in row] for row in levels]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Numbers of layers and heads, the pictures, and which is chosen."""
        painter = QPainter(self)
        (layers, heads), em, muted = self.shape, unit(self.font()), self.colours.colour("muted")
        painter.setFont(scaled_font(self.font(), 11 / 13))
        rows, columns = self._tiles.block
        said = "layer by head" + (f" · max of {rows}x{columns}" if (rows, columns) != (1, 1) else "")
        draw_text(painter, QRectF(0, 0, self.width(), _MARGIN * em), said, Qt.AlignmentFlag.AlignLeft, muted)
        if not layers or not heads or self.tile_rect(0, 0).width() <= 0:
            return
        for head in _numbered(heads, self.tile_rect(0, 0).width() + _GAP, 15 * em):
            where = self.tile_rect(0, head)
            draw_text(painter, QRectF(where.left() - 4, _MARGIN * em, where.width() + 8, _MARGIN * em), str(head + 1),
                      Qt.AlignmentFlag.AlignHCenter, muted)  # fmt: skip
        for layer in _numbered(layers, self.tile_rect(0, 0).height() + _GAP, 13 * em):
            self._paint_layer(painter, layer)
        for layer, row in enumerate(self._images):
            for head, image in enumerate(row):
                painter.drawImage(self.tile_rect(layer, head), image)
                self._paint_frame(painter, layer, head)
        self._paint_text(painter, self.tile_rect(layers - 1, 0).bottom() + 12 * em)
        draw_double_outline(painter, self.tile_rect(*self._place), self.colours)
        if self.hasFocus():
            painter.setPen(sharp_pen(self.colours.colour("focus"), 2))
            painter.drawRect(self.tile_rect(*self._place).adjusted(-4, -4, 4, 4))
        painter.end()

    def _paint_text(self, painter: QPainter, top: float) -> None:
        painter.setFont(scaled_font(self.font(), 12 / 13))
        painter.setPen(self.colours.colour("muted"))
        where, how = QRectF(0, top, self.width() - 4, self.height() - top), int(Qt.TextFlag.TextWordWrap)
        if painter.boundingRect(where, how, self._text).height() <= where.height():
            painter.drawText(where, how, self._text)

    def _paint_layer(self, painter: QPainter, layer: int) -> None:
        where, is_present = self.tile_rect(layer, 0), layer == self._layer
        painter.setFont(scaled_font(self.font(), 11 / 13, QFont.Weight.DemiBold if is_present else QFont.Weight.Normal))
        ink = self.colours.colour("ink" if is_present else "muted")
        room = QRectF(0, where.top(), where.left() - 5, where.height())
        draw_text(painter, room, str(layer + 1), Qt.AlignmentFlag.AlignRight, ink)

    def _paint_frame(self, painter: QPainter, layer: int, head: int) -> None:
        is_over = (layer, head) == self._over
        painter.setPen(sharp_pen(self.colours.colour("ink" if is_over else "line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.tile_rect(layer, head).adjusted(-0.5, -0.5, 0.5, 0.5))

    # ---- the pointer and the keyboard ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a picture."""
        found = self._tile_at(event.position())
        if found != (-1, -1):
            self.chosen.emit(*found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover."""
        self._hover(self._tile_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._hover((-1, -1))

    def event(self, event: QEvent) -> bool:
        """Keep the arrows from the window's shortcuts while the grid has the keyboard."""
        is_arrow = isinstance(event, QKeyEvent) and event.key() in _STEPS and not event.modifiers() & ~_KEYPAD
        if event.type() == QEvent.Type.ShortcutOverride and is_arrow:
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from picture to picture; every other key belongs to the window."""
        if event.key() not in _STEPS:
            event.ignore()
            return
        (down, across), (layers, heads) = _STEPS[event.key()], self.shape
        layer, head = self._place
        self.chosen.emit(min(max(layer + down, 0), max(layers - 1, 0)), min(max(head + across, 0), max(heads - 1, 0)))

    def _hover(self, place: tuple[int, int]) -> None:
        if place != self._over:
            self._over = place
            self.hovered.emit(*place)
            self.update()


def _image(levels: Array, hues: list[int]) -> QImage:
    rows, columns = levels.shape
    kept = np.ascontiguousarray(levels)
    image = QImage(kept.tobytes(), columns, rows, columns, QImage.Format.Format_Indexed8)
    image.setColorTable(hues)
    return image.copy()


def _numbered(count: int, pitch: float, needed: float) -> range:
    """Which of several get a number: all, or every second, fourth ..."""
    stride = 1
    while pitch * stride < needed:
        stride *= 2
    return range(0, count, stride)
