"""Recorded traces kept on disk, so that the same wish is recorded once: bounded, the least recently used go first."""

import contextlib
import hashlib
import os
import time
from pathlib import Path

import msgspec

from engine.contract.cards import Settings
from engine.contract.edits import Edit
from engine.contract.files import BadFileError
from engine.contract.messages import EpisodeWish
from engine.contract.places import MOST_TRACE_BYTES
from engine.contract.trace import Trace
from engine.contract.trace_file import read_trace, write_trace
from engine.sources import Opened

SECONDS_A_WRITE_MAY_TAKE = 3600
_SUFFIX = ".safetensors"


class TraceCache:
    """Trace files in one folder, named by what was asked for."""

    def __init__(self, folder: Path, most_bytes: int = MOST_TRACE_BYTES) -> None:
        self._folder = folder
        self._most_bytes = most_bytes

    def find(self, key: str) -> Path | None:
        """The trace of this key, if it is here and whole; it counts as used now."""
        path = self._path(key)
        try:
            read_trace(path)
            os.utime(path)
        except (BadFileError, OSError):
            return None
        return path

    def add(self, key: str, trace: Trace) -> Path:
        """Write the trace, then make room. OSError if the disk refuses."""
        path = self._path(key)
        write_trace(trace, path)
        self._make_room(keep=path)
        return path

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_SUFFIX}"

    def _make_room(self, keep: Path) -> None:
        found = []
        for path in self._folder.iterdir():
            with contextlib.suppress(OSError):  # another engine process may just have removed it
                about = path.stat()
                if path.name.startswith("."):  # left by a process that was killed while it wrote
                    if time.time() - about.st_mtime > SECONDS_A_WRITE_MAY_TAKE:
                        path.unlink()
                elif path.suffix == _SUFFIX:
                    found.append((about.st_mtime_ns, about.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self._most_bytes:
                return
            if path != keep:
                with contextlib.suppress(OSError):  # Windows refuses while the window has it mapped: it goes next time
                    path.unlink()
                    total -= size


def key_of(opened: Opened, episode: EpisodeWish, edits: tuple[Edit, ...] = ()) -> str:
    """All that decides a trace, as a name for it."""
    cards = opened.model_entry.card, opened.task_entry.card
    settings = opened.settings | _files_named(opened.settings)
    return trace_key(opened.place, opened.update, opened.weights_hash, settings, episode, edits, cards)


def _files_named(settings: Settings) -> Settings:
    """Of a setting that names a file (a saved memory): which state of the file it is, for another may be written there."""
    found: Settings = {}
    for name, value in settings.items():
        with contextlib.suppress(OSError, ValueError):
            if isinstance(value, str) and value and Path(value).is_file():
                about = Path(value).stat()
                found[f"{name}: file"] = f"{about.st_size} {about.st_mtime_ns}"
    return found


def trace_key(*asked: object) -> str:
    """A name for the trace of all that was asked: equal for equal wishes, and for no others."""
    return hashlib.sha256(msgspec.json.encode(asked, order="deterministic")).hexdigest()[:40]
