"""A memory whose contents are kept once, as it lies after one step after another: of very many slots only those are looked at
that came or went."""

import numpy as np

from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

Slots = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


class KeptOnce:
    """Gives what `Trace.at` gives of a channel `(slot, feature)`, in one array that is brought up to date instead of being made
    anew at every step."""

    def __init__(self, trace: Trace, channel: Channel) -> None:
        self.trace, self.channel = trace, channel
        self._contents: Array = np.asarray(trace.arrays[channel.name][0])
        self._now: Array | None = None
        self._shown: Mask = np.zeros(len(self._contents), np.bool_)

    def at(self, step: int) -> tuple[Array, Slots | None]:
        """The memory after a step: the same array at every call. And the slots in which it is not as it was at the call before;
        None at the first."""
        there, moved = self.there(step), None
        if self._now is None:
            self._now = self._where(there, self._contents)
        else:
            moved = np.flatnonzero(there != self._shown)
            self._now[moved] = self._where(there[moved], self._contents[moved])
        self._shown = there
        return self._now, moved

    def changed(self, step: int, least: float) -> Mask:
        """Which numbers moved by at least so much as their slots came or went at a step, `(slot, feature)`."""
        found = np.zeros(self._contents.shape, np.bool_)
        slots = np.flatnonzero(self.there(step) != self.there(step - 1))
        found[slots] = np.abs(self._contents[slots]) >= least
        return found

    def number(self, slot: int, feature: int, step: int) -> float:
        """One number of the memory after a step."""
        return float(self._contents[slot, feature]) if self.there(step)[slot] else 0.0

    def there(self, step: int) -> Mask:
        """Which slots hold something after a step (-1: before the first; where nobody says that, those of the first)."""
        alive = self.trace.of_role("alive")
        if not alive:
            return np.ones(len(self._contents), np.bool_)
        return np.asarray(self.trace.at(alive[0].name, step if alive[0].name in self.trace.initial else max(step, 0))) > 0

    def _where(self, there: Mask, contents: Array) -> Array:
        found: Array = np.where(there[:, None], contents, np.float32(0))
        return found


def is_kept_once(channel: Channel) -> bool:
    """Whether a channel is such a memory."""
    return channel.once and channel.axes == ("slot", "feature")
