"""The verb `memory`: a memory saved, merged and looked into from a terminal."""

import json
from pathlib import Path

import pytest

from engine.commands.program import main

JUNCTIONS = "mantra-junctions"


def test_a_memory_is_saved_merged_with_that_of_a_stream_and_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two, both = (str(tmp_path / name) for name in ("one", "two", "both"))

    assert main(["memory", "save", JUNCTIONS, "-o", one]) == 0
    assert main(["memory", "save", JUNCTIONS, "--set", "map=no", "--set", "length=30", "--after", "20", "-o", two]) == 0
    assert main(["memory", "merge", one, two, "-o", both]) == 0
    capsys.readouterr()
    found = []
    for path in (one, two, both):
        assert main(["memory", "show", path, "--json"]) == 0
        found.append(json.loads(capsys.readouterr().out))

    slots = [card["banks"]["bank"] for card in found]
    assert slots[2] == slots[0] + slots[1]
    assert found[1]["presented"]["bank"] == 20
    assert found[0]["network"] == found[2]["network"]


def test_a_cleared_memory_is_measured_as_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = str(tmp_path / "empty")

    assert main(["memory", "clear", JUNCTIONS, "-o", empty]) == 0
    capsys.readouterr()
    assert main(["evaluate", JUNCTIONS, "--set", f"starts_with={empty}", "--episodes", "20", "--json"]) == 0

    figures = json.loads(capsys.readouterr().out)["metrics"]
    assert figures["memory_rows"] == 0
    assert figures["ade"] == pytest.approx(figures["memory_off"]["ade"])


def test_a_memory_that_is_not_there_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", JUNCTIONS, "--set", "starts_with=nowhere", "--episodes", "2"]) == 1

    assert capsys.readouterr().err.strip().endswith("nowhere: there is no such file")


def test_a_stream_shorter_than_asked_for_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wished = ["--set", "length=5", "--set", "map=no", "--after", "9", "-o", str(tmp_path / "m")]

    assert main(["memory", "save", JUNCTIONS, *wished]) == 1

    assert "the stream has 5 samples" in capsys.readouterr().err
