"""The `slotscope` command: no verb opens the window; the engine's verbs are handed over to `python -m engine`."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

import app
from app.doctor import examine
from engine.contract.faults import explain, is_a_fault
from engine.contract.log import log_to_file

PROGRAM = "slotscope"

OF_THE_ENGINE = {
    "models": "List the models.",
    "tasks": "List the tasks.",
    "exhibits": "List the trained models that come with the program.",
    "train": "Train a model on a task.",
    "sweep": "Train from several seeds, and with several values of a setting.",
    "evaluate": "Measure a trained model.",
    "record": "Record one episode into a trace file.",
    "remember": "Clear each kind of memory, run again, and say which one the answers needed.",
    "memory": "Save what a model remembers, merge such memories, look into one.",
    "demonstrate": "Show an idea of the tutorial, measured on this machine.",
    "build-exhibit": "Train an exhibit again, measure it, and record its episodes.",
}
"""The verbs that need no window, with the sentence that the list of verbs shows."""

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
application = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def main(arguments: list[str]) -> int:
    """Run the verb and return the exit status: 0 done, 1 failed, 2 wrong usage."""
    if arguments and arguments[0] in OF_THE_ENGINE:
        return hand_over(arguments)
    try:
        status = typer.main.get_command(application).main(args=arguments, prog_name=PROGRAM, standalone_mode=False)
    except typer.TyperException as error:
        typer.echo(f"{PROGRAM}: {error.format_message()} ({PROGRAM} --help lists the verbs)", err=True)
        return 2
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except Exception as error:
        log_to_file()
        logging.getLogger(__name__).error("slotscope %s", " ".join(arguments), exc_info=error if is_a_fault(error) else None)
        typer.echo(explain(error), err=True)
        return 1
    return int(status or 0)


def hand_over(arguments: list[str]) -> int:
    """Let the engine's own program do it, in this terminal and with its exit status."""
    command, environment = engine_program(), engine_environment()
    if sys.platform == "win32":  # where a program cannot take another's place
        return subprocess.run([*command, *arguments], env=environment, check=False).returncode
    sys.stdout.flush()
    return os.execve(command[0], [*command, *arguments], environment)


def engine_program() -> list[str]:
    """`python -m engine`, by this interpreter; -P: a folder `engine` in the user's own place must not be taken for ours."""
    return [sys.executable, "-P", "-m", "engine"]


def engine_environment() -> dict[str, str]:
    """This process's, and where the program lies, should it not be installed."""
    ours = str(Path(app.__file__).resolve().parent.parent)
    others = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join((ours, others)) if others else ours}


@application.callback(invoke_without_command=True)
def window(context: typer.Context) -> int | None:
    """Slotscope: an explorer of memory networks. Without a verb the window opens."""
    return None if context.invoked_subcommand else _open([])


@application.command("open")
def open_file(file: Annotated[Path, typer.Argument(help="A session, a trace, or a figure that carries its session.")]) -> int:
    """Open a file in the window."""
    if not file.exists():
        raise ValueError(f"{file}: there is no such file")
    return _open([str(file)])


def _open(arguments: list[str]) -> int:
    from app.main import main as open_window  # here: the other verbs need no Qt, nor a machine that has it

    return open_window(arguments)


def _engine_verb(name: str, says: str) -> None:
    """List a verb of the engine among ours; `main` has handed it over before this is ever called."""

    @application.command(name, help=says, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
    def verb(context: typer.Context) -> int:
        return hand_over([name, *context.args])


for _name, _says in OF_THE_ENGINE.items():
    _engine_verb(_name, _says)


@application.command()
def render(
    source: Annotated[str, typer.Argument(metavar="RUN_DIR|EXHIBIT|TRACE", help="What to draw.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FIGURE", help="A .svg, .pdf, .png, .gif or .mp4 file.")],
    panes: Annotated[list[str] | None, typer.Option("--pane", metavar="NAME", help="A pane; may be repeated.")] = None,
    step: Annotated[int | None, typer.Option(help="The step, from 1 [default: the last].")] = None,
    beside: Annotated[str, typer.Option(metavar="RUN_DIR|EXHIBIT|TRACE", help="What stands as B beside it.")] = "",
    sample: Annotated[int | None, typer.Option(help="Of a stream: the sample, from 1.")] = None,
    first: Annotated[int | None, typer.Option(help="Of an animation: the first step, of a stream the first sample.")] = None,
    last: Annotated[int | None, typer.Option(help="Of an animation: the last step or sample.")] = None,
    every: Annotated[int, typer.Option(min=1, help="Of an animation: show one of so many steps or samples.")] = 1,
    rate: Annotated[float | None, typer.Option(help="Of an animation: steps or samples a second.")] = None,
) -> int:
    """Draw panes into a figure or an animation, without a window; “episodic-persistent” is the comparison of two lifetimes."""
    from app.rendering import render as draw

    return draw(
        source, output, panes=tuple(panes or ()), step=step, beside=beside, sample=sample, samples=(first, last), every=every,
        rate=rate,
        engine=engine_program(), environment=engine_environment(),
    )  # fmt: skip


@application.command()
def bench(as_json: AsJson = False) -> int:
    """Measure start-up, painting, recording and training on this machine."""
    from app.bench import bench as measure

    return measure(as_json=as_json, engine=[*engine_program(), "bench-engine", "--json"], environment=engine_environment())


@application.command()
def doctor(as_json: AsJson = False) -> int:
    """Say what this machine has and lacks: Qt platform, fonts, torch, devices, folders."""
    found = examine(engine_program(), engine_environment())
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    else:
        _print(found)
    return 1 if found["problems"] else 0


def _print(found: dict[str, Any]) -> None:
    for name, value in found.items():
        if name == "folders":
            for folder, about in value.items():
                typer.echo(f"{folder + ' folder':18}  {about['path']} ({about['free_gb']} GB free)")
        elif name == "qt" and value:
            size = "x".join(map(str, value["screen"]))
            typer.echo(f"{'qt platform':18}  {value['platform']}, screen {size}, {value['fonts']} font families")
        elif name not in ("problems", "notes"):
            shown = ", ".join(map(str, value)) if isinstance(value, list) else value
            typer.echo(f"{name.replace('_', ' '):18}  {shown if shown not in ('', []) else 'none'}")
    for note in found["notes"]:
        typer.echo(f"{'note':18}  {note}")
    for problem in found["problems"]:
        typer.echo(f"{'problem':18}  {problem}")
    if not found["problems"]:
        typer.echo("Nothing that is needed is missing.")
