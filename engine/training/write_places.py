"""Where a memory writes, held against the priorities that a task gives: does it sort while it writes?

Graves, Wayne & Danihelka, "Neural Turing Machines" (2014), figure 17: the place of a write is a straight line of the priority. It
follows from recorded episodes alone, of any model whose write heads have weightings over slots.
"""

import numpy as np

from engine.contract.cards import Channel
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Trace
from engine.recording import record
from engine.sources import Opened

RECORDED = 50
"""At most so many episodes are recorded for the figure."""

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def priority_correlation(opened: Opened, episodes: int, seed: int) -> dict[str, float]:
    """The correlation of slot and priority, named as the task's metric; empty where task or model have no such thing.

    Of several write heads the one in which it is strongest (largest magnitude).
    """
    if priority_of(opened.task_entry.card.channels) is None or write_of(opened.model_entry.card.channels) is None:
        return {}
    pairs = []
    for number in range(min(episodes, RECORDED)):
        pairs.append(places(record(opened, EpisodeWish(seed=seed * 1_000_003 + number))))
    priorities = np.concatenate([priority for priority, _ in pairs])
    heads = np.concatenate([slots for _, slots in pairs], axis=1)
    found = [correlation(priorities, unrolled(slots, opened.slots)) for slots in heads]
    known = [value for value in found if np.isfinite(value)]
    return {"priority_correlation": max(known, key=abs)} if known else {}


def places(trace: Trace) -> tuple[Numbers, Numbers]:
    """At the steps that show a priority: the priorities `(n,)`, and the slot where each write head stands `(heads, n)`."""
    channels = tuple(trace.channels.values())
    priority, write = priority_of(channels), write_of(channels)
    if priority is None or write is None:
        raise ValueError("this trace shows no priorities, or no write weighting over slots")
    given = np.asarray(trace.arrays[priority.name], np.float64)
    shown = np.isfinite(given)
    slots = np.asarray(trace.arrays[write.name])[shown].argmax(-1).astype(np.float64)
    return given[shown], slots.T


def priority_of(channels: tuple[Channel, ...]) -> Channel | None:
    """The channel that says the priorities."""
    return next((channel for channel in channels if channel.role == "priority"), None)


def write_of(channels: tuple[Channel, ...]) -> Channel | None:
    """The final weighting of the write heads."""
    return next((channel for channel in channels if channel.role == "write" and channel.axes == ("head", "slot")), None)


def unrolled(slots: Numbers, count: int) -> Numbers:
    """Places on a ring of `count` slots as places on a line: how far each lies from their middle, on the shorter way."""
    angles = 2 * np.pi * slots / count
    middle = np.angle(np.exp(1j * angles).mean()) * count / (2 * np.pi)
    return np.asarray((slots - middle + count / 2) % count - count / 2, np.float64)


def correlation(one: Numbers, other: Numbers) -> float:
    """Pearson's r; NaN where one of them is always the same."""
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])
