"""Distances between what is foreseen and what came: the two conventions, more candidates, and which futures are found."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks.displacement import best_of, distances, independent_best, joint_best, of_the_best, on_average, share_found


@st.composite
def foreseen(draw: st.DrawFn) -> tuple[torch.Tensor, torch.Tensor]:
    chance = torch.Generator().manual_seed(draw(st.integers(0, 10_000)))
    candidates, points = draw(st.integers(1, 7)), draw(st.integers(1, 9))
    return torch.randn(3, candidates, points, 2, generator=chance), torch.randn(3, points, 2, generator=chance)


def test_a_perfect_copy_is_no_distance_away() -> None:
    truth = torch.randn(4, 6, 2)

    far = distances(truth.unsqueeze(1), truth)

    assert joint_best(far)[0].tolist() == [0.0] * 4


def test_the_distance_is_that_of_the_plane() -> None:
    truth, said = torch.zeros(1, 2, 2), torch.tensor([[[[3.0, 4.0], [0.0, 1.0]]]])

    ade, fde = joint_best(distances(said, truth))

    assert (float(ade), float(fde)) == (3.0, 1.0)


@given(foreseen())
def test_the_least_of_each_is_never_more_than_both_of_the_one_that_is_best_on_average(made: tuple) -> None:
    far = distances(*made)

    joint, independent = joint_best(far), independent_best(far)

    torch.testing.assert_close(independent[0], joint[0])
    assert (independent[1] <= joint[1]).all()


@given(foreseen())
def test_of_one_candidate_all_conventions_say_the_same(made: tuple) -> None:
    far = distances(*made)[:, :1]

    joint = torch.stack(joint_best(far))

    torch.testing.assert_close(torch.stack(independent_best(far)), joint)
    torch.testing.assert_close(torch.stack(on_average(far)), joint)


@given(foreseen())
def test_more_candidates_never_make_the_best_worse(made: tuple) -> None:
    far = distances(*made)

    best = torch.stack([joint_best(far[:, :count])[0] for count in range(1, far.shape[1] + 1)])

    assert (best.diff(dim=0) <= 0).all()


@given(foreseen())
def test_the_distances_of_the_best_are_those_of_one_candidate(made: tuple) -> None:
    far = distances(*made)

    chosen = of_the_best(far)

    torch.testing.assert_close(chosen, far[torch.arange(3), best_of(far)])


def test_all_valid_futures_are_found_by_themselves() -> None:
    valid = torch.randn(5, 3, 8, 2) * 20

    assert share_found(valid, valid).tolist() == [1.0] * 5


def test_what_is_no_future_is_not_to_be_found() -> None:
    valid = torch.stack((torch.zeros(4, 2), torch.full((4, 2), 30.0), torch.full((4, 2), torch.nan))).unsqueeze(0)

    share = share_found(torch.zeros(1, 1, 4, 2), valid)

    assert share.tolist() == [0.5]


def test_one_candidate_finds_one_future_however_near_two_are() -> None:
    valid = torch.stack((torch.zeros(4, 2), torch.full((4, 2), 0.5))).unsqueeze(0)

    assert share_found(torch.full((1, 1, 4, 2), 0.2), valid).tolist() == [0.5]


def test_a_candidate_far_from_everything_finds_nothing() -> None:
    assert share_found(torch.full((1, 1, 4, 2), 1.0), torch.zeros(1, 1, 4, 2)).tolist() == [0.0]


@pytest.mark.parametrize("away", [1.2, 1.3])
def test_a_future_is_found_within_a_metre_and_a_quarter(away: float) -> None:
    said = torch.zeros(1, 1, 4, 2)
    said[..., 0] = away

    assert share_found(said, torch.zeros(1, 1, 4, 2)).item() == (1.0 if away < 1.25 else 0.0)
