"""What a pane reads of its side: values, or differences, on the scale that both sides share."""

import numpy as np

from app.plots.colours import Scale
from app.state.app_state import AppState
from app.state.side import Side
from app.state.usage import slots_worth_showing
from engine.contract.cards import Channel
from engine.contract.trace import Array


class Reading:
    """The values of one side as they are to be shown now."""

    def __init__(self, state: AppState, side: Side, shows_difference: bool = True) -> None:
        self._state, self._side, self._shows_difference = state, side, shows_difference
        self._worth: tuple[object, int] = ((), 0)

    @property
    def is_difference(self) -> bool:
        """Whether B - A is shown in place of B."""
        return self._shows_difference and self._side is self._state.b and self._state.comparison.mode == "difference"

    def whole(self, channel: Channel) -> Array:
        """The channel at every step, or its difference."""
        trace = self._side.trace
        if self.is_difference or trace is None:
            return self._state.comparison.difference(channel.name)
        return trace.arrays[channel.name]

    def at(self, channel: Channel, step: int) -> Array:
        """The channel's value at a step (a memory's after it, -1: before the first), or its difference."""
        a, b = self._state.a.trace, self._state.b.trace
        if self.is_difference and a is not None and b is not None:
            return np.asarray(b.at(channel.name, step)) - np.asarray(a.at(channel.name, step))
        trace = self._side.trace
        return np.zeros(0, np.float32) if trace is None else trace.at(channel.name, step)

    def scale(self, channel: Channel) -> tuple[float, float, Scale]:
        """The limits that both sides share, and the colours that go with them."""
        if self.is_difference:
            low, high = self._state.comparison.difference_limits(channel.name)
            return low, high, "difference"
        low, high = self._state.comparison.limits(channel.name)
        return low, high, "signed" if low < 0 else "ramp"

    def badge(self, channel: Channel) -> str:
        """What is to be said of the scale: whether some values lie beyond it, on either side."""
        traces = (self._state.a.trace, self._state.b.trace)
        return (
            "clipped" if any(trace and channel.name in trace.channels and trace.clips(channel.name) for trace in traces) else ""
        )

    def slots_shown(self) -> int:
        """How many slots a picture begins with, the same on both sides; 0 shows all."""
        traces = [trace for trace in (self._state.a.trace, self._state.b.trace) if trace is not None]
        key = tuple(id(trace) for trace in traces)
        if key != self._worth[0]:
            self._worth = (key, max((slots_worth_showing(trace) for trace in traces), default=0))
        return self._worth[1]

    def refusal(self, channels: list[Channel]) -> str:
        """Why the difference of these channels cannot be shown; empty if it can, or is not wished."""
        if not self.is_difference:
            return ""
        return next(filter(None, (self._state.comparison.refusal(channel.name) for channel in channels)), "")
