"""The two time lanes under the stage: training time with its checkpoints, sequence time with its transport."""

import numpy as np
from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.plots.heatmap import Array
from app.plots.timeline import SequenceLane, TrainingLane
from app.state.app_state import AppState
from app.state.playback import SPEEDS
from app.state.training import Run
from app.views.edit_chips import EditChips
from app.views.shared_scale import LEFT, insets
from app.widgets.tokens import colour, sized, unit
from app.widgets.transport import Transport
from engine.contract.cards import unit_of_loss
from engine.contract.trace import Event, Trace

_HEAD = LEFT - 14
"""How wide the words at the left are."""
_CURVE_EVERY = 200
"""Milliseconds between two drawings of a growing curve."""
_DENSITY_FROM = 120
"""Steps from which the marks of single steps run together, and a curve of the activity says more."""
_FAST = 4.0
"""Steps a second from which the micro-steps are left out while playing."""


class Lanes(QWidget):
    """Both lanes, with a rule above each."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.training = TrainingLaneView(state, palette)
        self.sequence = SequenceLaneView(state, palette)
        self.sequence.wished.connect(self.wished)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.training)
        column.addWidget(self.sequence)

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours."""
        self.training.lane.set_palette(palette)
        self.sequence.lane.set_palette(palette)


class _LaneRow(QWidget):
    """Words at the left, the lane at the right, a thin rule on top."""

    def __init__(self, title: str, lane: QWidget) -> None:
        super().__init__()
        self.title = QLabel(title)
        self.title.setProperty("tone", "heading")
        self.head = QVBoxLayout()
        self.head.setContentsMargins(4, 4, 0, 0)
        self.head.setSpacing(0)
        self.head.addWidget(self.title)
        self._words = QWidget()
        self._words.setLayout(self.head)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._words)
        row.addWidget(lane, 1)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Qt tells of another font: the words keep their share."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_words"):
            self._fit()

    def fitted(self) -> None:
        """The size of the type has changed."""

    def _fit(self) -> None:
        self._words.setFixedWidth(round(_HEAD * unit(self)))
        self.fitted()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rule."""
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, colour("line"))
        painter.end()


class TrainingLaneView(_LaneRow):
    """The loss of the run (or exhibit) that A shows, its checkpoints, and the training cursor."""

    def __init__(self, state: AppState, palette: Palette) -> None:
        self.lane = TrainingLane(palette)
        super().__init__("Training", self.lane)
        self._state = state
        self._unit, self._status = QLabel(), QLabel()
        for label in (self._unit, self._status):
            label.setProperty("tone", "muted")
            label.setFont(sized(self, 12))
            self.head.addWidget(label)
        self.head.addStretch(1)
        self.lane.setAccessibleName("Training lane")
        self.lane.checkpoint_chosen.connect(state.explorer.choose_checkpoint)
        self._pace = QTimer(self, singleShot=True, interval=_CURVE_EVERY)
        self._pace.timeout.connect(self.refresh)
        self._drawn: object = None
        for signal in (state.training.changed, state.a.changed, state.catalogue.changed):
            signal.connect(self._changed)
        self.refresh()

    def fitted(self) -> None:
        """Keep the shared scale."""
        self.lane.set_x_inset(*insets(self, round(_HEAD * unit(self)), 0))

    def _changed(self) -> None:
        if self._drawn != self._key():  # another run: at once; more of the same: at a calm pace
            self.refresh()
        elif not self._pace.isActive():
            self._pace.start()

    def _key(self) -> object:
        showing = self._state.a.showing
        run = self._run()
        status = (run.status, tuple(run.checkpoints), len(run.notes)) if run else ()
        return showing.source if showing else None, status, self._state.explorer.update, self._state.training.badge[:8]

    def refresh(self) -> None:
        """Show the curve, the checkpoints and the cursor as they are."""
        self._drawn = self._key()
        state, run, trace = self._state, self._run(), self._state.a.trace
        points, held_out = self._points(run)
        self.lane.show_curve(points[:, 0], points[:, 1], held_out)
        self.lane.set_checkpoints(state.explorer.checkpoints)
        self.lane.set_notes(tuple(run.notes) if run else ())
        self.lane.set_live(run.update if run is not None and run.is_live else None)
        self.lane.set_cursor(state.explorer.update if state.a.showing else None)
        self._unit.setText(unit_of_loss(trace.card.model, trace.card.task) if trace else "")
        self._status.setText(self._words_for(run))
        self.lane.setAccessibleDescription(self.summary())

    def summary(self) -> str:
        """The lane in words."""
        kept, update = self._state.explorer.checkpoints, self._state.explorer.update
        if not kept or update is None:
            return "No training yet."
        return f"Checkpoint {update:,}; {len(kept)} checkpoints from {kept[0]:,} to {kept[-1]:,}."

    def _run(self) -> Run | None:
        """What A shows; beside an exhibit, the run that trains (but not one of several, which has its curve elsewhere)."""
        showing, live = self._state.a.showing, self._state.training.live
        here = self._state.training.at(showing.source.place) if showing else None
        return here or (live if live is None or not live.is_one_of_several else None)

    def _points(self, run: Run | None) -> tuple[Array, tuple[Array, Array] | None]:
        showing = self._state.a.showing
        if run is not None:
            kept = sorted(run.held_out)
            apart = (np.array(kept, float), np.array([run.held_out[u] for u in kept], float)) if len(kept) > 1 else None
            return np.array(run.points, float).reshape(-1, 2), apart
        card = self._state.catalogue.exhibit(showing.source.place) if showing else None
        return np.array(card.losses if card else (), float).reshape(-1, 2), None

    def _words_for(self, run: Run | None) -> str:
        if run is None:
            update = self._state.explorer.update
            return f"update {update:,}" if update is not None else ""
        if not run.is_live:
            return run.status
        if run.status != "running":
            return run.status
        return "LIVE" if self._state.training.is_following else f"detached, {self._state.training.missed} newer"


class SequenceLaneView(_LaneRow):
    """The steps of the episode with everything that happened at them; the transport at the left."""

    wished = Signal(str)

    def __init__(self, state: AppState, palette: Palette) -> None:
        self.lane = SequenceLane(palette)
        super().__init__("Sequence", self.lane)
        self._state = state
        self.transport = Transport(SPEEDS)
        self.head.addWidget(self.transport)
        self.head.addStretch(1)
        self.lane.setAccessibleName("Sequence lane")
        self.chips = EditChips(self.lane, state.what_if, state.playback)
        self._is_scrubbing = False
        self._join()
        self._show_episode()
        self._show_step()

    def fitted(self) -> None:
        """Keep the shared scale."""
        self.lane.set_x_inset(*insets(self, round(_HEAD * unit(self)), 0))
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
        here = [event for event in trace.card.events if event.step == self._state.playback.step]
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
        lane.range_selected.connect(playback.select_range)
        lane.micro_chosen.connect(self._go_to_micro)
        lane.installEventFilter(self)
        playback.changed.connect(self._show_step)
        self._state.a.trace_changed.connect(self._show_episode)
        self._state.comparison.changed.connect(self._show_episode)

    def _show_episode(self) -> None:
        trace, playback = self._state.a.trace, self._state.playback
        if trace is None:
            self.lane.show_episode(0)
            return
        self.lane.show_episode(max(playback.length, trace.steps), trace.card.phases, _events(trace))
        self.lane.set_density(_activity(trace) if trace.steps >= _DENSITY_FROM else None)
        self.lane.set_range(playback.selected_range)
        self.chips.place()
        self._shown_length = playback.length

    def _show_step(self) -> None:
        playback, trace = self._state.playback, self._state.a.trace
        if trace is not None and playback.length != getattr(self, "_shown_length", playback.length):
            self._show_episode()
        last = max(playback.length - 1, 0)
        self.lane.set_cursor(playback.step)
        self.lane.set_range(playback.selected_range)
        stages = trace.card.model.micro_steps if trace else ()
        is_fast = playback.is_playing and playback.speed >= _FAST and not playback.plays_micro_steps
        self.lane.set_micro_steps(() if is_fast else tuple(stage.name for stage in stages), playback.micro)
        self.transport.show_state(
            playback.is_playing, playback.speed, playback.loop, at_start=playback.step == 0, at_end=playback.step == last
        )

    def _scrub(self, step: int) -> None:
        self._state.playback.pause()
        if self._is_scrubbing:
            self._state.playback.go_to(step)
        else:
            self._is_scrubbing = True
            self._state.explorer.jump(step)

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
