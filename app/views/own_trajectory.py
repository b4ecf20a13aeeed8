"""Trajectories of one's own: drawn in a field by mouse or keyboard, or typed as points; each follows the other."""

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.state.own_trajectory import (
    agents_of,
    evenly,
    points_of,
    reach_of,
    samples_of,
    samples_to_text,
    sentence_of,
    told,
)
from app.widgets.buttons import button
from app.widgets.complaint import complain_of
from app.widgets.flow_layout import FlowLayout
from app.widgets.trajectory_editor import TrajectoryEditor
from engine.contract.own_trajectory import MOST_SAMPLES, BadTrajectoryError, Sample, read_samples
from engine.contract.trace import Trace

_HOW = (
    "Drag to draw; each stroke is a sample, its points at equal distances. With the keyboard, arrows draw and Enter ends. "
    "Points may be typed too, as x,y in metres."
)


class OwnTrajectory(QWidget):
    """A field, and the same samples as text."""

    run = Signal(str)
    """Show the network on these trajectories."""
    run_beside = Signal(str)
    """The same as B, beside what is on screen."""
    reset = Signal()
    """Begin again from the episode on screen."""

    def __init__(self) -> None:
        super().__init__()
        self._points, self._agents = 20, 1
        self._samples: list[Sample] = []
        self._before: list[str] = []
        self.is_touched = False
        self._says, self._counts, self.error = _sentence("muted"), _sentence("muted"), _sentence("live")
        self.error.hide()
        self.canvas = TrajectoryEditor()
        self.field = QLineEdit()
        self.field.setAccessibleName("The points as text")
        self.together = button("In one scene", "chip", "The next stroke is another agent of the last sample.")
        self.together.setCheckable(True)
        self.undo = button("Undo", "chip", "Take back the last stroke, or whatever was done last.")
        self.clear = button("Clear", "chip", "No trajectory.")
        self.again = button("As on screen", "chip", "Begin again from the first sample on screen.")
        self.go = button("Run", "primary", "Show the network on these trajectories (Enter in the field).")
        self.beside = button("Run as B", "plain", "Show it as B, beside what is on screen.")
        self._lay_out()
        self._join()

    @property
    def samples(self) -> list[Sample]:
        """What is drawn."""
        return self._samples

    def start_from(self, trace: Trace) -> None:
        """Begin from what the user drew before, or from the first sample of an episode."""
        self._points, self._agents = points_of(trace), agents_of(trace)
        self._says.setText(" ".join(filter(None, (trace.card.task.own_says, _HOW))))
        self.together.setVisible(self._agents > 1)
        self._before = []
        self._take(samples_of(trace))
        self.canvas.set_reach(reach_of(self._samples, 1.0))
        self._write()
        self.is_touched = False
        self.complain("")

    def complain(self, sentence: str) -> None:
        """Say below the field what does not fit; empty takes it back."""
        complain_of(self.field, self.error, sentence)

    # ---- what changes ----

    def _take(self, samples: list[Sample]) -> None:
        self._samples = samples
        self.canvas.set_strokes(tuple(line for sample in samples for line in sample))
        self._counts.setText(told(samples))
        self.undo.setEnabled(bool(self._before))
        self.clear.setEnabled(bool(samples))

    def _write(self) -> None:
        self.field.setText(samples_to_text(self._samples))
        self.field.setCursorPosition(0)

    def _change(self, samples: list[Sample]) -> None:
        """Another state that can be taken back."""
        self._before.append(self.field.text())
        self._take(samples)
        self._write()
        self.is_touched = True
        self.complain("")

    def _drawn(self, stroke: list[tuple[float, float]]) -> None:
        line = evenly(list(stroke), self._points)
        if not line:
            return
        samples = self._samples if self.is_touched else []  # the sample on screen makes room for the first stroke
        joins = self.together.isChecked() and not self.together.isHidden() and samples
        if joins and len(samples[-1]) >= self._agents:
            self.complain(f"A scene has at most {self._agents} agents here; this would be one more.")
        elif joins:
            self._change([*samples[:-1], (*samples[-1], line)])
        elif len(samples) >= MOST_SAMPLES:
            self.complain(f"At most {MOST_SAMPLES} samples can be shown.")
        else:
            self._change([*samples, (line,)])

    def _take_back(self) -> None:
        if not self._before:
            return
        self.field.setText(self._before.pop())
        self._read()
        self.is_touched = True
        self.complain("")

    def _typed(self) -> None:
        self.is_touched = True
        self.complain("")
        self._read()

    def _read(self) -> None:
        """Let the field follow what is written, as far as it can be read: half a point is no mistake yet."""
        try:
            self._take(read_samples(self.field.text(), self._agents))
        except BadTrajectoryError:
            self._take([] if not self.field.text().strip() else self._samples)
            return
        self.canvas.set_reach(max(self.canvas.reach, reach_of(self._samples, 1.0)))

    # ---- sending ----

    def _send(self, to: SignalInstance) -> None:
        try:
            samples = read_samples(self.field.text(), self._agents)
        except BadTrajectoryError as error:
            self.complain(sentence_of(error))
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.complain("")
        to.emit(samples_to_text(samples))

    def _join(self) -> None:
        self.canvas.drawn.connect(self._drawn)
        self.field.textEdited.connect(self._typed)
        self.field.returnPressed.connect(lambda: self._send(self.run))
        self.undo.clicked.connect(self._take_back)
        self.clear.clicked.connect(lambda: self._change([]))
        self.again.clicked.connect(self.reset)
        self.go.clicked.connect(lambda: self._send(self.run))
        self.beside.clicked.connect(lambda: self._send(self.run_beside))

    def _lay_out(self) -> None:
        title = QLabel("Draw where it came from")
        title.setProperty("tone", "title")
        title.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (title, self._says, self.canvas, self._counts):
            column.addWidget(widget)
        column.addWidget(_chips(self.together, self.undo, self.clear, self.again))
        column.addSpacing(4)
        column.addWidget(self.field)
        column.addWidget(self.error)
        column.addWidget(_chips(self.go, self.beside))


def _sentence(tone: str) -> QLabel:
    made = QLabel()
    made.setProperty("tone", tone)
    made.setWordWrap(True)
    return made


def _chips(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    flow = FlowLayout(holder)
    for widget in widgets:
        flow.addWidget(widget)
    return holder
