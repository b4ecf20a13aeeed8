"""The theme's colours as widgets find them: the application's palette, by the names of the theme."""

from typing import Literal

from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QWidget

Token = Literal["ground", "panel", "line", "soft", "ink", "muted", "live", "focus"]

ROLES: dict[Token, QPalette.ColorRole] = {
    "ground": QPalette.ColorRole.Window,
    "panel": QPalette.ColorRole.Base,
    "line": QPalette.ColorRole.Mid,
    "soft": QPalette.ColorRole.AlternateBase,
    "ink": QPalette.ColorRole.WindowText,
    "muted": QPalette.ColorRole.PlaceholderText,
    "live": QPalette.ColorRole.BrightText,
    "focus": QPalette.ColorRole.Highlight,
}
"""Which role of the application's palette carries which colour of the theme; the theme writes them, widgets read them."""


def colour(token: Token) -> QColor:
    """The present theme's colour for a purpose."""
    return QGuiApplication.palette().color(QPalette.ColorGroup.Active, ROLES[token])


def unit(widget: QWidget) -> float:
    """1 at the standard 13-pixel type, more or less for larger or smaller type."""
    font = widget.font()
    pixels = font.pixelSize() if font.pixelSize() > 0 else QFontMetricsF(font).height() * 13 / 16
    return pixels / 13


def sized(widget: QWidget, pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The interface font at a size given for the standard scale, with figures of one width."""
    made = QFont(QGuiApplication.font())
    base = made.pixelSize() if made.pixelSize() > 0 else 13
    made.setPixelSize(max(round(base * pixels / 13), 6))
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
