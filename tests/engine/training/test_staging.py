"""A run in stages: each is named in the log, can be stopped in and resumed, and no cost is compared with that of another."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from engine.commands.side_by_side import cost_of
from engine.contract.results import RunCard
from engine.contract.stages import begun, span_at, spans_of, within
from engine.exhibits import thin_curve
from engine.registry import MODELS
from engine.tasks.base import BadInputError
from engine.training.folder import RunFolder
from engine.training.run import TrainingRun
from tests.engine.training.staged_model import CARD, ENTRY

UPDATES = 100


@pytest.fixture(autouse=True)
def _offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.registry.MODELS", (*MODELS, ENTRY))


def _begin(folder: Path, updates: int = UPDATES, **settings: float) -> TrainingRun:
    wished = {"bits": 2, "max_length": 3, "batch": 2, **settings}
    return TrainingRun.start(folder, RunCard(model="staged", task="copy", settings=wished, seed=1, updates=updates))


def _train(run: TrainingRun, until: int = UPDATES) -> None:
    while run.update < until and not run.is_over:
        if run.checkpoint_due:
            run.save()
        run.advance()


def _weights(folder: Path, update: int) -> dict[str, np.ndarray]:
    return load_file(RunFolder(folder).weights_file(update))


def test_the_spans_of_a_run_follow_each_other_without_a_gap() -> None:
    spans = spans_of(CARD, 100, {})

    assert [(span.first, span.last) for span in spans[:2]] == [(0, 50), (51, 80)]
    assert spans[2].first == 81
    assert span_at(spans, 100_000) is spans[2]
    assert [span.in_words for span in spans][1] == "stage 2 of 3: second half"


def test_a_model_trained_in_one_go_has_no_spans() -> None:
    assert spans_of(MODELS[0].card, 100, {}) == ()
    assert span_at((), 5) is None
    assert within([(1, 2.0)], None) == [(1, 2.0)]


def test_the_unit_of_the_curve_is_that_of_the_stage() -> None:
    first, second = (span_at(spans_of(CARD, 100, {}), update) for update in (50, 51))

    assert first is not None
    assert second is not None
    assert (first.curve, second.curve) == ("first half: bits per sequence", "second half: thousands of bits")


def test_the_stages_that_have_begun() -> None:
    assert [span.name for span in begun(spans_of(CARD, 100, {}), 51)] == ["first half", "second half"]


@pytest.mark.parametrize("stop", [20, 50, 65, 80, 95])
def test_a_run_stopped_in_any_stage_and_resumed_ends_like_one_left_alone(tmp_path: Path, stop: int) -> None:
    whole = _begin(tmp_path / "whole")
    _train(whole)
    whole.finish()

    first = _begin(tmp_path / "parts")
    _train(first, stop)
    first.finish()
    second = TrainingRun.resume(tmp_path / "parts")
    _train(second)
    second.finish()

    one, other = (_weights(tmp_path / name, UPDATES) for name in ("whole", "parts"))
    assert {name: array.tobytes() for name, array in one.items()} == {name: array.tobytes() for name, array in other.items()}
    metrics = [RunFolder(tmp_path / name).metrics_file.read_bytes() for name in ("whole", "parts")]
    assert metrics[0] == metrics[1]


def test_only_the_parts_of_a_stage_move_in_it(tmp_path: Path) -> None:
    run = _begin(tmp_path)
    _train(run)
    run.finish()

    start, half, most, end = (_weights(tmp_path, update) for update in (0, 50, 80, 100))
    assert not np.array_equal(start["first.weight"], half["first.weight"])
    assert np.array_equal(start["second.weight"], half["second.weight"])
    assert np.array_equal(half["first.weight"], most["first.weight"])
    assert not np.array_equal(half["second.weight"], most["second.weight"])
    assert np.array_equal(most["second.weight"], end["second.weight"])
    assert end["counted"] == 40


def test_the_weights_at_the_end_of_each_stage_are_kept(tmp_path: Path) -> None:
    run = _begin(tmp_path)
    _train(run)
    run.finish()

    assert {0, 50, 80, 100} <= set(RunFolder(tmp_path).kept())


def test_the_log_names_each_stage_as_it_begins(tmp_path: Path) -> None:
    run = _begin(tmp_path)
    _train(run)
    run.finish()

    said = [line.partition(" ")[2] for line in (tmp_path / "log.txt").read_text().splitlines() if " on, stage" in line]
    assert said[0] == "from update 1 on, stage 1 of 3: first half. The first layer learns; the second is held still."
    assert [line[:30] for line in said[1:]] == ["from update 51 on, stage 2 of ", "from update 81 on, stage 3 of "]


def test_the_best_checkpoint_is_of_a_finished_network(tmp_path: Path) -> None:
    run = _begin(tmp_path)
    _train(run)
    run.finish()

    assert RunFolder(tmp_path).read_best().update == 100


def test_a_goal_is_reached_in_the_last_stage_only(tmp_path: Path) -> None:
    """The costs of the second stage lie far below the goal, those of the last above it."""
    run = _begin(tmp_path, batch=500, stop_below=5.0)
    _train(run)
    run.finish()

    assert run.update == UPDATES
    assert not run.is_solved


def test_a_resumed_run_counts_no_cost_of_an_earlier_stage_for_its_goal(tmp_path: Path) -> None:
    first = _begin(tmp_path, batch=500, stop_below=5.0)
    _train(first, 80)
    first.finish()

    second = TrainingRun.resume(tmp_path)

    assert not second.is_solved
    second.release()


def test_a_run_that_has_begun_keeps_its_length(tmp_path: Path) -> None:
    first = _begin(tmp_path)
    _train(first, 60)
    first.finish()

    with pytest.raises(BadInputError, match="staged is trained in stages, so that a run keeps its length of 100"):
        TrainingRun.resume(tmp_path, 200)


def test_the_cost_of_a_training_is_that_of_its_last_stage(tmp_path: Path) -> None:
    run = _begin(tmp_path)
    _train(run)
    run.finish()

    curve = RunFolder(tmp_path).curve()
    last = [cost for update, cost in curve if update > 80]
    assert cost_of(tmp_path) == pytest.approx(sum(last) / len(last))


def test_a_thinned_curve_has_no_point_that_mixes_two_stages() -> None:
    curve = tuple((update, 1.0 if update <= 500 else 100.0 if update <= 800 else 7.0) for update in range(1, 1001))

    thin = thin_curve(curve, 30, spans_of(CARD, 1000, {}))

    assert {cost for _, cost in thin} == {1.0, 100.0, 7.0}
    assert sum(cost == 7.0 for _, cost in thin) >= 40
