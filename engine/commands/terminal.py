"""What the verbs share: how they speak, how they read `--set`, and how they find what a user names."""

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from engine.contract.cards import Settings, Value
from engine.contract.files import BadFileError
from engine.contract.messages import Source
from engine.contract.restarts import FILE as RESTARTS
from engine.sources import exhibit_cards
from engine.tasks.base import BadInputError

EXHIBIT = "exhibit:"
SettingWishes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Change a setting of the model, the task or the training; may be repeated."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


class Failed(Exception):  # noqa: N818 (it is what happened, and reads so)
    """What was asked for has not been done; the message is the one sentence that says what and where."""


def say(text: str) -> None:
    """One line for the person, beside what the verb prints."""
    console().print(text, markup=False, highlight=False, soft_wrap=True)


def console() -> Console:
    """The terminal behind standard error: standard output is for results alone."""
    return Console(file=sys.stderr)


def print_json(content: object) -> None:
    """The result, as one JSON object."""
    typer.echo(msgspec.json.format(msgspec.json.encode(content), indent=2).decode())


def print_table(rows: list[tuple[str, ...]]) -> None:
    """The result, in aligned columns."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    for row in rows:
        typer.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def settings_of(wishes: list[str] | None) -> Settings:
    """`NAME=VALUE` to settings; a wish of another form is wrong usage."""
    settings: dict[str, Value] = {}
    for wish in wishes or ():
        name, equals, value = wish.partition("=")
        if not name.strip() or not equals:
            raise typer.BadParameter(f"{wish!r} is not of the form NAME=VALUE", param_hint="--set")
        settings[name.strip()] = value.strip()
    return settings


def source_of(place: str, update: int | None = None) -> Source:
    """A run's folder, or the name of an exhibit; BadInputError that names what there is."""
    if (Path(place) / "run.json").is_file() or (Path(place) / RESTARTS).is_file():
        return Source(place=str(Path(place).resolve()), update=update)
    name = place.removeprefix(EXHIBIT)
    names = [card.name for card in exhibit_cards()]
    if name in names:
        return Source(place=EXHIBIT + name, update=update)
    if Path(place).is_dir():
        raise BadInputError(f"{place}: this folder holds no run (it has no run.json)")
    raise BadInputError(f"{place}: neither a run's folder nor an exhibit; the exhibits are {', '.join(names) or 'none'}")


def data_of(folder: Path | None) -> Path | None:
    """The folder of real files, in full, so that it is found again from elsewhere."""
    if folder is None:
        return None
    if not folder.is_dir():
        raise BadInputError(f"{folder}: there is no such folder; --data names the folder that holds the task's files")
    return folder.resolve()


def read_text(path: Path) -> str:
    """A text file that the user named."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BadFileError(f"{path}: this is not a text file in UTF-8 (byte {error.start})") from None
