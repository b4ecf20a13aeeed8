"""What a Dynamic Memory Network shows: its channels and the stages of an answer, in words and formulas for the reader."""

from engine.contract.cards import Block, Channel, MicroStep, Wire

PASSES_NAMED = 3
"""So many passes have a stage of their own: as many as the paper's network makes."""

CHANNELS: tuple[Channel, ...] = (
    Channel(
        name="hop.attention", axes=("hop", "slot"), kind="attention", role="look", sums_to_one=True,
        title="attention gate", symbol="g", formula="g = softmax(s) over the facts",
        says="How much of each fact the pass takes, together 1. Absent where each gate opens for itself.",
    ),
    Channel(
        name="hop.gate", axes=("hop", "slot"), kind="gate", role="look",
        title="gate", symbol="g", formula="g = σ(s)",
        says="How far each fact's gate is open in the pass; each opens for itself. Absent where gates are together 1.",
    ),
    Channel(
        name="hop.gate_logit", axes=("hop", "slot"), kind="vector", bounded=False, low=-1.0,
        title="gate score", symbol="s", formula="s[i] = W2 · tanh(W1 · [F∘q, F∘m, |F−q|, |F−m|])",
        says="How well each fact suits the question and what the passes before found; gates are made of these scores. Gates that "
        "open for themselves look at some products more.",
    ),
    Channel(
        name="hop.total", axes=("hop",), kind="positive", bounded=False,
        title="gates together", symbol="Σg", formula="Σg = {hop.total}",
        says="How much the pass takes in all, where each gate opens for itself. Absent where gates are together 1.",
    ),
    Channel(
        name="hop.on_supports", axes=("hop",), kind="scalar",
        title="share on the supporting facts", symbol="g(sup)", formula="{hop.on_supports} of all gates",
        says="How much of all that the pass takes it takes of the facts that the right answer rests on.",
    ),
    Channel(
        name="hop.moved", axes=("hop", "slot"), kind="positive", bounded=False,
        title="what each fact changed", symbol="|Δh|", formula="|h[i] − h before|",
        says="How far the episode moved when the pass came to this fact; the newest facts come last and can undo older ones.",
    ),
    Channel(
        name="hop.episode", axes=("hop", "feature"), kind="vector", low=-1.0,
        title="episode", symbol="e", formula="h = h before + g · (candidate − h before); e = the last h",
        says="What the pass brings: the state of a GRU that went over all facts, moved by each as far as its gate allows.",
    ),
    Channel(
        name="hop.memory", axes=("hop", "feature"), kind="vector", bounded=False, low=-1.0,
        title="memory after the pass", symbol="m", formula="m = ReLU(W · [m before, e, q]), or GRU(e, m before)",
        says="What is known after the pass, made of the memory before it, its episode and the question. Before the first pass "
        "it is the question.",
    ),
    Channel(
        name="question.state", axes=("feature",), kind="vector", low=-1.0,
        title="question", symbol="q", formula="q = GRU over the words of the question",
        says="The question as a GRU understands it that reads its words.",
    ),
    Channel(
        name="answer.probability", axes=("answer",), kind="probability", role="answer", sums_to_one=True,
        title="answer", symbol="ŷ", formula="ŷ = softmax(z)",
        says="How probable it thinks each answer, after the last pass.",
    ),
    Channel(
        name="answer.logits", axes=("answer",), kind="vector", bounded=False, low=-1.0,
        title="answer scores", symbol="z", formula="z = W · [q, m]",
        says="The score of each answer before softmax.",
    ),
    Channel(
        name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
        title="memory", symbol="M", formula="M[n] = Σ l[j] · E[word j]",
        says="The sentence in each slot, its words added up by position; an empty slot is zero. It is wiped when the story ends.",
    ),
    Channel(
        name="memory.present", axes=("slot",), kind="gate",
        title="occupied slots", symbol="present", formula="1 where a sentence lies",
        says="Which slots hold a sentence; the gates of all others are 0.",
    ),
    Channel(
        name="memory.fact", axes=("slot", "feature"), kind="memory", low=-2.0, high=2.0,
        title="facts", symbol="F", formula="F[n] = GRU from the beginning + GRU from the end",
        says="Each sentence as it is understood in its story: what one GRU knows on its way from the beginning, and another "
        "on its way back from the end. It is made anew for each question.",
    ),
)  # fmt: skip

MICRO_STEPS: tuple[MicroStep, ...] = (
    MicroStep(name="listen", says="A statement goes to its slot; a question is read word by word.",
              channels=("memory.contents", "memory.present", "question.state")),
    MicroStep(name="understand", says="Two GRUs go over all sentences, from the beginning and from the end.",
              channels=("memory.fact",)),
    *(
        MicroStep(
            name=f"pass {number + 1}", part=number,
            says="Every fact gets a gate, a GRU goes over the facts as far as the gates let it, and the memory is renewed.",
            channels=("hop.gate_logit", "hop.attention", "hop.gate", "hop.total", "hop.on_supports", "hop.moved", "hop.episode",
                      "hop.memory"),
        )
        for number in range(PASSES_NAMED)
    ),
    MicroStep(name="answer", says="The last memory and the question become an answer.",
              channels=("answer.logits", "answer.probability")),
)  # fmt: skip

WIRING: tuple[Block, ...] = (
    Block(name="input", title="line of the story", row=0, columns=(0, 3), shows=("role:input",),
          says="A statement to be kept, or a question to be answered."),
    Block(name="question", title="question", row=0, columns=(3, 6), shows=("question.state",),
          says="The question as a vector, and the memory before the first pass."),
    Block(name="facts", title="input module", row=1, columns=(0, 3), shows=("memory.contents", "memory.fact"),
          works=("memory.contents", "memory.present", "memory.fact"),
          says="Sentences by themselves, and as facts: each as it is understood in its story."),
    Block(name="passes", title="episodic memory", row=1, columns=(3, 6), shows=("hop.attention", "hop.gate", "hop.memory"),
          works=("hop.gate_logit", "hop.attention", "hop.gate", "hop.moved", "hop.episode", "hop.memory"),
          says="Each pass gates the facts, makes an episode of them, and renews the memory with it."),
    Block(name="answer", title="answer", row=2, columns=(0, 6), shows=("answer.probability", "role:output"),
          works=("answer.logits", "answer.probability"), says="What is known after the last pass becomes a word."),
)  # fmt: skip

WIRES: tuple[Wire, ...] = (
    Wire(source="input", target="facts", says="is kept", channels=("memory.contents", "memory.present")),
    Wire(source="input", target="question", says="asks", channels=("question.state",)),
    Wire(source="question", target="passes", says="looks for", channels=("hop.gate_logit",)),
    Wire(source="facts", target="passes", says="gated", gate="hop.attention",
         channels=("memory.fact", "hop.gate_logit", "hop.attention", "hop.gate", "hop.moved", "hop.episode")),
    Wire(source="passes", target="passes", says="next pass", channels=("hop.memory",)),
    Wire(source="passes", target="answer", says="answers", channels=("answer.logits", "answer.probability")),
)  # fmt: skip
