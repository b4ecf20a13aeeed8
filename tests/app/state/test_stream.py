"""A stream of samples: what became of each, how full the memory is, and what is said of it."""

from dataclasses import replace

import numpy as np

from app.state.decision import decision_at
from app.state.stream import fates_of, inner_phases, occupancy, sample_in_words
from engine.contract.cards import Metric
from engine.contract.trace import Trace
from fake_stream import EACH, PAST, ROWS, episodic_stream, persistent_stream
from fake_traces import ntm_trace


def test_a_memory_that_lives_on_fills_and_never_empties() -> None:
    trace = persistent_stream(60)

    used = occupancy(trace)

    assert used is not None
    assert (np.diff(used) >= 0).all()
    assert used[-1] == fates_of(trace).stored.sum()


def test_a_memory_that_is_wiped_fills_within_each_sample_and_begins_anew() -> None:
    used = occupancy(episodic_stream(3))

    assert used is not None
    assert used[EACH - 1] > used[0]
    assert used[EACH] == used[0]
    assert used.max() <= ROWS


def test_a_row_counts_when_it_is_further_from_its_blank_than_a_tenth_of_the_largest_row() -> None:
    trace = episodic_stream(1)
    blank = np.zeros((3, 2), np.float32)
    rows = np.array([[[1.0, 0], [0.11, 0], [0.09, 0]]], np.float32)
    made = Trace(
        card=replace(trace.card, steps=1, sample_steps=1),
        arrays={"memory.contents": rows},
        initial={"memory.contents": blank},
    )

    assert occupancy(made) is not None
    assert occupancy(made).tolist() == [2]  # type: ignore[union-attr]  # told on the line above


def test_each_sample_is_stored_or_refused_where_something_decides() -> None:
    fates = fates_of(persistent_stream(40))

    assert (fates.stored ^ fates.refused).all()
    assert not fates.wiped.any()


def test_nothing_is_stored_or_refused_where_nothing_decides() -> None:
    fates = fates_of(episodic_stream(5))

    assert not (fates.stored | fates.refused).any()
    assert fates.wiped.tolist() == [True] * 5


def test_a_sample_has_the_parts_that_its_points_take() -> None:
    seen, foreseen = inner_phases(episodic_stream(2))

    assert (seen.first, seen.last) == (0, PAST - 1)
    assert (foreseen.first, foreseen.last) == (PAST, EACH - 1)


def test_a_sample_of_one_step_has_no_parts() -> None:
    assert inner_phases(persistent_stream(3)) == ()


def test_the_slot_that_was_written_is_named() -> None:
    trace = persistent_stream(20)
    first = int(np.flatnonzero(fates_of(trace).stored)[1])

    assert sample_in_words(trace, first).endswith(". Stored as slot 1.")


def test_of_a_refused_sample_the_slot_is_named_that_explains_it_already() -> None:
    trace = persistent_stream(20)
    refused = int(np.flatnonzero(fates_of(trace).refused)[0])
    found = decision_at(trace, refused)

    said = f"Refused: slot {found.best_slot} already explains {found.best:.0%} of its steps.".replace("%", "\N{NO-BREAK SPACE}%")
    assert sample_in_words(trace, refused).endswith(said)


def test_an_error_that_is_no_distance_says_whether_it_was_right() -> None:
    trace = persistent_stream(20)
    hit = Metric(name="hit", title="hit@5", says="")
    card = replace(trace.card, task=replace(trace.card.task, metrics=(hit,)))

    def told(error: float) -> str:
        wrong = {**trace.arrays, "scene.error": np.full_like(trace.arrays["scene.error"], error)}
        return sample_in_words(replace(trace, card=card, arrays=wrong), 19)

    assert "slots are retrieved, hit@5: yes; success" in told(0.0)
    assert "slots are retrieved, hit@5: no; success" in told(1.0)


def test_an_episodic_sample_says_since_when_its_memory_is_filled() -> None:
    trace = episodic_stream(2)

    assert "memory wiped just now" in sample_in_words(trace, EACH)
    assert "memory wiped 12 steps ago" in sample_in_words(trace, EACH + 12)


def test_an_episode_that_is_no_stream_has_no_samples_to_speak_of() -> None:
    assert fates_of(ntm_trace()).wiped.tolist() == []


def test_a_memory_that_the_reader_no_longer_wipes_has_no_wipe_to_show() -> None:
    trace = episodic_stream(3)
    leaking = replace(trace, card=replace(trace.card, events=()))

    assert not fates_of(leaking).wiped.any()
    assert "memory not wiped before this sample" in sample_in_words(leaking, EACH + 3)
