"""What does it answer, how sure? The best answers against the right one, or every bit against its target."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from app.plots.bars import Bar, Bars
from app.state.describe import number
from app.state.lens import Selection
from app.state.looks import name_of_hop
from app.state.sentence import answer_in_words
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

MOST_ANSWERS, FEWEST_ANSWERS = 8, 3
SMALLEST = 0.005
"""Answers less probable than this are left out, but for the first few and the right one."""


class Readout(PaneView):
    """Bars of probability, or of scores where a model has no more, at the present step (or after the present hop)."""

    ABSENT = "This model's output is neither a probability nor a score that could be shown as bars."
    NEEDS_STEP = True
    WISH = 220
    HELP = PaneHelp(
        what_you_see="One bar for each of the most probable answers (or for each bit), from probability 0 to 1. The right answer "
        "is marked; a wrong one is crossed. Of a model that only scores its answers the highest scores are shown, from a zero "
        "line: they are no probabilities, and do not sum to 1.",
        what_to_look_for="One long bar: the network is sure. Several of the same length: it cannot decide. Step through the hops "
        "to see the answer form.",
        formula="probability[answer] = exp(score[answer]) / sum of exp(score) over all answers; for a bit: "
        "1 / (1 + exp(−score)). A score by itself is only compared with the others.",
        what_it_does_not_show="Whether the network is as often right as it is sure: that needs many episodes.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """Bars, and below them what their length means."""
        self._bars = Bars(self.colours)
        self._bars.clicked.connect(self._clicked)
        self._bars.hovered.connect(self._hovered)
        self._axis = QLabel(wordWrap=True)
        self._axis.setProperty("tone", "muted")
        self._shown: list[int] = []
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setStyleSheet("background: transparent;")
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 6, 4, 0)
        column.addWidget(self._bars)
        column.addWidget(self._axis)
        column.addStretch(1)
        area.setWidget(page)
        return area

    def nothing_at(self, trace: Trace, step: int) -> str:
        """At a step without an answer."""
        return "" if np.isfinite(self._value(trace, step)).any() else "Nothing is answered at this step."

    def show_step(self, trace: Trace, step: int) -> None:
        """The bars at this step, or after the hop that the micro-step cursor stands at."""
        value = self._value(trace, step)
        self._shown = _which(value, self._target(trace, step), self._channel, self.is_difference)
        low, high = self._limits(value)
        self._bars.show_bars([self._bar(trace, step, value, i) for i in self._shown], low, high)
        what = "bit: probability of 1" if self._is_bits else f"answer: {self._quantity}"
        means = "; scores do not sum to 1" if self._is_scores else f", {'−1' if low else '0'} to 1"
        self._axis.setText(f"{what}{means}" + (", B \N{MINUS SIGN} A" if self.is_difference else ""))

    def show_marks(self, trace: Trace) -> None:
        """Bars have no marks but the chosen answer."""

    def technical(self) -> str:
        """ "Readout · step 8", or which hop."""
        hop = self._hop()
        return f"Readout · step {self.step + 1}" + (self._after(hop))

    def _after(self, hop: int | None) -> str:
        trace = self.side.trace
        return f", after {name_of_hop(trace, hop)}" if hop is not None and trace is not None else ""

    def in_words(self, trace: Trace, step: int) -> str:
        """The answer, and the right one."""
        target = self._target(trace, step)
        right = ""
        if not self._is_bits and isinstance(target, int):
            right = f" Right: {trace.label('answer', target)}."
        return f"{answer_in_words(trace, step)}{right}"

    def as_table(self, trace: Trace, step: int) -> Table:
        """Every answer or bit with its probability, and whether it is the target."""
        value, target = self._value(trace, step), self._target(trace, step)
        if self._is_bits:
            wanted = target if isinstance(target, np.ndarray) else np.full(value.shape, np.nan)
            bits: list[list[object]] = [[trace.label("bit", i), float(v), float(wanted[i])] for i, v in enumerate(value)]
            return ["bit", "probability of 1", "target"], bits
        answers: list[list[object]] = [[trace.label("answer", i), float(v), int(i == target)] for i, v in enumerate(value)]
        return ["answer", self._quantity, "is right"], answers

    # ---- the inside ----

    @property
    def _channel(self) -> Channel:
        return self.channels[0]

    @property
    def _is_bits(self) -> bool:
        return self._channel.kind == "bits"

    @property
    def _is_scores(self) -> bool:
        return self._channel.kind == "vector"

    @property
    def _quantity(self) -> str:
        return "score" if self._is_scores else "probability"

    def _limits(self, value: Array) -> tuple[float, float]:
        """Of probabilities the same everywhere; of scores those of the whole episode, and of what lies beyond."""
        if not self._is_scores:
            return (-1.0 if self.is_difference else 0.0), 1.0
        low, high, _ = self.reading.scale(self._channel)
        return min(low, float(np.nanmin(value, initial=0))), max(high, float(np.nanmax(value, initial=0)))

    def _hop(self) -> int | None:
        trace, micro = self.side.trace, self.state.playback.micro
        if trace is None or micro is None or self._is_bits or not _after_hops(trace):
            return None
        stages = trace.card.model.micro_steps
        return stages[micro].part if micro < len(stages) else None

    def _value(self, trace: Trace, step: int) -> Array:
        hop = self._hop()
        if hop is not None:
            found: Array = np.asarray(self.reading.at(_after_hops(trace)[0], step)[hop])
            if np.isfinite(found).any():  # else the model found that it was enough before
                return found
        return np.asarray(self.reading.at(self._channel, step))

    def _target(self, trace: Trace, step: int) -> int | Array | None:
        for channel in trace.of_role("target"):
            value = np.asarray(trace.at(channel.name, step))
            if self._is_bits:
                return value
            first = float(value.reshape(-1)[0])
            return int(first) if np.isfinite(first) and first >= 0 else None
        return None

    def _bar(self, trace: Trace, step: int, value: Array, index: int) -> Bar:
        target = self._target(trace, step)
        probability = float(value[index])
        if not self._is_bits:
            right = index == target
            wrong = isinstance(target, int) and not right and not self.is_difference and index == int(np.nanargmax(value))
            mark = "right" if right else "✕ wrong" if wrong else ""
            return Bar(name=trace.label("answer", index), value=probability, mark=mark, is_chosen=right, is_pale=not right)
        wanted = float(target[index]) if isinstance(target, np.ndarray) and index < len(target) else float("nan")
        wrong = np.isfinite(wanted) and (probability > 0.5) != (wanted > 0.5) and not self.is_difference
        mark = "" if not np.isfinite(wanted) else f"✕ should be {wanted:.0f}" if wrong else f"should be {wanted:.0f}"
        return Bar(
            name=_bit_name(trace, index), value=probability, mark=mark, is_pale=not np.isfinite(wanted), is_chosen=bool(wrong)
        )

    def _clicked(self, index: int) -> None:
        if index < len(self._shown) and not self.is_behind:
            self.choose(self._selection(index), self.modifiers)

    def _selection(self, index: int) -> Selection:
        place = self._shown[index]
        if self._is_bits:
            return Selection(side=self.side.name, channel=self._channel.name, features=(place,))
        return Selection(side=self.side.name, channel=self._channel.name, answer=place)

    def _hovered(self, index: int) -> None:
        trace = self.side.trace
        if trace is None or self.is_behind or not 0 <= index < len(self._shown):
            self.point(None)
            return
        place = self._shown[index]
        name = _bit_name(trace, place) if self._is_bits else trace.label("answer", place)
        self.point(self._selection(index), f"{name}, step {self.step + 1}: {number(float(self._value(trace, self.step)[place]))}")


def _after_hops(trace: Trace) -> list[Channel]:
    kinds = {channel.kind for channel in trace.of_role("answer")}
    return [c for c in trace.of_kind("probability", "vector") if c.axes == ("hop", "answer") and c.kind in kinds]


def _bit_name(trace: Trace, index: int) -> str:
    names = trace.card.labels.get("bit", ())
    return names[index] if index < len(names) else f"bit {index + 1}"


def _which(value: Array, target: int | Array | None, channel: Channel, is_difference: bool) -> list[int]:
    """Every bit; of the answers, the most probable or best scored ones, and the right one in any case."""
    if not np.isfinite(value).any():
        return []
    if channel.kind == "bits":
        return list(range(len(value)))
    is_scores = channel.kind == "vector"
    sizes = np.nan_to_num(value) if is_scores and not is_difference else np.abs(np.nan_to_num(value))
    worth = len(value) if is_scores else max(int((sizes >= SMALLEST).sum()), FEWEST_ANSWERS)
    order: list[int] = np.argsort(-sizes, kind="stable")[: min(worth, MOST_ANSWERS)].tolist()
    if isinstance(target, int) and target not in order:
        order[-1] = target
    return order
