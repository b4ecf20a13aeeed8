"""One training run between its commands: update after update, progress, checkpoints, pause, and its end in one sentence."""

import logging
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from engine.contract.faults import explain, is_a_fault
from engine.contract.log import also_log_into, stop_logging
from engine.contract.messages import AnyEvent, CheckpointSaved, Progress, RunEnded, RunId, RunPaused, RunStarted, StartRun
from engine.contract.results import RunCard
from engine.sources import kept_updates
from engine.tasks.base import BadInputError
from engine.training.run import Diverged, TrainingRun

LEAST_SECONDS_BETWEEN_REPORTS = 0.05
SECONDS_OF_SPEED = 2.0

logger = logging.getLogger(__name__)
Emit = Callable[[AnyEvent], None]


class Running:
    """The run that a StartRun asked for. Whoever holds it calls `work` until it has ended."""

    def __init__(self, command: StartRun, emit: Emit) -> None:
        self._command = command
        self._emit = emit
        self._training: TrainingRun | None = None
        self._log: logging.Handler | None = None
        self._left: int | None = None  # updates until the next pause; None: no pause
        self._update = 0
        self._saved_at = -1
        self._points: list[tuple[int, float]] = []
        self._speed = Speed()
        self._reported = 0.0
        self.has_ended = False
        self._guarded(self._begin)

    @property
    def run(self) -> RunId:
        """Its name."""
        return self._command.run

    def work(self) -> bool:
        """Make one update; False if there is none to make until another command comes."""
        if self.has_ended or self._left == 0:
            return False
        self._guarded(self._advance)
        return True

    def pause(self) -> None:
        """Stop between two updates and wait."""
        if not self.has_ended:
            self._report()
            self._left = 0
            self._speed.pause()
            self._emit(RunPaused(run=self._command.run, update=self._update))

    def go_on(self, updates: int | None) -> None:
        """Go on; with `updates`, only so many."""
        self._left = None if updates is None else max(updates, 0)
        self._speed.go_on(self._update)

    def set_learning_rate(self, learning_rate: float) -> None:
        """From the next update on; a rate that the run refuses ends nothing and changes nothing."""
        if self._training is not None:
            try:
                self._training.learning_rate = learning_rate
            except ValueError:
                logger.warning("run %s keeps its learning rate: %s was refused", self.run, learning_rate)

    def stop(self) -> None:
        """Save a checkpoint and end; the run can be resumed."""
        if not self.has_ended:
            self._guarded(lambda: self._close("stopped"))

    def _begin(self) -> None:
        command = self._command
        folder = Path(command.folder)
        if command.resume:
            self._training = TrainingRun.resume(folder, command.updates or None)
        else:
            card = RunCard(
                model=command.model,
                task=command.task,
                settings=command.settings,
                seed=command.seed,
                updates=command.updates,
                data=command.data,
            )
            self._training = TrainingRun.start(folder, card, Path(command.data) if command.data else None)
        self._log = also_log_into(folder / "log.txt")
        self._update = self._training.update
        self._emit(
            RunStarted(
                run=command.run,
                update=self._update,
                parameters=self._training.parameters,
                learning_rate=self._training.learning_rate,
            )
        )
        self._speed.go_on(self._update)
        self._save_if_due()

    def _advance(self) -> None:
        training = self._running_training()
        if training.is_over:  # a finished run that was resumed has nothing left to do
            return self._close("finished")
        self._update, cost = training.advance()
        self._points.append((self._update, cost))
        if self._left is not None:
            self._left -= 1
        self._save_if_due()
        if training.is_over:
            self._close("finished")
        elif self._left == 0:
            self.pause()
        elif time.perf_counter() - self._reported >= LEAST_SECONDS_BETWEEN_REPORTS:
            self._report()
        return None

    def _save_if_due(self) -> None:
        if self._running_training().checkpoint_due:
            self._save()

    def _save(self) -> None:
        with self._speed.saving():
            saved = self._running_training().save()
        self._saved_at = saved.update
        self._report()
        self._emit(
            CheckpointSaved(
                run=self._command.run,
                update=saved.update,
                held_out=saved.held_out,
                is_best=saved.is_best,
                dropped=saved.dropped,
                judged=None if saved.best is None else saved.best.held_out,
                figure=None if saved.best is None else saved.best.figure,
            )
        )

    def _report(self) -> None:
        if not self._points:
            return
        self._reported = time.perf_counter()
        event = Progress(
            run=self._command.run,
            update=self._update,
            points=tuple(self._points),
            updates_per_second=self._speed.updates_per_second(self._update),
            saving_share=self._speed.saving_share,
            path=self._running_training().path,
        )
        self._points.clear()
        self._emit(event)

    def _close(self, reason: Literal["finished", "stopped"]) -> None:
        training = self._running_training()
        self._report()
        if self._saved_at != self._update:
            self._save()
        training.finish()
        self._end(
            RunEnded(
                run=self._command.run,
                reason=reason,
                update=self._update,
                last_good=self._newest_checkpoint(),
                is_solved=training.is_solved,
                seconds=self._speed.seconds,
            )
        )

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Diverged as error:
            logger.warning("run %s diverged: %s", self.run, error)
            self._update = error.update
            self._fail(error.sentence, error.last_good)
        except Exception as error:
            logger.error("run %s failed at update %d", self.run, self._update, exc_info=error if is_a_fault(error) else None)
            self._fail(explain(error), None if self._training is None else self._newest_checkpoint())

    def _fail(self, sentence: str, last_good: int | None) -> None:
        self._report()
        if self._training is not None:
            self._training.release()
        ended = RunEnded(run=self._command.run, reason="failed", update=self._update, detail=sentence, last_good=last_good)
        self._end(ended)

    def _end(self, event: RunEnded) -> None:
        self.has_ended = True
        if self._log is not None:
            stop_logging(self._log)
        self._emit(event)

    def _newest_checkpoint(self) -> int | None:
        try:
            return max(kept_updates(self._command.folder), default=None)
        except (ValueError, OSError):
            return None

    def _running_training(self) -> TrainingRun:
        if self._training is None:
            raise BadInputError(f"run {self.run}: it has not started")
        return self._training


class Speed:
    """How fast the updates come, over the last seconds, and what share of the time went into saving; pauses count for neither."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()
        self._worked = 0.0
        self._saved = 0.0
        self._since: float | None = None

    def go_on(self, update: int) -> None:
        """Work begins, or goes on after a pause."""
        self.pause()
        self._since = time.perf_counter()
        self._marks.clear()
        self._marks.append((self._since, update))

    def pause(self) -> None:
        """The time from now on does not count."""
        if self._since is not None:
            self._worked += time.perf_counter() - self._since
            self._since = None

    def saving(self) -> "Saving":
        """Count the time inside a `with` as saving."""
        return Saving(self)

    def add_saving(self, seconds: float) -> None:
        """So much went into a checkpoint."""
        self._saved += seconds

    def updates_per_second(self, update: int) -> float:
        """Over the last two seconds."""
        now = time.perf_counter()
        self._marks.append((now, update))
        while len(self._marks) > 2 and now - self._marks[1][0] > SECONDS_OF_SPEED:
            self._marks.popleft()
        began, first = self._marks[0]
        return (update - first) / max(now - began, 1e-6)

    @property
    def seconds(self) -> float:
        """How long it has worked, without pauses."""
        return self._worked + (time.perf_counter() - self._since if self._since is not None else 0.0)

    @property
    def saving_share(self) -> float:
        """The share of the run's time so far that checkpoints and measuring cost."""
        worked = self.seconds
        return self._saved / worked if worked > 0 else 0.0


class Saving:
    """A stretch of time that went into saving."""

    def __init__(self, speed: Speed) -> None:
        self._speed = speed
        self._began = 0.0

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._speed.add_saving(time.perf_counter() - self._began)
