"""How anything is written: to a temporary name, flushed, then renamed; and the one error for a file that cannot be used."""

import contextlib
import os
import tempfile
from pathlib import Path


class BadFileError(ValueError):
    """A file cannot be used; the message is one sentence that names it and says why."""


def write_whole(path: Path, content: bytes | str) -> None:
    """Write all of `content` or nothing. OSError if the folder or the disk refuses; an older file then stays as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
