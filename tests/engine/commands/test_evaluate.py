"""The verb `evaluate`: tables by task, files that are missing, and what the papers have."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.commands.measurement import show_measurement
from engine.commands.program import main
from engine.contract.results import Measurement, RunCard
from engine.registry import task_entry
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


def measured(tasks: str = "1,2,15", restarts: int = 1, **by_task: float) -> Measurement:
    rows = {name.removeprefix("task_"): value for name, value in by_task.items()}
    return Measurement(
        model="memn2n", task="babi", settings={"tasks": tasks, "questions": 1000, "hops": 3}, parameters=9000, slots=50,
        episodes=300, seed=0, restarts=restarts, metrics={"error": 0.1, "by_task": {**rows}},
    )  # fmt: skip


def test_tasks_stand_in_their_order_beside_the_paper_with_the_mean_of_those_that_were_tested(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_measurement(measured(task_15=0.25, task_2=0.1234, task_1=0.0), task_entry("babi").card, "")

    said = capsys.readouterr()
    lines = [line.split("  ") for line in said.out.splitlines()]
    table = [[cell.strip() for cell in line if cell.strip()] for line in lines[3:]]
    assert table == [
        ["wrong answers by task", "here", "MemN2N 3 hops PE LS RN, joint"],
        ["1", "0.0 %", "0 %"],
        ["2", "12.3 %", "11.4 %"],
        ["15", "25.0 %", "0 %"],
        ["mean of 3", "12.4 %", "3.8 %"],
    ]
    assert "Table 1" in said.err
    assert "best of 10 runs" in said.err


def test_what_is_the_best_of_several_is_never_shown_without_saying_so(capsys: pytest.CaptureFixture[str]) -> None:
    show_measurement(measured(restarts=10, task_1=0.0), task_entry("babi").card, "")

    said = capsys.readouterr()
    assert "the best of 10 restarts" in said.out
    assert "mean of" not in said.out


def test_a_network_that_no_paper_has_stands_alone(capsys: pytest.CaptureFixture[str]) -> None:
    show_measurement(replace(measured(task_1=0.5), model="kv"), task_entry("babi").card, "")

    assert capsys.readouterr().out.splitlines()[-1].split() == ["1", "50.0", "%"]


def test_distances_stand_in_rows_with_the_mean_and_the_final_one(capsys: pytest.CaptureFixture[str]) -> None:
    by_k = {"10": {"ade": 0.2, "fde": 0.5}, "5": {"ade": 0.4, "fde": 1.0}}
    plain = {"constant_velocity": {"ade": 3.9, "fde": 10.8}, "writes_off": {"ade": 1.0, "fde": 2.0}}
    found = replace(measured(), task="junctions", metrics={"ade": 0.4, "by_k": by_k, **plain})

    show_measurement(found, task_entry("junctions").card, "")

    lines = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in capsys.readouterr().out.splitlines()]
    assert lines[2:] == [
        [],
        ["by the number of futures [m]", "mean distance", "final distance"],
        ["5", "0.4", "1"],
        ["10", "0.2", "0.5"],
        [],
        ["compared with [m]", "mean distance", "final distance"],
        ["constant velocity", "3.9", "10.8"],
        ["writes off", "1", "2"],
    ]
