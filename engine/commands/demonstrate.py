"""The verb `demonstrate`: measure an idea of the tutorial on the bundled exhibits."""

from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine.commands.terminal import AsJson, console, print_json, print_table
from engine.contract.demonstrations import Demonstration
from engine.contract.ideas import IDEAS, idea_of
from engine.demonstrations.catalogue import demonstrate as measure
from engine.demonstrations.catalogue import measure_of

HEADINGS = {True: "it shows", False: "it does not show here", None: "measured"}


def demonstrate(
    idea: Annotated[str | None, typer.Argument(metavar="IDEA", help="Which one; without it the ideas are listed.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show an idea of the tutorial, measured on this machine."""
    if idea is None:
        if as_json:
            print_json(IDEAS)
        else:
            print_table([(known.id, known.title) for known in IDEAS])
        return
    measure_of(idea)
    columns = TextColumn("measuring"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console(), transient=True) as bar:
        work = bar.add_task("", total=None)

        def listen(done: int, total: int) -> bool:
            bar.update(work, completed=done, total=total)
            return True

        found = measure(idea, listen)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _print(found: Demonstration) -> None:
    known = idea_of(found.idea)
    typer.echo(known.claim if known is not None else found.idea)
    for finding in found.findings:
        typer.echo(f"\n{HEADINGS[finding.holds]}: {finding.sentence}")
    for table in found.tables:
        typer.echo(f"\n{table.title}")
        print_table([table.headers, *(tuple(map(str, row)) for row in table.rows)])
    typer.echo("")
    for line in (*found.formulas, "", f"{found.how} Measured in {found.seconds:.1f} s.", *found.absent):
        typer.echo(line)
