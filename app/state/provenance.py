"""Who wrote a memory: what lies in a cell as the sum of the writes that made it, by step and head; exact for erase and add.

A memory that heads erase and add to changes by M = M before · Π over heads (1 − w·e) + Σ over heads w·a (Graves et al. 2014,
equations 3 and 4). Unrolled over the steps, the content of a cell after step t is a sum: of every write, the added w·a times
all later factors (1 − w·e), and of what lay there at the start the product of them all. Nothing is estimated.
Shapes: T steps, H write heads, N slots, F features, R chosen slots, S steps from the first one told of to the present.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

Numbers = np.ndarray[tuple[int, ...], np.dtype[Any]]

MOST_STEPS = 1000
"""So many steps are told apart; in a longer episode, what is older is one."""
TELLING = 2.0**-25
"""A smaller weight leaves a 32-bit number as it is: 1 − w·e rounds to 1."""
NEXT_TO_NOTHING = 0.004
"""A slot whose features hold on average less than this share of the scale is called blank."""
_CLOSE = 1e-3
_AT_ONCE = 2**18


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The channels of a memory that heads erase and add to."""

    memory: Channel
    write: Channel
    erase: Channel
    add: Channel


def written_memory(trace: Trace) -> Written | None:
    """The memory whose writes are recorded, if there is one and it really changes by erase and add alone."""
    for write in trace.of_role("write"):
        erase = next((c for c in trace.of_role("erase") if c.organ == write.organ), None)
        add = next((c for c in trace.of_role("add") if c.organ == write.organ), None)
        for memory in trace.of_kind("memory"):
            if erase is None or add is None or memory.axes != ("slot", "feature") or memory.name not in trace.initial:
                continue
            found = Written(memory=memory, write=write, erase=erase, add=add)
            if _fits(trace, found) and _follows(trace, found):
                return found
    return None


def _fits(trace: Trace, written: Written) -> bool:
    _, slots, width = trace.arrays[written.memory.name].shape
    sizes = [trace.arrays[channel.name].shape[-1] for channel in (written.write, written.erase, written.add)]
    return written.memory.lifetime != "step" and sizes == [slots, width, width]


def _follows(trace: Trace, written: Written) -> bool:
    """Whether the memory after some of the steps is what erase and add make of the memory before; edits may say otherwise."""
    if _is_edited(trace, written):
        return True
    w, e, a = (_by_head(trace.arrays[c.name]) for c in (written.write, written.erase, written.add))
    for step in sorted({0, trace.steps // 3, trace.steps // 2, trace.steps - 1}):
        kept = np.prod(1 - w[step, :, :, None] * e[step, :, None, :], axis=0)
        made = trace.at(written.memory.name, step - 1) * kept + np.einsum("hn,hf->nf", w[step], a[step])
        now = np.asarray(trace.at(written.memory.name, step))
        if not np.allclose(made, now, rtol=_CLOSE, atol=_CLOSE * max(1.0, float(np.abs(now).max(initial=0.0)))):
            return False
    return True


def _is_edited(trace: Trace, written: Written) -> bool:
    return any(edit.enabled and edit.channel == written.memory.name for edit in trace.card.edits)


def _by_head(values: Array) -> Array:
    """`(T, H, ...)`, also where a model has one head and no axis for it."""
    found: Array = np.asarray(values if values.ndim == 3 else values[:, None])
    return found


class Provenance:
    """The shares of the writes in each slot. Moving to another step renews only the slots that were written on the way."""

    def __init__(self, trace: Trace, written: Written) -> None:
        self.trace, self.written = trace, written
        self._write, self._erase, self._add = (
            _by_head(trace.arrays[c.name]) for c in (written.write, written.erase, written.add)
        )
        self._contents = trace.arrays[written.memory.name]
        self._is_edited = _is_edited(trace, written)
        self._first = -1
        self._amounts: Array = np.zeros((0, 0, 0), np.float32)
        self._shares: Array = np.zeros((0, 0), np.float32)
        self._touches: Numbers = np.zeros((0, 0), np.int32)
        self._at: Numbers = np.zeros(0, np.int64)

    @property
    def heads(self) -> int:
        """How many write heads there are; the writer after the last of them is the hand of a what-if."""
        return int(self._write.shape[1])

    @property
    def slots(self) -> int:
        """How many slots the memory has."""
        return int(self._write.shape[2])

    def first(self, step: int) -> int:
        """The first step that is told apart when the present one is `step`; all before it is "older"."""
        half = MOST_STEPS // 2
        return max((step - half) // half * half, 0)

    def columns(self, step: int) -> int:
        """How many steps a picture around `step` has room for."""
        return min(self.trace.steps - self.first(step), MOST_STEPS)

    # ---- what is told ----

    def contributions(self, slot: int, step: int) -> Numbers:
        """`(1 + S, H + 1, F)`: what each write left in the slot after `step`; they sum to its content. Row 0, writer 0: older.

        A cell that a what-if has set begins anew: its value then counts as written at that step by the last writer, by hand.
        """
        first = self.first(step)
        base, survival, by_hand = self._survival(np.array([slot]), first, step, np.float64)
        steps = slice(first, step + 1)
        found = np.zeros((step - first + 2, self.heads + 1, survival.shape[-1]))
        found[0, 0] = base[0] * self._before(first)[slot]
        left = np.where(by_hand, 0.0, survival)[:, 0]
        found[1:, : self.heads] = self._write[steps, :, slot, None] * self._add[steps] * left[:, None]
        found[1:, self.heads] = np.where(by_hand, self._contents[steps, slot, None] * survival, 0.0)[:, 0]
        return found

    def shares(self, step: int, slots: int) -> Array:
        """`(slots, 1 + columns)`: how much of each slot every step wrote, in all 1; NaN for a blank slot and for later steps."""
        self._come_to(step, slots)
        found = self._shares.copy()
        found[:, step - self.first(step) + 2 :] = np.nan
        return found

    def amounts(self, step: int, slots: int) -> Array:
        """`(slots, 1 + columns, H + 1)`: the absolute contributions to each of the first slots, summed over its features.

        The array is kept, and filled anew by the next call.
        """
        self._come_to(step, slots)
        return self._amounts

    def work(self, step: int, slots: int) -> int:
        """How many numbers have to be found anew before `shares` can answer: a million takes some milliseconds."""
        first = self.first(step)
        stale = slots if first != self._first or slots != len(self._amounts) else len(self._stale(step - first))
        return int(stale * (step - first + 1) * self._add.shape[-1])

    def feature_shares(self, slot: int, step: int) -> Array:
        """`(F, 1 + columns)`: the same for every cell of one slot."""
        amounts = np.abs(self.contributions(slot, step)).sum(1).T
        totals = amounts.sum(-1, keepdims=True)
        found = np.full((len(amounts), self.columns(step) + 1), np.nan, np.float32)
        with np.errstate(invalid="ignore", divide="ignore"):
            found[:, : amounts.shape[1]] = np.where(totals >= self.least / len(amounts), amounts / totals, np.nan)
        return found

    @property
    def least(self) -> float:
        """The sum of absolute contributions below which a slot counts as blank."""
        return NEXT_TO_NOTHING * self.trace.limits(self.written.memory.name)[1] * self._add.shape[-1]

    def writers(self, slot: int, step: int, feature: int = -1) -> list[tuple[int, int, float]]:
        """`(step, head, share)` of a slot or one of its cells, largest share first; step -1 is older; empty if it is blank."""
        amounts = np.abs(self.contributions(slot, step))
        by_writer = amounts.sum(-1) if feature < 0 else amounts[..., feature]
        total = float(by_writer.sum())
        if total < self.least / (1 if feature < 0 else amounts.shape[-1]):
            return []
        order = np.argsort(-by_writer, axis=None, kind="stable")
        rows, heads = np.unravel_index(order, by_writer.shape)
        first = self.first(step)
        told = [
            (first + int(row) - 1 if row else -1, int(head), float(by_writer[row, head]) / total)
            for row, head in zip(rows, heads, strict=True)
        ]
        return [writer for writer in told if writer[2] > 0]

    # ---- the inside ----

    def _come_to(self, step: int, slots: int) -> None:
        """Find anew what was written since (or, going back, until) the step that it was found for."""
        first = self.first(step)
        if first != self._first or slots != len(self._amounts):
            self._begin(first, slots, self.columns(step))
        stale = self._stale(step - first)
        each = max(_AT_ONCE // ((step - first + 1) * self._add.shape[-1]), 1)
        for start in range(0, len(stale), each):
            self._renew(stale[start : start + each], first, step)
        self._at[:] = step - first

    def _stale(self, place: int) -> Numbers:
        """The slots that were written between the step that they were found for and this one."""
        before = self._touches[np.maximum(self._at, 0), np.arange(len(self._at))]
        found: Numbers = np.flatnonzero((self._at < 0) | (self._touches[place] != before))
        return found

    def _before(self, first: int) -> Array:
        return self.trace.at(self.written.memory.name, first - 1)

    def _begin(self, first: int, slots: int, columns: int) -> None:
        """Forget what was found for another stretch of the episode."""
        self._first = first
        self._amounts = np.zeros((slots, columns + 1, self.heads + 1), np.float32)
        self._shares = np.zeros((slots, columns + 1), np.float32)
        self._at = np.full(slots, -1)
        touched = self._write[first : first + columns, :, :slots].max(1) > TELLING
        if self._is_edited:
            touched |= self._set_by_hand(np.arange(slots), first, first + columns - 1).any(-1)
        self._touches = np.cumsum(touched, axis=0, dtype=np.int32)

    def _renew(self, rows: Numbers, first: int, step: int) -> None:
        """Find the amounts of these slots anew."""
        base, survival, by_hand = self._survival(rows, first, step, np.float32)
        steps = slice(first, step + 1)
        left = np.where(by_hand, np.float32(0), survival) if self._is_edited else survival
        reached = np.matmul(left, np.abs(self._add[steps]).transpose(0, 2, 1))  # (S, R, H)
        found = self._amounts
        found[rows] = 0
        found[rows, 0, 0] = np.abs(base * self._before(first)[rows]).sum(-1)
        made = np.abs(self._write[steps][:, :, rows]).transpose(2, 0, 1) * reached.transpose(1, 0, 2)
        found[rows, 1 : step - first + 2, : self.heads] = made
        if self._is_edited:
            kept = np.abs(self._contents[steps][:, rows]) * np.where(by_hand, survival, np.float32(0))
            found[rows, 1 : step - first + 2, self.heads] = kept.sum(-1).T
        by_step = found[rows].sum(-1)
        totals = by_step.sum(-1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            self._shares[rows] = np.where(totals >= self.least, by_step / totals, np.nan)

    def _survival(self, rows: Numbers, first: int, step: int, kind: type[np.floating]) -> tuple[Numbers, Numbers, Numbers]:
        """What all steps leave of what lay there `(R, F)`, what the later ones leave of each step's write `(S, R, F)`, and which
        cells were set by hand.
        """  # fmt: skip
        steps = slice(first, step + 1)
        kept = np.ones((step - first + 1, len(rows), self._add.shape[-1]), kind)
        for head in range(self.heads):
            kept *= 1 - self._write[steps, head][:, rows, None] * self._erase[steps, head, None, :]
        by_hand: Numbers = np.zeros((1, 1, 1), bool)
        if self._is_edited:
            by_hand = self._set_by_hand(rows, first, step)
            kept[by_hand] = 0
        survival = np.ones_like(kept)
        np.multiply.accumulate(kept[:0:-1], axis=0, out=survival[-2::-1]) if len(kept) > 1 else None
        return survival[0] * kept[0], survival, by_hand

    def _set_by_hand(self, rows: Numbers, first: int, step: int) -> Numbers:
        """`(S, R, F)`: the cells whose value does not follow from the write of the step, so that a what-if has set them."""
        steps = slice(first, step + 1)
        now = np.asarray(self._contents[steps][:, rows])
        before = np.concatenate((self._before(first)[None, rows], now[:-1]))
        made = np.array(before)
        for head in range(self.heads):
            made *= 1 - self._write[steps, head][:, rows, None] * self._erase[steps, head, None, :]
        made += np.einsum("shr,shf->srf", self._write[steps][:, :, rows], self._add[steps])
        found: Numbers = np.abs(made - now) > _CLOSE * np.maximum(np.abs(now), 1.0)
        return found
