"""The `slotscope` command: its own verbs, those it hands over, and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from app.commands import OF_THE_ENGINE, engine_environment, main


def slotscope(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *words], capture_output=True, text=True, cwd=folder, env=engine_environment(), check=False
    )


def test_a_verb_of_the_engine_is_handed_over_with_its_words_and_its_status(tmp_path: Path) -> None:
    listed = slotscope("models", "--json", folder=tmp_path)
    refused = slotscope("evaluate", "no-such-thing", folder=tmp_path)
    misused = slotscope("evaluate", "--nonsense", folder=tmp_path)

    assert (listed.returncode, refused.returncode, misused.returncode) == (0, 1, 2)
    assert {card["id"] for card in json.loads(listed.stdout)["models"]} >= {"ntm", "lstm", "memn2n"}
    assert refused.stderr.startswith("no-such-thing: neither a run's folder nor an exhibit")


def test_a_folder_of_the_user_named_engine_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "__main__.py").write_text("raise SystemExit('this is not Slotscope')")
    (tmp_path / "engine" / "__init__.py").write_text("")

    listed = subprocess.run(
        [sys.executable, "-P", "-m", "app", "tasks"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=engine_environment(),
        check=False,
    )

    assert listed.returncode == 0, listed.stderr
    assert "copy" in listed.stdout


def test_the_list_of_verbs_names_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0

    said = capsys.readouterr().out
    assert all(verb in said for verb in (*OF_THE_ENGINE, "open", "render", "bench", "doctor"))


@pytest.mark.parametrize("words", [["nonsense"], ["--nonsense"], ["open"], ["render", "x"]], ids=" ".join)
def test_wrong_usage_is_status_2_and_one_sentence(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(words) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert said.err.startswith("slotscope: ")


def test_a_file_that_is_not_there_cannot_be_opened(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["open", "no/such/file"]) == 1

    assert capsys.readouterr().err == f"{Path('no/such/file')}: there is no such file\n"


def test_without_a_verb_the_window_opens_and_its_status_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = pretend_window(monkeypatch, status=5)

    assert main([]) == 5
    assert opened == [[]]


def test_a_file_is_opened_in_the_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened = pretend_window(monkeypatch, status=0)
    (tmp_path / "a.slotscope").write_text("{}")

    assert main(["open", str(tmp_path / "a.slotscope")]) == 0
    assert opened == [[str(tmp_path / "a.slotscope")]]


def test_a_fault_of_the_window_is_one_sentence_and_a_traceback_in_the_log(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend_window(monkeypatch, fault=KeyError("strange"))

    assert main([]) == 1

    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert "fault of the program" in said
    assert "Traceback" in caplog.text


def pretend_window(monkeypatch: pytest.MonkeyPatch, status: int = 0, fault: Exception | None = None) -> list[list[str]]:
    """A window that only notes how it was opened."""
    opened: list[list[str]] = []

    def open_window(arguments: list[str]) -> int:
        opened.append(arguments)
        if fault is not None:
            raise fault
        return status

    module = ModuleType("app.main")
    monkeypatch.setattr(module, "main", open_window, raising=False)
    monkeypatch.setitem(sys.modules, "app.main", module)
    return opened


def test_the_engine_finds_the_program_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")

    first, second = engine_environment()["PYTHONPATH"].split(os.pathsep)

    assert (Path(first) / "engine" / "__main__.py").is_file()
    assert second == "elsewhere"
