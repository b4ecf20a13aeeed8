"""A stream of samples: what became of each, what happens inside one, how full its memory is, and all that in words."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.state.decision import decision_at, verdict, whole_of
from app.state.describe import number
from app.state.sentence import step_in_words
from engine.contract.cards import Channel
from engine.contract.in_use import Counts, rows_in_use
from engine.contract.trace import Phase, Trace

Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
"""A truth value for each sample."""
PAST_SAYS, FUTURE_SAYS = "past", "future"
"""The two parts of a sample that shows what was seen and then has to foresee."""


@dataclass(frozen=True, slots=True, eq=False)
class Fates:
    """What became of each sample, `(sample,)`: whether it was stored, whether it was refused, whether the memory was wiped."""

    stored: Flags
    refused: Flags
    wiped: Flags


def has_lane_of_samples(trace: Trace) -> bool:
    """Whether the lanes say all that a tape could say: samples of several steps, or of which only the input has a name."""
    roles = {c.role for c in trace.channels.values()} & {"target", "output"}
    return trace.samples > 0 and (trace.card.sample_steps > 1 or not roles)


@lru_cache(maxsize=4)
def fates_of(trace: Trace) -> Fates:
    """One truth value for each sample of the stream."""
    samples, each = trace.samples, max(trace.card.sample_steps, 1)
    wiped = np.zeros(samples, bool)
    for event in trace.card.events:
        if event.kind == "wipe" and 0 <= event.step // each < samples:
            wiped[event.step // each] = True
    channel = next(iter(trace.of_role("stored")), None)
    if channel is None:
        nothing = np.zeros(samples, bool)
        return Fates(nothing, nothing, wiped)
    stored = np.asarray(trace.arrays[channel.name]).reshape(samples, -1).max(-1) > 0.5
    return Fates(stored, ~stored, wiped)


def inner_phases(trace: Trace) -> tuple[Phase, ...]:
    """The parts of one sample, where it takes a step for each point of what was seen and of what came of it."""
    past, truth = (next((c for c in trace.of_role(role) if "time" in c.axes), None) for role in ("past", "truth"))
    if past is None or truth is None:
        return ()
    seen, foreseen = (trace.arrays[c.name].shape[1 + c.axes.index("time")] for c in (past, truth))
    if seen + foreseen != trace.card.sample_steps:
        return ()
    return Phase(name=PAST_SAYS, first=0, last=seen - 1), Phase(name=FUTURE_SAYS, first=seen, last=seen + foreseen - 1)


def memory_of(trace: Trace) -> Channel | None:
    """The memory whose slots are counted: the one that is wiped or grows."""
    return next((c for c in trace.of_kind("memory") if c.lifetime in ("episode", "persistent") and c.axes[:1] == ("slot",)), None)


@lru_cache(maxsize=4)
def occupancy(trace: Trace) -> Counts | None:
    """How many slots hold something after each step, `(step,)`; None where there is no memory to count.

    Of a memory that grows: the slots that are there. Of one that is wiped: the rows whose distance from the blank memory is more
    than a tenth of the largest row seen.
    """
    alive = next(iter(trace.of_role("alive")), None)
    if alive is not None:
        return np.asarray((np.asarray(trace.arrays[alive.name]) > 0).sum(-1), np.int64)
    memory = memory_of(trace)
    if memory is None or memory.name not in trace.initial:
        return None
    return rows_in_use(np.asarray(trace.arrays[memory.name]), np.asarray(trace.initial[memory.name]))


def capacity(trace: Trace) -> int:
    """How many slots there are in all; of a memory that grows, so far."""
    memory = memory_of(trace)
    return int(trace.arrays[memory.name].shape[1]) if memory is not None else 0


def is_kept(trace: Trace) -> bool:
    """Whether the memory lives on from sample to sample."""
    memory = memory_of(trace)
    return memory is not None and memory.lifetime == "persistent"


def error_at(trace: Trace, step: int) -> str:
    """How wrong it was, with its unit: "0.28 m"; empty where nobody knows."""
    channel = next((c for c in trace.of_role("error") if not c.axes), None)
    if channel is None or not np.isfinite(trace.at(channel.name, step)):
        return ""
    return f"{number(float(trace.at(channel.name, step)))} {unit_of(trace)}".strip()


def unit_of(trace: Trace) -> str:
    """The unit of the task's first metric."""
    return next((metric.unit for metric in trace.card.task.metrics), "")


def _came_out(trace: Trace, step: int) -> str:
    """ "0.28 m off"; of an error that only says whether it was right, "hit@5: yes"; empty where nobody knows."""
    wrong = error_at(trace, step)
    if not wrong or unit_of(trace):
        return wrong and f"{wrong} off"
    title = next((metric.title for metric in trace.card.task.metrics), "right")
    return {"0.00": f"{title}: yes", "1.00": f"{title}: no"}.get(wrong, f"error {wrong}")


def retrieved_slots(trace: Trace, step: int) -> tuple[int, ...]:
    """The slots that answer this sample, the most alike first."""
    channel = next(iter(trace.of_role("retrieved")), None)
    if channel is None:
        return ()
    return tuple(int(slot) for slot in np.asarray(trace.at(channel.name, step)).reshape(-1) if slot >= 0)


def sample_in_words(trace: Trace, step: int) -> str:
    """What happens to this sample, in a sentence or two."""
    words = _remembered(trace, step) if trace.of_role("stored") else _within(trace, step)
    return words or step_in_words(trace, step)


def _remembered(trace: Trace, step: int) -> str:
    """A memory of samples: what it foresees, and whether the sample is worth a slot."""
    found, came_out = retrieved_slots(trace, step), _came_out(trace, step)
    told = "nothing is retrieved yet"
    if found:
        told = f"best of {len(found)} is {came_out}" if came_out.endswith("off") else f"{len(found)} slots are retrieved"
        told += f", {came_out}" if came_out and not came_out.endswith("off") else ""
    decided = decision_at(trace, step)
    if found and np.isfinite(decided.threshold):
        told += f"; success {number(decided.best)}, threshold {number(decided.threshold)}"
    return f"{told}. {verdict(decided, whole_of(trace))}."


def _within(trace: Trace, step: int) -> str:
    """A memory that is wiped: how wrong the sample comes out, and since when its memory fills."""
    inside = step % max(trace.card.sample_steps, 1)
    memory, since = memory_of(trace), ""
    if memory is not None and memory.lifetime == "episode":
        sample = trace.sample_at(step)
        is_wiped = sample == 0 or bool(fates_of(trace).wiped[sample - 1])
        ago = "just now" if not inside else f"{inside} step{'s' if inside > 1 else ''} ago"
        since = f"memory wiped {ago}" if is_wiped else "memory not wiped before this sample"
    told = ", ".join(part for part in (_came_out(trace, step), since) if part)
    return f"{told}." if told else ""
