"""A panel of seeds: the same training again and again from other seeds, one or two at a time, to see whether it always learns."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from psygnal import Signal

from app.state.trainer import Trainer
from app.state.training import Run
from engine.contract.cards import GOAL_SEQUENCES, Settings
from engine.contract.trace import Array

PANE = "Seeds"
USUAL_COUNT, MOST_COUNT = 8, 32
AT_ONCE = 2
"""So many train at a time, each in a process of its own."""

How = Literal["waiting", "training", "solved", "not solved", "failed", "stopped", "finished"]


@dataclass(slots=True, kw_only=True)
class SeedRun:
    """One seed of the panel; without a run it waits, or was never begun."""

    seed: int
    run: Run | None = None


class Seeds:
    """The newest panel of this launch."""

    changed = Signal()
    """Another run has begun or ended; how far they are, the runs themselves say."""

    def __init__(self, trainer: Trainer, clock: Callable[[], float] = time.monotonic) -> None:
        self._trainer, self._clock = trainer, clock
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
    def seconds(self) -> float:
        """How long the whole panel has taken so far, or took."""
        return (self._clock() if self._is_live else self._ended) - self._began

    def start(
        self, model: str, task: str, settings: Settings, *, seeds: tuple[int, ...], updates: int, data: str = "",
        at_once: int = AT_ONCE,
    ) -> None:  # fmt: skip
        """Train the same thing from each of these seeds; `stop_below` and `batch` of the settings say what counts as solved."""
        self.model, self.task = model, task
        self.below, self.batch = float(settings.get("stop_below", 0.0)), int(settings.get("batch", 1))
        self._wish, self._at_once = (model, task, settings, updates, data), at_once
        self._entries = tuple(SeedRun(seed=seed) for seed in seeds)
        self._began, self._is_live = self._clock(), True
        self._go_on()

    def take_over(self, other: "Seeds") -> None:
        """Show what another panel shows now: for a figure."""
        self.model, self.task, self.batch, self.below = other.model, other.task, other.batch, other.below
        self._entries, self._is_live = other.entries, other.is_live
        self._began, self._ended = 0.0, other.seconds
        if self._is_live:
            self._began = self._clock() - other.seconds
        self.changed.emit()

    def run_ended(self, run: Run) -> None:
        """A run is over: the next seed begins. One that was stopped by the user ends the whole panel."""
        if not self._is_live or all(entry.run is not run for entry in self._entries):
            return
        if run.status == "stopped":
            self._close()
        else:
            self._go_on()

    def how(self, entry: SeedRun) -> How:
        """How a seed stands."""
        run = entry.run
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

    def curve(self, entry: SeedRun) -> tuple[Array, Array]:
        """Updates, and the mean cost of the last thousand sequences at each (at the beginning: of those so far)."""
        points = entry.run.points if entry.run is not None else []
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
        waiting = [entry for entry in self._entries if entry.run is None]
        free = self._at_once - sum(entry.run is not None and entry.run.is_live for entry in self._entries)
        for entry in waiting[: max(free, 0)]:
            entry.run = self._trainer.start(
                model, task, settings, seed=entry.seed, updates=updates, data=data, is_one_of_several=True
            )  # fmt: skip
        if not any(entry.run is None or entry.run.is_live for entry in self._entries):
            self._close()
        self.changed.emit()

    def _close(self) -> None:
        if self._is_live:
            self._is_live, self._ended = False, self._clock()
            self.changed.emit()
