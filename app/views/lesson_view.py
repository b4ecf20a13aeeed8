"""The lesson at the left: a page of text, a prediction, one thing to do, the reason, and the way through."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

import assets
from app.state.learning import Learning
from app.state.lesson import Lesson, Question, Task, read_lesson
from app.views.lesson_text import LessonLabel, plain
from app.widgets.buttons import button
from app.widgets.card import card
from app.widgets.flow_layout import FlowLayout
from app.widgets.section import Section
from app.widgets.tokens import colour, unit

FIRST_LESSON = "the_write_head_walks"


def first_lesson() -> Lesson:
    """The lesson that "Explain this" begins. BadFileError if its file is damaged."""
    file = assets.path(f"lessons/{FIRST_LESSON}.json")
    return read_lesson(file.read_bytes(), file.name)


def later(act: Callable[[], None]) -> None:
    """When the present action is over: in the next turn of the event loop."""
    QTimer.singleShot(0, act)


class LessonView(QWidget):
    """One page of the lesson. Everything in it follows the state; nothing is remembered here."""

    wished = Signal(str)
    """The id of a command."""
    highlighted = Signal(object)
    """The names of the panes that the text speaks of, a tuple; empty when the reader is elsewhere."""

    def __init__(self, learning: Learning, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lesson")
        self.learning = learning
        self._holder = QScrollArea()
        self._holder.setWidgetResizable(True)
        self._holder.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._holder.setFrameShape(QFrame.Shape.NoFrame)
        self._holder.viewport().setAutoFillBackground(False)
        self._foot = _Foot(learning)
        self._shown: tuple[object, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._holder, 1)
        column.addWidget(self._foot)
        learning.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Show the page as it stands now; what has not changed is left alone."""
        learning = self.learning
        shown = (learning.number, learning.choice, learning.is_done, learning.has_left, learning.has_begun)
        if shown == self._shown:
            return
        is_other_page = shown[:1] != self._shown[:1]
        self._shown = shown
        place = 0 if is_other_page else self._holder.verticalScrollBar().value()
        page = self._page()
        self._holder.setWidget(page)
        page.setAutoFillBackground(False)  # the scroll area has asked for one
        self._holder.verticalScrollBar().setValue(place)
        self._foot.show_state()
        is_here = learning.has_begun and not learning.has_left
        self.highlighted.emit(learning.page.highlights if is_here else ())

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or size of type: write the page anew."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_foot"):
            for label in self.findChildren(LessonLabel):
                label.dress()

    # ---- the page ----

    def _page(self) -> QWidget:
        learning, page = self.learning, self.learning.page
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(16, 14, 16, 8)
        column.setSpacing(10)
        lesson = learning.lesson
        column.addWidget(Section(f"Lesson {lesson.number} · page {learning.number + 1} of {len(lesson.pages)}"))
        column.addWidget(_title(page.title))
        for paragraph in page.text:
            column.addWidget(LessonLabel(paragraph))
        if learning.has_begun and not learning.has_left:
            self._add_work(column)
        else:
            column.addWidget(self._way_in())
        column.addStretch(1)
        return sheet

    def _add_work(self, column: QVBoxLayout) -> None:
        learning, page = self.learning, self.learning.page
        if page.question is not None:
            column.addWidget(_Prediction(learning, page.question))
        if page.task is not None:
            column.addWidget(_Doing(learning, page.task))
        if learning.told:
            column.addWidget(card("Why" if page.question is not None else "Seen", LessonLabel(learning.told), tone="panel"))

    def _way_in(self) -> QWidget:
        learning = self.learning
        if learning.has_left:
            says, word, command = (
                "You left the lesson. It goes on exactly where it was; your own place is kept as a bookmark.",
                "Resume lesson",
                "lesson.resume",
            )
        elif learning.is_known:
            says, word, command = "You have been here before.", "Resume lesson", "lesson.resume"
        else:
            says, word, command = learning.lesson.says, "Begin", "lesson.start"
        made = button(word, "primary")
        made.setObjectName(command)
        made.clicked.connect(lambda: self.wished.emit(command))
        return card("", LessonLabel(says), made)


class _Prediction(QWidget):
    """Before you look: the question and its choices; the first one counts."""

    def __init__(self, learning: Learning, question: Question) -> None:
        super().__init__()
        self._learning = learning
        choices = QWidget()
        flow = FlowLayout(choices)
        for number, choice in enumerate(question.choices):
            flow.addWidget(self._choice(number, choice.says))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card("Before you look", LessonLabel(question.asks), choices))

    def _choice(self, number: int, says: str) -> QPushButton:
        made = button(says, "chip")
        made.setObjectName(f"lesson.choice.{number}")
        made.setCheckable(True)
        made.setChecked(self._learning.choice == number)
        made.setEnabled(self._learning.choice in (None, number))
        made.setAccessibleName(f"Prediction: {says}")
        made.clicked.connect(lambda: self._choose(number, made))
        return made

    def _choose(self, number: int, made: QPushButton) -> None:
        made.setChecked(True)
        later(partial(self._learning.choose, number))  # the choice makes the page anew, and this button with it


class _Doing(QWidget):
    """Do it: the one thing to do, and whether it is done."""

    def __init__(self, learning: Learning, task: Task) -> None:
        super().__init__()
        parts: list[QWidget] = [LessonLabel(task.says, "ink" if learning.may_do else "muted")]
        if not learning.may_do:
            parts.append(LessonLabel("First choose an answer above.", "muted"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card("Done" if learning.is_done else "Do it", *parts, is_done=learning.is_done))
        self.setAccessibleName(f"Do it: {plain(task.says)}{' Done.' if learning.is_done else ''}")


class _Foot(QWidget):
    """Back, the dots of progress, Next."""

    def __init__(self, learning: Learning) -> None:
        super().__init__()
        self._learning = learning
        self.back = button("← Back")
        self.next = button("Next →")
        self.back.setObjectName("lesson.back")
        self.next.setObjectName("lesson.next")
        self._dots = _Dots(learning)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.addWidget(self.back)
        row.addWidget(self._dots, 1)
        row.addWidget(self.next)
        self.back.clicked.connect(learning.back)
        self.next.clicked.connect(learning.next)

    def show_state(self) -> None:
        """Follow the lesson."""
        learning = self._learning
        self.back.setEnabled(learning.has_begun and learning.number > 0)
        self.next.setEnabled(learning.has_begun and learning.number < len(learning.lesson.pages) - 1)
        self._dots.setAccessibleName(f"Page {learning.number + 1} of {len(learning.lesson.pages)}")
        self._dots.update()


class _Dots(QWidget):
    """One dot a page: filled where the page is done, ringed where the reader is."""

    def __init__(self, learning: Learning) -> None:
        super().__init__()
        self._learning = learning
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dots, in the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        count, side, gap = len(self._learning.lesson.pages), 5 * unit(self), 6 * unit(self)
        left = (self.width() - count * side - (count - 1) * gap) / 2
        for number in range(count):
            here = QRectF(left + number * (side + gap), (self.height() - side) / 2, side, side)
            is_done, is_here = self._learning.is_page_done(number), number == self._learning.number
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("ink" if is_here else "muted" if is_done else "line"))
            painter.drawEllipse(here)
            if is_here:
                painter.setPen(QPen(colour("ink"), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(here.adjusted(-2.5, -2.5, 2.5, 2.5))
        painter.end()


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("tone", "title")
    label.setWordWrap(True)
    return label
