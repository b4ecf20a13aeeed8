"""The bench measures every figure that it names, on the real models."""

import json

import pytest

from engine.commands import bench
from engine.commands.program import main


def test_the_bench_is_one_json_object_with_a_figure_for_every_training(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "TIMES", 1)
    monkeypatch.setattr(bench, "WARMING", 0)

    assert main(["bench-engine", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"record", "train"}
    assert set(found["train"]) == {name for name, *_ in bench.TRAININGS}
    assert all(value > 0 for figures in found.values() for value in figures.values())
