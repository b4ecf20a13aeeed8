"""Where one of several models looks in a story, line by line, and what it answers: the columns of a comparison."""

from dataclasses import dataclass

import numpy as np

from app.state.describe import number
from app.state.looks import Look, LookKind, first_hit, line_in_slot, look_of, supporting_lines
from app.state.own_input import lines_of
from engine.contract.trace import Array, Trace


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoryLook:
    """What a model makes of the story at one question. `values (lines, hops)`: NaN where it does not look, or cannot any more."""

    kind: LookKind
    says: str
    names: tuple[str, ...]
    values: Array
    low: float
    high: float
    gone: frozenset[int]
    """Which of the lines its memory has dropped."""
    answer: str
    sure: str
    """How sure it is: "0.97"; empty where it gives no probability."""
    is_right: bool | None
    """None: nobody knows the right answer."""
    found: tuple[str, ...]
    """Which hop first found each line that the answer rests on, in words."""
    hits: int
    """How many of these lines it found."""


def facts_told(trace: Trace, step: int) -> list[int]:
    """The lines, from 0, that have told a fact by this step."""
    return [number for number, line in enumerate(lines_of(trace)[: step + 1]) if not line.asks]


def story_look(trace: Trace, step: int, lines: list[int]) -> StoryLook | None:
    """How the model looks at these lines at a question; None at a step at which it looks at nothing, or if it never does."""
    look = look_of(trace)
    if look is None or step >= trace.steps:
        return None
    rows = np.asarray(trace.at(look.channel.name, step))
    if not np.isfinite(rows).any():
        return None
    slot_of = {line: slot for slot, line in line_in_slot(trace, step).items()}
    values = np.full((len(lines), len(rows)), np.nan, np.float32)
    for place, line in enumerate(lines):
        if line in slot_of:
            values[place] = rows[:, slot_of[line]]
    low, high = trace.limits(look.channel.name)
    needed = supporting_lines(trace, step) or tuple(number - 1 for number in lines_of(trace)[step].supports)
    firsts = {line: first_hit(look, rows, slot_of[line]) if line in slot_of else -2 for line in needed}
    answer, sure = _answer(trace, step)
    return StoryLook(
        kind=look.kind, says=look.says, names=look.names, values=values, low=low, high=high,
        gone=frozenset(line for line in lines if line not in slot_of), answer=answer, sure=sure, is_right=_is_right(trace, step),
        found=tuple(_found(look, line, hop) for line, hop in firsts.items()), hits=sum(hop >= 0 for hop in firsts.values()),
    )  # fmt: skip


def look_in_words(name: str, look: StoryLook) -> str:
    """ "MemN2N answers office (0.97), right. Line 3 found by hop 2." """
    verdict = {True: ", right", False: ", wrong", None: ""}[look.is_right]
    told = f"{name} answers {look.answer}{f' ({look.sure})' if look.sure else ''}{verdict}."
    found = ", ".join(look.found)
    return told + (f" {found[:1].upper()}{found[1:]}." if found else "")


def _found(look: Look, line: int, hop: int) -> str:
    if hop == -2:
        return f"line {line + 1} is gone"
    return f"line {line + 1}: {look.names[hop] if hop >= 0 else 'not found'}"


def _answer(trace: Trace, step: int) -> tuple[str, str]:
    for channel in trace.of_role("answer"):
        row = np.asarray(trace.at(channel.name, step))
        if row.ndim == 1 and np.isfinite(row).any():
            best = int(np.nanargmax(row))
            return trace.label("answer", best), number(float(row[best])) if channel.kind == "probability" else ""
    said = _token(trace, "output", step)
    return (trace.label("answer", said) if said >= 0 else "nothing"), ""


def _is_right(trace: Trace, step: int) -> bool | None:
    target, output = _token(trace, "target", step), _token(trace, "output", step)
    return None if target < 0 or output < 0 else target == output


def _token(trace: Trace, role: str, step: int) -> int:
    for channel in trace.channels.values():
        if channel.role == role and channel.kind == "tokens" and not channel.axes:
            value = float(trace.at(channel.name, step))
            return int(value) if np.isfinite(value) else -1
    return -1
