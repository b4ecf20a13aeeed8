"""What every test stands on: an offscreen Qt, one hypothesis profile, a home of its own, and the real data where it lies."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from hypothesis import HealthCheck, settings

# The first call into torch takes seconds; hypothesis would count that against its deadline.
settings.register_profile("slotscope", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("slotscope")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the user's own runs, caches or preferences."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("SLOTSCOPE_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def whole_floats() -> None:
    """The engine counts the smallest floats as zero, in the whole process; hypothesis draws them."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)


def _shared_data(*parts: str) -> Path:
    for folder in Path(__file__).resolve().parents:
        found = folder.joinpath("shared", "data", *parts)
        if found.exists():
            return found
    pytest.skip(f"the real data ({'/'.join(parts)}) is not on this machine")


@pytest.fixture
def babi_folder() -> Path:
    """The published bAbI files, 1,000 training questions each."""
    return _shared_data("babi", "en")
