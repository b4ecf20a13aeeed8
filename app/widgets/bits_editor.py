"""A bit pattern to draw: one column a step, one row a bit, by mouse or by keyboard."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.tokens import colour, sized, unit

Bits = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

_WAYS = {
    int(Qt.Key.Key_Left): (-1, 0),
    int(Qt.Key.Key_Right): (1, 0),
    int(Qt.Key.Key_Up): (0, -1),
    int(Qt.Key.Key_Down): (0, 1),
}


class BitsEditor(QWidget):
    """A press turns a bit over, a drag draws. With the keyboard: arrows walk, Space turns over, Delete clears a column."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bits: Bits = np.zeros((8, 8), np.bool_)
        self._at, self._pen = (0, 0), False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._say()

    def bits(self) -> Bits:
        """The pattern, `(step, bit)`; a copy."""
        return self._bits.copy()

    def set_bits(self, bits: Bits) -> None:
        """Show another pattern, `(step, bit)`; emits nothing."""
        self._bits = np.array(bits, np.bool_)
        self._at = (min(self._at[0], len(self._bits) - 1), min(self._at[1], self._bits.shape[1] - 1))
        self._say()
        self.updateGeometry()
        self.update()

    def set_length(self, steps: int) -> None:
        """Make the pattern longer (by blank steps) or shorter."""
        longer = np.zeros((steps, self._bits.shape[1]), np.bool_)
        kept = min(steps, len(self._bits))
        longer[:kept] = self._bits[:kept]
        self.set_bits(longer)
        self.changed.emit()

    def clear(self) -> None:
        """Turn every bit off."""
        self._change(np.zeros_like(self._bits))

    def cell_rect(self, step: int, bit: int) -> QRectF:
        """Where a bit lies."""
        steps, bits = self._bits.shape
        left, width = 20.0 * unit(self), self.width() - 20 * unit(self) - 2
        each = min(width / max(steps, 1), 18 * unit(self))
        high = (self.height() - 2) / bits
        x0, x1 = round(left + step * each), round(left + (step + 1) * each)
        y0, y1 = round(1 + bit * high), round(1 + (bit + 1) * high)
        return QRectF(x0, y0, x1 - x0, y1 - y0)

    def sizeHint(self) -> QSize:
        """Fourteen pixels a bit."""
        steps, bits = self._bits.shape
        return QSize(round((20 + steps * 14) * unit(self)), round(bits * 14 * unit(self)) + 2)

    def minimumSizeHint(self) -> QSize:
        """Keeps its height."""
        return QSize(round(120 * unit(self)), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Cells with gaps, the numbers of the bits, the keyboard's place."""
        painter = QPainter(self)
        painter.setFont(sized(self, 10, QFont.Weight.Normal))
        painter.setPen(colour("muted"))
        steps, bits = self._bits.shape
        for bit in range(bits):
            where = self.cell_rect(0, bit)
            painter.drawText(QRectF(0, where.top(), where.left() - 6, where.height()), Qt.AlignmentFlag.AlignRight, str(bit + 1))
        for step, bit in np.ndindex(steps, bits):
            token = "ink" if self._bits[step, bit] else "soft"
            painter.fillRect(self.cell_rect(step, bit).adjusted(0, 0, -1, -1), colour("ink" if token == "ink" else "soft"))
        if self.hasFocus() and steps:
            painter.setPen(QPen(colour("focus"), 2))
            painter.drawRect(self.cell_rect(*self._at).adjusted(0, 0, -1, -1))
        painter.end()

    def _cell_at(self, position: QPointF) -> tuple[int, int] | None:
        steps, bits = self._bits.shape
        first = self.cell_rect(0, 0)
        last = self.cell_rect(steps - 1, bits - 1)
        if not QRectF(first.topLeft(), last.bottomRight()).contains(position):
            return None
        step = int((position.x() - first.left()) / (last.right() - first.left()) * steps)
        bit = int((position.y() - first.top()) / (last.bottom() - first.top()) * bits)
        return min(step, steps - 1), min(bit, bits - 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Turn a bit over and begin to draw."""
        cell = self._cell_at(event.position())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._at, self._pen = cell, not self._bits[cell]
            self._draw(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on drawing."""
        cell = self._cell_at(event.position())
        if cell is not None and event.buttons() & Qt.MouseButton.LeftButton and self._bits[cell] != self._pen:
            self._at = cell
            self._draw(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, turn over, clear."""
        steps, bits = self._bits.shape
        if event.key() in _WAYS:
            across, down = _WAYS[event.key()]
            self._at = (min(max(self._at[0] + across, 0), steps - 1), min(max(self._at[1] + down, 0), bits - 1))
            self._say()
            self.update()
        elif event.key() == Qt.Key.Key_Space:
            self._pen = not self._bits[self._at]
            self._draw(self._at)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            cleared = self._bits.copy()
            cleared[self._at[0]] = False
            self._change(cleared)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Keep the arrows and Space from the window's shortcuts while the editor has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._needs(event):
            event.accept()
            return True
        return super().event(event)

    def _needs(self, event: QKeyEvent) -> bool:
        return event.key() in (*_WAYS, Qt.Key.Key_Space, Qt.Key.Key_Delete) and not event.modifiers()

    def _draw(self, cell: tuple[int, int]) -> None:
        drawn = self._bits.copy()
        drawn[cell] = self._pen
        self._change(drawn)

    def _change(self, bits: Bits) -> None:
        if not np.array_equal(bits, self._bits):
            self._bits = bits
            self.changed.emit()
        self._say()
        self.update()

    def _say(self) -> None:
        steps, bits = self._bits.shape
        self.setAccessibleName(f"Bit pattern, {steps} steps of {bits} bits")
        if steps:
            state = "on" if self._bits[self._at] else "off"
            self.setAccessibleDescription(f"Step {self._at[0] + 1}, bit {self._at[1] + 1}: {state}")
