"""What every test stands on: an offscreen Qt, one hypothesis profile, a home of its own, and the real data where it lies."""

import os
import subprocess
import sys
from pathlib import Path

import platformdirs

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Compiled paths are kept between runs of the tests, beside the user's own: each test has a home of its own.
os.environ.setdefault("SLOTSCOPE_KERNELS", str(Path(platformdirs.user_cache_dir("slotscope", appauthor=False)) / "kernels"))

import pytest
from hypothesis import HealthCheck, settings

# The first call into torch takes seconds; hypothesis would count that against its deadline.
settings.register_profile("slotscope", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("slotscope")


def pytest_configure(config: pytest.Config) -> None:
    """What the tests need compiled is compiled before the first of them: none waits for it, or goes another way meanwhile."""
    if not hasattr(config, "workerinput"):
        subprocess.run([sys.executable, "-m", "engine", "compile"], capture_output=True, check=False)


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


@pytest.fixture
def crowds_folder() -> Path:
    """The published files of two of the places where pedestrians were watched."""
    return _shared_data("trajectories", "eth_ucy")


@pytest.fixture
def kitti_folder() -> Path:
    """A sample of the published trajectories of KITTI."""
    return _shared_data("trajectories", "kitti_subset")
