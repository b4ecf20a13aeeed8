"""What is worth a mark on the sequence lane: strong writes, reads while the output counts, the wipe at the end of an episode."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from engine.contract.cards import Channel, MicroStep
from engine.contract.hops import hop_name
from engine.contract.trace import Array, Event

STRONG = 0.25
"""A write counts if it changes its slot at least this much of what the strongest write of the episode changes."""

NOTHING = 1e-6


def events_of(
    channels: tuple[Channel, ...],
    arrays: Mapping[str, Array],
    initial: Mapping[str, Array],
    stages: tuple[MicroStep, ...] = (),
    each: int = 0,
    wipes: bool = True,
) -> tuple[Event, ...]:
    """All events that follow from the recorded channels, whatever the model; its stages say what its hops are called.

    `each`: how many steps a sample of a stream takes. Of a stream the events are what becomes of its samples: what is stored, and
    the wipe after each, if the model `wipes`; what every step reads and writes would be too many.
    """
    found: list[Event] = []
    is_episodic = any(channel.kind == "memory" and channel.lifetime == "episode" for channel in channels)
    steps = max((len(array) for array in arrays.values()), default=0)
    if each:
        found += _stored(channels, arrays)
    if each and steps > each:
        ends = range(each - 1, steps, each) if is_episodic and wipes else ()
        return (*found, *(Event(kind="wipe", step=end, says="the sample ends and the memory is wiped") for end in ends))
    for channel in channels:
        if channel.role == "write" and len(channel.axes) == 2:
            found += _writes(channel, channels, arrays, initial)
        elif _looks(channel) and len(channel.axes) == 2:
            found += _reads(channel, channels, arrays, stages)
    if is_episodic:
        found.append(Event(kind="wipe", step=steps - 1, says="the episode ends and its memory is wiped"))
    return tuple(found)


def _stored(channels: tuple[Channel, ...], arrays: Mapping[str, Array]) -> Iterable[Event]:
    """Where a sample was found worth keeping, and in which slot."""
    stored = next((channel.name for channel in channels if channel.role == "stored"), None)
    write = next((channel.name for channel in channels if channel.role == "write"), None)
    if stored is None or write is None:
        return
    for step in np.flatnonzero(np.asarray(arrays[stored]).reshape(len(arrays[stored]), -1).any(-1)).tolist():
        slot = int(np.asarray(arrays[write][step]).reshape(-1, arrays[write].shape[-1]).max(0).argmax())
        yield Event(kind="write", step=step, slot=slot, says=f"the sample is stored as slot {slot}")


def say_what_was_lost(
    events: Iterable[Event], channels: tuple[Channel, ...], arrays: Mapping[str, Array], labels: Mapping[str, tuple[str, ...]]
) -> tuple[Event, ...]:
    """The events, each write with the name of what it replaced, where the model says that."""
    lost = next((channel for channel in channels if channel.role == "lost" and not channel.axes), None)
    names = labels.get(lost.name, ()) if lost else ()
    if lost is None or not names:
        return tuple(events)
    gone = np.nan_to_num(arrays[lost.name], nan=-1.0)
    return tuple(
        replace(event, says=f"{event.says}; “{names[int(gone[event.step])]}”, which lay there, is lost")
        if event.kind == "write" and gone[event.step] >= 0
        else event
        for event in events
    )


def _writes(
    channel: Channel, channels: tuple[Channel, ...], arrays: Mapping[str, Array], initial: Mapping[str, Array]
) -> Iterable[Event]:
    """A head writes where its weighting is largest; how much is the length of the change that it makes there."""
    weighting = arrays[channel.name]
    slots = weighting.argmax(-1)
    amounts = weighting.max(-1) * _changes(slots, channels, arrays, initial)
    most = float(np.max(amounts, initial=0.0))
    strong = np.argwhere(amounts >= max(STRONG * most, NOTHING))
    for step, head in strong.tolist():
        slot, share = int(slots[step, head]), float(weighting[step, head].max())
        says = f"{_name(channel, head)} writes to slot {slot} ({share:.0%} of its weighting)"
        yield Event(kind="write", step=step, head=head, slot=slot, amount=float(amounts[step, head]) / most, says=says)


def _changes(
    slots: np.ndarray, channels: tuple[Channel, ...], arrays: Mapping[str, Array], initial: Mapping[str, Array]
) -> np.ndarray:
    """How far a full write moves the slot, `(step, head)`: 1 where the model shows no erase and add vectors."""
    names = {
        key: channel.name for channel in channels for key in (channel.role, channel.kind) if key in ("erase", "add", "memory")
    }
    if len(names) < 3 or names["memory"] not in initial:
        return np.ones(slots.shape)
    after = np.asarray(arrays[names["memory"]])
    before = np.concatenate((initial[names["memory"]][None], after[:-1]))
    there = before[np.arange(len(before))[:, None], slots]
    return np.asarray(np.linalg.norm(arrays[names["add"]] - arrays[names["erase"]] * there, axis=-1))


def _looks(channel: Channel) -> bool:
    """Whether it says what is read; scores that are no share of anything do not."""
    return channel.role == "read" or channel.kind == "attention" or (channel.role == "look" and channel.kind in _VERBS)


_VERBS = {"gate": "lets in", "decision": "chooses"}


def _reads(
    channel: Channel, channels: tuple[Channel, ...], arrays: Mapping[str, Array], stages: tuple[MicroStep, ...]
) -> Iterable[Event]:
    """Each head or hop at each step at which the output counts (there the task says how wrong it was)."""
    weighting = arrays[channel.name]
    counts = np.isfinite(weighting).any((1, 2))
    for error in (other for other in channels if other.role == "error" and not other.axes):
        counts &= np.isfinite(arrays[error.name])
    for step in np.flatnonzero(counts).tolist():
        for head, row in enumerate(weighting[step]):
            if not np.isfinite(row).any() or not np.nanmax(row) > 0:
                continue
            slot, share = int(np.nanargmax(row)), float(np.nanmax(row))
            how = {"gate": f" (gate {share:.2f})", "decision": ""}.get(channel.kind, f" ({share:.0%} of its weighting)")
            says = f"{_name(channel, head, stages)} {_VERBS.get(channel.kind, 'reads')} slot {slot}{how}"
            yield Event(kind="read", step=step, head=head, slot=slot, amount=share, says=says)


def _name(channel: Channel, number: int, stages: tuple[MicroStep, ...] = ()) -> str:
    return hop_name(stages, number) if channel.axes[0] == "hop" else f"{channel.organ} head {number + 1}"
