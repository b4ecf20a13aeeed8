"""One training run: makes updates one at a time, saves checkpoints, and goes on after a kill as if nothing had happened.

It knows models and tasks only by their protocols. All chance of an update comes from the run's seed and the update's number, so
that no generator has a history.
"""

import contextlib
import math
import platform
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TextIO

import torch
from filelock import FileLock

from engine.blocks.probe import Watch
from engine.blocks.seeding import derive, generator
from engine.contract.files import BadFileError
from engine.contract.results import RunCard
from engine.tasks.base import BadInputError, Batch
from engine.training import checkpoint
from engine.training.assemble import Assembled, assemble
from engine.training.device import choose, choose_again, seed, title
from engine.training.folder import Best, RunFolder
from engine.training.goal import Goal
from engine.training.held_out import better, judge
from engine.training.learner import Learner
from engine.training.lock import lock_of
from engine.training.schedule import Schedule, thin
from engine.training.staging import Staging, refuse_another_length


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of one checkpoint; `dropped` were thinned out for it."""

    update: int
    held_out: float
    is_best: bool
    best: Best | None
    dropped: tuple[int, ...]


class Diverged(RuntimeError):  # noqa: N818 (it is what happened, and reads so)
    """A value stopped being a finite number; no weight was changed by the update that met it."""

    def __init__(self, update: int, place: str, step: int | None, last_good: int | None) -> None:
        at = "" if step is None else " before the first step" if step < 0 else f" at step {step + 1}"
        self.sentence = f"update {update} was not made: {place} is not a finite number{at}"
        self.update, self.place, self.step, self.last_good = update, place, step, last_good
        super().__init__(self.sentence)


class TrainingRun:
    """A run in progress, in this process. Begin one with `start` or `resume`; end it with `finish`."""

    def __init__(self, folder: RunFolder, card: RunCard, assembled: Assembled, lock: FileLock) -> None:
        self._folder, self._card, self._lock = folder, card, lock
        self._task, settings = assembled.task, assembled.settings
        self._task_card = assembled.task_entry.card
        self._batch, self._clip, self._clip_at = int(settings["batch"]), str(settings["clip"]), float(settings["clip_at"])
        self._learner = Learner(assembled.model, str(settings["optimiser"]))
        self._learning_rate = float(settings["learning_rate"])
        self._schedule = Schedule()
        self._goal = Goal(float(settings["stop_below"]), self._batch)
        self._stages = Staging(assembled.model_entry.card, card.updates, settings)
        self._held_out = self._task.held_out()
        self._best: Best | None = None
        self._metrics: TextIO | None = None
        self._saved: int | None = None
        self.parameters = assembled.parameters
        self.path = ""
        self.update = 0

    @classmethod
    def start(cls, folder: Path, card: RunCard, data: Path | None = None) -> "TrainingRun":
        """Begin a new run in `folder`; BadInputError if the wishes of the card cannot be met, or a run is there already."""
        place = RunFolder(Path(folder))
        if place.card_file.exists():
            raise BadInputError(f"{folder}: there is a run here already; resume it, or choose another folder")
        assembled = assemble(card.model, card.task, card.settings, card.seed, card.task_state, data)
        planned = card.updates or int(assembled.settings["updates"])
        device = choose(str(assembled.settings["device"]), assembled.model_entry.gains_from_gpu)
        lock = lock_of(place)
        try:
            whole = replace(
                card,
                settings=assembled.settings | {"updates": planned},
                updates=planned,
                data=str(data or card.data),
                task_state=assembled.task.state(),
                versions=_versions(),
            )
            place.write_card(whole)
            place.trim_metrics(-1)
            run = cls(place, whole, assembled, lock)
            run._begin(f"started: {card.model} on {card.task}, seed {card.seed}, {planned} updates planned", device)
        except BaseException:
            lock.release()
            raise
        return run

    @classmethod
    def resume(cls, folder: Path, updates: int | None = None) -> "TrainingRun":
        """Go on where the run in `folder` was saved last; `updates` plans another length, whatever the goal was.

        BadFileError if it cannot be read.
        """
        place = RunFolder(Path(folder))
        card = place.read_card()
        if updates is not None and updates != card.updates:
            refuse_another_length(place, card)
            card = replace(card, updates=updates, solved=None, settings=card.settings | {"updates": updates, "stop_below": 0.0})
        data = Path(card.data) if card.data else None
        assembled = assemble(card.model, card.task, card.settings, card.seed, card.task_state, data)
        device = choose_again(str(assembled.settings["device"]), assembled.model_entry.gains_from_gpu)
        lock = lock_of(place)
        try:
            place.write_card(card)
            run = cls(place, card, assembled, lock)
            run._restore()
            run._begin(f"resumed after update {run.update}, {card.updates} planned", device)
        except BaseException:
            lock.release()
            raise
        return run

    @property
    def planned(self) -> int:
        """How many updates the run shall make."""
        return self._card.updates

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do: all updates are made, or the goal is reached."""
        return self.update >= self.planned or self.is_solved

    @property
    def is_solved(self) -> bool:
        """Whether the mean cost of the last sequences lies below the goal that the settings name."""
        return self._goal.is_reached

    @property
    def learning_rate(self) -> float:
        """How far an update moves the weights; it may be set between two updates."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        if not (math.isfinite(rate) and 0 <= rate <= 10):
            raise BadInputError(f"learning_rate: {rate} is not between 0 and 10")
        self._learning_rate = rate
        self._folder.log(f"learning rate {rate:g} from update {self.update + 1} on")

    @property
    def checkpoint_due(self) -> bool:
        """Whether the weights as they are now should be saved: before the first update, at the end (of each stage),
        and spaced between."""
        is_at_an_end = self.is_over or self.update in self._stages.ends
        return self._saved != self.update and (self._schedule.is_due(self.update) or is_at_an_end)

    def advance(self) -> tuple[int, float]:
        """Make one update: its number, and its cost in the task's unit. Diverged if a value is no finite number."""
        number = self.update + 1
        learner = self._learner
        seed(derive("update", self._card.seed, number), learner.device)
        batch = self._draw(number)
        factor = learner.model.before_update(number, self.planned)
        self._note_path(number)
        if said := self._stages.beginning(number):
            self._folder.log(said)
            self._schedule.forget_costs()
        learner.flat.gradients.zero_()
        value = learner.learn(batch, lambda outputs: self._task.loss(outputs, batch))
        if not math.isfinite(value) or not learner.flat.are_finite:
            raise self._diverged(number, batch)
        learner.flat.clip(self._clip, self._clip_at)
        rate = self._learning_rate * factor
        learner.step(rate, number)
        learner.model.after_update()
        self.update = number
        cost = self._task.cost(value, batch)
        self._note(cost, rate)
        return number, cost

    def save(self) -> Saved:
        """Keep the weights as they are now, with all that is needed to go on from here. Diverged if they are not finite."""
        if not bool(torch.isfinite(self._learner.flat.values).all()):
            raise self._diverged(self.update, self._held_out)
        outputs = self._learner.outputs(self._held_out)
        loss = self._learner.loss_of(self._held_out, outputs, lambda said: self._task.loss(said, self._held_out))
        held_out, found = judge(self._task, self._task_card, outputs, self._held_out, loss, self.update)
        best = better(found, self._best) if self._learner.model.is_ready else self._best
        is_best = best is not self._best
        self._best = best
        if self._schedule.is_due(self.update):
            self._schedule.saved(self.update)
        checkpoint.write_weights(self._folder.weights_file(self.update), self._learner.model, self.update)
        checkpoint.write_standing(
            self._folder.standing_file(self.update),
            self._learner.optimiser.state,
            checkpoint.Standing(
                update=self.update,
                learning_rate=self._learning_rate,
                held_out=held_out if math.isfinite(held_out) else None,
                best=self._best,
                schedule=self._schedule.state(),
            ),
        )
        self._saved = self.update
        dropped = self._tidy()
        return Saved(update=self.update, held_out=held_out, is_best=is_best, best=self._best, dropped=dropped)

    def finish(self) -> None:
        """Save what is not saved yet and let go of the folder; the run can be resumed."""
        try:
            if self._saved != self.update and bool(torch.isfinite(self._learner.flat.values).all()):
                self.save()
            if self.is_solved and self._card.solved is None:
                self._card = replace(self._card, solved=self.update)
                self._folder.write_card(self._card)
            why = ", its goal reached" if self.is_solved else ""
            self._folder.log(f"ended after update {self.update} of {self.planned}{why}")
        finally:
            self.release()

    def release(self) -> None:
        """Let go of the folder without saving."""
        if self._metrics is not None:
            self._metrics.close()
            self._metrics = None
        self._lock.release()

    def _begin(self, sentence: str, device: torch.device | None) -> None:
        if device is not None:
            self._move(device)
        elif self._card.settings.get("device") == "gpu":
            self._learner.note = ", on the processor, for there is no GPU here any more"
        self._note_path(self.update + 1)  # loads what is compiled, before the first update is timed
        self._metrics = self._folder.metrics_file.open("a", encoding="utf-8", buffering=1)
        self._folder.log(sentence)

    def _draw(self, number: int) -> Batch:
        return self._task.batch(self._batch, generator("batch", self._card.seed, number))

    def _move(self, device: torch.device) -> None:
        """Go on there, once the next update's passes have gone well there; else say why not, and stay."""
        batch = self._draw(self.update + 1)
        try:
            there = self._learner.moved(device)
            there.learn(batch, lambda outputs: self._task.loss(outputs, batch))
            there.outputs(self._held_out)
        except Exception as error:  # a device fails in many ways, and the processor is always there
            reason = " ".join(str(error).split())[:120]
            self._learner.note = f", on the processor, for {title(device)} failed ({type(error).__name__}: {reason})"
        else:
            self._learner = there

    def _restore(self) -> None:
        """Take up the newest checkpoint that can be read; forget everything after it."""
        for update in self._folder.resumable():
            with contextlib.suppress(BadFileError):
                checkpoint.read_weights(self._folder.weights_file(update), self._learner.model)
                standing = checkpoint.read_standing(self._folder.standing_file(update), self._learner.optimiser.state)
                self._take_up(standing)
                break
        else:
            if any(update > 0 for update in self._folder.kept()):
                raise BadFileError(f"{self._folder.checkpoints}: no checkpoint in it can be read to go on from")
        for later in self._folder.kept():
            if later > self.update or self._saved is None:
                self._folder.drop(later)
        self._folder.trim_metrics(self.update)
        self._goal.restore(cost for update, cost in self._folder.curve() if self._stages.is_last(update))
        if self._saved is not None:
            self._tidy()

    def _take_up(self, standing: checkpoint.Standing) -> None:
        self.update = self._saved = standing.update
        self._learning_rate = standing.learning_rate
        self._best = standing.best
        self._schedule.restore(standing.schedule)

    def _tidy(self) -> tuple[int, ...]:
        """Note the best checkpoint; drop what is too many; keep the optimiser's state of the newest and the best only."""
        precious = {self.update}
        if self._best is not None:
            self._folder.write_best(self._best)
            precious.add(self._best.update)
        dropped = thin(self._folder.kept(), precious | self._stages.ends)
        for update in dropped:
            self._folder.drop(update)
        for update in self._folder.resumable():
            if update not in precious:
                self._folder.standing_file(update).unlink(missing_ok=True)
        return dropped

    def _note_path(self, number: int) -> None:
        if self._learner.path != self.path:
            self.path = self._learner.path
            self._folder.log(f"from update {number} on: {self.path}")

    def _note(self, cost: float, rate: float) -> None:
        self._schedule.note(cost)
        if self._stages.is_last(self.update):
            self._goal.note(cost)
        if self._metrics is None:
            raise RuntimeError("this run has ended")
        self._metrics.write(f"{self.update},{cost!r},{rate!r}\n")

    def _diverged(self, number: int, batch: Batch) -> Diverged:
        """Run the batch again, watching every value, to say where it began."""
        place, step = self._origin(number, batch)
        found = Diverged(number, place, step, self._saved)
        self._folder.log(found.sentence)
        return found

    def _origin(self, number: int, batch: Batch) -> tuple[str, int | None]:
        for name, tensor in self._learner.model.state_dict().items():
            if not bool(torch.isfinite(tensor).all()):
                return f"the weight {name}", None
        seed(derive("update", self._card.seed, number), self._learner.device)
        watch = Watch()
        outputs = self._learner.outputs(batch, watch)
        if watch.first is not None:
            return watch.first
        if not bool(torch.isfinite(outputs).all()):
            return "the output", None
        gradient = self._learner.flat.first_not_finite()
        return ("the loss" if gradient is None else f"the gradient of {gradient}"), None


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in ("slotscope", "torch", "numpy"):
        with contextlib.suppress(PackageNotFoundError):
            found[package] = version(package)
    return found
