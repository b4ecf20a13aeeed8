"""Traces made up for tests of the window: tops, what is proposed to go with them, and a list of what is on offer."""

from dataclasses import replace

import numpy as np

from engine.contract.cards import Channel, Metric, ModelCard, TaskCard
from engine.contract.trace import Array, Trace
from engine.models.bank_card import DECIDED, HELD, RETRIEVED
from fake_growing import growing_trace

COLOURS = {"red": (0.9, 0.2, 0.2), "cyan": (0.2, 0.8, 0.8), "black": (0.15, 0.15, 0.15), "beige": (0.85, 0.76, 0.62)}
NAMES = tuple(f"{colour} {what}" for what in ("jeans", "skirt") for colour in COLOURS)
RULES = ("neutral", "complement")
SIDE = 16
_PICTURE = ("row", "column", "colour")

TASK = TaskCard(
    id="wardrobe", name="Wardrobe", form="garments", idea="What goes with it?", settings=(),
    channels=(
        Channel(name="look.top", axes=_PICTURE, kind="image", role="past", title="top", says="The top."),
        Channel(name="look.bottom", axes=_PICTURE, kind="image", role="truth", title="bottom", says="The bottom."),
        Channel(name="look.shop", axes=("answer", *_PICTURE), kind="image", title="on offer", once=True, says="On offer."),
        Channel(name="look.rule", axes=("answer",), kind="tokens", bounded=False, low=-1.0, title="rule", says="The rule."),
        Channel(name="say.top", axes=(), kind="tokens", role="input", bounded=False, low=-1.0, title="top", says="The top."),
        Channel(name="say.worn", axes=(), kind="tokens", role="target", bounded=False, low=-1.0, title="worn", says="Worn."),
    ),
    metrics=(Metric(name="hit", title="hit", says="The share of hits."),),
)  # fmt: skip
LISTED = (
    Channel(name="give.picture", axes=("future", *_PICTURE), kind="image", role="foreseen", title="proposed", says="Proposed."),
    Channel(name="give.alike", axes=("future",), kind="vector", low=-1.0, title="likeness", says="How alike."),
    Channel(name="rank.near", axes=("answer",), kind="vector", low=-1.0, title="near", says="How near."),
    Channel(name="rank.score", axes=("answer",), kind="vector", role="offered", title="list", says="The list."),
    Channel(
        name="rank.by", axes=("answer",), kind="scalar", role="brought", bounded=False, low=-1.0, title="by", says="By which."
    ),
)
KEPT = tuple(
    Channel(
        name=f"memory.{name}", axes=("slot", *_PICTURE), kind="image", role=role, lifetime="persistent", once=True, title=name,
        says="As it was.",
    )
    for name, role in (("top", "kept_past"), ("bottom", "kept_truth"))
)  # fmt: skip
MODEL = ModelCard(
    id="gr-mann", name="Memory of garments", short="GR-MANN", year=2020, paper="De Divitiis et al. 2020", memory="persistent",
    idea="Keeps pairs.", slots_are="pairs", forms=("garments",), settings=(),
    channels=(*RETRIEVED, *DECIDED, *HELD, *LISTED, *KEPT), first_panes=("Garments", "Memory browser"),
)  # fmt: skip


def garment_trace(samples: int = 20, proposals: int = 3, seed: int = 0) -> Trace:
    """Likeness falls by 0.1 from proposal to proposal, from 0.99; proposal j brings what is on offer at place j, j + K, ..."""
    grown = growing_trace(samples, seed, futures=proposals, garments=True)
    chance, count = np.random.default_rng(seed), len(NAMES)
    worn = chance.integers(0, count, samples)
    order = np.stack([np.roll(np.arange(count), -int(first)) for first in worn])
    place = np.argsort(order, axis=-1)
    alike = 0.99 - 0.1 * np.arange(proposals)
    found = np.where(grown.arrays["read.slot"] >= 0, alike, 0.0)
    slots = grown.arrays["memory.alive"].shape[-1]
    arrays: dict[str, Array] = {name: value for name, value in grown.arrays.items() if not name.startswith("scene.")}
    arrays |= {
        "look.top": _drawn(worn), "look.bottom": _drawn(worn), "look.shop": _always(_drawn(np.arange(count)), samples),
        "look.rule": _always(np.where(np.arange(count) % 4 >= 2, 0, np.where(np.arange(count) % 4 == 1, 1, -1)), samples),
        "say.top": worn.astype(np.float32), "say.worn": worn.astype(np.float32),
        "give.picture": np.stack([_drawn(row) for row in order[:, :proposals]]), "give.alike": found.astype(np.float32),
        "rank.near": (1 - place / 10).astype(np.float32), "rank.score": (1 - place / count).astype(np.float32),
        "rank.by": (place % proposals).astype(np.float32), "memory.kind": _always(np.arange(slots) % count, samples),
        "memory.top": _always(_drawn(np.arange(slots) % count), samples),
        "memory.bottom": _always(_drawn(np.arange(slots) % count), samples),
    }  # fmt: skip
    labels = {
        "answer": NAMES, "look.rule": RULES, "say.top": tuple(name.replace("jeans", "tee") for name in NAMES), "say.worn": NAMES,
        "memory.kind": NAMES, "sample": tuple(NAMES[number] for number in worn),
    }  # fmt: skip
    return Trace(card=replace(grown.card, model=MODEL, task=TASK, labels=labels), arrays=arrays, initial=dict(grown.initial))


def _drawn(numbers: Array) -> Array:
    """A patch of each one's colour on white."""
    found = np.ones((len(numbers), SIDE, SIDE, 3), np.float32)
    found[:, 2:14, 4:12] = np.array(list(COLOURS.values()))[np.asarray(numbers) % len(COLOURS)][:, None, None]
    return found


def _always(value: Array, steps: int) -> Array:
    value = np.asarray(value, np.float32)
    return np.broadcast_to(value, (steps, *value.shape))
