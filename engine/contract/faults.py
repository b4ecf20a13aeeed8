"""What went wrong, in one sentence that a person can act upon; the traceback belongs in the log."""

import errno

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_NO_MEMORY = ("out of memory", "not enough memory", "allocate memory")
"""Words of torch's allocators, which raise no MemoryError."""


def explain(error: BaseException) -> str:
    """Say it in one sentence: what we raised for a person speaks for itself, a fault of the program is named as one."""
    if _speaks_for_itself(error):
        return _one_line(str(error))
    if isinstance(error, OSError):
        return _of_the_system(error)
    if _is_too_large(error):
        return "There is not enough memory for this; fewer slots, a smaller batch or shorter episodes need less."
    return f"This is a fault of the program ({type(error).__name__}: {_one_line(str(error))}); the log file has the details."


def is_a_fault(error: BaseException) -> bool:
    """Whether the error is not one that a user's input, files or machine can cause."""
    return not _speaks_for_itself(error) and not isinstance(error, OSError) and not _is_too_large(error)


def _is_too_large(error: BaseException) -> bool:
    said = str(error).lower() if isinstance(error, RuntimeError) else ""
    return isinstance(error, MemoryError) or any(words in said for words in _NO_MEMORY)


def _speaks_for_itself(error: BaseException) -> bool:
    """A plain ValueError, or one of our own kinds (bad input, a bad file)."""
    ours = type(error).__module__.partition(".")[0] in ("app", "engine")
    return type(error) is ValueError or (ours and isinstance(error, ValueError))


def _of_the_system(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    if error.errno in _FULL:
        return f"{place}the disk is full; make room and try again."
    if error.errno in _FORBIDDEN:
        return f"{place}this place may not be read or written ({error.strerror})."
    return f"{place}{error.strerror or _one_line(str(error))}."


def _one_line(text: str) -> str:
    return " ".join(text.split())
