"""The verb `record`: run one episode, with edits if wished, and write its trace."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from engine.commands.terminal import SettingWishes, data_of, read_text, say, settings_of, source_of
from engine.contract.edits import Edit
from engine.contract.files import BadFileError
from engine.contract.messages import EpisodeWish
from engine.contract.trace_file import write_trace
from engine.recording import record as record_episode
from engine.sources import open_source
from engine.tasks.base import BadInputError


def record(
    source: Annotated[str, typer.Argument(metavar="RUN_DIR|EXHIBIT", help="Whose weights.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="TRACE", help="The file to write (.safetensors).")],
    wishes: SettingWishes = None,
    own: Annotated[Path | None, typer.Option("--input", metavar="FILE", help="Your own input as text: bits, or a story.")] = None,
    seed: Annotated[int | None, typer.Option(help="Draw the episode from this seed [default: 0].")] = None,
    edits: Annotated[Path | None, typer.Option("--edit", metavar="FILE", help="A JSON list of edits to make.")] = None,
    update: Annotated[int | None, typer.Option(help="The checkpoint [default: the best].")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the task's real files.")] = None,
) -> None:
    """Record one episode into a trace file."""
    if own is not None and seed is not None:
        raise typer.BadParameter("an episode comes from --input or from --seed, not from both", param_hint="--seed")
    settings = settings_of(wishes)
    wish = EpisodeWish(seed=seed or 0, own=_read_own(own) if own is not None else "")
    made = read_edits(edits) if edits is not None else ()
    opened = open_source(source_of(source, update), settings, data_of(data))
    trace = record_episode(opened, wish, made)
    write_trace(trace, output)
    figures = ", ".join(f"{name} {value:g}" for name, value in trace.card.outcome.items())
    say(f"{output}: {trace.steps} steps, {len(trace.arrays)} channels{'; ' if figures else ''}{figures}")


def _read_own(path: Path) -> str:
    text = read_text(path)
    if not text.strip():
        raise BadInputError(f"{path}: there is nothing in it; without --input the episode is drawn from a seed")
    return text


def read_edits(path: Path) -> tuple[Edit, ...]:
    """The edits of a file; BadFileError that names the place within it."""
    try:
        return msgspec.json.decode(read_text(path), type=tuple[Edit, ...])
    except msgspec.MsgspecError as error:
        raise BadFileError(f"{path}: this is not a JSON list of edits ({error})") from None
