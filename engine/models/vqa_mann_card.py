"""What VQA-MANN shows: its channels and the stages of an answer, in words and formulas for the reader."""

from engine.contract.cards import Block, Channel, MicroStep, Wire

CHANNELS: tuple[Channel, ...] = (
    Channel(
        name="picture.features", axes=("region", "feature"), kind="vector", bounded=False, low=-1.0,
        title="what each place looks like", symbol="v", formula="v[n] = W·(convolutions of place n) + vector of place n",
        says="A vector of each of the nine places: what eyes that had learnt to tell shapes and colours see there, and where "
        "that is.",
    ),
    Channel(
        name="look.gist", axes=("feature",), kind="vector", bounded=False, low=-1.0,
        title="gist", symbol="m", formula="m = tanh(mean of v) · mean of q",
        says="Picture and question at a glance: it guides where to look.",
    ),
    Channel(
        name="look.regions", axes=("region",), kind="attention", sums_to_one=True,
        title="attention to places", symbol="α", formula="α = softmax(w·(tanh(A·v) · tanh(B·m)))",
        says="How much it looks at each of the nine places of the picture, together 1.",
    ),
    Channel(
        name="look.words", axes=("word",), kind="attention", sums_to_one=True,
        title="attention to words", symbol="β", formula="β = softmax(w·(tanh(A·q) · tanh(B·m)))",
        says="How much it listens to each word of the question, together 1.",
    ),
    Channel(
        name="look.picture", axes=("feature",), kind="vector", low=-1.0,
        title="what was looked at", symbol="v*", formula="v* = tanh(Σ α[n]·v[n])",
        says="The places of the picture, mixed by the attention.",
    ),
    Channel(
        name="look.question", axes=("feature",), kind="vector", low=-1.0,
        title="what was asked", symbol="q*", formula="q* = Σ β[t]·q[t]",
        says="The words of the question, read forwards and backwards, mixed by the attention.",
    ),
    Channel(
        name="controller.hidden", axes=("unit",), kind="vector", low=-1.0,
        title="controller state", symbol="h", formula="h = LSTM([v*; q*]) from a blank state",
        says="What it makes of picture and question. Each sample begins with a blank state, so that only the memory carries "
        "anything from one to the next.",
    ),
    Channel(
        name="read.key", axes=("feature",), kind="vector", low=-1.0,
        title="key", symbol="k", formula="k = [Σ α[n]·(convolutions of place n), q*/2], each of length 1 before",
        says="What the memory is searched by, and what is written: what the eyes saw where it looked, and what was asked. By the "
        "paper's rule it is the controller's state; that changes as the weights do, so that old samples are hard to find.",
    ),
    Channel(
        name="read.strength", axes=("head",), kind="positive", bounded=False,
        title="key strength", symbol="β", formula="β = {read.strength}",
        says="How sharply the match is made; one learnt number. The paper has none.",
    ),
    Channel(
        name="read.weighting", axes=("head", "slot"), kind="weighting", role="read", sums_to_one=True,
        title="read weighting", symbol="wʳ", formula="wʳ = softmax(β·cos(k, M))",
        says="How much it takes from each slot, together 1: most from samples that were like this one.",
    ),
    Channel(
        name="read.vector", axes=("head", "feature"), kind="vector", bounded=False, low=-1.0,
        title="read vector", symbol="r", formula="r = {top:read.weighting:M}",
        says="The slots, mixed by the read weighting.",
    ),
    Channel(
        name="answer.remembered", axes=("answer",), kind="probability",
        title="remembered answers", symbol="ℓ", formula="ℓ[a] = Σ wʳ over the slots where a is held",
        says="How much of what was read lies in slots that hold each answer; it is added to that answer's score.",
    ),
    Channel(
        name="answer.logits", axes=("answer",), kind="vector", bounded=False, low=-1.0,
        title="answer scores", symbol="z", formula="z = V·tanh(W·[h; r]) + trust·ℓ",
        says="The score of each answer before softmax: from state and read vector, and from the answers that were remembered.",
    ),
    Channel(
        name="answer.probability", axes=("answer",), kind="probability", role="answer", sums_to_one=True,
        title="answer", symbol="â", formula="â = softmax(z)",
        says="How probable it thinks each answer.",
    ),
    Channel(
        name="write.least_used", axes=(), kind="scalar", bounded=False,
        title="least used slot", symbol="lru", formula="lru = the slot with the smallest usage = {write.least_used}",
        says="The slot that was read and written least lately: the next to be replaced.",
    ),
    Channel(
        name="write.gate", axes=("head",), kind="gate",
        title="write gate", symbol="σ(a)", formula="σ(a) = {write.gate}",
        says="How much of the sample goes to a slot that is read, and not to the least used one; 0 while nothing is written.",
    ),
    Channel(
        name="write.weighting", axes=("head", "slot"), kind="weighting", role="write",
        title="write weighting", symbol="wʷ", formula="wʷ = σ(a)·(slot that was read) + (1 − σ(a))·(least used slot)",
        says="How much of the sample goes to each slot, together 1; 0 everywhere while the memory is frozen.",
    ),
    Channel(
        name="write.lost", axes=(), kind="tokens", role="lost", bounded=False, low=-1.0,
        title="answer that was lost", symbol="lost", formula="what lay in the slot that was written anew",
        says="The answer of the sample that made room for this one; none where nothing was replaced.",
    ),
    Channel(
        name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="persistent",
        title="memory", symbol="M", formula="M[n] = k of the sample that lies there",
        says="The key of each sample that is held: what was looked at, and what was asked. It is never wiped: it came with the "
        "weights.",
    ),
    Channel(
        name="memory.usage", axes=("slot",), kind="positive", role="usage", bounded=False, lifetime="persistent",
        title="usage", symbol="wᵘ", formula="wᵘ = γ·wᵘ before + wʳ + wʷ",
        says="How much each slot was read and written lately; the smallest makes room.",
    ),
    Channel(
        name="memory.label", axes=("slot",), kind="tokens", role="holds", bounded=False, low=-1.0, lifetime="persistent",
        title="answer held", symbol="label", formula="the right answer of the sample that lies there",
        says="The answer of the sample in each slot. By the paper's rule the network never sees it; it is kept for the reader.",
    ),
    Channel(
        name="memory.written", axes=("slot",), kind="scalar", role="written", bounded=False, low=-1.0, lifetime="persistent",
        title="when written", symbol="t", formula="the number of the sample, since the training began",
        says="Which sample wrote the slot last, counted since the training began; -1: never written.",
    ),
    Channel(
        name="memory.number", axes=("slot",), kind="scalar", bounded=False, low=-1.0, lifetime="persistent",
        title="training sample", symbol="no.", formula="the number of that sample in the training set",
        says="Which of the training set's samples lies there; -1 for none, or for one that it never held.",
    ),
    Channel(
        name="memory.reads", axes=("slot",), kind="positive", role="reads", bounded=False, lifetime="persistent",
        title="times read", symbol="reads", formula="samples that read this slot most",
        says="How often the slot was what a sample read most of, since it was last replaced.",
    ),
)  # fmt: skip

MICRO_STEPS: tuple[MicroStep, ...] = (
    MicroStep(name="look", says="Picture and question are seen at a glance; then it looks at places and listens to words.",
              channels=("picture.features", "look.gist", "look.regions", "look.words", "look.picture", "look.question")),
    MicroStep(name="control", says="What was looked at and what was asked become one state.", channels=("controller.hidden",)),
    MicroStep(name="read", says="The memory is searched for samples like this one.",
              channels=("read.key", "read.strength", "read.weighting", "read.vector")),
    MicroStep(name="answer", says="State, read vector and remembered answers give the answer.",
              channels=("answer.remembered", "answer.logits", "answer.probability")),
    MicroStep(name="write", says="The right answer is revealed, and the sample goes into memory; a frozen memory stays as it is.",
              channels=("write.least_used", "write.gate", "write.weighting", "write.lost", "memory.contents", "memory.usage",
                        "memory.label", "memory.written", "memory.number", "memory.reads")),
)  # fmt: skip

WIRING: tuple[Block, ...] = (
    Block(name="picture", title="picture", row=0, columns=(0, 3), shows=("look.regions",),
          works=("picture.features", "look.regions", "look.picture"), says="Nine places, and how much it looks at each."),
    Block(name="question", title="question", row=0, columns=(3, 6), shows=("look.words",),
          works=("look.gist", "look.words", "look.question"), says="The words, and how much it listens to each."),
    Block(name="controller", title="controller", row=1, columns=(0, 6), shows=("controller.hidden",),
          says="One state made of what was looked at and what was asked."),
    Block(name="read", title="read head", row=2, columns=(0, 2), shows=("read.weighting",),
          works=("read.key", "read.strength", "read.weighting", "read.vector"), says="Finds what is like it."),
    Block(name="memory", title="memory", row=2, columns=(2, 4), shows=("memory.contents",),
          works=("memory.contents", "memory.usage"), says="Samples of the training; it lasts from one to the next."),
    Block(name="write", title="write head", row=2, columns=(4, 6), shows=("write.weighting",),
          works=("write.least_used", "write.gate", "write.weighting", "write.lost"), says="Puts the sample into a slot."),
    Block(name="answer", title="answer", row=3, columns=(0, 6), shows=("answer.probability", "role:output"),
          works=("answer.remembered", "answer.logits", "answer.probability"), says="Possible answers, and how probable each is."),
)  # fmt: skip

WIRES: tuple[Wire, ...] = (
    Wire(source="picture", target="controller", says="what it sees", channels=("look.picture",)),
    Wire(source="question", target="controller", says="what is asked", channels=("look.question",)),
    Wire(source="picture", target="question", says="guide", channels=("look.gist",)),
    Wire(source="controller", target="read", says="searches", channels=("read.key",)),
    Wire(source="controller", target="write", says="is written", channels=("read.key",)),
    Wire(source="memory", target="read", says="reads", gate="read.weighting", channels=("read.weighting", "read.vector")),
    Wire(source="write", target="memory", says="writes", gate="write.weighting", channels=("write.weighting", "memory.contents"),
         is_later=True),
    Wire(source="read", target="answer", says="remembers", channels=("read.vector", "answer.remembered")),
)  # fmt: skip
