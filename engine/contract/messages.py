"""Commands to an engine process, events from it: frozen dataclasses of builtins, never a tensor, a callable or an open file."""

from dataclasses import dataclass, field
from typing import Literal, NewType

from engine.contract.cards import ModelCard, Setting, Settings, TaskCard
from engine.contract.demonstrations import Demonstration
from engine.contract.edits import Edit
from engine.contract.results import ExhibitCard, Measurement
from engine.contract.trace import Array

PROTOCOL = 1
RunId = NewType("RunId", str)
Request = NewType("Request", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Whose weights: a bundled exhibit ("exhibit:ntm-copy") or a run's folder, at one checkpoint (None: the best one kept)."""

    place: str
    update: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeWish:
    """Which episode: drawn from a seed, or the user's own input as text (bit vectors, or a story with questions)."""

    seed: int = 0
    own: str = ""


# ---- commands -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Run one episode and write its trace. `settings` override the source's own (more slots, another length)."""

    request: Request
    source: Source
    episode: EpisodeWish
    settings: Settings = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluate:
    """Measure the task's metrics over many episodes; answers with Evaluated, and Step events on the way."""

    request: Request
    source: Source
    settings: Settings = field(default_factory=dict)
    data: str = ""
    episodes: int = 200
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MapTime:
    """Run one episode at each of these checkpoints, in this order; a MapRow for each, then Mapped. Any Record comes first."""

    request: Request
    place: str
    updates: tuple[int, ...]
    episode: EpisodeWish
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstrate:
    """Measure one of the ideas, by its id; answers with Demonstrated whenever there is more, and Working on the way."""

    request: Request
    idea: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateRun:
    """Say what a run of these settings would cost; answers with RunEstimated at once, or within a moment."""

    request: Request
    model: str
    task: str
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Give up a request that has not answered yet; it answers with Refused("cancelled")."""

    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRun:
    """Train in this process; `folder` receives run.json, metrics.csv, checkpoints/ and log.txt; `resume`: go on there."""

    run: RunId
    folder: str
    model: str
    task: str
    settings: Settings
    seed: int
    updates: int
    data: str = ""
    resume: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRun:
    """Stop between two updates and wait."""

    run: RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOnRun:
    """Go on after a pause; with `updates`, only so many and then pause again."""

    run: RunId
    updates: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRun:
    """Save a checkpoint and end; the run can be resumed."""

    run: RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLearningRate:
    """Change the learning rate between two updates."""

    run: RunId
    learning_rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quit:
    """End the process; a run in it saves a checkpoint first."""


Command = (
    Record
    | Evaluate
    | EstimateRun
    | Demonstrate
    | MapTime
    | Cancel
    | StartRun
    | PauseRun
    | GoOnRun
    | StopRun
    | SetLearningRate
    | Quit
)


# ---- events ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The first event: who answers, and what it offers. `failed` names extensions that could not be loaded, with the reason."""

    protocol: int
    models: tuple[ModelCard, ...]
    tasks: tuple[TaskCard, ...]
    exhibits: tuple[ExhibitCard, ...]
    failed: tuple[str, ...] = ()
    training: dict[str, tuple[Setting, ...]] = field(default_factory=dict)
    """What may be chosen of how a run trains, by "MODEL/TASK"; the defaults are the model's recipe for the task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceReady:
    """A trace lies at `path`, for `read_trace`."""

    request: Request
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What an evaluation found."""

    request: Request
    measurement: Measurement


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Course:
    """One number a step of an episode: how wrong it was, how widely it read."""

    name: str
    title: str
    says: str
    values: Array
    """`(step,)`; NaN where the quantity does not exist."""
    top: float = 0.0
    """The most that it can be (it is never below 0); 0 where nobody knows."""
    formula: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MapRow:
    """An episode at one checkpoint, in a few numbers a step; without any, `sentence` says why."""

    request: Request
    update: int
    courses: tuple[Course, ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """The last row of a MapTime has been sent."""

    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstrated:
    """What was measured for an idea: so far, or all of it (`found.is_complete`)."""

    request: Request
    found: Demonstration


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEstimated:
    """What the run would cost, measured on a few episodes; or, where it cannot be run, why, and which setting is at fault."""

    request: Request
    parameters: int = 0
    megabytes: float = 0.0
    update_ms: float = 0.0
    seconds: float = 0.0
    at_least: bool = False
    cautions: tuple[str, ...] = ()
    refused: str = ""
    setting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """How far a long request has come: `done` of `total`."""

    request: Request
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A request cannot be answered; `sentence` says why and what would be right."""

    request: Request
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """The first update is about to be made."""

    run: RunId
    update: int
    parameters: int
    learning_rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """At most twenty a second. `points` are all (update, loss) pairs since the last one; later values replace earlier ones."""

    run: RunId
    update: int
    points: tuple[tuple[int, float], ...]
    updates_per_second: float
    saving_share: float = 0.0
    """What checkpoints and measuring cost: their share of the run's time so far."""
    path: str = ""
    """By which path it learns: compiled, or step by step and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointSaved:
    """The weights at `update` lie in the run's folder; `held_out` is the loss on episodes that are never trained on."""

    run: RunId
    update: int
    held_out: float
    is_best: bool
    dropped: tuple[int, ...] = ()
    """Checkpoints thinned out to keep within the limit."""
    judged: float | None = None
    figure: float | None = None
    """Of the best checkpoint until now: what the task judges by on those episodes, and the task's first metric there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPaused:
    """The run waits between two updates."""

    run: RunId
    update: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """No more events of this run follow. `detail` is a sentence that a person can act upon."""

    run: RunId
    reason: Literal["finished", "stopped", "failed"]
    update: int
    detail: str = ""
    last_good: int | None = None
    """The newest checkpoint with finite weights."""
    is_solved: bool = False
    """Whether the run ended because its goal (`stop_below`) was reached."""
    seconds: float = field(default=0.0, compare=False)
    """How long it worked since this process started or resumed it, without pauses."""


AnyEvent = (
    Ready
    | TraceReady
    | Evaluated
    | Demonstrated
    | MapRow
    | Mapped
    | RunEstimated
    | Working
    | Refused
    | RunStarted
    | Progress
    | CheckpointSaved
    | RunPaused
    | RunEnded
)
