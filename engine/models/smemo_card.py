"""What SMEMO shows: its channels, the stages of one step, its wiring, and how it introduces itself."""

from engine.contract.cards import Block, Channel, MicroStep, ModelCard, Role, Setting, Wire
from engine.models.bank_card import SCORED


def _asks(organ: str, verb: str, whose: str) -> tuple[Channel, ...]:
    """What read heads and write heads have in common."""
    return (
        Channel(
            name=f"{organ}.key", axes=("head", "feature"), kind="vector", bounded=False, low=-1.0,
            title=f"{organ} key", symbol="k", formula="k = linear(c)",
            says=f"What each agent looks for before it {verb}s: slots that point the same way as the key get more weight.",
        ),
        Channel(
            name=f"{organ}.strength", axes=("head",), kind="positive", bounded=False,
            title=f"{organ} key strength", symbol="β", formula=f"β = softplus(linear(c)) = {{{organ}.strength}}",
            says="How sharply the key is matched: near 0 every slot is alike, large picks the one best match.",
        ),
        Channel(
            name=f"{organ}.weighting", axes=("head", "slot"), kind="weighting",
            role="read" if organ == "read" else "write", title=f"{organ} weighting", symbol="w",
            formula=f"w = softmax({{{organ}.strength}} · cos(k, M[n]))",
            says=f"Where each agent {verb}s, {whose}; nothing for an agent that is not there.",
        ),
    )  # fmt: skip


def _who(name: str, role: Role, title: str, symbol: str, formula: str, says: str, bounded: bool = False) -> Channel:
    return Channel(
        name=f"who.{name}", axes=("agent", "agent"), kind="positive", role=role, bounded=bounded,
        title=title, symbol=symbol, formula=formula,
        says=f"{says} Row: who is influenced; column: by whom. Reckoned where an episode has at most twenty scenes.",
    )  # fmt: skip


CHANNELS: tuple[Channel, ...] = (
    Channel(
        name="ego.hidden", axes=("agent", "unit"), kind="vector", low=-1.0, title="own motion", symbol="g",
        formula="g = GRU(move)", says="What each agent's network makes of its own moves; from now on nothing is fed to it.",
    ),
    Channel(
        name="social.hidden", axes=("agent", "unit"), kind="vector", low=-1.0, title="social state", symbol="c",
        formula="c = GRU(place, r before)",
        says="What each agent's network makes of its place and of what it read a step before; it steers reading and writing.",
    ),
    *_asks("read", "read", "the heads of the first agent first"),
    Channel(
        name="read.vector", axes=("head", "feature"), kind="vector", bounded=False, low=-1.0,
        title="read vector", symbol="r", formula="r = {top:read.weighting:M}",
        says="What each head gets: the slots, mixed by its weighting. Here alone can one agent learn of another.",
    ),
    *_asks("write", "write", "one head for each"),
    Channel(
        name="write.erase", axes=("head", "feature"), kind="gate", role="erase", title="erase vector", symbol="e",
        formula="e = σ(linear(c))", says="Which features an agent would clear where it writes.",
    ),
    Channel(
        name="write.add", axes=("head", "feature"), kind="vector", role="add", bounded=False, low=-1.0,
        title="add vector", symbol="a", formula="a = linear(c)", says="What an agent would add where it writes.",
    ),
    Channel(
        name="memory.erased", axes=("slot", "feature"), kind="gate", title="erased together", symbol="E",
        formula="E = max over agents of w·e",
        says="How much of each feature of each slot is cleared: as much as the agent says who clears most.",
    ),
    Channel(
        name="memory.added", axes=("slot", "feature"), kind="vector", bounded=False, low=-1.0, title="added together", symbol="A",
        formula="A = max(0, max over agents of w·a)",
        says="What is added to each feature of each slot: as much as the agent says who adds most, and never less than nothing.",
    ),
    Channel(
        name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
        title="memory", symbol="M", formula="M[{slot}] = (1 − E)·M before[{slot}] + A",
        says="What lies in each slot after this step. All agents of the scene share it, and it is wiped when the scene ends.",
    ),
    Channel(
        name="decoder.move", axes=("agent", "future", "xy"), kind="vector", bounded=False, low=-1.0, title="move", symbol="Δ",
        formula="Δ = linear(GRU(g, r))",
        says="How each agent moves at this step by each head, ten times as large and in its scene's frame; unused in the past.",
    ),
    _who("flow", "flow", "influence by what is read", "flow", "flow = Σ w[n] · the other's part of slot n",
         "Which part of what an agent reads at this step another has written: what lies in each slot is split, exactly, into "
         "what each has added and what is left of it.", bounded=True),
    _who("gradient", "gradient", "influence by gradient", "|∂|", "|∂ end of ŷ / ∂ past of the other|",
         "How far the end of an agent's first future moves for each metre by which another's past is changed a little."),
    _who("counterfactual", "counterfactual", "influence by taking out", "without", "mean |ŷ − ŷ without the other|",
         "How far an agent's futures move, in metres, if another is taken out of the scene and the network is run again."),
    *SCORED,
)  # fmt: skip

MICRO_STEPS: tuple[MicroStep, ...] = (
    MicroStep(name="see", says="Each agent follows its own moves, and its place together with what it read before.",
              channels=("ego.hidden", "social.hidden")),
    MicroStep(name="read", says="Each agent compares its keys with every slot and mixes those that match.",
              channels=("read.key", "read.strength", "read.weighting", "read.vector")),
    MicroStep(name="decode", says="From its own motion and what it read each agent says how it moves.",
              channels=("decoder.move",)),
    MicroStep(name="address", says="Each agent chooses where to write, and what.",
              channels=("write.key", "write.strength", "write.weighting", "write.erase", "write.add")),
    MicroStep(name="write", says="All writes become one: of each place, the largest.",
              channels=("memory.erased", "memory.added", "memory.contents")),
)  # fmt: skip

WIRING: tuple[Block, ...] = (
    Block(name="place", title="places", row=0, columns=(0, 2), says="Where each agent is; nothing from the present on."),
    Block(name="move", title="moves", row=0, columns=(4, 6), says="How each agent moved; nothing from the present on."),
    Block(name="social", title="social state", row=1, columns=(0, 3), shows=("social.hidden",),
          says="One for each agent, with the same weights; it steers the heads."),
    Block(name="ego", title="own motion", row=1, columns=(3, 6), shows=("ego.hidden",),
          says="One for each agent, with the same weights; no other agent comes in here."),
    Block(name="write", title="write heads", row=2, columns=(0, 2), shows=("write.weighting", "write.erase", "write.add"),
          works=("write.key", "write.strength", "write.weighting", "write.erase", "write.add"),
          says="One for each agent: choose a slot, clear a part of it, add to it."),
    Block(name="read", title="read heads", row=2, columns=(2, 4), shows=("read.weighting", "read.vector"),
          works=("read.key", "read.strength", "read.weighting", "read.vector"),
          says="Choose slots and take out what lies there; each head gives one future."),
    Block(name="decoder", title="decoder", row=2, columns=(4, 6), shows=("decoder.move",),
          says="From own motion and what was read: the next move."),
    Block(name="memory", title="shared memory", row=3, columns=(0, 6), shows=("memory.contents",),
          works=("memory.erased", "memory.added", "memory.contents"),
          says="Rows are slots. All agents write here at every step; of their writes, the largest counts."),
)  # fmt: skip

WIRES: tuple[Wire, ...] = (
    Wire(source="place", target="social", says="p"),
    Wire(source="move", target="ego", says="d"),
    Wire(source="social", target="social", says="keeps", is_later=True),
    Wire(source="ego", target="ego", says="keeps", is_later=True),
    Wire(source="social", target="write", says="steers", channels=("write.key", "write.strength", "write.erase", "write.add")),
    Wire(source="social", target="read", says="steers", channels=("read.key", "read.strength")),
    Wire(source="ego", target="decoder", says="g"),
    Wire(source="read", target="decoder", says="r", channels=("decoder.move",)),
    Wire(source="read", target="social", says="next step", is_later=True),
    Wire(source="write", target="memory", says="writes", channels=("memory.erased", "memory.added", "memory.contents"),
         gate="write.weighting"),
    Wire(source="memory", target="write", says="content", channels=("write.weighting",)),
    Wire(source="memory", target="read", says="reads", channels=("read.weighting", "read.vector"), gate="read.weighting"),
)  # fmt: skip

SETTINGS: tuple[Setting, ...] = (
    Setting(name="slots", default=16, low=1, high=512, title="Slots",
            says="How many slots the memory of a scene has; no parameter."),
    Setting(name="slot_width", default=16, low=1, high=128, title="Slot width", says="How many features lie in a slot."),
    Setting(name="hidden", default=64, low=2, high=512, title="Units", says="How many units each of the three networks has."),
    Setting(name="heads", default=1, low=1, high=20, title="Read heads",
            says="How many read heads each agent has. Each gives one future; of several only the best one is taught."),
    Setting(name="frame", default="scene", choices=("world", "scene", "turned"), title="Frame",
            says="What places are relative to. world: as they are. scene: to the mean place of all agents now. turned: so, and "
            "turned to where they go on the whole, which makes all directions of the world alike."),
    Setting(name="scale", default=1.0, low=0.01, high=1000.0, title="Scale",
            says="How many metres count as one: about as far as agents are from the middle of their scene."),
    Setting(name="rotated", default=False, title="Turn by chance",
            says="In training every scene is turned by an angle of its own, so that no direction is preferred."),
    Setting(name="from_last", default=False, title="Goes on",
            says="Whether what is said of each move is how it differs from the last move that was seen, so that an agent of whom "
            "nothing is said goes on as it went. Off: a move is said whole, as in the paper."),
    Setting(name="taught", default="best", choices=("best", "nested"), title="Taught of several",
            says="best: of all futures only the best is taught, and they are put in order by how often each was. nested: so of "
            "all, of the first ten, of the first five and of the first alone, so that few futures are good ones too."),
    Setting(name="joined", default="max", choices=("max", "max_signed", "sum"), title="Joining of writes",
            says="max: of each place the largest addition of any agent, and never less than nothing, so that a value falls only "
            "by being erased. max_signed: the largest, even if it is negative. sum: all of them, one after the other."),
    Setting(name="read", default="normal", choices=("normal", "zeros", "random"), title="Reading",
            says="zeros: nothing is got from the memory, so that agents know nothing of each other. random: always the same "
            "vectors, which have nothing to do with it."),
    Setting(name="writes", default=True, title="Writing", says="Off: nothing is written, and the memory stays as it began."),
    Setting(name="wipe", default=True, title="Wipe", says="Off: in a stream of scenes the memory goes on to the next one as the "
            "last has left it, which it was not trained for: see what a wipe is good for."),
)  # fmt: skip

CARD = ModelCard(
    id="smemo",
    name="Social memory for trajectory forecasting",
    short="SMEMO",
    year=2022,
    paper="Marchetti, Becattini, Seidenari & Del Bimbo, SMEMO: Social Memory for Trajectory Forecasting, IEEE Transactions on "
    "Pattern Analysis and Machine Intelligence 46(6), 2024, arXiv:2203.12446",
    memory="episodic",
    idea="All agents of a scene read and write one small memory at every step, and each foresees its way from its own motion and "
    "what it read. So all that one knows of another has passed through the slots. When the scene ends the memory is wiped.",
    slots_are="memory rows",
    forms=("trajectories",),
    settings=SETTINGS,
    channels=CHANNELS,
    micro_steps=MICRO_STEPS,
    wiring=WIRING,
    wires=WIRES,
    first_panes=("Trajectories", "Agents", "Memory"),
    parameter_formula="336 + 3H(16 + H) + 3H(16 + W + H) + 3H(2H + W) + 21H + R(W + 1)(H + 1) + (3W + 1)(H + 1) + 2(H + 1)",
    code="engine/models/smemo.py",
)
