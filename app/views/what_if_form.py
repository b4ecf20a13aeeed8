"""The small form of an edit that needs a number or a slot: in the place of the edit, never a dialog."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.state.edit_offer import Answer, EditOffer
from app.widgets.buttons import button
from app.widgets.complaint import complain_of
from app.widgets.trajectory_editor import Stroke, TrajectoryEditor

_MAY_LAST = ("force", "set")


class EditForm(QWidget):
    """One question, one field, Apply. Enter applies, Esc gives up; what does not fit is answered below the field."""

    answered = Signal(object)
    """An `Answer`."""
    given_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.question = QLabel()
        self.question.setProperty("tone", "muted")
        self.question.setWordWrap(True)
        self.field = QLineEdit()
        self.canvas = TrajectoryEditor()
        self.canvas.drawn.connect(self._drawn)
        self.onwards = QCheckBox("from here to the end")
        self.apply = button("Apply", "chip", "Add the edit (Enter).")
        self.error = QLabel()
        self.error.setProperty("tone", "live")
        self.error.setWordWrap(True)
        self.field.returnPressed.connect(self._answer)
        self.field.textEdited.connect(lambda _: self.complain(""))
        self.apply.clicked.connect(self._answer)
        self._there: tuple[Stroke, ...] = ()
        for widget in (self.field, self.onwards, self.apply):
            widget.installEventFilter(self)
        self._lay_out()
        self.hide()

    def ask(self, offer: EditOffer) -> None:
        """Ask what the offer needs, with the keyboard in the field."""
        title = offer.title.removesuffix("…").strip()
        self.question.setText(f"{title} {offer.asks}")
        self.field.setAccessibleName(f"{title} {offer.asks}")
        self.field.setText(offer.hint)
        self.field.selectAll()
        self.canvas.setVisible(offer.reach > 0)
        self.canvas.set_reach(offer.reach)
        self._there = offer.lines
        self.canvas.set_strokes(offer.lines)
        self.onwards.setChecked(False)
        self.onwards.setVisible(offer.act in _MAY_LAST)
        self.complain("")
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def complain(self, sentence: str) -> None:
        """Say below the field what does not fit; empty takes it back."""
        complain_of(self.field, self.error, sentence)

    def close_form(self) -> None:
        """Ask nothing more."""
        self.complain("")
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc gives up, wherever the keyboard is in the form."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
            return True
        return super().eventFilter(watched, event)

    def _drawn(self, stroke: Stroke) -> None:
        """A way that was drawn is an answer as good as a typed one, and stands beside what is there."""
        self.canvas.set_strokes((*self._there, stroke))
        self.field.setText(" ".join(f"{x:.4g},{y:.4g}" for x, y in stroke))
        self.complain("")

    def _answer(self) -> None:
        self.answered.emit(Answer(text=self.field.text(), onwards=self.onwards.isChecked() and not self.onwards.isHidden()))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        row.addWidget(self.apply)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.question)
        column.addLayout(row)
        column.addWidget(self.canvas)
        column.addWidget(self.onwards)
        column.addWidget(self.error)
