"""One line of text that ends in an ellipsis where it does not fit, and can be pressed."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.tokens import colour, sized, unit


class ElidedLabel(QWidget):
    """Text in ink, or muted; the whole of it is the tip where it is cut."""

    pressed = Signal()

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._is_muted = "", False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def set_text(self, text: str, muted: bool = False) -> None:
        """Show another text."""
        if (text, muted) != (self._text, self._is_muted):
            self._text, self._is_muted = text, muted
            self.setAccessibleName(text)
            self.setToolTip(text)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as the text."""
        return QSize(round(QFontMetricsF(sized(self, 13)).horizontalAdvance(self._text)) + 2, round(26 * unit(self)))

    def minimumSizeHint(self) -> QSize:
        """May be cut."""
        return QSize(40, round(26 * unit(self)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, cut where it does not fit."""
        painter = QPainter(self)
        font = sized(self, 13)
        painter.setFont(font)
        painter.setPen(colour("muted" if self._is_muted else "ink"))
        shown = QFontMetricsF(font).elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(self.rect()), int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Somebody pressed it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()
