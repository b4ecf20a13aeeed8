"""A memory that grows: what lies in its slots, who wrote it and when, how often it helped; sorted and searched in numpy.

Found by roles: "alive" says which slots there are after a step, "kept_past" and "kept_truth" what was kept of the sample itself.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from engine.contract.cards import Channel, Role
from engine.contract.trace import Array, Trace

Slots = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

SlotOrder = Literal["slot", "newest", "likeness", "reads", "best", "sort"]
ORDER_NAMES: dict[SlotOrder, str] = {
    "slot": "by slot", "newest": "newest first", "likeness": "most alike now", "reads": "most retrieved",
    "best": "most often best", "sort": "by sort",
}  # fmt: skip
EXAMPLES = "cross left · slot 31 · sample 512 · never retrieved"

_NUMBERS = re.compile(r"\b(slot|sample|number|no\.?)s?\s*(\d+)(?:\s*(?:-|to|\N{EN DASH})\s*(\d+))?", re.IGNORECASE)
_COUNTS = re.compile(
    r"\b(retrieved|read|best)\s*(\d+)(?:\s*(?:-|to|\N{EN DASH})\s*(\d+)|\s*(\+|or more\b))?(?:\s*times?\b)?", re.IGNORECASE
)
_WORDS: dict[str, str] = {
    "never retrieved": "unread", "never read": "unread", "never best": "unbest", "retrieved now": "now", "written now": "new",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSlot:
    """What is known of one slot at a step; None where nobody says."""

    slot: int
    is_there: bool
    sort: str
    born: int | None
    """The step of this episode that wrote it; None: it was there before."""
    written: int | None
    """Which of all samples ever presented wrote it, counted from 1."""
    sample: int | None
    """Its number in the training set."""
    reads: int | None
    best: int | None
    likeness: float
    """To the query of the present step; NaN where nothing was compared with it."""
    rank: int
    """From 1: its place among those retrieved at this step; 0: it is not."""
    is_new: bool
    """Whether this step wrote it."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Growing:
    """One trace's growing memory; what does not depend on the step is found once."""

    trace: Trace
    alive: Channel

    @property
    def slots(self) -> int:
        """How many slots are ever in use."""
        return int(self.trace.arrays[self.alive.name].shape[1])

    @cached_property
    def past(self) -> Channel | None:
        """What was kept of what was seen."""
        return self._kept("kept_past")

    @cached_property
    def truth(self) -> Channel | None:
        """What was kept of what came of it."""
        return self._kept("kept_truth")

    @cached_property
    def decoded(self) -> Channel | None:
        """What the model makes of the codes."""
        return self._kept("decoded")

    @cached_property
    def likeness(self) -> Channel | None:
        """How alike each slot is to what is looked for."""
        return next((c for c in self.trace.of_kind("vector") if c.axes == ("slot",)), None)

    @cached_property
    def memory(self) -> str:
        """The channel that a selection of a slot names: the codes, else what says that the slot is there."""
        return next((c.name for c in self.trace.of_kind("memory") if c.axes[:1] == ("slot",)), self.alive.name)

    @cached_property
    def born(self) -> dict[int, int]:
        """At which step of this episode each slot was written; those that were there before are not in it."""
        return {event.slot: event.step for event in self.trace.card.events if event.kind == "write" and event.slot >= 0}

    # ---- one step ----

    def there(self, step: int) -> Mask:
        """Which slots hold something after a step."""
        return np.asarray(self.trace.at(self.alive.name, step)) > 0

    def retrieved(self, step: int) -> Slots:
        """The slots that the things foreseen at a step come from, the most alike first; each once."""
        channel = next((c for c in self.trace.of_role("retrieved")), None)
        if channel is None:
            return np.zeros(0, np.int64)
        found = np.nan_to_num(np.asarray(self.trace.at(channel.name, step)).reshape(-1), nan=-1.0).astype(np.int64)
        return np.array(list(dict.fromkeys(found[found >= 0].tolist())), np.int64)

    def stored(self, step: int) -> int:
        """The slot that a step wrote; -1 if it wrote none."""
        return next((event.slot for event in self.trace.card.events if event.kind == "write" and event.step == step), -1)

    def number(self, role: Role, step: int) -> Array | None:
        """One number a slot at a step, for instance how often it was read; None where nobody says."""
        channel = next((c for c in self.trace.of_role(role) if c.axes == ("slot",)), None)
        return None if channel is None else np.asarray(self.trace.arrays[channel.name][max(step, 0)])

    def likenesses(self, step: int) -> Array | None:
        """How alike each slot is to what is looked for at a step."""
        return None if self.likeness is None else np.asarray(self.trace.arrays[self.likeness.name][max(step, 0)])

    def slot(self, slot: int, step: int) -> KeptSlot:
        """All that is known of one slot."""
        ranked, alike = self.retrieved(step), self.likenesses(step)
        rank = np.flatnonzero(ranked == slot)
        is_new = self.stored(step) == slot
        was_there = bool(self.there(step - 1)[slot]) if step > 0 else not is_new and bool(self.there(step)[slot])
        return KeptSlot(
            slot=slot, is_there=bool(self.there(step)[slot]), sort=self._sort(slot), born=self.born.get(slot),
            written=self._count("written", slot, step), sample=self._count("sample", slot, step),
            reads=self._count("reads", slot, step), best=self._count("best", slot, step),
            likeness=float(alike[slot]) if alike is not None and was_there else float("nan"),
            rank=int(rank[0]) + 1 if len(rank) else 0, is_new=is_new,
        )  # fmt: skip

    # ---- many slots ----

    def orders(self) -> tuple[SlotOrder, ...]:
        """In which orders the slots can stand."""
        has = {
            "slot": True, "newest": bool(self.trace.of_role("written")), "likeness": self.likeness is not None,
            "reads": bool(self.trace.of_role("reads")), "best": bool(self.trace.of_role("best")), "sort": self._sorts is not None,
        }  # fmt: skip
        return tuple(order for order in ORDER_NAMES if has[order])

    def listed(self, step: int, order: SlotOrder = "slot", text: str = "") -> Slots:
        """The slots that are there after a step and fit the text, in this order; of equals the lower slot first."""
        mask = self.there(step)
        if text.strip():
            mask = mask & self.fits(text, step)
        slots = np.flatnonzero(mask)
        by = self._by(order, step)
        return slots if by is None else slots[_sorted_places(by[slots])]

    def fits(self, text: str, step: int) -> Mask:
        """Which slots a search means: words of their sort, "slot 31", "sample 512", "never retrieved", "retrieved 3-9", or some
        of that together."""
        mask = np.ones(self.slots, np.bool_)
        rest = text.lower()
        for words, what in _WORDS.items():
            if words in rest:
                rest = rest.replace(words, " ")
                mask &= self._is(what, step)
        for what, low, high in _NUMBERS.findall(rest):
            mask &= self._numbered(what.lower(), int(low), int(high or low))
        for what, low, high, more in _COUNTS.findall(rest):
            values = self.number("best" if what.lower() == "best" else "reads", step)
            top = np.inf if more else int(high or low)
            mask &= (values >= int(low)) & (values <= top) if values is not None else False
        rest = _COUNTS.sub(" ", _NUMBERS.sub(" ", rest)).strip(" ,;")
        if rest.isdigit():
            return np.asarray(mask & self._numbered("slot", int(rest), int(rest)))
        return np.asarray(mask & self._is_called(rest)) if rest else mask

    # ---- the inside ----

    def _kept(self, role: Role) -> Channel | None:
        return next((c for c in self.trace.of_role(role) if c.axes[:1] == ("slot",)), None)

    @cached_property
    def _sorts(self) -> Array | None:
        channel = self._kept("holds")
        return None if channel is None else np.nan_to_num(np.asarray(self.trace.arrays[channel.name][-1]), nan=-1.0)

    @cached_property
    def _sort_names(self) -> tuple[str, ...]:
        channel = self._kept("holds")
        return self.trace.card.labels.get(channel.name, ()) if channel is not None else ()

    def _sort(self, slot: int) -> str:
        index = int(self._sorts[slot]) if self._sorts is not None else -1
        return self._sort_names[index] if 0 <= index < len(self._sort_names) else ""

    def _count(self, role: Role, slot: int, step: int) -> int | None:
        values = self.number(role, step)
        return int(values[slot]) if values is not None and values[slot] >= 0 else None

    def _by(self, order: SlotOrder, step: int) -> Array | None:
        """The number by which the slots are sorted, the smallest first."""
        if order == "sort":
            return self._sorts
        values = self.likenesses(step) if order == "likeness" else None
        if order in ("newest", "reads", "best"):
            values = self.number("written" if order == "newest" else order, step)
        return None if values is None else -values

    def _is(self, what: str, step: int) -> Mask:
        mask = np.zeros(self.slots, np.bool_)
        if what in ("unread", "unbest"):
            values = self.number("reads" if what == "unread" else "best", step)
            return mask if values is None else values <= 0
        mask[self.retrieved(step) if what == "now" else [slot for slot in (self.stored(step),) if slot >= 0]] = True
        return mask

    def _numbered(self, what: str, low: int, high: int) -> Mask:
        if what == "slot":
            places = np.arange(self.slots)
            return (places >= low) & (places <= high)
        values = self.number("written" if what == "sample" else "sample", 0)
        if values is None:
            return np.zeros(self.slots, np.bool_)
        if what != "sample":
            return (values >= low) & (values <= high)
        born = np.array(values, np.int64)  # of this stream the samples are counted from its own beginning
        for slot, step in self.born.items():
            born[slot] = self.trace.sample_at(step) + 1 if self.trace.samples else step + 1
        return (born >= low) & (born <= high)

    def _is_called(self, text: str) -> Mask:
        if self._sorts is None:
            return np.zeros(self.slots, np.bool_)
        wanted = [index for index, name in enumerate(self._sort_names) if all(word in name.lower() for word in text.split())]
        return np.isin(self._sorts, wanted)


def growing_of(trace: Trace) -> Growing | None:
    """The growing memory of a trace; None if it has none whose samples were kept."""
    alive = next((c for c in trace.of_role("alive") if c.axes == ("slot",)), None)
    if alive is None or not (trace.of_role("kept_past") or trace.of_role("kept_truth")):
        return None
    return Growing(trace=trace, alive=alive)


def growing_channels(trace: Trace) -> list[Channel]:
    """What is kept in the slots of a growing memory; empty without one."""
    found = growing_of(trace)
    return [c for c in (found.past, found.truth, found.decoded) if c is not None] if found is not None else []


def _sorted_places(values: Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The order from small to large, equal ones in the order in which they stand: one sort of whole numbers, which is quick.

    A float32 read as a whole number keeps its order if the negative ones are turned round.
    """
    bits = np.ascontiguousarray(values + np.float32(0), np.float32).view(np.int32).astype(np.int64)
    ranks = np.where(bits < 0, -(bits & 0x7FFFFFFF), bits)
    return np.sort((ranks << 32) | np.arange(len(values))) & 0xFFFFFFFF
