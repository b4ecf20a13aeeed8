"""A word on the tape: a chip in its column, marked where it is wrong, framed where the cursor stands."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPainter

from app.plots.canvas import draw_cross, draw_text, sharp_pen, text_width
from app.plots.colours import Palette

CROSS = 22
"""How much room a cross needs beside a word."""

SMALLEST = 0.65
"""Down to this share of their size letters are made smaller, so that a word fits its column."""
LEAST_SHOWN = 0.25
"""Of a word of which less than this share fits nothing is written: at the cursor it stands whole."""


def paint_word(painter: QPainter, column: QRectF, word: str, is_wrong: bool, colours: Palette, is_framed: bool = False) -> None:
    """A wrong word has a cross at its right, or a bar below it where there is no room for a cross."""
    where, ink = column.adjusted(1, 0, -1, 0), colours.colour("live" if is_wrong else "ink")
    painter.fillRect(where, colours.colour("soft"))
    _write(painter, where, word, ink)
    if is_wrong:
        _mark(painter, where, text_width(painter.font(), word), colours)
    if is_framed:
        painter.setPen(sharp_pen(colours.colour("ink"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(where.adjusted(0, 0, -1, -1))


def _write(painter: QPainter, where: QRectF, word: str, ink: QColor) -> None:
    """In a column that is a little too narrow for the word, in smaller letters."""
    kept, needed = painter.font(), text_width(painter.font(), word)
    if where.width() < needed * LEAST_SHOWN:
        return
    if where.width() < needed <= where.width() / SMALLEST:
        smaller = QFont(kept)
        smaller.setPixelSize(max(int(QFontInfo(kept).pixelSize() * where.width() / needed), 1))
        painter.setFont(smaller)
        where = where.adjusted(-1, 0, 1, 0)  # rounding must not cut it
    draw_text(painter, where, word, Qt.AlignmentFlag.AlignHCenter, ink)
    painter.setFont(kept)


def _mark(painter: QPainter, where: QRectF, wide: float, colours: Palette) -> None:
    ink = colours.colour("live")
    if where.width() >= wide + CROSS:
        draw_cross(painter, QPointF(where.center().x() + wide / 2 + 7, where.center().y()), 3.0, ink)
    else:
        painter.fillRect(QRectF(where.left(), where.bottom() - 2, where.width(), 2), ink)
