"""How a model is wired: blocks on a coarse grid with their live values, and the ways between them."""

from collections.abc import Sequence
from typing import cast

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QWidget

from app.plots.canvas import Canvas, draw_double_outline, draw_text, sharp_pen, text_width
from app.plots.colour_bar import ColourBar
from app.plots.colours import Palette, Scale, table
from app.plots.heatmap import Heatmap
from app.plots.wiring_layout import ARROWS, Layout, layout
from app.plots.wiring_parts import BlockShown, WireShown, draw_loop, draw_wire

_LEGEND = 18.0
_TITLE = 12.5 / 13


class WiringPlot(Canvas):
    """Blocks with strips of cells, and the ways between them. A press chooses a block, a double one opens it."""

    block_clicked = Signal(str)
    cell_clicked = Signal(str, int, int, int)
    """Block, the number of the strip in it, row and column."""
    opened = Signal(str)
    """The block whose arithmetic is wished for."""
    hovered = Signal(str, int, int, int)
    """Block, strip (-1: none), row, column; an empty name when the pointer leaves."""
    wire_hovered = Signal(int)
    """The way under the pointer; -1 for none."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._blocks: tuple[BlockShown, ...] = ()
        self._wires: tuple[WireShown, ...] = ()
        self._layout = Layout()
        self._maps: dict[tuple[str, int], tuple[QGraphicsRectItem, Heatmap]] = {}
        self._chosen, self._selected = "", ("", -1)
        self._over: tuple[object, ...] = ()
        self._is_inside = False
        self._scales: dict[Heatmap, Scale] = {}
        self.colour_bars: tuple[ColourBar, ...] = (ColourBar(), ColourBar(-1.0, 1.0, "signed", "of its limit"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    # -- what to show ---------------------------------------------------------------------------------------------------------

    def show_wiring(self, blocks: Sequence[BlockShown], wires: Sequence[WireShown]) -> None:
        """Draw these; only what has another place than before is placed anew."""
        is_same = [b.place for b in blocks] == [b.place for b in self._blocks]
        is_same = is_same and [wire.place for wire in wires] == [wire.place for wire in self._wires]
        self._blocks, self._wires = tuple(blocks), tuple(wires)
        self._make_maps()
        for block in self._blocks:
            for number, strip in enumerate(block.strips):
                if strip.values is not None:
                    image = self._maps[block.name, number][1]
                    image.set_table(table(self.colours, strip.scale)) if self._scales.get(image) != strip.scale else None
                    self._scales[image] = strip.scale
                    image.set_gathering(strip.gathering)
                    image.show_values(np.asarray(strip.values, np.float32), strip.low, strip.high)
        if is_same:
            self.viewport().update()
        else:
            self.refresh()

    def set_colour_bars(self, *bars: ColourBar) -> None:
        """The key below the picture."""
        if bars != self.colour_bars:
            self.colour_bars = bars
            self.viewport().update()

    def set_selected(self, block: str, strip: int = -1) -> None:
        """Outline a strip (or a block) as selected."""
        if (block, strip) != self._selected:
            self._selected = block, strip
            self.viewport().update()

    def block_rect(self, name: str) -> QRectF:
        """Where a block lies in the widget; empty if there is none of this name."""
        return QRectF(self._layout.blocks.get(name, QRectF()))

    def strip_rect(self, name: str, strip: int) -> QRectF:
        """Where the cells of a strip lie."""
        return QRectF(self._layout.strips.get((name, strip), QRectF()))

    @property
    def chosen(self) -> str:
        """The block that the arrows stand on."""
        return self._chosen

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def margins(self) -> tuple[float, float, float, float]:
        """Room for the key below."""
        return 2.0, 3.0, 3.0, (_LEGEND + 5) * self.em()

    def sizeHint(self) -> QSize:
        """Large enough to be read."""
        return QSize(420, 320)

    def place_items(self) -> None:
        """Lay blocks, strips and ways out, and fit the images."""
        if not hasattr(self, "_blocks"):
            return
        self._layout = layout(self._blocks, self._wires, self.plot_rect(), self.em(), self.face())
        for (name, number), (field, image) in self._maps.items():
            where = self._layout.strips.get((name, number), QRectF())
            field.setVisible(not where.isEmpty())
            if where.isEmpty() or not image.rows:
                continue
            across, down = where.width() / image.columns, where.height() / image.rows
            field.setRect(QRectF(0, 0, image.columns, image.rows))
            field.setTransform(QTransform(across, 0, 0, down, where.left(), where.top()))
            image.fit(across, down)

    def recolour(self) -> None:
        """Take the tables of the palette."""
        for image, scale in self._scales.items():
            image.set_table(table(self.colours, scale))

    def _make_maps(self) -> None:
        wanted = {(b.name, i) for b in self._blocks for i, s in enumerate(b.strips) if s.values is not None}
        for key in [key for key in self._maps if key not in wanted]:
            field, image = self._maps.pop(key)
            self._scales.pop(image, None)
            self.scene().removeItem(field)
        for key in wanted - set(self._maps):
            field = QGraphicsRectItem()
            field.setPen(Qt.PenStyle.NoPen)
            field.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape)
            image = Heatmap(table(self.colours, "ramp"), gathering="mean")
            image.setParentItem(field)
            self.scene().addItem(field)
            self._maps[key] = field, image

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Ways, blocks, names and the key."""
        for index, wire in enumerate(self._wires):
            route = self._layout.routes.get(index)
            if route is not None:
                draw_wire(painter, wire, route, self.colours, self.face(), self.em())
        for block in self._blocks:
            self._paint_block(painter, block)
        if self._blocks:
            foot = QRectF(2, self.height() - (_LEGEND + 1) * self.em(), self.width() - 6, _LEGEND * self.em())
            for bar in reversed(self.colour_bars):
                bar.paint(painter, foot, self.colours, self.face())
                foot.setRight(foot.right() - bar.width(self.face(), 62 * self.em()) - 16)
                if foot.width() < 60 * self.em():
                    return
            if any(image.block != (1, 1) for field, image in self._maps.values() if field.isVisible()):
                muted = self.colours.colour("muted")
                note = "small cells are drawn together"
                note = note if text_width(self.face(), note) <= foot.width() else "cells gathered"
                draw_text(painter, foot, note, Qt.AlignmentFlag.AlignLeft, muted)

    def _paint_block(self, painter: QPainter, block: BlockShown) -> None:
        where, em = self._layout.blocks.get(block.name, QRectF()), self.em()
        if where.isEmpty():
            return
        colours, is_focused = self.colours, self._is_inside and block.name == self._chosen
        is_strong = block.is_present or (self._selected[0] == block.name and self._selected[1] < 0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        token = "focus" if is_focused else "ink" if is_strong else "line"
        painter.setPen(sharp_pen(colours.colour(token), 2.0 if is_focused else 1.6 if is_strong else 1.2))
        painter.drawRoundedRect(where.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        is_close = self._layout.is_close
        title = QRectF(where.left() + 9, where.top() + (0 if is_close else 2), where.width() - 18, 20 * em)
        if is_close:
            title.setHeight(where.height())
        font = self.face(small=False, weight=QFont.Weight.DemiBold)
        font.setPixelSize(max(round(13 * em * _TITLE), 6))
        for wire in self._wires if not is_close else ():
            if wire.source == wire.target == block.name:
                named = text_width(font, block.title)
                title.setRight(draw_loop(painter, wire, title, named, colours, self.face(), em))
        painter.setFont(font)
        draw_text(painter, title, block.title, Qt.AlignmentFlag.AlignLeft, colours.colour("ink"))
        for number, strip in enumerate(block.strips):
            is_alone = len(block.strips) == 1 or is_close
            label = "" if is_alone else strip.label(self._layout.is_wide.get(block.name, False))
            self._paint_strip(painter, block, number, label)

    def _paint_strip(self, painter: QPainter, block: BlockShown, number: int, label: str) -> None:
        where, strip = self._layout.strips.get((block.name, number), QRectF()), block.strips[number]
        if where.isEmpty():
            return
        colours = self.colours
        painter.setFont(self.face(weight=QFont.Weight.DemiBold if strip.is_present else QFont.Weight.Normal))
        before = self._layout.blocks[block.name].left() + 9
        name = QRectF(before, where.center().y() - 8 * self.em(), where.left() - before - 6, 16 * self.em())
        draw_text(painter, name, label, Qt.AlignmentFlag.AlignLeft, colours.colour("ink" if strip.is_present else "muted"))
        if strip.values is None:
            painter.setFont(self.face(small=False))
            draw_text(painter, where, strip.text, Qt.AlignmentFlag.AlignLeft, colours.colour("ink"))
        elif not np.isfinite(strip.values).any():
            painter.setPen(sharp_pen(colours.colour("line")))
            painter.drawRect(where.adjusted(0, 0, -1, -1))
            painter.setFont(self.face())
            says = "not at this step" if where.height() >= 14 * self.em() else ""
            draw_text(painter, where.adjusted(5, 0, 0, 0), says, Qt.AlignmentFlag.AlignLeft, colours.colour("muted"))
        elif where.width() / strip.values.shape[1] >= 4:
            self._paint_gaps(painter, where, strip.values.shape)
        if self._selected == (block.name, number):
            draw_double_outline(painter, where.adjusted(0, 0, -1, -1), colours)

    def _paint_gaps(self, painter: QPainter, where: QRectF, shape: tuple[int, ...]) -> None:
        painter.setPen(sharp_pen(self.colours.colour("panel"), 1))
        for column in range(1, shape[1]):
            x = round(where.left() + column * where.width() / shape[1])
            painter.drawLine(QPointF(x, where.top()), QPointF(x, where.bottom() - 1))
        if where.height() / shape[0] >= 4:
            for row in range(1, shape[0]):
                y = round(where.top() + row * where.height() / shape[0])
                painter.drawLine(QPointF(where.left(), y), QPointF(where.right() - 1, y))

    # -- the pointer ----------------------------------------------------------------------------------------------------------

    def _found(self, position: QPointF) -> tuple[str, int, int, int]:
        """Block, strip, row and column at a place; the empty name for none."""
        name = next((n for n, where in self._layout.blocks.items() if where.contains(position)), "")
        block = next((b for b in self._blocks if b.name == name), None)
        for number, strip in enumerate(block.strips if block is not None else ()):
            where = self._layout.strips.get((name, number), QRectF())
            if strip.values is not None and where.contains(position):
                rows, columns = strip.values.shape
                across, down = (position.x() - where.left()) / where.width(), (position.y() - where.top()) / where.height()
                return name, number, min(int(down * rows), rows - 1), min(int(across * columns), columns - 1)
        return name, -1, -1, -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a block, and in it a cell."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        name, strip, row, column = self._found(event.position())
        if name:
            self._chosen = name
            self.cell_clicked.emit(name, strip, row, column) if strip >= 0 else self.block_clicked.emit(name)
            self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a block."""
        name = self._found(event.position())[0]
        if name:
            self._chosen = name
            self.opened.emit(name)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover over a cell, a block or a way."""
        found: tuple[object, ...] = self._found(event.position())
        wire = -1 if found[0] else self._layout.wire_at(event.position())
        if (*found, wire) != self._over:
            self._over = (*found, wire)
            self.hovered.emit(*found)
            self.wire_hovered.emit(wire)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        if self._over:
            self._over = ()
            self.hovered.emit("", -1, -1, -1)
            self.wire_hovered.emit(-1)

    # -- the keyboard ---------------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Let the arrows walk from block to block."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._is_inside = True
        names = [block.name for block in self._blocks]
        if self._chosen not in names and names:
            self._chosen = names[0]
        if names:
            self.block_clicked.emit(self._chosen)
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Keep the arrows, Enter and Esc from the window's shortcuts while the reader walks."""
        if event.type() == QEvent.Type.ShortcutOverride and self._is_inside and _is_walk(cast(QKeyEvent, event)):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, open with Enter, leave with Esc; every other key belongs to the window."""
        if self._is_inside and event.key() in ARROWS:
            self._chosen = self._layout.next_to(self._chosen, ARROWS[event.key()])
            self.block_clicked.emit(self._chosen)
            self.viewport().update()
        elif self._is_inside and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self._chosen)
        elif self._is_inside and event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            event.ignore()

    def leave(self) -> None:
        """Give the arrows back."""
        self._is_inside = False
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave the blocks when the focus goes elsewhere."""
        super().focusOutEvent(event)
        if self._is_inside:
            self.leave()


def _is_walk(event: QKeyEvent) -> bool:
    keys = (*ARROWS, int(Qt.Key.Key_Escape), int(Qt.Key.Key_Return), int(Qt.Key.Key_Enter))
    return event.key() in keys and not event.modifiers() & Qt.KeyboardModifier.AltModifier
