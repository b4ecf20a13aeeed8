"""The verb `sweep`: the same training from several seeds, and with several values of a setting, on this machine."""

import itertools
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from engine.commands.side_by_side import Outcome, train_side_by_side
from engine.commands.terminal import AsJson, console, data_of, print_json, print_table, say, settings_of
from engine.contract.cards import Settings
from engine.contract.messages import AnyEvent, RunId, StartRun
from engine.contract.results import GOAL_SEQUENCES
from engine.registry import model_entry, task_entry
from engine.training.assemble import assemble
from engine.training.settings import MOST_UPDATES, offered_settings

GOAL = "stop_below"


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepOutcome(Outcome):
    """What became of one run, with the values that are special to it."""

    values: Settings


def sweep(
    model: Annotated[str, typer.Argument(help="Which model (see: slotscope models).")],
    task: Annotated[str, typer.Argument(help="Which task (see: slotscope tasks).")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="A folder for the runs, one folder each.")],
    seeds: Annotated[str, typer.Option(help="Which seeds: 0..9, or 3,5,8.")] = "0..7",
    wishes: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=A,B,C", help="Settings as for `train`; several values make a run of each; may be repeated."
        ),
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the task's real files.")] = None,
    updates: Annotated[
        int | None, typer.Option(min=1, max=MOST_UPDATES, help="How many updates at most [default: the recipe's].")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="How many train at a time [default: the processors of this machine].")
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Train from several seeds; each run ends when it has learnt the task. The same command goes on where it was cut short."""
    plan = list(_plan(output, model, task, settings_of(wishes), _seeds(seeds), updates, data_of(data)))
    workers = min(jobs or os.cpu_count() or 1, len(plan))
    outcomes = _train_all(plan, workers, output)
    outcomes.sort(key=lambda outcome: (str(outcome.values), outcome.seed))
    if as_json:
        print_json(outcomes)
    else:
        _print(outcomes)
    failed = [outcome for outcome in outcomes if outcome.reason == "failed"]
    for outcome in failed:
        say(f"{outcome.folder}: {outcome.detail}")
    return 1 if failed else 0


def _seeds(text: str) -> tuple[int, ...]:
    """ "0..9" or "3,5,8"."""
    first, dots, last = text.partition("..")
    try:
        found = tuple(range(int(first), int(last) + 1)) if dots else tuple(int(part) for part in text.split(","))
    except ValueError:
        found = ()
    if not found or min(found) < 0 or len(set(found)) < len(found):
        raise typer.BadParameter(f"{text!r} names no seeds; write 0..9, or 3,5,8", param_hint="--seeds")
    return found


def _plan(
    output: Path, model: str, task: str, wished: Settings, seeds: tuple[int, ...], updates: int | None, data: Path | None
) -> Iterator[tuple[StartRun, Settings]]:
    """Each run with what is special to it. A wish that cannot be met is named before the first run begins."""
    goal: Settings = {GOAL: task_entry(task).card.solved_below}
    choices = {name: [value] if name in _texts(model, task) else str(value).split(",") for name, value in wished.items()}
    for picked in itertools.product(*choices.values()):
        settings: Settings = dict(zip(choices, picked, strict=True))
        special: Settings = {name: value for name, value in settings.items() if len(choices[name]) > 1}
        assemble(model, task, goal | settings, seeds[0], None, data)
        for seed in seeds:
            folder = output / "-".join([*(f"{name}={value}" for name, value in special.items()), f"seed={seed}"])
            command = StartRun(
                run=RunId(str(folder)), folder=str(folder), model=model, task=task, settings=goal | settings, seed=seed,
                updates=updates or 0, data=str(data or ""), resume=(folder / "run.json").is_file(),
            )  # fmt: skip
            yield command, special


def _texts(model: str, task: str) -> set[str]:
    """The settings whose value is free text, in which a comma parts nothing."""
    offered = offered_settings(model_entry(model), task_entry(task))
    return {setting.name for setting in offered if isinstance(setting.default, str) and not setting.choices}


class _Watch:
    """Counts on the bar those that are over, and those of them that have learnt it."""

    def __init__(self, bar: Progress, plan: list[tuple[StartRun, Settings]], workers: int) -> None:
        self._bar, self._specials = bar, [special for _, special in plan]
        self._work = bar.add_task("", total=len(plan), news=f"{workers} at a time")
        self.outcomes: list[SweepOutcome] = []

    def hears(self, number: int, event: AnyEvent) -> None:
        """The bar counts whole runs."""

    def takes(self, number: int, outcome: Outcome) -> None:
        """One more."""
        self.outcomes.append(SweepOutcome(values=self._specials[number], **asdict(outcome)))
        self._bar.update(self._work, advance=1, news=_news(self.outcomes))

    def needless(self) -> tuple[int, ...]:
        """Every run tells something."""
        return ()


def _train_all(plan: list[tuple[StartRun, Settings]], workers: int, output: Path) -> list[SweepOutcome]:
    columns = TextColumn("training"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[news]}")
    with Progress(*columns, console=console()) as bar:
        watch = _Watch(bar, plan, workers)
        train_side_by_side([command for command, _ in plan], workers, output, watch)
    return watch.outcomes


def _news(outcomes: list[SweepOutcome]) -> str:
    solved = sum(outcome.is_solved for outcome in outcomes)
    return f"{solved} of {len(outcomes)} have learnt it"


def _print(outcomes: list[SweepOutcome]) -> None:
    rows: list[tuple[str, ...]] = [("settings", "seed", "how", "updates", "seconds", f"cost (mean of {GOAL_SEQUENCES:,})")]
    for outcome in outcomes:
        values = " ".join(f"{name}={value}" for name, value in outcome.values.items()) or "-"
        how = "learnt" if outcome.is_solved else outcome.reason if outcome.reason != "finished" else "not learnt"
        cost = "" if outcome.cost is None else f"{outcome.cost:.4g}"
        rows.append((values, str(outcome.seed), how, f"{outcome.updates:,}", f"{outcome.seconds:.1f}", cost))
    print_table(rows)
    for values, group in itertools.groupby(outcomes, key=lambda outcome: outcome.values):
        said = " ".join(f"{name}={value}" for name, value in values.items())
        say(f"{said}{': ' if said else ''}{_news(list(group))}")
