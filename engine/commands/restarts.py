"""`train --restarts`: the same training from several seeds side by side, and which of them is kept."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from engine.commands.side_by_side import Outcome, train_side_by_side
from engine.commands.terminal import Failed, console, print_json, print_table, say
from engine.contract.files import BadFileError
from engine.contract.messages import AnyEvent, CheckpointSaved, RunId, RunStarted, StartRun
from engine.contract.messages import Progress as Advanced
from engine.contract.restarts import Restarts, Tried, read_restarts, weigh, write_restarts
from engine.registry import model_entry, task_entry
from engine.training.folder import RunFolder
from engine.training.settings import complete, offered_settings

OF_THE_LENGTH = {"updates", "stop_below"}
"""Settings that say how long a run trains: another length may be wished when it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """How often, how many at a time, and when it ends: at the latest at `deadline` (on the clock of `time.monotonic`)."""

    count: int
    jobs: int | None = None
    every: bool = False
    """Whether to train all of them even if one leaves nothing to choose."""
    deadline: float | None = None


def train_restarts(first: StartRun, series: Series, as_json: bool) -> int:
    """Train what `first` asks for, from its seed and those after it, each into its own folder within the folder of `first`.

    The same command goes on where it was cut short; with more restarts, it adds them.
    """
    output = Path(first.folder)
    if (output / "run.json").exists():
        raise BadFileError(f"{output}: there is a run here already; choose another folder for restarts")
    earlier = read_restarts(output)
    commands = [_command(first, first.seed + number) for number in range(series.count)]
    for command in commands:
        _refuse_another(command)
    workers = min(series.jobs or os.cpu_count() or 1, series.count)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[news]}")
    with Progress(*columns, console=console()) as bar:
        watch = _Watch(bar, commands, series, earlier)
        train_side_by_side(commands, workers, output, watch)
    found = watch.found
    print_json(found) if as_json else _print(found, first.task, output)
    for run in (run for run in found.tried if run.how == "failed"):
        say(f"{output / run.folder}: {run.detail}")
    if not found.chosen:
        raise Failed(f"{output}: none of the runs has come to anything; nothing was chosen.")
    return 0


def _command(first: StartRun, seed: int) -> StartRun:
    folder = Path(first.folder) / f"seed={seed}"
    is_there = (folder / "run.json").is_file()
    return replace(first, run=RunId(str(folder)), folder=str(folder), seed=seed, resume=is_there)


def _refuse_another(command: StartRun) -> None:
    """The runs that are chosen among are alike but for the seed."""
    if not command.resume:
        return
    card = RunFolder(Path(command.folder)).read_card()
    same = (card.model, card.task, card.data) == (command.model, command.task, command.data)
    wished = complete(offered_settings(model_entry(command.model), task_entry(command.task)), command.settings)
    names = command.settings.keys() - OF_THE_LENGTH
    other = [name for name in sorted(names) if same and card.settings.get(name) != wished[name]]
    if not same or other:
        what = ", ".join(f"{name}={card.settings.get(name)}" for name in other) or f"{card.model} on {card.task}"
        raise BadFileError(f"{command.folder}: another training lies here ({what}); choose another folder")


class _Watch:
    """A bar for each run; notes what has become of each as soon as it is over, and which one is the best."""

    def __init__(self, bar: Progress, commands: list[StartRun], series: Series, earlier: Restarts | None) -> None:
        self._bar, self._commands, self._series = bar, commands, series
        self._output = Path(commands[0].folder).parent
        self._bars: dict[int, TaskID] = {}
        self._tried = {run.seed: run for run in (earlier.tried if earlier else ())}
        self._seconds = {seed: run.seconds for seed, run in self._tried.items()}

    @property
    def found(self) -> Restarts:
        """What has been tried until now."""
        planned = max(len(self._commands), len(self._tried))
        return weigh(self._tried.values(), planned, every=self._series.every)

    def hears(self, number: int, event: AnyEvent) -> None:
        """Move its bar."""
        command = self._commands[number]
        match event:
            case RunStarted():
                planned = RunFolder(Path(command.folder)).read_card().updates
                self._bars[number] = self._bar.add_task(f"seed {command.seed}", total=planned, completed=event.update, news="")
            case Advanced():
                self._bar.update(self._bars[number], completed=event.update)
            case CheckpointSaved(is_best=True):
                self._bar.update(self._bars[number], news=f"held out {event.judged:.4g}" if event.judged is not None else "")
            case _:
                pass  # nothing that a bar could show

    def takes(self, number: int, outcome: Outcome) -> None:
        """Note it, and choose again."""
        name = Path(outcome.folder).name
        best = RunFolder(Path(outcome.folder)).read_best()
        self._tried[outcome.seed] = Tried(
            seed=outcome.seed, folder=name, how=outcome.reason, judged=best.held_out if best else None,
            figure=best.figure if best else None, cost=best.cost if best else None, training_cost=outcome.cost,
            updates=outcome.updates, seconds=round(self._seconds.get(outcome.seed, 0.0) + outcome.seconds, 3),
            detail=outcome.detail,
        )  # fmt: skip
        if number in self._bars:
            self._bar.update(self._bars[number], completed=outcome.updates)
        write_restarts(self._output, self.found)

    def needless(self) -> Iterable[int]:
        """Those after the first run that leaves nothing to choose; all of them once the time is over."""
        if self._series.deadline is not None and time.monotonic() >= self._series.deadline:
            return range(len(self._commands))
        found = self.found
        if not found.is_settled:
            return ()
        return [number for number, command in enumerate(self._commands) if command.seed > found.tried[-1].seed]


def _print(found: Restarts, task: str, output: Path) -> None:
    title = task_entry(task).card.metrics[0].title
    rows: list[tuple[str, ...]] = [("seed", f"{title}, held out", "cost there", "cost in training", "updates", "seconds", "")]
    for run in found.tried:
        numbers = tuple("" if value is None else f"{value:.4g}" for value in (run.figure, run.cost, run.training_cost))
        note = "chosen" if run.folder == found.chosen else "" if run.how == "finished" else run.how
        rows.append((str(run.seed), *numbers, f"{run.updates:,}", f"{run.seconds:.1f}", note))
    if all(row[1] == row[2] for row in rows[1:]):  # a task whose first metric is the cost
        rows = [(row[0], *row[2:]) for row in rows]
    print_table(rows)
    made = len(found.tried)
    if found.is_settled:
        how = f"seed {found.tried[-1].seed} has nothing wrong of what was held out, and is sure"
        say(f"Stopped after {made} of {found.planned}: {how} (--all trains them all).")
    if found.chosen:
        say(f"Chosen out of {made}: {found.how}.")
        say(f"Measure it with: slotscope evaluate {output}")
