"""How long each memory lives: which memories a trace holds, and the lives of their slots; found by roles, kinds and lifetimes.

Births come, in this order, from what the model or task says most exactly: which slots there are (role "alive"), when each slot
was written (role "written"), what lies in it (role "holds"), the weightings of the write heads, the contents themselves (a
cache), or, of recurrent units, from the first step that has them.
"""

from dataclasses import dataclass

import numpy as np

from app.state.lives import BEFORE, Lives, Numbers, spans
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

STRONG = 0.25
"""A write counts if it changes its slot at least this much of what the strongest write of the episode changes."""
READ_FROM = 0.25
"""A slot counts as read at a step where a head, hop or layer gives it at least this share."""
NOTHING = 1e-6
LEAST = 0.25
"""A slot is blank after a write if its length is less than this share of what other writes leave."""
_AT_ONCE = 4_000_000
_MOST_VALUES = 60_000_000
_SAMPLED = 4
"""Of a larger memory, so many features tell whether a slot changed."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to the slots: `begins` (slot, step, strength, token), `empties` (slot, step)."""

    begins: tuple[Numbers, Numbers, Numbers, Numbers]
    empties: tuple[Numbers, Numbers]


def memory_channels(trace: Trace) -> list[Channel]:
    """The memories that outlive a step: banks of slots first, then the states of recurrent units."""
    banks = [c for c in trace.of_kind("memory") if c.lifetime != "step" and c.axes == ("slot", "feature")]
    return banks + [c for c in trace.of_kind("vector") if c.lifetime == "episode" and c.axes[-1:] == ("unit",)]


def lives_of(trace: Trace, memory: Channel) -> Lives:
    """The lives of the slots of one memory."""
    if memory.kind != "memory":
        return _of_units(trace, memory)
    slots = trace.arrays[memory.name].shape[1]
    wipes = _ends(trace) if memory.lifetime == "episode" else ()
    holds, reader = _holds(trace, slots), _reader(trace, slots)
    write = next((c for c in trace.of_role("write") if trace.arrays[c.name].shape[-1] == slots), None)
    happened, says = _happened(trace, memory, holds, write, wipes)
    usage = next((c for c in trace.of_role("usage") if c.axes == ("slot",) and c.bounded), None)
    read_step, read_slot = _retrieved(trace) or (_reads(trace, reader) if reader is not None else (np.zeros(0, int),) * 2)
    return Lives(
        title=memory.title, channel=memory.name, lifetime=memory.lifetime, slots=slots, steps=trace.steps,
        **spans(happened.begins, happened.empties, trace.steps, wipes),
        read_slot=read_slot, read_step=read_step, wipes=wipes, ends=_ends(trace),
        labels=trace.card.labels.get(holds.name, ()) if holds is not None else (),
        level=_level(trace, usage) if usage is not None else None,
        strength_is=usage.title if usage is not None else says,
        read_by=reader.title if reader is not None else "",
    )  # fmt: skip


# ---- where births come from ----


def _happened(
    trace: Trace, memory: Channel, holds: Channel | None, write: Channel | None, wipes: tuple[int, ...]
) -> tuple[Happened, str]:
    written = next((c for c in trace.of_role("written") if c.axes == ("slot",)), None)
    alive = next(
        (c for c in trace.of_role("alive") if trace.arrays[c.name].shape[1:] == trace.arrays[memory.name].shape[1:2]), None
    )
    if alive is not None:
        return _by_presence(trace, alive, holds, write), "a slot holds something, or there is none"
    older = _older(trace, memory)
    if holds is not None or written is not None:
        return _by_labels(trace, holds, written, older, wipes), "a slot holds something, or nothing"
    if write is not None:
        return _by_writes(trace, memory, write, older), "how much the write changed, against the strongest one"
    return _by_contents(trace, memory, older, wipes), "a slot holds something, or nothing"


def _by_presence(trace: Trace, alive: Channel, holds: Channel | None, write: Channel | None) -> Happened:
    """Of a memory that grows: a slot begins when it is there for the first time, and ends when it is not there any more."""
    there = np.asarray(trace.arrays[alive.name]) > 0
    if alive.name in trace.initial:
        first = np.asarray(trace.initial[alive.name]) > 0
    else:  # nobody says what was there before: what is there after the first step, unless that wrote it
        wrote = np.asarray(trace.arrays[write.name][0]).reshape(-1, there.shape[1]).max(0) > 0 if write is not None else there[0]
        first = there[0] & ~wrote
    before = np.concatenate((first[None], there[:-1]))
    step, slot = np.nonzero(there & ~before)
    was = np.flatnonzero(first & there[0])
    slots, steps = np.concatenate((was, slot)), np.concatenate((np.full(len(was), BEFORE), step))
    token = np.asarray(trace.arrays[holds.name])[np.maximum(steps, 0), slots] if holds is not None else np.full(len(slots), -1)
    gone = np.nonzero(before & ~there)
    return Happened((slots, steps, np.ones(len(slots)), np.nan_to_num(token, nan=-1.0)), (gone[1], gone[0]))


def _older(trace: Trace, memory: Channel) -> Numbers:
    """Which slots held something before the first step that is still there after it: never of an episodic memory."""
    slots = trace.arrays[memory.name].shape[1]
    if memory.lifetime == "episode":
        return np.zeros(slots, np.bool_)
    after = np.nan_to_num(np.asarray(trace.arrays[memory.name][0], np.float64))
    before = np.nan_to_num(np.asarray(trace.initial.get(memory.name, after), np.float64))
    size, moved = np.linalg.norm(before, axis=-1), np.linalg.norm(after - before, axis=-1)
    found: Numbers = (size > NOTHING) & (moved < STRONG * size)
    return found


def _by_labels(trace: Trace, holds: Channel | None, written: Channel | None, older: Numbers, wipes: tuple[int, ...]) -> Happened:
    """A slot begins anew where its label changes, or the sample at which it was written; it is empty without a label."""
    named = [np.asarray(trace.arrays[channel.name]) for channel in (holds, written) if channel is not None]
    there = np.nan_to_num(named[0], nan=-1.0) >= 0
    new = np.zeros(there.shape, np.bool_)
    for values in named:
        new[1:] |= values[1:] != values[:-1]
    new[0] = True
    new[[wipe + 1 for wipe in wipes if wipe + 1 < len(new)]] = True
    step, slot = np.nonzero(new & there)
    first = np.where((step == 0) & older[slot], BEFORE, step)
    token = named[0][step, slot] if holds is not None else np.full(len(step), -1)
    gone = np.nonzero(~there[1:] & there[:-1])
    return Happened((slot, first, np.ones(len(slot)), token), (gone[1], gone[0] + 1))


def _by_writes(trace: Trace, memory: Channel, write: Channel, older: Numbers) -> Happened:
    """A strong write begins a span; one that leaves its slot blank ends the span before."""
    weighting = np.asarray(trace.arrays[write.name])
    changes = _changes(trace, memory, write, weighting).astype(np.float32)
    most = float(np.max(np.nan_to_num(weighting.max(-1) * changes), initial=0.0))
    with np.errstate(divide="ignore"):
        strong = (weighting >= (max(STRONG * most, NOTHING) / changes)[..., None]).any(1)
    step, slot = np.nonzero(strong)
    strength = (weighting[step, :, slot] * changes[step]).max(-1) / max(most, NOTHING)
    left = np.linalg.norm(np.nan_to_num(_rows(trace.arrays[memory.name], step, slot)), axis=-1)
    blank = left < LEAST * float(np.median(left)) if len(left) else np.zeros(0, np.bool_)
    begun = [step[~blank], slot[~blank], strength[~blank]]
    was = np.flatnonzero(older)
    begins = (
        np.concatenate((was, begun[1])), np.concatenate((np.full(len(was), BEFORE), begun[0])),
        np.concatenate((np.ones(len(was)), begun[2])), np.full(len(was) + len(begun[0]), -1),
    )  # fmt: skip
    return Happened(begins, (slot[blank], step[blank]))


def _changes(trace: Trace, memory: Channel, write: Channel, weighting: Array) -> Numbers:
    """How far a full write moves the slot that a head writes to most, `(step, head)`: 1 where it shows no erase and add."""
    erase = next((c for c in trace.of_role("erase") if c.organ == write.organ), None)
    add = next((c for c in trace.of_role("add") if c.organ == write.organ), None)
    if erase is None or add is None or memory.name not in trace.initial:
        return np.ones(weighting.shape[:2])
    slots = weighting.argmax(-1)
    steps = np.broadcast_to(np.arange(len(slots))[:, None] - 1, slots.shape)
    before = _rows(trace.arrays[memory.name], np.maximum(steps, 0), slots)
    before = np.where((steps < 0)[..., None], np.asarray(trace.initial[memory.name])[slots], before)
    moved = np.asarray(trace.arrays[add.name]) - np.asarray(trace.arrays[erase.name]) * before
    return np.asarray(np.linalg.norm(moved, axis=-1))


def _by_contents(trace: Trace, memory: Channel, older: Numbers, wipes: tuple[int, ...]) -> Happened:
    """A slot begins where it becomes something, or something else, and ends where it becomes nothing."""
    values = trace.arrays[memory.name]
    step = max(1, values.shape[2] // _SAMPLED) if values.size > _MOST_VALUES else 1
    there = np.zeros(values.shape[:2], np.bool_)
    new = np.zeros(values.shape[:2], np.bool_)
    stride = max(1, _AT_ONCE // max(values[0].size, 1))
    for first in range(0, len(values), stride):
        some = np.nan_to_num(np.asarray(values[max(first - 1, 0) : first + stride, :, ::step]))
        here = some[1:] if first else some
        there[first : first + len(here)] = (here != 0).any(-1)
        moved = (np.abs(some[1:] - some[:-1]) > NOTHING).any(-1)
        new[first + len(here) - len(moved) : first + len(here)] = moved
    new[0] = True
    new[[wipe + 1 for wipe in wipes if wipe + 1 < len(new)]] = True
    when, slot = np.nonzero(new & there)
    begun = np.where((when == 0) & older[slot], BEFORE, when)
    gone = np.nonzero(~there[1:] & there[:-1])
    return Happened((slot, begun, np.ones(len(slot)), np.full(len(slot), -1)), (gone[1], gone[0] + 1))


def _of_units(trace: Trace, state: Channel) -> Lives:
    """Each unit lives from the first step that has it until the episode ends: a step changes it, but never replaces it whole."""
    values = np.asarray(trace.arrays[state.name])
    parts = values.shape[1] if values.ndim == 3 else 1
    flat = values.reshape(len(values), -1)
    there = np.isfinite(flat)
    begun, lived = there.argmax(0), there.any(0)
    over = len(there) - there[::-1].argmax(0)
    slot, wipes = np.flatnonzero(lived), _ends(trace)
    gone = over[slot] < len(there)
    begins = (slot, begun[slot], np.ones(len(slot)), np.full(len(slot), -1))
    none = np.zeros(0, int)
    return Lives(
        title=state.title, channel=state.name, lifetime=state.lifetime, slots=flat.shape[1], steps=trace.steps,
        **spans(begins, (slot[gone], over[slot][gone]), trace.steps, wipes),
        read_slot=none, read_step=none, wipes=wipes, ends=wipes,
        level=_level(trace, state).reshape(flat.shape),
        strength_is="how large the unit's number is", each="unit", parts=parts,
    )  # fmt: skip


# ---- strength, reads, labels, ends ----


def _level(trace: Trace, channel: Channel) -> Array:
    """A channel over slots against its largest number, in 0..1."""
    low, high = trace.limits(channel.name)
    found: Array = np.clip(np.abs(np.nan_to_num(trace.arrays[channel.name])) / max(abs(low), abs(high), NOTHING), 0, 1)
    return found


def _holds(trace: Trace, slots: int) -> Channel | None:
    told = [*trace.of_role("holds"), *(c for c in trace.of_kind("tokens") if not c.role)]
    return next((c for c in told if c.axes == ("slot",) and trace.arrays[c.name].shape[1] == slots), None)


def _reader(trace: Trace, slots: int) -> Channel | None:
    """What looks at the slots: read heads, else hops, else the attention of layers over positions."""
    looks = [*trace.of_role("read"), *trace.of_role("look"), *trace.of_kind("attention")]
    return next(
        (
            c
            for c in looks
            if c.kind in ("weighting", "attention", "gate", "decision")
            and c.axes[-1:] in (("slot",), ("position",))
            and trace.arrays[c.name].shape[-1] == slots
        ),
        None,
    )


def _reads(trace: Trace, reader: Channel) -> tuple[Numbers, Numbers]:
    """(step, slot) of each read, by step."""
    values = np.asarray(trace.arrays[reader.name])
    step, slot = np.nonzero((values >= READ_FROM).reshape(len(values), -1, values.shape[-1]).any(1))
    return step, slot


def _retrieved(trace: Trace) -> tuple[Numbers, Numbers] | None:
    """(step, slot) of each retrieval, by step; None where slots are not retrieved one by one."""
    channel = next(iter(trace.of_role("retrieved")), None)
    if channel is None:
        return None
    found = np.nan_to_num(np.asarray(trace.arrays[channel.name]).reshape(trace.steps, -1), nan=-1.0).astype(np.int64)
    step, place = np.nonzero(found >= 0)
    both = np.unique(np.stack((step, found[step, place])), axis=1)
    return both[0], both[1]


def _ends(trace: Trace) -> tuple[int, ...]:
    """The steps after which an episode ends."""
    return tuple(sorted({event.step for event in trace.card.events if event.kind == "wipe"} | {trace.steps - 1}))


def _rows(values: Array, step: Numbers, slot: Numbers) -> Array:
    found: Array = np.asarray(values[step, slot])
    return found
