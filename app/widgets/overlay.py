"""A card over the window that is no dialog: it closes with Esc or a press beside it, and nothing waits for it."""

from typing import cast

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.widgets.tokens import colour


class Overlay(QWidget):
    """Covers its parent with a veil and holds one card; a subclass places the card in `place_card`. One is open at a time."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.card = _Card(self)
        self._host = parent
        self._before: QWidget | None = None
        self.hide()
        parent.installEventFilter(self)

    def place_card(self) -> None:
        """Give the card its place in the overlay."""

    def open(self) -> None:
        """Show the card over everything and remember who had the keyboard."""
        for other in self._host.findChildren(Overlay, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if other is not self:
                other.dismiss()
        self._before = self.window().focusWidget()
        self.setGeometry(self._host.rect())
        self.place_card()
        self.raise_()
        self.show()

    def dismiss(self) -> None:
        """Close, and give the keyboard back."""
        if self.isVisible():
            self.hide()
            if self._before is not None and isValid(self._before):  # what had the keyboard may be gone
                self._before.setFocus(Qt.FocusReason.OtherFocusReason)
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the parent."""
        if event.type() == QEvent.Type.Resize and watched is self.parent() and self.isVisible():
            self.setGeometry(self._host.rect())
            self.place_card()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window while the card is open."""
        if event.type() == QEvent.Type.ShortcutOverride and cast(QKeyEvent, event).key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the card closes."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.dismiss()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The veil: the window stays visible behind it."""
        painter = QPainter(self)
        veil = QColor(colour("ground"))
        veil.setAlphaF(0.6)
        painter.fillRect(self.rect(), veil)
        painter.end()


class _Card(QWidget):
    """A rounded panel with a border."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colour("muted"), 1))
        painter.setBrush(colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
        painter.end()
