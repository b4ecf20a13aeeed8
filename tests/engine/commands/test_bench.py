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
    monkeypatch.setattr(bench, "IN_A_ROW", 1)

    assert main(["bench-engine", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"record", "train", "keep", "read"}
    assert {(model, batch) for model, batches in found["train"].items() for batch in batches} == {
        (model, f"batch_{batch}") for model, _, batch, _ in bench.TRAININGS
    }
    assert set(found["train"]["ntm"]["batch_1"]) == {"stepwise_ms", "fast_ms", "ratio"}
    assert set(found["keep"]) == set(found["train"])
    assert all(value > 0 for _, value in bench._flatten("", found))
