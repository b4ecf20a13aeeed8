"""What a Memory Network shows: its channels and the stages of an answer, in words and formulas for the reader."""

from engine.contract.cards import Block, Channel, MicroStep, Wire

LOOKUPS_NAMED = 3
"""So many lookups have a stage of their own: as many as it makes unless it is told otherwise."""

CHANNELS: tuple[Channel, ...] = (
    Channel(
        name="hop.chosen", axes=("hop", "slot"), kind="decision", role="look",
        title="fact looked up", symbol="o", formula="o = the winner of the tournament",
        says="1 at the one fact that each lookup takes, 0 at all others; no fact where it finds that it is enough.",
    ),
    Channel(
        name="hop.score", axes=("hop", "slot"), kind="vector", bounded=False, low=-1.0,
        title="score against the best so far", symbol="s(i, best)", formula="s = match[i] − match[best] + what time counts",
        says="The tournament: facts come up in the order told, each against the best so far, and above 0 takes its place. 0 "
        "where there was nobody to beat. These are scores: they do not sum to 1.",
    ),
    Channel(
        name="hop.lead", axes=("hop", "slot"), kind="decision",
        title="took the lead", symbol="best", formula="1 where s(i, best) > 0, and at the first",
        says="Which facts were the best so far when they came up; the last of them is looked up, unless it is enough.",
    ),
    Channel(
        name="hop.match", axes=("hop", "slot"), kind="vector", bounded=False, low=-1.0,
        title="match of words", symbol="m", formula="m[i] = u · (candidate i)",
        says="How well each fact's words fit what is looked for, whenever it was told. These are scores: they do not sum to 1.",
    ),
    Channel(
        name="hop.enough", axes=("hop",), kind="scalar", bounded=False, low=-1.0,
        title="score of “enough”", symbol="s(enough)", formula="s(enough, best) = {hop.enough}",
        says="“Enough” comes up last, against the best fact: above 0 it wins, and nothing more is looked up.",
    ),
    Channel(
        name="hop.state", axes=("hop", "feature"), kind="vector", bounded=False, low=-1.0,
        title="what is looked for next", symbol="u", formula="u = u before + (found fact)",
        says="What the next lookup looks for: the question and all facts found so far.",
    ),
    Channel(
        name="hop.answer", axes=("hop", "answer"), kind="vector", bounded=False, low=-1.0,
        title="answer scores after each lookup", symbol="r", formula="r = tanh(question + facts found) · answer",
        says="How it would score the answers if it stopped after this lookup.",
    ),
    Channel(
        name="hop.is_right", axes=("hop",), kind="gate",
        title="right fact", symbol="right", formula="1 where the lookup finds the right fact",
        says="1 where the lookup takes the fact that comes next among those that the answer rests on, or rightly finds that it "
        "is enough.",
    ),
    Channel(
        name="hop.too_near", axes=("hop",), kind="positive", bounded=False,
        title="margins missed", symbol="missed", formula="{hop.too_near} facts come too near",
        says="How many others are not beaten by the whole margin: what training still has to part.",
    ),
    Channel(
        name="question.state", axes=("feature",), kind="vector", bounded=False, low=-1.0,
        title="question", symbol="u", formula="u = Σ l[j] · Q[word j]",
        says="The embedded question: what the first lookup looks for.",
    ),
    Channel(
        name="question.answer", axes=("answer",), kind="vector", bounded=False, low=-1.0,
        title="answer scores before any lookup", symbol="r", formula="r = tanh(question) · answer",
        says="How it would score the answers from the question alone.",
    ),
    Channel(
        name="answer.score", axes=("answer",), kind="vector", role="answer", bounded=False, low=-1.0,
        title="answer scores", symbol="r", formula="r = tanh(question + facts found) · answer",
        says="How each answer scores; the highest is given. These are scores: they do not sum to 1, and are no probabilities.",
    ),
    Channel(
        name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
        title="memory", symbol="M", formula="M[n] = Σ l[j] · (all three tables)[word j]",
        says="The sentence in each slot, embedded three times side by side: to be looked up, to look on from, to answer from. "
        "An empty slot is zero. It is wiped when the story ends.",
    ),
    Channel(
        name="memory.present", axes=("slot",), kind="gate",
        title="occupied slots", symbol="present", formula="1 where a sentence lies",
        says="Which slots hold a sentence; only these can be looked up.",
    ),
)  # fmt: skip

MICRO_STEPS: tuple[MicroStep, ...] = (
    MicroStep(name="input", says="I makes vectors of a line; G puts a statement into the next slot, a question starts a search.",
              channels=("memory.contents", "memory.present", "question.state", "question.answer")),
    *(
        MicroStep(
            name=f"lookup {lookup + 1}", part=lookup,
            says="O lets every fact come up against the best so far; the winner is taken, and is looked on from.",
            channels=("hop.match", "hop.score", "hop.lead", "hop.enough", "hop.chosen", "hop.state", "hop.answer"),
        )
        for lookup in range(LOOKUPS_NAMED)
    ),
    MicroStep(name="answer", says="R scores every answer by the question and the facts found; the highest is given.",
              channels=("answer.score",)),
)  # fmt: skip

WIRING: tuple[Block, ...] = (
    Block(name="input", title="I · input", row=0, columns=(0, 6), shows=("role:input", "question.state"),
          works=("question.state", "question.answer"), says="Makes vectors of a line, be it a statement or a question."),
    Block(name="generalise", title="G · memory", row=1, columns=(0, 3), shows=("memory.contents",),
          works=("memory.contents", "memory.present"), says="Puts each statement into the next free slot, and changes no other."),
    Block(name="output", title="O · lookups", row=1, columns=(3, 6), shows=("hop.chosen", "hop.score"),
          works=("hop.match", "hop.score", "hop.lead", "hop.enough", "hop.chosen", "hop.state"),
          says="Looks up one fact after the other, each by a tournament among all facts, until it is enough."),
    Block(name="response", title="R · response", row=2, columns=(0, 6), shows=("answer.score", "role:output"),
          works=("hop.answer", "answer.score"), says="Scores every answer by the question and the facts that were found."),
)  # fmt: skip

WIRES: tuple[Wire, ...] = (
    Wire(source="input", target="generalise", says="is kept", channels=("memory.contents", "memory.present")),
    Wire(source="input", target="output", says="looks for", channels=("question.state", "hop.match")),
    Wire(source="generalise", target="output", says="looks up", channels=("hop.match", "hop.score", "hop.lead", "hop.chosen")),
    Wire(source="output", target="output", says="next lookup", channels=("hop.state",)),
    Wire(source="output", target="response", says="answers", channels=("hop.answer", "answer.score")),
)  # fmt: skip
