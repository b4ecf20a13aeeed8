"""Memories of pairs: by which words each slot is found, what is read from it, and which slots may be looked at at all."""

from dataclasses import dataclass

import numpy as np

from app.state.looks import Look, look_of
from app.state.things import slot_says, token_name
from engine.contract.cards import Channel, Role
from engine.contract.trace import Array, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """How a model looks at keys, and the channels that say what keys and values are.

    `key` is None where a slot is found by the whole sentence that lies in it. `value` may be the model's own: then it is what it
    would answer from the slot alone, and not words that were told.
    """

    look: Look
    key: Channel | None
    value: Channel
    candidates: Channel | None
    is_told: bool
    """Whether the values are words that were told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One slot that holds a pair at a step."""

    slot: int
    key: str
    value: str
    is_candidate: bool


def pairs_of(trace: Trace) -> Pairs | None:
    """How its pairs are to be read; None if the model does not look at slots, or reads nothing else than it looks at."""
    look = look_of(trace)
    values = _by_slot(trace, "value")
    if look is None or not values:
        return None
    told = [channel for channel in values if channel in trace.card.task.channels]
    keys, candidates = _by_slot(trace, "key"), _by_slot(trace, "candidates")
    return Pairs(
        look=look, key=keys[0] if keys else None, value=(told or values)[0], candidates=candidates[0] if candidates else None,
        is_told=bool(told),
    )  # fmt: skip


def pairs_at(trace: Trace, pairs: Pairs, step: int) -> tuple[Pair, ...]:
    """The pairs that lie in memory after a step, the candidates first."""
    slots = trace.arrays[pairs.look.channel.name].shape[2]
    allowed = _allowed(trace, pairs, step, slots)
    found = []
    for slot in range(slots):
        key = _says(trace, pairs.key, slot, step) if pairs.key is not None else slot_says(trace, slot, step)
        if key:
            value = _says(trace, pairs.value, slot, step)
            found.append(Pair(slot=slot, key=key, value=value, is_candidate=bool(allowed[slot])))
    return tuple(sorted(found, key=lambda pair: not pair.is_candidate))


def _allowed(trace: Trace, pairs: Pairs, step: int, slots: int) -> Array:
    """Which slots may be looked at; all, while nothing is asked."""
    if pairs.candidates is None:
        return np.ones(slots, bool)
    row = np.asarray(trace.at(pairs.candidates.name, step))
    allowed: Array = np.where(np.isfinite(row), row > 0.5, True)
    return allowed


def _by_slot(trace: Trace, role: Role) -> list[Channel]:
    return [channel for channel in trace.of_role(role) if channel.axes == ("slot",)]


def _says(trace: Trace, channel: Channel, slot: int, step: int) -> str:
    """The label of a slot at a step; empty where it has none."""
    return token_name(trace, channel, float(trace.at(channel.name, step)[slot]))
