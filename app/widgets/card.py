"""A rounded field with a heading, for what a page at the left asks or tells."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.widgets.tokens import Token, colour


class Card(QFrame):
    """The field; what stands in it is the caller's."""

    def __init__(self, ground: Token = "ground") -> None:
        super().__init__()
        self._ground: Token = ground

    def paintEvent(self, event: QPaintEvent) -> None:
        """The field and its border."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colour("line"), 1))
        painter.setBrush(colour(self._ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
        painter.end()


def card(heading: str, *parts: QWidget, tone: Token = "ground", is_done: bool = False) -> Card:
    """A field with its heading (a tick before it where something is done) and its parts below each other."""
    made = Card(tone)
    column = QVBoxLayout(made)
    column.setContentsMargins(12, 10, 12, 12)
    column.setSpacing(6)
    if heading:
        label = QLabel(f"✓ {heading}" if is_done else heading)
        label.setProperty("tone", "heading")
        column.addWidget(label)
    for part in parts:
        column.addWidget(part)
    return made
