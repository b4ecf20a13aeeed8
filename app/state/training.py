"""The runs: their curves and checkpoints, what the user wishes of them, and whether the view follows the newest checkpoint."""

from dataclasses import dataclass, field
from typing import Literal

from psygnal import Signal

from engine.contract.cards import Settings
from engine.contract.messages import CheckpointSaved, Progress, RunEnded, RunId, RunPaused, RunStarted

Status = Literal["starting", "running", "paused", "stopping", "finished", "stopped", "failed", "died"]
MOST_POINTS = 4000


@dataclass(slots=True, kw_only=True)
class Run:
    """One training job, as the window knows it."""

    run: RunId
    folder: str
    model: str
    task: str
    settings: Settings
    seed: int
    planned: int
    status: Status = "starting"
    update: int = 0
    parameters: int = 0
    learning_rate: float = 0.0
    updates_per_second: float = 0.0
    saving_share: float = 0.0
    path: str = ""
    detail: str = ""
    last_good: int | None = None
    best: int | None = None
    points: list[tuple[int, float]] = field(default_factory=list)
    checkpoints: list[int] = field(default_factory=list)
    held_out: dict[int, float] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)
    is_solved: bool = False
    """Whether it ended because its goal was reached."""
    seconds: float = 0.0
    """How long it worked, once it has ended."""
    judged: float | None = None
    figure: float | None = None
    """Of the best checkpoint, on held-out episodes: what the task judges by, and the task's first metric."""
    chosen_of: int = 0
    """Out of how many restarts it was chosen; 0: it is not one of several, or another was."""
    is_one_of_several: bool = False
    """Whether it belongs to a panel of seeds: the view does not go after it by itself."""

    @property
    def is_live(self) -> bool:
        """Whether a process works (or waits) for it."""
        return self.status in ("starting", "running", "paused", "stopping")

    @property
    def place(self) -> str:
        """Its name as a source of weights."""
        return self.folder


class Training:
    """All runs, the newest last, and the one whose curve is shown."""

    changed = Signal()

    def __init__(self) -> None:
        self._runs: dict[RunId, Run] = {}
        self._following = False
        self._missed = 0

    @property
    def runs(self) -> tuple[Run, ...]:
        """Every run, those of earlier launches first."""
        return tuple(self._runs.values())

    @property
    def live(self) -> Run | None:
        """The newest run that has not ended."""
        return next((run for run in reversed(self._runs.values()) if run.is_live), None)

    @property
    def all_live(self) -> tuple[Run, ...]:
        """Every run that has not ended: more than one while several seeds train."""
        return tuple(run for run in self._runs.values() if run.is_live)

    @property
    def resumable(self) -> Run | None:
        """The newest run that has ended before its time."""
        ended = ("stopped", "failed", "died")
        return next((run for run in reversed(self._runs.values()) if run.status in ended), None)

    @property
    def is_following(self) -> bool:
        """Whether the training cursor stays on the newest checkpoint (LIVE)."""
        return self._following

    @property
    def missed(self) -> int:
        """How many checkpoints have come since the view was detached."""
        return self._missed

    @property
    def badge(self) -> str:
        """What the LIVE badge says."""
        run = self.live
        if run is None:
            return ""
        if run.is_one_of_several:
            return f"several seeds · {sum(run.updates_per_second for run in self.all_live):.0f}/s"
        if self._following:
            return f"update {run.update:,} · {run.updates_per_second:.0f}/s"
        newer = f"{self._missed} newer checkpoint{'s' if self._missed != 1 else ''}"
        return f"detached, {newer} (End follows)"

    def get(self, run: RunId) -> Run | None:
        """The run of this name."""
        return self._runs.get(run)

    def at(self, place: str) -> Run | None:
        """The run that writes to this folder."""
        return next((run for run in self._runs.values() if run.folder == place), None)

    def trains_at(self, place: str) -> bool:
        """Whether a run makes updates in this folder now."""
        run = self.at(place)
        return run is not None and run.is_live and run.status != "paused"

    def add(self, run: Run) -> None:
        """A run was asked for; one of several leaves the view where it is."""
        self._runs[run.run] = run
        if run.is_one_of_several:
            self.changed.emit()
        else:
            self.follow()

    def remember(self, runs: list[Run]) -> None:
        """Runs of earlier launches, older than any of this one."""
        known = {run.run: run for run in runs}
        self._runs = {**known, **self._runs}
        self.changed.emit()

    def follow(self) -> None:
        """Stay on the newest checkpoint from now on."""
        self._following, self._missed = True, 0
        self.changed.emit()

    def detach(self) -> None:
        """Stay where the reader is; new checkpoints are only counted."""
        if self._following:
            self._following = False
            self.changed.emit()

    def note(self, run: RunId, text: str) -> None:
        """Leave a mark on the training lane at the present update."""
        found = self._runs[run]
        found.notes.append((found.update, text))
        self.changed.emit()

    def mark(self, run: RunId, status: Status, detail: str = "") -> None:
        """The run's process was told (or found) to be in this state."""
        found = self._runs.get(run)
        if found is not None:
            found.status, found.detail = status, detail or found.detail
            self.changed.emit()

    def apply(self, event: RunStarted | Progress | CheckpointSaved | RunPaused | RunEnded) -> None:
        """Take over what a run says of itself."""
        run = self._runs.get(event.run)
        if run is None:
            return
        match event:
            case RunStarted():
                run.status, run.update, run.parameters = "running", event.update, event.parameters
                run.learning_rate = event.learning_rate
            case Progress():
                self._progress(run, event)
            case CheckpointSaved():
                self._checkpoint(run, event)
            case RunPaused():
                run.status, run.update = "paused", event.update
            case RunEnded():
                run.status, run.update, run.detail = event.reason, event.update, event.detail
                run.last_good = event.last_good if event.reason == "failed" else None  # where nothing went wrong all are good
                run.is_solved, run.seconds = event.is_solved, event.seconds
        self.changed.emit()

    def _progress(self, run: Run, event: Progress) -> None:
        if run.status == "starting":
            run.status = "running"
        run.update, run.updates_per_second, run.saving_share = event.update, event.updates_per_second, event.saving_share
        run.path = event.path
        run.points.extend(event.points)
        if len(run.points) > MOST_POINTS:  # thin the older half: the curve keeps its shape, the memory its bound
            half = len(run.points) // 2
            run.points = run.points[:half:2] + run.points[half:]

    def _checkpoint(self, run: Run, event: CheckpointSaved) -> None:
        run.checkpoints = sorted({*run.checkpoints, event.update} - set(event.dropped))
        run.held_out[event.update] = event.held_out
        if event.is_best:
            run.best, run.judged, run.figure = event.update, event.judged, event.figure
        if not self._following and not run.is_one_of_several:
            self._missed += 1
