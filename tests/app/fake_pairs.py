"""A trace made up for tests of the window: some symbols are read, and said backwards."""

import numpy as np

from engine.contract.trace import Event, Phase, Trace, TraceCard
from engine.models.seq2seq import ENTRY as SEQ2SEQ
from engine.tasks.transduce import ENTRY as TRANSDUCE

NAMES = ("nothing", "begin", "end", *"abcdefghij")


def pairs_trace(source: str = "c a b", wrong: int = 0, *, backwards: bool = False, own: str = "", units: int = 6) -> Trace:
    """The first `wrong` symbols that are said are wrong."""
    read = [NAMES.index(letter) for letter in source.split()]
    target = [*reversed(read), 2]
    said = [3 + (symbol - 2) % 10 if place < wrong else symbol for place, symbol in enumerate(target)]
    steps, length = len(read) + len(target), len(read)
    chance = np.random.default_rng(0)
    nothing = [-1] * length
    hidden = np.tanh(chance.normal(size=(steps, 1, units))).astype(np.float32)
    hidden[:length] = np.nan
    probability = np.full((steps, len(NAMES)), np.nan, np.float32)
    for place, symbol in enumerate(said):
        probability[length + place] = 0.1 / (len(NAMES) - 1)
        probability[length + place, symbol] = 0.9
    arrays = {
        "tape.input": np.array([*(reversed(read) if backwards else read), 1, *said[:-1]], np.float32),
        "tape.target": np.array([*nothing, *target], np.float32),
        "tape.output": np.array([*nothing, *said], np.float32),
        "tape.error": np.array([*[np.nan] * length, *(float(a != b) for a, b in zip(said, target, strict=True))], np.float32),
        "decoder.hidden": hidden,
        "answer.probability": probability,
    }
    card = TraceCard(
        model=SEQ2SEQ.card, task=TRANSDUCE.card, settings={"reverse_source": backwards}, source="exhibit:seq2seq-reverse",
        update=6000, weights="s6000", seed=0, own=own, parameters=168_397, slots=128, steps=steps,
        phases=(Phase(name="read", first=0, last=length - 1), Phase(name="say", first=length, last=steps - 1)),
        events=tuple(Event(kind="error", step=length + place, says="says another") for place in range(wrong)),
        labels={"answer": NAMES}, outcome={"sequence_accuracy": float(wrong == 0)},
    )  # fmt: skip
    return Trace(card=card, arrays=arrays)
