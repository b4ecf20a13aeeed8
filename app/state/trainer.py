"""The wishes about runs: start, pause, go on, stop, another learning rate."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from app.state.notices import Notices
from app.state.ports import EnginePort
from app.state.training import Run, Training
from engine.contract.cards import Settings
from engine.contract.messages import GoOnRun, PauseRun, RunId, SetLearningRate, StartRun, StopRun

NewFolder = Callable[[str], str]
"""Gives an unused folder for a run of this name."""


@dataclass(kw_only=True)
class Trainer:
    """Sends what the user wishes to the process of a run."""

    engine: EnginePort
    training: Training
    notices: Notices
    new_folder: NewFolder

    def start(
        self,
        model: str,
        task: str,
        settings: Settings,
        *,
        seed: int,
        updates: int,
        data: str = "",
        is_one_of_several: bool = False,
        folder: str = "",
    ) -> Run:
        """Train a new model in a process of its own; in this folder, or in a new one."""
        folder = folder or self.new_folder(f"{model}-{task}")
        run = Run(
            run=RunId(folder), folder=folder, model=model, task=task, settings=settings, seed=seed, planned=updates,
            is_one_of_several=is_one_of_several,
        )  # fmt: skip
        self._launch(run, data, resume=False)
        return run

    def resume(self, run: Run) -> None:
        """Go on from the last checkpoint of a run that has ended, was stopped, or whose process died."""
        run.points.clear()
        run.status, run.detail, run.is_one_of_several = "starting", "", False
        self._launch(run, "", resume=True)

    def pause(self) -> None:
        """Let what trains wait between two updates."""
        for run in self.training.all_live:
            if run.status == "running":
                self.engine.run_send(run.run, PauseRun(run=run.run))

    def go_on(self, updates: int | None = None) -> None:
        """Go on after a pause; with a number, make only so many updates."""
        for run in self.training.all_live:
            self.engine.run_send(run.run, GoOnRun(run=run.run, updates=updates))
            self.training.mark(run.run, "running")

    def toggle(self) -> None:
        """Pause, or go on."""
        run = self.training.live
        if run is None:
            return
        if run.status == "paused":
            self.go_on()
        else:
            self.pause()

    def stop(self) -> None:
        """Save a checkpoint and end what trains; it can be resumed."""
        for run in self.training.all_live:
            self.stop_one(run)

    def stop_one(self, run: Run) -> None:
        """The same for one run."""
        self.training.mark(run.run, "stopping")
        self.engine.run_send(run.run, StopRun(run=run.run))

    def set_learning_rate(self, rate: float) -> None:
        """Another learning rate from the next update on; leaves a note on the lane."""
        run = self.training.live
        if run is None or run.is_one_of_several or not 0 < rate < math.inf:
            return
        self.engine.run_send(run.run, SetLearningRate(run=run.run, learning_rate=rate))
        self.training.note(run.run, f"rate {run.learning_rate:.0e} → {rate:.0e}" if run.learning_rate else f"rate {rate:.0e}")
        run.learning_rate = rate

    def _launch(self, run: Run, data: str, *, resume: bool) -> None:
        self.training.add(run)
        self.notices.clear("training")
        self.engine.start_run(
            StartRun(
                run=run.run,
                folder=run.folder,
                model=run.model,
                task=run.task,
                settings=run.settings,
                seed=run.seed,
                updates=run.planned,
                data=data,
                resume=resume,
            )
        )
