"""A trajectory of the user's own: read, resampled, or refused with its place."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.tasks.base import BadInputError
from engine.tasks.own_trajectory import own_episode


def read(text: str, agents: int = 2) -> torch.Tensor:
    return own_episode(text, 20, 40, agents).batch.past


def refused(text: str, agents: int = 2) -> str:
    with pytest.raises(BadInputError) as error:
        own_episode(text, 20, 40, agents)
    return str(error.value)


def test_two_points_are_a_straight_walk() -> None:
    past = read("0,0 19,0")

    torch.testing.assert_close(past[0, 0], torch.stack((torch.arange(20.0), torch.zeros(20)), -1))


def test_just_as_many_points_as_are_seen_stay_as_they_are() -> None:
    points = np.round(np.random.default_rng(0).normal(size=(20, 2)), 3)

    past = read(" ".join(f"{x},{y}" for x, y in points))

    np.testing.assert_allclose(past[0, 0], points, atol=1e-6)


@given(st.lists(st.tuples(st.floats(-99, 99), st.floats(-99, 99)), min_size=2, max_size=60))
def test_however_many_points_the_first_and_the_last_stay(points: list[tuple[float, float]]) -> None:
    past = read(" ".join(f"{x!r},{y!r}" for x, y in points))

    np.testing.assert_allclose(past[0, 0, [0, -1]], [points[0], points[-1]], atol=1e-4)
    assert past.isfinite().all()


def test_samples_and_agents_are_parted() -> None:
    episode = own_episode("0,0 1,1 | 2,2 3,3 ; 4,4 5,5;", 20, 40, 2)

    assert episode.batch.present.tolist() == [[True, True], [True, False]]
    assert episode.texts == ("your own, 1", "your own, 2")
    assert not episode.batch.known.any()
    assert not episode.batch.future.any()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (" ; ", "there is no trajectory; draw one, or write at least two points"),
        ("1,2", "sample 1 has one point only"),
        ("1,2 3,4; |1,2 3,4", "sample 2 has no point"),
        ("1,2 3", "sample 1, point 2: “3” is no point"),
        ("1,2 x,4", "sample 1, point 2: “x,4” is no point"),
        ("1,2 3,4,5", "sample 1, point 2: “3,4,5” is no point"),
        ("1,2 nan,4", "sample 1, point 2: nan,4 is farther than 10,000 m away"),
        ("1,2 1e400,4", "sample 1, point 2: 1e400,4 is farther than 10,000 m away"),
        ("1,2 ٣,4", "sample 1, point 2: “٣,4” is no point"),
        ("1,2 3,4 | 1,2 3,4 | 1,2 3,4", "sample 1 has 3 agents; here a sample has at most 2 agents"),
        (";".join(["1,2 3,4"] * 201), "201 samples are too many; at most 200 can be shown"),
        (" ".join(["1,2"] * 10_001), "sample 1 has 10,001 points; at most 10,000 are read"),
    ],
)
def test_what_is_no_trajectory_is_refused_with_its_place(text: str, sentence: str) -> None:
    assert refused(text).startswith(sentence)


def test_where_a_sample_is_one_agent_two_are_refused() -> None:
    assert refused("1,2 3,4 | 1,2 3,4", agents=1) == "sample 1 has 2 agents; here a sample has one agent"
