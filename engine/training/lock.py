"""One process at a time trains in a folder."""

from filelock import FileLock, Timeout

from engine.tasks.base import BadInputError
from engine.training.folder import RunFolder


def lock_of(folder: RunFolder) -> FileLock:
    """Take the folder's lock; BadInputError if another process has it."""
    folder.path.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder.path / "run.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        raise BadInputError(f"{folder.path}: another process is training in this folder") from None
    return lock
