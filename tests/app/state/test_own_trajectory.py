"""Trajectories of one's own are read as the engine reads them, and what does not fit is named with its sample and point."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.own_trajectory import (
    agents_of,
    evenly,
    length_of,
    points_of,
    reach_of,
    samples_of,
    samples_to_text,
    sentence_of,
    told,
)
from engine.contract.own_trajectory import BadTrajectoryError, read_samples
from engine.tasks.base import BadInputError
from engine.tasks.own_trajectory import own_episode
from fake_trajectories import PAST, in_the_world, junction_trace, social_trace, without_truth

NUMBERS = st.floats(-200, 200).map(lambda x: round(x, 2) + 0.0)
LINES = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=6).map(tuple)
SAMPLES = st.lists(st.lists(LINES, min_size=1, max_size=3).map(tuple), min_size=1, max_size=4)


@given(SAMPLES)
def test_what_is_written_is_read_again_here_and_in_the_engine(samples: list) -> None:
    text = samples_to_text(samples)

    again = read_samples(text)
    episode = own_episode(text, past=5, future=3, most_agents=3)

    for sample, read in zip(samples, again, strict=True):
        for line, other in zip(sample, read, strict=True):
            np.testing.assert_allclose(line, other, atol=0.06)
    assert episode.steps == len(samples)
    assert episode.batch.present.sum(1).tolist() == [len(sample) for sample in samples]
    np.testing.assert_allclose(episode.batch.past[0, 0, -1].numpy(), again[0][0][-1], atol=1e-4)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is no trajectory; draw one, or write at least two points such as 0,0 0,1 0.5,2."),
        (" ; ", "There is no trajectory; draw one, or write at least two points such as 0,0 0,1 0.5,2."),
        ("0,0 0,1 ; 3,3", "Sample 2 has one point only; a trajectory needs at least two, such as 0,0 0,1 0.5,2."),
        ("0,0 0,1 ; 1,1 2,2 |", "Sample 2 has 2 agents; here a sample has one agent."),
        ("0,0 0;1", "Sample 1, point 2: “0” is no point; write x,y such as 0.5,2."),
        ("0,0 zero,1", "Sample 1, point 2: “zero,1” is no point; write x,y such as 0.5,2."),
        ("0,0 1", "Sample 1, point 2: “1” is no point; write x,y such as 0.5,2."),
        ("0,0 1,2,3", "Sample 1, point 2: “1,2,3” is no point; write x,y such as 0.5,2."),
        ("0,0 nan,1", "Sample 1, point 2: nan,1 is farther than 10,000 m away, or no number."),
        ("0,0 1e9,1", "Sample 1, point 2: 1e9,1 is farther than 10,000 m away, or no number."),
        ("0,0 0,1 | 1,1 2,2", "Sample 1 has 2 agents; here a sample has one agent."),
        ("; ".join(["0,0 0,1"] * 201), "201 samples are too many; at most 200 can be shown."),
    ],
)
def test_what_does_not_fit_is_named_and_refused_by_the_engine_too(text: str, sentence: str) -> None:
    with pytest.raises(BadTrajectoryError) as refused:
        read_samples(text, most_agents=1)

    assert sentence_of(refused.value) == sentence
    with pytest.raises(BadInputError, match=re.escape(str(refused.value))):
        own_episode(text, past=5, future=3, most_agents=1)


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-50, 50)), min_size=2, max_size=60), st.integers(2, 40))
def test_a_stroke_becomes_points_at_equal_distances_from_its_first_to_its_last(drawn: list, count: int) -> None:
    line = evenly(drawn, count)

    assert line == () or len(line) == count
    if line:
        np.testing.assert_allclose(line[0], drawn[0], atol=0.006)
        np.testing.assert_allclose(line[-1], drawn[-1], atol=0.006)


def test_a_straight_stroke_moves_evenly_however_it_was_drawn() -> None:
    line = evenly([(0, 0), (0, 0.1), (0, 0.3), (0, 7), (0, 10)], 11)

    np.testing.assert_allclose(np.diff(line, axis=0), [[0, 1]] * 10, atol=0.02)
    assert length_of(line) == pytest.approx(10)


def test_a_press_alone_is_no_stroke() -> None:
    assert evenly([(3, 4)], 20) == ()
    assert evenly([(3, 4), (3, 4)], 20) == ()
    assert evenly([], 20) == ()


def test_it_begins_with_the_first_sample_from_behind() -> None:
    found = samples_of(in_the_world(junction_trace()))

    assert points_of(junction_trace()) == PAST == len(found[0][0])
    assert found[0][0][-1] == (0.0, 0.0)
    assert found[0][0][0][1] == pytest.approx(-8, abs=0.1)


def test_what_was_drawn_before_is_taken_up_again() -> None:
    assert samples_of(without_truth(junction_trace())) == [(((0.0, 0.0), (0.0, 1.0)),)]


def test_a_scene_begins_with_the_agents_that_are_there() -> None:
    found = samples_of(social_trace())

    assert agents_of(social_trace()) == 4
    assert len(found[0]) == 3


@pytest.mark.parametrize(("far", "reach"), [(0.0, 1.0), (0.9, 1.0), (9.2, 15.0), (19.6, 25.0), (93.0, 150.0)])
def test_the_field_reaches_a_round_number_of_metres_beyond_all_points(far: float, reach: float) -> None:
    assert reach_of([(((0.0, 0.0), (far, 0.0)),)], 1.0) == reach


def test_it_is_said_how_much_is_drawn() -> None:
    line = ((0.0, 0.0), (0.0, 3.0), (4.0, 3.0))

    assert told([]) == "Nothing is drawn yet."
    assert told([(line,)]) == "1 sample; it goes 7.0 m in 3 points."
    assert told([(line,), (line, line)]) == "2 samples; the last agent goes 7.0 m in 3 points."
