"""The time lanes under the stage: training time with its checkpoints, the samples of a stream, sequence time."""

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.plots.heatmap import Array
from app.plots.timeline import TrainingLane
from app.state.app_state import AppState
from app.state.run_stages import spans_of_run, spans_shown
from app.state.training import Run
from app.views.lane_row import HEAD, LaneRow
from app.views.sequence_lane_view import SequenceLaneView
from app.views.shared_scale import insets
from app.views.stream_lane_view import StreamLaneView
from app.widgets.tokens import sized, unit
from engine.contract.cards import unit_of_loss
from engine.contract.stages import span_at

_CURVE_EVERY = 200
"""Milliseconds between two drawings of a growing curve."""


class Lanes(QWidget):
    """All lanes, with a rule above each; those that have nothing to show are hidden."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.training = TrainingLaneView(state, palette)
        self.stream = StreamLaneView(state, palette)
        self.sequence = SequenceLaneView(state, palette)
        self._state = state
        self.sequence.wished.connect(self.wished)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.training)
        column.addWidget(self.stream)
        column.addWidget(self.sequence)
        for signal in (state.a.trace_changed, state.b.trace_changed, state.comparison.changed):
            signal.connect(self._make_room)
        self._make_room()

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours."""
        self.training.lane.set_palette(palette)
        self.stream.lane.set_palette(palette)
        self.sequence.lane.set_palette(palette)

    def _make_room(self) -> None:
        """Two streams beside each other are of two trainings, and of frozen weights: the training lane makes room for them."""
        self.training.setVisible(not self._state.comparison.is_by_sample)


class TrainingLaneView(LaneRow):
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
        self.lane.set_x_inset(*insets(self, round(HEAD * unit(self)), 0))

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
        spans = spans_of_run(state.catalogue, run) or spans_shown(state.catalogue, state.training, state.a.showing)
        self.lane.set_stages([(span.last, span.name) for span in spans])
        self.lane.show_curve(points[:, 0], points[:, 1], held_out)
        self.lane.set_checkpoints(state.explorer.checkpoints)
        self.lane.set_notes(tuple(run.notes) if run else ())
        self.lane.set_live(run.update if run is not None and run.is_live else None)
        self.lane.set_cursor(state.explorer.update if state.a.showing else None)
        here = span_at(spans, state.explorer.update or 0)
        usual = unit_of_loss(trace.card.model, trace.card.task) if trace else ""
        room = round(HEAD * unit(self)) - 8
        self._unit.setText(self._unit.fontMetrics().elidedText(here.unit if here else usual, Qt.TextElideMode.ElideRight, room))
        self._unit.setToolTip(f"{here.in_words} ({here.unit}). {here.says}" if here is not None else "")
        self._status.setText(self._words_for(run))
        self.lane.setAccessibleDescription(self.summary())

    def summary(self) -> str:
        """The lane in words."""
        kept, update = self._state.explorer.checkpoints, self._state.explorer.update
        if not kept or update is None:
            return "No training yet."
        spans = spans_shown(self._state.catalogue, self._state.training, self._state.a.showing)
        span = span_at(spans, update)
        where = f", {span.in_words}" if span is not None else ""
        return f"Checkpoint {update:,}{where}; {len(kept)} checkpoints from {kept[0]:,} to {kept[-1]:,}."

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
