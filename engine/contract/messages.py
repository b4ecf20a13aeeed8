"""Commands to an engine process, events from it: frozen dataclasses of builtins, never a tensor, a callable or an open file."""

from dataclasses import dataclass, field
from typing import NewType

from engine.contract.cards import ModelCard, Setting, Settings, TaskCard
from engine.contract.demonstrations import Demonstration
from engine.contract.edits import Edit
from engine.contract.remembering import Remembering
from engine.contract.results import ExhibitCard, Measurement
from engine.contract.run_messages import CheckpointSaved as CheckpointSaved
from engine.contract.run_messages import GoOnRun as GoOnRun
from engine.contract.run_messages import PauseRun as PauseRun
from engine.contract.run_messages import Progress as Progress
from engine.contract.run_messages import RunCommand, RunEvent
from engine.contract.run_messages import RunEnded as RunEnded
from engine.contract.run_messages import RunId as RunId
from engine.contract.run_messages import RunPaused as RunPaused
from engine.contract.run_messages import RunStarted as RunStarted
from engine.contract.run_messages import SetLearningRate as SetLearningRate
from engine.contract.run_messages import StartRun as StartRun
from engine.contract.run_messages import StopRun as StopRun
from engine.contract.trace import Array

PROTOCOL = 1
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
class Remember:
    """Run again with memories cleared: the wished episode answer by answer (`episodes` 1), or so many, from its seed on; answers
    with Remembered whenever there is more, and Working on the way."""

    request: Request
    source: Source
    episode: EpisodeWish
    settings: Settings = field(default_factory=dict)
    episodes: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepMemory:
    """Write the memory that grows in an episode, as it is after a step, to a file; answers with MemoryKept.

    `merged_with`: a memory in a file, of the same network, whose slots go in too.
    """

    request: Request
    source: Source
    episode: EpisodeWish
    step: int
    path: str
    settings: Settings = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    merged_with: str = ""


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
class Quit:
    """End the process; a run in it saves a checkpoint first."""


Command = Record | Evaluate | EstimateRun | Demonstrate | Remember | KeepMemory | MapTime | Cancel | RunCommand | Quit


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
    """All that may be chosen for a run, by "MODEL/TASK": of the model, the task and how it trains; the defaults are the model's
    recipe for the task."""


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
class Remembered:
    """Which memory the answers needed, by what was measured so far, or all of it (`found.is_complete`)."""

    request: Request
    found: Remembering


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryKept:
    """So many slots lie in the file now."""

    request: Request
    path: str
    slots: int


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


AnyEvent = (
    Ready
    | TraceReady
    | Evaluated
    | Demonstrated
    | Remembered
    | MemoryKept
    | MapRow
    | Mapped
    | RunEstimated
    | Working
    | Refused
    | RunEvent
)
