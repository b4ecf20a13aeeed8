"""The verb `sweep`: seeds and settings, each run in a folder of its own, gone on with by the same command."""

import json
from pathlib import Path

import pytest

from engine.commands.program import main
from engine.training.folder import RunFolder

TINY = ["bits=2", "max_length=2", "slots=4", "slot_width=3", "hidden=6", "batch=500"]
SET = [word for setting in TINY for word in ("--set", setting)]


def sweep(folder: Path, *words: str) -> int:
    return main(["sweep", "ntm", "copy", *SET, "--jobs", "2", "-o", str(folder), *words])


def test_every_seed_with_every_value_is_a_run_and_the_result_one_json_object(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status = sweep(tmp_path, "--seeds", "0..1", "--set", "heads=1,2", "--set", "stop_below=100", "--updates", "9", "--json")

    found = json.loads(capsys.readouterr().out)
    assert status == 0
    assert [(outcome["values"], outcome["seed"]) for outcome in found] == [
        ({"heads": "1"}, 0), ({"heads": "1"}, 1), ({"heads": "2"}, 0), ({"heads": "2"}, 1),
    ]  # fmt: skip
    assert all(outcome["is_solved"] and outcome["updates"] == 2 for outcome in found)
    assert RunFolder(tmp_path / "heads=2-seed=1").read_card().settings["heads"] == 2


def test_the_same_command_goes_on_where_it_was_cut_short(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert sweep(tmp_path, "--seeds", "4", "--updates", "3") == 0

    assert sweep(tmp_path, "--seeds", "3,4", "--updates", "3") == 0

    said = capsys.readouterr()
    assert "not learnt" in said.out
    assert "0 of 2 have learnt it" in said.err
    assert "resumed after update 3" in (tmp_path / "seed=4" / "log.txt").read_text()


@pytest.mark.parametrize("seeds", ["", "a..b", "3..1", "1,1", "-1"])
def test_what_names_no_seeds_is_wrong_usage(capsys: pytest.CaptureFixture[str], tmp_path: Path, seeds: str) -> None:
    assert sweep(tmp_path, f"--seeds={seeds}") == 2
    assert "names no seeds" in capsys.readouterr().err


def test_a_wish_that_cannot_be_met_is_named_before_anything_is_trained(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert sweep(tmp_path, "--set", "slot_width=4,-7") == 1

    assert "slot_width" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
