"""The verb `demonstrate`: the list of ideas, and one of them measured."""

import json

import pytest

from engine.commands.program import main
from engine.contract.ideas import IDEAS


def test_without_a_name_the_ideas_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demonstrate"]) == 0

    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [idea.id for idea in IDEAS]


def test_what_was_found_is_told_with_its_table_and_formula(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demonstrate", "whole-state"]) == 0

    told = capsys.readouterr().out
    assert "it shows: At an average step" in told
    assert "numbers held" in told
    assert "c = f · c before + i · g" in told


def test_as_json_it_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demonstrate", "whole-state", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["idea"] == "whole-state"
    assert found["is_complete"] is True
    assert found["figures"][0]["x"] == "step"


def test_an_idea_that_there_is_not_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demonstrate", "everything"]) == 1

    assert capsys.readouterr().err.startswith("everything: no such idea; there are whole-state")
