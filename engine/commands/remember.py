"""The verb `remember`: which memory did the answers need? By clearing it and running again."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine.commands.terminal import AsJson, SettingWishes, console, data_of, print_json, print_table, say, settings_of, source_of
from engine.contract.messages import EpisodeWish
from engine.contract.remembering import CONDITIONS, Cleared, Interval, Measure, Remembering, number
from engine.remembering import USUAL_EPISODES
from engine.remembering import remember as measure
from engine.sources import open_source


def remember(
    source: Annotated[str, typer.Argument(metavar="RUN_DIR|EXHIBIT", help="Whose weights.")],
    wishes: SettingWishes = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the task's real files.")] = None,
    episodes: Annotated[
        int, typer.Option(min=1, help="Over how many; of a stream, at least so many samples. 1: one episode, answer by answer.")
    ] = USUAL_EPISODES,
    seed: Annotated[int, typer.Option(help="The first episode is drawn from it, the others from those after it.")] = 0,
    update: Annotated[int | None, typer.Option(help="The checkpoint [default: the best].")] = None,
    as_json: AsJson = False,
) -> None:
    """Clear each kind of memory, run again, and say which one the answers needed."""
    opened = open_source(source_of(source, update), settings_of(wishes), data_of(data))
    columns = TextColumn("clearing and running again"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console(), transient=True) as bar:
        work = bar.add_task("", total=episodes)

        def listen(done: int, total: int) -> bool:
            bar.update(work, completed=min(done, total), total=total)
            return True

        found = measure(opened, EpisodeWish(seed=seed), episodes, listen)
    if as_json:
        print_json(_as_json(found))
    else:
        _print(found)


def _print(found: Remembering) -> None:
    typer.echo(f"{found.model} on {found.task}, update {found.update:,}")
    for shown in found.measures:
        unit = f" ({shown.unit})" if shown.unit else ""
        head = (f"{shown.title}{unit}", "mean", "95 % interval", "worse by")
        rows = [(CONDITIONS[c], *_cells(found, c, shown)) for c in found.conditions]
        print_table([head, *rows, ("",) * len(head)])
    for sentence in (found.verdict, *found.absent.values()) if found.measures else found.absent.values():
        typer.echo(sentence)
    if found.measures:
        say(found.how)


def _cells(found: Remembering, condition: Cleared, shown: Measure) -> tuple[str, str, str]:
    mean = found.interval(condition, shown.name)
    span = "" if mean.low != mean.low else f"{number(shown, mean.low)} to {number(shown, mean.high)}"
    return number(shown, mean.mean), span, number(shown, found.harm(condition, shown).mean) if condition else ""


def _as_json(found: Remembering) -> dict[str, object]:
    """Means and intervals by measure and condition; no figure is there that is no number."""
    figures = {
        shown.name: {
            CONDITIONS[c]: _spread(found.interval(c, shown.name)) | ({"worse_by": _spread(found.harm(c, shown))} if c else {})
            for c in found.conditions
        }
        for shown in found.measures
    }
    return {
        "model": found.model, "task": found.task, "update": found.update, "seed": found.seed, "n": found.count,
        "unit": found.unit, "interval": "95 %, paired bootstrap of the mean", "measures": [asdict(m) for m in found.measures],
        "figures": figures, "needed": found.needed, "verdict": found.verdict, "absent": found.absent, "cleared": found.cleared,
        "seconds": round(found.seconds, 3),
    }  # fmt: skip


def _spread(found: Interval) -> dict[str, object]:
    return {name: value for name, value in found._asdict().items() if value == value}
