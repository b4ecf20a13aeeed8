"""What goes in, what comes out? Input, target and output, a column for each step; for stories, their lines."""

import numpy as np
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.plots.tape import Story, StoryTape, TapePlot, TapeRow
from app.state.describe import number
from app.state.lens import Selection
from app.state.looks import supporting_lines
from app.state.sentence import answer_in_words
from app.state.things import token_name
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.widgets.tokens import unit
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

LEAST_STORY, MOST_STORY = 96, 176
"""Between which heights the lines of a story get what they need; longer stories scroll."""

THREE_ROWS, MORE_ROW = 116, 30
"""How high a tape of bits is, and what each row beyond the third adds."""


class Tape(PaneView):
    """The episode as the task sees it. It stays as it is in the difference view: both sides' tapes are compared by eye."""

    height_changed = Signal()

    SHOWS_DIFFERENCE = False
    ABSENT = "This task records neither input nor output."
    HELP = PaneHelp(
        what_you_see="The episode from left to right, one column for each step. The upper row is what the network sees, the "
        "middle row what it should say, the lower row what it says: the darker a bit, the more probable the network thinks it "
        "is 1. Symbols stand in their columns, the present ones framed. In a story, each line is a chip; the present one has a "
        "double outline.",
        what_to_look_for="Red crosses (or, below a narrow symbol, a red bar): what is wrong. Bits that are grey, neither white "
        "nor black: the network is not sure.",
        formula="A bit counts as 1 where its probability is above one half; an answer is the word with the largest probability.",
        what_it_does_not_show="How the network came to its answer: the other panes do.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """A tape of bits or words, and a tape of lines; one of them is seen."""
        self._plot, self._story = TapePlot(self.colours), StoryTape(self.colours)
        self._plot.scrubbed.connect(self._go)
        self._plot.hovered.connect(self._hovered)
        self._plot.viewport().installEventFilter(self)
        self._is_scrubbing = False
        self._story.sentence_chosen.connect(self._choose_line)
        self._story.sentence_hovered.connect(self._line_hovered)
        self._rows: list[Channel] = []
        self._height = 0
        body = QWidget()
        self._kinds = QStackedLayout(body)
        self._kinds.addWidget(self._plot)
        self._kinds.addWidget(self._story)
        return body

    def set_x_inset(self, left: float, right: float) -> None:
        """Keep this much free beside the columns (within the pane's frame), so that the lane below has the same scale."""
        self._plot.set_x_inset(left, right)

    def show_trace(self, trace: Trace) -> None:
        """Upload the rows."""
        self._rows = self._wanted(trace)
        if self._is_story(trace):
            self._kinds.setCurrentWidget(self._story)
            return
        self._kinds.setCurrentWidget(self._plot)
        bits = _bits(trace, self._rows)
        self._plot.show_rows(
            [_row(trace, channel, bits) for channel in self._rows], max(self.state.comparison.steps, trace.steps)
        )
        self._plot.set_phases([phase for phase in trace.card.phases if phase.last > phase.first])
        self._plot.set_delimiters(_delimiters(trace, self._rows, bits))
        wrong = wrong_bits(trace) + [(step, -1) for step in wrong_tokens(trace)]
        self._plot.set_errors([(self._row_of("output"), step, bit) for step, bit in wrong])
        self._wish_height(self.height_wished())

    def show_step(self, trace: Trace, step: int) -> None:
        """Move the cursor, or come to another line."""
        if self._is_story(trace):
            self._story.show_story(_story(trace, step))
            self._story.set_reached(step)
            self._story.set_selected((step,))
            self._wish_height(self._story.height_wished() + round(40 * unit(self)))
        else:
            self._plot.set_cursor(step)

    def _wish_height(self, height: int) -> None:
        if height != self._height:
            self._height = height
            self.height_changed.emit()

    def height_wished(self) -> int:
        """What a story would like, at most what leaves room for the panes; 0 for the usual three rows of bits."""
        trace = self.side.trace
        if trace is None:
            return 0
        if not self._is_story(trace):
            more = len(self._wanted(trace)) - 3
            return round((THREE_ROWS + MORE_ROW * more) * unit(self)) if more > 0 else 0
        return min(max(self._height, round(LEAST_STORY * unit(self))), round(MOST_STORY * unit(self)))

    def technical(self) -> str:
        """ "Tape · 8 bits × 41 steps"; which side, where there are two."""
        trace = self.side.trace
        if trace is None:
            return self.card.technical
        side = f"{self.side.name}: " if self.state.comparison.mode != "single" else ""
        if self._is_story(trace):
            return f"{side}Tape · {trace.steps} lines"
        bits = _bits(trace, self._rows)
        size = f"{bits} bit{'s' if bits > 1 else ''} × {trace.steps} steps" if bits else f"{trace.steps} steps"
        return f"{side}Tape · {size}" + (", input and target as in A" if len(self._rows) < len(self.channels) else "")

    def in_words(self, trace: Trace, step: int) -> str:
        """The line, what should come out, and what does."""
        lines = trace.card.labels.get("step", ())
        told = f"“{lines[step]}” " if step < len(lines) else ""
        return f"{told}{answer_in_words(trace, min(step, trace.steps - 1))}"

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each step."""
        lines = trace.card.labels.get("step", ())
        headers: list[str] = ["step", *(["line"] if lines else [])]
        columns: list[list[object]] = [list(range(1, trace.steps + 1))]
        if lines:
            columns.append(list(lines))
        for channel in self.channels:
            if channel.kind == "tokens" and channel.role == "input" and lines:
                continue
            values = np.asarray(trace.arrays[channel.name])
            flat = values.reshape(len(values), -1)
            for place in range(flat.shape[1]):
                headers.append(channel.title if flat.shape[1] == 1 else f"{channel.title} {trace.label('bit', place)}")
                tokens = channel.kind == "tokens"
                columns.append([token_name(trace, channel, float(v)) if tokens else float(v) for v in flat[:, place]])
        return headers, [list(row) for row in zip(*columns, strict=True)]

    # ---- the inside ----

    def _wanted(self, trace: Trace) -> list[Channel]:
        """The rows: of B only the output, where A's tape above it has the same input and target."""
        if self.side is self.state.b and not self._is_story(trace) and has_same_questions(self.state.a.trace, trace):
            return [channel for channel in self.channels if channel.role == "output"]
        return self.channels

    def _is_story(self, trace: Trace) -> bool:
        return bool(trace.card.labels.get("step")) and any(c.kind == "tokens" for c in self.channels)

    def _row_of(self, role: str) -> int:
        return next((index for index, channel in enumerate(self._rows) if channel.role == role), 0)

    def _go(self, step: int) -> None:
        self.state.playback.pause()
        if self._is_scrubbing:
            self.state.playback.go_to(step)
        else:
            self._is_scrubbing = True
            self.state.explorer.jump(step)
            self.activated.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The end of a press ends the scrub: Back returns to before it."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._is_scrubbing = False
        return super().eventFilter(watched, event)

    def _hovered(self, row: int, step: int, bit: int) -> None:
        trace = self.side.trace
        if row < 0 or trace is None or self.is_behind or row >= len(self._rows) or step >= trace.steps:
            self.point(None)
            return
        channel = self._rows[row]
        value = np.asarray(trace.at(channel.name, step)).reshape(-1)
        if channel.kind == "tokens":
            says = f"{channel.title}, step {step + 1}: {token_name(trace, channel, float(value[0])) or 'nothing'}"
        elif not channel.axes:
            says = f"{channel.title}, step {step + 1}: {number(float(value[0]))}"
        else:
            says = f"{channel.title}, step {step + 1}, bit {bit + 1}: {number(float(value[bit]))}"
        self.point(Selection(side=self.side.name, channel=channel.name), says)

    def _choose_line(self, line: int) -> None:
        self.state.playback.pause()
        self.state.explorer.jump(line)
        self.activated.emit()

    def _line_hovered(self, line: int) -> None:
        trace = self.side.trace
        if trace is None or line < 0:
            self.point(None)
            return
        slot = next((e.slot for e in trace.card.events if e.kind == "write" and e.step == line), -1)
        slots = (slot,) if slot >= 0 else ()
        says = f"line {line + 1}" + (f", kept in slot {slot}" if slot >= 0 else ", a question")
        self.point(Selection(side=self.side.name, slots=slots), says)


def has_same_questions(one: Trace | None, other: Trace | None) -> bool:
    """Whether two traces have the same input and the same target."""
    if one is None or other is None:
        return False
    names = [c.name for trace in (one, other) for c in (*trace.of_role("input"), *trace.of_role("target"))]
    pairs = [(one.arrays.get(name), other.arrays.get(name)) for name in names]
    return all(a is not None and b is not None and np.array_equal(a, b, equal_nan=True) for a, b in pairs)


def wrong_bits(trace: Trace) -> list[tuple[int, int]]:
    """The (step, bit) places where the output lies on the wrong side of one half, at the steps that the task calls mistakes."""
    outputs = [c for c in trace.of_role("output") if c.kind == "bits"]
    targets = [c for c in trace.of_role("target") if c.kind == "bits"]
    if not outputs or not targets:
        return []
    said, wanted = np.asarray(trace.arrays[outputs[0].name]), np.asarray(trace.arrays[targets[0].name])
    if said.shape != wanted.shape:
        return []
    mistakes = {event.step for event in trace.card.events if event.kind == "error"}
    places: list[list[int]] = np.argwhere(np.isfinite(wanted) & ((said > 0.5) != (wanted > 0.5))).tolist()
    return [(step, bit) for step, bit in places if step in mistakes]


def wrong_tokens(trace: Trace) -> list[int]:
    """The steps at which the output is another word than the target."""
    outputs = [c for c in trace.of_role("output") if c.kind == "tokens" and not c.axes]
    targets = [c for c in trace.of_role("target") if c.kind == "tokens" and not c.axes]
    if not outputs or not targets:
        return []
    said, wanted = np.asarray(trace.arrays[outputs[0].name]), np.asarray(trace.arrays[targets[0].name])
    steps: list[int] = np.flatnonzero((wanted >= 0) & np.isfinite(said) & (said != wanted)).tolist()
    return steps


def _bits(trace: Trace, rows: list[Channel]) -> int:
    """How many bits a vector has: the fewest of the rows, since an input may have a delimiter besides."""
    return min((trace.arrays[c.name].shape[1] for c in rows if c.kind == "bits"), default=0)


def _row(trace: Trace, channel: Channel, bits: int) -> TapeRow:
    values: Array = trace.arrays[channel.name]
    if channel.kind == "tokens":
        first = np.asarray(values).reshape(len(values), -1)[:, 0]
        return TapeRow(title=channel.title, words=tuple(token_name(trace, channel, float(v)) for v in first))
    if not channel.axes:
        low, high = trace.limits(channel.name)
        return TapeRow(title=channel.title, values=(np.asarray(values)[:, None] - low) / (high - low))
    return TapeRow(title=channel.title, values=values[:, :bits])


def _delimiters(trace: Trace, rows: list[Channel], bits: int) -> list[int]:
    for channel in rows:
        values = trace.arrays[channel.name]
        if channel.role == "input" and channel.kind == "bits" and values.shape[1] > bits:
            steps: list[int] = np.flatnonzero((np.asarray(values[:, bits:]) > 0.5).any(-1)).tolist()
            return steps
    return []


def _story(trace: Trace, step: int) -> Story:
    """The lines, each question with the answer that it got so far; what should be said and what is, at the present line."""
    lines, said = trace.card.labels["step"], []
    for line, text in enumerate(lines):
        answer = _said(trace, "output", line) if line <= step else ""
        right = _said(trace, "target", line)
        wrong = f" ✕ {right}" if answer and right and answer != right else ""
        said.append(f"{text}  {answer}{wrong}" if answer else text)
    inside = min(step, len(lines) - 1)
    target, output = _said(trace, "target", inside), _said(trace, "output", inside)
    asked = lines[inside] if output or target else ""
    return Story(sentences=tuple(said), question=asked, target=target, output=output, supports=supporting_lines(trace, inside))


def _said(trace: Trace, role: str, line: int) -> str:
    channel = next((c for c in trace.channels.values() if c.role == role and c.kind == "tokens"), None)
    if channel is None or line >= trace.steps:
        return ""
    return token_name(trace, channel, float(np.asarray(trace.at(channel.name, line)).reshape(-1)[0]))
