"""The steps of the episode under the stage, or of the present sample of a stream, with the transport at the left."""

import numpy as np
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QResizeEvent

from app.plots.colours import Palette
from app.plots.heatmap import Array
from app.plots.timeline import SequenceLane
from app.state.app_state import AppState
from app.state.playback import SPEEDS
from app.state.stream import fates_of, inner_phases
from app.views.edit_chips import EditChips
from app.views.lane_row import HEAD, LaneRow
from app.views.shared_scale import insets
from app.widgets.tokens import unit
from app.widgets.transport import Transport
from engine.contract.trace import Event, Phase, Trace

_DENSITY_FROM = 120
"""Steps from which the marks of single steps run together, and a curve of the activity says more."""
_FAST = 4.0
"""Steps a second from which the micro-steps are left out while playing."""


class SequenceLaneView(LaneRow):
    """The steps of the episode with everything that happened at them; the transport at the left.

    Where a sample of a stream takes several steps, only those of the present sample stand here; the samples have their own lane.
    """

    wished = Signal(str)

    def __init__(self, state: AppState, palette: Palette) -> None:
        self.lane = SequenceLane(palette)
        super().__init__("Sequence", self.lane)
        self._state = state
        self._shown: object = None
        self._first = 0
        """The step of the common clock that stands in the lane's first column."""
        self.transport = Transport(SPEEDS)
        self.head.addWidget(self.transport)
        self.head.addStretch(1)
        self.lane.setAccessibleName("Sequence lane")
        self.chips = EditChips(self.lane, state.what_if, self._column_of, self._step_of_a)
        self._is_scrubbing = False
        self._join()
        self._show_episode()
        self._show_step()

    def fitted(self) -> None:
        """Keep the shared scale."""
        self.lane.set_x_inset(*insets(self, round(HEAD * unit(self)), 0))
        if hasattr(self, "chips"):
            self.chips.place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt tells of another size: the chips stay at their steps."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self.chips.place)

    def summary(self) -> str:
        """The lane in words."""
        trace = self._state.a.trace
        if trace is None:
            return "No episode yet."
        step = self._state.comparison.step_of(self._state.a, self._state.playback.step)
        here = [event for event in trace.card.events if event.step == step]
        said = [event.says or f"{event.kind} at slot {event.slot}" for event in here if event.kind != "wipe"]
        return f"{self._state.playback.label}. {'; '.join(said)}".strip()

    def _join(self) -> None:
        transport, playback, lane = self.transport, self._state.playback, self.lane
        for signal, command in (
            (transport.first_wanted, "step.first"),
            (transport.previous_wanted, "step.previous"),
            (transport.play_wanted, "play.toggle"),
            (transport.next_wanted, "step.next"),
            (transport.last_wanted, "step.last"),
        ):
            signal.connect(lambda command=command: self.wished.emit(command))
        transport.speed_wanted.connect(playback.set_speed)
        transport.loop_wanted.connect(playback.set_loop)
        lane.scrubbed.connect(self._scrub)
        transport.pace_wanted.connect(lambda: self.wished.emit("play.pace"))
        lane.range_selected.connect(lambda first, last: playback.select_range(self._first + first, self._first + last))
        lane.micro_chosen.connect(self._go_to_micro)
        lane.installEventFilter(self)
        playback.changed.connect(self._show_step)
        for changed in (self._state.a.trace_changed, self._state.b.trace_changed, self._state.comparison.changed):
            changed.connect(self._show_episode)

    def _show_episode(self) -> None:
        self._shown = None
        self._show_step()

    def _show_step(self) -> None:
        playback, trace = self._state.playback, self._state.a.trace
        if trace is None:
            self.lane.show_episode(0)
            return
        each = playback.sample_steps
        self._first = playback.sample * each if each > 1 else 0
        self._show_ground(trace)
        self.lane.set_cursor(playback.step - self._first)
        self.lane.set_range(self._range_here())
        stages = trace.card.model.micro_steps
        is_fast = playback.is_playing and playback.speed >= _FAST and not playback.plays_micro_steps
        self.lane.set_micro_steps(() if is_fast else tuple(stage.name for stage in stages), playback.micro)
        self.transport.show_pace(playback.pace if each > 1 else "")
        last = max(playback.length - 1, 0)
        self.transport.show_state(
            playback.is_playing, playback.speed, playback.loop, at_start=playback.step == 0, at_end=playback.step == last
        )
        self.title.setText(f"Sample {playback.sample + 1:,}" if each > 1 else "Stream" if each else "Sequence")

    def _show_ground(self, trace: Trace) -> None:
        """What does not move with the cursor, drawn anew only when it is another."""
        playback = self._state.playback
        if playback.sample_steps > 1:
            phases, wiped = self._inside(playback.sample)
            key: object = (trace, playback.sample_steps, phases, wiped)
            if key != self._shown:
                ends = (Event(kind="wipe", step=playback.sample_steps - 1),) if wiped else ()
                self.lane.show_episode(playback.sample_steps, phases, ends, end_says="wiped" if wiped else "")
                self.lane.set_density(None)
        else:
            key = (trace, playback.length)
            if key != self._shown:
                self.lane.show_episode(max(playback.length, trace.steps), trace.card.phases, _events(trace))
                self.lane.set_density(_activity(trace) if trace.steps >= _DENSITY_FROM and not trace.samples else None)
        if key != self._shown or playback.sample_steps > 1:
            self._shown = key
            self.chips.place()

    def _inside(self, sample: int) -> tuple[tuple[Phase, ...], bool]:
        """The parts of a sample, of the side that takes all these steps, and whether a memory is wiped at its end."""
        state = self._state
        traces = [t for t in (state.a.trace, state.b.trace if state.comparison.is_by_sample else None) if t is not None]
        phases = next((inner_phases(t) for t in traces if t.card.sample_steps == state.playback.sample_steps), ())
        wiped = any(sample < t.samples and fates_of(t).wiped[sample] for t in traces)
        return phases, bool(wiped)

    def _range_here(self) -> tuple[int, int] | None:
        """As much of the chosen steps as the lane shows."""
        chosen, playback = self._state.playback.selected_range, self._state.playback
        if chosen is None or playback.sample_steps <= 1:
            return chosen
        first, last = (step - self._first for step in chosen)
        inside = last >= 0 and first < playback.sample_steps
        return (max(first, 0), min(last, playback.sample_steps - 1)) if inside else None

    def _column_of(self, step: int) -> int:
        """In which column of the lane a step of A stands; -1: in none."""
        state = self._state
        column = state.comparison.clock_at(state.a, step, state.playback.step) - self._first
        shown = state.playback.sample_steps if state.playback.sample_steps > 1 else max(state.playback.length, 1)
        return column if 0 <= column < shown else -1

    def _step_of_a(self, column: int) -> int:
        """Which step of A stands in a column."""
        return self._state.comparison.step_of(self._state.a, self._first + column)

    def _scrub(self, column: int) -> None:
        self._state.playback.pause()
        if self._is_scrubbing:
            self._state.playback.go_to(self._first + column)
        else:
            self._is_scrubbing = True
            self._state.explorer.jump(self._first + column)

    def _go_to_micro(self, index: int) -> None:
        self._state.playback.pause()
        self._state.playback.go_to(self._state.playback.step, index)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The end of a press ends the scrub: Back returns to before it, not to each step on the way."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._is_scrubbing = False
        return super().eventFilter(watched, event)


def _events(trace: Trace) -> tuple[Event, ...]:
    """What happened, and where the episode's memory is wiped: after its last step, unless the trace says otherwise."""
    events = trace.card.events
    is_episodic = any(c.lifetime == "episode" for c in trace.channels.values())
    if is_episodic and not any(event.kind == "wipe" for event in events):
        events = (Event(kind="wipe", step=trace.steps - 1, says="memory wiped"), *events)
    return events


def _activity(trace: Trace) -> Array | None:
    """One number a step: how much the strongest head writes, else reads."""
    for channel in (*trace.of_role("write"), *trace.of_role("read")):
        values: Array = trace.arrays[channel.name]
        return np.asarray(values.reshape(len(values), -1).max(-1))
    return None
