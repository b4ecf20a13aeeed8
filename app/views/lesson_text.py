"""The small markup of lessons, **bold** and [Key], as rich text for a label and as HTML for a printed page."""

import base64
import html
import re

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QLabel, QWidget

from app.widgets.keycap import draw_keycap, keycap_width
from app.widgets.tokens import Token, colour, unit

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_KEY = re.compile(r"\[(.+?)\]")
_SHARP = 3
"""Keys are painted so many times finer than they are shown."""


class LessonLabel(QLabel):
    """A paragraph of a lesson."""

    def __init__(self, text: str, tone: Token = "ink", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markup, self._tone = text, tone
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setAccessibleName(plain(text))
        self.dress()

    def dress(self) -> None:
        """Write it in the present theme's colours and type."""
        body = _KEY.sub(lambda found: _keycap(self, found.group(1)), _bold(self._markup))
        self.setText(f'<div style="line-height:140%; color:{colour(self._tone).name()}">{body}</div>')


def to_html(text: str) -> str:
    """For a printed page."""
    return _KEY.sub(r"<kbd>\1</kbd>", _bold(text))


def plain(text: str) -> str:
    """For a screen reader: no signs."""
    return _KEY.sub(r"\1", _BOLD.sub(r"\1", text))


def _bold(text: str) -> str:
    return _BOLD.sub(r"<b>\1</b>", html.escape(text, quote=False))


def _keycap(widget: QWidget, key: str) -> str:
    """A picture of a key, in the line: rich text knows no borders."""
    width, height = round(keycap_width(widget, key)), round(18 * unit(widget))
    picture = QImage(width * _SHARP, height * _SHARP, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.scale(_SHARP, _SHARP)
    draw_keycap(widget, painter, QRectF(0, 0, width, height), key)
    painter.end()
    return f'<img src="{_as_url(picture)}" width="{width}" height="{height}" style="vertical-align:middle">'


def _as_url(picture: QImage) -> str:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, Qt takes the name of the format
    buffer.close()
    return "data:image/png;base64," + base64.b64encode(content.data()).decode()
