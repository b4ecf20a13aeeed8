"""A story to write: a row for each sentence, a row for the question, and what is wrong beside the row it concerns."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.widgets.buttons import button
from app.widgets.section import Section
from app.widgets.story_history import StoryHistory, Written
from app.widgets.story_row import Mark, StoryRow
from app.widgets.tokens import unit

_ENTER = (int(Qt.Key.Key_Return), int(Qt.Key.Key_Enter))
_WAYS = {int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_Down): 1}


class StoryEditor(QWidget):
    """Enter adds a sentence below, Backspace in an empty one removes it; Up and Down go to the neighbours, and with Alt they
    move the sentence, as does a drag at its number. Ctrl+Z takes a change back, Ctrl+Shift+Z makes it again."""

    changed = Signal()
    answered = Signal(str)
    """The user says what the right answer is."""
    submitted = Signal()
    """Enter was pressed in the question or its answer."""
    pasted = Signal(str)
    """Several lines were pasted: whoever knows what they mean may show them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[StoryRow] = []
        self._question = StoryRow("?", "Where is Mary?")
        self._question.set_removable(False)
        self._question.field.installEventFilter(self)
        self._question.field.textEdited.connect(lambda text: self._typed("?", text))
        self._answer = QLineEdit()
        self._answer.setPlaceholderText("right answer, if you know it")
        self._answer.setAccessibleName("Right answer (optional)")
        self._answer.textEdited.connect(self.answered)
        self._answer.returnPressed.connect(self.submitted)
        self._history = StoryHistory(Written(("",), ""))
        self._lay_out()
        self.set_story((), "")

    # ---- what it holds ----

    def story(self) -> tuple[tuple[str, ...], str]:
        """The sentences that are not empty, and the question."""
        sentences = tuple(row.field.text().strip() for row in self._rows if row.field.text().strip())
        return sentences, self._question.field.text().strip()

    def answer(self) -> str:
        """The right answer to the question; empty if nobody said it."""
        return self._answer.text().strip()

    def set_story(self, sentences: Sequence[str], question: str, answer: str = "") -> None:
        """Show another story and forget what was there before; emits nothing."""
        self._show(Written(tuple(sentences) or ("",), question))
        self.set_answer(answer)
        self._history.begin(self._written())
        self.clear_errors()

    def replace_story(self, sentences: Sequence[str], question: str, answer: str = "") -> None:
        """The same as one change, which can be undone."""
        self._show(Written(tuple(sentences) or ("",), question))
        self.set_answer(answer)
        self._edited()

    def set_answer(self, answer: str) -> None:
        """Say the right answer, or that nobody knows it; emits nothing."""
        if answer != self.answer():
            self._answer.setText(answer)

    def undo(self) -> None:
        """Take the last change back."""
        self._come_to(self._history.undo())

    def redo(self) -> None:
        """Make again what was taken back."""
        self._come_to(self._history.redo())

    # ---- what is said of it ----

    def set_marks(self, marks: Mapping[int, frozenset[Mark]]) -> None:
        """Mark sentences, counted as `story` gives them."""
        for place, row in enumerate(self._filled()):
            row.set_marks(marks.get(place, frozenset()))

    def show_error(self, row: int | None, sentence: str) -> None:
        """Say what is wrong beside a sentence (counted as `story` gives them), or beside the question (None)."""
        filled = self._filled()
        at = self._question if row is None else filled[row] if row < len(filled) else self._rows[-1]
        at.show_error(sentence)

    def clear_errors(self) -> None:
        """Take every error back."""
        for row in (*self._rows, self._question):
            row.show_error("")

    def fields(self) -> list[QLineEdit]:
        """The fields of the sentences, then that of the question."""
        return [row.field for row in (*self._rows, self._question)]

    # ---- changes ----

    def _insert(self, place: int, text: str, quietly: bool = False) -> None:
        row = StoryRow(str(place + 1), "Mary went to the kitchen.")
        row.field.setText(text)
        row.field.textEdited.connect(lambda text: self._typed(str(id(row)), text))
        row.field.installEventFilter(self)
        row.remove.clicked.connect(lambda: self._remove(row))
        row.handle.dragged.connect(lambda where: self._drag(row, where))
        self._rows.insert(place, row)
        self._list.insertWidget(place, row)
        self._number()
        if not quietly:
            row.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._history.note(self._written())

    def _remove(self, row: StoryRow) -> None:
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
        else:
            self._history.note(self._written())

    def _move(self, place: int, way: int) -> None:
        """Let a sentence change places with its neighbour; the keyboard goes with it."""
        if 0 <= place + way < len(self._rows):
            row = self._rows.pop(place)
            self._rows.insert(place + way, row)
            self._list.removeWidget(row)
            self._list.insertWidget(place + way, row)
            row.field.setFocus(Qt.FocusReason.OtherFocusReason)
            self._number()
            self._edited(f"move {id(row)}")

    def _drag(self, row: StoryRow, where: QPointF) -> None:
        """A row whose pointer is beyond the middle of a neighbour changes places with it."""
        place, y = self._rows.index(row), self.mapFromGlobal(where).y()
        for way in (-1, 1):
            if 0 <= place + way < len(self._rows):
                middle = self._rows[place + way].geometry().center().y()
                if (y - middle) * way > 0:
                    self._move(place, way)
                    self._list.activate()
                    return

    def _drop(self, row: StoryRow) -> None:
        self._rows.remove(row)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _number(self) -> None:
        for place, row in enumerate(self._rows):
            row.set_number(str(place + 1))

    def _typed(self, hand: str, text: str) -> None:
        self._edited(hand)
        if text[-1:].isspace():
            self._history.close_step()

    def _edited(self, hand: str = "") -> None:
        self.clear_errors()
        self._history.note(self._written(), hand)
        self.changed.emit()

    def _written(self) -> Written:
        return Written(tuple(row.field.text() for row in self._rows), self._question.field.text())

    def _come_to(self, written: Written | None) -> None:
        if written is None:
            return
        before = self._written()
        self._show(written)
        other = [n for n, row in enumerate(written.rows) if n >= len(before.rows) or row != before.rows[n]]
        field = self._rows[other[0]].field if other else self._question.field
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.clear_errors()
        self.changed.emit()

    def _show(self, written: Written) -> None:
        while len(self._rows) > len(written.rows):
            self._drop(self._rows[-1])
        while len(self._rows) < len(written.rows):
            self._insert(len(self._rows), "", quietly=True)
        for row, text in zip(self._rows, written.rows, strict=True):
            if row.field.text() != text:
                row.field.setText(text)
        if self._question.field.text() != written.question:
            self._question.field.setText(written.question)

    def _filled(self) -> list[StoryRow]:
        return [row for row in self._rows if row.field.text().strip()]

    # ---- the keyboard ----

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give Enter, Backspace, the arrows, undo and paste their meaning between the rows."""
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            acts = event.type() == QEvent.Type.KeyPress
            if self._is_for_all(event):
                event.accept()
                return self._act_for_all(event) if acts else True
            place = next((i for i, field in enumerate(self.fields()) if field is watched), -1)
            if acts and place >= 0 and self._walk(place, event):
                return True
        return super().eventFilter(watched, event)

    def _is_for_all(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Paste):
            return "\n" in QGuiApplication.clipboard().text().strip()
        return event.matches(QKeySequence.StandardKey.Undo) or _is_redo(event)

    def _act_for_all(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif _is_redo(event):
            self.redo()
        else:
            self.undo()
        return True

    def _walk(self, place: int, event: QKeyEvent) -> bool:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        is_question = place == len(self._rows)
        if event.key() in _ENTER:
            if is_question:
                self.submitted.emit()
            else:
                self._insert(place + 1, "")
            return True
        if event.key() == Qt.Key.Key_Backspace and not is_question and not self.fields()[place].text() and len(self._rows) > 1:
            self._remove(self._rows[place])
            return True
        way = _WAYS.get(event.key())
        if way is None:
            return False
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if not is_question:
                self._move(place, way)
            return True
        self.fields()[min(max(place + way, 0), len(self._rows))].setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _lay_out(self) -> None:
        self._list = QVBoxLayout()
        self._list.setSpacing(3)
        add = button("Add a sentence", "chip")
        add.clicked.connect(lambda: self._insert(len(self._rows), ""))
        foot = QHBoxLayout()
        foot.setContentsMargins(round(32 * unit(self)), 2, 0, 6)
        foot.addWidget(add)
        foot.addStretch(1)
        arrow = QLabel("=")
        arrow.setProperty("tone", "muted")
        arrow.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        arrow.setFixedWidth(round(26 * unit(self)))
        answer = QHBoxLayout()
        answer.setSpacing(6)
        answer.setContentsMargins(0, 0, round(28 * unit(self)), 0)
        answer.addWidget(arrow)
        answer.addWidget(self._answer, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(Section("Story"))
        column.addLayout(self._list)
        column.addLayout(foot)
        column.addWidget(Section("Question"))
        column.addWidget(self._question)
        column.addLayout(answer)


def _is_redo(event: QKeyEvent) -> bool:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    return event.matches(QKeySequence.StandardKey.Redo) or (event.key() == Qt.Key.Key_Z and event.modifiers() == both)
