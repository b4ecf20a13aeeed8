"""Two traces side by side: locked cursors, one scale for a quantity, what differs, and when a difference makes no sense."""

from typing import Literal

import numpy as np
from psygnal import Signal

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
    def steps(self) -> int:
        """The longer side's steps: cursors are locked by step."""
        return max((t.steps for t in (self.a.trace, self._b_trace) if t), default=0)

    @property
    def rule(self) -> str:
        """How the two are aligned, in words."""
        a, b = self.a.trace, self._b_trace
        if not a or not b:
            return ""
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
    def _b_trace(self) -> Trace | None:
        return self.b.trace if self._mode != "single" else None

    @staticmethod
    def _episode(trace: Trace) -> tuple[int, str, int]:
        return trace.card.seed, trace.card.own, trace.steps


def _size(array: Array) -> str:
    return " x ".join(str(length) for length in array.shape)
