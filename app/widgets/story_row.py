"""One row of a story that is written: a handle with its number, the field, marks, a cross, and what is wrong below."""

from typing import Literal

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from app.widgets.buttons import IconButton
from app.widgets.tokens import colour, unit

Mark = Literal["needed", "changed", "gone"]

MARKS: dict[Mark, str] = {
    "needed": "the right answer rests on it",
    "changed": "not as in the episode that it came from",
    "gone": "dropped from the memory before the last question",
}
_DRAG = "Drag to move it (Alt+Up, Alt+Down)"


class StoryRow(QWidget):
    """A sentence or the question."""

    def __init__(self, number: str, example: str) -> None:
        super().__init__()
        self.handle = Handle(number)
        self.field = QLineEdit()
        self.field.setPlaceholderText(example)
        self.remove = IconButton("close", "Remove this sentence", self, 22)
        self._error = QLabel()
        self._error.setProperty("tone", "live")
        self._error.setWordWrap(True)
        self._error.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(1)
        grid.addWidget(self.handle, 0, 0)
        grid.addWidget(self.field, 0, 1)
        grid.addWidget(self.remove, 0, 2)
        grid.addWidget(self._error, 1, 1, 1, 2)
        self.set_number(number)

    def set_number(self, number: str) -> None:
        """Say which sentence it is; "?" is the question."""
        self.handle.setText(number)
        self.field.setAccessibleName("Question" if number == "?" else f"Sentence {number}")

    def set_removable(self, removable: bool) -> None:
        """Whether it has a cross and can be moved; the field stays as wide."""
        kept = self.remove.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.remove.setSizePolicy(kept)
        self.remove.setVisible(removable)
        self.handle.set_movable(removable)

    def set_marks(self, marks: frozenset[Mark]) -> None:
        """What is to be said of the line."""
        said = "; ".join(text for mark, text in MARKS.items() if mark in marks)
        self.field.setAccessibleDescription(said)
        self.handle.set_marks(marks, f"{said[:1].upper()}{said[1:]}. {_DRAG}" if said else _DRAG)
        if bool(self.field.property("gone")) != ("gone" in marks):
            self.field.setProperty("gone", "gone" in marks)
            self._polish()

    def show_error(self, sentence: str) -> None:
        """Say what is wrong with it; empty takes it back."""
        if bool(sentence) == self._error.isHidden() or sentence != self._error.text():
            self._error.setText(sentence)
            self._error.setVisible(bool(sentence))
            self.field.setProperty("wrong", bool(sentence))
            self._polish()

    def _polish(self) -> None:
        self.field.style().unpolish(self.field)
        self.field.style().polish(self.field)


class Handle(QLabel):
    """The number of a row, by which it is dragged: heavy where the row was changed, with a dot where the answer rests on it."""

    dragged = Signal(QPointF)
    """The pointer is here, on the screen, with the button down."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self._marks: frozenset[Mark] = frozenset()
        self._is_movable = True
        self.setProperty("tone", "muted")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFixedWidth(round(26 * unit(self)))
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def set_movable(self, movable: bool) -> None:
        """Whether it can be dragged."""
        self._is_movable = movable
        self.setCursor(Qt.CursorShape.OpenHandCursor if movable else Qt.CursorShape.ArrowCursor)

    def set_marks(self, marks: frozenset[Mark], says: str) -> None:
        """Show the marks, and say in the tip what they mean."""
        self.setToolTip(says if self._is_movable else "")
        if marks != self._marks:
            self._marks = marks
            self.setProperty("tone", "heading" if "changed" in marks else "muted")
            self.style().unpolish(self)
            self.style().polish(self)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where it is dragged."""
        if self._is_movable and event.buttons() & Qt.MouseButton.LeftButton:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(event.globalPosition())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the press, so that the moves come here."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self.set_movable(self._is_movable)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The number, and a dot at its left."""
        super().paintEvent(event)
        if "needed" in self._marks:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("ink"))
            reach = 2.5 * unit(self)
            painter.drawEllipse(QPointF(reach + 1, self.height() / 2), reach, reach)
            painter.end()
