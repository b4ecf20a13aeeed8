"""What a Neural Turing Machine shows: its channels and the stages of one step, in words and formulas for the reader."""

from engine.contract.cards import Block, Channel, MicroStep, Wire
from engine.models.controlled_card import CONTROLLER_CHANNELS, ERASE


def _head_channels(organ: str, verb: str) -> tuple[Channel, ...]:
    """The channels that read heads and write heads have in common."""
    head = f"{organ} head"
    return (
        Channel(
            name=f"{organ}.key", axes=("head", "feature"), kind="vector", bounded=False, low=-1.0,
            title=f"{organ} key", symbol="k", formula="k = linear(h)",
            says=f"What the {head} looks for: slots that point the same way as the key get more weight.",
        ),
        Channel(
            name=f"{organ}.strength", axes=("head",), kind="positive", bounded=False,
            title=f"{organ} key strength", symbol="β", formula=f"β = softplus(linear(h)) = {{{organ}.strength}}",
            says="How sharply the key is matched: near 0 every slot is alike, large picks the one best match.",
        ),
        Channel(
            name=f"{organ}.gate", axes=("head",), kind="gate",
            title=f"{organ} gate", symbol="g", formula=f"g = σ(linear(h)) = {{{organ}.gate}}",
            says=f"1: the {head} looks anew, by content; 0: it goes on from where it was.",
        ),
        Channel(
            name=f"{organ}.shift", axes=("head", "shift"), kind="gate", sums_to_one=True,
            title=f"{organ} shift", symbol="s", formula=f"s = softmax(linear(h)) = {{{organ}.shift}}",
            says=f"How far the {head} moves: one slot back, not at all, or one slot forward.",
        ),
        Channel(
            name=f"{organ}.sharpening", axes=("head",), kind="positive", bounded=False, low=1.0,
            title=f"{organ} sharpening", symbol="γ", formula=f"γ = 1 + softplus(linear(h)) = {{{organ}.sharpening}}",
            says="How strongly the blur that shifting leaves is undone: 1 leaves it, more than 1 sharpens.",
        ),
        Channel(
            name=f"{organ}.similarity", axes=("head", "slot"), kind="vector", low=-1.0,
            title=f"{organ} similarity", symbol="K", formula="K[n] = k·M[n] / (|k| |M[n]|)",
            says="The cosine of the key with each slot: 1 is the same direction, 0 unrelated, −1 opposite.",
        ),
        Channel(
            name=f"{organ}.content", axes=("head", "slot"), kind="weighting", sums_to_one=True,
            title=f"{organ} content weighting", symbol="wc", formula=f"wc = softmax({{{organ}.strength}} · K)",
            says=f"Where the {head} would {verb} by content alone.",
        ),
        Channel(
            name=f"{organ}.gated", axes=("head", "slot"), kind="weighting", sums_to_one=True,
            title=f"{organ} gated weighting", symbol="wg",
            formula=f"wg = {{{organ}.gate}}·wc + (1 − {{{organ}.gate}})·w before",
            says="The content weighting mixed with the weighting of the step before, by the gate.",
        ),
        Channel(
            name=f"{organ}.shifted", axes=("head", "slot"), kind="weighting", sums_to_one=True,
            title=f"{organ} shifted weighting", symbol="ws", formula=f"ws = wg moved by s = {{{organ}.shift}}",
            says="The gated weighting moved along the slots, round the end.",
        ),
    )  # fmt: skip


def _weighting(organ: str, says: str) -> Channel:
    gate, sharpening = f"{{{organ}.gate}}", f"{{{organ}.sharpening}}"
    return Channel(
        name=f"{organ}.weighting", axes=("head", "slot"), kind="weighting", sums_to_one=True,
        role="read" if organ == "read" else "write", title=f"{organ} weighting", symbol="w",
        formula=f"w = sharpen(shift({gate}·content + (1 − {gate})·w before), {sharpening})", says=says,
    )  # fmt: skip


CHANNELS: tuple[Channel, ...] = (
    *_head_channels("read", "read"),
    _weighting("read", "Where each read head reads: the share that each slot has in what is read."),
    Channel(
        name="read.vector", axes=("head", "feature"), kind="vector", bounded=False, low=-1.0,
        title="read vector", symbol="r", formula="r = {top:read.weighting:M}",
        says="What each read head gets: the slots, mixed by the read weighting.",
    ),
    *_head_channels("write", "write"),
    _weighting("write", "Where each write head writes: how strongly each slot is erased and added to."),
    ERASE,
    Channel(
        name="write.add", axes=("head", "feature"), kind="vector", role="add", bounded=False, low=-1.0,
        title="add vector", symbol="a", formula="a = linear(h)",
        says="What a write brings to the slots where the head stands.",
    ),
    Channel(
        name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
        title="memory", symbol="M", formula="M[{slot}] = M before[{slot}]·(1 − {at:write.weighting}·e) + {at:write.weighting}·a",
        says="What lies in each slot after this step; it is wiped when the episode ends.",
    ),
    *CONTROLLER_CHANNELS,
)  # fmt: skip

MICRO_STEPS: tuple[MicroStep, ...] = (
    MicroStep(name="content", says="Each head compares its key with every slot.",
              channels=("read.key", "read.strength", "read.similarity", "read.content",
                        "write.key", "write.strength", "write.similarity", "write.content")),
    MicroStep(name="gate", says="The gate chooses between looking anew and staying put.",
              channels=("read.gate", "read.gated", "write.gate", "write.gated")),
    MicroStep(name="shift", says="The head moves along the slots.",
              channels=("read.shift", "read.shifted", "write.shift", "write.shifted")),
    MicroStep(name="sharpen", says="The blur is undone: this is the final weighting.",
              channels=("read.sharpening", "read.weighting", "write.sharpening", "write.weighting")),
    MicroStep(name="read", says="The read heads mix the slots where they stand.", channels=("read.vector",)),
    MicroStep(name="erase", says="The write heads clear features where they stand.", channels=("write.erase",)),
    MicroStep(name="add", says="The write heads add to the slots where they stand.", channels=("write.add", "memory.contents")),
)  # fmt: skip


def _works(organ: str, *last: str) -> tuple[str, ...]:
    """The quantities of a head in the order in which they are made."""
    made = ("key", "strength", "similarity", "content", "gate", "gated", "shift", "shifted", "sharpening", "weighting", *last)
    return tuple(f"{organ}.{quantity}" for quantity in made)


def _steered(organ: str) -> tuple[str, ...]:
    return tuple(f"{organ}.{quantity}" for quantity in ("key", "strength", "gate", "shift", "sharpening"))


def _compared(organ: str) -> tuple[str, ...]:
    return f"{organ}.similarity", f"{organ}.content"


WIRING: tuple[Block, ...] = (
    Block(name="input", title="input", row=0, columns=(0, 2), shows=("role:input",), says="What comes in at this step."),
    Block(
        name="controller", title="controller", row=0, columns=(2, 4), shows=("controller.hidden", "controller.cell"),
        works=("controller.input_gate", "controller.forget_gate", "controller.candidate", "controller.cell",
               "controller.output_gate", "controller.hidden"),
        says="Sees the input and what was read at the step before; steers all heads.",
    ),
    Block(
        name="output", title="output", row=0, columns=(4, 6), shows=("role:output",),
        says="What it says: a linear map of the controller's output and of what is read now, squeezed between 0 and 1.",
    ),
    Block(
        name="write", title="write heads", row=1, columns=(0, 3), shows=("write.weighting", "write.erase", "write.add"),
        works=_works("write", "erase", "add"), says="Choose a slot, clear a part of it, and add to it.",
    ),
    Block(
        name="read", title="read heads", row=1, columns=(3, 6), shows=("read.weighting", "read.vector"),
        works=_works("read", "vector"), says="Choose a slot and take out what lies there.",
    ),
    Block(
        name="memory", title="memory", row=2, columns=(0, 6), shows=("memory.contents",),
        says="Rows are slots. What is written stays until it is erased, or the episode ends.",
    ),
)  # fmt: skip

WIRES: tuple[Wire, ...] = (
    Wire(source="input", target="controller", says="x"),
    Wire(source="controller", target="controller", says="keeps", gate="controller.forget_gate", is_later=True),
    Wire(source="controller", target="output", says="h"),
    Wire(source="controller", target="write", says="steers", channels=(*_steered("write"), "write.erase", "write.add")),
    Wire(source="controller", target="read", says="steers", channels=_steered("read")),
    Wire(source="memory", target="write", says="content", channels=_compared("write"), gate="write.gate"),
    Wire(source="write", target="memory", says="writes", channels=("write.erase", "write.add", "memory.contents"),
         gate="write.weighting"),
    Wire(source="memory", target="read", says="content", channels=_compared("read"), gate="read.gate"),
    Wire(source="memory", target="read", says="reads", channels=("read.vector",), gate="read.weighting"),
    Wire(source="read", target="controller", says="next step", is_later=True),
    Wire(source="read", target="output", says="r", channels=("read.vector",)),
)  # fmt: skip
