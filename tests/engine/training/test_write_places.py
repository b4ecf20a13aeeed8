"""Where a memory writes against the priorities that the task gives."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import RunCard
from engine.contract.trace import Trace
from engine.recording import record
from engine.sources import Opened, open_source
from engine.training.evaluate import evaluate
from engine.training.run import TrainingRun
from engine.training.write_places import correlation, places, priority_figures, reads_where_written, unrolled

SMALL = {"items": 5, "answers": 4, "bits": 3, "hidden": 6}


def opened(folder: Path, model: str, **settings: int) -> Opened:
    TrainingRun.start(folder, RunCard(model=model, task="priority-sort", settings=SMALL | settings, seed=1, updates=1)).finish()
    return open_source(Source(place=str(folder)))


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return opened(tmp_path_factory.mktemp("ntm"), "ntm", slots=9, slot_width=3, heads=2)


def with_write_places(trace: Trace, slots: list[int]) -> Trace:
    """The trace as if its second write head had stood on these slots."""
    weighting = np.array(trace.arrays["write.weighting"])
    weighting[: len(slots), 1] = np.eye(weighting.shape[-1], dtype=np.float32)[slots]
    return replace(trace, arrays=dict(trace.arrays) | {"write.weighting": weighting})


def test_the_place_of_a_write_is_read_where_a_priority_is_shown(machine: Opened) -> None:
    trace = with_write_places(record(machine, EpisodeWish(seed=2)), [3, 0, 8, 1, 2])

    priorities, slots = places(trace)

    assert slots[1].tolist() == [3, 0, 8, 1, 2]
    assert priorities.tolist() == pytest.approx(trace.arrays["tape.priority"][:5].tolist())


@given(first=st.integers(0, 19), steps=st.lists(st.integers(-4, 4), min_size=2, max_size=8))
def test_places_round_the_end_of_the_ring_become_places_on_a_line(first: int, steps: list[int]) -> None:
    on_a_line = np.array([0, *steps], np.float64)

    found = unrolled((first + on_a_line) % 20, 20)

    np.testing.assert_allclose(np.diff(found), np.diff(on_a_line), atol=1e-9)


def test_a_straight_line_of_the_priority_correlates_wholly_and_a_fixed_place_not_at_all() -> None:
    priorities = np.array([-0.9, 0.2, 0.5, 0.7])

    assert correlation(priorities, 7 - 10 * priorities) == pytest.approx(-1)
    assert np.isnan(correlation(priorities, np.full(4, 3.0)))


def test_an_evaluation_of_a_machine_that_writes_tells_the_figure_and_repeats_it(machine: Opened) -> None:
    one, other = (evaluate(machine, 8, 7, lambda done, total: True).metrics for _ in range(2))

    assert one == other
    assert -1 <= one["priority_correlation"] <= 1
    assert 0 <= one["reads_by_priority"] <= 1


def test_a_net_without_slots_has_no_such_figure(tmp_path: Path) -> None:
    net = opened(tmp_path / "lstm", "lstm")

    assert priority_figures(net, 4, 7) == {}
    assert "priority_correlation" not in evaluate(net, 4, 7, lambda done, total: True).metrics


def test_reads_in_the_order_of_priority_are_told_from_reads_in_the_order_of_arrival(machine: Opened) -> None:
    trace = with_write_places(record(machine, EpisodeWish(seed=2)), [3, 0, 8, 1, 2])
    written, best_first = np.array([3, 0, 8, 1, 2]), np.argsort(-trace.arrays["tape.priority"][:5])

    in_order, as_they_came = (with_read_places(trace, slots) for slots in (written[best_first], written))

    assert reads_where_written(in_order)[0, 1] == 1
    assert reads_where_written(as_they_came)[0, 1] == np.mean(written[:4] == written[best_first][:4])


def with_read_places(trace: Trace, slots: np.ndarray) -> Trace:
    """The trace as if its first read head had stood on these slots at the answers."""
    weighting = np.array(trace.arrays["read.weighting"])
    weighting[6:, 0] = np.eye(weighting.shape[-1], dtype=np.float32)[slots[:4]]
    return replace(trace, arrays=dict(trace.arrays) | {"read.weighting": weighting})
