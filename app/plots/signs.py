"""The signs for what happens in an episode: told apart by shape, never by colour alone."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF


def draw_write(painter: QPainter, centre: QPointF, reach: float, ink: QColor) -> None:
    """A filled triangle that points up: a write."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPolygon(_triangle(centre, reach, -1))


def draw_read(painter: QPainter, centre: QPointF, reach: float, ink: QColor) -> None:
    """A hollow triangle that points down: a read."""
    painter.setPen(QPen(ink, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolygon(_triangle(centre, reach - 0.4, 1))


def draw_bracket(painter: QPainter, x: float, top: float, bottom: float, opens: bool, ink: QColor) -> None:
    """A solid bracket: here an episodic memory is wiped."""
    arm = 5.0 if opens else -5.0
    pen = QPen(ink, 2)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline([QPointF(x + arm, top), QPointF(x, top), QPointF(x, bottom), QPointF(x + arm, bottom)])


def draw_pencil(painter: QPainter, where: QRectF, ink: QColor) -> None:
    """A small pencil: something was changed here."""
    painter.save()
    painter.translate(where.center())
    painter.rotate(45)
    reach = where.width() * 0.46
    painter.setPen(QPen(ink, 1.1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    side = reach * 0.34
    painter.drawPolygon([QPointF(-side, -reach), QPointF(side, -reach), QPointF(side, reach * 0.4), QPointF(-side, reach * 0.4)])
    painter.setBrush(ink)
    painter.drawPolygon([QPointF(-side, reach * 0.4), QPointF(side, reach * 0.4), QPointF(0, reach)])
    painter.restore()


def _triangle(centre: QPointF, reach: float, down: int) -> QPolygonF:
    x, y = centre.x(), centre.y()
    return QPolygonF(
        [QPointF(x - reach, y - down * reach * 0.85), QPointF(x + reach, y - down * reach * 0.85), QPointF(x, y + down * reach)]
    )
