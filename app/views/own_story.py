"""A story of one's own: edit a fact, ask a question, and see the answer move."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.state.own_input import (
    StoryLine,
    known_words,
    line_problem,
    lines_of,
    problem_line,
    story_problem,
    story_to_text,
    suggestions,
    with_answers_that_hold,
)
from app.widgets.buttons import button
from app.widgets.flow_layout import FlowLayout
from app.widgets.story_editor import StoryEditor
from engine.contract.trace import Trace

_SAYS = (
    "One sentence a line; Enter adds one below, Alt with the arrows moves it. A line that ends in ? asks in between; "
    "the last question stands below."
)


class OwnStory(QWidget):
    """Rows to edit, words that the network knows, and two ways to run: in place of A, or as B beside it."""

    run = Signal(str)
    """Show the network on this story."""
    run_beside = Signal(str)
    """The same as B, beside what is on screen."""
    reset = Signal()
    """Begin again from the episode on screen."""

    def __init__(self) -> None:
        super().__init__()
        self._origin: list[StoryLine] = []
        self._known: tuple[str, ...] = ()
        self.is_touched = False
        self.editor = StoryEditor()
        self.error = QLabel()
        self.error.setProperty("tone", "live")
        self.error.setWordWrap(True)
        self.error.hide()
        self._near = QLabel("Words that it knows:")
        self._near.setProperty("tone", "muted")
        self._words = QWidget()
        self._chips = FlowLayout(self._words)
        self._suggested: list[QPushButton] = []
        self._writing: QLineEdit | None = None
        self.again = button("As on screen", "chip", "Begin again from the story on screen.")
        self.go = button("Run", "primary", "Show the network on this story (Ctrl+Enter).")
        self.beside = button("Run as B", "plain", "Show it as B, beside what is on screen: see the answer move.")
        self._lay_out()
        self._join()

    def start_from(self, trace: Trace) -> None:
        """Begin from the lines of an episode."""
        self._known = known_words(trace)
        lines = lines_of(trace)
        last = max((n for n, line in enumerate(lines) if line.asks), default=-1)
        told = [line for n, line in enumerate(lines) if n != last]
        self._origin = [*told, lines[last]] if last >= 0 else told
        self.editor.set_story([line.text for line in told], lines[last].text if last >= 0 else "")
        for field in self.editor.fields():
            field.setCursorPosition(0)
        self._watch()
        self.is_touched = False
        self.complain("")
        self._suggest(None)

    def lines(self) -> list[StoryLine]:
        """The story as it is written, with the right answers that still hold."""
        told, question = self.editor.story()
        lines = [StoryLine(text) for text in told]
        if question:
            lines.append(StoryLine(question if question.endswith("?") else f"{question}?"))
        return with_answers_that_hold(lines, self._origin)

    def complain(self, sentence: str) -> None:
        """Say what is wrong: beside the line that the sentence names, else below the story; empty takes it back."""
        self.editor.clear_errors()
        line = problem_line(sentence)
        told, question = self.editor.story()
        if line is not None and 1 <= line <= len(told) + bool(question):
            self.editor.show_error(line - 1 if line <= len(told) else None, sentence)
            sentence = ""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Enter runs the story; a field that gets the keyboard offers words that fit."""
        if isinstance(event, QKeyEvent) and _is_run(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._send(self.run)
                return True
        return super().eventFilter(watched, event)

    # ---- sending ----

    def _send(self, to: SignalInstance) -> None:
        self.complain("")
        lines = self.lines()
        told, _ = self.editor.story()
        for number, line in enumerate(lines):
            problem = line_problem(line, self._known)
            if problem:
                self.editor.show_error(number if number < len(told) else None, problem)
                self._focus(number, len(told))
                return
        problem = story_problem(lines)
        if problem:
            self.complain(problem)
            return
        to.emit(story_to_text(lines))

    def _focus(self, number: int, told: int) -> None:
        fields = self.editor.fields()
        filled = [field for field in fields[:-1] if field.text().strip()]
        (filled[number] if number < told else fields[-1]).setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- words ----

    def _edited(self) -> None:
        self.is_touched = True
        self.error.hide()
        self._watch()
        self._suggest(next((field for field in self.editor.fields() if field is self.focusWidget()), None))

    def _watch(self) -> None:
        for field in self.editor.fields():
            field.removeEventFilter(self)
            field.installEventFilter(self)

    def _suggest(self, field: QLineEdit | None) -> None:
        self._writing = field
        begun = _word_before(field) if field is not None else ""
        near = suggestions(begun, self._known) if begun and begun.lower() not in self._known else []
        while len(self._suggested) < len(near):
            self._add_chip(len(self._suggested))
        for place, chip in enumerate(self._suggested):
            chip.setVisible(place < len(near))
            if place < len(near):
                chip.setText(near[place])
                chip.updateGeometry()
        self._near.setVisible(bool(near))
        self._words.setVisible(bool(near))

    def _add_chip(self, place: int) -> None:
        chip = button("", "chip")
        chip.clicked.connect(lambda: self._complete(self._suggested[place].text()))
        self._chips.addWidget(chip)
        self._suggested.append(chip)

    def _complete(self, word: str) -> None:
        field = self._writing
        if field is None:
            return
        at = field.cursorPosition()
        begun = _word_before(field)
        start = at - len(begun)
        word = word.capitalize() if begun[:1].isupper() else word
        field.setText(field.text()[:start] + word + field.text()[at:])
        field.setCursorPosition(start + len(word))
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._edited()

    # ---- the frame ----

    def _join(self) -> None:
        self.editor.changed.connect(self._edited)
        self.again.clicked.connect(self.reset)
        self.go.clicked.connect(lambda: self._send(self.run))
        self.beside.clicked.connect(lambda: self._send(self.run_beside))

    def _lay_out(self) -> None:
        title, says = QLabel("Write a story and ask"), QLabel(_SAYS)
        title.setProperty("tone", "title")
        title.setWordWrap(True)
        says.setProperty("tone", "muted")
        says.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QWidget()
        flow = FlowLayout(row)
        for widget in (self.go, self.beside, self.again):
            flow.addWidget(widget)
        column.addWidget(title)
        column.addWidget(says)
        column.addWidget(row)
        for part in (self.error, self.editor, self._near, self._words):
            column.addWidget(part)


def _word_before(field: QLineEdit) -> str:
    """The word that ends at the cursor."""
    before = field.text()[: field.cursorPosition()]
    return before.split()[-1].strip('.,;:!?"()') if before and not before[-1].isspace() else ""


def _is_run(event: QKeyEvent) -> bool:
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return is_enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
