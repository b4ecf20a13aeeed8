"""What MANTRA shows and says of itself: its channels, the stages of a step and of a training, in words and formulas."""

from engine.contract.cards import Block, Channel, MicroStep, ModelCard, Setting, Stage, Wire
from engine.models.bank_card import DECIDED, HELD, RETRIEVED, SCORED

PRESENTED: tuple[Channel, ...] = (
    Channel(
        name="input.past", axes=("time", "xy"), kind="trajectory", bounded=False, low=-1.0, title="past presented", symbol="x",
        says="What was seen of the sample, in the world's metres. Another past can be put in its place.",
    ),
    Channel(
        name="input.future", axes=("time", "xy"), kind="trajectory", bounded=False, low=-1.0, title="future presented",
        symbol="y", says="What came of it: revealed after it was foreseen, for the decision whether to store it.",
    ),
)  # fmt: skip

KEPT: tuple[Channel, ...] = (
    Channel(
        name="memory.past", axes=("slot", "time", "xy"), kind="trajectory", role="kept_past", bounded=False, low=-1.0,
        lifetime="persistent", once=True, title="stored past", symbol="x[m]",
        says="The past of the sample in each slot, in its own frame: it is at 0 now, and came from below. Metres.",
    ),
    Channel(
        name="memory.future", axes=("slot", "time", "xy"), kind="trajectory", role="kept_truth", bounded=False, low=-1.0,
        lifetime="persistent", once=True, title="stored future", symbol="y[m]",
        says="What came of the sample in each slot, in the same frame.",
    ),
    Channel(
        name="memory.decoded", axes=("slot", "time", "xy"), kind="trajectory", role="decoded", bounded=False, low=-1.0,
        lifetime="persistent", once=True, title="decoded future", symbol="ŷ[m]", formula="ŷ[m] = Decode([K[m]; V[m]])",
        says="What the decoder makes of the two codes in each slot: how much of the sample they still tell.",
    ),
)  # fmt: skip

REFINED: tuple[Channel, ...] = (
    Channel(
        name="refine.futures", axes=("hop", "future", "time", "xy"), kind="trajectory", bounded=False, low=-1.0,
        title="futures, refined", symbol="ŷ[r]", formula="ŷ[0] = Decode([k; V[π]]), ŷ[r] = ŷ[r − 1] + W·GRU(map at ŷ[r − 1])",
        says="The futures of the first agent as the memory gives them, and after each look at the map; the last are what is "
        "foreseen. Metres, in the world.",
    ),
)  # fmt: skip

CHANNELS = (*PRESENTED, *RETRIEVED, *REFINED, *DECIDED, *HELD, *KEPT, *SCORED)

MICRO_STEPS: tuple[MicroStep, ...] = (
    MicroStep(name="see", says="The past becomes one code: the key.", channels=("input.past", "match.key")),
    MicroStep(name="retrieve", says="The slots whose keys are most alike are found. Each value, decoded together with the "
              "key, is one future. A network that has learnt to look at a map moves each by what that "
              "shows.", channels=("match.likeness", "read.weighting", "read.slot", "refine.futures")),
    MicroStep(name="judge", says="What really came is revealed: how much of it did each future explain?",
              channels=("input.future", "write.success", "write.best")),
    MicroStep(name="write", says="What was not foreseen is stored; what was is refused.",
              channels=("write.threshold", "write.probability", "write.stored", "write.weighting", "memory.alive",
                        "memory.reads", "memory.best")),
)  # fmt: skip

WIRING: tuple[Block, ...] = (
    Block(name="past", title="past", row=0, columns=(0, 3), shows=("role:past",), works=("match.key",),
          says="What was seen, as one code."),
    Block(name="future", title="what came", row=0, columns=(3, 6), shows=("role:truth",), works=("input.future",),
          says="Revealed after the futures were said."),
    Block(name="match", title="key", row=1, columns=(0, 2), shows=("match.key",), works=("match.key", "match.likeness"),
          says="The code of the past: by it the memory is searched."),
    Block(name="memory", title="memory", row=1, columns=(2, 4), shows=("memory.contents",),
          works=("memory.contents", "memory.alive"), says="Samples as pairs of codes, past and future. Never wiped."),
    Block(name="write", title="writing controller", row=1, columns=(4, 6), shows=("write.best", "write.probability"),
          works=("write.best", "write.threshold", "write.probability", "write.stored"), says="Decides what is worth a slot."),
    Block(name="refine", title="look at the map", row=3, columns=(0, 6), works=("refine.futures",),
          says="Each future is moved by what the map shows where it goes, four times."),
    Block(name="read", title="K futures", row=2, columns=(0, 6), shows=("read.weighting", "role:foreseen"),
          works=("read.weighting", "read.slot", "write.success"), says="One future from each slot that is like this sample."),
)  # fmt: skip

WIRES: tuple[Wire, ...] = (
    Wire(source="past", target="match", says="is encoded", channels=("match.key",)),
    Wire(source="match", target="memory", says="searches", channels=("match.likeness",)),
    Wire(source="memory", target="read", says="values", gate="read.weighting", channels=("read.weighting", "read.slot")),
    Wire(source="read", target="refine", says="are moved", channels=("refine.futures",)),
    Wire(source="match", target="read", says="is decoded too", channels=("read.slot",)),
    Wire(source="future", target="write", says="judges", channels=("write.success", "write.best")),
    Wire(source="read", target="write", says="success rates", channels=("write.success", "write.best")),
    Wire(source="write", target="memory", says="stores", gate="write.stored", channels=("write.stored", "write.weighting"),
         is_later=True),
)  # fmt: skip

AUTOENCODER = Stage(
    name="autoencoder", until=0.92, loss_unit="square metres, seeing the future",
    says="Past and future are encoded, and the future is rebuilt from both codes. There is no memory yet. The error is that of a "
    "reconstruction: the network sees the future that it draws. Half of the futures are bent at random, so that it can draw "
    "motions too that nobody shows it; of a tenth only the past is told, so that it can do without a memory.",
)  # fmt: skip
CONTROLLER = Stage(
    name="writing controller", until=0.97, loss_unit="wrong decisions, P·a + (1 − P)·(1 − a)",
    says="The autoencoder is held still, and two numbers learn: below which success rate a sample is stored. The memory is "
    "emptied twenty times and filled anew, sample by sample.",
)  # fmt: skip
FILLING = Stage(
    name="memory filling", until=1.0, loss_unit="share of samples stored",
    says="No weight moves any more. Samples are presented one by one to an empty memory, and the controller stores what it does "
    "not foresee: a share that falls as the memory fills.",
)  # fmt: skip

BY_MAP = "map"
"""The choice of the setting "refinement" that looks at it."""

REFINEMENT = Stage(
    name="refinement", until=1.5, loss_unit="square metres, best of K futures", only=("refinement", BY_MAP),
    says="All else is held still, the memory too. Each future learns to look at the map where it goes, and to be moved by what "
    "it sees, four times in a row. Of the K futures of a sample only the best is taught; the others are "
    "moved too, and the likeliest alone may become worse.",
)  # fmt: skip

SETTINGS: tuple[Setting, ...] = (
    Setting(name="width", default=32, low=2, high=512, title="Width", says="How many features a code has."),
    Setting(name="slots", default=512, low=1, high=200_000, title="Slots", says="How many samples the memory may hold."),
    Setting(name="futures", default=5, low=1, high=200, title="Futures (K)",
            says="How many slots are retrieved, each for one future; by them the controller judges a sample, so that with more "
            "of them less is stored. A memory that holds fewer gives fewer; the last then stands for the rest."),
    Setting(name="measured", default=20, low=1, high=200, title="Futures measured",
            says="How many futures an evaluation looks at, the likeliest first; at least K."),
    Setting(name="tolerance", default=0.5, low=0.01, high=100.0, title="Tolerance",
            says="How many metres off a point still counts as foreseen in the first quarter of the future; in the second twice "
            "as many, then three and four times."),
    Setting(name="threshold", default="learned", title="Threshold (a*)",
            says="Below which best success rate a sample is stored: what the controller has learned, or a number. 0 stores "
            "nothing, more than 1 everything."),
    Setting(name="refinement", default="none", choices=("none", BY_MAP), title="Refinement",
            says="map: each future is moved by what the map shows where it goes, and a run has a last stage for it, "
            "with half as many updates again if no length is wished. It needs a task with a map. The controller judges what the "
            "memory gives, before that: what is stored does not depend on a map."),
    Setting(name="when_full", default="refuse", choices=("refuse", "replace"), title="When it is full",
            says="refuse: nothing is stored any more. replace: the slot that was least often the best gives way."),
    Setting(name="starts_with", default="trained", title="A stream starts with",
            says="trained: the memory that the training has filled. empty: none. Or the path of a saved memory, which then is "
            "measured in an evaluation too."),
    Setting(name="goes_on_writing", default=True, title="Go on writing",
            says="Whether a stream writes into a copy of the memory; the weights never change in it. An evaluation never "
            "writes."),
)  # fmt: skip

CARD = ModelCard(
    id="mantra",
    name="Memory-augmented networks for trajectories",
    short="MANTRA",
    year=2020,
    paper="Marchetti, Becattini, Seidenari & Del Bimbo, MANTRA: Memory Augmented Networks for Multiple Trajectory Prediction, "
    "CVPR 2020, arXiv:2006.03340",
    memory="persistent",
    idea="It remembers pairs: what was seen, and what came of it. For a new past it finds those most alike, and each hands over "
    "one future, so that several futures are several memories and not chance. The memory is never wiped. A small controller "
    "stores a sample only if the memory could not foresee it.",
    slots_are="samples",
    forms=("trajectories",),
    settings=SETTINGS,
    channels=CHANNELS,
    micro_steps=MICRO_STEPS,
    wiring=WIRING,
    wires=WIRES,
    first_panes=("Trajectories", "Write decision", "Memory browser", "Does it help?"),
    parameter_formula="none: 228 + 124·width + 30·width²; map: 3740 + (178 + 2·future)·width + 33·width² + 2·future",
    stages=(AUTOENCODER, CONTROLLER, FILLING, REFINEMENT),
    loss_unit="the loss of its stage",
    code="engine/models/mantra.py",
)
