"""Where a memory writes and reads, held against the priorities that a task gives: does it sort as it writes, or as it reads?

Graves, Wayne & Danihelka, "Neural Turing Machines" (2014), figure 17: the place of a write is a straight line of the priority. A
machine may also write in the order of arrival and find by content what has the next priority. Both follow from recorded episodes
alone, of any model whose heads have weightings over slots.
"""

from typing import Literal

import numpy as np

from engine.contract.cards import Channel
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Trace
from engine.recording import record
from engine.sources import Opened

RECORDED = 50
"""At most so many episodes are recorded for the figure."""

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def priority_figures(opened: Opened, episodes: int, seed: int) -> dict[str, float]:
    """The two figures, named as the task's metrics; empty where task or model have no such thing.

    `priority_correlation` of slot and priority at the writes, of several heads the one in which it is strongest (largest
    magnitude); `reads_by_priority`, the share of the answers that are read where they were written, of the heads that fit best.
    """
    if priority_of(opened.task_entry.card.channels) is None or head_of("write", opened.model_entry.card.channels) is None:
        return {}
    traces = [record(opened, EpisodeWish(seed=seed * 1_000_003 + number)) for number in range(min(episodes, RECORDED))]
    pairs = [places(trace) for trace in traces]
    priorities = np.concatenate([priority for priority, _ in pairs])
    heads = np.concatenate([slots for _, slots in pairs], axis=1)
    found = [correlation(priorities, unrolled(slots, opened.slots)) for slots in heads]
    known = [value for value in found if np.isfinite(value)]
    reads = np.mean([reads_where_written(trace) for trace in traces], axis=0)
    return ({"priority_correlation": max(known, key=abs)} if known else {}) | (
        {"reads_by_priority": float(reads.max())} if reads.size else {}
    )


def places(trace: Trace) -> tuple[Numbers, Numbers]:
    """At the steps that show a priority: the priorities `(n,)`, and the slot where each write head stands `(heads, n)`."""
    channels = tuple(trace.channels.values())
    priority, write = priority_of(channels), head_of("write", channels)
    if priority is None or write is None:
        raise ValueError("this trace shows no priorities, or no write weighting over slots")
    given = np.asarray(trace.arrays[priority.name], np.float64)
    shown = np.isfinite(given)
    slots = np.asarray(trace.arrays[write.name])[shown].argmax(-1).astype(np.float64)
    return given[shown], slots.T


def reads_where_written(trace: Trace) -> Numbers:
    """The share of the answers at which a read head stands where a write head stood when that vector was shown, `(read, write)`.

    The first answer is the vector of the highest priority, and so on. Empty where there are no read heads.
    """
    channels = tuple(trace.channels.values())
    read, error = head_of("read", channels), next((c for c in channels if c.role == "error" and not c.axes), None)
    if read is None or error is None:
        return np.empty((0, 0))
    priorities, written = places(trace)
    answers = np.isfinite(np.asarray(trace.arrays[error.name]))
    stands = np.asarray(trace.arrays[read.name])[answers].argmax(-1).T  # (read head, answer)
    wanted = written[:, np.argsort(-priorities, kind="stable")[: stands.shape[1]]]  # (write head, answer)
    return np.asarray((stands[:, None] == wanted[None]).mean(-1), np.float64)


def priority_of(channels: tuple[Channel, ...]) -> Channel | None:
    """The channel that says the priorities."""
    return next((channel for channel in channels if channel.role == "priority"), None)


def head_of(role: Literal["read", "write"], channels: tuple[Channel, ...]) -> Channel | None:
    """The final weighting of the read or the write heads."""
    return next((channel for channel in channels if channel.role == role and channel.axes == ("head", "slot")), None)


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
