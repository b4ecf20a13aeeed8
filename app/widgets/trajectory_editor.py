"""A field to draw trajectories on, in metres: one stroke each, by mouse or with the arrow keys."""

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.tokens import Token, colour, sized, unit

Stroke = tuple[tuple[float, float], ...]
"""Points in metres, the last one now."""

_WAYS = {
    int(Qt.Key.Key_Left): (-1, 0),
    int(Qt.Key.Key_Right): (1, 0),
    int(Qt.Key.Key_Up): (0, 1),
    int(Qt.Key.Key_Down): (0, -1),
}
_KEY_STEPS = 20
"""An arrow draws on by this part of the reach."""
_NEAREST, _FARTHEST = 1.0, 1000.0


class TrajectoryEditor(QWidget):
    """A drag draws, the wheel zooms. With the keyboard: arrows draw on, Enter ends the stroke, Backspace takes a piece back."""

    drawn = Signal(object)
    """The points of a stroke that is ended, as they were drawn."""
    zoomed = Signal(float)
    """How many metres it is from the middle to an edge now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strokes: tuple[Stroke, ...] = ()
        self._current: list[tuple[float, float]] = []
        self._reach = 20.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Field to draw trajectories on")
        self._say()

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """What is shown."""
        return self._strokes

    @property
    def reach(self) -> float:
        """Metres from the middle to an edge."""
        return self._reach

    def set_strokes(self, strokes: tuple[Stroke, ...]) -> None:
        """Show these; the last one is the present one. Emits nothing."""
        self._strokes = strokes
        self._say()
        self.update()

    def set_reach(self, metres: float) -> None:
        """Show so much to every side of the middle; emits nothing."""
        self._reach = min(max(metres, _NEAREST), _FARTHEST)
        self._say()
        self.update()

    def to_pixels(self, x: float, y: float) -> QPointF:
        """Where a place lies in the widget; north is up."""
        scale = min(self.width(), self.height()) / 2 / self._reach
        return QPointF(self.width() / 2 + x * scale, self.height() / 2 - y * scale)

    # ---- size ----

    def sizeHint(self) -> QSize:
        """A square."""
        side = round(240 * unit(self))
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """A small square."""
        side = round(140 * unit(self))
        return QSize(side, side)

    def heightForWidth(self, width: int) -> int:
        """As high as wide, within reason."""
        return min(width, round(340 * unit(self)))

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, grid, strokes, the keyboard's ring."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("panel"))
        self._paint_grid(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        shown = [*self._strokes, *([tuple(self._current)] if self._current else [])]
        for number, stroke in enumerate(shown, 1):
            self._paint_stroke(painter, stroke, number, number == len(shown), len(shown) > 1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(colour("focus" if self.hasFocus() else "line"), 2 if self.hasFocus() else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -1.5, -1.5))
        if not shown:
            painter.setPen(colour("muted"))
            painter.setFont(sized(self, 12))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), "Draw here")
        painter.end()

    def _paint_grid(self, painter: QPainter) -> None:
        """A line every round number of metres, and how many that are."""
        each = _round(self._reach / 2)
        painter.setFont(sized(self, 10))
        across, down = self._edges()
        axis = colour("muted")
        axis.setAlphaF(0.45)
        for number in range(math.ceil(-across / each), math.floor(across / each) + 1):
            x = round(self.to_pixels(number * each, 0).x())
            painter.fillRect(QRectF(x, 0, 1, self.height()), colour("line") if number else axis)
        for number in range(math.ceil(-down / each), math.floor(down / each) + 1):
            y = round(self.to_pixels(0, number * each).y())
            painter.fillRect(QRectF(0, y, self.width(), 1), colour("line") if number else axis)
        left, em = self.to_pixels(0, 0).x(), unit(self)
        wide = self.to_pixels(each, 0).x() - left
        painter.setPen(colour("muted"))
        where = QRectF(left, self.height() - 18 * em, wide - 3, 14 * em)
        painter.drawText(where, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), f"{each:g} m")

    def _paint_stroke(self, painter: QPainter, stroke: Stroke, number: int, is_present: bool, has_number: bool) -> None:
        token: Token = "ink" if is_present else "muted"
        points = [self.to_pixels(*point) for point in stroke]
        painter.setPen(QPen(colour(token), 2.5 if is_present else 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(token))
        painter.drawEllipse(points[-1], 4.5, 4.5)
        if has_number:
            painter.setPen(colour(token))
            painter.setFont(sized(self, 11, QFont.Weight.DemiBold if is_present else QFont.Weight.Normal))
            painter.drawText(points[-1] + QPointF(7, -5), str(number))

    # ---- drawing ----

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()
            self._current = [self._place(event.position())]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on drawing."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._current:
            self._current.append(self._place(event.position()))
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The stroke is done; a press alone draws nothing."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Show more or less of the ground while Ctrl is held; otherwise the wheel belongs to the page."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
            return
        self.set_reach(self._reach * 0.999 ** event.angleDelta().y())
        self.zoomed.emit(self._reach)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Draw on, end, take back."""
        if event.key() in _WAYS:
            x, y = self._current[-1] if self._current else (0.0, -self._reach / 2)
            across, up = _WAYS[event.key()]
            each = self._reach / _KEY_STEPS
            self._current = [*(self._current or [(x, y)]), (x + across * each, y + up * each)]
            self._say()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current:
            self._end()
        elif event.key() == Qt.Key.Key_Backspace and self._current:
            self._current = self._current[:-1] if len(self._current) > 2 else []
            self._say()
            self.update()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who leaves has ended the stroke."""
        super().focusOutEvent(event)
        self._end()

    def event(self, event: QEvent) -> bool:
        """Keep the arrows, Enter and Backspace from the window's shortcuts while the field has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._needs(event):
            event.accept()
            return True
        return super().event(event)

    def _needs(self, event: QKeyEvent) -> bool:
        ends = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace) and bool(self._current)
        return (event.key() in _WAYS or ends) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier

    def _end(self) -> None:
        stroke, self._current = self._current, []
        if len(stroke) > 1:
            self.drawn.emit(tuple(stroke))
        self._say()
        self.update()

    def _place(self, position: QPointF) -> tuple[float, float]:
        scale = min(self.width(), self.height()) / 2 / self._reach
        return (position.x() - self.width() / 2) / scale, (self.height() / 2 - position.y()) / scale

    def _edges(self) -> tuple[float, float]:
        """Metres from the middle to the right and to the upper edge."""
        scale = min(self.width(), self.height()) / 2 / self._reach
        return self.width() / 2 / scale, self.height() / 2 / scale

    def _say(self) -> None:
        if self._current:
            x, y = self._current[-1]
            self.setAccessibleDescription(f"Drawing, at {x:.1f}, {y:.1f} metres; Enter ends it")
        else:
            count = len(self._strokes)
            many = "1 trajectory" if count == 1 else f"{count} trajectories"
            self.setAccessibleDescription(f"{many}; arrows begin another, one piece of {self._reach / _KEY_STEPS:g} metres each")


def _round(length: float) -> float:
    """The longest of 1, 2 or 5 times a power of ten that is no longer."""
    power = 10.0 ** math.floor(math.log10(max(length, 1e-6)))
    return next(power * factor for factor in (5, 2, 1) if power * factor <= length * (1 + 1e-9))
