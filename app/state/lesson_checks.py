"""Whether the reader did what a lesson's page asks: looked up in the real state, never guessed from clicks."""

from typing import Literal

import numpy as np

from app.state.app_state import AppState
from app.state.lesson import Check, Task
from app.state.session import Session
from engine.contract.cards import Role
from engine.contract.trace import Trace

Part = Literal["episode", "settings", "compare", "step", "selection", "panes", "edits"]

_FREE: dict[str, frozenset[Part]] = {
    "writes": frozenset(["step", "selection"]),
    "reads": frozenset(["step", "selection"]),
    "step": frozenset(["step", "selection"]),
    "selected": frozenset(["step", "selection"]),
    "erased": frozenset(["step", "selection", "edits", "compare"]),
    "broken": frozenset(["step", "selection", "edits", "compare"]),
    "setting": frozenset(["step", "selection", "settings"]),
}


def is_done(task: Task, state: AppState) -> bool:
    """Whether every check of the task holds now."""
    return all(holds(check, state) for check in task.checks)


def holds(check: Check, state: AppState) -> bool:
    """Whether one claim about the window is true now."""
    match check.kind:
        case "writes":
            return _addresses(state, "write", check.slot)
        case "reads":
            return _addresses(state, "read", check.slot)
        case "step":
            return state.playback.step == check.least
        case "selected":
            return check.slot in state.lens.selection.slots
        case "erased":
            return _is_erased(state, check.slot)
        case "broken":
            return _breaks(state, check.least)
        case "setting":
            return _setting(state, check.name) >= check.least


def free_parts(task: Task | None) -> frozenset[Part]:
    """What the reader may move without leaving the lesson: whatever the page's task needs."""
    return frozenset[Part]().union(*(_FREE[check.kind] for check in task.checks)) if task is not None else frozenset()


def parts_that_differ(one: Session, other: Session) -> frozenset[Part]:
    """In what two sessions show different pictures. Depth of text and bookmarks belong to the reader, not to the picture."""
    same: dict[Part, bool] = {
        "episode": (one.a.source, one.a.episode, one.a.edits) == (other.a.source, other.a.episode, other.a.edits),
        "settings": one.a.settings == other.a.settings,
        "compare": (one.b, one.mode, one.b_is_edited_copy) == (other.b, other.mode, other.b_is_edited_copy),
        "step": (one.step, one.micro) == (other.step, other.micro),
        "selection": (one.selection, one.pins) == (other.selection, other.pins),
        "panes": (one.panes, one.large) == (other.panes, other.large),
        "edits": one.edits == other.edits,
    }
    return frozenset(part for part, is_same in same.items() if not is_same)


def strongest_slots(trace: Trace, role: Role) -> list[int]:
    """The slot that the first head of this role addresses most strongly, at every step; -1 where it addresses none."""
    channel = next((c for c in trace.of_role(role) if c.axes == ("head", "slot")), None)
    if channel is None:
        return [-1] * trace.steps
    rows = np.asarray(trace.arrays[channel.name])[:, 0]
    return [int(row.argmax()) if np.isfinite(row).all() else -1 for row in rows]


def wrong_bits(trace: Trace) -> list[float]:
    """How many bits of the answer are wrong at every step; NaN where nothing is asked."""
    channel = next(iter(trace.of_role("error")), None)
    return [float(value) for value in trace.arrays[channel.name]] if channel is not None else [float("nan")] * trace.steps


def _addresses(state: AppState, role: Role, slot: int) -> bool:
    return state.a.trace is not None and strongest_slots(state.a.trace, role)[state.playback.step] == slot


def _is_erased(state: AppState, slot: int) -> bool:
    copy = state.b.trace
    if copy is None or not state.comparison.b_is_edited_copy or state.b.is_waiting:
        return False
    return any(edit.act == "erase" and edit.enabled and edit.index[:1] == (slot,) for edit in copy.card.edits)


def _breaks(state: AppState, step: int) -> bool:
    before, after = state.a.trace, state.b.trace
    if before is None or after is None or not state.comparison.b_is_edited_copy or state.b.is_waiting:
        return False
    if before.steps != after.steps or step >= before.steps:
        return False
    return wrong_bits(after)[step] > wrong_bits(before)[step]


def _setting(state: AppState, name: str) -> float:
    trace = state.a.trace
    value = trace.card.settings.get(name) if trace is not None and not state.a.is_waiting else None
    return float(value) if isinstance(value, int | float) else float("-inf")
