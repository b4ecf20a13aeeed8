"""What every model with a growing memory of pairs shows: what is retrieved, whether it is stored, what each slot holds.

A model adds its own: what it encodes, what it foresees, and what its slots keep of the samples themselves.
"""

from engine.contract.cards import Channel

RETRIEVED: tuple[Channel, ...] = (
    Channel(
        name="match.key", axes=("feature",), kind="vector", low=-1.0, title="key", symbol="k",
        says="The code of what was seen; the memory is searched by it.",
    ),
    Channel(
        name="match.likeness", axes=("slot",), kind="vector", low=-1.0, title="likeness", symbol="s",
        formula="s[m] = k·K[m] / (|k|·|K[m]|)",
        says="The cosine of the key and that of each slot; 0 where there is no slot.",
    ),
    Channel(
        name="read.weighting", axes=("head", "slot"), kind="weighting", role="read", sums_to_one=True,
        title="slots retrieved", symbol="π", formula="1/K at each of the K slots most alike",
        says="The slots that are retrieved, in equal shares: each gives one of the things foreseen.",
    ),
    Channel(
        name="read.slot", axes=("future",), kind="scalar", role="retrieved", bounded=False, low=-1.0,
        title="slot of each", symbol="π", formula="π = the K slots most alike, the most alike first",
        says="From which slot each thing foreseen comes; -1 where the memory holds fewer than K.",
    ),
)  # fmt: skip

DECIDED: tuple[Channel, ...] = (
    Channel(
        name="write.success", axes=("future",), kind="gate", role="success", title="success rates", symbol="r",
        says="How much of what happened each thing foreseen explains.",
    ),
    Channel(
        name="write.best", axes=(), kind="gate", title="best success rate", symbol="a", formula="a = max r = {write.best}",
        says="The success rate of the best of them: how well the memory already knows this sample.",
    ),
    Channel(
        name="write.threshold", axes=(), kind="scalar", role="threshold", bounded=False, low=-1.0,
        title="threshold", symbol="a*", formula="a* = −b/w = {write.threshold}",
        says="Below this best success rate a sample is stored.",
    ),
    Channel(
        name="write.probability", axes=(), kind="gate", role="accept", title="P(write)", symbol="P",
        formula="P = σ(w·a + b) = {write.probability}", says="How sure the controller is that the sample is worth a slot.",
    ),
    Channel(
        name="write.stored", axes=(), kind="decision", role="stored", title="stored", symbol="write",
        formula="stored if P > 0.5", says="1 where the sample was stored, 0 where it was refused.",
    ),
    Channel(
        name="write.weighting", axes=("head", "slot"), kind="weighting", role="write", title="slot written", symbol="wʷ",
        formula="1 at the slot that the sample was stored in", says="The slot of the sample; 0 everywhere if it was refused.",
    ),
)  # fmt: skip

HELD: tuple[Channel, ...] = (
    Channel(
        name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="persistent",
        once=True, title="memory", symbol="M", formula="M[m] = [K[m]; V[m]]",
        says="The codes in each slot, key and value. They are never changed: a slot is written once.",
    ),
    Channel(
        name="memory.alive", axes=("slot",), kind="gate", role="alive", lifetime="persistent", title="slots in use",
        symbol="there", formula="1 from the write on, 0 after it is removed",
        says="Which slots hold something after this sample.",
    ),
    Channel(
        name="memory.written", axes=("slot",), kind="scalar", role="written", bounded=False, low=-1.0, lifetime="persistent",
        once=True, title="when written", symbol="t", formula="the number of the sample, of all that were ever presented",
        says="Which of all samples presented, counted from 1, wrote the slot.",
    ),
    Channel(
        name="memory.sample", axes=("slot",), kind="scalar", role="sample", bounded=False, low=-1.0, lifetime="persistent",
        once=True, title="who wrote it", symbol="no.", formula="its number in the training set; -1: it is of another source",
        says="Which sample of the training set lies there.",
    ),
    Channel(
        name="memory.kind", axes=("slot",), kind="tokens", role="holds", bounded=False, low=-1.0, lifetime="persistent",
        once=True, title="what lies there", symbol="sort", formula="the sort of the sample in the slot",
        says="Which sort of sample lies in the slot, where the task says that; the network never sees it.",
    ),
    Channel(
        name="memory.reads", axes=("slot",), kind="positive", role="reads", bounded=False, lifetime="persistent",
        title="times retrieved", symbol="reads", formula="samples for which the slot was retrieved",
        says="For how many samples the slot was among those retrieved, since it was written.",
    ),
    Channel(
        name="memory.best", axes=("slot",), kind="positive", role="best", bounded=False, lifetime="persistent",
        title="times best", symbol="best", formula="samples that the slot foresaw best",
        says="How often what came from the slot was the best of what was foreseen.",
    ),
)  # fmt: skip

SCORED: tuple[Channel, ...] = (
    Channel(
        name="test.error", axes=(), kind="scalar", role="test", bounded=False, title="error on held-out samples", symbol="error",
        says="The error on held-out samples of this phase of the stream, with the memory as it is now; measured again every few "
        "samples.",
    ),
    Channel(
        name="test.off", axes=(), kind="scalar", role="test_off", bounded=False, title="the same without the memory",
        symbol="off", says="The error on the same samples with nothing retrieved.",
    ),
    Channel(
        name="test.plain", axes=(), kind="scalar", role="test_plain", bounded=False, title="a plain predictor", symbol="plain",
        says="The error on the same samples of a predictor that has no memory and was not trained.",
    ),
)  # fmt: skip


def few_slots(rows: int, asked: int, things: str) -> str:
    """What is to be said where a memory of so many rows is asked for more things foreseen than it has slots, each for one."""
    if rows >= asked:
        return ""
    if not rows:
        return f"The memory is empty: nothing is retrieved, and all {asked} {things} are what the network says without it."
    return f"The memory holds {rows} slots, fewer than {asked}: there are only so many {things}, and more of them change nothing."
