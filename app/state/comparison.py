"""Two traces side by side: locked cursors, one scale for a quantity, what differs, and when a difference makes no sense."""

from typing import Literal

import numpy as np
from psygnal import Signal

from app.state.playback import moved
from app.state.side import Side
from engine.contract.trace import Array, Trace

Mode = Literal["single", "split", "difference"]


class Comparison:
    """How A and B stand beside each other."""

    changed = Signal()

    def __init__(self, a: Side, b: Side) -> None:
        self.a, self.b = a, b
        self._mode: Mode = "single"
        self._b_is_edited_copy = False

    @property
    def mode(self) -> Mode:
        """One side, two sides, or A beside B minus A."""
        return self._mode

    @property
    def b_is_edited_copy(self) -> bool:
        """Whether B is A with edits (and so follows A)."""
        return self._b_is_edited_copy

    def show(self, mode: Mode, *, edited_copy: bool | None = None) -> None:
        """Choose the mode; `edited_copy` says what B is, where that changes."""
        if edited_copy is not None:
            self._b_is_edited_copy = edited_copy
        self._mode = mode
        self.changed.emit()

    @property
    def is_by_sample(self) -> bool:
        """Whether both sides are streams, and stand at the same sample of them whatever steps it takes."""
        return bool(self.a.trace and self._b_trace and self.a.trace.samples and self._b_trace.samples)

    @property
    def sample_steps(self) -> int:
        """How many steps of the common clock each sample takes: those of the side that takes more; 0 where there is no stream."""
        if self.is_by_sample:
            return max(t.card.sample_steps for t in self._shown)
        return self.a.trace.card.sample_steps if len(self._shown) == 1 and self.a.trace else 0

    @property
    def steps(self) -> int:
        """How many steps the common clock has: cursors are locked by step, of two streams by sample."""
        if self.is_by_sample:
            return self.sample_steps * max(t.samples for t in self._shown)
        return max((t.steps for t in self._shown), default=0)

    def step_of(self, side: Side, step: int) -> int:
        """Where a side stands when the common clock stands at `step`; it may lie beyond the end of the side's episode."""
        trace = side.trace
        if trace is None or not self.is_by_sample:
            return step
        return moved(step, self.sample_steps, trace.card.sample_steps)

    def clock_at(self, side: Side, step: int, now: int | None = None) -> int:
        """Where the common clock stands when a side stands at `step` of its own; `now`: where it stands as yet."""
        trace = side.trace
        if trace is None or not self.is_by_sample:
            return step
        return moved(step, trace.card.sample_steps, self.sample_steps, now)

    def marks(self, edited: set[int], now: int) -> list[int]:
        """Where the common clock finds marks: A's events and its `edited` steps; of two streams the samples that either stored.

        A sample is marked at the step of it at which the clock stands `now`.
        """
        if self.a.trace is None:
            return []
        if not self.is_by_sample:
            return sorted({event.step for event in self.a.trace.card.events} | edited)
        each = self.sample_steps
        found = {t.sample_at(event.step) for t in self._shown for event in t.card.events if event.kind == "write"}
        return [sample * each + now % each for sample in sorted(found | {self.a.trace.sample_at(step) for step in edited})]

    @property
    def rule(self) -> str:
        """How the two are aligned, in words."""
        a, b = self.a.trace, self._b_trace
        if not a or not b:
            return ""
        if self.is_by_sample:
            if a.samples == b.samples:
                return f"aligned by sample, {a.samples:,} each"
            return f"aligned by sample; A has {a.samples:,}, B has {b.samples:,} samples"
        if a.steps == b.steps:
            return f"aligned by step, {a.steps} each"
        return f"aligned by step; A has {a.steps}, B has {b.steps} steps"

    def limits(self, channel: str) -> tuple[float, float]:
        """One scale for the quantity on both sides: wide enough for either."""
        ranges = [t.limits(channel) for t in (self.a.trace, self._b_trace) if t and channel in t.channels]
        if not ranges:
            return 0.0, 1.0
        return min(low for low, _ in ranges), max(high for _, high in ranges)

    def differences(self) -> tuple[list[str], list[str]]:
        """What differs between the sides, and what is the same, in a few words each."""
        a, b = self.a.trace, self._b_trace
        if not a or not b:
            return [], []
        facts: dict[str, tuple[object, object]] = {
            "model": (a.card.model.name, b.card.model.name),
            "weights": (a.card.weights, b.card.weights),
            "checkpoint": (a.card.update, b.card.update),
            "task": (a.card.task.name, b.card.task.name),
            "episode": (self._episode(a), self._episode(b)),
            "slots": (a.card.slots, b.card.slots),
        }
        if a.card.edits or b.card.edits:
            facts["edits"] = (a.card.edits, b.card.edits)
        differs = [name for name, (one, other) in facts.items() if one != other]
        return differs, [name for name in facts if name not in differs]

    def refusal(self, channel: str) -> str:
        """Why B - A cannot be shown for this channel; empty if it can."""
        a, b = self.a.trace, self._b_trace
        if not a or not b:
            return "There is no second side to subtract."
        if channel not in a.channels or channel not in b.channels:
            where, there = ("B", a) if channel in a.channels else ("A", b)
            name = there.channels[channel].title if channel in there.channels else channel
            return f"{where} has nothing like “{name}”; a difference needs it on both sides."
        if a.arrays[channel].shape != b.arrays[channel].shape:
            return f"A is {_size(a.arrays[channel])} and B is {_size(b.arrays[channel])}; a difference needs equal sizes."
        return ""

    def difference_limits(self, channel: str) -> tuple[float, float]:
        """Symmetric limits for B - A: the span of the quantity's own scale."""
        low, high = self.limits(channel)
        reach = max(abs(low), abs(high), high - low if low >= 0 else 0.0)
        return -reach, reach

    def difference(self, channel: str) -> Array:
        """B - A for the whole channel; call only where `refusal` is empty."""
        a, b = self.a.trace, self._b_trace
        if a is None or b is None:
            raise ValueError(self.refusal(channel))
        return np.asarray(b.arrays[channel]) - np.asarray(a.arrays[channel])

    @property
    def _shown(self) -> list[Trace]:
        return [trace for trace in (self.a.trace, self._b_trace) if trace]

    @property
    def _b_trace(self) -> Trace | None:
        return self.b.trace if self._mode != "single" else None

    @staticmethod
    def _episode(trace: Trace) -> tuple[int, str, int]:
        return trace.card.seed, trace.card.own, trace.samples or trace.steps


def _size(array: Array) -> str:
    return " x ".join(str(length) for length in array.shape)
