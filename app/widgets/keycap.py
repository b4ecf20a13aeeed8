"""A key, drawn as a key: in the key map, in the search, in lessons."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.tokens import colour, sized, unit


class Keycap(QWidget):
    """One key or chord, such as "Ctrl K"."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What stands on the key."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another key."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as what stands on it."""
        return QSize(round(keycap_width(self, self._text)), round(20 * unit(self)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded square with the text."""
        painter = QPainter(self)
        draw_keycap(self, painter, QRectF(self.rect()), self._text)
        painter.end()


def keycap_width(widget: QWidget, text: str) -> float:
    """The room that a key needs."""
    return max(QFontMetricsF(sized(widget, 11)).horizontalAdvance(text) + 11, 20 * unit(widget))


def draw_keycap(widget: QWidget, painter: QPainter, where: QRectF, text: str) -> None:
    """Draw a key into a rectangle of any widget."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(colour("line"), 1))
    painter.setBrush(colour("panel"))
    painter.drawRoundedRect(where.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(sized(widget, 11))
    painter.setPen(colour("muted"))
    painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
