"""A probe under which memories are blank at every step: whatever is written into them is gone before it can be read."""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from engine.contract.cards import Channel


class Clearing:
    """Gives back, for each of these channels, its value before the first step; of a memory that persists, nothing at all.

    `between` is called before each step, and may raise to end the episode there. Without channels everything passes through, by
    the same path.
    """

    changes = True

    def __init__(self, channels: Iterable[Channel], between: Callable[[], None] | None = None) -> None:
        self._blank = {channel.name: _nothing(channel) for channel in channels}
        self._lasting = {channel.name for channel in channels if channel.lifetime == "persistent"}
        self._first: dict[tuple[str, int | None], Tensor] = {}
        self._between = between
        self._step = -1
        self.met: set[str] = set()
        """The channels that were shown, and so cleared."""

    def at(self, step: int) -> None:
        """Values from now on belong to this step."""
        if self._between is not None:
            self._between()
        self._step = step

    def __call__(self, channel: str, value: Tensor, part: int | None = None) -> Tensor:
        """What was there before anything was written."""
        if channel not in self._blank:
            return value
        self.met.add(channel)
        if self._step < 0 and channel not in self._lasting:
            self._first[channel, part] = value.clone()
            return value
        first = self._first.get((channel, part))
        if first is None or first.shape != value.shape:
            return torch.full_like(value, self._blank[channel])
        return first.clone()

    def many(self, channel: str, values: Tensor, part: int | None = None, first: int = 0) -> Tensor:
        """The same for each step."""
        if channel not in self._blank:
            return values
        return torch.stack([self(channel, value, part) for value in values.unbind(1)], 1)

    def once(self, channel: str, value: Tensor) -> None:
        """What lies in a slot that is not there does not matter."""


def _nothing(channel: Channel) -> float:
    """The number that stands for nothing: -1 where a label or a count of samples can be missing, else 0."""
    return -1.0 if channel.kind == "tokens" or channel.role in ("written", "sample", "holds") else 0.0
