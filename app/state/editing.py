"""Makes edits from what is selected: what can be changed there, and the edit that does it, or one sentence why not."""

import math
from collections.abc import Callable

import numpy as np

from app.state.edit_offer import Answer, CannotEditError, EditOffer, Wish
from app.state.editing_growing import growing_edits, growing_offers
from app.state.growing import growing_of
from app.state.lens import Selection
from app.state.looks import name_of_hop
from app.state.presenting import presenting_edits, presenting_offers
from app.state.things import PARTS, Thing, memories, thing
from engine.contract.cards import Channel
from engine.contract.edits import Edit
from engine.contract.trace import Trace

LOOKS = ("layer", "head", "position")
"""The axes of attention over the steps of the episode."""
NOTHING = "Click a slot, a head or a unit in a pane; then it can be changed here."


def offers(trace: Trace, selection: Selection, step: int) -> tuple[EditOffer, ...]:
    """What can be done to the selection, the simplest first; empty if nothing can."""
    growing = growing_of(trace)
    if growing is not None:
        return (*growing_offers(growing, selection, step), *presenting_offers(trace, step))
    found: list[EditOffer] = presenting_offers(trace, step)
    places = _places(trace, selection)
    if places:
        found += _place_offers(places, step)
    head = _head(trace, selection)
    if head is not None:
        found += _head_offers(head, selection)
    return tuple(found)


def make(act: Wish, trace: Trace, selection: Selection, step: int, answer: Answer | None = None) -> tuple[Edit, ...]:
    """The edits for this act; CannotEditError says in one sentence what is wrong or missing."""
    answer = answer or Answer()
    if not 0 <= step < trace.steps:
        raise CannotEditError(f"Step {step + 1} is not in this episode; it has {trace.steps} steps.")
    if act == "present":
        return presenting_edits(trace, step, answer)
    growing = growing_of(trace)
    if growing is not None:
        return growing_edits(growing, act, selection, step)
    if act in ("force", "mute"):
        head = _head(trace, selection)
        if head is None:
            raise CannotEditError("Select a head first: click a weighting in a pane.")
        return (_force(head, step, answer),) if act == "force" else (_mute(head, step),)
    places = _places(trace, selection)
    if not places:
        raise CannotEditError("Select a slot first: click one in the memory pane.")
    made: dict[Wish, Callable[[], tuple[Edit, ...]]] = {
        "erase": lambda: tuple(Edit(act="erase", channel=p.channel.name, step=step, index=p.index) for p in places),
        "freeze": lambda: tuple(Edit(act="freeze", channel=p.channel.name, step=step, index=p.index, until=-1) for p in places),
        "set": lambda: _set(places, step, answer),
        "swap": lambda: (_swap(places, step, answer),),
    }
    if act not in made:
        raise CannotEditError("Only a memory that grows can be emptied; here, erase single slots.")
    return made[act]()


def misfit(trace: Trace, edit: Edit) -> str:
    """Why an edit cannot act on this trace, in one sentence; empty if it can."""
    if edit.channel not in trace.channels:
        return f"This model records no {edit.channel}."
    if edit.step >= trace.steps:
        return f"Step {edit.step + 1} is not in this episode; it has {trace.steps} steps."
    shape = trace.arrays[edit.channel].shape[1:]
    axes = trace.channels[edit.channel].axes
    pairs = (
        [(axes[0], shape[0], i) for i in edit.index] if edit.act == "swap" else list(zip(axes, shape, edit.index, strict=False))
    )
    for axis, length, place in pairs:
        if not 0 <= place < length:
            return f"There is no {axis} {place + (axis in PARTS)} here; there are {length}."
    return ""


# ---- slots, units and their values ----------------------------------------------------------------------------------------


def _places(trace: Trace, selection: Selection) -> list[Thing]:
    """The rows or numbers that can be erased, set or frozen: slots of a memory, or a unit of the recurrent state."""
    chosen = thing(trace, selection)
    if chosen is not None and "unit" in chosen.channel.axes and selection.unit >= 0:
        return [chosen]
    banks = memories(trace)
    if not selection.slots or not banks:
        return []
    bank = chosen.channel if chosen is not None and chosen.channel in banks else banks[0]
    features = selection.features[:1] if chosen is not None and chosen.channel is bank else ()
    layer = (max(selection.layer, 0),) if bank.axes[0] == "layer" else ()
    slots, width = trace.arrays[bank.name].shape[-2:]
    if layer and layer[0] >= trace.arrays[bank.name].shape[1]:
        return []
    there = [s for s in selection.slots if 0 <= s < slots and all(0 <= f < width for f in features)]
    return [Thing(trace, bank, (*layer, s, *features)) for s in there]


def _place_offers(places: list[Thing], step: int) -> list[EditOffer]:
    what, first = _what(places), places[0]
    now = first.at(step)
    hint = f"{float(now):.3g}" if now.ndim == 0 else "0"
    found = [
        EditOffer(act="erase", title=f"Erase {what}", says=f"{_upper(what)} becomes zero after this step."),
        EditOffer(
            act="set", title="Set …", says=f"{_upper(what)} becomes what you type.", asks=f"{what} {_asks(first)}", hint=hint
        ),
    ]
    if first.channel.axes[0] == "slot" and len(first.index) == 1 and len(places) <= 2:
        two = len(places) == 2
        asks = "" if two else f"{what} with slot (0 to {first.trace.arrays[first.channel.name].shape[1] - 1})"
        title = f"Swap {what}" if two else "Swap …"
        found.append(EditOffer(act="swap", title=title, says="Two slots change places after this step.", asks=asks))
    says = f"{_upper(what)} keeps, to the end, what it holds after this step."
    return [*found, EditOffer(act="freeze", title=f"Freeze {what}", says=says)]


def _what(places: list[Thing]) -> str:
    first = places[0]
    if "unit" in first.channel.axes:
        return f"unit {first.index[-1]}"
    slots = [place.index[first.channel.axes.index("slot")] for place in places]
    if first.entries_axis == "":
        return f"slot {slots[0]}, feature {first.index[-1]}" if len(places) == 1 else f"{len(places)} cells"
    if len(slots) > 2:
        return f"{len(slots)} slots"
    return f"slot {slots[0]}" if len(slots) == 1 else f"slots {slots[0]} and {slots[1]}"


def _asks(place: Thing) -> str:
    width = _width(place)
    return "to the number" if width == 1 else f"to one number, or {width} numbers"


def _width(place: Thing) -> int:
    return int(place.at(0).size)


def _set(places: list[Thing], step: int, answer: Answer) -> tuple[Edit, ...]:
    numbers = read_numbers(answer.text)
    width = _width(places[0])
    if len(numbers) not in (1, width):
        wanted = "one number" if width == 1 else f"one number, or {width}"
        raise CannotEditError(f"{_upper(_what(places))} takes {wanted}; these are {len(numbers)}.")
    _check_range(places[0].channel, numbers)
    until = -1 if answer.onwards else None
    return tuple(Edit(act="set", channel=p.channel.name, step=step, index=p.index, values=numbers, until=until) for p in places)


def _check_range(channel: Channel, numbers: tuple[float, ...]) -> None:
    wrong = next((n for n in numbers if channel.bounded and not channel.low <= n <= channel.high), None)
    if wrong is not None:
        span = f"between {channel.low:g} and {channel.high:g}".replace("-", "\N{MINUS SIGN}")
        raise CannotEditError(f"{wrong:g}: the {channel.title or channel.name} lies {span}.".replace("-", "\N{MINUS SIGN}"))


def read_numbers(text: str) -> tuple[float, ...]:
    """Numbers parted by blanks, commas or semicolons; CannotEditError names the one that is none."""
    words = text.replace(";", " ").replace(",", " ").replace("\N{MINUS SIGN}", "-").split()
    if not words:
        raise CannotEditError("Type a number.")
    numbers: list[float] = []
    for place, word in enumerate(words, 1):
        try:
            numbers.append(float(word))
        except ValueError:
            which = f"number {place} ({_short(word)})" if len(words) > 1 else f"{_short(word)}"
            raise CannotEditError(f"{which}: this is not a number, such as 0.5.") from None
        if not math.isfinite(numbers[-1]) or abs(numbers[-1]) > 1e6:
            raise CannotEditError(f"{_short(word)}: the number must lie between \N{MINUS SIGN}1,000,000 and 1,000,000.")
    return tuple(numbers)


def _swap(places: list[Thing], step: int, answer: Answer) -> Edit:
    first = places[0]
    if len(places) > 2 or len(first.index) > 1 or first.channel.axes[0] != "slot":
        raise CannotEditError("Two slots can change places: select one or two.")
    one = first.index[0]
    other = places[1].index[0] if len(places) == 2 else read_slot(answer.text, first.trace.arrays[first.channel.name].shape[1])
    if one == other:
        raise CannotEditError(f"Slot {one} cannot be swapped with itself; choose another.")
    return Edit(act="swap", channel=first.channel.name, step=step, index=(one, other))


def read_slot(text: str, slots: int) -> int:
    """A slot's number; CannotEditError says which there are."""
    word = text.strip().lower().removeprefix("slot").strip()
    if not word:
        raise CannotEditError(f"Type the number of a slot, 0 to {slots - 1}.")
    if not (word.isascii() and word.isdigit() and len(word) < 10) or int(word) >= slots:
        raise CannotEditError(f"{_short(text.strip())}: there is no such slot; they are numbered 0 to {slots - 1}.")
    return int(word)


# ---- heads and hops -------------------------------------------------------------------------------------------------------


def _head(trace: Trace, selection: Selection) -> Thing | None:
    """The final weighting of the selected head or hop, as the thing that can be forced."""
    chosen = thing(trace, selection)
    if chosen is not None and chosen.channel.axes == LOOKS and min(selection.layer, selection.head) >= 0:
        return Thing(trace, chosen.channel, chosen.index[:2])
    if chosen is None or not chosen.channel.axes or chosen.channel.axes[0] not in ("head", "hop") or not _names_part(selection):
        return None
    final = _final(trace, chosen.channel.organ)
    if final is None or chosen.part >= trace.arrays[final.name].shape[1]:
        return None
    return Thing(trace, final, (chosen.part,))


def _names_part(selection: Selection) -> bool:
    return selection.head >= 0 or selection.hop >= 0


def _final(trace: Trace, organ: str) -> Channel | None:
    """The weighting that an organ acts through: the one with a role, else its attention."""
    mine = [c for c in trace.channels.values() if c.organ == organ and c.axes in (("head", "slot"), ("hop", "slot"))]
    acts = [c for c in mine if c.role in ("read", "write", "look") and c.kind != "vector"]
    return next(iter(acts), None) or next((c for c in mine if c.kind == "attention"), None)


def _head_offers(head: Thing, selection: Selection) -> list[EditOffer]:
    who = _head_name(head)
    last = head.trace.arrays[head.channel.name].shape[-1] - 1
    hint = str(selection.slots[0]) if selection.slots else ""
    if head.channel.axes == LOOKS:
        hint, asks = str(selection.slots[0] + 1) if selection.slots else "", f"to step (1 to {last + 1})"
    else:
        asks = f"to slot (0 to {last})"
    return [
        EditOffer(
            act="force",
            title="Force weighting …",
            says=f"{who} looks at one {'step' if head.channel.axes == LOOKS else 'slot'} only.",
            asks=asks,
            hint=hint,
        ),
        EditOffer(act="mute", title=f"Mute {who[:1].lower()}{who[1:]}", says=f"{who} does nothing from this step on."),
    ]


def _head_name(head: Thing) -> str:
    part = head.part + 1
    if head.channel.axes == LOOKS:
        return f"Layer {part}, head {head.index[1] + 1}"
    if head.channel.axes[0] == "hop":
        name = name_of_hop(head.trace, head.part)
        return f"{name[:1].upper()}{name[1:]}"
    return f"{head.channel.organ.capitalize()} head {part}"


def _force(head: Thing, step: int, answer: Answer) -> Edit:
    count = head.trace.arrays[head.channel.name].shape[-1]
    slot = _read_position(head, step, answer, count) if head.channel.axes == LOOKS else read_slot(answer.text, count)
    if not answer.onwards and not np.isfinite(head.at(step)).any():
        where = "choose a step where it does, or “from here to the end”"
        raise CannotEditError(f"{_head_name(head)} looks nowhere at step {step + 1}; {where}.")
    until = -1 if answer.onwards else None
    return Edit(act="force", channel=head.channel.name, step=step, index=(*head.index, slot), until=until)


def _read_position(head: Thing, step: int, answer: Answer, count: int) -> int:
    """A step that the head may look at from here, counted from 1 by the reader."""
    word = answer.text.strip().lower().removeprefix("step").strip()
    if not word:
        raise CannotEditError(f"Type the number of a step, 1 to {count}.")
    if not (word.isascii() and word.isdigit() and len(word) < 10) or not 1 <= int(word) <= count:
        raise CannotEditError(f"{_short(answer.text.strip())}: there is no such step; they are numbered 1 to {count}.")
    position, row = int(word) - 1, np.nan_to_num(np.asarray(head.trace.at(head.channel.name, step)))
    if row.any() and not (row[..., position] > 0).any():
        raise CannotEditError(f"Step {position + 1} cannot be looked at from step {step + 1}: no head ever does.")
    return position


def _mute(head: Thing, step: int) -> Edit:
    """What a read head or hop gets becomes zero; a write head writes nowhere."""
    organ, part = head.channel.organ, head.channel.axes[0]
    got = [
        c
        for c in head.trace.of_kind("vector")
        if c.organ == organ and c.axes == (part, "feature") and c.name.partition(".")[2] in ("vector", "read")
    ]
    channel = got[0] if got else head.channel
    return Edit(
        act="mute", channel=channel.name, step=step, index=head.index if channel is head.channel else (head.part,), until=-1
    )


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short(word: str) -> str:
    return word if len(word) <= 24 else f"{word[:24]}…"
