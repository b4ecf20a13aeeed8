"""The verb `evaluate`: tables by task, files that are missing, and what the papers have."""

import json
from pathlib import Path

import pytest

from engine.commands.program import main
from engine.contract.cards import RunCard
from engine.training.run import TrainingRun

STORY = "1 Mary moved to the bathroom.\n2 John went to the hallway.\n3 Where is Mary? \tbathroom\t1\n"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A network for tasks 1, 2 and 15 that has learnt nothing yet."""
    settings = {"tasks": "1,2,15", "questions": 20, "width": 4, "batch": 4}
    TrainingRun.start(tmp_path / "run", RunCard(model="memn2n", task="babi", settings={**settings}, seed=0, updates=1)).finish()
    return tmp_path / "run"


def files(folder: Path, *tasks: int) -> Path:
    folder.mkdir()
    for task in tasks:
        (folder / f"qa{task}_some-words_test.txt").write_text(STORY)
    return folder


def test_a_folder_is_tested_with_the_tasks_that_it_has_and_says_which_it_has_not(
    run: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["evaluate", str(run), "--data", str(files(tmp_path / "files", 2)), "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert list(found["metrics"]["by_task"]) == ["2"]
    assert found["metrics"]["error"] == found["metrics"]["by_task"]["2"]
    assert found["episodes"] == 1
    assert found["note"].endswith("task 1, 15")


def test_a_whole_folder_leaves_nothing_to_say(run: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["evaluate", str(run), "--data", str(files(tmp_path / "files", 1, 2, 15)), "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["note"] == ""


def test_a_folder_without_any_test_file_is_refused(run: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["evaluate", str(run), "--data", str(files(tmp_path / "files", 7))]) == 1

    assert "no test file of task 1" in capsys.readouterr().err
