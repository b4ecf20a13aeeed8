"""What a model sees and is asked at a step: the picture, where it looks, what it listens to, and which samples it remembers.

Found by kinds, roles and axes: an image; attention over regions and over words; a gate over regions (the place that is asked
about); a read weighting over slots, and what is told of the slots (what each holds, when it was written, how often it is read).
"""

from dataclasses import dataclass

import numpy as np

from app.state.things import token_name
from engine.contract.cards import Channel, Role
from engine.contract.trace import Array, Trace

MOST_SOURCES = 6
WORTH = 0.01
"""A slot that gives less than this share of a read is left out of the list."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """The picture of a step, with what is looked at in it and what is asked."""

    pixels: Array
    """`(row, column, 3)` in 0..1."""
    grid: tuple[int, int]
    """How many rows and columns of regions it has; `(1, 1)` where it is seen whole."""
    looks: Array | None
    """Attention to each region; None where the model has none."""
    regions: tuple[str, ...]
    asked: int
    """The region that the question names; -1: none, or nobody says."""
    words: tuple[str, ...]
    listens: tuple[float, ...]
    """Attention to each word; empty where the model has none."""
    right: str
    said: str
    probability: float
    """How sure it is of what it said; NaN where nobody says."""

    @property
    def is_wrong(self) -> bool:
        """Whether another answer would have been right."""
        return bool(self.right and self.said and self.right != self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A slot that a read comes from: its share, and what is known of it (None, or empty: nobody says)."""

    slot: int
    share: float
    holds: str
    written: int | None
    """The sample at which it was written, counted since the training began."""
    reads: int | None


def picture_channels(trace: Trace) -> list[Channel]:
    """The image, and all that is told of regions and words; empty without an image."""
    images = [c for c in trace.of_kind("image") if c.axes == ("row", "column", "colour")]
    told = [c for c in trace.of_kind("attention", "gate") if c.axes in (("region",), ("word",))]
    return [images[0], *told] if images else []


def picture_at(trace: Trace, step: int) -> Picture:
    """All that is seen and asked at a step; call only where there are `picture_channels`."""
    image, *_ = picture_channels(trace)
    pixels = (np.nan_to_num(trace.at(image.name, step)) - image.low) / (image.high - image.low)
    looks, asks = _over(trace, "attention", "region", step), _over(trace, "gate", "region", step)
    count = max((len(part) for part in (looks, asks) if part is not None), default=1)
    words, listens = _words(trace, step)
    asked = int(asks.argmax()) if asks is not None and asks.max() > 0 else -1
    return Picture(
        pixels=np.clip(pixels, 0, 1).astype(np.float32), grid=_grid(count, pixels.shape[0], pixels.shape[1]), looks=looks,
        regions=tuple(trace.label("region", region) for region in range(count)), asked=asked, words=words, listens=listens,
        right=_token(trace, "target", step), said=_token(trace, "output", step), probability=_sureness(trace, step),
    )  # fmt: skip


def reader(trace: Trace) -> Channel | None:
    """The weighting of the heads that read slots; None where nothing is read."""
    return next((c for c in trace.of_role("read") if c.axes[-1:] == ("slot",)), None)


def sources(trace: Trace, step: int, most: int = MOST_SOURCES) -> tuple[Source, ...]:
    """The slots that most of the reads at a step come from, the strongest first, as they were before the step wrote."""
    found = reader(trace)
    if found is None:
        return ()
    weighting = np.nan_to_num(np.asarray(trace.at(found.name, step)))
    shares = weighting.reshape(-1, weighting.shape[-1]).mean(0)
    order = [int(slot) for slot in np.argsort(-shares, kind="stable")[:most] if shares[slot] >= WORTH]
    before = max(step - 1, 0)
    return tuple(
        Source(
            slot=slot, share=float(shares[slot]), holds=_held(trace, slot, before),
            written=_number(trace, "written", slot, before), reads=_number(trace, "reads", slot, before),
        )
        for slot in order
    )  # fmt: skip


def picture_in_words(trace: Trace, step: int) -> str:
    """What is asked and answered, where it looks, what it listens to, and what it remembers."""
    shown = picture_at(trace, step)
    told = [f"Asked: “{' '.join(shown.words)}”."]
    if shown.said:
        sure = f" ({shown.probability:.2f})" if np.isfinite(shown.probability) else ""
        told.append(f"It answers {shown.said}{sure}; {'right' if not shown.is_wrong else f'{shown.right} is right'}.")
    if shown.looks is not None:
        best = int(shown.looks.argmax())
        told.append(f"It looks most at {shown.regions[best]} ({shown.looks[best]:.2f}).")
    if shown.listens:
        best = int(np.argmax(shown.listens))
        told.append(f"It listens most to “{shown.words[best]}” ({shown.listens[best]:.2f}).")
    first = sources(trace, step, most=1)
    told += [f"Most of what it reads comes from {source_in_words(first[0])} ({first[0].share:.2f})."] if first else []
    return " ".join(told)


def source_in_words(source: Source) -> str:
    """ "slot 12, which holds “bima”, written at sample 1,204, read 5 times"."""
    told = [f"slot {source.slot}"]
    told += [f"which holds “{source.holds}”"] if source.holds else []
    told += [f"written at sample {source.written:,}"] if source.written is not None else []
    told += [f"read {times(source.reads)}"] if source.reads is not None and source.written is not None else []
    return ", ".join(told)


def times(count: int) -> str:
    """ "never", "once", "5 times"."""
    return {0: "never", 1: "once"}.get(count, f"{count:,} times")


# ---- the inside ----


def _over(trace: Trace, kind: str, axis: str, step: int) -> Array | None:
    """The attention or gate over an axis at a step; None where there is none."""
    for channel in trace.channels.values():
        if channel.kind == kind and channel.axes == (axis,):
            values: Array = np.asarray(trace.at(channel.name, step))
            return np.nan_to_num(values) if np.isfinite(values).any() else None
    return None


def _words(trace: Trace, step: int) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The words of the question, and the attention to each."""
    channel = next((c for c in trace.of_role("input") if c.kind == "tokens" and c.axes == ("word",)), None)
    if channel is None:
        return (), ()
    tokens = np.asarray(trace.at(channel.name, step))
    there = np.flatnonzero(tokens >= 0)
    listens = _over(trace, "attention", "word", step)
    names = trace.card.labels.get(channel.name) or trace.card.labels.get("word", ())
    words = tuple(names[int(tokens[place])] if int(tokens[place]) < len(names) else "?" for place in there)
    return words, tuple(float(listens[place]) for place in there) if listens is not None else ()


def _token(trace: Trace, role: Role, step: int) -> str:
    channel = next((c for c in trace.of_role(role) if c.kind == "tokens" and not c.axes), None)
    return token_name(trace, channel, float(trace.at(channel.name, step))) if channel is not None else ""


def _sureness(trace: Trace, step: int) -> float:
    channel = next((c for c in trace.of_role("answer") if c.axes == ("answer",)), None)
    return float(np.max(trace.at(channel.name, step))) if channel is not None else float("nan")


def _held(trace: Trace, slot: int, step: int) -> str:
    for channel in trace.of_role("holds"):
        if channel.axes == ("slot",):
            return token_name(trace, channel, float(trace.at(channel.name, step)[slot]))
    return ""


def _number(trace: Trace, role: Role, slot: int, step: int) -> int | None:
    for channel in trace.of_role(role):
        if channel.axes == ("slot",):
            value = float(trace.at(channel.name, step)[slot])
            return round(value) if value >= 0 else None
    return None


def _grid(regions: int, high: int, wide: int) -> tuple[int, int]:
    """The rows and columns that make regions as square as can be."""
    pairs = [(rows, regions // rows) for rows in range(1, regions + 1) if regions % rows == 0]
    return min(pairs, key=lambda pair: abs(np.log((high / pair[0]) / (wide / pair[1]))))
