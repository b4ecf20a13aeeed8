"""One row of a calm list: a title, a few muted words at the right, a bar at the left of the present one; it can be pressed."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.widgets.buttons import IconButton
from app.widgets.tokens import colour, sized, unit

_ROW, _TALL = 28, 44


class ListRow(QAbstractButton):
    """Enter, Space or a press opens it; Up and Down go to the neighbours; Delete removes it, where that is offered."""

    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._note, self._below, self._mark, self._is_current = "", "", "", False
        self.cross = IconButton("close", "Remove from the list", self, 20)
        self.cross.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.cross.clicked.connect(self.removed)
        self.cross.hide()
        self._can_go = False
        self._sample: tuple[str, Qt.PenStyle] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def is_current(self) -> bool:
        """Whether this is what is shown."""
        return self._is_current

    def show_row(
        self,
        title: str,
        note: str = "",
        below: str = "",
        mark: str = "",
        says: str = "",
        *,
        is_current: bool = False,
        can_go: bool = False,
    ) -> None:
        """Show these words: the note at the right, or below the title."""
        if bool(below) != bool(self._below):
            self.updateGeometry()
        self.setText(title)
        self._note, self._below, self._mark = note, below, mark
        self._is_current, self._can_go = is_current, can_go
        self.setToolTip(says)
        spoken = ", ".join(word for word in (title, mark, note, below, "shown now" if is_current else "") if word)
        self.setAccessibleName(spoken)
        self._place_cross()
        self.update()

    def set_sample(self, ink: str, style: Qt.PenStyle) -> None:
        """Draw a short line before the title: the look of a curve that the row belongs to; no colour, no line."""
        sample = (ink, style) if ink else None
        if sample != self._sample:
            self._sample = sample
            self.update()

    def sizeHint(self) -> QSize:
        """One line, or two."""
        return QSize(200, round((_TALL if self._below else _ROW) * unit(self)))

    def minimumSizeHint(self) -> QSize:
        """May become narrow: the title is cut."""
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, bar, title, mark, note."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        around = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        is_over = self.underMouse() or self.isDown()
        painter.setPen(QPen(colour("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(colour("soft") if is_over or self._is_current else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(around, 6, 6)
        if self._is_current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("ink"))
            painter.drawRoundedRect(QRectF(2, self.height() * 0.28, 3, self.height() * 0.44), 1.5, 1.5)
        self._paint_words(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        small, base = sized(self, 11.5), sized(self, 13, QFont.Weight.DemiBold if self._is_current else QFont.Weight.Normal)
        right = self.width() - 10.0 - (self.cross.width() if not self.cross.isHidden() else 0)
        note = " · ".join(word for word in (self._mark, self._note) if word)
        room = max(right - 10, 0)
        wide = min(QFontMetricsF(small).horizontalAdvance(note), room * 0.5)
        painter.setFont(small)
        painter.setPen(colour("ink" if self._mark else "muted"))
        said = QFontMetricsF(small).elidedText(note, Qt.TextElideMode.ElideRight, wide + 1)
        upright = int(Qt.AlignmentFlag.AlignVCenter)
        high = self.height() * (0.56 if self._below else 1.0)
        painter.drawText(QRectF(right - wide, 0, wide + 1, high), upright | int(Qt.AlignmentFlag.AlignRight), said)
        if self._below:
            under = QFontMetricsF(small).elidedText(self._below, Qt.TextElideMode.ElideRight, room)
            painter.setPen(colour("muted"))
            painter.drawText(QRectF(10, self.height() * 0.46, room, self.height() * 0.46), upright, under)
        painter.setFont(base)
        painter.setPen(colour("ink"))
        left = 10.0
        if self._sample is not None:
            ink, style = self._sample
            painter.setPen(QPen(QColor(ink), 2, style))
            painter.drawLine(QPointF(left, high / 2), QPointF(left + 20, high / 2))
            painter.setPen(colour("ink"))
            left += 28
        space = room - wide - (10 if note else 0) - (left - 10)
        title = QFontMetricsF(base).elidedText(self.text(), Qt.TextElideMode.ElideRight, space)
        painter.drawText(QRectF(left, 0, space + 1, high), upright, title)

    # -- keyboard and pointer ------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, arrows walk, Delete removes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Down:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up:
            self.focusPreviousChild()
        elif event.key() == Qt.Key.Key_Delete and self._can_go:
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Space, Enter and Delete from the window's shortcuts while the row has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and not event.modifiers():
            mine = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Delete)
            if event.key() in mine:
                event.accept()
                return True
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Under the pointer: what removes it appears."""
        super().enterEvent(event)
        self._place_cross()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No longer under the pointer."""
        super().leaveEvent(event)
        self._place_cross()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cross stays at the right."""
        super().resizeEvent(event)
        self._place_cross()

    def _place_cross(self) -> None:
        self.cross.setVisible(self._can_go and self.underMouse())
        side = self.cross.sizeHint().width()
        self.cross.setGeometry(self.width() - side - 5, (self.height() - side) // 2, side, side)
