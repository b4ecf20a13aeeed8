"""A memory that is kept once is, step after step, what the trace says that it is."""

import numpy as np
import pytest

from app.state.kept_once import KeptOnce, is_kept_once
from engine.contract.trace import Trace
from fake_growing import growing_trace, without_slot


@pytest.fixture(params=["grows", "with a slot removed", "with slots replaced"])
def trace(request: pytest.FixtureRequest) -> Trace:
    made = growing_trace(limit=-4 if request.param == "with slots replaced" else 40)
    return without_slot(made, 2, 30) if request.param == "with a slot removed" else made


def test_it_is_the_memory_after_each_step_in_any_order(trace: Trace) -> None:
    once, order = KeptOnce(trace, trace.channels["memory.contents"]), np.random.default_rng(1).permutation(trace.steps)

    for step in (0, *order.tolist(), trace.steps - 1):
        np.testing.assert_array_equal(once.at(step)[0], trace.at("memory.contents", step))


def test_it_says_in_which_slots_it_is_not_as_it_was(trace: Trace) -> None:
    once, steps = KeptOnce(trace, trace.channels["memory.contents"]), np.random.default_rng(2).permutation(trace.steps).tolist()
    now, moved = once.at(steps[0])
    assert moved is None

    for step in steps[1:]:
        before = now.copy()
        now, moved = once.at(step)
        assert set(np.flatnonzero((now != before).any(-1))) <= set(moved.tolist())


def test_what_a_step_changed_is_the_difference_of_before_and_after(trace: Trace) -> None:
    once = KeptOnce(trace, trace.channels["memory.contents"])
    before = np.zeros_like(trace.at("memory.contents", 0))

    for step in range(trace.steps):
        now = trace.at("memory.contents", step)
        np.testing.assert_array_equal(once.changed(step, 0.25), (np.abs(now - before) >= 0.25))
        before = now
    assert once.changed(0, 0.0).any()


def test_one_number_is_nothing_while_its_slot_is_not_there(trace: Trace) -> None:
    once, step = KeptOnce(trace, trace.channels["memory.contents"]), trace.steps // 2
    now = trace.at("memory.contents", step)

    assert [[once.number(slot, feature, step) for feature in range(now.shape[1])] for slot in range(len(now))] == now.tolist()


def test_where_nobody_says_what_was_there_before_nothing_changes_at_the_first_step(trace: Trace) -> None:
    silent = Trace(card=trace.card, arrays=trace.arrays, initial={})

    assert not KeptOnce(silent, silent.channels["memory.contents"]).changed(0, 0.0).any()


def test_only_memories_of_slots_and_features_are_such(trace: Trace) -> None:
    assert [name for name, channel in trace.channels.items() if is_kept_once(channel)] == ["memory.contents"]
