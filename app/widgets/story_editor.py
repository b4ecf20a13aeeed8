"""A story to write: a row for each sentence, a row for the question, and what is wrong beside the row it concerns."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.widgets.buttons import IconButton, button
from app.widgets.section import Section
from app.widgets.tokens import unit


class StoryEditor(QWidget):
    """Enter adds a sentence below, Backspace in an empty one removes it; Up and Down go to the neighbours, and with Alt they
    move the sentence."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._question = _Row("?", "Where is Mary?")
        self._question.set_removable(False)
        self._question.field.textEdited.connect(self._edited)
        self._list = QVBoxLayout()
        self._list.setSpacing(3)
        add = button("Add a sentence", "chip")
        add.clicked.connect(lambda: self._insert(len(self._rows), ""))
        foot = QHBoxLayout()
        foot.setContentsMargins(round(24 * unit(self)), 2, 0, 6)
        foot.addWidget(add)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(Section("Story"))
        column.addLayout(self._list)
        column.addLayout(foot)
        column.addWidget(Section("Question"))
        column.addWidget(self._question)
        self.set_story((), "")

    def story(self) -> tuple[tuple[str, ...], str]:
        """The sentences that are not empty, and the question."""
        sentences = tuple(row.field.text().strip() for row in self._rows if row.field.text().strip())
        return sentences, self._question.field.text().strip()

    def set_story(self, sentences: Sequence[str], question: str) -> None:
        """Show another story; emits nothing."""
        for row in list(self._rows):
            self._drop(row)
        for sentence in sentences or ("",):
            self._insert(len(self._rows), sentence, quietly=True)
        self._question.field.setText(question)
        self.clear_errors()

    def show_error(self, row: int | None, sentence: str) -> None:
        """Say what is wrong beside a sentence (counted as `story` gives them), or beside the question (None)."""
        filled = [one for one in self._rows if one.field.text().strip()]
        at = self._question if row is None else filled[row] if row < len(filled) else self._rows[-1]
        at.show_error(sentence)

    def clear_errors(self) -> None:
        """Take every error back."""
        for row in (*self._rows, self._question):
            row.show_error("")

    def fields(self) -> list[QLineEdit]:
        """The fields of the sentences, then that of the question."""
        return [row.field for row in (*self._rows, self._question)]

    def _insert(self, place: int, text: str, quietly: bool = False) -> None:
        row = _Row(str(place + 1), "Mary went to the kitchen.")
        row.field.setText(text)
        row.field.textEdited.connect(self._edited)
        row.field.installEventFilter(self)
        row.remove.clicked.connect(lambda: self._remove(row))
        self._rows.insert(place, row)
        self._list.insertWidget(place, row)
        self._number()
        if not quietly:
            row.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove(self, row: "_Row") -> None:
        if row not in self._rows:  # the second press of a double click
            return
        place = self._rows.index(row)
        had_text = bool(row.field.text().strip())
        self._drop(row)
        if not self._rows:
            self._insert(0, "", quietly=True)
        self._rows[min(max(place - 1, 0), len(self._rows) - 1)].field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._number()
        if had_text:
            self._edited()

    def _move(self, place: int, way: int) -> None:
        """Let a sentence change places with its neighbour; the keyboard goes with it."""
        if 0 <= place + way < len(self._rows):
            row = self._rows.pop(place)
            self._rows.insert(place + way, row)
            self._list.removeWidget(row)
            self._list.insertWidget(place + way, row)
            row.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._number()
            self._edited()

    def _drop(self, row: "_Row") -> None:
        self._rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _number(self) -> None:
        for place, row in enumerate(self._rows):
            row.set_number(str(place + 1))

    def _edited(self) -> None:
        self.clear_errors()
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give Enter, Backspace and the arrows their meaning between the rows."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            place = next((i for i, row in enumerate(self._rows) if row.field is watched), -1)
            if place >= 0 and self._walk(place, event):
                return True
        return super().eventFilter(watched, event)

    def _walk(self, place: int, event: QKeyEvent) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._insert(place + 1, "")
            return True
        if event.key() == Qt.Key.Key_Backspace and not self._rows[place].field.text() and len(self._rows) > 1:
            self._remove(self._rows[place])
            return True
        way = {int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_Down): 1}.get(event.key())
        if way is None:
            return False
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(place, way)
            return True
        self.fields()[min(max(place + way, 0), len(self._rows))].setFocus(Qt.FocusReason.OtherFocusReason)
        return True


class _Row(QWidget):
    """Number, field, cross, and an error below."""

    def __init__(self, number: str, example: str) -> None:
        super().__init__()
        self._number = QLabel(number)
        self._number.setProperty("tone", "muted")
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._number.setFixedWidth(round(18 * unit(self)))
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
        grid.addWidget(self._number, 0, 0)
        grid.addWidget(self.field, 0, 1)
        grid.addWidget(self.remove, 0, 2)
        grid.addWidget(self._error, 1, 1, 1, 2)
        self.set_number(number)

    def set_number(self, number: str) -> None:
        self._number.setText(number)
        self.field.setAccessibleName("Question" if number == "?" else f"Sentence {number}")

    def set_removable(self, removable: bool) -> None:
        kept = self.remove.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.remove.setSizePolicy(kept)
        self.remove.setVisible(removable)

    def show_error(self, sentence: str) -> None:
        if bool(sentence) == self._error.isHidden() or sentence != self._error.text():
            self._error.setText(sentence)
            self._error.setVisible(bool(sentence))
            self.field.setProperty("wrong", bool(sentence))
            self.field.style().unpolish(self.field)
            self.field.style().polish(self.field)
