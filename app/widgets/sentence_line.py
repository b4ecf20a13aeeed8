"""The line at the foot of the window: the present step in words, and a gauge at the right."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.tokens import colour, sized, unit


class SentenceLine(QWidget):
    """ "**Step 8 of 41.** Write head 1 writes slot 7 (0.98). ..." with a muted figure at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label, self._sentence, self._gauge = "", "", ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """All that it says of the step."""
        return f"{self._label} {self._sentence}".strip()

    def set_text(self, label: str, sentence: str) -> None:
        """Say where the reader stands, and what happens there; screen readers are told."""
        if (label, sentence) == (self._label, self._sentence):
            return
        self._label, self._sentence = label, sentence
        self.setAccessibleName(self.text)
        self.setToolTip(self.text)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))
        self.update()

    def set_gauge(self, text: str) -> None:
        """Show a figure at the right: "traces 14 MB of 2 GB"."""
        if text != self._gauge:
            self._gauge = text
            self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(400, round(26 * unit(self)))

    def minimumSizeHint(self) -> QSize:
        """One line, however short."""
        return QSize(100, round(26 * unit(self)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Label in semibold, sentence, gauge."""
        painter = QPainter(self)
        right = self.width() - 14.0
        small, strong, plain = sized(self, 12), sized(self, 13, QFont.Weight.DemiBold), sized(self, 13)
        if self._gauge:
            width = QFontMetricsF(small).horizontalAdvance(self._gauge) + 2
            self._write(painter, right - width, right, self._gauge, small, "muted")
            right -= width + 18
        left = self._write(painter, 14.0, right, self._label, strong, "ink")
        self._write(painter, left + 10, right, self._sentence, plain, "ink")
        painter.end()

    def _write(self, painter: QPainter, left: float, right: float, text: str, font: QFont, token: str) -> float:
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(right - left, 0))
        painter.setFont(font)
        painter.setPen(colour("ink" if token == "ink" else "muted"))
        painter.drawText(QRectF(left, 0, right - left + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        return left + metrics.horizontalAdvance(shown)
