"""What holds for the files of the house as such: where they lie, how long they are, what they may not name."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 350
MOST_LINES_OF_A_KERNEL = 600
"""A compiled kernel, forward and back in one file: the compiler's cache looks at no other of its own."""
OF_A_MACHINE = ("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "C:" + "\\Users")
FOLDERS = ("app", "engine", "assets", "packaging")


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("this is no git checkout, so nothing is tracked")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_packaging_is_no_package_for_it_would_hide_the_library_of_that_name() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()

    asked = subprocess.run([sys.executable, "-c", "import packaging.version"], cwd=ROOT, capture_output=True, check=False)

    assert asked.returncode == 0, asked.stderr


def test_no_folder_of_tests_is_a_package() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_no_file_is_too_long_to_read() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources(*FOLDERS)}

    most = {name: MOST_LINES_OF_A_KERNEL if name.endswith("_kernel.py") else MOST_LINES for name in lengths}
    assert {name: lines for name, lines in lengths.items() if lines > most[name]} == {}


def test_every_file_opens_with_a_sentence_that_says_what_it_is_for() -> None:
    silent = [path for path in sources(*FOLDERS) if not path.read_text().startswith(('"""', "#!")) and path.read_text().strip()]

    assert [str(path.relative_to(ROOT)) for path in silent] == []


def test_no_tracked_file_names_a_place_of_one_machine() -> None:
    found = []
    for path in tracked():
        content = path.read_bytes() if path.is_file() else b""
        found += [
            f"{path.relative_to(ROOT)}: {name}" for name in OF_A_MACHINE if b"\0" not in content and name.encode() in content
        ]

    assert found == []


def test_the_lock_file_pins_every_dependency_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["video"], *project["optional-dependencies"]["test"]]
    lines = (ROOT / "packaging" / "requirements.lock").read_text().splitlines()
    pins = dict(line.split("==") for line in lines if "==" in line)

    unmet = [text for text in wanted if not _is_met(Requirement(text), pins.get(canonicalize_name(Requirement(text).name), ""))]

    assert unmet == []


def _is_met(requirement: Requirement, version: str) -> bool:
    return bool(version) and requirement.specifier.contains(version)
