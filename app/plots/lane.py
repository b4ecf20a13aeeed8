"""What the two time lanes have in common: one horizontal scale, a still picture painted once, a cursor over it."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.plots.canvas import SMALL, scaled_font, unit
from app.plots.colours import Palette


class Lane(QWidget):
    """A strip of time. A subclass paints its still picture in `paint_still`, and what moves in `paint_moving`."""

    standard_height = 64

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = palette
        self._inset = (4.0, 12.0)
        self._still: QPixmap | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours from now on."""
        self.colours = palette
        self.redraw()

    def set_x_inset(self, left: float, right: float) -> None:
        """Keep this much free at the left and right, so that the lane shares the scale of the pictures above it."""
        if (left, right) != self._inset:
            self._inset = (left, right)
            self.redraw()

    def redraw(self) -> None:
        """The still picture is no longer true: paint it anew in this turn of the event loop."""
        self._still = None
        self.update()

    def span(self) -> tuple[float, float]:
        """Where the scale begins and how long it is, in pixels."""
        left, right = self._inset
        return round(left), max(round(self.width() - left - right), 1.0)

    def em(self) -> float:
        """One unit of length that follows the size of the type."""
        return unit(self.font())

    def face(self, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The type of axis text."""
        return scaled_font(self.font(), SMALL, weight)

    def paint_still(self, painter: QPainter) -> None:
        """Paint what changes with the data only."""

    def paint_moving(self, painter: QPainter) -> None:
        """Paint what moves with the cursor."""

    def paint_cursor(self, painter: QPainter, x: float, top: float, bottom: float) -> None:
        """A line in ink, with a halo that keeps it apart from what it crosses."""
        line = QRectF(round(x) - 0.5, top, 1.5, bottom - top)
        painter.fillRect(line.adjusted(-1, 0, 1, 0), self.colours.colour("ground"))
        painter.fillRect(line, self.colours.colour("ink"))

    def sizeHint(self) -> QSize:
        """As wide as there is room, as high as the type asks for."""
        return QSize(400, round(self.standard_height * self.em()))

    def minimumSizeHint(self) -> QSize:
        """The lane keeps its height and may become narrow."""
        return QSize(120, round(self.standard_height * self.em()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Lay what moves over the still picture."""
        ratio = self.devicePixelRatioF()
        if self._still is None:
            self._still = QPixmap(self.size() * ratio)
            self._still.setDevicePixelRatio(ratio)
            self._still.fill(Qt.GlobalColor.transparent)
            still = QPainter(self._still)
            still.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            still.setFont(self.face())
            try:
                self.paint_still(still)
            finally:
                still.end()  # a picture must not go while something paints on it: Qt would go with it
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still)
        painter.setFont(self.face())
        try:
            self.paint_moving(painter)
        finally:
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another size needs another still picture."""
        super().resizeEvent(event)
        self.redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Another size of type changes the height."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
            self.redraw()

    def update_strip(self, x: float) -> None:
        """Repaint only what a cursor at `x` covers."""
        self.update(QRect(round(x) - 4, 0, 9, self.height()))

    @staticmethod
    def is_left(event: QMouseEvent) -> bool:
        """Whether the left button is held."""
        return bool(event.buttons() & Qt.MouseButton.LeftButton)
