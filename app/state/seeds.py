"""A panel of seeds: the same training again and again from other seeds, one or two at a time, to see whether it always learns;
or, as restarts, to keep the network that does best on held-out episodes."""

import os.path
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from psygnal import Signal

from app.state.trainer import Trainer
from app.state.training import Run
from engine.contract.cards import Settings
from engine.contract.restarts import Restarts, Tried, weigh
from engine.contract.results import GOAL_SEQUENCES
from engine.contract.stages import Span, begun, span_at, within
from engine.contract.trace import Array

PANE = "Seeds"
USUAL_COUNT, MOST_COUNT = 8, 32
AT_ONCE = 2
"""So many train at a time, each in a process of its own."""

How = Literal["waiting", "training", "solved", "not solved", "failed", "stopped", "finished", "not needed"]
Open = Callable[[str, int | None], None]
"""Shows a run at one of its checkpoints."""
Stages = Callable[[Run], tuple[Span, ...]]
"""The stages that a run is trained in."""


@dataclass(slots=True, kw_only=True)
class SeedRun:
    """One seed of the panel; without a run it waits, or was never begun."""

    seed: int
    run: Run | None = None


class Seeds:
    """The newest panel of this launch."""

    changed = Signal()
    """Another run has begun or ended; how far they are, the runs themselves say."""

    def __init__(
        self, trainer: Trainer, open_run: Open, stages: Stages = lambda run: (), clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._trainer, self._open, self._stages, self._clock = trainer, open_run, stages, clock
        self.keep: Callable[[str, Restarts], None] = lambda folder, restarts: None
        """Notes in the folder of restarts which of them is kept."""
        self._folder = ""
        self._is_stopping = False
        self.restarts = weigh((), 0)
        """What has become of those that are over, and which of them is the best."""
        self._entries: tuple[SeedRun, ...] = ()
        self._wish: tuple[str, str, Settings, int, str] = ("", "", {}, 0, "")
        self._at_once = AT_ONCE
        self._began = self._ended = 0.0
        self._is_live = False
        self.model, self.task, self.batch = "", "", 1
        self.below = 0.0
        """The goal: a mean cost of the last sequences below this counts as solved; 0: there is none."""

    @property
    def entries(self) -> tuple[SeedRun, ...]:
        """Every seed, in their order."""
        return self._entries

    @property
    def is_live(self) -> bool:
        """Whether some of them still train or wait."""
        return self._is_live

    @property
    def is_restarts(self) -> bool:
        """Whether the best of them is kept."""
        return bool(self._folder)

    @property
    def chosen(self) -> SeedRun | None:
        """The best on held-out episodes until now; None if they are no restarts, or none is over."""
        folder = self.restarts.chosen if self.is_restarts else ""
        return next((entry for entry in self._entries if folder == f"seed={entry.seed}"), None)

    @property
    def seconds(self) -> float:
        """How long the whole panel has taken so far, or took."""
        return (self._clock() if self._is_live else self._ended) - self._began

    def start(
        self, model: str, task: str, settings: Settings, *, seeds: tuple[int, ...], updates: int, data: str = "",
        at_once: int = AT_ONCE, keeps_best: bool = False,
    ) -> None:  # fmt: skip
        """Train the same thing from each of these seeds; `stop_below` and `batch` of the settings say what counts as solved.

        `keeps_best`: as restarts, in one folder, of which the best is opened at the end; it may come before all are trained.
        """
        self.model, self.task = model, task
        self._folder = self._trainer.new_folder(f"{model}-{task}") if keeps_best else ""
        self.below, self.batch = float(settings.get("stop_below", 0.0)), int(settings.get("batch", 1))
        self._wish, self._at_once = (model, task, settings, updates, data), at_once
        self._entries = tuple(SeedRun(seed=seed) for seed in seeds)
        self._began, self._is_live, self._is_stopping = self._clock(), True, False
        self.restarts = weigh((), len(seeds))
        self._go_on()

    def take_over(self, other: "Seeds") -> None:
        """Show what another panel shows now: for a figure."""
        self.model, self.task, self.batch, self.below = other.model, other.task, other.batch, other.below
        self._folder, self.restarts = other._folder, other.restarts
        self._entries, self._is_live = other.entries, other.is_live
        self._began, self._ended = 0.0, other.seconds
        if self._is_live:
            self._began = self._clock() - other.seconds
        self.changed.emit()

    def run_ended(self, run: Run) -> None:
        """A run is over: the next seed begins. One that was stopped by the user ends the whole panel."""
        if not self._is_live or all(entry.run is not run for entry in self._entries):
            return
        if run.status == "stopped" and run.seed not in self._needless():
            self._is_stopping = True
        over = [entry.run for entry in self._entries if entry.run is not None and not entry.run.is_live]
        self.restarts = weigh(map(self._tried, over), len(self._entries))
        if self.is_restarts:
            self.keep(self._folder, self.restarts)
        self._go_on()

    def how(self, entry: SeedRun) -> How:
        """How a seed stands."""
        run = entry.run
        if (run is None or run.status == "stopped") and entry.seed in self._needless():
            return "not needed"
        if run is None:
            return "waiting" if self._is_live else "stopped"
        if run.is_live:
            return "training"
        if run.is_solved:
            return "solved"
        if run.status in ("failed", "died"):
            return "failed"
        if run.status == "stopped":
            return "stopped"
        return "not solved" if self.below else "finished"

    @property
    def stage(self) -> Span | None:
        """The newest stage that one of them has reached: of it are the curves. None where they are trained in one go."""
        runs = [entry.run for entry in self._entries if entry.run is not None and entry.run.points]
        found = [span for run in runs for span in begun(self._stages(run), run.points[-1][0])]
        return max(found, key=lambda span: span.number, default=None)

    def curve(self, entry: SeedRun) -> tuple[Array, Array]:
        """Updates, and the mean cost of the last thousand sequences at each (at the beginning: of those so far)."""
        return self._means(entry.run, self.stage)

    def _means(self, run: Run | None, span: Span | None) -> tuple[Array, Array]:
        points = within(run.points, span) if run is not None else []
        updates = np.array([update for update, _ in points], np.float64)
        costs = np.array([cost for _, cost in points], np.float64)
        total = np.concatenate(([0.0], np.cumsum(costs)))
        reach = max(-(-GOAL_SEQUENCES // self.batch), 1)
        first = np.searchsorted(updates, updates - reach, side="right")
        counts = np.arange(1, len(updates) + 1) - first
        means = (total[1:] - total[first]) / np.maximum(counts, 1)
        return updates.astype(np.float32), np.asarray(means, np.float32)

    def count(self, *hows: How) -> int:
        """How many seeds stand so."""
        return sum(self.how(entry) in hows for entry in self._entries)

    # ---- inside ----

    def _go_on(self) -> None:
        model, task, settings, updates, data = self._wish
        needless = self._needless()
        for entry in self._entries:
            if entry.seed in needless and entry.run is not None and entry.run.status in ("starting", "running", "paused"):
                self._trainer.stop_one(entry.run)
        waiting = [entry for entry in self._entries if entry.run is None and entry.seed not in needless]
        if self._is_stopping:
            waiting = []
        free = self._at_once - sum(entry.run is not None and entry.run.is_live for entry in self._entries)
        for entry in waiting[: max(free, 0)]:
            entry.run = self._trainer.start(
                model, task, settings, seed=entry.seed, updates=updates, data=data, is_one_of_several=True,
                folder=os.path.join(self._folder, f"seed={entry.seed}") if self._folder else "",
            )  # fmt: skip
        if not any((entry.run is None and entry in waiting) or (entry.run and entry.run.is_live) for entry in self._entries):
            self._close()
        self.changed.emit()

    def _needless(self) -> frozenset[int]:
        """The seeds after the first one that leaves nothing to choose."""
        if not self.is_restarts or not self.restarts.is_settled:
            return frozenset()
        return frozenset(entry.seed for entry in self._entries if entry.seed > self.restarts.tried[-1].seed)

    def _tried(self, run: Run) -> Tried:
        how: Literal["finished", "stopped", "failed"] = "failed"
        if run.status in ("finished", "stopped"):
            how = "finished" if run.status == "finished" else "stopped"
        _, means = self._means(run, span_at(self._stages(run), run.update))
        cost = run.held_out.get(run.best) if run.best is not None else None
        return Tried(
            seed=run.seed, folder=f"seed={run.seed}", how=how, judged=run.judged, figure=run.figure, cost=cost,
            training_cost=float(means[-1]) if means.size else None, updates=run.update, seconds=run.seconds, detail=run.detail,
        )  # fmt: skip

    def _close(self) -> None:
        if not self._is_live:
            return
        self._is_live, self._ended = False, self._clock()
        chosen = self.chosen
        if chosen is not None and chosen.run is not None:
            chosen.run.chosen_of = len(self.restarts.tried)
            self._open(chosen.run.place, chosen.run.best)
            said = f"Seed {chosen.seed} is kept, the best of {chosen.run.chosen_of} on what was held out; it is open now."
            self._trainer.notices.say("training", f"{said} The pane of seeds shows them all.", is_error=False)
        self.changed.emit()
