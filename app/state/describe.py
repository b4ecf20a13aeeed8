"""The selected thing in words and numbers: what the Inspector says first, and what can be copied from it."""

from dataclasses import dataclass
from itertools import islice

import numpy as np

from app.state.formula import symbolic
from app.state.looks import name_of_hop
from app.state.preferences import Depth
from app.state.things import PARTS, SLOTS, Thing, layer_name, position_name, slot_says
from engine.contract.cards import Channel, Lifetime
from engine.contract.trace import Array, Trace, TraceCard

LIFETIMES: dict[Lifetime, str] = {
    "step": "lives one step",
    "episode": "lives one episode",
    "persistent": "persistent",
    "weights": "changed by training only",
}

_SIGNED = ("vector", "memory")
_MANY = 1000
"""Entries from which only the largest are sorted."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of the value: what it belongs to, and whether that is what was clicked."""

    label: str
    value: float
    slot: int = -1
    is_chosen: bool = False


def headline(thing: Thing, step: int, slots: tuple[int, ...] = ()) -> str:
    """ "Write head 1, step 8"; steps, heads and hops are counted from 1, slots from 0 as in the pictures."""
    return f"{_who(thing, slots)}, {'after ' if thing.channel.kind == 'memory' else ''}{when_in_words(thing.trace, step)}"


def when_in_words(trace: Trace, step: int) -> str:
    """ "step 8"; of a stream "sample 12", or "sample 12, step 8" where a sample takes several."""
    each = trace.card.sample_steps
    if not each:
        return f"step {step + 1}"
    return f"sample {step // each + 1:,}" + (f", step {step % each + 1}" if each > 1 else "")


def sentence(thing: Thing, step: int, depth: Depth) -> str:
    """What the quantity is; in technical words with its name, in formula depth with its symbol."""
    channel = thing.channel
    said = channel.says
    if "slot" in channel.axes[: len(thing.index)] and channel.kind == "memory":
        told = slot_says(thing.trace, thing.index[channel.axes.index("slot")], step)
        said = f"“{told}”" if told else said
    if depth == "plain":
        return said
    title = channel.title[:1].upper() + channel.title[1:]
    symbol = f" {channel.symbol}" if depth == "formula" and channel.symbol else ""
    return f"{title}{symbol}. {said}" if title else said


def entries(thing: Thing, step: int, slots: tuple[int, ...] = (), most: int = 4) -> list[Entry]:
    """The largest numbers of the value, the chosen slots always among them; empty where the value does not exist at this step."""
    shares = thing.channel.axes[-1:] in (("slot",), ("position",), ("answer",)) or thing.channel.axes == ("layer",)
    if shares and len(thing.index) == len(thing.channel.axes):
        slots = (thing.index[-1],)  # one of several that share a whole: it says more beside the others
        thing = Thing(thing.trace, thing.channel, thing.index[:-1])
    elif thing.channel.axes == ("layer",):
        slots = ()
    value = thing.at(step)
    if not np.isfinite(value).any():
        return []
    if value.ndim == 0:
        return [Entry(_short_name(thing.channel), float(value), is_chosen=True)]
    row = value if value.ndim == 1 else np.linalg.norm(np.nan_to_num(value), axis=-1)
    axis = thing.entries_axis if value.ndim == 1 else thing.channel.axes[len(thing.index)]
    chosen = [slot for slot in slots if axis in (*SLOTS, "answer", "layer") and slot < len(row)]
    order = (i for i in _by_size(row, most + len(chosen)) if i not in chosen and np.isfinite(row[i]))
    shown = [*chosen, *islice(order, max(most - len(chosen), 0))][:most]
    shown.sort(key=lambda i: -abs(float(np.nan_to_num(row[i]))))
    return [Entry(_label(thing, axis, i), float(row[i]), i if axis in SLOTS else -1, i in chosen) for i in shown]


def _by_size(row: Array, most: int) -> list[int]:
    """At least so many of the largest entries, the largest first; of a long row, hardly more are looked at."""
    sizes = -np.abs(np.nan_to_num(row))
    places = np.arange(len(row))
    if len(row) > _MANY:
        places = np.flatnonzero(sizes <= np.partition(sizes, most)[most])
    found: list[int] = places[np.argsort(sizes[places], kind="stable")].tolist()
    return found


def limits(thing: Thing) -> tuple[float, float]:
    """The range that the bars are drawn on: that of the channel everywhere else."""
    return thing.trace.limits(thing.channel.name)


def as_text(thing: Thing, step: int) -> str:
    """Every number of the value, to be pasted into a table: one line a row, parted by tabs."""
    rows = np.atleast_2d(thing.at(step))
    return "\n".join("\t".join(f"{number:.7g}" for number in row) for row in rows.reshape(-1, rows.shape[-1]))


def course(thing: Thing, slots: tuple[int, ...] = ()) -> Array:
    """One number a step: the chosen number itself, else the row's largest weight, or its length."""
    place: tuple[slice | int, ...] = (slice(None), *thing.index)
    values: Array = np.asarray(thing.trace.arrays[thing.channel.name])[place]
    if values.ndim > 1 and thing.entries_axis in SLOTS and slots and slots[0] < values.shape[-1]:
        return np.asarray(values[..., slots[0]])
    if values.ndim == 1:
        return values
    flat = np.asarray(values.reshape(len(values), -1), np.float64)
    if thing.channel.kind in _SIGNED:
        return np.asarray(np.sqrt(np.square(flat).sum(-1)))
    absent = ~np.isfinite(flat).any(-1)
    return np.asarray(np.where(absent, np.nan, np.max(np.where(np.isfinite(flat), flat, -np.inf), axis=-1)))


def course_name(thing: Thing, slots: tuple[int, ...] = ()) -> str:
    """What the curve shows: "write weighting, slot 7"."""
    channel, title = thing.channel, thing.channel.title or thing.channel.name
    if thing.entries_axis in SLOTS and slots and slots[0] < thing.trace.arrays[channel.name].shape[-1]:
        return f"{title}, {_label(thing, thing.entries_axis, slots[0])}"
    if len(thing.index) == len(channel.axes):
        places = zip(channel.axes, thing.index, strict=True)
        said = [_label(thing, axis, i) for axis, i in places if axis not in PARTS or channel.axes == ("layer",)]
        return ", ".join((title, *said))
    if channel.kind in _SIGNED:
        said = [f"slot {i}" for axis, i in zip(channel.axes, thing.index, strict=False) if axis == "slot"]
        return f"length of {title}" + "".join(f", {s}" for s in said)
    return f"largest {title}"


def formula_words(thing: Thing) -> str:
    """The formula with symbols only; empty if the channel has none."""
    return symbolic(thing.trace, thing.channel)


def parameters_in_words(card: TraceCard) -> str:
    """ "62,860 parameters, the same for any number of slots", where the model's own count says so."""
    counted = f"{card.parameters:,} parameters"
    formula = card.model.parameter_formula
    if card.model.slots_are == "units" or not formula:
        return counted
    return counted if "slots" in formula else f"{counted}, the same for any number of slots"


def number(value: float) -> str:
    """A number as it is shown: two digits and a true minus, three where two would say 0.00 of something."""
    if not np.isfinite(value):
        return "none"
    digits = 2 if abs(value) >= 0.005 or abs(value) < 0.0005 else 3
    return f"{value:.{digits}f}".replace("-0.00", "0.00" if abs(value) < 0.0005 else "-0.00").replace("-", "\N{MINUS SIGN}")


def amount(value: float) -> str:
    """A loss or a metric as it is shown: three digits that count, and no more zeros than can be read."""
    return f"{value:.3g}" if value == 0 or abs(value) >= 0.001 else "<0.001" if value > 0 else ">\N{MINUS SIGN}0.001"


def _who(thing: Thing, slots: tuple[int, ...]) -> str:
    channel, axes = thing.channel, thing.channel.axes
    title = channel.title or channel.name
    title = title[:1].upper() + title[1:]
    if axes[:2] == ("layer", "head"):
        who = f"Layer {thing.part + 1}, head {thing.parts.get('head', 0) + 1}"
        whose = who if channel.kind == "attention" else f"{title} of {who.lower()}"
        return whose + (f", {_label(thing, axes[2], thing.index[2])}" if len(thing.index) > 2 else "")
    if axes[:1] == ("head",):
        head = f"{channel.organ.capitalize()} head {thing.part + 1}"
        return head if channel.role in ("read", "write") else f"{title} of head {thing.part + 1}"
    if axes[:1] == ("hop",):
        hop = name_of_hop(thing.trace, thing.part)
        return f"{hop[:1].upper()}{hop[1:]}" if channel.kind == "attention" else f"{title} of {hop}"
    if channel.kind == "memory" and "slot" in axes[: len(thing.index)]:
        bank = f" of the {channel.title}, {_part(thing)}" if axes[0] in PARTS else ""
        return f"{_slots(slots)}{bank}" + (f", feature {thing.index[-1]}" if len(thing.index) == len(axes) else "")
    said = [_label(thing, axis, i) for axis, i in zip(axes, thing.index, strict=False)]
    if axes[len(thing.index) - 1 : len(thing.index)] == ("answer",):
        return f"Answer “{thing.trace.label('answer', thing.index[-1])}”"
    return ", ".join((title, *said))


def _slots(slots: tuple[int, ...]) -> str:
    if len(slots) == 1:
        return f"Slot {slots[0]}"
    if len(slots) <= 4:
        return f"Slots {', '.join(map(str, slots[:-1]))} and {slots[-1]}"
    return f"{len(slots)} slots"


def _place(axis: str, index: int) -> str:
    return f"{axis} {index + 1 if axis in (*PARTS, 'bit', 'position') else index}"


def _part(thing: Thing) -> str:
    """ "layer 2", "hop 1": to which of several the thing belongs."""
    axis = thing.channel.axes[0]
    if axis == "hop":
        return name_of_hop(thing.trace, thing.part)
    return layer_name(thing.trace, thing.channel, thing.part) if axis == "layer" else _place(axis, thing.part)


def _label(thing: Thing, axis: str, index: int) -> str:
    names = thing.trace.card.labels.get(axis, ())
    if axis == "shift":
        reach = thing.trace.arrays[thing.channel.name].shape[-1] // 2
        return f"shift {index - reach:+d}".replace("-", "\N{MINUS SIGN}")
    if axis in ("answer", "bit", "mode") and index < len(names):
        return names[index]
    if axis == "layer":
        return layer_name(thing.trace, thing.channel, index)
    if axis == "position" and (name := position_name(thing.trace, index)):
        return f"position {index + 1} “{name}”"
    return _place(axis, index)


def _short_name(channel: Channel) -> str:
    return channel.title.rpartition(" ")[2] or channel.name
