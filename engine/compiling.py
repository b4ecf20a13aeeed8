"""The compiled paths of all models: made in the background by the window's engine, or before a terminal's work begins."""

import contextlib
import logging
import os
import subprocess
import sys
from collections.abc import Callable

from engine.blocks.compiled import OFF_VARIABLE, CannotCompileError, CompiledPath
from engine.registry import MODELS, model_entry
from engine.training import optimiser

VERB = "compile"
"""The verb of `python -m engine` that makes them."""

logger = logging.getLogger(__name__)


def quick_paths() -> tuple[CompiledPath, ...]:
    """That of the optimiser, and those of the bundled models."""
    return optimiser.QUICK, *(entry.quick for entry in MODELS if entry.quick is not None)


def start_making() -> subprocess.Popen[bytes] | None:
    """Let a process of its own compile what is not compiled yet; None if there is nothing to do."""
    if os.environ.get(OFF_VARIABLE) or all(path.is_made for path in quick_paths()):
        return None
    quiet = subprocess.DEVNULL
    with contextlib.suppress(OSError):  # no process to be had: training takes the readable path, and says so
        return subprocess.Popen([sys.executable, "-P", "-m", "engine", VERB], stdin=quiet, stdout=quiet, stderr=quiet)
    return None


def make_all() -> list[str]:
    """Compile here what is not compiled yet; a sentence for each path that cannot be."""
    return [reason for path in quick_paths() if (reason := _make(path))]


def make_for(model: str, say: Callable[[str], None]) -> None:
    """Make the path of one model, if it has one, before work with it begins; what cannot be made is said, and done without."""
    quick = model_entry(model).quick
    paths = [path for path in (optimiser.QUICK, quick) if path is not None and not path.is_made]
    if quick is None or os.environ.get(OFF_VARIABLE) or not paths:
        return
    say("Compiling the quick path of this model, once on this machine (about 20 s) ...")
    reasons = [reason for path in paths if (reason := _make(path))]
    if reasons:
        say(f"It goes on step by step, which is slower: {'; '.join(reasons)}.")


def _make(path: CompiledPath) -> str:
    try:
        path.make()
    except CannotCompileError as error:
        logger.warning("%s", error)
        return str(error)
    return ""
