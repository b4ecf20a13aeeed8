"""The program's own icons, in any colour and size."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import assets


def draw_icon(painter: QPainter, name: str, where: QRectF, colour: QColor) -> None:
    """Draw the icon called `name` (a file of `assets/icons`) into a rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    _drawing(name, colour.name()).render(painter, where)
    painter.restore()


def icon(name: str, colour: QColor, size: int = 16) -> QIcon:
    """The icon as Qt's buttons and menus want it, sharp on dense screens too."""
    found = QIcon()
    for ratio in (1, 2, 3):
        picture = QPixmap(QSize(size, size) * ratio)
        picture.fill(Qt.GlobalColor.transparent)
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        draw_icon(painter, name, QRectF(0, 0, size, size), colour)
        painter.end()
        found.addPixmap(picture)
    return found


@cache
def _drawing(name: str, colour: str) -> QSvgRenderer:
    text = assets.path(f"icons/{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(text.replace("currentColor", colour).encode()))
