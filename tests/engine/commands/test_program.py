"""The engine's verbs as a user meets them: results on standard output, one sentence when something is wrong."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.commands.program import main
from engine.contract.trace_file import read_trace

TINY = ("bits=2", "max_length=3", "slots=4", "slot_width=3", "hidden=8", "batch=2")
SET = [word for wish in TINY for word in ("--set", wish)]


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A run of twelve updates, made by the verb."""
    folder = tmp_path_factory.mktemp("commands") / "run"
    assert main(["train", "ntm", "copy", *SET, "--seed", "1", "--updates", "12", "-o", str(folder)]) == 0
    return str(folder)


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    lines = [line for line in said.err.splitlines() if line.strip()]
    assert len(lines) == 1, lines
    return lines[0]


# ---- lists ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["models", "tasks", "exhibits"])
def test_a_list_is_one_json_object(capsys: pytest.CaptureFixture[str], verb: str) -> None:
    assert main([verb, "--json"]) == 0

    assert isinstance(json.loads(capsys.readouterr().out)[verb], list)


def test_the_models_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0

    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert {"ntm", "lstm", "memn2n"} <= set(names)


def test_a_run_that_cannot_be_built_is_refused_before_anything_is_compiled(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("engine.commands.train.make_for", lambda model, say: say("compiling"))

    status = main(["train", "dnc", "graph-path", "--set", "nodes=1", "-o", str(tmp_path / "run")])

    assert status == 1
    assert one_sentence(capsys).startswith("nodes: from one node alone")
    assert not (tmp_path / "run").exists()


# ---- train ----------------------------------------------------------------------------------------------------------------


def test_a_run_is_trained_and_says_how_to_measure_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "run"

    status = main(["train", "ntm", "copy", *SET, "--updates", "3", "-o", str(folder)])

    said = capsys.readouterr()
    assert (status, said.out) == (0, "")
    assert f"slotscope evaluate {folder}" in said.err
    assert (folder / "run.json").is_file()


def test_another_run_is_not_overwritten(capsys: pytest.CaptureFixture[str], run_folder: str) -> None:
    before = (Path(run_folder) / "run.json").read_bytes()
    capsys.readouterr()

    status = main(["train", "ntm", "copy", *SET, "--updates", "3", "-o", run_folder])

    assert status == 1
    assert run_folder in capsys.readouterr().err
    assert (Path(run_folder) / "run.json").read_bytes() == before


def test_a_run_stops_after_its_minutes_and_is_resumed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = str(tmp_path / "run")

    stopped = main(["train", "ntm", "copy", *SET, "--minutes", "0.01", "--set", "updates=1000000", "-o", folder])
    said = capsys.readouterr().err
    reached = int(re.sub(r"\D", "", re.findall(r"Stopped at update ([\d,]+)", said)[0]))
    resumed = main(["train", "--resume", "--updates", str(reached + 5), "-o", folder])

    assert (stopped, resumed) == (0, 0)
    assert f"slotscope train --resume -o {folder}" in said
    assert f"Finished {reached + 5:,} updates" in capsys.readouterr().err


def test_a_run_that_was_stopped_by_ctrl_c_can_be_resumed(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "engine", "train", "ntm", "copy", *SET, "--updates", "1000000", "-o", str(folder)]
    training = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"})
    while not (folder / "best.json").exists() and training.poll() is None:
        time.sleep(0.05)

    training.send_signal(signal.SIGINT)
    _, said = training.communicate(timeout=60)

    assert training.returncode == 130, said
    assert f"slotscope train --resume -o {folder}" in said


def test_a_resumed_run_keeps_its_settings(capsys: pytest.CaptureFixture[str], run_folder: str) -> None:
    capsys.readouterr()

    assert main(["train", "--resume", "--set", "bits=3", "-o", run_folder]) == 2
    assert "resumed run keeps its settings" in one_sentence(capsys)
    assert main(["train", "lstm", "copy", "--resume", "-o", run_folder]) == 1
    assert "trains ntm on copy, not lstm on copy" in one_sentence(capsys)


def test_what_is_no_run_cannot_be_resumed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["train", "--resume", "-o", str(tmp_path)]) == 1

    assert "run.json" in one_sentence(capsys)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["ntm", "copy", "--set", "nonsense=1"], "slots"),
        (["ntm", "copy", "--set", "slots=-3"], "slots"),
        (["nothing", "copy"], "nothing"),
        (["ntm", "nothing"], "nothing"),
        (["ntm", "babi"], "ntm"),
        (["memn2n", "babi", "--data", "no/such/folder"], "no/such/folder"),
    ],
)
def test_what_cannot_be_trained_is_named_in_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], named: str
) -> None:
    status = main(["train", *words, "--updates", "1", "-o", str(tmp_path / "run")])

    said = capsys.readouterr()
    assert (status, said.out) == (1, "")
    assert named in said.err.splitlines()[-1]
    assert "Traceback" not in said.err


# ---- evaluate and record --------------------------------------------------------------------------------------------------


def test_a_measurement_is_one_json_object(capsys: pytest.CaptureFixture[str], run_folder: str) -> None:
    capsys.readouterr()

    assert main(["evaluate", run_folder, "--set", "length=2", "--episodes", "20", "--seed", "7", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"model", "task", "settings", "parameters", "slots", "episodes", "seed", "metrics", "restarts", "note"}
    assert (found["model"], found["task"], found["episodes"], found["seed"]) == ("ntm", "copy", 20, 7)
    assert found["settings"]["length"] == 2
    assert set(found["metrics"]) >= {"bits_per_sequence", "wrong_bits", "exact"}


def test_a_measurement_can_be_read(capsys: pytest.CaptureFixture[str], run_folder: str) -> None:
    capsys.readouterr()

    assert main(["evaluate", run_folder, "--episodes", "20"]) == 0

    assert "wrong_bits" in capsys.readouterr().out


def test_a_source_that_is_not_there_is_named_with_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "no-such-thing"]) == 1

    assert "no-such-thing: neither a run's folder nor an exhibit" in one_sentence(capsys)


def test_an_episode_is_recorded_with_its_edits(capsys: pytest.CaptureFixture[str], run_folder: str, tmp_path: Path) -> None:
    edits = tmp_path / "edits.json"
    edits.write_text('[{"act": "erase", "channel": "memory.contents", "step": 1, "index": [0]}]')
    own = tmp_path / "own.txt"
    own.write_text("10 01 11")

    status = main(["record", run_folder, "--input", str(own), "--edit", str(edits), "-o", str(tmp_path / "trace.safetensors")])

    trace = read_trace(tmp_path / "trace.safetensors")
    assert status == 0
    assert trace.card.own.split() == ["10", "01", "11"]
    assert trace.card.edits[0].act == "erase"


@pytest.mark.parametrize(
    ("edits", "said"),
    [("{", "edits.json"), ('[{"act": "burn"}]', "burn"), ('[{"act":"erase","channel":"none","step":0,"index":[0]}]', "none")],
)
def test_edits_that_cannot_be_made_are_one_sentence(
    capsys: pytest.CaptureFixture[str], run_folder: str, tmp_path: Path, edits: str, said: str
) -> None:
    (tmp_path / "edits.json").write_text(edits)
    capsys.readouterr()

    assert main(["record", run_folder, "--edit", str(tmp_path / "edits.json"), "-o", str(tmp_path / "t")]) == 1

    assert said in one_sentence(capsys)


def test_own_input_with_wrong_bits_is_one_sentence(capsys: pytest.CaptureFixture[str], run_folder: str, tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("10 012")
    capsys.readouterr()

    assert main(["record", run_folder, "--input", str(tmp_path / "own.txt"), "-o", str(tmp_path / "t")]) == 1

    assert "012" in one_sentence(capsys)


def test_a_folder_that_cannot_be_written_is_one_sentence(
    capsys: pytest.CaptureFixture[str], run_folder: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    capsys.readouterr()

    assert main(["record", run_folder, "-o", str(tmp_path / "file" / "trace")]) == 1

    assert str(tmp_path / "file") in one_sentence(capsys)


# ---- usage ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["evaluate"],
        ["evaluate", "x", "--episodes", "many"],
        ["evaluate", "x", "--nonsense"],
        ["evaluate", "x", "--set", "length"],
        ["train", "-o", "x"],
        ["train", "ntm", "copy", "--updates", "1", "--minutes", "1", "-o", "x"],
        ["record", "x", "--input", "f", "--seed", "1", "-o", "t"],
        ["build-exhibit"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_status_2_and_one_sentence(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(words) == 2

    assert one_sentence(capsys).startswith("slotscope: ")


def test_an_exhibit_that_has_no_recipe_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build-exhibit", "nothing"]) == 1

    assert "nothing: no such exhibit; there are" in one_sentence(capsys)


def test_a_fault_of_the_program_shows_no_traceback(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.commands.listing.catalogue", lambda: {}["missing"])

    assert main(["models"]) == 1

    assert "fault of the program" in one_sentence(capsys)


def test_the_doctor_of_the_engine_finds_torch_and_its_folders(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor-engine", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["devices"][0] == "cpu"
    assert set(found["folders"]) == {"runs", "sessions", "traces", "kernels", "log"}


def test_an_empty_file_is_no_input_of_ones_own(capsys: pytest.CaptureFixture[str], run_folder: str, tmp_path: Path) -> None:
    empty = tmp_path / "own.txt"
    empty.write_text(" \n")

    assert main(["record", run_folder, "--input", str(empty), "-o", str(tmp_path / "t.safetensors")]) == 1

    assert "there is nothing in it" in one_sentence(capsys)


def test_of_a_run_that_cannot_go_on_no_checkpoint_is_called_good(
    capsys: pytest.CaptureFixture[str], run_folder: str, tmp_path: Path
) -> None:
    damaged = shutil.copytree(run_folder, tmp_path / "run")
    for file in (damaged / "checkpoints").iterdir():
        file.write_bytes(b"nonsense")

    assert main(["train", "--resume", "-o", str(damaged), "--updates", "20"]) == 1

    assert capsys.readouterr().err.rstrip().endswith("no checkpoint in it can be read to go on from")
