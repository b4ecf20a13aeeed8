"""The verb `remember`: which memory the answers needed, in a terminal and as JSON."""

import json

import pytest

from engine.commands.program import main


def test_it_names_the_memory_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remember", "ntm-copy", "--episodes", "8"]) == 0

    said = capsys.readouterr()
    assert "The episodic memory remembered. Without it: " in said.out
    assert "NTM has no memory that outlives an episode" in said.out
    assert "n = 8 episodes, 95 % interval. Not read off attention." in said.err


def test_as_json_it_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remember", "vqa-mann", "--episodes", "8", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["needed"] == ["persistent"]
    assert found["unit"] == "sample"
    assert found["n"] >= 8
    cleared = found["figures"]["loss"]["persistent cleared"]
    assert 0 < cleared["worse_by"]["low"] < cleared["worse_by"]["mean"] < cleared["worse_by"]["high"]
    assert cleared["low"] < cleared["mean"] < cleared["high"]


def test_a_network_without_memory_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remember", "vqa-baseline", "--episodes", "8"]) == 0

    assert "keeps nothing while an episode goes on" in capsys.readouterr().out


def test_a_source_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remember", "nobody"]) == 1

    assert capsys.readouterr().err.startswith("nobody: neither a run's folder nor an exhibit")
