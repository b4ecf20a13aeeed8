"""Where the user's own things lie: runs and sessions in the data folder, traces in the cache folder."""

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "SLOTSCOPE_HOME"
"""Set it to keep everything below one folder of your choice."""

KERNELS_VARIABLE = "SLOTSCOPE_KERNELS"
"""Set it to keep what is compiled in another folder than the rest of the cache."""

MOST_TRACE_BYTES = 2 * 2**30
"""How much the traces folder may hold; the window shows how much it does."""


def runs_folder() -> Path:
    """Where runs started from the window are kept, one folder each."""
    return _data() / "runs"


def memories_folder() -> Path:
    """Where memories are kept that were merged in the window."""
    return _data() / "memories"


def sessions_folder() -> Path:
    """Where sessions are saved unless the user says otherwise."""
    return _data() / "sessions"


def traces_folder() -> Path:
    """Where recorded traces are kept; everything in it can be recorded again."""
    return _cache() / "traces"


def kernels_folder() -> Path:
    """Where compiled functions are kept; everything in it can be compiled again."""
    chosen = os.environ.get(KERNELS_VARIABLE)
    return Path(chosen) if chosen else _cache() / "kernels"


def log_file() -> Path:
    """Where the engine writes what went wrong, in full; the window and the command line say it in one sentence."""
    return _cache() / "engine.log"


def preferences_file() -> Path:
    """What is remembered between two launches of the window."""
    return _home("config", Path(platformdirs.user_config_dir("slotscope", appauthor=False))) / "preferences.json"


def _data() -> Path:
    return _home("data", Path(platformdirs.user_data_dir("slotscope", appauthor=False)))


def _cache() -> Path:
    return _home("cache", Path(platformdirs.user_cache_dir("slotscope", appauthor=False)))


def _home(part: str, usual: Path) -> Path:
    chosen = os.environ.get(HOME_VARIABLE)
    return Path(chosen) / part if chosen else usual
