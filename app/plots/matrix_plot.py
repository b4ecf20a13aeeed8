"""A matrix that answers the pointer and the keyboard: hover, click, drag, zoom, and a walk from cell to cell."""

from typing import cast

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.plots.canvas import sharp_pen
from app.plots.colours import Palette
from app.plots.matrix_canvas import MatrixCanvas

_ARROWS = {
    int(Qt.Key.Key_Left): (0, -1),
    int(Qt.Key.Key_Right): (0, 1),
    int(Qt.Key.Key_Up): (-1, 0),
    int(Qt.Key.Key_Down): (1, 0),
}


class MatrixPlot(MatrixCanvas):
    """Rows x columns as colours. Arrays in, pixels out; a wish of the reader leaves as a signal.

    Ctrl and the wheel zoom, the middle button pans, a double click shows everything again.
    """

    hovered = Signal(int, int)
    """Row and column under the pointer; -1, -1 when it leaves."""
    clicked = Signal(int, int, object)
    """Row, column, and the keyboard modifiers held (a `Qt.KeyboardModifier`). Arrows emit it too once `enter` was called."""
    dragged = Signal(int, int, int, int)
    """The cell where a drag began (row, column) and the cell where it is now."""
    drag_ended = Signal(int, int, int, int)
    """The same, once the button is let go."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._over, self._grip, self._reached = (-1, -1), (-1, -1), (-1, -1)
        self._pan: QPointF | None = None
        self._is_inside = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    # -- the keyboard ---------------------------------------------------------------------------------------------------------

    @property
    def is_inside(self) -> bool:
        """Whether the arrow keys walk from cell to cell."""
        return self._is_inside

    def enter(self) -> None:
        """Let the arrow keys walk from cell to cell, beginning at the selection."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._is_inside = True
        row, column = self.marks.selected or (0, 0)
        self.clicked.emit(max(row, 0), max(column, 0), Qt.KeyboardModifier.NoModifier)
        self.viewport().update()

    def leave(self) -> None:
        """Give the arrow keys back."""
        self._is_inside = False
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Keep the arrows from the window's shortcuts while the reader walks through the cells."""
        if event.type() == QEvent.Type.ShortcutOverride and self._is_inside:
            key = cast(QKeyEvent, event)
            if key.key() in (*_ARROWS, int(Qt.Key.Key_Escape)) and not key.modifiers() & Qt.KeyboardModifier.AltModifier:
                event.accept()
                return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, or leave with Esc; every other key belongs to the window."""
        if not self._is_inside or (event.key() not in _ARROWS and event.key() != Qt.Key.Key_Escape):
            event.ignore()
            return
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        down, across = _ARROWS[event.key()]
        row, column = self.marks.selected or (0, 0)
        row = min(max(max(row, 0) + down, 0), max(self.heatmap.rows - 1, 0))
        column = min(max(max(column, 0) + across, 0), max(self.heatmap.columns - 1, 0))
        self.clicked.emit(row, column, event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave the cells when the focus goes elsewhere."""
        super().focusOutEvent(event)
        if self._is_inside:
            self.leave()

    # -- the pointer ----------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click, a drag or a pan."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pan = event.position()
        elif event.button() == Qt.MouseButton.LeftButton:
            cell = self.cell_at(event.position())
            if cell is not None:
                self._grip = self._reached = cell
                self.clicked.emit(*cell, event.modifiers())
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover, drag or pan."""
        if self._pan is not None:
            self._pan_by(event.position() - self._pan)
            self._pan = event.position()
            return
        over = self.cell_at(event.position()) or (-1, -1)
        if over != self._over:
            self._over = over
            self.hovered.emit(*over)
        if event.buttons() & Qt.MouseButton.LeftButton and self._grip != (-1, -1) and over not in ((-1, -1), self._reached):
            self._reached = over
            self.dragged.emit(*self._grip, *over)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag or a pan."""
        if self._grip not in ((-1, -1), self._reached):
            self.drag_ended.emit(*self._grip, *self._reached)
        self._pan, self._grip, self._reached = None, (-1, -1), (-1, -1)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything again, where only a part is in view; else it is a click like another."""
        if self.window_shown().size() != self.full_window().size():
            self.show_window(None)
        else:
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        if self._over != (-1, -1):
            self._over = (-1, -1)
            self.hovered.emit(-1, -1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer while Ctrl is held; otherwise the wheel belongs to what the plot lies in."""
        plot, window = self.plot_rect(), self.window_shown()
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier or not plot.contains(event.position()):
            event.ignore()
            return
        factor = 0.999 ** event.angleDelta().y()
        share = (event.position() - plot.topLeft()) / 1.0
        across, down = share.x() / plot.width(), share.y() / plot.height()
        width, height = max(window.width() * factor, 2.0), max(window.height() * factor, 2.0)
        left = window.left() + (window.width() - width) * across
        self.show_window(QRectF(left, window.top() + (window.height() - height) * down, width, height))
        event.accept()

    def _pan_by(self, way: QPointF) -> None:
        plot, window = self.plot_rect(), self.window_shown()
        across, down = way.x() / plot.width() * window.width(), way.y() / plot.height() * window.height()
        self.show_window(window.translated(-across, -down))

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Add the ring that says that the arrows walk here."""
        super().paint_marks(painter, exposed)
        if self._is_inside:
            painter.setPen(sharp_pen(self.colours.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.plot_rect().adjusted(-3, -3, 3, 3))
