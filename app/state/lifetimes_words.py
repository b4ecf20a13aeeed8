"""Lifetimes in sentences: what a step wrote, replaced and read, how one slot lived, and which kinds of memory a model has."""

from collections.abc import Sequence

import numpy as np

from app.state.lives import Fate, Lives, Order, Span
from engine.contract.cards import Channel

ORDER_NAMES: dict[Order, str] = {"slot": "by slot", "age": "by age", "last read": "by last read", "reads": "by number of reads"}

_ENDS: dict[Fate, str] = {
    "replaced": "then replaced",
    "renewed": "then written again",
    "erased": "then erased",
    "wiped": "then wiped",
    "kept": "still there",
}
_MOST = 3


def kinds_in_words(memories: Sequence[Channel]) -> str:
    """Whether the model has episodic memory, persistent memory, or both; of one kind, why the other is not there."""
    kinds = {memory.lifetime for memory in memories}
    episodic = sorted({memory.title for memory in memories if memory.lifetime == "episode"})
    persistent = sorted({memory.title for memory in memories if memory.lifetime == "persistent"})
    if not episodic and not persistent:
        return "This memory is changed by training only: it begins every episode as it was." if kinds else ""
    if not persistent:
        return "Episodic memory only: all of it is wiped when the episode ends. What outlives an episode lies in the weights."
    if not episodic:
        return "Persistent memory only: it outlives the episodes. Nothing is wiped."
    return f"Wiped at the end of an episode: {', '.join(episodic)}. Persistent: {', '.join(persistent)}."


def step_in_words(lives: Lives, step: int) -> str:
    """How full the memory is after a step, and what the step wrote, replaced and read."""
    each = lives.each
    told = [f"{int(lives.occupied[step])} of {lives.slots} {each}s hold something after step {step + 1}."]
    ended = {span.slot: span for span in lives.ended(step)}
    written = lives.written(step)
    if 0 < len(written) <= 2 * _MOST:
        told += [_written(span, ended.pop(span.slot, None), each) for span in written]
    elif written:
        told.append(f"{len(written)} {each}s begin here.")
        ended = {}
    told += [f"{each.capitalize()} {span.slot} is empty from here on, after {_steps(span)}." for span in ended.values()]
    reads = lives.read_slot[lives.read_step == step].tolist()
    if reads:
        told.append(f"Read here: {_listed(each, reads)}.")
    if step in lives.wipes:
        told.append("Then the memory is wiped.")
    return " ".join(told)


def span_in_words(span: Span, each: str = "slot") -> str:
    """One life: "slot 3, “the garden”, from step 4 to step 17, read 5 times, then wiped"."""
    held = f", “{span.holds}”" if span.holds else ""
    begun = "from before the first step" if span.is_older else f"from step {span.first + 1}"
    reads = f", read {_times(span.reads)}" if span.reads else ", never read" if each == "slot" else ""
    return f"{each} {span.slot}{held}, {begun} to step {span.last + 1}{reads}, {_ENDS[span.fate]}"


def growth_in_words(lives: Lives) -> str:
    """How the memory filled over the whole episode, and how often something made room for something else."""
    held = lives.occupied
    fates = np.bincount(lives.fate, minlength=5)
    used = f"{len(lives.used)} of {lives.slots} {lives.each}s are used"
    told = [f"{used}; full {lives.each}s: {int(held[0])} after the first step, {int(held[-1])} after the last."]
    if fates[0]:
        told.append(f"Replaced {_times(int(fates[0]))}.")
    if lives.level is None and lives.read_by and not len(lives.read_slot):
        told.append("None is read strongly.")
    return " ".join(told)


def _written(span: Span, before: Span | None, each: str) -> str:
    now = f" (“{span.holds}”)" if span.holds else ""
    if before is None:
        return f"{each.capitalize()} {span.slot} is written{now}."
    if before.fate == "renewed":
        return f"{each.capitalize()} {span.slot} is written again{now}, after {_steps(before)}."
    was = f"“{before.holds}”" if before.holds else "what lay there"
    return f"{each.capitalize()} {span.slot} is written{now}; it replaces {was}, which lived {_steps(before)}."


def _steps(span: Span) -> str:
    return f"{'more than ' if span.is_older else ''}{span.steps} step{'s' if span.steps != 1 else ''}"


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")


def _listed(what: str, numbers: list[int]) -> str:
    rest = f" and {len(numbers) - _MOST} more" if len(numbers) > _MOST else ""
    return f"{what}{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers[:_MOST]))}{rest}"
