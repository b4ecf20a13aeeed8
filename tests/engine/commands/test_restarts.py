"""`train --restarts`: side by side, the best one kept, gone on with by the same command, and everything else uses that one."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.commands.program import main
from engine.commands.side_by_side import Outcome, Watcher
from engine.contract.messages import Source, StartRun
from engine.contract.restarts import read_restarts, weigh, write_restarts
from engine.contract.results import RunCard
from engine.sources import kept_updates, open_source
from engine.tasks.base import BadInputError
from engine.training.folder import Best, RunFolder
from engine.training.run import TrainingRun

TINY = ["bits=2", "max_length=2", "slots=4", "slot_width=3", "hidden=6", "batch=20"]
SET = [word for setting in TINY for word in ("--set", setting)]
STORIES = ["--set", "tasks=1", "--set", "questions=40"]


def restarts(folder: Path, *words: str, count: int = 2) -> int:
    return main(["train", "ntm", "copy", *SET, "--restarts", str(count), "--jobs", "2", "-o", str(folder), *words])


def begun(folder: Path, seed: int) -> Path:
    """A run of three updates, made here."""
    settings = {name: int(value) for name, _, value in (setting.partition("=") for setting in TINY)}
    card = RunCard(model="ntm", task="copy", settings={**settings}, seed=seed, updates=3)
    run = TrainingRun.start(folder / f"seed={seed}", card)
    while not run.is_over:
        run.advance()
    run.finish()
    return folder / f"seed={seed}"


def damaged(folder: Path, seed: int) -> None:
    """A run whose checkpoints cannot be read."""
    for file in begun(folder, seed).glob("checkpoints/*"):
        file.write_bytes(b"no weights")


def test_the_best_on_held_out_episodes_is_marked_and_used_by_every_verb(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert restarts(tmp_path, "--updates", "12", "--json") == 0

    found = json.loads(capsys.readouterr().out)
    judged = {run["folder"]: run["judged"] for run in found["tried"]}
    assert found["chosen"] == min(judged, key=lambda folder: judged[folder])
    assert {run["updates"] for run in found["tried"]} == {12}
    assert kept_updates(str(tmp_path)) == RunFolder(tmp_path / found["chosen"]).kept()
    opened, direct = (open_source(Source(place=str(place))) for place in (tmp_path, tmp_path / found["chosen"]))
    assert (opened.weights_hash, opened.restarts) == (direct.weights_hash, direct.restarts)
    assert opened.restarts == 2
    assert main(["evaluate", str(tmp_path), "--episodes", "4", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["restarts"] == 2
    assert main(["record", str(tmp_path), "-o", str(tmp_path / "one.safetensors")]) == 0


def test_the_same_command_goes_on_and_more_restarts_are_added(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert restarts(tmp_path, "--updates", "5", "--set", "learning_rate=1e-2", count=1) == 0

    assert restarts(tmp_path, "--updates", "5", "--set", "learning_rate=0.010") == 0

    said = capsys.readouterr()
    assert "chosen" in said.out
    assert "Chosen out of 2" in said.err
    assert "resumed after update 5" in (tmp_path / "seed=0" / "log.txt").read_text()


def test_other_settings_in_the_same_folder_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    begun(tmp_path, 0)
    write_restarts(tmp_path, weigh((), 1))

    assert restarts(tmp_path, "--updates", "2", "--set", "heads=2") == 1
    assert "another training lies here (heads=1)" in capsys.readouterr().err
    assert main(["train", "lstm", "copy", "--restarts", "2", "-o", str(tmp_path)]) == 1
    assert "another training lies here (ntm on copy)" in capsys.readouterr().err
    assert main(["train", "--resume", "-o", str(tmp_path)]) == 1
    assert "by the command that began them" in capsys.readouterr().err


def test_one_that_fails_spoils_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    damaged(tmp_path, 0)

    assert restarts(tmp_path, "--updates", "4", count=2) == 0

    found = read_restarts(tmp_path)
    assert found is not None
    assert [run.how for run in found.tried] == ["failed", "finished"]
    assert found.chosen == "seed=1"
    assert "seed=0: " in capsys.readouterr().err


def test_nothing_to_choose_is_a_failure_in_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    damaged(tmp_path, 0)

    assert restarts(tmp_path, "--updates", "4", count=1) == 1

    assert "nothing was chosen" in capsys.readouterr().err
    with pytest.raises(BadInputError, match="none of the restarts"):
        open_source(Source(place=str(tmp_path)))


def test_stories_are_told_by_their_wrong_answers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["train", "memn2n", "babi", *STORIES, "--updates", "1", "--restarts", "1", "-o", str(tmp_path)]
    assert main(words) == 0

    found = read_restarts(tmp_path)
    assert found is not None
    assert 0 < (found.tried[0].figure or 0) <= 1
    assert "wrong answers, held out" in capsys.readouterr().out


def test_the_first_seed_that_leaves_nothing_to_choose_ends_the_others(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trained: list[int] = []

    def pretend(commands: Sequence[StartRun], workers: int, output: Path, watcher: Watcher) -> None:
        for number, command in enumerate(commands):
            if number in watcher.needless():
                continue
            trained.append(command.seed)
            wrong = 0.25 if command.seed < 8 else 0.0
            best = Best(update=9, held_out=wrong + 0.001, cost=wrong + 0.001, figure=wrong, least=wrong + 0.001)
            RunFolder(Path(command.folder)).write_best(best)
            outcome = Outcome(
                folder=command.folder, seed=command.seed, reason="finished", is_solved=False, updates=9, seconds=1.0, cost=wrong
            )  # fmt: skip
            watcher.takes(number, outcome)

    monkeypatch.setattr("engine.commands.restarts.train_side_by_side", pretend)

    assert restarts(tmp_path / "early", "--seed", "7", count=5) == 0
    assert trained == [7, 8]
    said = capsys.readouterr()
    assert "Stopped after 2 of 5: seed 8" in said.err
    assert "chosen" in said.out.splitlines()[2]
    trained.clear()
    assert restarts(tmp_path / "all", "--seed", "7", "--all", count=5) == 0
    assert trained == [7, 8, 9, 10, 11]


@pytest.mark.parametrize("words", [["--jobs", "2"], ["--all"], ["--json"]])
def test_what_belongs_to_restarts_is_refused_without_them(words: list[str], tmp_path: Path) -> None:
    assert main(["train", "ntm", "copy", *SET, "-o", str(tmp_path / "run"), *words]) == 2
    assert not (tmp_path / "run").exists()


def test_an_interruption_saves_what_each_has_and_the_command_goes_on(tmp_path: Path) -> None:
    words = ["train", "ntm", "copy", *SET, "--restarts", "2", "--jobs", "1", "-o", str(tmp_path / "many")]
    going = subprocess.Popen(
        [sys.executable, "-m", "engine", *words, "--updates", "100000"], stderr=subprocess.PIPE, text=True, env=os.environ.copy()
    )
    curve = tmp_path / "many" / "seed=0" / "metrics.csv"
    deadline = time.monotonic() + 120
    while not (curve.is_file() and curve.read_text().count("\n") > 20) and time.monotonic() < deadline:
        time.sleep(0.05)
    going.send_signal(signal.SIGTERM)
    _, said = going.communicate(timeout=60)

    assert going.returncode == 130
    assert "The same command goes on" in said
    found = read_restarts(tmp_path / "many")
    assert found is not None
    assert [run.how for run in found.tried] == ["stopped"]
    made = found.tried[0].updates
    assert RunFolder(tmp_path / "many" / "seed=0").kept()[-1] == made
    assert main([*words, "--updates", str(made + 2)]) == 0
    later = read_restarts(tmp_path / "many")
    assert later is not None
    assert [(run.how, run.updates) for run in later.tried] == [("finished", made + 2)] * 2
