"""A trace made up for tests of the window: pictures are asked about, and a memory that persists is read and written."""

from dataclasses import replace

import numpy as np

from engine.contract.cards import Channel, Metric, MicroStep, ModelCard, TaskCard
from engine.contract.trace import Event, Trace, TraceCard

NAMES = ("bima", "korlo", "tavi", "snep", "durra", "wilm")
WORDS = ("name", "at", "top", "left", "centre", "bottom", "right", "how", "many", "red", "things")
REGIONS = tuple(f"{row} {column}" for row in ("top", "middle", "bottom") for column in ("left", "centre", "right"))
QUESTIONS = ("name at top left", "name at bottom right", "how many red things", "name at top centre")

TASK = TaskCard(
    id="shapes", name="Shape names", form="pictures", idea="Say what a thing is called.", settings=(),
    channels=(
        Channel(name="picture.image", axes=("row", "column", "colour"), kind="image", title="picture", says="The picture."),
        Channel(name="picture.asked", axes=("region",), kind="gate", title="place asked about", says="1 at the place."),
        Channel(name="tape.input", axes=("word",), kind="tokens", role="input", bounded=False, low=-1.0, title="question",
                says="The words."),
        Channel(name="tape.target", axes=(), kind="tokens", role="target", bounded=False, low=-1.0, title="right answer",
                says="What is right."),
        Channel(name="tape.output", axes=(), kind="tokens", role="output", bounded=False, low=-1.0, title="answer given",
                says="What is answered."),
        Channel(name="tape.error", axes=(), kind="scalar", role="error", title="wrong", says="1 where it is wrong."),
    ),
    metrics=(Metric(name="error", title="error", says="The share of wrong answers."),),
    loss_unit="nats per question",
)  # fmt: skip

MODEL = ModelCard(
    id="vqa", name="Memory-Augmented Network for Visual Questions", short="VQA-MANN", year=2018, paper="Ma et al. 2018",
    memory="persistent", idea="Remembers samples.", slots_are="memory rows", forms=("pictures",), settings=(),
    channels=(
        Channel(name="look.regions", axes=("region",), kind="attention", sums_to_one=True, title="attention to places", says="."),
        Channel(name="look.words", axes=("word",), kind="attention", sums_to_one=True, title="attention to words", says="."),
        Channel(name="read.weighting", axes=("head", "slot"), kind="weighting", role="read", title="read weighting", says="."),
        Channel(name="write.weighting", axes=("head", "slot"), kind="weighting", role="write", title="write weighting", says="."),
        Channel(name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, title="memory",
                lifetime="persistent", says="What the samples left."),
        Channel(name="memory.label", axes=("slot",), kind="tokens", role="holds", bounded=False, low=-1.0, title="answer held",
                lifetime="persistent", says="The answer of the sample in each slot."),
        Channel(name="memory.written", axes=("slot",), kind="scalar", role="written", bounded=False, low=-1.0,
                lifetime="persistent", title="when written", says="Which sample wrote it."),
        Channel(name="memory.reads", axes=("slot",), kind="positive", role="reads", bounded=False, title="times read",
                lifetime="persistent", says="How often it was read."),
        Channel(name="answer.probability", axes=("answer",), kind="probability", role="answer", sums_to_one=True,
                title="answer", says="How probable."),
    ),
    micro_steps=(MicroStep(name="look", says="It looks.", channels=("look.regions", "look.words")),
                 MicroStep(name="read", says="It reads.", channels=("read.weighting",))),
    first_panes=("Tape", "Picture and question", "Readout", "Lifetimes"),
)  # fmt: skip


def picture_trace(seed: int = 0, *, has_memory: bool = True, has_looks: bool = True) -> Trace:
    """Four samples; the second is answered wrongly, and written over the slot that held the answer of sample 40."""
    chance = np.random.default_rng(seed)
    steps, slots = len(QUESTIONS), 8
    tokens = np.full((steps, 5), -1, np.float32)
    listens = np.full((steps, 5), np.nan, np.float32)
    for step, question in enumerate(QUESTIONS):
        words = [WORDS.index(word) for word in question.split()]
        tokens[step, : len(words)] = words
        listens[step, : len(words)] = _shares(len(words), len(words) - 1, chance)
    asked = np.zeros((steps, 9), np.float32)
    asked[0, 0] = asked[1, 8] = asked[3, 1] = 1
    right, said = np.array([1, 3, 4, 0]), np.array([1, 2, 4, 0])
    probability = np.stack([_shares(len(NAMES), answer, chance) for answer in said])
    arrays = {
        "picture.image": _pictures(steps, chance), "picture.asked": asked, "tape.input": tokens,
        "tape.target": right.astype(np.float32), "tape.output": said.astype(np.float32),
        "tape.error": (right != said).astype(np.float32), "answer.probability": probability,
    }  # fmt: skip
    if has_looks:
        places = (0, 8, 4, 1)
        arrays |= {"look.regions": np.stack([_shares(9, place, chance) for place in places]), "look.words": listens}
    initial = chance.normal(size=(slots, 4)).astype(np.float32)
    if has_memory:
        arrays |= _memory(initial, right, chance)
    card = TraceCard(
        model=MODEL, task=TASK, settings={}, source="exhibit:vqa", update=900, weights="v900", seed=seed, parameters=1,
        slots=slots, steps=steps, events=(Event(kind="error", step=1, says="It answers tavi."),),
        labels={
            "step": tuple(f"{question}?" for question in QUESTIONS), "answer": NAMES, "region": REGIONS, "word": WORDS,
            "tape.input": WORDS, "tape.target": NAMES, "tape.output": NAMES, "memory.label": NAMES,
        },
        outcome={"error": 0.25},
    )  # fmt: skip
    return Trace(card=card, arrays=arrays, initial={"memory.contents": initial} if has_memory else {})


def without_questions(trace: Trace) -> Trace:
    """The same pictures, and nothing asked about a place."""
    return replace(trace, arrays={**trace.arrays, "picture.asked": np.zeros_like(trace.arrays["picture.asked"])})


def _memory(initial: np.ndarray, right: np.ndarray, chance: np.random.Generator) -> dict[str, np.ndarray]:
    """Six slots hold samples from the start; each step writes one: at step 1 over slot 2, else where it is free or the same."""
    steps, slots = len(right), len(initial)
    held = np.array([1, 0, 2, 1, 4, 0, -1, -1], np.float32)
    written = np.array([12, 1204, 40, 873, 651, 1188, -1, -1], np.float32)
    reads = np.array([31, 2, 9, 0, 4, 1, 0, 0], np.float32)
    found = {name: np.zeros((steps, slots), np.float32) for name in ("memory.label", "memory.written", "memory.reads")}
    found["memory.contents"] = np.zeros((steps, *initial.shape), np.float32)
    found["read.weighting"] = np.stack([_shares(slots, slot, chance) for slot in (0, 2, 4, 1)])[:, None]
    found["write.weighting"] = np.zeros((steps, 1, slots), np.float32)
    contents = initial.copy()
    for step, slot in enumerate((6, 2, 4, 7)):
        held[slot], written[slot], reads[slot] = right[step], 1300 + step, 0
        contents[slot] = chance.normal(size=initial.shape[1])
        found["write.weighting"][step, 0, slot] = 1
        for name, now in (
            ("memory.label", held),
            ("memory.written", written),
            ("memory.reads", reads),
            ("memory.contents", contents),
        ):
            found[name][step] = now
    return found


def _shares(count: int, best: int, chance: np.random.Generator) -> np.ndarray:
    """A distribution whose largest share is `best`'s."""
    found = chance.uniform(0, 0.3 / count, count)
    found[best] = 0
    found[best] = 1 - found.sum()
    return found.astype(np.float32)


def _pictures(steps: int, chance: np.random.Generator) -> np.ndarray:
    """Discs and squares on paper, 48 by 48."""
    found = np.full((steps, 48, 48, 3), 0.93, np.float32)
    y, x = np.mgrid[0:48, 0:48]
    for step in range(steps):
        for place in chance.choice(9, 4, replace=False):
            row, column = place // 3 * 16 + 8, place % 3 * 16 + 8
            away = np.hypot(y - row, x - column) if chance.random() < 0.5 else np.maximum(abs(y - row), abs(x - column))
            found[step][away < 6] = chance.uniform(0, 0.9, 3)
    return np.clip(found + chance.normal(0, 0.02, found.shape), 0, 1).astype(np.float32)
