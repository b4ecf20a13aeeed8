"""The bootstrap says in one sentence what it lacks, and installs only what has changed."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, with an environment of its own that is never made."""
    spec = importlib.util.spec_from_file_location("slotscope_bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "stamp.json")
    monkeypatch.setattr(module, "environment_works", lambda: True)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return module


@pytest.fixture
def installed(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What pip is asked for."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(bootstrap, "pip", lambda *arguments: calls.append(arguments))
    return calls


def test_without_a_verb_it_says_how_it_is_used(capsys: pytest.CaptureFixture[str], bootstrap: ModuleType) -> None:
    assert bootstrap.main([]) == 2

    assert "run | test" in capsys.readouterr().out


def test_an_older_python_is_told_so_in_one_sentence() -> None:
    old = f"import sys; sys.version_info = (3, 9, 1); exec(compile(open({str(SCRIPT)!r}).read(), 'bootstrap', 'exec'))"

    said = subprocess.run([sys.executable, "-c", old], capture_output=True, text=True, check=False)

    assert said.returncode == 1
    assert said.stderr.startswith("Slotscope needs Python 3.11 or newer; this is Python 3.9")
    assert len(said.stderr.strip().splitlines()) == 1


def test_a_second_start_installs_nothing(bootstrap: ModuleType, installed: list[tuple[str, ...]]) -> None:
    bootstrap.make_environment(("run", "test"))
    first = len(installed)
    bootstrap.make_environment(("run", "test"))
    bootstrap.make_environment(("run",))

    assert (first, len(installed)) == (2, 2)


def test_the_tests_add_their_packages_to_those_of_a_run(bootstrap: ModuleType, installed: list[tuple[str, ...]]) -> None:
    bootstrap.make_environment(("run",))
    bootstrap.make_environment(("run", "test"))

    assert any(name.startswith("torch==") for name in installed[0])
    assert not any(name.startswith("pytest==") for name in installed[0])
    assert any(name.startswith("pytest==") for name in installed[2])


def test_another_lock_file_is_installed(
    bootstrap: ModuleType, installed: list[tuple[str, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.make_environment(("run",))
    (tmp_path / "lock").write_text("# run\nnumpy==2.0.0\n# test\npytest==8.0.0\n")
    monkeypatch.setattr(bootstrap, "LOCK", tmp_path / "lock")

    bootstrap.make_environment(("run",))

    assert installed[2][-1] == "numpy==2.0.0"


def test_an_environment_that_was_moved_is_filled_again(
    bootstrap: ModuleType, installed: list[tuple[str, ...]], tmp_path: Path
) -> None:
    bootstrap.make_environment(("run",))
    stamp = json.loads((tmp_path / ".venv" / "stamp.json").read_text())
    (tmp_path / ".venv" / "stamp.json").write_text(json.dumps(stamp | {"place": "elsewhere"}))

    bootstrap.make_environment(("run",))

    assert len(installed) == 4


def test_a_download_that_fails_is_one_sentence(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "python"
    fake.write_text(
        "#!/bin/sh\necho 'WARNING: Retrying' >&2\necho 'ERROR: No matching distribution found for torch' >&2\nexit 1\n"
    )
    fake.chmod(0o755)
    monkeypatch.setattr(bootstrap, "python", lambda: str(fake))

    status = bootstrap.main(["run"])

    said = capsys.readouterr().out.splitlines()
    assert status == 1
    assert said[-1].startswith("The packages could not be installed: No matching distribution found for torch")


def test_a_debian_python_without_venv_is_named(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "environment_works", lambda: False)
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(bootstrap, "apt_install", lambda packages: False)

    status = bootstrap.main(["run"])

    assert status == 1
    assert "sudo apt-get install python3." in capsys.readouterr().out


def test_missing_libraries_are_named_with_the_command_that_brings_them(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.system_libraries.missing", lambda: ["libxcb-cursor.so.0"])
    monkeypatch.setattr(bootstrap, "apt_install", lambda packages: False)

    bootstrap.bring_system_libraries()

    assert "libxcb-cursor.so.0" in (said := capsys.readouterr().out)
    assert "sudo apt-get install libxcb-cursor0" in said


def test_without_a_screen_there_are_pictures_instead(
    bootstrap: ModuleType,
    installed: list[tuple[str, ...]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(bootstrap, "in_environment", lambda *arguments: started.append(arguments) or 0)
    monkeypatch.setattr(bootstrap, "screen_problem", lambda: "There is no screen here.")
    monkeypatch.setattr(bootstrap, "TOUR", tmp_path / "tour")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")

    status = bootstrap.main(["run"])

    assert status == 0
    assert "There is no screen here" in capsys.readouterr().out
    assert all(call[2:4] == ("render", "ntm-copy") for call in started)


def test_a_rule_that_is_broken_is_named_at_the_end(
    bootstrap: ModuleType,
    installed: list[tuple[str, ...]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bootstrap, "in_environment", lambda *arguments: 1 if "mypy" in arguments else 0)

    status = bootstrap.main(["test"])

    assert status == 1
    assert capsys.readouterr().out.splitlines()[-1] == "Failed: mypy."
