"""What the lanes under the stage have in common: words at the left, the lane at the right, on the scale of the stage."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.views.shared_scale import LEFT
from app.widgets.tokens import colour, unit

HEAD = LEFT - 14
"""How wide the words at the left are."""


class LaneRow(QWidget):
    """Words at the left, the lane at the right, a thin rule on top."""

    def __init__(self, title: str, lane: QWidget) -> None:
        super().__init__()
        self.title = QLabel(title)
        self.title.setProperty("tone", "heading")
        self.head = QVBoxLayout()
        self.head.setContentsMargins(4, 4, 0, 0)
        self.head.setSpacing(0)
        self.head.addWidget(self.title)
        self._words = QWidget()
        self._words.setLayout(self.head)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._words)
        row.addWidget(lane, 1)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Qt tells of another font: the words keep their share."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_words"):
            self._fit()

    def fitted(self) -> None:
        """The size of the type has changed."""

    def _fit(self) -> None:
        self._words.setFixedWidth(round(HEAD * unit(self)))
        self.fitted()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rule."""
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, colour("line"))
        painter.end()
