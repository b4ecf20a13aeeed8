"""The memory of a stream, as it is after one of its steps, kept in a file: alone, or together with what another file holds."""

from pathlib import Path

from engine.contract.trace import Trace
from engine.memory_files import merge_memories, save_memory
from engine.sources import Opened

_PART = ".part"


def keep_memory(opened: Opened, trace: Trace, step: int, path: Path, merged_with: Path | None = None) -> int:
    """Write it, and say how many slots lie in the file. BadInputError, BadFileError or OSError where it cannot be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if merged_with is None:
        return sum(save_memory(opened, path, trace, step).banks.values())
    part = path.with_name(path.name + _PART)
    try:
        save_memory(opened, part, trace, step)
        return sum(merge_memories((part, merged_with), path).banks.values())
    finally:
        part.unlink(missing_ok=True)
