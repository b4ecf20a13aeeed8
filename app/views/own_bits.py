"""Bits of one's own: drawn in a grid by mouse or keyboard, or typed as text; each follows the other."""

import numpy as np
from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.state.own_input import MOST_VECTORS, BadBitsError, Vector, bits_to_text, read_bits, vectors_of, width_of
from app.widgets.bits_editor import BitsEditor
from app.widgets.buttons import button
from app.widgets.complaint import complain_of
from app.widgets.flow_layout import FlowLayout
from engine.contract.trace import Trace


class OwnBits(QWidget):
    """A grid, one column a vector, and the same vectors as text."""

    run = Signal(str)
    """Show the network on these bits."""
    run_beside = Signal(str)
    """The same as B, beside what is on screen."""
    reset = Signal()
    """Begin again from the episode on screen."""

    def __init__(self) -> None:
        super().__init__()
        self._width = 8
        self.is_touched = False
        self._says = QLabel()
        self._says.setProperty("tone", "muted")
        self._says.setWordWrap(True)
        self.grid = BitsEditor()
        self.field = QLineEdit()
        self.field.setAccessibleName("The vectors as text")
        self.error = QLabel()
        self.error.setProperty("tone", "live")
        self.error.setWordWrap(True)
        self.error.hide()
        self.longer = button("Add a vector", "chip", "One more vector, blank, at the end.")
        self.shorter = button("Remove the last", "chip", "One vector less.")
        self.clear = button("Clear", "chip", "Every bit off.")
        self.again = button("As on screen", "chip", "Begin again from the episode on screen.")
        self.go = button("Run", "primary", "Show the network on these bits (Enter in the field).")
        self.beside = button("Run as B", "plain", "Show it as B, beside what is on screen.")
        self._lay_out()
        self._join()

    def start_from(self, trace: Trace) -> None:
        """Begin from the vectors of an episode."""
        self._width = width_of(trace)
        how = "Press or drag to draw; with the keyboard, arrows walk and Space draws."
        one = "one bit" if self._width == 1 else f"one vector of {self._width} bits"
        self._says.setText(" ".join(filter(None, (f"One column is {one}.", trace.card.task.own_says, how))))
        self._take(vectors_of(trace) or [(0,) * self._width])
        self.is_touched = False
        self.complain("")

    def complain(self, sentence: str) -> None:
        """Say below the field what does not fit; empty takes it back."""
        complain_of(self.field, self.error, sentence)

    def _take(self, vectors: list[Vector]) -> None:
        self.grid.set_bits(np.array(vectors, np.bool_))
        self._write()

    def _write(self) -> None:
        self.field.setText(bits_to_text([tuple(int(bit) for bit in vector) for vector in self.grid.bits()]))
        self.field.setCursorPosition(0)
        count = len(self.grid.bits())
        self.shorter.setEnabled(count > 1)
        self.longer.setEnabled(count < MOST_VECTORS)

    def _drawn(self) -> None:
        self.is_touched = True
        self.complain("")
        self._write()

    def _typed(self, text: str) -> None:
        self.is_touched = True
        self.complain("")
        try:
            self.grid.set_bits(np.array(read_bits(text, self._width), np.bool_))
        except BadBitsError:
            return  # said when it is sent: half a vector is no mistake yet

    def _change_length(self, count: int) -> None:
        self.grid.set_length(min(max(len(self.grid.bits()) + count, 1), MOST_VECTORS))

    def _send(self, to: SignalInstance) -> None:
        try:
            vectors = read_bits(self.field.text(), self._width)
        except BadBitsError as error:
            self.complain(str(error))
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.complain("")
        to.emit(bits_to_text(vectors))

    def _join(self) -> None:
        self.grid.changed.connect(self._drawn)
        self.field.textEdited.connect(self._typed)
        self.field.returnPressed.connect(lambda: self._send(self.run))
        self.longer.clicked.connect(lambda: self._change_length(1))
        self.shorter.clicked.connect(lambda: self._change_length(-1))
        self.clear.clicked.connect(self.grid.clear)
        self.again.clicked.connect(self.reset)
        self.go.clicked.connect(lambda: self._send(self.run))
        self.beside.clicked.connect(lambda: self._send(self.run_beside))

    def _lay_out(self) -> None:
        title = QLabel("Draw the vectors")
        title.setProperty("tone", "title")
        title.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(title)
        column.addWidget(self._says)
        column.addWidget(self.grid)
        column.addWidget(_chips(self.longer, self.shorter, self.clear, self.again))
        column.addSpacing(4)
        column.addWidget(self.field)
        column.addWidget(self.error)
        column.addWidget(_chips(self.go, self.beside))


def _chips(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    flow = FlowLayout(holder)
    for widget in widgets:
        flow.addWidget(widget)
    return holder
