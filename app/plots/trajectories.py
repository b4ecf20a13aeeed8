"""A picture of trajectories that answers the pointer and the keyboard: hover, click, zoom, and a walk from line to line."""

from typing import cast

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from app.plots.canvas import sharp_pen
from app.plots.colours import Palette
from app.plots.trajectories_canvas import TrajectoriesCanvas, mapped
from app.plots.ways import nearest_way

_CATCH = 9.0
"""Pixels from a line within which the pointer means it."""
_CLOSEST, _FARTHEST = 0.02, 3.0
"""How far the wheel zooms: shares of the whole picture."""
_ARROWS = {
    int(Qt.Key.Key_Left): (0, -1),
    int(Qt.Key.Key_Right): (0, 1),
    int(Qt.Key.Key_Up): (-1, 0),
    int(Qt.Key.Key_Down): (1, 0),
}


class TrajectoriesPlot(TrajectoriesCanvas):
    """The wheel zooms, a drag moves the picture, a double click shows all of it again."""

    hovered = Signal(int, int)
    """Agent and future under the pointer (future -1: the agent itself); -1, -1 when it leaves."""
    clicked = Signal(int, int, object)
    """The same for a press, with the keyboard modifiers held. Arrows emit it too once `enter` was called."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._under = (-1, -1)
        self._pan: QPointF | None = None
        self._has_moved, self._is_inside = False, False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Add the ring that says that the arrows walk here."""
        super().paint_marks(painter, exposed)
        if self._is_inside:
            painter.setPen(sharp_pen(self.colours.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.plot_rect().adjusted(-2, -2, 2, 2))

    # -- the pointer ----------------------------------------------------------------------------------------------------------

    def found_at(self, position: QPointF) -> tuple[int, int]:
        """Agent and future at a place in the widget; -1, -1 where there is nothing near."""
        if not self.plot_rect().contains(position):
            return -1, -1
        across = self.to_pixels()
        placed = [(way, mapped(way.points, across)) for way in self._seen_ways() if way.kind != "truth"]
        way = nearest_way(placed, (position.x(), position.y()), _CATCH * self.em())
        return (way.agent, way.future) if way is not None else (-1, -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is there; a drag moves the picture."""
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            event.ignore()
            return
        self._pan, self._has_moved = event.position(), False
        found = self.found_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and found[0] >= 0:
            self.clicked.emit(*found, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover, or move the picture."""
        if self._pan is not None and event.buttons() != Qt.MouseButton.NoButton:
            way = event.position() - self._pan
            if self._has_moved or abs(way.x()) + abs(way.y()) > 4:
                self._has_moved, self._pan = True, event.position()
                scale = self.pixels_a_unit
                self.look_at(self.view.translated(-way.x() / scale, way.y() / scale))
            return
        found = self.found_at(event.position())
        if found != self._under:
            self._under = found
            self.hovered.emit(*found)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A drag has ended."""
        self._pan = None
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything again."""
        self.look_at(QRectF())

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        if self._under != (-1, -1):
            self._under = (-1, -1)
            self.hovered.emit(-1, -1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer."""
        plot, shown = self.plot_rect(), self.view
        factor = 0.999 ** event.angleDelta().y()
        share = shown.width() * factor / self.frame.width()
        if not plot.contains(event.position()) or not _CLOSEST <= share <= _FARTHEST:
            event.ignore()
            return
        back = self.to_pixels().inverted()[0]
        held = back.map(event.position())
        size = shown.size() * factor
        left = held.x() - (held.x() - shown.left()) * factor
        top = held.y() - (held.y() - shown.top()) * factor
        self.look_at(QRectF(QPointF(left, top), size))
        event.accept()

    # -- the keyboard ---------------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Let the arrows walk: up and down from agent to agent, left and right from future to future."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._is_inside = True
        self._walk(0, 0)
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Keep the arrows and Esc from the window's shortcuts while the reader walks."""
        if event.type() == QEvent.Type.ShortcutOverride and self._is_inside:
            key = cast(QKeyEvent, event)
            if key.key() in (*_ARROWS, int(Qt.Key.Key_Escape)) and not key.modifiers() & Qt.KeyboardModifier.AltModifier:
                event.accept()
                return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, or leave with Esc; every other key belongs to the window."""
        if self._is_inside and event.key() in _ARROWS:
            self._walk(*_ARROWS[event.key()])
        elif self._is_inside and event.key() == Qt.Key.Key_Escape:
            self._is_inside = False
            self.viewport().update()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave the lines when the focus goes elsewhere."""
        super().focusOutEvent(event)
        self._is_inside = False
        self.viewport().update()

    def _walk(self, down: int, across: int) -> None:
        agents = [agent for agent, _ in self._agents]
        if not agents:
            return
        agent, future = next(((a, f) for a, f in sorted(self._chosen)), (agents[0], 0 if not across and not down else -1))
        place = agents.index(agent) if agent in agents else 0
        agent = agents[min(max(place + down, 0), len(agents) - 1)]
        futures = sorted({way.future for way in self._ways if way.agent == agent and way.future >= 0})
        future = min(max(future + across, -1 if not futures else 0), len(futures) - 1)
        self.clicked.emit(agent, future, Qt.KeyboardModifier.NoModifier)
