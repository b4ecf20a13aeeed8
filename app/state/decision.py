"""Is a sample worth a slot? What the writing controller saw and decided at a step, and why, in numbers and in words."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.state.describe import number
from engine.contract.cards import Channel, Role
from engine.contract.trace import Array, Trace

Mask = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

FULL = "Every slot is taken, and the rule is to store nothing more."
READ_ONLY = "This stream does not write (the setting “Go on writing”): the memory stays as it is."
WORTH_FROM = 0.5
"""A probability of writing from here on means: worth a slot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided of one sample; NaN, -1 or empty where nobody says."""

    slots: tuple[int, ...]
    """From which slot each thing foreseen comes, the most alike first."""
    success: tuple[float, ...]
    """How much of what happened each of them explains."""
    best: float
    threshold: float
    probability: float
    is_stored: bool
    slot: int
    """Where it was stored."""
    given_up: int
    """The slot whose place it took."""
    is_full: bool
    """Whether it was worth a slot, and got none."""
    rule: str
    """Why it got none."""

    @property
    def best_slot(self) -> int:
        """The slot that explains most; -1 where nothing was retrieved."""
        rates = np.array(self.success)
        return self.slots[int(np.nanargmax(rates))] if np.isfinite(rates).any() else -1

    @property
    def loss(self) -> float:
        """The controller's loss on this sample, `P·a + (1 − P)·(1 − a)`."""
        return self.probability * self.best + (1 - self.probability) * (1 - self.best)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decisions:
    """The same of every step of the episode, `(step,)` each."""

    best: Array
    threshold: Array
    stored: Mask
    full: Mask


def decision_channels(trace: Trace) -> list[Channel]:
    """What a writing controller sees and says; empty where nothing is decided."""
    if _of(trace, "stored") is None:
        return []
    roles: tuple[Role, ...] = ("stored", "success", "threshold", "accept")
    return [channel for role in roles if (channel := _of(trace, role)) is not None]


def decision_at(trace: Trace, step: int) -> Decision:
    """What was decided at a step; call only where there are `decision_channels`."""
    rates, slots = _row(trace, "success", step), _row(trace, "retrieved", step)
    count = int((slots >= 0).sum()) if slots.size else 0
    success = tuple(float(rate) for rate in rates[:count])
    stored, probability = _number(trace, "stored", step) > WORTH_FROM, _number(trace, "accept", step)
    slot = _written(trace, step) if stored else -1
    return Decision(
        slots=tuple(int(slot) for slot in slots[:count]), success=success,
        best=float(np.nanmax(success)) if success and np.isfinite(success).any() else 0.0,
        threshold=_number(trace, "threshold", step), probability=probability, is_stored=stored, slot=slot,
        given_up=_given_up(trace, step) if stored else -1, is_full=not stored and probability > WORTH_FROM,
        rule=READ_ONLY if trace.card.settings.get("goes_on_writing") is False else FULL,
    )  # fmt: skip


@lru_cache(maxsize=4)
def decisions_of(trace: Trace) -> Decisions:
    """Every decision of the episode, for a picture of the whole stream."""
    stored = _course(trace, "stored") > WORTH_FROM
    success = _of(trace, "success")
    rates = np.asarray(trace.arrays[success.name]) if success is not None else np.full((trace.steps, 1), np.nan)
    best = np.where(np.isfinite(rates), rates, 0.0).reshape(trace.steps, -1).max(-1)
    return Decisions(
        best=best, threshold=_course(trace, "threshold"), stored=stored, full=~stored & (_course(trace, "accept") > WORTH_FROM)
    )


def whole_of(trace: Trace) -> str:
    """Of what a success rate is a share: of the steps of a trajectory, else of the whole sample."""
    return "its steps" if trace.card.task.form == "trajectories" else "it"


def verdict(found: Decision, whole: str = "its steps") -> str:
    """ "Stored as slot 74", or "Refused: slot 31 already explains 92 % of its steps"."""
    if found.is_stored:
        took = f", in the place of slot {found.given_up}" if found.given_up >= 0 else ""
        return f"Stored as slot {found.slot}{took}" if found.slot >= 0 else "Stored"
    if found.is_full:
        return "Worth a slot, but the memory is full" if found.rule == FULL else "Worth a slot, but nothing is written"
    if found.best_slot < 0:
        return "Refused: nothing was retrieved"
    return f"Refused: slot {found.best_slot} already explains {found.best:.0%} of {whole}".replace("%", "\N{NO-BREAK SPACE}%")


def reasons(found: Decision) -> str:
    """Why, in a sentence or two: what the best was, the threshold, and the rule of a full memory."""
    best = f"the best of {len(found.slots)} retrieved explains {found.best:.0%} of what happened".replace(
        "%", "\N{NO-BREAK SPACE}%"
    )
    told = f"{best[:1].upper()}{best[1:]}" if found.slots else "Nothing was retrieved, so nothing explains what happened"
    if np.isfinite(found.threshold):
        told += f"; the threshold is {number(found.threshold)}, so {_so(found)}"
    rule = ""
    if found.is_full:
        rule = f" {found.rule}"
    elif found.given_up >= 0:
        rule = f" Every slot was taken: slot {found.given_up}, least often the best, gave up its place."
    return f"{told}.{rule}"


def _so(found: Decision) -> str:
    if found.threshold <= 0:
        return "nothing is ever worth a slot"
    if found.threshold > 1:
        return "everything is worth a slot"
    return "it is worth a slot" if found.best < found.threshold else "it is known well enough"


def tally(trace: Trace, step: int) -> str:
    """ "10 stored and 191 refused so far"."""
    found = decisions_of(trace)
    stored, full = int(found.stored[: step + 1].sum()), int(found.full[: step + 1].sum())
    refused = step + 1 - stored - full
    why = "nothing is written" if trace.card.settings.get("goes_on_writing") is False else "the memory was full"
    turned = f", {full:,} turned away because {why}" if full else ""
    return f"{stored:,} stored and {refused:,} refused so far{turned}"


# ---- the inside ----


def _of(trace: Trace, role: Role) -> Channel | None:
    return next(iter(trace.of_role(role)), None)


def _row(trace: Trace, role: Role, step: int) -> Array:
    channel = _of(trace, role)
    if channel is None:
        return np.zeros(0, np.float32)
    return np.nan_to_num(np.asarray(trace.at(channel.name, step)).reshape(-1), nan=-1.0 if role == "retrieved" else np.nan)


def _number(trace: Trace, role: Role, step: int) -> float:
    channel = _of(trace, role)
    return float(np.asarray(trace.at(channel.name, step)).reshape(-1)[0]) if channel is not None else float("nan")


def _course(trace: Trace, role: Role) -> Array:
    channel = _of(trace, role)
    if channel is None:
        return np.full(trace.steps, np.nan, np.float32)
    return np.asarray(trace.arrays[channel.name]).reshape(trace.steps, -1)[:, 0]


def _written(trace: Trace, step: int) -> int:
    found = next((event.slot for event in trace.card.events if event.kind == "write" and event.step == step), -1)
    channel = _of(trace, "write")
    if found >= 0 or channel is None:
        return found
    row = np.asarray(trace.at(channel.name, step))
    row = row.reshape(-1, row.shape[-1]).max(0)
    return int(row.argmax()) if row.max(initial=0.0) > 0 else -1


def _given_up(trace: Trace, step: int) -> int:
    """The slot that was there before a step and is not after it, unless an edit took it away."""
    alive = _of(trace, "alive")
    if alive is None or step < 1:
        return -1
    gone = np.flatnonzero((np.asarray(trace.at(alive.name, step - 1)) > 0) & ~(np.asarray(trace.at(alive.name, step)) > 0))
    edited = any(edit.channel == alive.name and edit.holds_at(step) for edit in trace.card.edits)
    return int(gone[0]) if len(gone) == 1 and not edited else -1
