"""Traces made up for tests of the window: networks that attend to positions, remember mixtures, or keep account of free slots."""

from dataclasses import replace

import numpy as np

from engine.contract.cards import Channel, MicroStep, ModelCard
from engine.contract.trace import Array, Trace, TraceCard
from engine.models.dnc_card import CHANNELS as DNC_CHANNELS
from engine.models.dnc_card import MICRO_STEPS as DNC_STEPS
from fake_traces import COPY, _copy_tape, _events, _phases

TOKENS = ("x", "y", "=", "1", "2", "3", "+", "print")


def _attention(name: str, title: str) -> Channel:
    return Channel(
        name=name, axes=("layer", "head", "position"), kind="attention", sums_to_one=True, title=title, symbol="α",
        formula=f"{{top:{name}:v}}", says="How much of what a step takes in comes from each step of the episode.",
    )  # fmt: skip


_CACHE = tuple(
    Channel(
        name=f"memory.{what}", axes=("layer", "slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
        title=what, says=f"The {what} that every step leaves for later ones.",
    )
    for what in ("keys", "values")
)  # fmt: skip

_OUTPUT = Channel(
    name="layers.output", axes=("layer", "unit"), kind="vector", bounded=False, low=-1.0, title="output of the layer", says="It."
)

TRANSFORMER = ModelCard(
    id="transformer", name="Transformer", short="Transformer", year=2017, paper="Vaswani et al. 2017", memory="attention",
    idea="Every step looks at every earlier one.", slots_are="cached positions", forms=("sequence", "pairs"), settings=(),
    channels=(_attention("attention.self", "self-attention"), _attention("attention.cross", "cross-attention"), *_CACHE, _OUTPUT),
    micro_steps=tuple(
        MicroStep(name=f"layer {layer + 1}", says="It looks, then thinks.", channels=("attention.self",), part=layer)
        for layer in range(2)
    ),
    first_panes=("Tape", "Attention", "Readout"),
)  # fmt: skip

FEEDBACK = ModelCard(
    id="feedback", name="Feedback Transformer", short="Feedback", year=2020, paper="Fan et al. 2020", memory="attention",
    idea="One memory for all layers.", slots_are="one memory vector per past step", forms=("sequence",), settings=(),
    channels=(
        _attention("attention.past", "attention to the past"),
        Channel(
            name="memory.vectors", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
            title="memory", says="One vector for each past step.",
        ),
        Channel(
            name="memory.layer_weights", axes=("layer",), kind="weighting", role="mixture", sums_to_one=True,
            title="shares of the layers", says="How much of each layer is remembered.",
        ),
        Channel(
            name="memory.contribution", axes=("layer",), kind="weighting", role="mixture", sums_to_one=True,
            title="what each layer brings", says="How much of the memory vector comes from each layer.",
        ),
    ),
    micro_steps=(MicroStep(name="layers", says="It looks.", channels=("attention.past",)),),
    first_panes=("Tape", "Attention", "Memory", "Layer mixture"),
)  # fmt: skip

DNC = ModelCard(
    id="dnc", name="Differentiable Neural Computer", short="DNC", year=2016, paper="Graves et al. 2016", memory="episodic",
    idea="It knows what is free.", slots_are="memory rows", forms=("sequence",), settings=(), channels=DNC_CHANNELS,
    micro_steps=DNC_STEPS, first_panes=("Tape", "Writes", "Memory", "Order and usage"),
)  # fmt: skip


def transformer_trace(length: int = 6, layers: int = 2, heads: int = 4, named: bool = False, seed: int = 0) -> Trace:
    """A network that looks back `length + 1` steps with head 1 of its last layer, and elsewhere here and there."""
    chance = np.random.default_rng(seed)
    steps = 2 * length + 1
    arrays, _ = _copy_tape(length, steps, chance, 0)
    arrays["attention.self"] = _looks(steps, layers, heads, chance, back=length + 1)
    for what in ("keys", "values"):
        arrays[f"memory.{what}"] = _filled(chance.normal(size=(layers, steps, 8)).astype(np.float32), axis=1)
    arrays["layers.output"] = chance.normal(size=(steps, layers, 12)).astype(np.float32)
    blank = {f"memory.{what}": np.full((layers, steps, 8), np.nan, np.float32) for what in ("keys", "values")}
    return Trace(card=_card(TRANSFORMER, length, steps, seed, named), arrays=arrays, initial=blank)


def long_trace(length: int = 500, layers: int = 4, heads: int = 4) -> Trace:
    """The same network over a long episode; every head looks alike."""
    short = transformer_trace(length, layers=1, heads=1)
    looks = np.asarray(short.arrays["attention.self"])
    shape = (looks.shape[0], layers, heads, looks.shape[3])
    return Trace(card=short.card, arrays={**short.arrays, "attention.self": np.array(np.broadcast_to(looks, shape))})


def pairs_trace(length: int = 5, seed: int = 0) -> Trace:
    """An encoder in layers 1 and 2 over the first half, a decoder in the same layers over the second, which looks across."""
    chance = np.random.default_rng(seed)
    steps = 2 * length
    arrays, _ = _copy_tape(length, 2 * length + 1, chance, 0)
    arrays = {name: values[:steps] for name, values in arrays.items()}
    own = np.zeros((steps, 2, 2, steps), np.float32)
    own[:length, :, :, :length] = chance.dirichlet(np.ones(length), (length, 2, 2))
    own[length:, :, :, length:] = _looks(length, 2, 2, chance, back=1)
    across = np.full((steps, 2, 2, steps), np.nan, np.float32)
    across[length:] = 0.0
    for step in range(length):
        across[length + step, :, :, :length] = chance.dirichlet(np.full(length, 0.3), (2, 2))
        across[length + step, 1, 0, :length] = np.eye(length)[length - 1 - step] * 0.9 + 0.1 / length
    arrays |= {"attention.self": own, "attention.cross": across}
    return Trace(card=_card(TRANSFORMER, length, steps, seed, named=True), arrays=arrays)


def feedback_trace(length: int = 6, layers: int = 2, heads: int = 2, seed: int = 0) -> Trace:
    """A network that attends to its own past vectors; at the first step there is none."""
    chance = np.random.default_rng(seed)
    steps = 2 * length + 1
    arrays, _ = _copy_tape(length, steps, chance, 0)
    looks = _looks(steps, layers, heads, chance, back=1)
    looks[np.arange(steps), ..., np.arange(steps)] = 0
    looks[1:] /= looks[1:].sum(-1, keepdims=True)
    looks[0] = np.nan
    later = np.arange(steps)[None, :] >= np.arange(steps)[:, None]
    arrays["attention.past"] = np.where(later[:, None, None, :], np.nan, looks)
    arrays["memory.vectors"] = _filled(chance.normal(size=(steps, 16)).astype(np.float32), axis=0)
    arrays["memory.layer_weights"] = np.tile(np.array([0.2, 0.3, 0.5], np.float32)[: layers + 1], (steps, 1))
    arrays["memory.contribution"] = chance.dirichlet(np.array([2.0, 3.0, 6.0])[: layers + 1], steps).astype(np.float32)
    initial = {"memory.vectors": np.full((steps, 16), np.nan, np.float32)}
    return Trace(card=_card(FEEDBACK, length, steps, seed, named=False), arrays=arrays, initial=initial)


def dnc_trace(length: int = 6, slots: int = 16, links: bool = True, seed: int = 0, stages: bool = False) -> Trace:
    """A machine that fills slots one after the other, and gives each back when it has read it; `stages`: with all its ways."""
    chance = np.random.default_rng(seed)
    steps = 2 * length + 1
    arrays, _ = _copy_tape(length, steps, chance, 0)
    writes, reads = np.zeros((steps, 1, slots), np.float32), np.zeros((steps, 1, slots), np.float32)
    places = np.arange(length) % slots
    writes[np.arange(length), 0, places] = 0.97
    reads[np.arange(length) + length + 1, 0, places] = 0.95
    usage, allocation = np.zeros((steps, slots), np.float32), np.zeros((steps, 1, slots), np.float32)
    link, links_over, last = np.zeros((slots, slots), np.float32), [], np.zeros(slots, np.float32)
    level = np.zeros(slots, np.float32)
    for step in range(steps):
        w, read = writes[step, 0], reads[step - 1, 0] if step else np.zeros(slots, np.float32)
        before = writes[step - 1, 0] if step else np.zeros(slots, np.float32)
        level = (level + before - level * before) * (1 - read)
        usage[step] = level
        order = np.argsort(level, kind="stable")
        allocation[step, 0, order] = (1 - level[order]) * np.concatenate(([1.0], np.cumprod(level[order])[:-1]))
        link = (1 - w[:, None] - w[None, :]) * link + np.outer(w, last)
        np.fill_diagonal(link, 0)
        last = (1 - w.sum()) * last + w
        links_over.append(link)
    arrays |= {"usage.level": usage, "write.allocation": allocation, "write.weighting": writes, "read.weighting": reads}
    if links:
        arrays["link.order"] = np.clip(np.stack(links_over), 0, 1).astype(np.float32)
    arrays["free.gate"] = (np.arange(steps) > length)[:, None].astype(np.float32) * 0.96
    arrays["write.allocation_gate"] = chance.uniform(0.8, 1, (steps, 1)).astype(np.float32)
    arrays["write.gate"] = (np.arange(steps) < length)[:, None].astype(np.float32)
    arrays["read.modes"] = chance.dirichlet(np.ones(3), (steps, 1)).astype(np.float32)
    if stages:
        arrays |= {f"read.{way}": reads.copy() for way in ("backward", "content", "forward")}
    contents = np.zeros((steps, slots, 8), np.float32)
    for step in range(length):
        contents[step:, places[step]] = chance.normal(size=8)
    arrays["memory.contents"] = contents
    card = replace(
        _card(DNC, length, steps, seed, named=False), slots=slots, events=_events(length, arrays),
        labels={"mode": ("backward", "content", "forward")},
    )  # fmt: skip
    return Trace(card=card, arrays=arrays, initial={"memory.contents": np.zeros((slots, 8), np.float32)})


def _looks(steps: int, layers: int, heads: int, chance: np.random.Generator, back: int) -> Array:
    """Rows over the steps up to the present one, each summing to 1; every head has a habit of its own."""
    found = np.zeros((steps, layers, heads, steps), np.float32)
    for step in range(steps):
        for layer in range(layers):
            for head in range(heads):
                row = chance.dirichlet(np.full(step + 1, 0.4)) * 0.25
                distance = (0, 1, 2, step)[head % 4] if layer < layers - 1 or head else back
                row[max(step - distance, 0)] += 1 - row.sum()
                found[step, layer, head, : step + 1] = row
    return found


def _filled(vectors: Array, axis: int) -> Array:
    """A bank at every step: the vectors of the steps so far, and nothing yet in the places of later ones."""
    steps = vectors.shape[axis]
    there = np.arange(steps)[None, :] <= np.arange(steps)[:, None]
    shape = (steps, *(1,) * axis, steps, 1)
    return np.where(there.reshape(shape), vectors[None], np.nan).astype(np.float32)


def _card(model: ModelCard, length: int, steps: int, seed: int, named: bool) -> TraceCard:
    names = tuple(TOKENS[step % len(TOKENS)] for step in range(steps))
    return TraceCard(
        model=model, task=COPY, settings={"length": length}, source=f"exhibit:{model.id}", update=500, weights=model.id,
        seed=seed, parameters=50_000, slots=steps, steps=steps, phases=_phases(length), labels={"step": names} if named else {},
        outcome={"wrong_bits": 0.0},
    )  # fmt: skip
