"""Present another sample instead: another one of the stream, or a way that was drawn, in the place of the one at this step."""

from typing import Any

import numpy as np

from app.state.edit_offer import Answer, CannotEditError, EditOffer
from app.state.own_trajectory import evenly, sentence_of
from app.state.trajectories import Pose, frame_of, scene_at, trajectory_channels, views_of
from engine.contract.cards import Channel
from engine.contract.edits import Edit
from engine.contract.own_trajectory import BadTrajectoryError, Line, read_samples
from engine.contract.trace import Array, Trace

ORGAN = "input"
Steps = np.ndarray[tuple[int], np.dtype[np.signedinteger[Any]]]


def presented(trace: Trace) -> list[Channel]:
    """What the model takes from the probe of each sample of a stream, and so can be given instead; what is seen comes first."""
    if not trace.samples or trace.card.sample_steps != 1:
        return []
    own = {channel.name for channel in trace.card.model.channels}
    found = [c for c in trace.channels.values() if c.organ == ORGAN and c.name in own]
    return [c for c in found if (c.kind, c.axes) in (("trajectory", ("time", "xy")), ("tokens", ()))]


def can_be_drawn(trace: Trace) -> bool:
    """Whether a way in the plane can be presented: what is seen, and what comes of it."""
    channels = presented(trace)
    return len(channels) == 2 and all(channel.kind == "trajectory" for channel in channels)


def presenting_offers(trace: Trace, step: int) -> list[EditOffer]:
    """The one offer, where a sample is taken from the probe."""
    if not presented(trace) or trace.samples < 2:
        return []
    there = step + 2 if step + 2 <= trace.samples else step
    asks = f"instead: a number (1 to {trace.samples:,}) of the stream"
    lines: tuple[Line, ...] = ()
    if can_be_drawn(trace):
        asks += ", or a way that you draw, or type as points x,y in metres"
        pose = _pose(trace, step)
        lines = tuple(_line(pose.inside(trace.arrays[channel.name][step])) for channel in presented(trace))
    return [
        EditOffer(
            act="present", title="Present another sample …", asks=asks, hint=str(there), lines=lines,
            reach=1.2 * max((max(abs(x), abs(y)) for line in lines for x, y in line), default=0.0),
            says="Go back to before it was stored, and let the network meet something else here.",
        )
    ]  # fmt: skip


def presenting_edits(trace: Trace, step: int, answer: Answer) -> tuple[Edit, ...]:
    """An edit for each part of the sample; CannotEditError says what would be right."""
    channels = presented(trace)
    if not channels:
        raise CannotEditError("Only a network that is offered one sample after the other can be offered another one.")
    word = answer.text.strip().lower().removeprefix("sample").strip()
    if "," in word:
        return _drawn(trace, channels, step, word)
    if not (word.isascii() and word.isdigit() and len(word) < 10) or not 1 <= int(word) <= trace.samples:
        drawn = ", or type at least two points such as 0,0 0,8" if can_be_drawn(trace) else ""
        raise CannotEditError(f"Type the number of a sample, 1 to {trace.samples:,}{drawn}.")
    other = int(word) - 1
    if other == step:
        raise CannotEditError(f"Sample {other + 1} is the one that is here already; choose another.")
    return tuple(
        _instead(channel, step, trace.arrays[channel.name][other], f"{_part(channel)} of sample {other + 1:,}")
        for channel in channels
    )


def edits_of_what_is_presented(trace: Trace) -> tuple[Edit, ...]:
    """Those edits of a record that gave its network another sample."""
    names = {channel.name for channel in presented(trace)}
    return tuple(edit for edit in trace.card.edits if edit.enabled and edit.act == "set" and edit.channel in names)


def is_presented(trace: Trace, step: int) -> bool:
    """Whether the network met another sample here than the stream has: its error cannot be held beside the usual one's."""
    return any(edit.holds_at(step) for edit in edits_of_what_is_presented(trace))


def presented_in_words(before: Trace, after: Trace, moved: Steps) -> str:
    """What became of the other sample, and of how many later ones something else is foreseen; `moved`: where that is so.

    "Stored as slot 74 instead of 73. 12 later samples are foreseen differently, the first sample 214."
    """
    step = min(edit.step for edit in edits_of_what_is_presented(after))
    later = moved[moved > step]
    first = f", the first sample {int(later[0]) + 1:,}" if len(later) else ""
    is_one = len(later) == 1
    told = f"{len(later):,} later sample{' is' if is_one else 's are'} foreseen differently{first}."
    return (
        f"{_decision(_slot(before, step), _slot(after, step))} {told if len(later) else 'Every later one is foreseen as before.'}"
    )


def _slot(trace: Trace, step: int) -> int:
    """The slot that a step wrote; -1 if it was refused."""
    return next((event.slot for event in trace.card.events if event.kind == "write" and event.step == step), -1)


def _decision(old: int, new: int) -> str:
    if old < 0 and new < 0:
        return "It is refused too."
    if new < 0:
        return f"It is refused, where the other was stored as slot {old}."
    if old < 0:
        return f"It is stored as slot {new}, where the other was refused."
    return f"It is stored as slot {new}" + (f" instead of {old}." if old != new else ", in the other's place.")


def _drawn(trace: Trace, channels: list[Channel], step: int, text: str) -> tuple[Edit, ...]:
    """A way at an even pace: its first part is seen, the rest comes of it; it is moved so that it is now where this sample is."""
    if not can_be_drawn(trace):
        raise CannotEditError("A way in the plane is nothing that this network could be shown; type the number of a sample.")
    try:
        ways = read_samples(text, 1)
    except BadTrajectoryError as error:
        raise CannotEditError(sentence_of(error)) from None
    if len(ways) != 1:
        raise CannotEditError(f"These are {len(ways)} samples; one is presented at a step.")
    seen, came = (int(trace.arrays[channel.name].shape[1]) for channel in channels)
    line = np.asarray(evenly(list(ways[0][0]), seen + came), np.float32).reshape(-1, 2)
    if not len(line):
        raise CannotEditError("This way has no length; draw one that goes somewhere.")
    way = _pose(trace, step).outside(line - line[seen - 1])
    parts = (way[:seen], way[seen:])
    return tuple(
        _instead(channel, step, part, f"{_part(channel)} that was drawn") for channel, part in zip(channels, parts, strict=True)
    )


def _pose(trace: Trace, step: int) -> Pose:
    """The present place of the sample at a step in the middle; turned as the pane of trajectories turns it."""
    past = np.asarray(trace.arrays[presented(trace)[0].name][step])
    place = float(past[-1, 0]), float(past[-1, 1])
    if not trajectory_channels(trace):
        return Pose(place=place)
    return Pose(place=place, way=frame_of([trace], views_of(trace)[0]).pose(scene_at(trace, step)).way)


def _line(points: Array) -> Line:
    return tuple((float(x), float(y)) for x, y in points)


def _instead(channel: Channel, step: int, value: Array, what: str) -> Edit:
    numbers = tuple(round(float(number), 4) for number in np.asarray(value, np.float64).reshape(-1))
    return Edit(act="set", channel=channel.name, step=step, index=(), values=numbers, name=f"{what}, at sample {step + 1:,}")


def _part(channel: Channel) -> str:
    """ "past", "bottom"."""
    return channel.name.partition(".")[2]
