"""One hop of attention: a distribution over the occupied slots, whatever the scores."""

import math

import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.blocks import attention

scores_of_five = arrays("float32", (2, 5), elements=st.floats(-1000, 1000, width=32)).map(torch.tensor)
occupied = arrays("bool", (2, 5)).map(torch.tensor)


@given(scores_of_five, occupied)
def test_attention_is_a_distribution_over_the_occupied_slots(scores: torch.Tensor, present: torch.Tensor) -> None:
    weighting = attention.over_slots(scores, present)

    assert (weighting >= 0).all()
    assert (weighting[~present] == 0).all()
    torch.testing.assert_close(weighting.sum(-1), present.any(-1).float(), atol=1e-5, rtol=0)


@given(scores_of_five, st.permutations(range(5)))
def test_attention_does_not_care_where_a_slot_stands(scores: torch.Tensor, order: list[int]) -> None:
    present = torch.ones(2, 5, dtype=torch.bool)

    moved = attention.over_slots(scores[:, order], present)

    torch.testing.assert_close(moved, attention.over_slots(scores, present)[:, order])


def test_with_all_slots_occupied_it_is_softmax() -> None:
    scores = torch.tensor([[1.0, 2.0, -3.0]])

    torch.testing.assert_close(attention.over_slots(scores, torch.ones(1, 3).bool()), torch.softmax(scores, -1))


def test_an_empty_memory_gives_nothing_and_no_nan() -> None:
    scores = torch.zeros(1, 3, requires_grad=True)

    weighting = attention.over_slots(scores, torch.zeros(1, 3).bool())
    (gradient,) = torch.autograd.grad(weighting.sum(), scores)

    assert weighting.tolist() == [[0.0, 0.0, 0.0]]
    assert torch.isfinite(gradient).all()


def test_a_state_matches_the_slot_whose_key_points_its_way() -> None:
    keys = torch.tensor([[[1.0, 0.0], [0.0, 2.0], [-1.0, 0.0]]])

    assert attention.match(torch.tensor([[3.0, 0.0]]), keys).tolist() == [[3.0, 0.0, -3.0]]


def test_what_is_read_is_the_slots_mixed_by_the_weighting() -> None:
    values = torch.tensor([[[1.0, 0.0], [0.0, 4.0]]])

    assert attention.read(torch.tensor([[0.25, 0.75]]), values).tolist() == [[0.25, 3.0]]


def test_the_spread_runs_from_nothing_to_the_logarithm_of_the_slots() -> None:
    spread = attention.entropy(torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.25, 0.25, 0.25, 0.25]]))

    torch.testing.assert_close(spread, torch.tensor([0.0, math.log(4)]))
