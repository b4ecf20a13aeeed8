"""What GR-MANN shows and says of itself: its channels, the stages of a step and of a training, in words and formulas."""

from dataclasses import replace

from engine.contract.cards import Block, Channel, MicroStep, ModelCard, Setting, Stage, Wire
from engine.models.bank_card import DECIDED, HELD, RETRIEVED, SCORED

PRESENTED: tuple[Channel, ...] = (
    Channel(
        name="input.top", axes=(), kind="tokens", bounded=False, low=-1.0, title="top presented", symbol="t",
        says="Which top is presented. Another one's number can be put in its place: then its picture from the shelf is seen.",
    ),
    Channel(
        name="input.bottom", axes=(), kind="tokens", bounded=False, low=-1.0, title="bottom presented", symbol="b",
        says="What was worn with it: revealed after the list was made, for the decision whether to store the pair.",
    ),
)  # fmt: skip

RANKED: tuple[Channel, ...] = (
    Channel(
        name="read.proposal", axes=("future", "row", "column", "colour"), kind="image", role="foreseen",
        title="proposals", symbol="b̂", formula="b̂[j] = Decode([k; V[π[j]]])",
        says="One bottom for each slot that was retrieved, drawn from that slot's value and the key of the top. White where the "
        "memory holds fewer.",
    ),
    Channel(
        name="read.likeness", axes=("future",), kind="vector", low=-1.0, title="likeness of each", symbol="s[π]",
        formula="s[π[j]] = the cosine of the key and that of its slot",
        says="How alike the top and the one in the slot of each proposal are; with two halves, their mean.",
    ),
    Channel(
        name="rank.likeness", axes=("answer",), kind="vector", low=-1.0, title="likeness to a proposal", symbol="c",
        formula="c = max over proposals of cos(Enc(b̂[j]), Enc(bottom))",
        says="How alike each bottom on offer and the proposal are that is most like it.",
    ),
    Channel(
        name="rank.score", axes=("answer",), kind="vector", role="offered", low=0.0, title="place on the list", symbol="score",
        formula="score = 1 − place / (bottoms · K), the proposals taking turns",
        says="The list: the first of each proposal's own list, then the second of each, so that every style has its turn.",
    ),
    Channel(
        name="rank.proposal", axes=("answer",), kind="scalar", role="brought", bounded=False, low=-1.0,
        title="by which proposal", symbol="j",
        says="Which proposal brought each bottom to its place, counted from 0.",
    ),
)  # fmt: skip

KEPT: tuple[Channel, ...] = (
    Channel(
        name="memory.top", axes=("slot",), kind="tokens", bounded=False, low=-1.0, lifetime="persistent", once=True,
        title="top in the slot", symbol="t[m]", says="Which top the pair in each slot has.",
    ),
    Channel(
        name="memory.half", axes=("slot",), kind="gate", lifetime="persistent", once=True, title="which half", symbol="half",
        says="0: the slot holds a pair of shapes, or of whole codes; 1: a pair of colours.",
    ),
    Channel(
        name="memory.past", axes=("slot", "row", "column", "colour"), kind="image", role="kept_past", lifetime="persistent",
        once=True, title="stored top", symbol="t[m]",
        says="The top of the pair in each slot, as it lies on the shelf: the memory itself keeps its code and its number.",
    ),
    Channel(
        name="memory.truth", axes=("slot", "row", "column", "colour"), kind="image", role="kept_truth", lifetime="persistent",
        once=True, title="stored bottom", symbol="b[m]", says="The bottom that was worn with it, as it is on offer.",
    ),
)  # fmt: skip

_AS_TABLE = "how alike the bottom on offer that a proposal means and the one that was worn are"
_OWN = {
    "write.success": f"Of each proposal, {_AS_TABLE}: 1 for the same silhouette, pattern and colour (all neutral colours are "
    "one), 0.3 for each of pattern and hue that is another or the next, else 0. Of photographs: by category and colour.",
    "write.stored": "1 where the pair was stored, 0 where it was refused. Of two halves each is stored or refused on its own; "
    "here stands the decision of the one that was surer to be stored.",
    "memory.kind": "The bottom of the pair in the slot.",
    "test.error": "1 − a, the mean over held-out pairs of this phase of the stream, with the memory as it is now; measured again "
    "every few pairs.",
}

_SLOT = next(channel for channel in RETRIEVED if channel.name == "read.slot")
COLOURS: tuple[Channel, ...] = (
    replace(_SLOT, name="colour.slot", title="slot of the colours", symbol="π′",
            says="From which slot the colours of each proposal come, where codes have two halves."),
    *(
        replace(channel, name=channel.name.replace("write.", "colour."), role="", title=f"{channel.title}, of colours",
                formula="", says=f"The same for the pair's colours, whose memory has a controller of its own. {channel.says}")
        for channel in DECIDED
        if channel.name != "write.weighting"
    ),
)  # fmt: skip
"""Of the disentangled form: there DECIDED is of the half that is surer to be stored."""


def _told(channels: tuple[Channel, ...]) -> tuple[Channel, ...]:
    return tuple(replace(channel, says=_OWN.get(channel.name, channel.says)) for channel in channels)


CHANNELS = (*PRESENTED, *RETRIEVED, *RANKED, *_told(DECIDED), *_told(COLOURS), *_told(HELD), *KEPT, *_told(SCORED[:2]))

MICRO_STEPS: tuple[MicroStep, ...] = (
    MicroStep(name="see", says="The top becomes one code: the key.", channels=("input.top", "match.key")),
    MicroStep(name="retrieve", says="The slots whose tops are most alike are found; each value, with the key, is drawn as one "
              "bottom.",
              channels=("match.likeness", "read.weighting", "read.slot", "colour.slot", "read.likeness", "read.proposal")),
    MicroStep(name="rank", says="Each proposal ranks the bottoms on offer by likeness; the proposals take turns on the list.",
              channels=("rank.likeness", "rank.score", "rank.proposal")),
    MicroStep(name="judge", says="What was worn is revealed: how near did each proposal come?",
              channels=("input.bottom", "write.success", "write.best", "colour.success", "colour.best")),
    MicroStep(name="write", says="What was not proposed is stored; what was is refused.",
              channels=("write.threshold", "write.probability", "write.stored", "colour.threshold", "colour.probability",
                        "colour.stored", "write.weighting", "memory.alive", "memory.reads", "memory.best")),
)  # fmt: skip

WIRING: tuple[Block, ...] = (
    Block(name="top", title="top", row=0, columns=(0, 3), shows=("role:past",), works=("match.key",),
          says="What something is wanted for, as one code."),
    Block(name="bottom", title="what was worn", row=0, columns=(3, 6), shows=("role:truth",), works=("input.bottom",),
          says="Revealed after the list was made."),
    Block(name="match", title="key", row=1, columns=(0, 2), shows=("match.key",), works=("match.key", "match.likeness"),
          says="The code of the top: by it the memory is searched."),
    Block(name="memory", title="memory", row=1, columns=(2, 4), shows=("memory.contents",),
          works=("memory.contents", "memory.alive"), says="Pairs of codes, top and bottom. Never wiped."),
    Block(name="write", title="writing controller", row=1, columns=(4, 6), shows=("write.best", "write.probability"),
          works=("write.best", "write.threshold", "write.probability", "write.stored"), says="Decides what is worth a slot."),
    Block(name="read", title="K proposals", row=2, columns=(0, 6), shows=("read.weighting", "role:foreseen"),
          works=("read.weighting", "read.slot", "read.proposal", "write.success"),
          says="One bottom from each slot whose top is like this one."),
    Block(name="rank", title="the list", row=3, columns=(0, 6), shows=("rank.score",),
          works=("rank.likeness", "rank.score", "rank.proposal"), says="The bottoms on offer, the proposals taking turns."),
)  # fmt: skip

WIRES: tuple[Wire, ...] = (
    Wire(source="top", target="match", says="is encoded", channels=("match.key",)),
    Wire(source="match", target="memory", says="searches", channels=("match.likeness",)),
    Wire(source="memory", target="read", says="values", gate="read.weighting", channels=("read.weighting", "read.slot")),
    Wire(source="match", target="read", says="is decoded too", channels=("read.proposal",)),
    Wire(source="bottom", target="write", says="judges", channels=("write.success", "write.best")),
    Wire(source="read", target="write", says="success rates", channels=("write.success", "write.best")),
    Wire(source="write", target="memory", says="stores", gate="write.stored", channels=("write.stored", "write.weighting"),
         is_later=True),
    Wire(source="read", target="rank", says="are compared", channels=("rank.likeness", "rank.score")),
)  # fmt: skip

AUTOENCODER = Stage(
    name="autoencoder", until=0.94, loss_unit="squared error of a pixel, seeing the bottom",
    says="Top and bottom are encoded, and both pictures are drawn again from the two codes. There is no memory yet. The error is "
    "that of a reconstruction: the network sees the bottom that it draws. Half of the pairs have their colours exchanged, so "
    "that it can draw hues too that nobody shows it; of a tenth only the top is told, so that it can do without a memory.",
)  # fmt: skip
CONTROLLER = Stage(
    name="writing controller", until=0.97, loss_unit="wrong decisions, P·a + (1 − P)·(1 − a)",
    says="The autoencoder is held still, and two numbers learn (of each memory, where there are two): below which success rate a "
    "pair is stored. The memory is emptied three times and filled anew, pair by pair.",
)  # fmt: skip
FILLING = Stage(
    name="memory filling", until=1.0, loss_unit="share of pairs stored",
    says="No weight moves any more. Pairs are presented one by one to an empty memory, and the controller stores what it does "
    "not propose: a share that falls as the memory fills.",
)  # fmt: skip

SETTINGS: tuple[Setting, ...] = (
    Setting(name="variant", default="plain", choices=("plain", "disentangled"), title="Form",
            says="plain: a slot holds a pair, whole. disentangled: codes have a half for shape and one for colour, and every "
            "slot holds a pair of one of them; proposals are combinations."),
    Setting(name="width", default=48, low=2, high=512, title="Width", says="How many features a code has."),
    Setting(name="slots", default=512, low=1, high=100_000, title="Slots", says="How many pairs the memory may hold."),
    Setting(name="proposals", default=5, low=1, high=50, title="Proposals (K)",
            says="How many slots are retrieved, each for one proposal (of two halves: how many combinations). A memory that "
            "holds fewer gives fewer."),
    Setting(name="floor", default=0.0, low=0.0, high=1.0, title="Likeness at least",
            says="The list leaves out what comes from tops that are less alike than this; the first proposal always counts. What "
            "is stored does not depend on it."),
    Setting(name="when_full", default="refuse", choices=("refuse", "replace"), title="When it is full",
            says="refuse: nothing is stored any more. replace: the slot that was least often the best gives way."),
    Setting(name="goes_on_writing", default=True, title="Go on writing",
            says="Whether a stream writes into a copy of the memory; the weights stay as they are. An evaluation never writes."),
)  # fmt: skip

CARD = ModelCard(
    id="gr-mann",
    name="Memory-augmented network for garments",
    short="GR-MANN",
    year=2020,
    paper="De Divitiis, Becattini, Baecchi & Del Bimbo, Garment Recommendation with Memory Augmented Neural Networks, ICPR "
    "workshops 2020, arXiv:2012.06200",
    memory="persistent",
    idea="It remembers pairs: a top, and a bottom that was worn with it. For a new top it finds those most alike, and each hands "
    "over one proposal, so that the list offers several styles and not their mean. A small controller stores a pair only if the "
    "memory could not propose it.",
    slots_are="pairs",
    forms=("garments",),
    settings=SETTINGS,
    channels=CHANNELS,
    micro_steps=MICRO_STEPS,
    wiring=WIRING,
    wires=WIRES,
    first_panes=("Garments", "Memory browser"),
    parameter_formula="plain: 53940 + 1154·width; disentangled: 54910 + 898·width",
    stages=(AUTOENCODER, CONTROLLER, FILLING),
    loss_unit="the loss of its stage",
    code="engine/models/gr_mann.py",
)
