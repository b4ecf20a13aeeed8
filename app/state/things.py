"""Which value of a trace a selection means: its channel and its place along the channel's axes."""

from dataclasses import dataclass

import numpy as np

from app.state.growing import growing_of
from app.state.lens import Selection
from app.state.looks import holding, look_of
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

PARTS = ("head", "hop", "layer")
"""Axes that say who: one of several heads, hops or layers."""
SLOTS = ("slot", "position")
"""Axes along which a chosen slot is a place: the slots of a memory, and the steps of the episode that attention looks at."""


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """A channel of a trace and a place in it: `index` is as long as the channel's axes for one number, shorter for a row."""

    trace: Trace
    channel: Channel
    index: tuple[int, ...]

    @property
    def part(self) -> int:
        """The head, hop or layer; 0 where there is only one."""
        return self.index[0] if self.index and self.channel.axes[0] in PARTS else 0

    @property
    def parts(self) -> dict[str, int]:
        """Which head, hop and layer the thing belongs to, by axis."""
        return {axis: i for axis, i in zip(self.channel.axes, self.index, strict=False) if axis in PARTS}

    @property
    def entries_axis(self) -> str:
        """Along which axis the value is a row; empty for one number."""
        rest = self.channel.axes[len(self.index) :]
        return rest[-1] if rest else ""

    def at(self, step: int) -> Array:
        """The value at a step."""
        if self.channel.once and self.index and self.channel.axes[0] == "slot":
            return self._of_its_slot(step)
        value: Array = np.asarray(self.trace.at(self.channel.name, step)[self.index])
        return value

    def _of_its_slot(self, step: int) -> Array:
        """Of a memory that is kept once, without a look at its other slots, which may be very many."""
        value: Array = np.asarray(self.trace.arrays[self.channel.name][max(step, 0)][self.index])
        alive = self.trace.alive(step)
        return value if alive is None or alive[self.index[0]] > 0 else np.zeros_like(value)


def thing(trace: Trace | None, selection: Selection) -> Thing | None:
    """What the selection means in this trace; None if the trace has no such quantity or no such place."""
    if trace is None or selection.is_empty:
        return None
    channel = trace.channels.get(selection.channel) or _likely(trace, selection)
    if channel is None:
        return None
    index = _index(trace, channel, selection)
    shape = trace.arrays[channel.name].shape[1:]
    if any(not 0 <= place < length for place, length in zip(index, shape, strict=False)):
        return None
    return Thing(trace, channel, index)


def present(trace: Trace, step: int) -> Selection:
    """What is worth a look at this step when nothing is selected: who writes, else who reads or looks, else what is answered; of
    a memory that grows the slot that is written, else the most alike of those retrieved."""
    growing = growing_of(trace)
    if growing is not None:
        slots = [slot for slot in (growing.stored(step), *growing.retrieved(step).tolist()) if slot >= 0]
        if slots:
            return Selection(channel=growing.memory, slots=(slots[0],))
    for role in ("write", "read"):
        heads = [event.head for event in trace.card.events if event.kind == role and event.step == step]
        channels = trace.of_role("write" if role == "write" else "read")
        if heads and channels:
            return Selection(channel=channels[0].name, head=max(heads[0], 0))
    look = look_of(trace)
    if look is not None and np.isfinite(trace.at(look.channel.name, step)).any():
        return Selection(channel=look.channel.name, hop=trace.arrays[look.channel.name].shape[1] - 1)
    looks = attentions(trace)
    if looks and np.isfinite(trace.at(looks[-1].name, step)).any():
        layer, head, _ = sharpest(trace, looks[-1], step)
        return Selection(channel=looks[-1].name, layer=layer, head=head)
    written = [event.slot for event in trace.card.events if event.kind == "write" and event.step == step and event.slot >= 0]
    memory = memories(trace)
    if written and memory:
        return Selection(channel=memory[0].name, slots=(written[0],))
    rest = trace.of_role("write") or trace.of_role("read") or trace.of_role("answer") or trace.of_role("output")
    return Selection(channel=rest[0].name, head=0 if "head" in rest[0].axes else -1) if rest else Selection()


def memories(trace: Trace) -> list[Channel]:
    """The banks whose slots carry over from step to step: one, or one for each layer."""
    kept = [channel for channel in trace.of_kind("memory") if channel.axes == ("slot", "feature")]
    return kept + [c for c in trace.of_kind("memory") if c.axes == ("layer", "slot", "feature") and c.lifetime != "step"]


def attentions(trace: Trace) -> list[Channel]:
    """The attention of layers and heads over the positions of the episode."""
    return [c for c in trace.of_kind("attention") if c.axes == ("layer", "head", "position")]


def sharpest(trace: Trace, channel: Channel, step: int) -> tuple[int, int, int]:
    """The layer, head and position of the largest attention at a step; call only where some of it exists."""
    rows = np.nan_to_num(np.asarray(trace.at(channel.name, step)), nan=-1.0)
    layer, head, place = np.unravel_index(int(rows.argmax()), rows.shape)
    return int(layer), int(head), int(place)


def position_names(trace: Trace) -> tuple[str, ...]:
    """What stands at each position of the episode: a word, a symbol; empty where the task gives its steps no names."""
    names = tuple(position_name(trace, position) for position in range(trace.steps))
    return names if any(names) else ()


def position_name(trace: Trace, position: int) -> str:
    """What stands at one position: the step's name, else the word or symbol that comes in there; empty if it has none."""
    named = trace.card.labels.get("position") or trace.card.labels.get("step") or ()
    if named:
        return named[position] if position < len(named) else ""
    for channel in trace.of_role("input"):
        if channel.kind == "tokens" and not channel.axes and position < trace.steps:
            return token_name(trace, channel, float(trace.at(channel.name, position)))
    return ""


def token_name(trace: Trace, channel: Channel, token: float) -> str:
    """What a word or symbol is called: by the names of its channel, else by those of the answers; empty where there is none."""
    if not token >= 0:  # NaN and the number for "nothing" alike
        return ""
    return trace.label(channel.name if channel.name in trace.card.labels else "answer", int(token))


def slots_are_positions(trace: Trace, channel: Channel) -> bool:
    """Whether each slot of a bank is what one step of the episode left there: as many slots as attention has positions."""
    looks = attentions(trace)
    if not looks or "slot" not in channel.axes:
        return False
    return bool(trace.arrays[channel.name].shape[1 + channel.axes.index("slot")] == trace.arrays[looks[0].name].shape[-1])


def mixtures(trace: Trace) -> list[Channel]:
    """The numbers that say how much of each layer is remembered: one a layer."""
    return [c for c in trace.of_role("mixture") if c.axes == ("layer",)]


def layer_name(trace: Trace, channel: Channel, index: int) -> str:
    """ "layer 2"; of a channel that counts what comes in as its first layer, "input" for that one."""
    names = trace.card.labels.get(channel.name) or trace.card.labels.get("layer") or ()
    count = trace.arrays[channel.name].shape[1 + channel.axes.index("layer")]
    if len(names) == count:
        return names[index]
    deepest = max((trace.arrays[c.name].shape[1] for c in trace.of_kind("attention") if c.axes[:1] == ("layer",)), default=count)
    first = int(count == deepest + 1)
    return "input" if index < first else f"layer {index + 1 - first}"


def slot_says(trace: Trace, slot: int, step: int) -> str:
    """The sentence that lies in a slot after a step; empty where slots hold no sentences, or this one none."""
    channel = holding(trace)
    if channel is not None and slot < trace.arrays[channel.name].shape[1]:
        token = float(trace.at(channel.name, max(step, 0))[slot])
        return trace.label(channel.name, int(token)) if token >= 0 else ""
    names = trace.card.labels.get("slot", ())
    return names[slot] if slot < len(names) else ""


def slots_say(trace: Trace, step: int, slots: int) -> tuple[str, ...]:
    """The sentences that lie in the first slots of a memory after a step, with one look at them all."""
    channel = holding(trace)
    if channel is None or slots > trace.arrays[channel.name].shape[1]:
        return tuple(slot_says(trace, slot, step) for slot in range(slots))
    tokens = np.nan_to_num(np.asarray(trace.at(channel.name, max(step, 0))), nan=-1.0)[:slots].tolist()
    return tuple(trace.label(channel.name, int(token)) if token >= 0 else "" for token in tokens)


def _likely(trace: Trace, selection: Selection) -> Channel | None:
    """The channel that a selection without one means (a slot or a head that was chosen by keyboard, in a lesson, ...)."""
    if selection.answer >= 0:
        found = trace.of_role("answer")
    elif selection.hop >= 0:
        look = look_of(trace)
        found = [look.channel] if look is not None else []
    elif selection.layer >= 0 and selection.head >= 0:
        found = attentions(trace)
    elif selection.head >= 0:
        found = trace.of_role("write") or trace.of_role("read")
    elif selection.unit >= 0 or selection.layer >= 0:
        found = [channel for channel in trace.of_kind("vector") if "unit" in channel.axes]
    else:
        found = memories(trace) or trace.of_kind("memory") or trace.of_kind("attention", "weighting")
    return found[0] if found else None


def _index(trace: Trace, channel: Channel, selection: Selection) -> tuple[int, ...]:
    first_slot = selection.slots[0] if selection.slots else -1
    first_feature = selection.features[0] if selection.features else -1
    chosen: dict[str, int] = {
        "head": selection.head, "hop": selection.hop, "layer": selection.layer, "slot": first_slot, "position": first_slot,
        "feature": first_feature, "bit": first_feature, "unit": selection.unit, "answer": selection.answer,
    }  # fmt: skip
    index: list[int] = []
    for number, axis in enumerate(channel.axes):
        place = -1 if axis in channel.axes[:number] else chosen.get(axis, -1)  # of slots by slots, a row: what came before it
        if place < 0 and axis in PARTS and channel.axes != ("layer",):
            place = trace.arrays[channel.name].shape[1] - 1 if axis == "hop" else 0
        if place < 0:
            break
        index.append(place)
    return tuple(index)
