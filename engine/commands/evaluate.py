"""The verb `evaluate`: measure the task's metrics over many episodes."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine.commands.measurement import BY_TASK, show_measurement
from engine.commands.terminal import AsJson, SettingWishes, console, data_of, print_json, say, settings_of, source_of
from engine.contract.messages import Source
from engine.sources import EXHIBIT, open_source, run_folder
from engine.training.evaluate import evaluate as measure

USUAL_EPISODES = 200
ALL_THERE_ARE = 1_000_000


def evaluate(
    source: Annotated[str, typer.Argument(metavar="RUN_DIR|EXHIBIT", help="Whose weights.")],
    wishes: SettingWishes = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the task's real files: its test files are evaluated.")] = None,
    episodes: Annotated[
        int | None,
        typer.Option(min=1, help=f"How many [default: {USUAL_EPISODES}; of real files: all that the test files hold]."),
    ] = None,
    seed: Annotated[int, typer.Option(help="The episodes are drawn from it.")] = 0,
    update: Annotated[int | None, typer.Option(help="The checkpoint [default: the best].")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure a trained model."""
    settings, folder, place = settings_of(wishes), data_of(data), source_of(source, update)
    opened = open_source(place, settings, folder)
    wanted = episodes or (ALL_THERE_ARE if folder is not None or _trained_on(place) else USUAL_EPISODES)
    columns = TextColumn("evaluating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console(), transient=True) as bar:
        work = bar.add_task("", total=None)

        def listen(done: int, total: int) -> bool:
            bar.update(work, completed=done, total=None if total == ALL_THERE_ARE else total)
            return True

        measurement = measure(opened, wanted, seed, listen)
    if as_json:
        print_json(measurement)
    else:
        show_measurement(measurement, opened.task_entry.card, _trained_on(place))
        if folder is None and not _trained_on(place) and BY_TASK in measurement.metrics:
            say("Measured on stories made up anew; papers measure on the published ones (--data).")


def _trained_on(source: Source) -> str:
    """The folder of real files that a run was trained on; empty where there is none."""
    return "" if source.place.startswith(EXHIBIT) else run_folder(source.place).read_card().data
