"""The verb `train`: one run in this terminal, made by the same service that answers the window."""

import signal
import time
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from engine.commands.restarts import Series, train_restarts
from engine.commands.terminal import Failed, SettingWishes, console, data_of, say, settings_of
from engine.compiling import make_for
from engine.contract.cards import Settings
from engine.contract.files import BadFileError
from engine.contract.messages import (
    AnyEvent,
    CheckpointSaved,
    Command,
    RunEnded,
    RunId,
    RunStarted,
    StartRun,
    StopRun,
)
from engine.contract.messages import Progress as Advanced
from engine.contract.restarts import read_restarts
from engine.contract.stages import Span, span_at, spans_of
from engine.registry import model_entry
from engine.service import Service
from engine.training.assemble import assemble
from engine.training.folder import RunFolder
from engine.training.settings import MOST_UPDATES

INTERRUPTED = 130
MOST_RESTARTS = 100


def train(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="RUN_DIR", help="The run's folder.")],
    model: Annotated[str | None, typer.Argument(help="Which model (see: slotscope models).")] = None,
    task: Annotated[str | None, typer.Argument(help="Which task (see: slotscope tasks).")] = None,
    wishes: SettingWishes = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the task's real files.")] = None,
    seed: Annotated[int | None, typer.Option(help="Where the weights and the episodes start from [default: 0].")] = None,
    updates: Annotated[
        int | None, typer.Option(min=1, max=MOST_UPDATES, help="How many updates [default: the recipe's].")
    ] = None,
    minutes: Annotated[float | None, typer.Option(min=0.01, help="Stop after so long; the run can be resumed.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in RUN_DIR.")] = False,
    restarts: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_RESTARTS,
            help="Train so often, from the seed and those after it, and keep the run that does best on held-out episodes. Ends "
            "early when one leaves nothing to choose. The same command goes on where it was cut short.",
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Of the restarts, how many train at a time [default: the processors here].")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Train all restarts, even if one leaves nothing to choose.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Of restarts: print one JSON object and nothing else.")] = False,
) -> int:
    """Train a model on a task."""
    if restarts is None and (jobs is not None or every or as_json):
        raise typer.BadParameter("--jobs, --all and --json belong to --restarts", param_hint="--restarts")
    if restarts is not None and resume:
        raise typer.BadParameter("restarts go on by the same command, without --resume", param_hint="--resume")
    if updates is not None and minutes is not None:
        raise typer.BadParameter("a run ends after --updates or after --minutes, not after both", param_hint="--minutes")
    settings = settings_of(wishes)
    if resume:
        command = _resumed(output, updates)
        _refuse_changes(output, model, task, settings, seed, data)
    else:
        if model is None or task is None:
            raise typer.BadParameter("say which model on which task, for instance: train ntm copy", param_hint="MODEL TASK")
        command = _new(output, model, task, settings, seed or 0, updates, data_of(data))
    make_for(command.model, say)
    if restarts is not None:
        deadline = None if minutes is None else time.monotonic() + 60 * minutes
        return train_restarts(command, Series(count=restarts, jobs=jobs, every=every, deadline=deadline), as_json)
    return _run(command, minutes)


def _new(folder: Path, model: str, task: str, settings: Settings, seed: int, updates: int | None, data: Path | None) -> StartRun:
    """The wished run. BadInputError now, before anything is compiled for it, if it cannot be built."""
    assemble(model, task, settings, seed, None, data)
    return StartRun(
        run=RunId(str(folder)),
        folder=str(folder),
        model=model,
        task=task,
        settings=settings,
        seed=seed,
        updates=updates or 0,  # 0: what the settings or the recipe say
        data=str(data or ""),
    )


def _resumed(folder: Path, updates: int | None) -> StartRun:
    if read_restarts(folder) is not None:
        raise BadFileError(f"{folder}: these are several restarts; they go on by the command that began them, without --resume")
    card = RunFolder(folder).read_card()
    return StartRun(
        run=RunId(str(folder)),
        folder=str(folder),
        model=card.model,
        task=card.task,
        settings=card.settings,
        seed=card.seed,
        updates=updates or card.updates,
        data=card.data,
        resume=True,
    )


def _refuse_changes(
    folder: Path,
    model: str | None,
    task: str | None,
    settings: Settings,
    seed: int | None,
    data: Path | None,
) -> None:
    """A resumed run is the same run: it ends with the figures of one that was never interrupted."""
    card = RunFolder(folder).read_card()
    if (model or card.model, task or card.task) != (card.model, card.task):
        raise BadFileError(f"{folder}: this run trains {card.model} on {card.task}, not {model} on {task or card.task}")
    if settings or data is not None or seed not in (None, card.seed):
        raise typer.BadParameter("a resumed run keeps its settings, seed and data; start a new run to change them")


def _run(command: StartRun, minutes: float | None) -> int:
    began = time.monotonic()
    stopper = Stopper(command.run, None if minutes is None else began + 60 * minutes)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TaskProgressColumn()
    with Progress(*columns, TimeRemainingColumn(), TextColumn("{task.fields[news]}"), console=console()) as bar:
        report = Report(bar, command.folder)
        with stopper:
            Service(report.take, stopper.next).handle(command)
    ended = report.ended
    if ended is None or ended.reason == "failed":
        raise Failed(_failure(command, ended))
    spent = f"{time.monotonic() - began:.0f} s"
    again = f"go on with: slotscope train --resume -o {command.folder}"
    if ended.reason == "stopped":
        say(f"Stopped at update {ended.update:,} of {report.planned:,} after {spent}; {again}")
        return INTERRUPTED if stopper.was_interrupted else 0
    say(f"Finished {ended.update:,} updates in {spent}{report.best}; measure it with: slotscope evaluate {command.folder}")
    return 0


def _failure(command: StartRun, ended: RunEnded | None) -> str:
    if ended is None:
        return f"{command.folder}: the run ended without a word; its log.txt may say more."
    sentence = ended.detail.rstrip()
    if ended.last_good is None:
        return sentence
    point = "" if sentence.endswith((".", "!", "?")) else "."
    return f"{sentence}{point} The last good checkpoint is the one at update {ended.last_good:,} in {command.folder}."


class Report:
    """Turns the events of the run into the progress bar."""

    def __init__(self, bar: Progress, folder: str) -> None:
        self._bar = bar
        self._folder = folder
        self._work = bar.add_task("training", total=None, news="")
        self._stages: tuple[Span, ...] = ()
        self.planned = 0
        self._best: tuple[int, float] | None = None
        self.ended: RunEnded | None = None

    @property
    def best(self) -> str:
        """The best checkpoint, as the end of a sentence."""
        return "" if self._best is None else f"; the best checkpoint is update {self._best[0]:,}, held-out {self._best[1]:.4g}"

    def take(self, event: AnyEvent) -> None:
        """Show one event."""
        match event:
            case RunStarted():
                card = RunFolder(Path(self._folder)).read_card()
                self.planned = card.updates
                self._stages = spans_of(model_entry(card.model).card, card.updates, card.settings)
                self._bar.update(self._work, total=self.planned, completed=event.update)
            case Advanced():
                self._advanced(event)
            case CheckpointSaved(is_best=True):
                self._best = event.update, event.held_out
            case RunEnded():
                self.ended = event
                self._bar.update(self._work, completed=event.update)
            case _:
                pass  # nothing that a bar could show

    def _advanced(self, event: Advanced) -> None:
        """Where it is trained in stages, the stage of the newest update, in its own unit."""
        span = span_at(self._stages, event.update)
        what = "cost" if span is None else span.unit
        news = f"{what} {event.points[-1][1]:.4g}, {event.updates_per_second:.1f} updates/s" if event.points else ""
        where = "training" if span is None else span.in_words
        self._bar.update(self._work, completed=event.update, description=where, news=news)


class Stopper:
    """Gives the service one StopRun when Ctrl-C, a polite signal or the time says so; a second Ctrl-C ends at once."""

    def __init__(self, run: RunId, deadline: float | None) -> None:
        self._run = run
        self._deadline = deadline
        self.was_interrupted = False
        self._told = False

    def next(self) -> Command | None:
        """StopRun, once."""
        is_over = self._deadline is not None and time.monotonic() >= self._deadline
        if (is_over or self.was_interrupted) and not self._told:
            self._told = True
            return StopRun(run=self._run)
        return None

    def __enter__(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.was_interrupted = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
