"""Words that fit what is being typed, floating below the field: a press or Tab takes one, and the keyboard stays in the field."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from app.widgets.buttons import button


class WordList(QFrame):
    """A row of words over the page; it never takes the keyboard."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("popup")
        self.words: list[QPushButton] = []
        self._hint = QLabel("Tab")
        self._hint.setProperty("tone", "muted")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(6, 4, 8, 4)
        self._row.setSpacing(4)
        self._row.addWidget(self._hint)
        self.hide()

    @property
    def first(self) -> str:
        """What Tab takes; empty while nothing is offered."""
        return self.words[0].text() if self.isVisible() and self.words else ""

    def offer(self, words: Sequence[str], field: QLineEdit | None) -> None:
        """Float below the field with these words; without any, go."""
        while len(self.words) < len(words):
            self._add()
        for place, chip in enumerate(self.words):
            chip.setVisible(place < len(words))
            chip.setText(words[place] if place < len(words) else "")
        if not words or field is None or field.window() is None:
            self.hide()
            return
        self._float_below(field)

    def _float_below(self, field: QLineEdit) -> None:
        window = field.window()
        if self.parent() is not window:
            self.setParent(window)
        self.adjustSize()
        place = field.mapTo(window, QPoint(0, field.height() + 2))
        place.setX(max(min(place.x(), window.width() - self.width() - 8), 4))
        if place.y() + self.height() > window.height():
            place = field.mapTo(window, QPoint(0, -self.height() - 2))
        self.move(place)
        self.show()
        self.raise_()

    def _add(self) -> None:
        chip = button("", "chip")
        chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chip.clicked.connect(lambda: self.chosen.emit(chip.text()))
        self._row.insertWidget(len(self.words), chip)
        self.words.append(chip)
