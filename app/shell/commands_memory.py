"""The commands for a memory that grows: what a stream starts with, and memories in files."""

from functools import partial

from app.shell.base import Action, Desk, act

NO_MEMORY = "No memory here grows from sample to sample: open a stream, such as MANTRA on junctions, first."


def memory_actions(desk: Desk) -> list[Action]:
    """Start with another memory, save it, merge it."""
    files = desk.state.memory_files

    def has_memory() -> bool:
        return files.side is not None

    def can_start() -> bool:
        return files.can_start_otherwise

    start = partial(act, when=can_start, needs=NO_MEMORY)
    return [
        start("memory.empty", "Start the stream with an empty memory", "What is worth keeping is stored anew from the first "
              "sample on; the weights stay.", partial(files.start_with, "empty")),
        start("memory.trained", "Start the stream with the trained memory", "The memory that the training has filled.",
              partial(files.start_with, "trained")),
        start("memory.load", "Start the stream with a saved memory ...", "A memory in a file, of the same network.",
              partial(desk.memory_file, "load")),
        act("memory.save", "Save the memory ...", "What lies in the memory after this sample, as a file.",
            partial(desk.memory_file, "save"), when=has_memory, needs=NO_MEMORY),
        start("memory.merge", "Merge with a saved memory ...", "What lies here after this sample and what lies in a file, "
              "together; the stream then starts with both.", partial(desk.memory_file, "merge")),
    ]  # fmt: skip
