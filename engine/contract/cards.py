"""What models, tasks and exhibits say of themselves: plain data, and all that the window knows of them."""

from dataclasses import dataclass
from typing import Literal

Value = bool | int | float | str
Settings = dict[str, Value]

Axis = Literal[
    "head", "slot", "feature", "unit", "hop", "layer", "shift", "mode", "position", "bit", "word", "answer", "region",
    "row", "column", "colour", "agent", "future", "time", "xy",
]  # fmt: skip
"""What the entries of an array are. "position" is a step of the same episode, "mode" a way in which a head finds its slots, "hop"
whatever looks at a memory one after the other (hops, passes, lookups), "region" a place in a picture; a picture is row, column,
colour. "agent" is who moves, "future" one of several things foreseen, the best match first; "time" the points of a trajectory,
"xy" its two coordinates in metres."""

MODES = ("backward", "content", "forward")
"""The entries of a mode axis: back in the order of writing, by content, on in the order of writing."""

Kind = Literal[
    "weighting",  # numbers >= 0 over slots, from one head
    "attention",  # the same from one hop or layer
    "gate",  # in [0, 1], mixes two things
    "positive",  # > 0, no upper bound (key strength, sharpening)
    "vector",  # signed values over features or units
    "memory",  # slots x features
    "bits",  # a bit pattern, or the probability of each bit
    "tokens",  # indices into the labels of this channel; -1 where there is none
    "probability",  # a distribution over answers
    "scalar",  # one number a step
    "image",
    "trajectory",
    "decision",
]

Role = Literal[
    "",
    "input",  # on the tape
    "target",
    "output",
    "error",  # one number a step: how wrong it was
    "read",  # the final weighting of the read heads
    "write",  # the final weighting of the write heads
    "erase",  # what a write takes away
    "add",  # what a write brings
    "answer",  # the distribution that the readout shows
    "usage",  # how much each slot is in use
    "allocation",  # which free slots would be written next
    "link",  # which slot was written right after which
    "mixture",  # the shares of a model's layers in what it remembers
    "priority",  # how early the task wants what it shows at this step
    "look",  # what each hop, pass or lookup takes of each slot: an attention, gates, scores, or a hard choice
    "holds",  # what lies in each slot after the step, by its label
    "key",  # by what the pair in each slot is found, by its label
    "value",  # what is read from it, by its label
    "candidates",  # which slots may be looked at at all
    "written",  # at which sample of its life each slot of a persistent memory was last written; -1: never
    "reads",  # how often each slot has been read since it was written
    "lost",  # what a write replaced, by its label; -1: nothing
    "alive",  # 1 where a slot of a memory that grows holds something after the step, else 0
    "best",  # how often what came from each slot was the best of what was foreseen, since it was written
    "sample",  # which sample of its source lies in each slot; -1: nobody says
    "retrieved",  # from which slot each thing foreseen comes; -1: from none
    "success",  # how much of what happened each thing foreseen explains, 0 to 1
    "threshold",  # below which best success a sample is stored
    "accept",  # the probability of storing the sample
    "stored",  # 1 where the sample was stored, 0 where it was refused
    "past",  # what was seen of a sample: trajectories, or the picture of one half of a pair
    "truth",  # what came of it
    "foreseen",  # what the model says may come of it
    "offered",  # how early each thing on offer stands on a list: the larger the earlier
    "brought",  # which of the things foreseen brought each thing on offer to its place
    "kept_past",  # the same two of the sample that lies in each slot
    "kept_truth",
    "decoded",  # what the model makes of the codes in each slot
    "map",  # where agents can go, as a picture from above
    "reach",  # how many metres it is from the middle of that picture to its edge
    "present",  # 1 for an agent that is there
    "flow",  # who influenced whom (row: who is influenced, column: by whom), by what lies in the slots that one reads
    "gradient",  # the same by how far a small change of the other's past would move the end of one's future
    "counterfactual",  # the same by how far one's future moves if the other is taken out of the scene
    "waits",  # for which other agent each one waits, where the task knows; -1: for none
    "test",  # the error on held-out samples, with the memory as it is after the step
    "test_off",  # the same without the memory
    "test_plain",  # the same of a plain predictor that has no memory
]

Lifetime = Literal["step", "episode", "persistent", "weights"]
"""When a memory is cleared: every step, at each episode's start, never, or changed by training only."""

Form = Literal["sequence", "pairs", "story", "pictures", "trajectories", "garments"]
"""What an episode is made of; a model works with every task of a form that it accepts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One quantity that a model or task shows at the steps of an episode.

    In a trace its array has the shape `(step, *axes)`; NaN marks a step at which the quantity does not exist.
    """

    name: str
    """`organ.quantity`, for instance `read.weighting`."""
    axes: tuple[Axis, ...]
    kind: Kind
    says: str
    """One sentence for the reader of the picture."""
    title: str
    """A few words to stand beside the picture: "read weighting"."""
    symbol: str = ""
    formula: str = ""
    """How the value is made. `{channel}` stands for that channel's value at this step (and head, hop); `{top:channel:M}` for its
    largest entries as a sum, "0.88·M[3] + 0.09·M[4]"; `{slot}`: the chosen slot; `{at:channel}`: the value there."""
    role: Role = ""
    low: float = 0.0
    high: float = 1.0
    bounded: bool = True
    """True: every value lies in `[low, high]`. False: a signed or positive quantity, drawn on limits that the trace gives."""
    sums_to_one: bool = False
    lifetime: Lifetime = "step"
    once: bool = False
    """Whether its array is the same at every step, and kept once: what lies in each slot of a memory that only grows, from its
    write on (before that, the channel of role "alive" says, there is no such slot)."""

    @property
    def organ(self) -> str:
        """The part of the model that the quantity belongs to."""
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroStep:
    """A named stage inside one step, with the channels that show it."""

    name: str
    says: str
    channels: tuple[str, ...]
    part: int | None = None
    """The hop or layer that the stage belongs to, where its channels have such an axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of the model in the picture of its wiring. The picture is a coarse grid: rows from the top, six columns.

    Its live values are those of `shows`; its arithmetic is the formula of every channel of `works`, in the order of the stages.
    """

    name: str
    title: str
    says: str
    row: int
    columns: tuple[int, int]
    """The first column that it covers, and the one after the last: `(0, 6)` is the whole width."""
    shows: tuple[str, ...] = ()
    """Channels, from the top; `role:input` stands for the task's channel of that role, whatever its name."""
    works: tuple[str, ...] = ()
    """Channels whose formulas open in place; empty: those that it shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """A way that values take from one block to another (or, for a state that it keeps itself, to the same one).

    Blocks of one row are joined sideways, those of rows next to each other where their columns overlap.
    """

    source: str
    target: str
    says: str
    """One or two words beside the arrow: "steers", "reads"."""
    channels: tuple[str, ...] = ()
    """What flows; the way is the present one while a stage shows one of these."""
    gate: str = ""
    """A channel in [0, 1] that tells how much flows now: its mean, or of a weighting its largest share."""
    is_later: bool = False
    """Whether it arrives at the next step only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that a user may choose before (or, where `live`, during) a run. ValueError for a default that it would refuse."""

    name: str
    default: Value
    says: str
    title: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    live: bool = False

    def __post_init__(self) -> None:
        self.read(self.default)

    def read(self, value: Value) -> Value:
        """Return `value` in this setting's own type; ValueError with one sentence if it does not fit."""
        if isinstance(self.default, bool):
            return self._read_truth(value)
        if isinstance(self.default, str):
            if self.choices and str(value) not in self.choices:
                raise ValueError(f"{self.name}: {value!r} is not one of {', '.join(self.choices)}")
            return str(value)
        return self._read_number(value)

    def _read_truth(self, value: Value) -> bool:
        words = {"true": True, "yes": True, "1": True, "on": True, "false": False, "no": False, "0": False, "off": False}
        if str(value).lower() not in words:
            raise ValueError(f"{self.name}: {value!r} is neither yes nor no")
        return words[str(value).lower()]

    def _read_number(self, value: Value) -> int | float:
        kind = type(self.default)
        try:
            number = float(value)
            whole = number == int(number)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"{self.name}: {value!r} is not a number") from None
        if kind is int and not whole:
            raise ValueError(f"{self.name}: {value!r} is not a whole number")
        low = number if self.low is None else self.low
        high = number if self.high is None else self.high
        if not low <= number <= high:
            raise ValueError(f"{self.name}: {value} is not between {self.low:g} and {self.high:g}")
        return int(number) if kind is int else number


def read_settings(offered: tuple[Setting, ...], wished: Settings) -> Settings:
    """Complete `wished` with defaults, each in its setting's own type; ValueError names what is unknown or does not fit."""
    known = {setting.name: setting for setting in offered}
    for name in wished:
        if name not in known:
            raise ValueError(f"{name}: no such setting; there are {', '.join(sorted(known)) or 'none'}")
    return {name: setting.read(wished.get(name, setting.default)) for name, setting in known.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One of the stages that a model is trained in, one after the other."""

    name: str
    """In a word or two: "autoencoder"."""
    says: str
    """What is learnt in it, and what is held still, in a sentence."""
    until: float
    """The share of the run's updates after which it ends; 1 for the last that is always there."""
    loss_unit: str
    """What its curve shows: "square metres, seeing the future"."""
    only: tuple[str, Value] | None = None
    """The setting and its value with which alone there is this stage. Its `until` lies beyond 1: all shares are then of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """All that the window knows of a model."""

    id: str
    name: str
    short: str
    """The abbreviation used where space is short; `name` expands it."""
    year: int
    paper: str
    memory: str
    """"episodic", "recurrent state", "persistent", "attention"."""
    idea: str
    slots_are: str
    """What one slot is: "memory rows", "units", "facts"."""
    forms: tuple[Form, ...]
    settings: tuple[Setting, ...]
    channels: tuple[Channel, ...]
    micro_steps: tuple[MicroStep, ...] = ()
    first_panes: tuple[str, ...] = ()
    """Names of the panes that open first; empty: whatever fits the channels."""
    wiring: tuple[Block, ...] = ()
    """The blocks of the picture "How is it wired?"; empty: one for each organ, in the order of the stages."""
    wires: tuple[Wire, ...] = ()
    parameter_formula: str = ""
    loss_unit: str = ""
    """What a run's curve shows, where the model has a loss of its own: "margin missed"; else the task's."""
    stages: tuple[Stage, ...] = ()
    """The stages of a run, in their order, each with a curve of its own; empty: it is trained in one go."""
    code: str = ""
    """Where the model is defined: `engine/models/ntm.py`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure that an evaluation gives, or a table of such figures."""

    name: str
    title: str
    says: str
    """ "The share of ..." is shown in percent, and so is "The same ..." of a table that has that share row by row."""
    unit: str = ""

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1 and is best read in percent."""
        return not self.unit and self.says.startswith(("The share", "The same"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCard:
    """All that the window knows of a task. The first metric is its headline."""

    id: str
    name: str
    form: Form
    idea: str
    settings: tuple[Setting, ...]
    channels: tuple[Channel, ...]
    metrics: tuple[Metric, ...]
    own_input: Literal["", "bits", "story", "symbols", "words", "trajectory"] = ""
    own_says: str = ""
    """What the user's own input means here, in a sentence, where it is more than what it looks like."""
    reads: str = ""
    """Of what real files it can be given a folder, in a few words: "the text files of ETH and UCY"; empty: of none."""
    needs_files: bool = False
    """Whether it can do nothing without them."""
    loss_unit: str = ""
    """What a run's curve shows: "bits per sequence"."""
    is_judged_by_metric: bool = False
    """Whether the best checkpoint is the one with the least of the first metric, and not of the cost."""
    solved_below: float = 0.0
    """A run whose mean cost is below this has learnt the task; 0: nobody has said so."""


def stages_of(card: ModelCard, settings: Settings) -> tuple[Stage, ...]:
    """The stages of a run with these settings; what they do not name is as the card has it."""
    usual = {setting.name: setting.default for setting in card.settings}
    return tuple(stage for stage in card.stages if stage.only is None or (usual | settings)[stage.only[0]] == stage.only[1])


def stage_ends(stages: tuple[Stage, ...], updates: int) -> tuple[int, ...]:
    """After which update each stage of a run of so many updates ends; each has at least one, if there are enough."""
    ends: list[int] = []
    for number, stage in enumerate(stages, start=1):
        left, share = len(stages) - number, stage.until / stages[-1].until
        ends.append(max(min(round(share * updates), updates - left), ends[-1] + 1 if ends else 1))
    return tuple(ends)


def unit_of_loss(model: ModelCard | None, task: TaskCard | None) -> str:
    """What the curve of a run shows: the model's own loss, if it has one, else the task's; empty if nobody says."""
    return (model.loss_unit if model else "") or (task.loss_unit if task else "")
