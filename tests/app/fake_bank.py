"""A made-up trace of a key-value memory: four facts are told, and two questions asked, the second about nobody that is known."""

import numpy as np

from engine.contract.cards import Channel, Metric, ModelCard, TaskCard
from engine.contract.trace import Event, Trace, TraceCard
from engine.models.kv_card import CHANNELS, MICRO_STEPS, WIRES, WIRING

HOPS, SLOTS = 3, 6
TOLD = (
    ("Wintergate directed by", "Velmar", "Wintergate was directed by Velmar."),
    ("Wintergate written by", "Tamson", "Wintergate was written by Tamson."),
    ("Moonsong directed by", "Osini", "Moonsong was directed by Osini."),
    ("Velmar directed", "Wintergate", "Velmar directed Wintergate."),
)
QUESTIONS = ("Who wrote Wintergate?", "Who directed Saltfield?")
LINES = (*(sentence for _, _, sentence in TOLD), *QUESTIONS)
ANSWERS = ("Velmar", "Tamson", "Osini", "Wintergate")

KEY_VALUE = ModelCard(
    id="kv", name="Key-Value Memory Network", short="KV-MemNN", year=2016, paper="Miller et al. 2016", memory="episodic",
    idea="Found by the key, read by the value.", slots_are="facts", forms=("story",), settings=(), channels=CHANNELS,
    micro_steps=MICRO_STEPS, wiring=WIRING, wires=WIRES, first_panes=("Tape", "Keys and values", "Hops", "Readout"),
)  # fmt: skip

FACTS = TaskCard(
    id="facts", name="Facts about films", form="story", idea="Who made what?", settings=(),
    channels=(
        Channel(name="story.fact", axes=("slot",), kind="tokens", role="holds", bounded=False, title="fact", says="The line."),
        Channel(name="story.supports", axes=("slot",), kind="gate", title="supporting facts", says="1 where it is needed."),
        Channel(name="facts.key", axes=("slot",), kind="tokens", role="key", bounded=False, title="key", says="The key."),
        Channel(name="facts.value", axes=("slot",), kind="tokens", role="value", bounded=False, title="value", says="The value."),
    ),
    metrics=(Metric(name="error", title="wrong answers", says="The share of wrong answers."),),
    own_input="story",
)  # fmt: skip


def bank_trace(is_told: bool = True, tilt: float = 0.0) -> Trace:
    """The bank; without `is_told` the task has no keys and values of its own, as a story has none. `tilt` moves attention from
    the right pair to the other candidate."""
    steps = len(LINES)
    lies = np.full((steps, SLOTS), -1, np.float32)
    for line in range(len(TOLD)):
        lies[line:, line] = line
    candidates = np.full((steps, SLOTS), np.nan, np.float32)
    candidates[4:] = 0
    candidates[4, :2] = 1
    attention = np.full((steps, HOPS, SLOTS), np.nan, np.float32)
    attention[4:] = 0
    attention[4, :, 0], attention[4, :, 1] = [0.4, 0.2 + tilt, 0.1 + tilt], [0.6, 0.8 - tilt, 0.9 - tilt]
    supports = np.full((steps, SLOTS), np.nan, np.float32)
    supports[4] = np.eye(SLOTS)[1]
    says = np.full((steps, SLOTS), np.nan, np.float32)
    says[4:] = [0, 1, 2, 3, -1, -1]
    arrays = {
        "story.fact": lies, "story.supports": supports, "hash.candidates": candidates, "hop.attention": attention,
        "memory.says": says, "memory.contents": (lies >= 0)[..., None] * np.ones(4, np.float32),
    }  # fmt: skip
    labels = {"step": LINES, "answer": ANSWERS, "story.fact": LINES}
    if is_told:
        arrays |= {"facts.key": lies, "facts.value": lies}
        labels["facts.key"], labels["facts.value"] = (tuple(pair[side] for pair in TOLD) for side in (0, 1))
    card = TraceCard(
        model=KEY_VALUE, task=FACTS, settings={}, source="exhibit:kv-facts", update=3000, weights=f"k{tilt}", seed=0,
        parameters=9_000, slots=SLOTS, steps=steps, labels=labels, outcome={"error": 0.0},
        events=tuple(Event(kind="write", step=line, slot=line, says=f"“{LINES[line]}” goes to slot {line}") for line in range(4)),
    )  # fmt: skip
    return Trace(card=card, arrays=arrays, initial={"memory.contents": np.zeros((SLOTS, 4), np.float32)})
