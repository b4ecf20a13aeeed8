"""The stream under the stage: one mark for each sample, of both sides on one lane."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel

from app.plots.colours import Palette
from app.plots.stream_lane import Fate, StreamLane
from app.state.app_state import AppState
from app.state.side import Side
from app.state.stream import fates_of
from app.views.lane_row import HEAD, LaneRow
from app.views.shared_scale import insets
from app.widgets.tokens import sized, unit
from engine.contract.trace import Phase, Trace

STORED, WIPED = "stored \N{BLACK UP-POINTING TRIANGLE}", "wiped │"


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    says: str
    fate: Fate


class StreamLaneView(LaneRow):
    """Shown where a sample of a stream is more than one step; otherwise the lane below shows the samples already."""

    def __init__(self, state: AppState, palette: Palette) -> None:
        self.lane = StreamLane(palette)
        super().__init__("Stream", self.lane)
        self._state = state
        self._says = [QLabel(), QLabel()]
        for label in self._says:
            label.setProperty("tone", "muted")
            label.setFont(sized(self, 12))
            self.head.addWidget(label)
        self.head.addStretch(1)
        self.lane.setAccessibleName("Stream lane")
        self._is_seeking = False
        self.lane.sought.connect(self._seek)
        self.lane.range_selected.connect(self._select)
        self.lane.installEventFilter(self)
        for signal in (state.a.trace_changed, state.b.trace_changed, state.comparison.changed):
            signal.connect(self.refresh)
        state.playback.changed.connect(self._show_sample)
        self._each = 0
        self.refresh()

    def fitted(self) -> None:
        """Keep the shared scale."""
        self.lane.set_x_inset(*insets(self, round(HEAD * unit(self)), 0))

    def refresh(self) -> None:
        """Show the stream as it is."""
        state, trace = self._state, self._state.a.trace
        is_there = trace is not None and state.comparison.sample_steps > 1
        self.setVisible(is_there)
        if trace is None or not is_there:
            return
        rows = _rows(self._sides())
        for label, text in zip(self._says, [row.says for row in rows] + ["", ""], strict=False):
            label.setText(text)
        samples = max(len(row.fate.small) for row in rows) if rows else trace.samples
        self.lane.show_stream(samples, _phases(trace), [row.fate for row in rows])
        self._show_sample()

    def summary(self) -> str:
        """The lane in words."""
        told = []
        for side, trace in self._sides():
            fates, whose = fates_of(trace), f"Side {side.name}" if len(self._sides()) > 1 else "It"
            if fates.stored.any() or fates.refused.any():
                told.append(f"{whose} stored {fates.stored.sum():,} of {trace.samples:,} samples.")
            if fates.wiped.any():
                told.append(f"{whose} was wiped after {fates.wiped.sum():,} of {trace.samples:,} samples.")
        return " ".join((f"{self._state.playback.label}.", *told))

    # ---- the inside ----

    def _sides(self) -> list[tuple[Side, Trace]]:
        state = self._state
        sides = (state.a, state.b) if state.comparison.is_by_sample else (state.a,)
        return [(side, side.trace) for side in sides if side.trace is not None]

    def _show_sample(self) -> None:
        playback = self._state.playback
        if playback.sample_steps <= 1:
            return
        if playback.sample_steps != self._each:
            self._each = playback.sample_steps
        self.lane.set_cursor(playback.sample)
        chosen = playback.selected_range
        self.lane.set_range((chosen[0] // self._each, chosen[1] // self._each) if chosen is not None else None)
        if not playback.is_playing:
            self.lane.setAccessibleDescription(self.summary())

    def _seek(self, sample: int) -> None:
        playback = self._state.playback
        if self._is_seeking:
            playback.go_to_sample(sample)
        else:
            self._is_seeking = True
            playback.pause()
            self._state.explorer.jump(sample * self._each + playback.step % self._each)

    def _select(self, first: int, last: int) -> None:
        self._state.playback.select_range(first * self._each, (last + 1) * self._each - 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The end of a press ends the way: Back returns to before it."""
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._is_seeking = False
        return super().eventFilter(watched, event)


def _rows(sides: list[tuple[Side, Trace]]) -> list[_Row]:
    """At most two rows of marks: where samples were stored, else where the memory was wiped, of each side."""
    found = []
    for side, trace in sides:
        fates, whose = fates_of(trace), f"{side.name} " if len(sides) > 1 else ""
        if (fates.stored | fates.refused).any():
            found.append(_Row(f"{whose}{STORED}", Fate(fates.refused, fates.stored)))
        elif fates.wiped.any():
            found.append(_Row(f"{whose}{WIPED}", Fate(fates.wiped, np.zeros_like(fates.wiped))))
        else:
            nothing = np.zeros(trace.samples, bool)
            found.append(_Row(f"{whose}never wiped", Fate(nothing, nothing)))
    return found


def _phases(trace: Trace) -> tuple[Phase, ...]:
    """The phases of the stream, counted in samples."""
    each = trace.card.sample_steps
    return tuple(Phase(name=p.name, first=p.first // each, last=p.last // each) for p in trace.card.phases)
