"""The edits of a what-if on the sequence lane: a chip at each one's step, to switch off, move, rename or take away."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QLineEdit, QWidget

from app.plots.signs import draw_pencil
from app.plots.timeline import SequenceLane
from app.state.what_if import WhatIf, edit_in_words
from app.widgets.tokens import colour, sized, unit
from engine.contract.edits import Edit

_HEIGHT = 16


class EditChip(QWidget):
    """One edit: a pencil, and while it is looked at its name and a cross."""

    switched = Signal()
    removed = Signal()
    moved = Signal(int)
    """By how many pixels it was dragged, or steps by the arrows (see `nudged`)."""
    nudged = Signal(int)
    rename_wanted = Signal()

    def __init__(self, edit: Edit, parent: QWidget) -> None:
        super().__init__(parent)
        self.edit, self.text = edit, edit_in_words(edit)
        self._grip: QPoint | None = None
        self._dragged = 0
        self._click = QTimer(self, singleShot=True, interval=QGuiApplication.styleHints().mouseDoubleClickInterval())
        self._click.timeout.connect(self.switched)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        state = "on" if edit.enabled else "off"
        self.setAccessibleName(f"Edit: {self.text}, {state}")
        self.setToolTip(f"{self.text} ({state}). Click: on or off. Drag: another step. Double-click: rename. Delete: remove.")

    @property
    def is_open(self) -> bool:
        """Whether name and cross are seen."""
        return self.underMouse() or self.hasFocus()

    def retire(self) -> None:
        """Leave the lane: a click that has not been told apart from a double click yet means nothing any more."""
        self._click.stop()
        self.hide()
        self.deleteLater()

    def wide(self) -> int:
        """The width that the chip needs now."""
        em = unit(self)
        name = QFontMetrics(sized(self, 11)).horizontalAdvance(self.text) if self.is_open else 0
        return round((18 + (22 if self.is_open else 0)) * em) + name

    def paintEvent(self, event: QPaintEvent) -> None:
        """Border, pencil, name, cross; pale while switched off."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        ink = colour("ink" if self.edit.enabled else "muted")
        painter.setPen(QPen(colour("focus"), 2) if self.hasFocus() else QPen(ink, 1))
        painter.setBrush(colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        em = unit(self)
        draw_pencil(painter, QRectF(4 * em, 3 * em, 10 * em, 10 * em), ink)
        if self.is_open:
            font = sized(self, 11)
            font.setStrikeOut(not self.edit.enabled)
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(self.rect().adjusted(round(18 * em), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text)
            cross = QRectF(self._cross()).adjusted(4 * em, 5 * em, -4 * em, -5 * em)
            painter.setPen(QPen(ink, 1.3))
            painter.drawLine(cross.topLeft(), cross.bottomRight())
            painter.drawLine(cross.bottomLeft(), cross.topRight())
        painter.end()

    def _cross(self) -> QRect:
        side = round(_HEIGHT * unit(self))
        return QRect(self.width() - side, 0, side, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._grip, self._dragged = event.globalPosition().toPoint(), 0

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag."""
        if self._grip is not None:
            self._dragged = (event.globalPosition().toPoint() - self._grip).x()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a drag moves the edit; a press on the cross removes it; another press switches it."""
        if self._grip is None:
            return
        self._grip = None
        if abs(self._dragged) > 4:
            self.moved.emit(self._dragged)
        elif self.is_open and self._cross().contains(event.position().toPoint()):
            self.removed.emit()
        else:
            self._click.start()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename."""
        self._click.stop()
        self._grip = None
        self.rename_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return switches, Delete removes, F2 renames, the arrows with Ctrl move."""
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not ctrl:
                self.switched.emit()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.removed.emit()
            case Qt.Key.Key_F2:
                self.rename_wanted.emit()
            case Qt.Key.Key_Left | Qt.Key.Key_Right if ctrl:
                self.nudged.emit(-1 if event.key() == Qt.Key.Key_Left else 1)
            case _:
                event.ignore()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Open."""
        self._refit()

    def leaveEvent(self, event: QEvent) -> None:
        """Close."""
        self._refit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Open."""
        super().focusInEvent(event)
        self._refit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Close."""
        super().focusOutEvent(event)
        self._refit()

    def _refit(self) -> None:
        wide, lane = self.wide(), self.parentWidget()
        right = lane.width() if lane is not None else self.width()
        self.setGeometry(min(self.x(), max(right - wide, 0)), self.y(), wide, self.height())
        self.raise_()
        self.update()


class EditChips:
    """Keeps a chip on the lane for each edit. `column_of`: in which column a step stands (-1: in none); `step_at`: and back."""

    def __init__(
        self, lane: SequenceLane, what_if: WhatIf, column_of: Callable[[int], int], step_at: Callable[[int], int]
    ) -> None:
        self._lane, self._what_if, self._column_of, self._step_at = lane, what_if, column_of, step_at
        self.chips: list[EditChip] = []
        self._field: QLineEdit | None = None
        what_if.changed.connect(self.renew)
        self.renew()

    def renew(self) -> None:
        """Another list of edits: make the chips anew."""
        for chip in self.chips:
            chip.retire()
        self.chips = []
        for index, edit in enumerate(self._what_if.edits):
            chip = EditChip(edit, self._lane)
            chip.switched.connect(lambda index=index: self._what_if.switch(index))
            chip.removed.connect(lambda index=index: self._what_if.remove(index))
            chip.moved.connect(lambda pixels, index=index: self._dragged(index, pixels))
            chip.nudged.connect(lambda steps, index=index: self._move(index, self._what_if.edits[index].step + steps))
            chip.rename_wanted.connect(lambda index=index: self._rename(index))
            self.chips.append(chip)
        self.place()

    def place(self) -> None:
        """Put each chip at its step, the ones of one step beside each other."""
        taken: dict[int, int] = {}
        height = round(_HEIGHT * unit(self._lane))
        for chip in self.chips:
            nth = taken.get(chip.edit.step, 0)
            taken[chip.edit.step] = nth + 1
            wide = chip.wide()
            column = self._column_of(chip.edit.step)
            left = round(self._lane.x_of(column) - height / 2) + nth * (height + 4)
            chip.setGeometry(min(max(left, 0), max(self._lane.width() - wide, 0)), 0, wide, height)
            chip.setVisible(column >= 0)

    def _dragged(self, index: int, pixels: int) -> None:
        column = self._column_of(self._what_if.edits[index].step)
        self._what_if.move(index, self._step_at(self._lane.step_at(self._lane.x_of(column) + pixels)))

    def _move(self, index: int, step: int) -> None:
        if self._column_of(step) >= 0:
            self._what_if.move(index, step)

    def _rename(self, index: int) -> None:
        chip = self.chips[index]
        field = QLineEdit(chip.text, self._lane)
        field.setAccessibleName("Name of the edit")
        field.setGeometry(chip.x(), 0, max(chip.width(), 200), round(24 * unit(self._lane)))
        self._field = field
        field.editingFinished.connect(lambda: self._renamed(chip.edit))
        field.show()
        field.selectAll()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _renamed(self, edit: Edit) -> None:
        field, self._field = self._field, None
        if field is None:
            return
        name = field.text().strip()
        field.deleteLater()
        if edit in self._what_if.edits and name != edit_in_words(edit):
            self._what_if.rename(self._what_if.edits.index(edit), name)
