"""One step in words: the sentence line, and what screen readers and text summaries say."""

from typing import Literal

import numpy as np

from app.state.describe import number
from app.state.looks import LookKind, largest, look_of
from app.state.things import attentions, position_name, sharpest
from engine.contract.trace import Trace

SPREAD = 0.1
"""Below this, the largest entry of a weighting is no place to speak of."""
_LOOKS: dict[LookKind, str] = {
    "shares": "looks at slot {slot} ({value})",
    "gates": "lets in most of slot {slot} (gate {value})",
    "choice": "chooses slot {slot}",
    "scores": "scores slot {slot} highest ({value})",
}
IDLE = 0.25
"""Below this in all, a head that need not read or write (its weighting may sum to less than 1) is hardly at work."""


def step_in_words(trace: Trace, step: int) -> str:
    """What happens at a step: the line told or asked, who writes and reads where, what is answered."""
    lines = trace.card.labels.get("step", ())
    told = [f"“{lines[step]}”"] if step < len(lines) and lines[step] else []
    told += [heads_in_words(trace, step, "write"), heads_in_words(trace, step, "read"), hops_in_words(trace, step)]
    told += [attention_in_words(trace, step), answer_in_words(trace, step)]
    return " ".join(part for part in told if part)


def heads_in_words(trace: Trace, step: int, role: Literal["read", "write"]) -> str:
    """Where each head of one kind stands."""
    who, verb = f"{role.capitalize()} head", f"{role}s"
    return " ".join(told for channel in trace.of_role(role) for told in _heads(trace, channel.name, step, who, verb))


def hops_in_words(trace: Trace, step: int) -> str:
    """Where each hop, pass or lookup looks most."""
    return " ".join(_hops(trace, step))


def attention_in_words(trace: Trace, step: int) -> str:
    """The one head that is surest where it looks, of each kind of attention."""
    told = []
    for channel in attentions(trace):
        if np.isfinite(trace.at(channel.name, step)).any():
            layer, head, place = sharpest(trace, channel, step)
            share = float(trace.at(channel.name, step)[layer, head, place])
            told.append(f"Layer {layer + 1}, head {head + 1} looks at {place_in_words(trace, place)} ({share:.2f}).")
    return " ".join(told)


def place_in_words(trace: Trace, position: int) -> str:
    """ "step 4", or "step 4, “x=3”"."""
    name = position_name(trace, position)
    return f"step {position + 1}" + (f", “{name}”" if name else "")


def answer_in_words(trace: Trace, step: int) -> str:
    """What is answered, or how many bits are wrong."""
    return " ".join(_answer(trace, step) or _bits(trace, step))


def phase_at(trace: Trace, step: int) -> str:
    """The task's name for this part of the episode; empty if it has none."""
    return next((phase.name for phase in trace.card.phases if phase.first <= step <= phase.last), "")


def _heads(trace: Trace, channel: str, step: int, who: str, verb: str) -> list[str]:
    rows = trace.at(channel, step)
    if rows.ndim != 2:
        return []
    told = []
    for head, row in enumerate(rows):
        if np.isfinite(row).all():
            slot = int(row.argmax())
            if row.sum() < IDLE:
                told.append(f"{who} {head + 1} {verb} almost nothing ({row.sum():.2f} in all).")
            elif row[slot] < SPREAD:
                told.append(f"{who} {head + 1} is spread over many slots (at most {row[slot]:.2f}).")
            else:
                mostly = "" if row[slot] >= 0.5 else "mostly "
                told.append(f"{who} {head + 1} {mostly}{verb} slot {slot} ({row[slot]:.2f}).")
    return told


def _hops(trace: Trace, step: int) -> list[str]:
    look = look_of(trace)
    if look is None:
        return []
    rows = np.asarray(trace.at(look.channel.name, step))
    told = []
    for hop, slot in enumerate(largest(look, rows)):
        name = f"{look.names[hop][:1].upper()}{look.names[hop][1:]}"
        if slot >= 0:
            told.append(f"{name} {_LOOKS[look.kind].format(slot=slot, value=number(float(rows[hop, slot])))}.")
        elif look.kind == "choice" and np.isfinite(rows[hop]).any():
            told.append(f"{name} chooses none.")
    return told


def _answer(trace: Trace, step: int) -> list[str]:
    for channel in trace.of_role("answer"):
        row = trace.at(channel.name, step)
        if row.ndim == 1 and np.isfinite(row).all():
            best = int(row.argmax())
            of_what = "score " if channel.kind == "vector" else ""
            return [f"It answers {trace.label('answer', best)} ({of_what}{row[best]:.2f})."]
    return []


def _bits(trace: Trace, step: int) -> list[str]:
    for channel in trace.of_role("error"):
        wrong = float(trace.at(channel.name, step))
        if not np.isfinite(wrong):
            return ["Nothing to answer yet."]
        return ["Every bit right." if wrong == 0 else f"{wrong:.0f} bit{'s' if wrong != 1 else ''} wrong."]
    return []
