"""Symbols of one's own: typed, or put in a row by pressing them."""

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.state.own_input import (
    MOST_SYMBOLS,
    BadSymbolsError,
    alphabet_of,
    is_of_letters,
    parts_of,
    read_symbols,
    symbols_of,
)
from app.widgets.buttons import button
from app.widgets.complaint import complain_of
from app.widgets.flow_layout import FlowLayout
from engine.contract.trace import Trace


class OwnSymbols(QWidget):
    """A field of letters, and the alphabet as keys."""

    run = Signal(str)
    """Show the network on these symbols."""
    run_beside = Signal(str)
    """The same as B, beside what is on screen."""
    reset = Signal()
    """Begin again from the episode on screen."""

    def __init__(self) -> None:
        super().__init__()
        self._alphabet: tuple[str, ...] = ()
        self.is_touched = False
        self._says = QLabel()
        self._says.setProperty("tone", "muted")
        self._says.setWordWrap(True)
        self.field = QLineEdit()
        self.field.setAccessibleName("The symbols as text")
        self.error = QLabel()
        self.error.setProperty("tone", "live")
        self.error.setWordWrap(True)
        self.error.hide()
        self.letters: list[QPushButton] = []
        self._keys = QWidget()
        self._flow = FlowLayout(self._keys)
        self.shorter = button("Remove the last", "chip", "One symbol less.")
        self.clear = button("Clear", "chip", "No symbol.")
        self.again = button("As on screen", "chip", "Begin again from the episode on screen.")
        self.go = button("Run", "primary", "Show the network on these symbols (Enter in the field).")
        self.beside = button("Run as B", "plain", "Show it as B, beside what is on screen.")
        self._lay_out()
        self._join()

    def start_from(self, trace: Trace) -> None:
        """Begin from the symbols of an episode."""
        if alphabet_of(trace) != self._alphabet:
            self._alphabet = alphabet_of(trace)
            self._make_letters()
        knows = "these words"
        if is_of_letters(self._alphabet):
            knows = f"the letters {self._alphabet[0]} to {self._alphabet[-1]}"
        self._says.setText(f"The network knows {knows}. Press them or type them; blanks may be left out.")
        self._write(symbols_of(trace))
        self.is_touched = False
        self.complain("")

    def complain(self, sentence: str) -> None:
        """Say below the field what does not fit; empty takes it back."""
        complain_of(self.field, self.error, sentence)

    def _make_letters(self) -> None:
        for old in self.letters:
            old.hide()
            old.deleteLater()
        self.letters = [button(letter, "chip", f"Put {letter} at the end.") for letter in self._alphabet]
        for letter, made in zip(self._alphabet, self.letters, strict=True):
            made.clicked.connect(lambda _=False, letter=letter: self._change([*self._typed_so_far(), letter]))
            self._flow.addWidget(made)

    def _change(self, symbols: list[str]) -> None:
        self._write(symbols[:MOST_SYMBOLS])
        self._touch()

    def _touch(self) -> None:
        self.is_touched = True
        self.complain("")

    def _write(self, symbols: list[str]) -> None:
        self.field.setText(" ".join(symbols))

    def _typed_so_far(self) -> list[str]:
        return parts_of(self.field.text(), self._alphabet)

    def _send(self, to: SignalInstance) -> None:
        try:
            symbols = read_symbols(self.field.text(), self._alphabet)
        except BadSymbolsError as error:
            self.complain(str(error))
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.complain("")
        to.emit(" ".join(symbols))

    def _join(self) -> None:
        self.field.textEdited.connect(self._touch)
        self.field.returnPressed.connect(lambda: self._send(self.run))
        self.shorter.clicked.connect(lambda: self._change(self._typed_so_far()[:-1]))
        self.clear.clicked.connect(lambda: self._change([]))
        self.again.clicked.connect(self.reset)
        self.go.clicked.connect(lambda: self._send(self.run))
        self.beside.clicked.connect(lambda: self._send(self.run_beside))

    def _lay_out(self) -> None:
        title = QLabel("Write the symbols")
        title.setProperty("tone", "title")
        title.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (title, self._says, self._keys, self.field, self.error):
            column.addWidget(widget)
        column.addWidget(_chips(self.shorter, self.clear, self.again))
        column.addSpacing(4)
        column.addWidget(_chips(self.go, self.beside))


def _chips(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    flow = FlowLayout(holder)
    for widget in widgets:
        flow.addWidget(widget)
    return holder
