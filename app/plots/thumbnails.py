"""The grid of thumbnails that answers the reader: pointer, wheel and arrows; and the sheet that gives it a scroll bar."""

from typing import cast

import numpy as np
from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QWidget

from app.plots.canvas import sharp_pen
from app.plots.colours import Palette
from app.plots.thumbnail_canvas import ThumbnailCanvas

_ARROWS = {
    int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1, int(Qt.Key.Key_Up): -2, int(Qt.Key.Key_Down): 2,
    int(Qt.Key.Key_PageUp): -3, int(Qt.Key.Key_PageDown): 3, int(Qt.Key.Key_Home): -4, int(Qt.Key.Key_End): 4,
}  # fmt: skip
"""How far a key walks: a thumbnail, a row, a page, to the end."""


class Thumbnails(ThumbnailCanvas):
    """A press chooses a slot; the wheel scrolls, with Ctrl it makes the thumbnails larger or smaller."""

    clicked = Signal(int, object)
    """A slot, and the keyboard modifiers held. The arrows emit it too once `enter` was called."""
    hovered = Signal(int)
    """The slot under the pointer; -1 when it leaves."""
    edit_wished = Signal()
    """Enter was pressed on a thumbnail."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._is_inside = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Add the ring that says that the arrows walk here."""
        super().paint_marks(painter, exposed)
        if self._is_inside:
            painter.setPen(sharp_pen(self.colours.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    # -- the keyboard ---------------------------------------------------------------------------------------------------------

    @property
    def is_inside(self) -> bool:
        """Whether the arrow keys walk from thumbnail to thumbnail."""
        return self._is_inside

    def enter(self) -> None:
        """Let the arrows walk, beginning at the chosen slot, else at the first in view."""
        if not len(self._slots):
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._is_inside = True
        start = self._index_of_chosen()
        self._walk_to(start if start >= 0 else self._top * self.columns, Qt.KeyboardModifier.NoModifier)
        self.viewport().update()

    def leave(self) -> None:
        """Give the arrow keys back."""
        self._is_inside = False
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that walk from the window's shortcuts while the reader is inside."""
        if event.type() == QEvent.Type.ShortcutOverride and self._is_inside:
            key = cast(QKeyEvent, event)
            mine = (*_ARROWS, int(Qt.Key.Key_Escape), int(Qt.Key.Key_Return), int(Qt.Key.Key_Enter))
            held = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier
            if key.key() in mine and not key.modifiers() & held:
                event.accept()
                return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, wish for an edit with Enter, or leave with Esc; every other key belongs to the window."""
        key = event.key()
        if not self._is_inside or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit_wished.emit()
        elif key in _ARROWS:
            self._walk_to(self._from_here(_ARROWS[key]), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        else:
            event.ignore()

    def _from_here(self, way: int) -> int:
        last, here = len(self._slots) - 1, max(self._index_of_chosen(), 0)
        far = {1: 1, 2: self.columns, 3: self.columns * self.rows_in_view, 4: last}[abs(way)]
        wished = here + (far if way > 0 else -far)
        return min(max(wished, 0), last) if abs(way) in (1, 3, 4) or 0 <= wished <= last else here

    def _index_of_chosen(self) -> int:
        if not self._chosen:
            return -1
        found = np.flatnonzero(self._slots == self._chosen[0])
        return int(found[0]) if len(found) else -1

    def _walk_to(self, index: int, modifiers: Qt.KeyboardModifier) -> None:
        slot = int(self._slots[index])
        self.show_slot(slot)
        self.clicked.emit(slot, modifiers)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave when the focus goes elsewhere."""
        super().focusOutEvent(event)
        if self._is_inside:
            self.leave()

    # -- the pointer ----------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a slot."""
        index = self.index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.clicked.emit(int(self._slots[index]), event.modifiers())
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover."""
        index = self.index_at(event.position())
        self.hovered.emit(int(self._slots[index]) if index >= 0 else -1)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self.hovered.emit(-1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll by a row; with Ctrl, make the thumbnails larger or smaller."""
        up = 1 if event.angleDelta().y() > 0 else -1
        if not event.angleDelta().y():
            event.ignore()
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(up)
            event.accept()
        else:
            self.scroll_to(self._top - up)
            event.accept()


class ThumbnailSheet(QWidget):
    """The grid and its scroll bar, which counts rows."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = Thumbnails(palette)
        self.bar = QScrollBar(Qt.Orientation.Vertical)
        self.bar.setAccessibleName("Scroll through the slots")
        self.bar.valueChanged.connect(self.grid.scroll_to)
        self.grid.moved.connect(self._follow)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.grid, 1)
        row.addWidget(self.bar)
        self._follow()

    def _follow(self) -> None:
        self.bar.blockSignals(True)
        self.bar.setRange(0, self.grid.last_top)
        self.bar.setPageStep(self.grid.rows_in_view)
        self.bar.setValue(self.grid.top)
        self.bar.setVisible(self.grid.last_top > 0)
        self.bar.blockSignals(False)
