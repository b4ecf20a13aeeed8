"""Traces made up for tests of the window: a machine that copies, a network that answers, and a recurrent net."""

import numpy as np

from engine.contract.cards import Channel, Metric, MicroStep, ModelCard, TaskCard
from engine.contract.edits import Edit
from engine.contract.trace import Array, Event, Phase, Trace, TraceCard
from engine.models.ntm_card import CHANNELS, MICRO_STEPS, WIRES, WIRING

COPY = TaskCard(
    id="copy",
    name="Copy",
    form="sequence",
    idea="Say the same vectors again.",
    settings=(),
    channels=(
        Channel(name="tape.input", axes=("bit",), kind="bits", role="input", title="input", says="What the network sees."),
        Channel(name="tape.target", axes=("bit",), kind="bits", role="target", title="target", says="What should be said."),
        Channel(name="tape.output", axes=("bit",), kind="bits", role="output", title="output", says="Each bit's probability."),
        Channel(
            name="tape.error",
            axes=(),
            kind="scalar",
            role="error",
            bounded=False,
            title="wrong bits",
            says="Bits that are wrong.",
        ),
    ),
    metrics=(Metric(name="wrong_bits", title="wrong bits", says="Bits that are wrong."),),
    own_input="bits",
    loss_unit="bits per sequence",
)

STORIES = TaskCard(
    id="babi",
    name="bAbI",
    form="story",
    idea="Answer questions about a story.",
    settings=(),
    channels=(
        Channel(name="tape.input", axes=("word",), kind="tokens", role="input", title="line", bounded=False, says="The words."),
        Channel(name="tape.target", axes=(), kind="tokens", role="target", title="answer", bounded=False, says="What is right."),
        Channel(name="tape.output", axes=(), kind="tokens", role="output", title="said", bounded=False, says="What is answered."),
        Channel(name="tape.error", axes=(), kind="scalar", role="error", title="wrong", says="1 where the answer is wrong."),
        Channel(name="story.fact", axes=("slot",), kind="tokens", bounded=False, title="fact", says="The line in it."),
        Channel(
            name="story.supports",
            axes=("slot",),
            kind="gate",
            title="supporting facts",
            says="1 where it is needed.",
        ),
    ),
    metrics=(Metric(name="error", title="error", says="The share of wrong answers."),),
    own_input="story",
    loss_unit="nats per question",
)

NTM = ModelCard(
    id="ntm", name="Neural Turing Machine", short="NTM", year=2014, paper="Graves et al. 2014", memory="episodic",
    idea="A controller with a memory.", slots_are="memory rows", forms=("sequence",), settings=(), channels=CHANNELS,
    micro_steps=MICRO_STEPS, wiring=WIRING, wires=WIRES, first_panes=("Tape", "Writes", "Memory", "Reads"),
)  # fmt: skip

MEMN2N = ModelCard(
    id="memn2n", name="End-to-End Memory Network", short="MemN2N", year=2015, paper="Sukhbaatar et al. 2015", memory="episodic",
    idea="Hops of attention over sentences.", slots_are="facts", forms=("story",), settings=(),
    channels=(
        Channel(
            name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
            title="memory", says="The sentence in each slot.",
        ),
        Channel(name="hop.match", axes=("hop", "slot"), kind="vector", bounded=False, low=-1.0, title="match", says="Scores."),
        Channel(
            name="hop.attention", axes=("hop", "slot"), kind="attention", sums_to_one=True, title="attention", symbol="p",
            says="How strongly each hop looks at each fact.",
        ),
        Channel(
            name="hop.answer", axes=("hop", "answer"), kind="probability", sums_to_one=True, title="answer after each hop",
            says="What it would answer after each hop.",
        ),
        Channel(
            name="answer.probability", axes=("answer",), kind="probability", role="answer", sums_to_one=True, title="answer",
            says="The probability of each answer.",
        ),
    ),
    micro_steps=(
        *(
            MicroStep(name=f"hop {hop + 1}", says="The question looks at every fact.", channels=("hop.attention",), part=hop)
            for hop in range(3)
        ),
        MicroStep(name="answer", says="The answer is read out.", channels=("answer.probability",)),
    ),
    first_panes=("Tape", "Hops", "Readout", "Memory"),
)  # fmt: skip

LSTM = ModelCard(
    id="lstm", name="Long Short-Term Memory", short="LSTM", year=1997, paper="Hochreiter & Schmidhuber 1997",
    memory="recurrent state", idea="Gates guard a cell.", slots_are="units", forms=("sequence",), settings=(),
    channels=(
        Channel(name="state.hidden", axes=("layer", "unit"), kind="vector", low=-1.0, title="hidden state", says="Shown."),
        Channel(name="state.cell", axes=("layer", "unit"), kind="vector", low=-1.0, bounded=False, title="cell", says="Kept."),
        Channel(name="state.forget_gate", axes=("layer", "unit"), kind="gate", title="forget gate", says="How much is kept."),
    ),
    first_panes=("Tape", "State and gates", "Curves"),
)  # fmt: skip

FACTS = (
    "Mary moved to the bathroom.", "John went to the hallway.", "Where is Mary?", "Daniel went back to the hallway.",
    "Sandra moved to the garden.", "Where is Daniel?", "John moved to the office.", "Where is John?",
)  # fmt: skip
PLACES = ("bathroom", "hallway", "garden", "office", "kitchen", "bedroom")


def ntm_trace(
    length: int = 20, slots: int = 128, width: int = 20, heads: int = 1, seed: int = 0, wrong: int = 0, update: int = 7000,
    edits: tuple[Edit, ...] = (),
) -> Trace:  # fmt: skip
    """A machine that walks while it writes, jumps at the delimiter, and walks again while it reads; `wrong` bits are wrong."""
    chance = np.random.default_rng(seed)
    steps = 2 * length + 1
    arrays, pattern = _copy_tape(length, steps, chance, wrong)
    for organ, start in (("write", 0), ("read", length + 1)):
        place = np.clip(np.arange(steps) - start, 0, max(length - 1, 0)) % slots
        _addressing(arrays, organ, place, heads, slots, width, chance)
    arrays["write.erase"] = chance.uniform(0.7, 1, (steps, heads, width)).astype(np.float32)
    arrays["write.add"] = np.zeros((steps, heads, width), np.float32)
    arrays["write.add"][:length] = np.resize(pattern * 2 - 1, (length, width))[:, None] * chance.uniform(
        0.5, 1, (length, heads, width)
    )
    initial = np.full((slots, width), 1e-6, np.float32)
    arrays["memory.contents"] = _memory(arrays, initial)
    arrays["read.vector"] = np.einsum("thn,tnw->thw", arrays["read.weighting"], arrays["memory.contents"])
    for name in ("hidden", "cell", "candidate"):
        arrays[f"controller.{name}"] = np.tanh(chance.normal(size=(steps, 24)).cumsum(0) * 0.3).astype(np.float32)
    for name in ("input_gate", "forget_gate", "output_gate"):
        arrays[f"controller.{name}"] = chance.uniform(size=(steps, 24)).astype(np.float32)
    card = TraceCard(
        model=NTM, task=COPY, settings={"slots": slots, "length": length}, source="exhibit:ntm-copy", update=update,
        weights=f"w{update}", seed=seed, parameters=62_860, slots=slots, steps=steps, phases=_phases(length),
        events=_events(length, arrays), labels={"bit": (*(f"bit {i + 1}" for i in range(8)), "delimiter")},
        outcome={"wrong_bits": float(wrong)}, edits=edits,
    )  # fmt: skip
    return Trace(card=card, arrays=arrays, initial={"memory.contents": initial})


def lstm_trace(length: int = 20, seed: int = 0, units: int = 48, layers: int = 2) -> Trace:
    """A recurrent net on the same episodes as `ntm_trace`, with many wrong bits."""
    chance = np.random.default_rng(seed)
    steps = 2 * length + 1
    arrays, _ = _copy_tape(length, steps, chance, wrong=length)
    shape = (steps, layers, units)
    arrays["state.hidden"] = np.tanh(chance.normal(size=shape).cumsum(0) * 0.2).astype(np.float32)
    arrays["state.cell"] = (chance.normal(size=shape).cumsum(0) * 0.3).astype(np.float32)
    arrays["state.forget_gate"] = chance.uniform(size=shape).astype(np.float32)
    card = TraceCard(
        model=LSTM, task=COPY, settings={}, source="exhibit:lstm-copy", update=9000, weights="l9000", seed=seed,
        parameters=1_300_000, slots=units, steps=steps, phases=_phases(length), outcome={"wrong_bits": float(length)},
    )  # fmt: skip
    return Trace(card=card, arrays=arrays)


def memn2n_trace(seed: int = 0, hops: int = 3, width: int = 16, wrong: bool = False) -> Trace:
    """A network that reads a story of eight lines and answers three questions; the second one wrongly, if wished."""
    chance = np.random.default_rng(seed)
    steps, slots = len(FACTS), 10
    is_question = np.array([line.endswith("?") for line in FACTS])
    facts = [line for line in FACTS if not line.endswith("?")]
    bank = chance.normal(size=(len(facts), width)).astype(np.float32)
    arrays = {
        "memory.contents": np.zeros((steps, slots, width), np.float32),
        "story.fact": np.full((steps, slots), -1, np.float32),
        "story.supports": np.full((steps, slots), np.nan, np.float32),
        "tape.input": np.full((steps, 6), -1, np.float32),
        "tape.target": np.full(steps, -1, np.float32),
        "tape.output": np.full(steps, -1, np.float32),
        "tape.error": np.full(steps, np.nan, np.float32),
        "hop.match": np.full((steps, hops, slots), np.nan, np.float32),
        "hop.attention": np.full((steps, hops, slots), np.nan, np.float32),
        "hop.answer": np.full((steps, hops, len(PLACES)), np.nan, np.float32),
        "answer.probability": np.full((steps, len(PLACES)), np.nan, np.float32),
    }
    questions = {2: (0, 0), 5: (2, 1), 7: (4, 3)}  # step -> supporting slot, right answer
    for step in range(steps):
        told = int((~is_question[: step + 1]).sum())
        arrays["memory.contents"][step, :told] = bank[:told]
        arrays["story.fact"][step, :told] = np.flatnonzero(~is_question)[:told]
        if step in questions:
            support, answer = questions[step]
            _answer(arrays, step, told, support, answer, hops, chance, says=2 if wrong and step == 5 else answer)
    card = TraceCard(
        model=MEMN2N, task=STORIES, settings={}, source="exhibit:memn2n-babi", update=4000, weights="m4000", seed=seed,
        parameters=9_000, slots=slots, steps=steps, events=_story_events(is_question, wrong),
        labels={
            "step": FACTS, "slot": tuple(facts), "answer": PLACES, "word": ("", "mary", "moved"), "story.fact": FACTS,
            "tape.target": PLACES, "tape.output": PLACES,
        },
        outcome={"error": 1 / 3 if wrong else 0.0},
    )  # fmt: skip
    return Trace(card=card, arrays=arrays, initial={"memory.contents": np.zeros((slots, width), np.float32)})


def big_trace(steps: int = 10_000, slots: int = 1024) -> Trace:
    """A trace of many steps over many slots, with weightings only; `steps` is odd or becomes so."""
    length = steps // 2
    steps = 2 * length + 1
    tape, _ = _copy_tape(length, steps, np.random.default_rng(0), 0)
    rows = np.arange(steps)
    arrays = {name: tape[name] for name in ("tape.input", "tape.target", "tape.output", "tape.error")}
    for organ in ("read", "write"):
        weighting = np.zeros((steps, 1, slots), np.float32)
        weighting[rows, 0, rows % slots] = 0.9
        arrays[f"{organ}.weighting"] = weighting
    arrays["memory.contents"] = np.broadcast_to(
        np.linspace(-1, 1, slots * 20, dtype=np.float32).reshape(slots, 20), (steps, slots, 20)
    )
    card = TraceCard(
        model=NTM, task=COPY, settings={}, source="exhibit:ntm-copy", update=1, weights="w", seed=0, parameters=1, slots=slots,
        steps=steps, phases=_phases(length),
    )  # fmt: skip
    return Trace(card=card, arrays=arrays, initial={"memory.contents": np.zeros((slots, 20), np.float32)})


def _copy_tape(length: int, steps: int, chance: np.random.Generator, wrong: int) -> tuple[dict[str, Array], Array]:
    pattern = chance.integers(2, size=(length, 8)).astype(np.float32)
    arrays = {
        "tape.input": np.zeros((steps, 9), np.float32),
        "tape.target": np.full((steps, 8), np.nan, np.float32),
        "tape.output": np.full((steps, 8), 0.5, np.float32) + chance.uniform(-0.1, 0.1, (steps, 8)).astype(np.float32),
        "tape.error": np.full(steps, np.nan, np.float32),
    }
    arrays["tape.input"][:length, :8], arrays["tape.input"][length, 8] = pattern, 1.0
    arrays["tape.target"][length + 1 :] = pattern
    arrays["tape.output"][length + 1 :] = np.abs(pattern - chance.uniform(0, 0.1, pattern.shape))
    for place in chance.choice(length * 8, size=min(wrong, length * 8), replace=False):
        step, bit = length + 1 + place // 8, place % 8
        arrays["tape.output"][step, bit] = 1 - arrays["tape.target"][step, bit]
    missed = (arrays["tape.output"][length + 1 :] > 0.5) != (pattern > 0.5)
    arrays["tape.error"][length + 1 :] = missed.sum(-1)
    return arrays, pattern


def _addressing(
    arrays: dict[str, Array], organ: str, place: Array, heads: int, slots: int, width: int, chance: np.random.Generator
) -> None:
    steps = len(place)
    final = np.zeros((steps, heads, slots), np.float32)
    for head in range(heads):
        final[np.arange(steps), head, (place + head) % slots] = 0.92
        final[np.arange(steps), head, (place + head + 1) % slots] = 0.08
    blur = chance.dirichlet(np.full(slots, 0.3), (steps, heads)).astype(np.float32)
    arrays[f"{organ}.weighting"] = final
    arrays[f"{organ}.content"] = blur
    arrays[f"{organ}.similarity"] = np.clip(blur * 3 - 1, -1, 1)
    arrays[f"{organ}.gated"] = np.roll(final, -1, axis=-1)
    arrays[f"{organ}.shifted"] = 0.8 * final + 0.2 * np.roll(final, 1, axis=-1)
    arrays[f"{organ}.gate"] = chance.uniform(0, 0.1, (steps, heads)).astype(np.float32)
    arrays[f"{organ}.strength"] = chance.uniform(1, 9, (steps, heads)).astype(np.float32)
    arrays[f"{organ}.sharpening"] = chance.uniform(5, 15, (steps, heads)).astype(np.float32)
    arrays[f"{organ}.shift"] = np.tile(np.array([0.02, 0.03, 0.95], np.float32), (steps, heads, 1))
    arrays[f"{organ}.key"] = chance.normal(size=(steps, heads, width)).astype(np.float32)


def _memory(arrays: dict[str, Array], initial: Array) -> Array:
    contents, made = initial.copy(), []
    for weighting, erase, add in zip(arrays["write.weighting"], arrays["write.erase"], arrays["write.add"], strict=True):
        contents = contents * np.prod(1 - weighting[:, :, None] * erase[:, None], axis=0) + weighting.T @ add
        made.append(contents)
    return np.stack(made).astype(np.float32)


def _phases(length: int) -> tuple[Phase, ...]:
    return (
        Phase(name="present", first=0, last=length - 1),
        Phase(name="delimiter", first=length, last=length),
        Phase(name="recall", first=length + 1, last=2 * length),
    )


def _events(length: int, arrays: dict[str, Array]) -> tuple[Event, ...]:
    writes = [Event(kind="write", step=step, slot=step) for step in range(length)]
    reads = [Event(kind="read", step=step, slot=step - length - 1) for step in range(length + 1, 2 * length + 1)]
    errors = [Event(kind="error", step=int(s), says="a bit is wrong") for s in np.flatnonzero(arrays["tape.error"] > 0)]
    return (*writes, *reads, *errors)


def _answer(
    arrays: dict[str, Array], step: int, told: int, support: int, answer: int, hops: int, chance: np.random.Generator, says: int
) -> None:
    arrays["tape.target"][step], arrays["tape.output"][step] = answer, says
    arrays["tape.error"][step] = float(says != answer)
    arrays["story.supports"][step, :told] = 0.0
    arrays["story.supports"][step, support] = 1.0
    for hop in range(hops):
        looks = chance.dirichlet(np.ones(told)) * 0.4 / (hop + 1)
        looks[support] += 1 - looks.sum()
        arrays["hop.attention"][step, hop, :told] = looks
        arrays["hop.match"][step, hop, :told] = np.log(looks + 1e-3)
        sure = 0.3 + 0.2 * (hop + 1)
        arrays["hop.answer"][step, hop] = (1 - sure) / (len(PLACES) - 1)
        arrays["hop.answer"][step, hop, says] = sure
    arrays["answer.probability"][step] = arrays["hop.answer"][step, hops - 1]


def _story_events(is_question: Array, wrong: bool) -> tuple[Event, ...]:
    writes = [Event(kind="write", step=int(s), slot=n) for n, s in enumerate(np.flatnonzero(~is_question))]
    reads = [Event(kind="read", step=int(s)) for s in np.flatnonzero(is_question)]
    return (*writes, *reads, *([Event(kind="error", step=5, says="answered garden, hallway is right")] if wrong else []))
