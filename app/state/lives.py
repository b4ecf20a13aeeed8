"""How long what lies in the slots of one memory lives, as a list of spans: from the write that brought it to its end."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from engine.contract.cards import Lifetime
from engine.contract.trace import Array

Numbers = np.ndarray[tuple[int, ...], np.dtype[Any]]

BEFORE = -1
"""As the first step of a span: it was there before the first step."""

Fate = Literal["replaced", "renewed", "erased", "wiped", "kept"]
FATES: tuple[Fate, ...] = ("replaced", "renewed", "erased", "wiped", "kept")
"""How a span ends: something else was written over it, the same was written again, it was erased, the memory was wiped, or it
is still there after the last step."""

Order = Literal["slot", "age", "last read", "reads"]
ORDERS: tuple[Order, ...] = ("slot", "age", "last read", "reads")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What lay in a slot from step `first` to step `last`, both included."""

    slot: int
    first: int
    last: int
    strength: float
    holds: str
    fate: Fate
    reads: int

    @property
    def is_older(self) -> bool:
        """Whether it was there before the first step."""
        return self.first == BEFORE

    @property
    def steps(self) -> int:
        """After how many steps of this episode it lay there."""
        return self.last - max(self.first, 0) + 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Lives:
    """The spans of one memory, those of a slot one after the other, slot after slot. Arrays, since there may be very many."""

    title: str
    channel: str
    """The channel of the memory itself, for selections."""
    lifetime: Lifetime
    slots: int
    steps: int
    slot: Numbers
    first: Numbers
    last: Numbers
    strength: Numbers
    """In 0..1, one number a span; `level` says it for each step where the model does."""
    token: Numbers
    """Index into `labels` of what the span holds; -1 where nobody says."""
    fate: Numbers
    """Index into `FATES`."""
    read_slot: Numbers
    read_step: Numbers
    """A read of slot `read_slot[i]` at step `read_step[i]`, ordered by step."""
    wipes: tuple[int, ...] = ()
    """Steps after which this memory is wiped, ascending."""
    ends: tuple[int, ...] = ()
    """Steps after which an episode ends, whether or not this memory ends with it."""
    labels: tuple[str, ...] = ()
    level: Array | None = None
    """`(step, slot)` in 0..1: how strong it is at each step; None where a span is as strong as its write."""
    strength_is: str = ""
    """What strength means here, in a few words."""
    read_by: str = ""
    """The title of what reads it; empty where nothing chooses among the slots."""
    each: str = "slot"
    """What one row is: "slot", or "unit" of a recurrent state."""
    parts: int = 1
    """How many layers the units belong to; each has as many."""

    @property
    def count(self) -> int:
        """How many spans there are."""
        return len(self.slot)

    @cached_property
    def used(self) -> Numbers:
        """The slots that hold something at some step, ascending."""
        return self._among(self.slot)

    @cached_property
    def touched(self) -> Numbers:
        """The slots that this episode reads or writes, ascending."""
        return self._among(self.read_slot, self.slot[self.first >= 0])

    def strengths(self, rows: Numbers) -> Array:
        """How strong the content of these slots is after each step, `(row, step)`; NaN where a slot holds nothing."""
        row = np.full(self.slots, -1)
        row[rows] = np.arange(len(rows))
        mine = np.flatnonzero(row[self.slot] >= 0)
        mine = mine[np.argsort(row[self.slot[mine]], kind="stable")]
        row, begun, past = row[self.slot[mine]], np.maximum(self.first[mine], 0), self.last[mine] + 1
        values = np.full(len(mine) * 2 + len(rows), np.nan, np.float32)
        lengths = np.zeros(len(values), np.int64)
        place = 2 * np.arange(len(mine)) + row  # before each span its gap, after a row's last span the rest of it
        values[place + 1] = self.strength[mine]
        before = np.zeros(len(mine), np.int64)
        same = row[1:] == row[:-1]
        before[1:][same] = past[:-1][same]
        lengths[place], lengths[place + 1] = begun - before, past - begun
        ended = np.zeros(len(rows), np.int64)
        ended[row] = past  # the last span of a row is the one that stays
        count = np.cumsum(np.bincount(row, minlength=len(rows)))
        lengths[2 * count + np.arange(len(rows))] = self.steps - ended
        found: Array = np.repeat(values, lengths).reshape(len(rows), self.steps)
        if self.level is not None:
            found = np.where(np.isnan(found), np.nan, self.level.T[rows]).astype(np.float32)
        return found

    @cached_property
    def occupied(self) -> Numbers:
        """How many slots hold something after each step."""
        change = np.zeros(self.steps + 1, np.int64)
        np.add.at(change, np.maximum(self.first, 0), 1)
        np.add.at(change, self.last + 1, -1)
        return np.cumsum(change)[:-1]

    @cached_property
    def reads(self) -> Numbers:
        """How often each slot is read."""
        return np.bincount(self.read_slot, minlength=self.slots)

    def ordered(self, order: Order) -> Numbers:
        """The used slots in an order that holds for the whole episode: what stands first is the lowest, the oldest (of what lies
        there at last), the one read last, or the one read most."""
        rows = self.used
        if order == "slot":
            return rows
        if order == "age":
            begun = np.full(self.slots, self.steps)
            still = self.last == self.steps - 1
            begun[self.slot[still]] = self.first[still]
            return rows[np.argsort(begun[rows], kind="stable")]
        if order == "last read":
            newest = np.full(self.slots, -1)
            newest[self.read_slot] = self.read_step  # ordered by step: the last one stays
            return rows[np.lexsort((self._untouched[rows], -newest[rows]))]
        return rows[np.lexsort((self._untouched[rows], -self.reads[rows]))]

    @property
    def _untouched(self) -> Numbers:
        """Which slots are not written in this record: of slots that are read alike, the written ones stand first."""
        found = np.ones(self.slots, np.bool_)
        found[self.slot[self.first >= 0]] = False
        return found

    def _among(self, *slots: Numbers) -> Numbers:
        """Which slots are in any of these lists, ascending."""
        found = np.zeros(self.slots, np.bool_)
        for some in slots:
            found[some] = True
        return np.flatnonzero(found)

    def index(self, slot: int, step: int) -> int:
        """Which span lies in a slot after a step; -1 if none does."""
        low, high = np.searchsorted(self.slot, [slot, slot + 1])
        place = int(low + np.searchsorted(self.first[low:high], step, side="right")) - 1
        return place if place >= low and self.last[place] >= step else -1

    def span(self, index: int) -> Span:
        """One span, by its place in the list."""
        slot, first, last = int(self.slot[index]), int(self.first[index]), int(self.last[index])
        when = self.read_step[self.read_slot == slot]
        token = int(self.token[index])
        return Span(
            slot=slot, first=first, last=last, strength=float(self.strength[index]),
            holds=self.labels[token] if 0 <= token < len(self.labels) else "",
            fate=FATES[int(self.fate[index])], reads=int(((when >= first) & (when <= last)).sum()),
        )  # fmt: skip

    def at(self, slot: int, step: int) -> Span | None:
        """What lies in a slot after a step."""
        index = self.index(slot, step)
        return self.span(index) if index >= 0 else None

    def written(self, step: int) -> tuple[Span, ...]:
        """What was written at a step."""
        return tuple(self.span(int(index)) for index in np.flatnonzero(self.first == step))

    def ended(self, step: int) -> tuple[Span, ...]:
        """What was replaced or erased at a step: it lay there for the last time after the step before."""
        over = (self.last == step - 1) & (self.fate < FATES.index("wiped"))
        return tuple(self.span(int(index)) for index in np.flatnonzero(over))


def spans(
    begins: tuple[Numbers, Numbers, Numbers, Numbers],
    empties: tuple[Numbers, Numbers],
    steps: int,
    wipes: tuple[int, ...],
) -> dict[str, Any]:
    """Join what happened to the slots to spans: `begins` are (slot, step, strength, token), `empties` are (slot, step).

    A span lasts until the next thing happens to its slot, or until the memory is wiped. Of a begin and an empty of one slot and
    step the begin counts.
    """
    slot = np.concatenate((begins[0], empties[0])).astype(np.int64)
    step = np.concatenate((begins[1], empties[1])).astype(np.int64)
    is_begin = np.arange(len(slot)) < len(begins[0])
    token = np.concatenate((begins[3], np.full(len(empties[0]), -1))).astype(np.int64)
    strength = np.concatenate((begins[2], np.zeros(len(empties[0])))).astype(np.float32)
    order = np.lexsort((~is_begin, step, slot))
    again = np.zeros(len(order), np.bool_)
    again[1:] = (slot[order][1:] == slot[order][:-1]) & (step[order][1:] == step[order][:-1])
    kept = order[~again]
    slot, step, is_begin, token, strength = slot[kept], step[kept], is_begin[kept], token[kept], strength[kept]
    has_next = np.zeros(len(slot), np.bool_)
    has_next[:-1] = slot[1:] == slot[:-1]
    last = np.where(has_next, np.roll(step, -1), steps) - 1
    fate = np.where(
        has_next, np.where(np.roll(is_begin, -1), FATES.index("replaced"), FATES.index("erased")), FATES.index("kept")
    )
    same = has_next & np.roll(is_begin, -1) & (token >= 0) & (np.roll(token, -1) == token)
    fate = np.where(same, FATES.index("renewed"), fate)
    if wipes:
        ends = np.append(np.asarray(wipes), steps)
        wiped = ends[np.searchsorted(ends, np.maximum(step, 0))]
        fate = np.where(wiped <= last, FATES.index("wiped"), fate)
        last = np.minimum(last, wiped)
    lived = is_begin & (last >= np.maximum(step, 0))
    found = {"slot": slot, "first": step, "last": last, "strength": strength, "token": token, "fate": fate}
    return {name: part[lived] for name, part in found.items()}
