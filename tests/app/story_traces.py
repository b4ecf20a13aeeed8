"""One story read by models of several kinds: passes of gates, a hard choice, a linear start."""

from dataclasses import replace

import numpy as np

from engine.contract.cards import Channel, Kind, MicroStep
from engine.contract.trace import Trace
from fake_traces import memn2n_trace


def read_by(kind: Kind, word: str = "pass", name: str = "", hops: int = 2, story: Trace | None = None) -> Trace:
    """The story of `memn2n_trace` (or another), read by a model that looks at its slots in another way."""
    story = story or memn2n_trace()
    channel = Channel(
        name=f"{word}.look", axes=("hop", "slot"), kind=kind, role="look", title="look", says="Where it looks.",
        sums_to_one=kind == "attention", bounded=kind != "vector", low=-1.0 if kind == "vector" else 0.0,
    )  # fmt: skip
    stages = tuple(MicroStep(name=f"{word} {n + 1}", says="It looks.", channels=(channel.name,), part=n) for n in range(hops))
    rows = story.arrays["hop.attention"][:, :hops]
    if kind == "decision":
        rows = np.where(np.isfinite(rows), (rows == np.nanmax(np.where(np.isnan(rows), -1, rows), -1, keepdims=True)) * 1.0, rows)
    if kind == "vector":
        rows = np.log(rows + 0.01)
    old = ("hop.attention", "hop.match", "hop.answer")
    model = replace(
        story.card.model, id=f"{word}-reader", short=name or f"{word} reader",
        channels=(*(c for c in story.card.model.channels if c.name not in old), channel), micro_steps=stages,
    )  # fmt: skip
    arrays = {key: value for key, value in story.arrays.items() if key not in old} | {channel.name: np.float32(rows)}
    return replace(story, card=replace(story.card, model=model), arrays=arrays)


def linear_start(story: Trace | None = None) -> Trace:
    """The same story at a checkpoint from before there was a softmax in the hops."""
    story = story or memn2n_trace()
    return replace(story, arrays={name: array for name, array in story.arrays.items() if name != "hop.attention"})
