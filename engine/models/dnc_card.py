"""What a Differentiable Neural Computer shows: its channels and the stages of one step, in words and formulas for the reader."""

from engine.contract.cards import Axis, Block, Channel, MicroStep, Wire
from engine.models.controlled_card import CONTROLLER_CHANNELS, ERASE

MOST_LINKED = 64
"""The order of writing is recorded for memories of at most so many slots: it has slots x slots numbers at every step."""


def _weighting(name: str, title: str, symbol: str, formula: str, says: str, axes: tuple[Axis, ...] = ("head", "slot")) -> Channel:
    return Channel(
        name=name, axes=axes, kind="weighting", title=title, symbol=symbol, formula=formula, says=says,
    )  # fmt: skip


def _gate(name: str, title: str, symbol: str, says: str) -> Channel:
    return Channel(
        name=name, axes=("head",), kind="gate", title=title, symbol=symbol, formula=f"{symbol} = σ(linear(h)) = {{{name}}}",
        says=says,
    )  # fmt: skip


def _look_up(organ: str, when: str) -> tuple[Channel, ...]:
    """A look by content: key, strength and what they find."""
    return (
        Channel(
            name=f"{organ}.key", axes=("head", "feature"), kind="vector", bounded=False, low=-1.0,
            title=f"{organ} key", symbol="k", formula="k = linear(h)",
            says=f"What the {organ} head looks for: slots that point the same way as the key get more weight.",
        ),
        Channel(
            name=f"{organ}.strength", axes=("head",), kind="positive", bounded=False, low=1.0,
            title=f"{organ} key strength", symbol="β", formula=f"β = 1 + softplus(linear(h)) = {{{organ}.strength}}",
            says="How sharply the key is matched: 1 hardly tells the slots apart, large picks the one best match.",
        ),
        Channel(
            name=f"{organ}.content", axes=("head", "slot"), kind="weighting", sums_to_one=True,
            title=f"{organ} content weighting", symbol="c", formula=f"c = softmax({{{organ}.strength}} · cosine(k, M {when}))",
            says=f"Where the {organ} head would go by content alone.",
        ),
    )  # fmt: skip


_FREE: tuple[Channel, ...] = (
    _gate("free.gate", "free gate", "f", "1: what this read head read at the step before may be written over; 0: it is kept."),
    _weighting(
        "usage.retention", "retention", "ψ", "ψ[{slot}] = product over read heads of (1 − f · read before[{slot}])",
        "How far each slot is kept: 0 where a read head has just given the slot back.", ("slot",),
    ),
    Channel(
        name="usage.level", axes=("slot",), kind="weighting", role="usage", lifetime="episode",
        title="usage", symbol="u", formula="u[{slot}] = (u before + w before − u before · w before) · {at:usage.retention}",
        says="How much each slot is in use: 0 is free, 1 holds something that is still needed.",
    ),
    Channel(
        name="write.allocation", axes=("head", "slot"), kind="weighting", role="allocation",
        title="allocation weighting", symbol="a", formula="a[{slot}] = (1 − u[{slot}]) · product of u over the less used slots",
        says="Where the write head would write if it takes what is free: the least used slot first. All 0 when nothing is free.",
    ),
)  # fmt: skip

_WRITE: tuple[Channel, ...] = (
    *_look_up("write", "before"),
    _gate("write.allocation_gate", "allocation gate", "ga", "1: write to a free slot; 0: write where the content matches."),
    _gate("write.gate", "write gate", "gw", "1: write; 0: leave memory, links and usage as they are."),
    Channel(
        name="write.weighting", axes=("head", "slot"), kind="weighting", role="write", title="write weighting", symbol="w",
        formula="w = {write.gate}·({write.allocation_gate}·a + (1 − {write.allocation_gate})·c)",
        says="Where the write head writes; it sums to no more than the write gate.",
    ),
    ERASE,
    Channel(
        name="write.add", axes=("head", "feature"), kind="vector", role="add", bounded=False, low=-1.0,
        title="add vector", symbol="v", formula="v = linear(h)",
        says="What a write brings to the slots where the head stands.",
    ),
    Channel(
        name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
        title="memory", symbol="M", formula="M[{slot}] = M before[{slot}]·(1 − {at:write.weighting}·e) + {at:write.weighting}·v",
        says="What lies in each slot after this step. A slot that is given back keeps its contents until it is written again.",
    ),
)  # fmt: skip

_LINK: tuple[Channel, ...] = (
    Channel(
        name="link.order", axes=("slot", "slot"), kind="weighting", role="link", lifetime="episode",
        title="order of writing", symbol="L", formula="L[i, j] = (1 − w[i] − w[j])·L before[i, j] + w[i]·p before[j]",
        says="Row i, column j: how far slot i was written right after slot j. Recorded for memories of up to "
        f"{MOST_LINKED} slots, since it has slots × slots numbers at every step.",
    ),
    Channel(
        name="link.precedence", axes=("slot",), kind="weighting", lifetime="episode",
        title="precedence", symbol="p", formula="p[{slot}] = (1 − sum of w)·p before[{slot}] + {at:write.weighting}",
        says="How far each slot is the one that was written last: the next write will be linked to it.",
    ),
)  # fmt: skip

_READ: tuple[Channel, ...] = (
    _weighting(
        "read.backward", "backward weighting", "b", "b[{slot}] = sum over slots i of L[i, {slot}] · read before[i]",
        "The slots that were written right before those that this head read at the step before.",
    ),
    _weighting(
        "read.forward", "forward weighting", "f", "f[{slot}] = sum over slots j of L[{slot}, j] · read before[j]",
        "The slots that were written right after those that this head read at the step before.",
    ),
    *_look_up("read", "now"),
    Channel(
        name="read.modes", axes=("head", "mode"), kind="gate", sums_to_one=True,
        title="read modes", symbol="π", formula="π = softmax(linear(h)) = {read.modes}",
        says="How the head finds its slot: back in the order of writing, by content, or on in the order of writing.",
    ),
    Channel(
        name="read.weighting", axes=("head", "slot"), kind="weighting", role="read", title="read weighting", symbol="w",
        formula="w = π[backward]·b + π[content]·c + π[forward]·f",
        says="Where each read head reads: the share that each slot has in what is read.",
    ),
    Channel(
        name="read.vector", axes=("head", "feature"), kind="vector", bounded=False, low=-1.0,
        title="read vector", symbol="r", formula="r = {top:read.weighting:M}",
        says="What each read head gets: the slots as they are after the write, mixed by the read weighting.",
    ),
)  # fmt: skip

CHANNELS: tuple[Channel, ...] = (*_FREE, *_WRITE, *_LINK, *_READ, *CONTROLLER_CHANNELS)

MICRO_STEPS: tuple[MicroStep, ...] = (
    MicroStep(name="free", says="Slots that were read and are no longer needed are given back.",
              channels=("free.gate", "usage.retention", "usage.level")),
    MicroStep(name="allocate", says="The least used slot is offered to the write head.",
              channels=("write.allocation_gate", "write.allocation")),
    MicroStep(name="match", says="The write head compares its key with every slot.",
              channels=("write.key", "write.strength", "write.content")),
    MicroStep(name="write", says="The write head clears and fills the slots where it stands.",
              channels=("write.gate", "write.weighting", "write.erase", "write.add", "memory.contents")),
    MicroStep(name="link", says="What was written now comes after what was written last.",
              channels=("link.order", "link.precedence")),
    MicroStep(name="back", says="Each read head could go back in the order of writing.", channels=("read.backward",)),
    MicroStep(name="forward", says="Or it could go on in the order of writing.", channels=("read.forward",)),
    MicroStep(name="content", says="Or it could look for a slot that resembles its key.",
              channels=("read.key", "read.strength", "read.content")),
    MicroStep(name="read", says="The three ways are mixed, and the slots are read as they are after the write.",
              channels=("read.modes", "read.weighting", "read.vector")),
)  # fmt: skip

_CELL = ("controller.input_gate", "controller.forget_gate", "controller.output_gate", "controller.candidate", "controller.cell")

WIRING: tuple[Block, ...] = (
    Block(name="input", title="input", says="What the network sees at this step.", row=0, columns=(0, 3), shows=("role:input",)),
    Block(name="output", title="output", says="What it says: from the controller's output and from what was read.", row=0,
          columns=(3, 6), shows=("role:output",)),
    Block(name="controller", title="controller", says="Sees the input and what was read at the step before; steers all the rest.",
          row=1, columns=(0, 6), shows=("controller.hidden",), works=(*_CELL, "controller.hidden")),
    Block(name="usage", title="usage", says="Keeps account of which slots are free, and offers the freest.", row=2,
          columns=(0, 2), shows=("usage.level", "write.allocation"),
          works=("free.gate", "usage.retention", "usage.level", "write.allocation")),
    Block(name="write", title="write head", says="Writes to a free slot, or to one that its key matches.", row=2, columns=(2, 4),
          shows=("write.weighting",), works=("write.strength", "write.content", "write.allocation_gate", "write.gate",
                                             "write.weighting", "write.erase", "write.add")),
    Block(name="read", title="read heads", says="Go back or on in the order of writing, or look for what their keys match.",
          row=2, columns=(4, 6), shows=("read.weighting", "read.modes"),
          works=("read.backward", "read.forward", "read.strength", "read.content", "read.modes", "read.weighting",
                 "read.vector")),
    Block(name="memory", title="memory", says="The slots; what was given back stays until it is written again.", row=3,
          columns=(0, 5), shows=("memory.contents",)),
    Block(name="links", title="order", says="Which slot was written right after which.", row=3, columns=(5, 6),
          shows=("link.order",), works=("link.order", "link.precedence")),
)  # fmt: skip

WIRES: tuple[Wire, ...] = (
    Wire(source="input", target="controller", says="sees"),
    Wire(source="controller", target="output", says="says", channels=("read.vector",)),
    Wire(source="controller", target="usage", says="frees", channels=("free.gate",), gate="free.gate"),
    Wire(source="controller", target="write", says="steers",
         channels=("write.key", "write.strength", "write.erase", "write.add")),
    Wire(source="controller", target="read", says="steers", channels=("read.key", "read.strength", "read.modes")),
    Wire(source="usage", target="write", says="offers", channels=("write.allocation",), gate="write.allocation_gate"),
    Wire(source="write", target="memory", says="writes", channels=("write.weighting", "memory.contents"), gate="write.gate"),
    Wire(source="memory", target="read", says="reads", channels=("read.content", "read.vector")),
    Wire(source="memory", target="links", says="orders", channels=("link.order", "link.precedence")),
    Wire(source="links", target="read", says="leads", channels=("read.backward", "read.forward")),
    Wire(source="read", target="controller", says="what was read", channels=("read.vector",), is_later=True),
)  # fmt: skip
