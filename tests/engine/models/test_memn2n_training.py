"""The End-To-End Memory Network in training: it can be cut short anywhere; what it learns from our stories holds for others."""

from pathlib import Path

import pytest
import torch

from engine.contract.cards import Settings
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import RunCard
from engine.recording import record
from engine.sources import open_source
from engine.training.evaluate import evaluate
from engine.training.run import TrainingRun

SMALL: Settings = {"tasks": "1", "questions": 50, "width": 8, "slots": 10, "linear_start": 0.4, "batch": 8}


def started(folder: Path, settings: Settings, updates: int) -> TrainingRun:
    return TrainingRun.start(folder, RunCard(model="memn2n", task="babi", settings=settings, seed=0, updates=updates))


def advance(run: TrainingRun, until: int) -> None:
    while run.update < until:
        run.advance()


@pytest.mark.parametrize("cut", [3, 8, 15])
def test_a_run_that_was_cut_short_ends_as_one_left_alone(tmp_path: Path, cut: int) -> None:
    whole, first = started(tmp_path / "whole", SMALL, 20), started(tmp_path / "cut", SMALL, 20)
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


def test_a_checkpoint_remembers_whether_it_was_in_the_linear_start(tmp_path: Path) -> None:
    run = started(tmp_path / "run", SMALL, 20)
    advance(run, 5)
    run.save()
    advance(run, 20)
    run.finish()

    linear = [float(open_source(Source(place=str(tmp_path / "run"), update=at)).model.state_dict()["linear"]) for at in (5, 20)]
    trace = record(open_source(Source(place=str(tmp_path / "run"), update=5)), EpisodeWish(seed=0))

    assert linear == [1.0, 0.0]
    assert "hop.attention" not in trace.arrays
    assert "hop.match" in trace.arrays


@pytest.mark.slow
def test_what_it_learns_from_generated_stories_holds_for_the_published_ones(tmp_path: Path, babi_folder: Path) -> None:
    torch.set_num_threads(1)
    run = started(tmp_path / "run", {"tasks": "1", "questions": 1000, "width": 20, "slots": 20}, 1000)
    advance(run, 1000)
    run.finish()

    source = Source(place=str(tmp_path / "run"), update=1000)
    errors = [
        evaluate(open_source(source, data=folder), 1000, 7, lambda done, total: True).metrics["error"]
        for folder in (None, babi_folder)
    ]

    assert errors == pytest.approx([0.0, 0.0], abs=0.03)
