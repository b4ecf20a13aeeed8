"""The Dynamic Memory Network in training: it can be cut short anywhere, and learns stories that it has never seen."""

from pathlib import Path

import pytest
import torch

from engine.contract.cards import Settings
from engine.contract.messages import Source
from engine.contract.results import RunCard
from engine.sources import open_source
from engine.training.evaluate import evaluate
from engine.training.run import TrainingRun

SMALL: Settings = {"tasks": "1", "questions": 50, "width": 8, "slots": 10, "batch": 8}


def started(folder: Path, settings: Settings, updates: int) -> TrainingRun:
    return TrainingRun.start(folder, RunCard(model="dmn", task="babi", settings=settings, seed=0, updates=updates))


def advance(run: TrainingRun, until: int) -> None:
    while run.update < until:
        run.advance()


@pytest.mark.parametrize("taught", [False, True])
@pytest.mark.parametrize("cut", [3, 15])
def test_a_run_that_was_cut_short_ends_as_one_left_alone(tmp_path: Path, cut: int, taught: bool) -> None:
    settings: Settings = SMALL | {"gate_supervision": taught}
    whole, first = started(tmp_path / "whole", settings, 20), started(tmp_path / "cut", settings, 20)
    advance(whole, 20)
    whole.finish()
    advance(first, cut)
    first.finish()

    second = TrainingRun.resume(tmp_path / "cut")
    advance(second, 20)
    second.finish()

    one, other = (open_source(Source(place=str(tmp_path / name), update=20)) for name in ("whole", "cut"))
    assert one.weights_hash == other.weights_hash
    assert (tmp_path / "whole" / "metrics.csv").read_text() == (tmp_path / "cut" / "metrics.csv").read_text()


@pytest.mark.slow
def test_taught_gates_learn_one_supporting_fact_in_a_moment_also_for_the_published_stories(
    tmp_path: Path, babi_folder: Path
) -> None:
    torch.set_num_threads(1)
    settings: Settings = {"tasks": "1", "questions": 1000, "slots": 20, "gate_supervision": True}
    run = started(tmp_path / "run", settings, 500)
    advance(run, 500)
    run.finish()

    source = Source(place=str(tmp_path / "run"), update=500)
    errors = [
        evaluate(open_source(source, data=folder), 1000, 7, lambda done, total: True).metrics["error"]
        for folder in (None, babi_folder)
    ]

    assert errors == pytest.approx([0.0, 0.0], abs=0.03)
