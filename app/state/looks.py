"""How a model looks at its slots when it is asked: hop by hop, pass by pass, or fact by fact; and which facts it should find."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.contract.cards import Channel
from engine.contract.hops import hop_name, hops_word
from engine.contract.trace import Array, Trace

LookKind = Literal["shares", "gates", "choice", "scores"]
"""What the numbers are: shares of a whole, gates that know nothing of each other, a hard choice, or scores of either sign."""

KIND_SAYS: dict[LookKind, str] = {
    "shares": "shares of one whole",
    "gates": "independent gates, each 0 to 1",
    "choice": "a hard choice of one fact",
    "scores": "scores, not a distribution",
}
LINEAR_START = "linear weights, not a distribution"
OPEN = 0.5
"""A gate from here on counts as open."""

_AXES = ("hop", "slot")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The channel that shows where a model looks, and how it is to be read."""

    channel: Channel
    kind: LookKind
    says: str
    names: tuple[str, ...]
    """What its hops are called, in their order."""
    word: str
    """What one of them is called: "hop", "pass", "lookup"."""


def look_of(trace: Trace) -> Look | None:
    """How the model looks at its slots; None if it does not look at slots hop by hop."""
    recorded = [c for c in trace.channels.values() if c.axes == _AXES]
    found = [c for c in recorded if c.role == "look"] or [c for c in recorded if c.kind == "attention"]
    found = found or [c for c in recorded if c.kind == "vector"]
    if not found:
        return None
    channel, stages = found[0], trace.card.model.micro_steps
    kind = _kind(channel)
    return Look(
        channel=channel,
        kind=kind,
        says=LINEAR_START if kind == "scores" and _has_attention(trace) else KIND_SAYS[kind],
        names=tuple(hop_name(stages, hop) for hop in range(trace.arrays[channel.name].shape[1])),
        word=hops_word(stages),
    )


def name_of_hop(trace: Trace, hop: int) -> str:
    """ "pass 2", or whatever the model calls it."""
    return hop_name(trace.card.model.micro_steps, hop)


def largest(look: Look, rows: Array) -> tuple[int, ...]:
    """The slot that each hop looks at most; -1 where it looks at none."""
    known = np.where(np.isfinite(rows), rows, -np.inf)
    best = known.argmax(-1)
    tops = known.max(-1)
    looks = np.isfinite(tops) & ((tops > 0) | (look.kind == "scores"))
    return tuple(int(slot) if there else -1 for slot, there in zip(best, looks, strict=True))


def hits(look: Look, rows: Array, hop: int, slot: int) -> bool:
    """Whether a hop finds this slot: it looks there most, or its gate for it is open."""
    return largest(look, rows)[hop] == slot or (look.kind == "gates" and bool(rows[hop, slot] >= OPEN))


def first_hit(look: Look, rows: Array, slot: int) -> int:
    """The first hop that finds this slot; -1 if none does."""
    return next((hop for hop in range(len(rows)) if hits(look, rows, hop, slot)), -1)


def spread(shares: Array) -> float:
    """The entropy of a row of shares, in nats: 0 for one slot alone, ln n for n alike."""
    there = shares[np.isfinite(shares) & (shares > 0)]
    return float(-(there * np.log(there)).sum()) + 0.0


def supporting_slots(trace: Trace, step: int) -> list[int]:
    """The slots whose facts a right answer needs at this step, as the task says it."""
    for channel in trace.card.task.channels:
        if channel.kind == "gate" and channel.axes == ("slot",) and channel.name in trace.arrays:
            slots: list[int] = np.flatnonzero(np.nan_to_num(trace.at(channel.name, step)) > 0.5).tolist()
            return slots
    return []


def supporting_lines(trace: Trace, step: int) -> tuple[int, ...]:
    """The steps at which these facts were told: the last write to each of their slots."""
    slots = set(supporting_slots(trace, step))
    written = {e.slot: e.step for e in trace.card.events if e.kind == "write" and e.step <= step}
    return tuple(sorted(written[slot] for slot in slots if slot in written))


def holding(trace: Trace) -> Channel | None:
    """The channel that names what lies in each slot; None if slots hold nothing that has a name."""
    found = [channel for channel in trace.of_role("holds") or trace.of_kind("tokens") if channel.axes == ("slot",)]
    return found[0] if found else None


def line_in_slot(trace: Trace, step: int) -> dict[int, int]:
    """Which line of the story lies in each slot that holds one, after a step."""
    channel = holding(trace)
    if channel is None:
        return {}
    lines = np.nan_to_num(np.asarray(trace.at(channel.name, step)), nan=-1.0)
    return {slot: int(line) for slot, line in enumerate(lines) if line >= 0}


def _kind(channel: Channel) -> LookKind:
    if channel.kind == "gate":
        return "gates"
    if channel.kind == "decision":
        return "choice"
    return "shares" if channel.sums_to_one or channel.kind in ("attention", "weighting") else "scores"


def _has_attention(trace: Trace) -> bool:
    """Whether the model's card promises an attention, which this record lacks."""
    return any(c.axes == _AXES and c.kind == "attention" for c in trace.card.model.channels)
