"""The frame of a pane: the question it answers, its technical name, help and menu, and a border that tells the lifetime."""

from typing import Literal

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.widgets.buttons import IconButton
from app.widgets.icons import draw_icon
from app.widgets.tokens import colour, sized, unit

Frame = Literal["plain", "step", "episode", "persistent", "weights"]

_SIGNS = {"episode": "hourglass", "persistent": "bank", "weights": "chip"}
_LIVES = {
    "step": "lives for one step",
    "episode": "wiped at each episode's start",
    "persistent": "kept across episodes",
    "weights": "changed by training only",
}


class PaneFrame(QWidget):
    """A rounded panel with a header and a body. A press makes it the present pane; Enter asks to go in."""

    help_wanted = Signal()
    menu_wanted = Signal(QPoint)
    """Where the menu should open, on the screen."""
    activated = Signal()
    """The pane was pressed or got the keyboard: it is the present one."""
    entered = Signal()
    """Enter was pressed: the arrows shall walk inside."""
    enlarge_wanted = Signal()
    """The header was pressed twice."""

    def __init__(self, question: str, technical: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame = "plain"
        self._is_present = False
        self._is_pointed_at = False
        self._header = _Header(question, technical)
        self._header.help.clicked.connect(self.help_wanted)
        self._header.menu.clicked.connect(self._ask_for_menu)
        self._header.pressed_twice.connect(self.enlarge_wanted)
        self._body: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(11, 6, 7, 8)
        self._column.setSpacing(2)
        self._column.addWidget(self._header)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(question)

    @property
    def body(self) -> QWidget | None:
        """What the pane shows."""
        return self._body

    def set_body(self, body: QWidget) -> None:
        """Put a widget into the pane, in place of what was there."""
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = body
        self._column.addWidget(body, 1)
        for part in (body, *body.findChildren(QWidget)):
            part.installEventFilter(self)

    def set_question(self, question: str, technical: str) -> None:
        """Say what the pane answers now: "What is stored?", "after step 8"."""
        self._header.set_text(question, technical)
        self.setAccessibleName(question)

    def set_technical(self, technical: str) -> None:
        """Change the small words beside the question."""
        self._header.set_text(self._header.question, technical)

    def set_lifetime(self, frame: Frame) -> None:
        """Let the border tell the lifetime: dotted a step, dashed an episode, thick what persists, double weights."""
        if frame != self._frame:
            self._frame = frame
            self._header.set_sign(_SIGNS.get(frame, ""), _LIVES.get(frame, ""))
            self.update()

    def set_present(self, is_present: bool) -> None:
        """Show that this pane is the present one."""
        if is_present != self._is_present:
            self._is_present = is_present
            self.update()

    @property
    def is_pointed_at(self) -> bool:
        """Whether a lesson speaks of this pane."""
        return self._is_pointed_at

    def set_pointed_at(self, is_pointed_at: bool) -> None:
        """Show that a lesson speaks of this pane."""
        if is_pointed_at != self._is_pointed_at:
            self._is_pointed_at = is_pointed_at
            self.update()

    def add_to_header(self, widget: QWidget) -> None:
        """Put a small control into the header, before help and menu."""
        self._header.add(widget)

    # -- Qt -------------------------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The panel and its border."""
        painter = QPainter(self)
        if self.rect().adjusted(9, 9, -9, -9).contains(event.rect()):  # what lies inside has changed: no border to draw
            painter.fillRect(event.rect(), colour("panel"))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        around = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("panel"))
        painter.drawRoundedRect(around, 9, 9)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.hasFocus():
            painter.setPen(QPen(colour("focus"), 2))
            painter.drawRoundedRect(around, 9, 9)
        elif self._is_pointed_at:
            painter.setPen(QPen(colour("ink"), 1.5))
            painter.drawRoundedRect(around, 9, 9)
        else:
            self._paint_border(painter, around.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.end()

    def _paint_border(self, painter: QPainter, around: QRectF) -> None:
        quiet = colour("muted") if self._is_present or self._frame != "plain" else colour("line")
        if self._frame == "persistent":
            painter.setPen(QPen(colour("ink"), 2))
            around = around.adjusted(0.5, 0.5, -0.5, -0.5)
        else:
            painter.setPen(_border_pen(self._frame, quiet))
        painter.drawRoundedRect(around, 9, 9)
        if self._frame == "weights":
            painter.drawRoundedRect(around.adjusted(3, 3, -3, -3), 6.5, 6.5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press makes the pane the present one."""
        self.activated.emit()
        super().mousePressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press into the body makes the pane the present one too."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self.activated.emit()
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard makes the pane the present one."""
        super().focusInEvent(event)
        self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes in; the menu key opens the menu; other keys belong to the window."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Menu:
            self._ask_for_menu()
        else:
            event.ignore()

    def _ask_for_menu(self) -> None:
        self.menu_wanted.emit(self._header.menu.mapToGlobal(QPoint(0, self._header.menu.height())))


class _Header(QWidget):
    """Question in semibold, technical name muted, small buttons at the right."""

    pressed_twice = Signal()

    def __init__(self, question: str, technical: str) -> None:
        super().__init__()
        self.question, self._technical = question, technical
        self._sign = ""
        self._added: list[QWidget] = []
        self.help = IconButton("help", "How to read this (F1)", self, 22)
        self.menu = IconButton("more", "Menu of this pane", self, 22)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addStretch(1)
        self._row.addWidget(self.help)
        self._row.addWidget(self.menu)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_text(self, question: str, technical: str) -> None:
        if (question, technical) != (self.question, self._technical):
            self.question, self._technical = question, technical
            self._share()
            self.update()

    def set_sign(self, sign: str, says: str) -> None:
        self._sign = sign
        self.setToolTip(says)
        self._share()
        self.update()

    def add(self, widget: QWidget) -> None:
        self._added.append(widget)
        self._row.insertWidget(self._row.count() - 2, widget)
        self._share()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.FontChange):
            self._share()
            self.update()  # the words end where the choices begin now
        return super().event(event)

    def _share(self) -> None:
        """Where question and choices have no room together, each is cut by the same share, so that none is lost."""
        if not hasattr(self, "menu"):
            return
        wishes = {widget: widget.sizeHint().width() for widget in self._added if not widget.isHidden()}
        asked = QFontMetricsF(sized(self, 13, QFont.Weight.DemiBold)).horizontalAdvance(self.question)
        buttons = self.help.sizeHint().width() + self.menu.sizeHint().width()
        room = self.width() - buttons - 14 - (22 * unit(self) if self._sign else 0)
        share = room / (asked + sum(wishes.values()))
        for widget, wish in wishes.items():
            least = min(wish, max(44 * unit(self), 0.3 * room))  # a short word stays whole
            widget.setMaximumWidth(wish if share >= 1 else round(max(wish * share, least)))

    def sizeHint(self) -> QSize:
        return QSize(200, round(24 * unit(self)))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, round(24 * unit(self)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pressed_twice.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        first = min((button.x() for button in self.findChildren(QWidget) if button.isVisible()), default=self.width())
        right = float(first) - 6
        if self._sign:
            side = 16 * unit(self)
            draw_icon(painter, self._sign, QRectF(right - side, (self.height() - side) / 2, side, side), colour("muted"))
            right -= side + 6
        left = self._word(painter, 0, right, self.question, colour("ink"), sized(self, 13, QFont.Weight.DemiBold))
        self._word(painter, left + 8, right, self._technical, colour("muted"), sized(self, 11.5))
        painter.end()

    def _word(self, painter: QPainter, left: float, right: float, text: str, ink: QColor, font: QFont) -> float:
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(ink)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(right - left, 0))
        base = (self.height() + QFontMetricsF(sized(self, 13)).capHeight()) / 2
        painter.drawText(QRectF(left, base - metrics.ascent(), right - left, metrics.height() + 2), shown)
        return left + metrics.horizontalAdvance(shown)


def _border_pen(frame: Frame, ink: QColor) -> QPen:
    pen = QPen(ink, 1)
    if frame == "episode":
        pen.setDashPattern([3.5, 3])
    elif frame == "step":
        pen.setDashPattern([1, 2.5])
    return pen
