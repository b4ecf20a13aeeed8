"""One line to type over the window; what cannot be used is answered below it, and nothing typed is lost."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.widgets.overlay import Overlay
from app.widgets.section import Section
from app.widgets.tokens import unit


class Prompt(Overlay):
    """Asks for one line. Enter answers; `conclude` closes it, or says why the answer cannot be used."""

    answered = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = Section("")
        self.field = QLineEdit()
        self.complaint = QLabel()
        self.complaint.setProperty("tone", "live")
        self.complaint.setWordWrap(True)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        for part in (self._title, self.field, self.complaint):
            column.addWidget(part)
        self.field.returnPressed.connect(lambda: self.answered.emit(self.field.text()))
        self.field.textEdited.connect(lambda _: self.complaint.hide())

    def ask(self, title: str, example: str) -> None:
        """Open with an empty line; `example` stands in it, pale."""
        self._title.setText(title)
        self.field.clear()
        self.field.setPlaceholderText(example)
        self.field.setAccessibleName(title)
        self.complaint.hide()
        self.open()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def conclude(self, complaint: str) -> None:
        """Close, or stay open with a sentence."""
        if not complaint:
            self.dismiss()
            return
        self.complaint.setText(complaint)
        self.complaint.show()
        self.place_card()

    def place_card(self) -> None:
        """At the top, in the middle, as high as its words."""
        em = unit(self)
        width = min(round(420 * em), self.width() - 40)
        height = max(self.card.sizeHint().height(), self.card.heightForWidth(width)) if self.card.layout() else round(100 * em)
        self.card.setGeometry(QRect((self.width() - width) // 2, round(56 * em), width, height))
