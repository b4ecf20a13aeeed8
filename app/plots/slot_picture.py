"""One slot, large: what was kept in it and what the model makes of its codes, with the lines named and a length to measure by."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.plots.canvas import Canvas, draw_text, text_width
from app.plots.colours import Palette
from app.plots.kept import Kept, KeptPaths, metres_a_pixel

_LENGTHS = (0.5, 1, 2, 5, 10, 20, 50, 100)
"""Metres that a length to measure by may have."""


class SlotPicture(Canvas):
    """Draws what `Kept` draws of a slot; below it a line for each kind of line, and how long some metres are."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._kept: Kept | None = None
        self._slot = -1
        self._lines: tuple[tuple[str, float, Qt.PenStyle], ...] = ()
        self._message = ""
        self._box = QRectF(-1, -1, 2, 2)

    def show_slot(self, kept: Kept, slot: int, message: str = "", has_decoded: bool = False) -> None:
        """Draw this slot, or say the message instead."""
        if (kept, slot, message) == (self._kept, self._slot, self._message):
            return
        self._kept, self._slot, self._message = kept, slot, message
        solid, dash = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine
        named = (("past", 2.6, solid), ("what followed", 1.6, solid), ("decoded", 1.4, dash))
        self._box = kept.box_of(slot) if isinstance(kept, KeptPaths) else self._box
        self._lines = (named if has_decoded else named[:2]) if isinstance(kept, KeptPaths) else ()
        self.refresh()

    def margins(self) -> tuple[float, float, float, float]:
        """Room for the length and the names below."""
        return 2.0, 2.0, 2.0, (self._rows_of_names() * 16 + 24) * self.em() if self._lines else 2.0

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """The slot, the names of the lines, the length."""
        plot = self.plot_rect()
        painter.setFont(self.face())
        if self._message or self._kept is None:
            painter.setPen(self.colours.colour("muted"))
            painter.drawText(plot, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self._message)
            return
        self._kept.paint(painter, plot, self._slot, self.colours, True)
        if isinstance(self._kept, KeptPaths):
            self._paint_length(painter, plot)
            self._paint_names(painter, plot)

    def _paint_length(self, painter: QPainter, plot: QRectF) -> None:
        """ "10 m" below at the left, as long as a fifth of the width or so."""
        a_pixel = metres_a_pixel(self._box, plot)
        metres = max((length for length in _LENGTHS if length <= plot.width() * a_pixel * 0.35), default=_LENGTHS[0])
        wide, y = metres / a_pixel, plot.bottom() + 12 * self.em()
        painter.setPen(QPen(self.colours.colour("muted"), 1.5))
        painter.drawLine(QPointF(plot.left() + 2, y), QPointF(plot.left() + 2 + wide, y))
        where = QRectF(plot.left() + 8 + wide, y - 8 * self.em(), 60 * self.em(), 16 * self.em())
        draw_text(painter, where, f"{metres:g} m", Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))

    def _paint_names(self, painter: QPainter, plot: QRectF) -> None:
        em, x, y = self.em(), plot.left() + 2, plot.bottom() + 22 * self.em()
        for name, width, style in self._lines:
            wide = self._width_of_name(name)
            if x + wide > plot.right() and x > plot.left() + 2:
                x, y = plot.left() + 2, y + 16 * em
            painter.setPen(QPen(self.colours.colour("ink"), width, style))
            painter.drawLine(QPointF(x, y + 8 * em), QPointF(x + 20 * em, y + 8 * em))
            where = QRectF(x + 25 * em, y, wide, 16 * em)
            draw_text(painter, where, name, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))
            x += wide

    def _width_of_name(self, name: str) -> float:
        return text_width(self.face(), name) + 38 * self.em()

    def _rows_of_names(self) -> int:
        rows, x = 1, 2.0
        for name, _, _ in self._lines:
            wide = self._width_of_name(name)
            if x + wide > self.width() - 4 and x > 2.0:
                rows, x = rows + 1, 2.0
            x += wide
        return rows
