"""Buttons: the ones with words, told apart by their kind, and the ones with an icon."""

from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from app.widgets.icons import draw_icon
from app.widgets.tokens import Token, colour, sized, unit

Kind = Literal["plain", "primary", "chip", "flat", "link"]


def button(text: str, kind: Kind = "plain", tip: str = "", parent: QWidget | None = None) -> QPushButton:
    """A button with words. Primary is ink on panel, once a place; a chip is small; flat has no border; a link reads like text."""
    made = QPushButton(text, parent)
    made.setCursor(Qt.CursorShape.PointingHandCursor if kind == "link" else Qt.CursorShape.ArrowCursor)
    made.setToolTip(tip)
    set_kind(made, kind)
    return made


def set_kind(widget: QWidget, kind: Kind) -> None:
    """Give a button another of the theme's kinds."""
    widget.setProperty("kind", kind)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class IconButton(QAbstractButton):
    """An icon that can be pressed; its tip is also its name for screen readers."""

    def __init__(self, icon: str, tip: str, parent: QWidget | None = None, size: int = 26, tone: Token = "muted") -> None:
        super().__init__(parent)
        self._icon, self._size, self._tone = icon, size, tone
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def icon_name(self) -> str:
        """The icon that is shown."""
        return self._icon

    def set_icon(self, icon: str, tip: str | None = None) -> None:
        """Show another icon (play becomes pause), with another tip."""
        if tip is not None:
            self.setToolTip(tip)
            self.setAccessibleName(tip)
        if icon != self._icon:
            self._icon = icon
            self.update()

    def sizeHint(self) -> QSize:
        """A square that grows with the type."""
        side = round(self._size * unit(self))
        return QSize(side, side)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No longer under the pointer."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A soft ground under the pointer, a ring with the keyboard, the icon in the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        around = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(colour("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(colour("ink"))
        elif self.isEnabled() and (self.underMouse() or self.isDown()):
            painter.setBrush(colour("line" if self.isDown() else "soft"))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(around, 6, 6)
        side = round(16 * unit(self))
        where = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        draw_icon(painter, self._icon, where, self._ink())
        painter.end()

    def _ink(self) -> QColor:
        if not self.isEnabled():
            return colour("line")
        if self.isChecked():
            return colour("panel")
        return colour("ink") if self.underMouse() else colour(self._tone)


class TextButton(QAbstractButton):
    """A word that can be pressed, as quiet as an icon: "1x", "loop off"."""

    def __init__(self, text: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.air = 10
        """Pixels beside the text, in all."""
        self.setText(text)
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_text(self, text: str) -> None:
        """Show another word."""
        if text != self.text():
            self.setText(text)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As wide as its text."""
        return QSize(QFontMetrics(sized(self, 12)).horizontalAdvance(self.text()) + self.air, round(20 * unit(self)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The word in muted ink, a soft ground under the pointer, a ring with the keyboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colour("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(colour("soft") if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        painter.setFont(sized(self, 12))
        painter.setPen(colour("ink" if self.underMouse() else "muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.shown())
        painter.end()

    def shown(self) -> str:
        """As much of the text as there is room for; the sign of a list stays."""
        metrics, text = QFontMetrics(sized(self, 12)), self.text()
        if metrics.horizontalAdvance(text) <= self.width() - 4:
            return text
        sign = " ▾" if text.endswith(" ▾") else ""
        room = self.width() - 6 - metrics.horizontalAdvance(sign)
        return metrics.elidedText(text.removesuffix(" ▾"), Qt.TextElideMode.ElideRight, max(room, 0)) + sign
