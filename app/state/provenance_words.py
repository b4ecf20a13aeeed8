"""Who wrote this, in words: "86 % written at step 4 by write head 1, 14 % older."; and what holds without erase and add."""

from dataclasses import dataclass

import numpy as np

from app.state.growing import growing_of
from app.state.growing_words import who_wrote
from app.state.provenance import Provenance
from app.state.things import Thing
from engine.contract.trace import Trace

MOST = 3
SMALL = 0.05
"""A share below this is not named on its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One of those that made what lies there. `step` is -1 for several together, or for what is older."""

    name: str
    share: float
    step: int = -1
    head: int = -1


def writers(found: Provenance, slot: int, step: int, feature: int = -1) -> list[Writer]:
    """The writes with the largest shares, and the rest as one; empty where next to nothing lies."""
    every = found.writers(slot, step, feature)
    named = [one for one in every[:MOST] if one[2] >= SMALL]
    told = [Writer(name=_name(found, s, head, step), share=share, step=s, head=head) for s, head, share in named]
    rest = every[len(named) :]
    left = sum(share for _, _, share in rest)
    if left >= 0.005:
        begun = min((s for s, _, _ in named), default=-1)
        is_older = sum(share for s, _, share in rest if s >= begun) < 0.005
        told.append(Writer(name="older" if is_older and named else "other writes" if named else "many small writes", share=left))
    return told


def told(found: Provenance, slot: int, step: int, feature: int = -1) -> str:
    """ "86 % written at step 4 by write head 1, 14 % older." """
    parts = writers(found, slot, step, feature)
    if not parts:
        return "Next to nothing lies here: it is (nearly) blank."
    said = [f"{percent(part.share)} {_phrase(part)}" for part in parts]
    return f"{', '.join(said)}."


def told_by_change(seen: Thing, step: int) -> str:
    """Where no erase and add are recorded: at which steps the slot changed, which is all that can be said for certain."""
    channel, trace = seen.channel, seen.trace
    if channel.lifetime == "weights":
        return "Learned in training: no step of an episode writes it."
    if channel.once and seen.index and channel.axes[0] == "slot":
        return _written_once(trace, seen.index[0], step)
    if channel.kind == "memory" and "slot" in channel.axes[: len(seen.index)] and channel.lifetime != "step":
        place = channel.axes.index("slot")
        return _changes(trace, channel.name, seen.index[: place + 1], step)
    if channel.lifetime == "episode" and "unit" in channel.axes:
        return "Every step rewrites every unit out of all units before it, so no step alone wrote it."
    return ""


def _written_once(trace: Trace, slot: int, step: int) -> str:
    """Of a memory that only grows: who wrote the slot, and that nothing has changed it since."""
    growing = growing_of(trace)
    if growing is not None:
        known = growing.slot(slot, step)
        told = who_wrote(growing, known)
        return f"{told} It is never changed after that." if known.is_there else told
    channel = trace.of_role("alive")
    there = np.flatnonzero(np.asarray(trace.arrays[channel[0].name][: step + 1, slot]) > 0) if channel else np.zeros(0, int)
    return (
        f"Written whole at step {int(there[0]) + 1}, and not changed since."
        if len(there)
        else "Nothing has been written here yet."
    )


def percent(share: float) -> str:
    """ "86 %"; what is not quite all never reads 100."""
    if 0.995 <= share < 0.9995:
        return ">99 %"
    return "<1 %" if 0 < share < 0.01 else f"{share * 100:.0f} %"


def _changes(trace: Trace, name: str, index: tuple[int, ...], step: int) -> str:
    rows = np.stack([trace.at(name, s)[index] for s in range(step + 1)])
    before = trace.initial[name][index] if name in trace.initial else np.zeros_like(rows[0])
    course = np.nan_to_num(np.concatenate((before[None], rows)))
    steps = np.flatnonzero((course[1:] != course[:-1]).reshape(len(rows), -1).any(-1)).tolist()
    if not steps:
        return "Nothing has been written here yet."
    if len(steps) == 1:
        return f"Written whole at step {steps[0] + 1}, and not changed since."
    return (
        f"Changed at {len(steps)} steps, first at step {steps[0] + 1} and last at step {steps[-1] + 1}. How much of each is left "
        "cannot be told: this memory is not erased and added to."
    )


def _name(found: Provenance, step: int, head: int, now: int) -> str:
    if step < 0:
        first = found.first(now)
        return "blank" if not first else f"before step {first + 1}"
    return f"step {step + 1}, head {head + 1}" if head < found.heads else f"step {step + 1}, by hand"


def _phrase(part: Writer) -> str:
    if part.name in ("older", "other writes", "many small writes"):
        return part.name if part.name == "older" else f"by {part.name}"
    if part.step < 0:
        return "what lay there at the start" if part.name == "blank" else f"from {part.name}"
    who = "by hand" if part.name.endswith("by hand") else f"by write head {part.head + 1}"
    return f"written at step {part.step + 1} {who}"
