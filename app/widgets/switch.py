"""A switch that is on or off."""

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.widgets.tokens import colour, unit


class Switch(QAbstractButton):
    """A track with a knob: left and hollow is off, right and filled is on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_on(self, is_on: bool) -> None:
        """Show it on or off; emits nothing."""
        with QSignalBlocker(self):
            self.setChecked(is_on)
        self.update()

    def sizeHint(self) -> QSize:
        """Twice as wide as high."""
        return QSize(round(38 * unit(self)), round(22 * unit(self)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track and knob."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        track = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        ink = colour("ink" if self.isEnabled() else "line")
        edge = QPen(colour("focus"), 2) if self.hasFocus() else QPen(ink if self.isChecked() else colour("muted"), 1)
        painter.setPen(edge)
        painter.setBrush(ink if self.isChecked() else colour("panel"))
        painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
        reach = track.height() / 2 - 3.5
        x = track.right() - track.height() / 2 if self.isChecked() else track.left() + track.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("panel" if self.isChecked() else "muted"))
        painter.drawEllipse(QPointF(x, track.center().y()), reach, reach)
        painter.end()
