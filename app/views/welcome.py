"""The first page at the left: one paragraph, three plain buttons, and the ideas that the program can show."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.state.episodic_persistent import SAYS
from app.views.lesson_text import LessonLabel
from app.widgets.buttons import button
from app.widgets.list_row import ListRow
from app.widgets.section import Section
from engine.contract.ideas import IDEAS

WELCOME = (
    "What plays at the right is a trained network with a memory. It takes its input in step by step, stores it slot by slot, and "
    "answers from what it has stored. Every number on the stage was recorded from the real network."
)
BUTTONS = (
    ("lesson.start", "Explain this", "A lesson of a few pages, on the real window."),
    ("train.quick", "Train one yourself", "A network learns to copy within seconds."),
    ("first.change", "Change a memory slot", "Erase what it stored, and see the answer change."),
)

LIFETIMES = "A memory wiped, a memory kept"


class Welcome(QWidget):
    """What to do first."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Section("Welcome"))
        column.addSpacing(4)
        column.addWidget(self._title("A memory at work"))
        column.addSpacing(4)
        column.addWidget(LessonLabel(WELCOME))
        column.addSpacing(12)
        self._buttons = [self._button(command, title, says) for command, title, says in BUTTONS]
        for made, (_, _, says) in zip(self._buttons, BUTTONS, strict=True):
            column.addWidget(made)
            column.addWidget(LessonLabel(says, "muted"))
            column.addSpacing(10)
        column.addWidget(Section("Show me an idea"))
        for idea in IDEAS:
            column.addWidget(self._row(f"idea.open.{idea.id}", idea.title, idea.claim))
        self.lifetimes = self._row("compare.lifetimes", LIFETIMES, SAYS)
        column.addWidget(self.lifetimes)
        column.addStretch(1)

    def offer_resume(self, can_resume: bool) -> None:
        """The first button begins the lesson, or goes on with it."""
        made = self._buttons[0]
        made.setObjectName("lesson.resume" if can_resume else "lesson.start")
        made.setText("Go on with the lesson" if can_resume else BUTTONS[0][1])
        made.setAccessibleName(made.text())

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or size of type."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            for label in self.findChildren(LessonLabel):
                label.dress()

    def _title(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("tone", "title")
        label.setWordWrap(True)
        return label

    def _row(self, command: str, title: str, says: str) -> ListRow:
        row = ListRow()
        row.setObjectName(command)
        row.show_row(title, says=says)
        row.clicked.connect(lambda: self.wished.emit(row.objectName()))
        return row

    def _button(self, command: str, title: str, says: str) -> QPushButton:
        made = button(title, tip=says)
        made.setObjectName(command)
        made.setAccessibleName(title)
        made.setAccessibleDescription(says)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(lambda: self.wished.emit(made.objectName()))
        return made
