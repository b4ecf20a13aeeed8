"""What a Key-Value Memory Network shows: its channels and the stages of an answer, in words and formulas for the reader."""

from engine.contract.cards import Block, Channel, MicroStep, Wire

HOPS_NAMED = 3
"""So many hops have a stage of their own: as many as the network has by default."""

CHANNELS: tuple[Channel, ...] = (
    Channel(
        name="hash.candidates", axes=("slot",), kind="gate", role="candidates",
        title="candidates", symbol="cand", formula="1 where key and question share a rare word",
        says="Which pairs may be looked at. On a bank of facts, those whose key shares a rare word with the question; of a "
        "story, all that were told.",
    ),
    Channel(
        name="hop.attention", axes=("hop", "slot"), kind="attention", role="look",
        title="attention", symbol="p", formula="p = softmax(q·k)",
        says="How much of each value is read, by how well its key matches: together 1, or 0 where no pair is a candidate; over a "
        "story, together with what falls on the empty place. Absent during the linear start: then scores are weights.",
    ),
    Channel(
        name="hop.match", axes=("hop", "slot"), kind="vector", bounded=False, low=-1.0,
        title="match score", symbol="s", formula="s[i] = q·k[i]",
        says="How well each key matches what the hop looks for, before softmax; in the linear start these are the weights.",
    ),
    Channel(
        name="hop.on_supports", axes=("hop",), kind="scalar",
        title="attention on the supporting facts", symbol="p(sup)", formula="{hop.on_supports} of the attention",
        says="How much of the attention lies on the facts that the right answer rests on.",
    ),
    Channel(
        name="hop.entropy", axes=("hop",), kind="positive", bounded=False,
        title="spread of the attention", symbol="H(p)", formula="H = −Σ p·ln p = {hop.entropy} nats",
        says="0 when a hop looks at one pair only; ln n when it looks at n alike.",
    ),
    Channel(
        name="hop.read", axes=("hop", "feature"), kind="vector", bounded=False, low=-1.0,
        title="read vector", symbol="o", formula="o = {top:hop.attention:v}",
        says="What the hop gets: the values, mixed by the attention. All 0 where no pair is a candidate.",
    ),
    Channel(
        name="hop.state", axes=("hop", "feature"), kind="vector", bounded=False, low=-1.0,
        title="controller state", symbol="q", formula="q = R·(q before + o)",
        says="What the next hop looks for, or after the last one the answer: the state before and what was read, turned by the "
        "matrix R of the hop.",
    ),
    Channel(
        name="hop.turn_length", axes=("hop",), kind="positive", bounded=False,
        title="length of R", symbol="‖R‖", formula="‖R‖ = {hop.turn_length}",
        says="How long the hop's matrix R is, all its numbers as one vector. Untrained, R changes nothing and its length is the "
        "square root of the width.",
    ),
    Channel(
        name="hop.answer", axes=("hop", "answer"), kind="probability", sums_to_one=True,
        title="answer after each hop", symbol="softmax(B·q)", formula="softmax(B·q)",
        says="What it would answer if it stopped after this hop.",
    ),
    Channel(
        name="question.state", axes=("feature",), kind="vector", bounded=False, low=-1.0,
        title="question", symbol="q", formula="q = Σ l[j] · A[word j]",
        says="The embedded question: what the first hop looks for.",
    ),
    Channel(
        name="question.answer", axes=("answer",), kind="probability", sums_to_one=True,
        title="answer before any hop", symbol="softmax(B·q)", formula="softmax(B·q)",
        says="What it would answer from the question alone.",
    ),
    Channel(
        name="answer.probability", axes=("answer",), kind="probability", role="answer", sums_to_one=True,
        title="answer", symbol="ŷ", formula="ŷ = softmax(B·q)",
        says="How probable it thinks each answer, after the last hop.",
    ),
    Channel(
        name="answer.logits", axes=("answer",), kind="vector", bounded=False, low=-1.0,
        title="answer scores", symbol="z", formula="z = B·q",
        says="The score of each answer before softmax.",
    ),
    Channel(
        name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
        title="memory", symbol="M", formula="M[n] = (key k, value v), each Σ l[j] · table[word j]",
        says="The pair in each slot: the key embedded, and beside it the value; an empty slot is zero. It is wiped when the "
        "episode ends.",
    ),
    Channel(
        name="memory.present", axes=("slot",), kind="gate",
        title="occupied slots", symbol="present", formula="1 where a pair lies",
        says="Which slots hold a pair.",
    ),
    Channel(
        name="memory.says", axes=("slot",), kind="tokens", role="value", bounded=False, low=-1.0,
        title="what the value says", symbol="v", formula="the answer whose row of B fits v[i] best",
        says="What it would answer from the value of this slot alone.",
    ),
)  # fmt: skip

MICRO_STEPS: tuple[MicroStep, ...] = (
    MicroStep(name="listen", says="A fact goes to its slot as key and value; a question becomes the state that looks.",
              channels=("memory.contents", "memory.present", "memory.says", "question.state", "question.answer")),
    MicroStep(name="hash", says="Pairs whose key shares no rare word with the question are set aside.",
              channels=("hash.candidates",)),
    *(
        MicroStep(
            name=f"hop {hop + 1}", part=hop, says="The state is compared with the keys; what is read is added, and R turns it.",
            channels=("hop.match", "hop.attention", "hop.read", "hop.state", "hop.answer"),
        )
        for hop in range(HOPS_NAMED)
    ),
    MicroStep(name="answer", says="The last state is compared with every possible answer.",
              channels=("answer.logits", "answer.probability")),
)  # fmt: skip

WIRING: tuple[Block, ...] = (
    Block(name="input", title="fact or question", row=0, columns=(0, 3), shows=("role:input",),
          says="A fact to be kept, or a question to be answered."),
    Block(name="question", title="question", row=0, columns=(3, 6), shows=("question.state",),
          works=("question.state", "question.answer"), says="The question as a vector: what the first hop looks for."),
    Block(name="memory", title="keys and values", row=1, columns=(0, 3), shows=("memory.contents",),
          works=("memory.contents", "memory.present", "memory.says"),
          says="A row for each fact: the key by which it is found, and the value that is read."),
    Block(name="hash", title="candidates", row=1, columns=(3, 6), shows=("hash.candidates",), works=("hash.candidates",),
          says="The pairs that are looked at; the others are set aside by their words alone."),
    Block(name="hops", title="hops", row=2, columns=(0, 6), shows=("hop.attention", "hop.state"),
          works=("hop.match", "hop.attention", "hop.read", "hop.state", "hop.turn_length", "hop.answer", "hop.entropy"),
          says="Each hop compares its state with the keys, reads the values, and turns the sum into the next state."),
    Block(name="answer", title="answer", row=3, columns=(0, 6), shows=("answer.probability", "role:output"),
          works=("answer.logits", "answer.probability"), says="The last state, compared with every possible answer."),
)  # fmt: skip

WIRES: tuple[Wire, ...] = (
    Wire(source="input", target="memory", says="is kept", channels=("memory.contents", "memory.present", "memory.says")),
    Wire(source="input", target="question", says="asks", channels=("question.state", "question.answer")),
    Wire(source="question", target="hash", says="shares a word", channels=("hash.candidates",)),
    Wire(source="memory", target="hash", says="keys", channels=("hash.candidates",)),
    Wire(source="memory", target="hops", says="values", gate="hop.attention", channels=("hop.attention", "hop.read")),
    Wire(source="hash", target="hops", says="are compared", channels=("hop.match",)),
    Wire(source="hops", target="hops", says="next hop", channels=("hop.state",)),
    Wire(source="hops", target="answer", says="answers", channels=("answer.logits", "answer.probability")),
)  # fmt: skip
