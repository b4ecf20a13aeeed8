"""The key to a picture's colours: limits, unit, and a badge where the scale is not the plain one."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter

from app.plots.canvas import draw_text, sharp_pen, text_width
from app.plots.colours import Palette, Scale, table

_BAR = 62.0
_SHORTEST = 24.0
_HEIGHT = 6.0


@dataclass(frozen=True, slots=True)
class ColourBar:
    """Which colours stand for which numbers: limits, scale, unit, and a badge such as "clipped" or "max of 4x4"."""

    low: float = 0.0
    high: float = 1.0
    scale: Scale = "ramp"
    unit: str = ""
    badge: str = ""

    def ends(self) -> tuple[str, str]:
        """The two limits as they are written at the ends of the bar."""
        return limit_text(self.low, self.scale), limit_text(self.high, self.scale) + (f" {self.unit}" if self.unit else "")

    def width(self, font: QFont, bar: float = _SHORTEST) -> float:
        """The room that the bar with its limits and badge takes when the bar itself is `bar` pixels long."""
        low, high = self.ends()
        badge = text_width(font, self.badge) + 22 if self.badge else 0
        return text_width(font, low) + text_width(font, high) + 10 + bar + badge

    def paint(self, painter: QPainter, where: QRectF, colours: Palette, font: QFont) -> None:
        """Draw at the right end of `where`, as long as there is room up to its full length."""
        low, high = self.ends()
        painter.setFont(font)
        length = min(_BAR * (font.pixelSize() / 11), max(_SHORTEST, where.width() - self.width(font, 0)))
        right = where.right() - text_width(font, high)
        draw_text(painter, where, high, Qt.AlignmentFlag.AlignRight, colours.colour("muted"))
        bar = QRectF(right - 5 - length, where.center().y() - _HEIGHT / 2, length, _HEIGHT)
        painter.drawImage(bar, _strip(colours, self.scale))
        before = QRectF(where.left(), where.top(), bar.left() - 5 - where.left(), where.height())
        draw_text(painter, before, low, Qt.AlignmentFlag.AlignRight)
        if self.badge:
            self._paint_badge(painter, before.adjusted(0, 0, -text_width(font, low) - 8, 0), colours)

    def _paint_badge(self, painter: QPainter, where: QRectF, colours: Palette) -> None:
        says = self._badge_within(painter.font(), where.width() - 12)
        width = min(text_width(painter.font(), says) + 12, where.width())
        if width < 24:
            return
        pill = QRectF(where.right() - width, where.center().y() - 8, width, 16).translated(0.5, 0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(sharp_pen(colours.colour("line")))
        painter.setBrush(colours.colour("panel"))
        painter.drawRoundedRect(pill, 4, 4)
        painter.restore()
        draw_text(painter, pill.adjusted(5, 0, -5, 0), says, Qt.AlignmentFlag.AlignCenter, colours.colour("muted"))

    def _badge_within(self, font: QFont, room: float) -> str:
        """The badge, or as many of its parts as fit whole: "clipped …"."""
        parts = self.badge.split(", ")
        for count in range(len(parts), 0, -1):
            says = ", ".join(parts[:count]) + (" …" if count < len(parts) else "")
            if text_width(font, says) <= room:
                return says
        return self.badge


def limit_text(value: float, scale: Scale = "ramp") -> str:
    """A limit as it is written: "1", "+1", "-0.5"; signed scales show both signs, with a true minus."""
    text = f"{value:g}"
    if scale != "ramp" and value > 0:
        text = f"+{text}"
    return text.replace("-", "\N{MINUS SIGN}")


@cache
def _strip(colours: Palette, scale: Scale) -> QImage:
    row = np.ascontiguousarray(np.broadcast_to(table(colours, scale)[None, :, :], (1, 256, 3)))
    return QImage(row.tobytes(), 256, 1, 256 * 3, QImage.Format.Format_RGB888).copy()
