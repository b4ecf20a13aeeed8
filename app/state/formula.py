"""A channel's formula with this step's numbers put in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.state.things import PARTS
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

_PLACE = re.compile(r"\{(?:(?P<mode>top|at):)?(?P<channel>[\w.]+)(?::(?P<name>\w+))?\}")
MOST_TERMS = 4
_SLOT = "slot"


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of a formula: plain text, or a number that came from a slot (and can be clicked)."""

    text: str
    slot: int = -1


def with_numbers(trace: Trace, channel: Channel, step: int, index: int | Mapping[str, int] = 0, slot: int = -1) -> list[Term]:
    """Fill the channel's formula with the values at `step`; empty if it has none.

    `index` is the head, hop or layer, or all of them by axis; `slot` the chosen slot, for formulas that speak of one (`{slot}`,
    `{at:channel}`).
    """
    terms: list[Term] = []
    end = 0
    for found in _PLACE.finditer(channel.formula):
        terms.append(Term(channel.formula[end : found.start()]))
        terms += _fill(trace, found, step, index, slot)
        end = found.end()
    terms.append(Term(channel.formula[end:]))
    return [term for term in terms if term.text]


def symbolic(trace: Trace, channel: Channel) -> str:
    """The channel's formula with the symbols of its quantities in place of numbers; empty if it has none."""
    left = channel.symbol
    text = _PLACE.sub(lambda found: _symbol(trace, found), channel.formula)
    return text.removesuffix(f" = {left}") if left and text.count(" = ") > 1 else text


def _symbol(trace: Trace, found: re.Match[str]) -> str:
    if found["channel"] == _SLOT:
        return "n"
    quantity = trace.channels.get(found["channel"])
    said = quantity.symbol if quantity else found["channel"]
    if found["mode"] == "top":
        return f"Σ {said}[n]·{found['name'] or 'M'}[n]"
    return f"{said}[n]" if found["mode"] == "at" else said


def _fill(trace: Trace, found: re.Match[str], step: int, index: int | Mapping[str, int], slot: int) -> list[Term]:
    if found["channel"] == _SLOT:
        return [Term(str(slot) if slot >= 0 else "n")]
    value = _value(trace, found["channel"], step, index)
    if value is None:
        return [Term("·")]
    if found["mode"] == "top":
        from_one = int(trace.channels[found["channel"]].axes[-1:] == ("position",))
        return _largest(value, found["name"] or "M", from_one)
    if found["mode"] == "at":
        is_one = np.asarray(trace.at(found["channel"], step)).size == value.size and 0 <= slot < value.size
        return [Term(f"{value.reshape(-1)[slot]:.2f}" if is_one else _symbol(trace, found))]
    return [Term(_short(value))]


def _value(trace: Trace, name: str, step: int, index: int | Mapping[str, int]) -> Array | None:
    channel = trace.channels.get(name)
    if channel is None:
        return None
    value = np.asarray(trace.at(name, step))
    for axis in channel.axes:
        place = index if isinstance(index, int) else index.get(axis, 0)
        if axis not in PARTS or not value.ndim or channel.axes == ("layer",) and not isinstance(index, int):
            break
        if place >= len(value):
            return None
        value = value[place]
    return value if np.isfinite(value).all() else None


def _largest(value: Array, name: str, base: int) -> list[Term]:
    flat = value.reshape(-1)
    order = np.argsort(-np.abs(flat))[:MOST_TERMS]
    shown = [int(i) for i in order if abs(flat[i]) >= 0.01] or [int(order[0])]
    terms: list[Term] = []
    for number, i in enumerate(shown):
        terms.append(Term((" + " if number else "") + f"{flat[i]:.2f}·"))
        terms.append(Term(f"{name}[{i + base}]", slot=i))
    if abs(1.0 - float(np.abs(flat[shown]).sum())) > 0.005 or len(shown) < np.count_nonzero(np.abs(flat) >= 0.005):
        terms.append(Term(" + …"))
    return terms


def _short(value: Array) -> str:
    if value.ndim == 0:
        return f"{float(value):.2f}"
    if value.size <= 3:
        return "(" + ", ".join(f"{v:.2f}" for v in value.reshape(-1)) + ")"
    best = int(np.abs(value.reshape(-1)).argmax())
    return f"[{value.size} numbers, largest {value.reshape(-1)[best]:.2f}]"
