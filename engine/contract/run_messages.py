"""Of the commands and events, those of one training run."""

from dataclasses import dataclass, field
from typing import Literal, NewType

from engine.contract.cards import Settings

RunId = NewType("RunId", str)


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


RunCommand = StartRun | PauseRun | GoOnRun | StopRun | SetLearningRate


# ---- events ---------------------------------------------------------------------------------------------------------------


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


RunEvent = RunStarted | Progress | CheckpointSaved | RunPaused | RunEnded
