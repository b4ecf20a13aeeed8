"""The LIVE badge: whether the training cursor follows the newest checkpoint."""

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.widgets.tokens import colour, sized, unit

Follows = Literal["live", "detached"]


class LiveBadge(QAbstractButton):
    """A pill that can be pressed to follow again. Filled dot and LIVE while it follows; a hollow dot and words while detached."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follows: Follows = "live"
        self._words = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._say()

    def show_live(self, words: str = "") -> None:
        """The cursor follows; `words` say more: "update 3,120"."""
        self._show("live", words)

    def show_detached(self, words: str) -> None:
        """The cursor stays where it is: "detached, 3 newer checkpoints (End follows)"."""
        self._show("detached", words)

    @property
    def follows(self) -> Follows:
        """What the badge says."""
        return self._follows

    @property
    def words(self) -> str:
        """The words beside it."""
        return self._words

    def _show(self, follows: Follows, words: str) -> None:
        if (follows, words) != (self._follows, self._words):
            self._follows, self._words = follows, words
            self._say()
            self.updateGeometry()
            self.update()

    def _say(self) -> None:
        self.setAccessibleName(f"{'Live' if self._follows == 'live' else 'Detached'}. {self._words}".strip())
        self.setToolTip(
            "Follows the newest checkpoint (F)" if self._follows == "live" else "Press to follow the newest checkpoint (F)"
        )

    def _fonts(self) -> tuple[QFont, QFont]:
        return sized(self, 12, QFont.Weight.Bold), sized(self, 11)

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        strong, small = self._fonts()
        width = 26.0 + (QFontMetricsF(strong).horizontalAdvance("LIVE") if self._follows == "live" else 0)
        width += QFontMetricsF(small).horizontalAdvance(self._words) + (8 if self._words else 0)
        return QSize(round(width + 10), round(28 * unit(self)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Border, dot, words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colour("focus"), 2) if self.hasFocus() else QPen(colour("line"), 1))
        painter.setBrush(colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
        is_live, middle = self._follows == "live", self.height() / 2
        painter.setPen(QPen(colour("live"), 1.5))
        painter.setBrush(colour("live") if is_live else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(15, middle), 3.6 * unit(self), 3.6 * unit(self))
        strong, small = self._fonts()
        left = 25.0
        if is_live:
            painter.setFont(strong)
            painter.drawText(QRectF(left, 0, 80, self.height()), Qt.AlignmentFlag.AlignVCenter, "LIVE")
            left += QFontMetricsF(strong).horizontalAdvance("LIVE") + 8
        painter.setFont(small)
        painter.setPen(colour("muted" if is_live else "ink"))
        painter.drawText(QRectF(left, 0, self.width() - left, self.height()), Qt.AlignmentFlag.AlignVCenter, self._words)
        painter.end()
