"""The verb `memory`: what a model remembers as a file of its own, to look at, to merge, and to start a stream with."""

from pathlib import Path
from typing import Annotated

import typer

from engine.blocks.bank_file import MemoryCard, read_memory
from engine.commands.record import read_edits
from engine.commands.terminal import AsJson, SettingWishes, data_of, print_json, print_table, say, settings_of, source_of
from engine.contract.messages import EpisodeWish
from engine.memory_files import empty_memory, merge_memories, save_memory
from engine.recording import record
from engine.sources import open_source
from engine.tasks.base import BadInputError

Target = Annotated[Path, typer.Option("-o", "--output", metavar="MEMORY", help="The file to write (.safetensors).")]

memory = typer.Typer(no_args_is_help=True, help="Save what a model remembers, merge such memories, look into one.")


@memory.command("save")
def save(
    source: Annotated[str, typer.Argument(metavar="RUN_DIR|EXHIBIT", help="Whose memory.")],
    output: Target,
    wishes: SettingWishes = None,
    after: Annotated[
        int | None,
        typer.Option(min=1, help="Let a stream go through the model first, and save the memory after so many samples."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Draw the stream from this seed.")] = 0,
    edits: Annotated[Path | None, typer.Option("--edit", metavar="FILE", help="A JSON list of edits to make in it.")] = None,
    update: Annotated[int | None, typer.Option(help="The checkpoint [default: the best].")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the task's real files.")] = None,
) -> None:
    """Write what lies in the memory of a trained model, or in that of a stream."""
    opened = open_source(source_of(source, update), settings_of(wishes), data_of(data))
    if after is None:
        _tell(output, save_memory(opened, output))
        return
    trace = record(opened, EpisodeWish(seed=seed), read_edits(edits) if edits is not None else ())
    if after > trace.steps:
        raise BadInputError(f"--after {after}: the stream has {trace.steps} samples")
    _tell(output, save_memory(opened, output, trace, after - 1))


@memory.command("merge")
def merge(
    memories: Annotated[list[Path], typer.Argument(metavar="MEMORY...", help="Two or more, of one network.")], output: Target
) -> None:
    """Write one memory that holds what lies in each of several."""
    _tell(output, merge_memories(memories, output))


@memory.command("clear")
def clear(
    source: Annotated[str, typer.Argument(metavar="RUN_DIR|EXHIBIT", help="Whose memory.")],
    output: Target,
    wishes: SettingWishes = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the task's real files.")] = None,
) -> None:
    """Write a memory of a model in which nothing lies; its own stays as it is."""
    _tell(output, empty_memory(open_source(source_of(source), settings_of(wishes), data_of(data)), output))


@memory.command("show")
def show(file: Annotated[Path, typer.Argument(metavar="MEMORY", help="The file.")], as_json: AsJson = False) -> None:
    """Say what lies in a memory, and whose it is."""
    card, _ = read_memory(file)
    if as_json:
        print_json(card)
        return
    banks = [(f"{name}: slots", f"{count:,} of {card.presented.get(name, 0):,} samples") for name, count in card.banks.items()]
    print_table([("model", card.model), *banks, ("code", f"{card.key} + {card.value} features"), ("weights", card.network)])
    if card.source:
        say(f"From {card.source}.")


def _tell(path: Path, card: MemoryCard) -> None:
    say(
        f"{path}: {sum(card.banks.values()):,} slots of {card.model}; "
        f"start a stream with them by --set starts_with={path.resolve()}"
    )
