"""The arithmetic of a block with this step's numbers: every formula of its channels, one entry of each worked out."""

import re
from dataclasses import dataclass

import numpy as np

from app.state.describe import number
from app.state.formula import Term, with_numbers
from app.state.lens import Selection
from app.state.things import PARTS
from app.state.wiring import Part, part_of, stage_channels
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

_NAME = re.compile(r"[^\W\d_]+( before)?")
_TWICE = re.compile(r"\((\([^()]*\))\)")
_WHOLE = ("linear", "softmax")
"""What takes in whole vectors: such a formula cannot be filled with the numbers of one entry."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One formula: whose it is, and the terms with numbers; `is_present` at the stage that makes it."""

    channel: Channel
    title: str
    terms: tuple[Term, ...]
    is_present: bool


def lines(trace: Trace, part: Part, step: int, micro: int | None, chosen: Selection) -> list[Line]:
    """Every formula of the part, in its order; channels that do not exist at this step or have no formula are left out."""
    present = stage_channels(trace, micro)
    found = []
    for channel in part.works:
        value = np.asarray(trace.at(channel.name, step))
        if channel.formula and np.isfinite(value).any():
            who, index = _who(trace, channel, value, chosen, part_of(trace, micro))
            entry = _entry(trace, channel, value, index, chosen, part, step)
            said = ", ".join(word for word in (who, _place(trace, channel, entry)) if word)
            title = f"{channel.title}, {said}" if said else channel.title
            found.append(Line(channel, title, tuple(_terms(trace, channel, step, index, entry)), channel.name in present))
    return found


def _who(trace: Trace, channel: Channel, value: Array, chosen: Selection, part: int) -> tuple[str, int]:
    """Which head, hop or layer: the chosen one, that of the stage, or the first (of hops the last)."""
    if not channel.axes or channel.axes[0] not in PARTS or not value.ndim:
        return "", 0
    axis = channel.axes[0]
    wished = {"head": chosen.head, "hop": chosen.hop, "layer": chosen.layer}[axis]
    usual = len(value) - 1 if axis == "hop" else 0
    index = wished if 0 <= wished < len(value) else part if axis != "head" and 0 <= part < len(value) else usual
    return (f"{axis} {index + 1}" if len(value) > 1 else ""), index


def _entry(trace: Trace, channel: Channel, value: Array, index: int, chosen: Selection, part: Part, step: int) -> int:
    """Which slot, unit or feature is worked out: the chosen one, else the slot that is written most, else the largest entry."""
    axis = _axis(channel)
    wished = {
        "slot": chosen.slots[:1], "unit": (chosen.unit,), "feature": chosen.features[:1], "answer": (chosen.answer,),
    }.get(axis, ())  # fmt: skip
    place = channel.axes.index(axis) if axis else 0
    length = value.shape[place] if axis else 0
    if wished and 0 <= wished[0] < length:
        return wished[0]
    if channel.kind == "memory":
        writes = [np.asarray(trace.at(c.name, step)) for c in trace.of_role("write") if c.axes[-1:] == ("slot",)]
        if writes and axis == "slot" and writes[0].shape[-1] == length:
            return int(writes[0].reshape(-1, length).max(0).argmax())
    first = next((other for other in part.works if other.axes == channel.axes), channel) if axis == "unit" else channel
    row = _row(first, np.asarray(trace.at(first.name, step)), index)  # of units, one and the same in all formulas of the block
    return int(np.nanargmax(np.abs(row))) if row.ndim == 1 and row.size and np.isfinite(row).any() else -1


def _terms(trace: Trace, channel: Channel, step: int, index: int, entry: int) -> list[Term]:
    """The formula with numbers; one that names no channel is worked out for one entry, as far as entry makes entry."""
    row = _row(channel, np.asarray(trace.at(channel.name, step)), index)
    if "{" in channel.formula:
        is_slot = _axis(channel) == "slot"
        terms = with_numbers(trace, channel, step, index, entry if is_slot else -1)
        if channel.axes == ("slot", "feature") and entry >= 0:
            return [*terms, *_one_feature(trace, channel, step, entry, "".join(term.text for term in terms))]
        is_one = is_slot and row.ndim == 1 and entry >= 0
        return [*terms, Term(f"\n{channel.symbol}[{entry}] = {number(float(row[entry]))}")] if is_one else terms
    if entry < 0 or row.ndim != 1:
        return [Term(channel.formula)]
    left, equals, right = channel.formula.partition(" = ")
    if not equals:
        left, right = channel.symbol, channel.formula
    if not any(word in right for word in _WHOLE) and "Σ" not in right:
        right = _NAME.sub(lambda name: _number_of(trace, channel, name[0], step, index, entry), right)
        right = _TWICE.sub(r"\1", right)
    if left == right:
        left = ""
    head = left if "[" in left else f"{left}[{entry}]" if left else ""
    text = f"{head} = {right}" if head else right
    return [Term(f"{text} = {number(float(row[entry]))}")]


def _one_feature(trace: Trace, channel: Channel, step: int, slot: int, text: str) -> list[Term]:
    """The largest feature of a slot, worked out, where every quantity is that of one head; nothing where it cannot be."""
    row = np.asarray(trace.at(channel.name, step))[slot]
    feature = int(np.abs(row).argmax())
    said = f"{channel.symbol} before[{slot}]"
    if step == 0 and channel.name not in trace.initial or said not in text:
        return []
    by_symbol = {c.symbol: c for c in trace.channels.values() if c.axes == ("head", "feature") and c.role in ("erase", "add")}
    if any(trace.arrays[c.name].shape[1] > 1 for c in by_symbol.values()):
        return []

    def value(found: re.Match[str]) -> str:
        other = by_symbol.get(found[0])
        return _signed(float(np.asarray(trace.at(other.name, step))[0, feature])) if other is not None else found[0]

    right = text.partition(" = ")[2].replace(said, _signed(float(trace.at(channel.name, step - 1)[slot, feature])))
    right = re.sub(r"[^\W\d_]+", value, right)
    return [Term(f"\n{channel.symbol}[{slot}, {feature}] = {right} = {number(float(row[feature]))}")]


def _signed(value: float) -> str:
    return f"({number(value)})" if value < 0 else number(value)


def _number_of(trace: Trace, channel: Channel, name: str, step: int, index: int, entry: int) -> str:
    """The value of the quantity with this symbol at the same entry; the name itself where there is none."""
    symbol, before = name.removesuffix(" before"), name.endswith(" before")
    for other in trace.channels.values():
        if other.symbol == symbol and other.axes == channel.axes:
            found = _at(trace, other, step, index, before)
            if found is None or found.ndim != 1 or not np.isfinite(found[entry]):
                return name
            return _signed(float(found[entry]))
    return name


def _at(trace: Trace, channel: Channel, step: int, index: int, before: bool) -> Array | None:
    """The row of a quantity now, or as it was before: at the step before, but of hops the hop before."""
    if not before:
        return _row(channel, np.asarray(trace.at(channel.name, step)), index)
    if channel.axes[:1] == ("hop",):
        return _row(channel, np.asarray(trace.at(channel.name, step)), index - 1) if index > 0 else None
    if step > 0 or channel.name in trace.initial:
        return _row(channel, np.asarray(trace.at(channel.name, step - 1)), index)
    return None


def _row(channel: Channel, value: Array, index: int) -> Array:
    found: Array = value[index] if channel.axes and channel.axes[0] in PARTS and value.ndim else value
    return found


def _axis(channel: Channel) -> str:
    """The axis of which one entry is worked out."""
    rest = [axis for axis in channel.axes if axis not in PARTS]
    return "slot" if "slot" in rest else rest[-1] if rest else ""


def _place(trace: Trace, channel: Channel, entry: int) -> str:
    axis = _axis(channel)
    if axis == "answer" and entry >= 0:
        return f"“{trace.label('answer', entry)}”"
    return f"{axis} {entry}" if entry >= 0 and axis in ("slot", "unit", "feature") else ""
