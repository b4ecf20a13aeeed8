"""A slot of a growing memory in words: what it holds, who wrote it and when, how often it helped, how alike it is now."""

import numpy as np

from app.state.growing import Growing, KeptSlot
from app.state.picture import times

_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def title_of(slot: KeptSlot) -> str:
    """ "Slot 31 · cross left"."""
    return f"Slot {slot.slot}" + (f" · {slot.sort}" if slot.sort else "")


def story_of_slot(growing: Growing, slot: KeptSlot) -> str:
    """All that is known of a slot, in a few sentences."""
    return " ".join(told for told in (who_wrote(growing, slot), how_used(slot), how_alike(slot)) if told)


def who_wrote(growing: Growing, slot: KeptSlot) -> str:
    """ "Stored at sample 214 of this stream (no. 640 of the training set)." """
    whose = f" (no. {slot.sample:,} of the training set)" if slot.sample is not None else ""
    if slot.born is not None:
        said = f"Stored at {sample_at(growing, slot.born)}{whose}."
        return said if slot.is_there else f"{said} It is not there at this step."
    if slot.written is not None:
        return f"Stored before this stream began, as the {ordinal(slot.written)} of all samples ever presented{whose}."
    return f"Stored before this stream began{whose}."


def sample_at(growing: Growing, step: int) -> str:
    """ "sample 214 of this stream"."""
    trace = growing.trace
    return f"sample {trace.sample_at(step) + 1:,} of this stream" if trace.samples else f"step {step + 1:,}"


def how_used(slot: KeptSlot) -> str:
    """ "Retrieved 12 times since, best of them 5 times." """
    if slot.reads is None:
        return ""
    if not slot.reads:
        return "Never retrieved since."
    best = f", and what came from it was the best {times(slot.best)}" if slot.best is not None else ""
    return f"Retrieved {times(slot.reads)} since{best}."


def how_alike(slot: KeptSlot) -> str:
    """ "Its key and that of the present sample: cosine 0.997, the 1st of those retrieved." """
    if slot.is_new:
        return "This sample was stored here: its own past and future."
    if not slot.is_there or not np.isfinite(slot.likeness):
        return ""
    rank = f", the {ordinal(slot.rank)} of those retrieved" if slot.rank else ", not retrieved"
    return f"Likeness to the present sample {slot.likeness:.3f}{rank}.".replace("-", "\N{MINUS SIGN}")


def ordinal(number: int) -> str:
    """ "1st", "12th", "1,203rd"."""
    ending = "th" if number % 100 in (11, 12, 13) else _ENDINGS.get(number % 10, "th")
    return f"{number:,}{ending}"


def count_in_words(growing: Growing, step: int, shown: int, is_searched: bool) -> str:
    """ "74 slots from 512 samples", "6 of 74 slots fit"."""
    there = int(growing.there(step).sum())
    if is_searched:
        return f"{shown:,} of {there:,} {_slots(there)} fit{'s' if there == 1 else ''}"
    seen = growing.trace.sample_at(step) + 1
    return f"{there:,} {_slots(there)}" + (f" after {seen:,} sample{'s' if seen > 1 else ''}" if seen else "")


def _slots(count: int) -> str:
    return "slot" if count == 1 else "slots"
