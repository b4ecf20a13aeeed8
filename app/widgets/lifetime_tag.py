"""How long something lives, as a small tag: its border is dotted for a step, dashed for an episode, thick or double for more."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.icons import draw_icon
from app.widgets.tokens import colour, sized, unit
from engine.contract.cards import Lifetime

_SIGNS: dict[Lifetime, str] = {"episode": "hourglass", "persistent": "bank", "weights": "chip"}


class LifetimeTag(QWidget):
    """A sign and a few words in the border that the panes use for the same lifetime."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lifetime: Lifetime = "step"
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_lifetime(self, lifetime: Lifetime, words: str) -> None:
        """Show a lifetime, and what it is called."""
        if (lifetime, words) != (self._lifetime, self._words):
            self._lifetime, self._words = lifetime, words
            self.setAccessibleName(words)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        sign = 17 * unit(self) if self._lifetime in _SIGNS else 0
        return QSize(round(QFontMetricsF(sized(self, 11.5)).horizontalAdvance(self._words) + sign + 16), round(20 * unit(self)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Border, sign, words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        around = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(self._pen())
        painter.drawRoundedRect(around, 6, 6)
        if self._lifetime == "weights":
            painter.drawRoundedRect(around.adjusted(2, 2, -2, -2), 4.5, 4.5)
        left = 7.0
        if self._lifetime in _SIGNS:
            side = 13 * unit(self)
            draw_icon(painter, _SIGNS[self._lifetime], QRectF(left, (self.height() - side) / 2, side, side), colour("muted"))
            left += side + 4
        painter.setFont(sized(self, 11.5))
        painter.setPen(colour("muted"))
        where = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter), self._words)
        painter.end()

    def _pen(self) -> QPen:
        pen = QPen(colour("ink" if self._lifetime == "persistent" else "muted"), 2 if self._lifetime == "persistent" else 1)
        if self._lifetime == "episode":
            pen.setDashPattern([3.5, 3])
        elif self._lifetime == "step":
            pen.setDashPattern([1, 2.5])
        return pen
