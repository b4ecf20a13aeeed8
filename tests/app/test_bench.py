"""`slotscope bench`: the figures exist, come from the real program, and are printed in one agreed form."""

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from app import bench
from app.bench_learn import measure_learning
from app.bench_memory import enlarged, measure_large_memory
from app.bench_step import FEATURES, PANES, SLOTS, STEPS, large_trace, measure_steps
from app.state.growing import growing_of
from app.state.panes import pane
from fake_growing import growing_trace

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
ENGINE = [sys.executable, "-c", 'print(\'{"record": {"a_ms": 1.5}, "train": {"b_ms": {"ratio": 2.5}}}\')']
START = {"window_visible_s": 1.0, "playing_s": 2.0, "engine_ready_s": 3.0}
STEP = {"median_ms": 1.0, "p95_ms": 2.0, "while_training_median_ms": 3.0, "while_training_p95_ms": 4.0}
LARGE = {"slots": 100_000, "median_ms": 1.0, "p95_ms": 2.0, "search_median_ms": 3.0}
LEARN = {"seeds": 3, "learnt": 3, "median_s": 5.0, "longest_s": 6.0}


def test_the_json_has_exactly_the_agreed_form(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(bench, "measure_starts", lambda environment: START)
    monkeypatch.setattr(bench, "measure_steps", lambda: STEP)
    monkeypatch.setattr(bench, "measure_large_memory", lambda: LARGE)
    monkeypatch.setattr(bench, "measure_learning", lambda: LEARN)

    status = bench.bench(as_json=True, engine=ENGINE, environment=ENVIRONMENT)

    assert status == 0
    engine = {"record": {"a_ms": 1.5}, "train": {"b_ms": {"ratio": 2.5}}}
    expected = {"start": START, "step": STEP, "large_memory": LARGE, "learn": LEARN, **engine}
    assert json.loads(capsys.readouterr().out) == expected


def test_without_json_there_is_one_line_a_figure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(bench, "measure_starts", lambda environment: START)
    monkeypatch.setattr(bench, "measure_steps", lambda: STEP)
    monkeypatch.setattr(bench, "measure_large_memory", lambda: LARGE)
    monkeypatch.setattr(bench, "measure_learning", lambda: LEARN)

    bench.bench(as_json=False, engine=ENGINE, environment=ENVIRONMENT)

    assert len(capsys.readouterr().out.splitlines()) == 17


def test_an_engine_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bench, "measure_starts", lambda environment: START)
    monkeypatch.setattr(bench, "measure_steps", lambda: STEP)
    monkeypatch.setattr(bench, "measure_large_memory", lambda: LARGE)
    monkeypatch.setattr(bench, "measure_learning", lambda: LEARN)

    with pytest.raises(ValueError, match="no weights"):
        bench.bench(as_json=True, engine=[sys.executable, "-c", "raise SystemExit('no weights')"], environment=ENVIRONMENT)


def test_the_large_trace_fills_six_panes_with_matrices_of_128_by_64():
    trace = large_trace()

    assert trace.arrays["memory.contents"].shape == (STEPS, SLOTS, FEATURES)
    assert trace.arrays["read.weighting"].shape == (STEPS, 1, SLOTS)
    assert (STEPS, SLOTS, FEATURES) == (64, 128, 64)
    assert all(pane(name).fits(trace) for name in PANES)


@pytest.mark.slow
def test_a_network_learns_to_copy_before_the_users_eyes(qapp: object, own_home: Path):
    found = measure_learning(seeds=1)

    assert (found["seeds"], found["learnt"]) == (1, 1)
    assert found["longest_s"] < 60  # some 5 s on a machine that does nothing else


@pytest.mark.slow
def test_the_start_of_the_real_program_is_measured(own_home: Path):
    found = bench.measure_starts(dict(ENVIRONMENT), times=1)

    assert 0 < found["window_visible_s"] <= found["playing_s"]
    assert found["window_visible_s"] < found["engine_ready_s"]


@pytest.mark.slow
def test_steps_are_measured_on_the_real_window_at_rest_and_while_a_run_trains(qapp: object, own_home: Path):
    found = measure_steps(presses=70)

    assert set(found) == set(STEP)
    assert all(0 < value < 2000 for value in found.values())
    assert found["median_ms"] <= found["p95_ms"]


def test_an_enlarged_stream_is_the_recorded_one_behind_many_copies_of_its_slots():
    trace = growing_trace(40)
    has = trace.arrays["memory.alive"].shape[1]
    large = enlarged(trace, slots=has + 60, steps=25)

    assert large.steps == 25
    assert all(phase.last < 25 for phase in large.card.phases)
    for step in (0, 11, 24):
        for name, channel in large.channels.items():
            if "slot" in channel.axes:
                axis = channel.axes.index("slot")
                np.testing.assert_array_equal(np.split(large.at(name, step), [60], axis)[1], trace.at(name, step))
        found, before = growing_of(large), growing_of(trace)
        assert found is not None
        assert before is not None
        assert found.there(step)[:60].all()
        assert (found.retrieved(step) - 60).tolist() == before.retrieved(step).tolist()
        assert found.stored(step) == (before.stored(step) + 60 if before.stored(step) >= 0 else -1)


@pytest.mark.slow
def test_a_memory_of_very_many_slots_is_measured_on_the_real_window(qapp: object, own_home: Path):
    found = measure_large_memory(presses=70)

    assert set(found) == set(LARGE)
    assert all(0 < value < 2000 for name, value in found.items() if name != "slots")
