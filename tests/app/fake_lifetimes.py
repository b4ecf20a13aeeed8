"""Traces made up for tests of lifetimes: a memory whose slots hold labels, and one that a head writes to."""

import numpy as np

from engine.contract.cards import Channel, Lifetime, ModelCard, TaskCard
from engine.contract.trace import Array, Event, Trace, TraceCard

MODEL = ModelCard(
    id="keeper", name="Keeper", short="Keeper", year=2018, paper="none", memory="persistent", idea="Keeps things.",
    slots_are="slots", forms=("story",), settings=(), channels=(), first_panes=("Lifetimes",),
)  # fmt: skip
TASK = TaskCard(
    id="keeping", name="Keeping", form="story", idea="Keep things.", settings=(), metrics=(),
    channels=(Channel(name="memory.label", axes=("slot",), kind="tokens", role="holds", bounded=False, low=-1.0,
                      title="label", says="What lies in each slot."),),
)  # fmt: skip


def story_trace(
    held: Array, lifetime: Lifetime, wipes: tuple[int, ...], *, older: tuple[int, ...] = (), reads: Array | None = None,
    written: Array | None = None, events: tuple[Event, ...] = (),
) -> Trace:  # fmt: skip
    """A memory of which it is told what each slot holds after each step; `older`: slots that held it before the first step."""
    steps, slots = held.shape
    contents = np.where(held[..., None] >= 0, held[..., None] + 1, 0).astype(np.float32)
    initial = np.zeros((slots, 1), np.float32)
    initial[list(older)] = contents[0, list(older)]
    arrays = {"memory.label": held, "memory.contents": contents}
    if reads is not None:
        arrays["read.weighting"] = reads
    if written is not None:
        arrays["memory.written"] = written
    told = (*events, *(Event(kind="wipe", step=step) for step in wipes if step < steps))
    return _trace(arrays, initial, lifetime, told, {"memory.label": tuple(map(str, range(10)))})


def persistent_trace(weighting: Array, blank: tuple[tuple[int, int], ...] = ()) -> Trace:
    """A memory that `(step, head, slot)` weightings write to; at the (step, slot) of `blank` nothing is left."""
    steps, _, slots = weighting.shape
    contents = np.ones((steps, slots, 1), np.float32)
    for step, slot in blank:
        contents[step, slot] = 0
    arrays = {"write.weighting": weighting, "memory.contents": contents}
    return _trace(arrays, np.zeros((slots, 1), np.float32), "persistent", (), {})


def _trace(
    arrays: dict[str, Array], initial: Array, lifetime: Lifetime, events: tuple[Event, ...], labels: dict[str, tuple[str, ...]]
) -> Trace:
    channels = (
        Channel(name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, title="memory",
                says="What is kept.", lifetime=lifetime),
        Channel(name="write.weighting", axes=("head", "slot"), kind="weighting", role="write", title="write weighting", says="."),
        Channel(name="read.weighting", axes=("head", "slot"), kind="weighting", role="read", title="read weighting", says="."),
        Channel(name="memory.written", axes=("slot",), kind="scalar", role="written", bounded=False, low=-1.0,
                title="written at sample", says="."),
    )  # fmt: skip
    steps, slots, _ = arrays["memory.contents"].shape
    model = ModelCard(**{name: getattr(MODEL, name) for name in MODEL.__slots__ if name != "channels"}, channels=channels)
    card = TraceCard(
        model=model, task=TASK, settings={}, source="exhibit:keeper", update=1, weights="k1", seed=0, parameters=1, slots=slots,
        steps=steps, events=events, labels=labels,
    )  # fmt: skip
    return Trace(card=card, arrays=arrays, initial={"memory.contents": initial})
