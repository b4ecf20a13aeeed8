"""What an End-To-End Memory Network shows: its channels and the stages of an answer, in words and formulas for the reader."""

from engine.contract.cards import Block, Channel, MicroStep, Wire

HOPS_NAMED = 3
"""So many hops have a stage of their own: as many as the paper's network has."""

CHANNELS: tuple[Channel, ...] = (
    Channel(
        name="hop.attention", axes=("hop", "slot"), kind="attention", role="look",
        title="attention", symbol="p", formula="p = softmax(u·m)",
        says="How much each hop takes from each sentence; with what falls on the empty place, together 1. Absent during the "
        "linear start: then scores are weights.",
    ),
    Channel(
        name="hop.match", axes=("hop", "slot"), kind="vector", bounded=False, low=-1.0,
        title="match score", symbol="s", formula="s[i] = u·m[i]",
        says="How well each sentence matches what the hop looks for, before softmax; in the linear start these are the weights.",
    ),
    Channel(
        name="hop.on_supports", axes=("hop",), kind="scalar",
        title="attention on the supporting facts", symbol="p(sup)", formula="{hop.on_supports} of the attention",
        says="How much of the attention lies on the facts that the right answer rests on.",
    ),
    Channel(
        name="hop.entropy", axes=("hop",), kind="positive", bounded=False,
        title="spread of the attention", symbol="H(p)", formula="H = −Σ p·ln p = {hop.entropy} nats",
        says="0 when a hop looks at one sentence only; ln n when it looks at n alike.",
    ),
    Channel(
        name="hop.mass_on_empty", axes=("hop",), kind="scalar",
        title="attention on empty slots", symbol="e", formula="e = {hop.mass_on_empty}",
        says="How much of the attention falls where no sentence lies: there a hop looks that finds nothing, as when the answer "
        "is no. 0 where empty slots are left out.",
    ),
    Channel(
        name="hop.read", axes=("hop", "feature"), kind="vector", bounded=False, low=-1.0,
        title="read vector", symbol="o", formula="o = {top:hop.attention:c}",
        says="What the hop gets: the output memories, mixed by the attention.",
    ),
    Channel(
        name="hop.state", axes=("hop", "feature"), kind="vector", bounded=False, low=-1.0,
        title="controller state", symbol="u", formula="u = u before + o",
        says="What the next hop looks for, or after the last one the answer: the state before, and what was read.",
    ),
    Channel(
        name="hop.answer", axes=("hop", "answer"), kind="probability", sums_to_one=True,
        title="answer after each hop", symbol="softmax(W·u)", formula="softmax(W·u)",
        says="What it would answer if it stopped after this hop.",
    ),
    Channel(
        name="question.state", axes=("feature",), kind="vector", bounded=False, low=-1.0,
        title="question", symbol="u", formula="u = Σ l[j] · B[word j]",
        says="The embedded question: what the first hop looks for.",
    ),
    Channel(
        name="question.answer", axes=("answer",), kind="probability", sums_to_one=True,
        title="answer before any hop", symbol="softmax(W·u)", formula="softmax(W·u)",
        says="What it would answer from the question alone.",
    ),
    Channel(
        name="answer.probability", axes=("answer",), kind="probability", role="answer", sums_to_one=True,
        title="answer", symbol="ŷ", formula="ŷ = softmax(W·u)",
        says="How probable it thinks each answer, after the last hop.",
    ),
    Channel(
        name="answer.logits", axes=("answer",), kind="vector", bounded=False, low=-1.0,
        title="answer scores", symbol="z", formula="z = W·u",
        says="The score of each answer before softmax.",
    ),
    Channel(
        name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
        title="memory", symbol="M", formula="M[n] = Σ l[j] · (A and C of all hops)[word j]",
        says="The sentence in each slot, embedded with the table of every hop side by side; an empty slot is zero. "
        "It is wiped when the story ends.",
    ),
    Channel(
        name="memory.present", axes=("slot",), kind="gate",
        title="occupied slots", symbol="present", formula="1 where a sentence lies",
        says="Which slots hold a sentence; only these are looked at.",
    ),
    Channel(
        name="memory.key", axes=("hop", "slot", "feature"), kind="memory", bounded=False, low=-1.0,
        title="input memory", symbol="m", formula="m[i] = A·x[i] + T_A[age i]",
        says="What each hop compares with its state: each sentence, and how long ago it was told.",
    ),
    Channel(
        name="memory.value", axes=("hop", "slot", "feature"), kind="memory", bounded=False, low=-1.0,
        title="output memory", symbol="c", formula="c[i] = C·x[i] + T_C[age i]",
        says="What each hop reads: each sentence embedded a second time, and how long ago it was told.",
    ),
)  # fmt: skip

MICRO_STEPS: tuple[MicroStep, ...] = (
    MicroStep(name="listen", says="A statement goes to its slot; a question becomes the state that looks for an answer.",
              channels=("memory.contents", "memory.present", "question.state", "question.answer")),
    *(
        MicroStep(
            name=f"hop {hop + 1}", part=hop, says="The state is compared with every sentence; what is read is added to it.",
            channels=("memory.key", "hop.match", "hop.attention", "memory.value", "hop.read", "hop.state", "hop.answer"),
        )
        for hop in range(HOPS_NAMED)
    ),
    MicroStep(name="answer", says="The last state is compared with every possible answer.",
              channels=("answer.logits", "answer.probability")),
)  # fmt: skip

WIRING: tuple[Block, ...] = (
    Block(name="input", title="line of the story", row=0, columns=(0, 3), shows=("role:input",),
          says="A statement to be kept, or a question to be answered."),
    Block(name="question", title="question", row=0, columns=(3, 6), shows=("question.state",),
          works=("question.state", "question.answer"), says="The question as a vector: what the first hop looks for."),
    Block(name="memory", title="memory", row=1, columns=(0, 3), shows=("memory.contents",),
          works=("memory.contents", "memory.present", "memory.key", "memory.value"),
          says="A row for each statement, as vectors: one to be compared, one to be read."),
    Block(name="hops", title="hops", row=1, columns=(3, 6), shows=("hop.attention", "hop.state"),
          works=("hop.match", "hop.attention", "hop.read", "hop.state", "hop.answer", "hop.entropy"),
          says="Each hop looks at all statements, reads, and adds what it read to what it looks for."),
    Block(name="answer", title="answer", row=2, columns=(0, 6), shows=("answer.probability", "role:output"),
          works=("answer.logits", "answer.probability"), says="The last state, compared with every possible answer."),
)  # fmt: skip

WIRES: tuple[Wire, ...] = (
    Wire(source="input", target="memory", says="is kept", channels=("memory.contents", "memory.present")),
    Wire(source="input", target="question", says="asks", channels=("question.state", "question.answer")),
    Wire(source="question", target="hops", says="looks for", channels=("hop.match",)),
    Wire(source="memory", target="hops", says="reads", gate="hop.attention",
         channels=("memory.key", "hop.match", "hop.attention", "memory.value", "hop.read")),
    Wire(source="hops", target="hops", says="next hop", channels=("hop.state",)),
    Wire(source="hops", target="answer", says="answers", channels=("answer.logits", "answer.probability")),
)  # fmt: skip
