"""How anything is written: to a temporary name, flushed, then renamed; and the one error for a file that cannot be used."""

import contextlib
import os
import secrets
from pathlib import Path


class BadFileError(ValueError):
    """A file cannot be used; the message is one sentence that names it and says why."""


def write_whole(path: Path, content: bytes | str, *, wait: bool = True) -> None:
    """Write all of `content` or nothing. OSError if the folder or the disk refuses; an older file then stays as it was.

    `wait`: until it lies on the disk itself. Without, a file of the last seconds can be lost if the power goes, which is right
    only for what is written often and passed over where it cannot be read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    name = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with name.open("xb") as file:  # with the rights that the user gives to new files, not for the owner alone
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            if wait:
                os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException as error:
        if isinstance(error, OSError):
            error.filename = str(path)  # what the user knows, not the temporary name
        with contextlib.suppress(OSError):
            name.unlink()
        raise
