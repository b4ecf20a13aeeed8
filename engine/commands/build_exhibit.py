"""The verb `build-exhibit`: train a bundled exhibit again from its recipe."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

import assets
from engine.commands.terminal import console, data_of, say
from engine.compiling import make_for
from engine.exhibits import build
from engine.recipes import RECIPES
from engine.tasks.base import BadInputError


def build_exhibit(
    name: Annotated[str | None, typer.Argument(help="Which exhibit.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Build every exhibit, one after the other.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Where to [default: in place of the bundled one].")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of the task's real files: the exhibit is measured on them too, never trained.")
    ] = None,
) -> None:
    """Train an exhibit again, measure it, and record its episodes."""
    if (name is None) == (not every):
        raise typer.BadParameter("give the name of one exhibit, or --all", param_hint="NAME")
    if name is not None and name not in RECIPES:
        raise BadInputError(f"{name}: no such exhibit; there are {', '.join(sorted(RECIPES))}")
    for each in sorted(RECIPES) if name is None else [name]:
        folder = assets.path(f"exhibits/{each}") if output is None else output / each if every else output
        _build(each, folder, data_of(data))
        say(f"{each}: built in {folder}")


def _build(name: str, folder: Path, data: Path | None) -> None:
    make_for(RECIPES[name].model, say)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console(), transient=True) as bar:
        work = bar.add_task(name, total=None)

        def listen(done: int, total: int) -> bool:
            bar.update(work, completed=done, total=total)
            return True

        build(name, folder, listen, data)
