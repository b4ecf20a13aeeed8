"""Compiled paths: a module of compiled functions that is made once on each machine, kept in the user's cache, and done without
where it cannot be had.

Compiling takes some ten seconds, so it is never done where somebody waits: the engine lets a process of its own do it, and until
that has ended whoever asks gets nothing, with the reason in words, and takes the readable path.
"""

import contextlib
import hashlib
import importlib
import os
import platform
import shutil
import stat
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from filelock import FileLock, Timeout

from engine.contract.places import kernels_folder

OFF_VARIABLE = "SLOTSCOPE_STEPWISE"
"""Set it to do without compiled paths."""

SECONDS_BETWEEN_LOOKS = 0.5

COMPILING = "the compiled path is not ready yet (it is made once, in the background)"


class CannotCompileError(RuntimeError):
    """There is no compiled path on this machine; the message is one sentence that says why."""


class CompiledPath:
    """One module of compiled functions; `warm_up(module)` calls each of them once, so that it is compiled or read from the cache,
    and raises if what it gives is wrong."""

    def __init__(self, module: str, warm_up: Callable[[ModuleType], None], *helpers: str) -> None:
        """`helpers`: other modules whose compiled functions it calls; the compiler's cache does not notice when they change."""
        self._name, self._warm_up, self._helpers = module, warm_up, helpers
        self._module: ModuleType | None = None
        self._looked = -SECONDS_BETWEEN_LOOKS
        self.why_not = COMPILING

    def get(self) -> ModuleType | None:
        """The module, as soon as it was made; None until then, or where it cannot be had: `why_not` says which."""
        if self._module is None and time.monotonic() - self._looked >= SECONDS_BETWEEN_LOOKS:
            self._looked = time.monotonic()
            if self.is_made:
                self._load()
            else:
                self.why_not = self.outlook
        return self._module

    @property
    def name(self) -> str:
        """The module's own name."""
        return self._name.rpartition(".")[2]

    @property
    def outlook(self) -> str:
        """What becomes of a path that is not made yet: it will be, or cannot be, and why."""
        return self._obstacle() or COMPILING

    @property
    def is_made(self) -> bool:
        """Whether it was compiled on this machine, from this source, with these versions."""
        try:
            return not os.environ.get(OFF_VARIABLE) and self._marker.read_text(encoding="utf-8") == self._stamp()
        except OSError:
            return False

    def make(self) -> None:
        """Compile it now, in this process, and keep it. CannotCompileError if that is not possible here."""
        with contextlib.suppress(OSError):
            self._failure.unlink(missing_ok=True)
        obstacle = self._obstacle()
        if obstacle:
            raise CannotCompileError(obstacle)
        self._make_folder()
        try:
            with FileLock(self._folder.with_name(self._folder.name + ".lock"), timeout=0):
                if not self.is_made:
                    self._compile()
        except Timeout:
            raise CannotCompileError("another process is compiling it") from None
        except OSError as error:
            raise CannotCompileError(f"{self._folder} cannot be written ({error.strerror or error})") from None

    def _compile(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)  # what was compiled from another source is not to be mixed in
        self._make_folder()
        for attempt in (1, 2):
            try:
                self._import()
                break
            except Exception as error:  # a damaged cache raises whatever its reader meets: once more without it
                shutil.rmtree(self._folder, ignore_errors=True)
                self._make_folder()
                if attempt == 2:
                    reason = f"compiling failed ({type(error).__name__}: {error})"
                    self._failure.write_text(reason, encoding="utf-8")
                    raise CannotCompileError(reason) from error
        self._marker.write_text(self._stamp(), encoding="utf-8")

    def _load(self) -> None:
        """Take it from the cache. What cannot be taken is thrown away, and made anew at the next start."""
        try:
            self._make_folder()
            self._import()
        except Exception as error:  # a damaged cache, a full disk, a library that is gone: the readable path goes on
            self.why_not = f"the compiled path could not be read ({type(error).__name__}: {error}) and will be made anew"
            with contextlib.suppress(OSError):
                self._marker.unlink(missing_ok=True)
            shutil.rmtree(self._folder, ignore_errors=True)

    def _import(self) -> None:
        import numba

        numba.config.CACHE_DIR = str(self._folder)  # type: ignore[attr-defined]  # numba makes its settings at run time
        sys.modules.pop(self._name, None)
        module = importlib.import_module(self._name)
        self._warm_up(module)
        self._module, self.why_not = module, ""

    def _obstacle(self) -> str:
        """Why it cannot be made on this machine; empty if it can."""
        if os.environ.get(OFF_VARIABLE):
            return f"{OFF_VARIABLE} is set"
        if find_spec("numba") is None:
            return "numba is not installed"
        there = next(folder for folder in (self._folder, *self._folder.parents) if folder.exists())
        if not os.access(there, os.W_OK):
            return f"{self._folder} cannot be written"
        with contextlib.suppress(OSError):
            return self._failure.read_text(encoding="utf-8")
        return ""

    def _make_folder(self) -> None:
        """A folder that only the user can write to: what the compiler keeps there is run when it is read."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            found = self._folder.stat()
        except OSError as error:
            raise CannotCompileError(f"{self._folder} cannot be made ({error.strerror or error})") from None
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)):
            raise CannotCompileError(f"{self._folder} belongs to others, or others can write to it")

    @property
    def _folder(self) -> Path:
        return kernels_folder() / self._name

    @property
    def _marker(self) -> Path:
        return self._folder / "made"

    @property
    def _failure(self) -> Path:
        """Where a failed compilation leaves its reason, until another is tried."""
        return self._folder.with_name(self._folder.name + ".failed")

    def _stamp(self) -> str:
        """What the cache depends on: source, place, versions, machine."""
        about = [sys.version]
        for name in (self._name, *self._helpers):
            spec = find_spec(name)
            source = Path(spec.origin) if spec is not None and spec.origin else Path(name)
            about += [str(source), str(source.stat().st_mtime_ns), source.read_text(encoding="utf-8")]
        about += [platform.machine(), platform.node()]
        for package in ("numba", "llvmlite", "numpy"):
            try:
                about.append(version(package))
            except PackageNotFoundError:
                about.append("none")
        return hashlib.sha256("\n".join(about).encode()).hexdigest()
