"""A story of one's own: edit a fact, ask a question, and see the answer move."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.state.own_input import (
    StoryLine,
    changed_lines,
    gone_lines,
    known_words,
    line_problem,
    lines_of,
    memory_problem,
    problem_line,
    story_problem,
    story_to_text,
    suggestions,
    text_to_story,
    with_answers_that_hold,
)
from app.widgets.buttons import button
from app.widgets.flow_layout import FlowLayout
from app.widgets.story_editor import StoryEditor
from app.widgets.story_row import Mark
from app.widgets.word_list import WordList
from engine.contract.trace import Trace

_SAYS = (
    "One sentence a line. Enter adds a line and, in the question, runs the story; drag a number to move its line. "
    "A line that ends in ? asks in between."
)
_MARKS = "● the answer rests on this line · a bold number: changed · pale: dropped from the memory"


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
        self._slots = 0
        self._own_answer = ""
        self.is_touched = False
        self.editor = StoryEditor()
        self.error = _sentence("live")
        self.memory = _sentence("muted")
        self.vocabulary = _sentence("muted")
        self.vocabulary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.near = WordList(self)
        self._writing: QLineEdit | None = None
        self.again = button("As on screen", "chip", "Begin again from the story on screen.")
        self.words = button("Known words", "chip", "Show every word that the network knows.")
        self.go = button("Run", "primary", "Show the network on this story (Ctrl+Enter).")
        self.beside = button("Run as B", "plain", "Show it as B, beside what is on screen: see the answer move.")
        self._lay_out()
        self._join()

    def start_from(self, trace: Trace) -> None:
        """Begin from the lines of an episode."""
        self._known, self._slots = known_words(trace), trace.card.slots
        self._begin(lines_of(trace), as_change=False)
        self.is_touched = False
        self.vocabulary.hide()
        self.complain("")

    def lines(self) -> list[StoryLine]:
        """The story as it is written, with the right answers that still hold, or that the user said."""
        told, question = self.editor.story()
        lines = [StoryLine(text) for text in told]
        if question:
            lines.append(StoryLine(question if question.endswith("?") else f"{question}?"))
        lines = with_answers_that_hold(lines, self._origin)
        if question and self._own_answer != lines[-1].answer and self._own_answer:
            lines[-1] = replace(lines[-1], answer=self._own_answer, supports=())
        return lines

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
        """Ctrl+Enter runs the story; Tab takes the first word that fits; who leaves a field leaves its words."""
        if event.type() == QEvent.Type.FocusOut:
            self._suggest(None)
        if isinstance(event, QKeyEvent):
            if _is_run(event):
                return self._take(event, lambda: self._send(self.run))
            if event.key() == Qt.Key.Key_Tab and self.near.first:
                return self._take(event, lambda: self._complete(self.near.first))
            if event.key() == Qt.Key.Key_Escape and self.near.first:
                return self._take(event, lambda: self._suggest(None))
        return super().eventFilter(watched, event)

    # ---- sending ----

    def _send(self, to: SignalInstance) -> None:
        self._suggest(None)
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

    def _take(self, event: QKeyEvent, act: Callable[[], None]) -> bool:
        """Keep a key from everybody else, and act when it is pressed."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            act()
            return True
        return False

    # ---- what changed ----

    def _begin(self, lines: list[StoryLine], *, as_change: bool) -> None:
        """Show these lines; what they say of answers holds until something before them is changed."""
        last = max((n for n, line in enumerate(lines) if line.asks), default=-1)
        told = [line for n, line in enumerate(lines) if n != last]
        self._origin = [*told, lines[last]] if last >= 0 else told
        if last != len(lines) - 1:  # what follows the last question moves before it, so that numbers of lines may be others
            self._origin = [replace(line, supports=()) for line in self._origin]
        self._own_answer = ""
        asked = lines[last] if last >= 0 else StoryLine("")
        show = self.editor.replace_story if as_change else self.editor.set_story
        show([line.text for line in told], asked.text, asked.answer)
        for field in self.editor.fields():
            field.setCursorPosition(0)
        self._watch()
        self._mark()
        self._suggest(None)

    def _paste(self, text: str) -> None:
        lines = text_to_story(text)
        if lines:
            self._begin(lines, as_change=True)
            self.is_touched = True

    def _edited(self) -> None:
        self.is_touched = True
        self.error.hide()
        self._watch()
        self._keep_answer()
        self._mark()
        self._suggest(next((field for field in self.editor.fields() if field is self.focusWidget()), None))

    def _answered(self, answer: str) -> None:
        self._own_answer = answer.strip()
        self.is_touched = True
        self.complain("")

    def _keep_answer(self) -> None:
        """What the user said stays; what the episode said stays as long as it holds."""
        if not self._own_answer:
            lines = self.lines()
            self.editor.set_answer(lines[-1].answer if lines and lines[-1].asks else "")

    def _mark(self) -> None:
        lines = self.lines()
        needed = lines[-1].supports if lines else ()
        changed, gone = changed_lines(lines, self._origin), gone_lines(lines, self._slots)
        found: dict[int, frozenset[Mark]] = {}
        for number in range(len(lines)):
            marks: list[tuple[Mark, bool]] = [
                ("needed", number + 1 in needed), ("changed", number in changed), ("gone", number in gone),
            ]  # fmt: skip
            found[number] = frozenset(mark for mark, is_so in marks if is_so)
        self.editor.set_marks(found)
        problem = memory_problem(lines, self._slots)
        self.memory.setText(problem)
        self.memory.setVisible(bool(problem))

    # ---- words ----

    def _watch(self) -> None:
        for field in self.editor.fields():
            field.removeEventFilter(self)
            field.installEventFilter(self)

    def _suggest(self, field: QLineEdit | None) -> None:
        self._writing = field
        begun = _word_before(field) if field is not None else ""
        near = suggestions(begun, self._known) if begun and begun.lower() not in self._known else []
        self.near.offer(near, field)

    @property
    def _suggested(self) -> list[QPushButton]:
        return self.near.words

    def _complete(self, word: str) -> None:
        field = self._writing
        if field is None:
            return
        at = field.cursorPosition()
        begun = _word_before(field)
        start = at - len(begun)
        word = word.capitalize() if begun[:1].isupper() else word
        field.setSelection(start, len(begun))
        field.insert(word)
        field.textEdited.emit(field.text())
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_vocabulary(self) -> None:
        count = len(self._known)
        self.vocabulary.setText(
            f"It knows {count} words: {', '.join(sorted(self._known))}." if count else "This record does not say what it knows."
        )
        self.vocabulary.setVisible(self.vocabulary.isHidden())

    # ---- the frame ----

    def _join(self) -> None:
        self.editor.changed.connect(self._edited)
        self.editor.answered.connect(self._answered)
        self.editor.pasted.connect(self._paste)
        self.editor.submitted.connect(lambda: self._send(self.run))
        self.near.chosen.connect(self._complete)
        self.again.clicked.connect(self.reset)
        self.words.clicked.connect(self._show_vocabulary)
        self.go.clicked.connect(lambda: self._send(self.run))
        self.beside.clicked.connect(lambda: self._send(self.run_beside))

    def _lay_out(self) -> None:
        title, says, marks = QLabel("Write a story and ask"), _sentence("muted"), _sentence("muted")
        title.setProperty("tone", "title")
        title.setWordWrap(True)
        says.setText(_SAYS)
        says.show()
        marks.setText(_MARKS)
        marks.show()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row = QWidget()
        flow = FlowLayout(row)
        for widget in (self.go, self.beside, self.again, self.words):
            flow.addWidget(widget)
        column.addWidget(title)
        column.addWidget(says)
        column.addWidget(row)
        for part in (self.error, self.vocabulary, self.editor, self.memory, marks):
            column.addWidget(part)


def _sentence(tone: str) -> QLabel:
    made = QLabel(wordWrap=True)
    made.setProperty("tone", tone)
    made.hide()
    return made


def _word_before(field: QLineEdit) -> str:
    """The word that ends at the cursor."""
    before = field.text()[: field.cursorPosition()]
    return before.split()[-1].strip('.,;:!?"()') if before and not before[-1].isspace() else ""


def _is_run(event: QKeyEvent) -> bool:
    is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return is_enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
