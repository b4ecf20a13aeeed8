"""Frames of reference: there and back again, and all agents come from below."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks.frames import frame_of

WALK = torch.cumsum(torch.rand(4, 20, 2, generator=torch.Generator().manual_seed(1)) * 0.4, 1) + 7


def test_inside_and_outside_again_is_where_it_was() -> None:
    frame = frame_of(WALK)

    torch.testing.assert_close(frame.outside(frame.inside(WALK)), WALK, atol=1e-4, rtol=0)
    torch.testing.assert_close(frame.outside(frame.inside(WALK).unsqueeze(1)), WALK.unsqueeze(1), atol=1e-4, rtol=0)


def test_the_present_is_the_origin_and_the_way_there_leads_upwards() -> None:
    inside = frame_of(WALK).inside(WALK)

    assert float(inside[:, -1].abs().max()) < 1e-5
    torch.testing.assert_close(inside[:, -5, 0], torch.zeros(4), atol=1e-4, rtol=0)
    assert bool((inside[:, -5, 1] < 0).all())


@given(st.floats(-3.14, 3.14), st.floats(-50, 50))
def test_turning_and_moving_the_world_changes_nothing_inside(angle: float, shift: float) -> None:
    turn = torch.tensor([[torch.cos(torch.tensor(angle)), -torch.sin(torch.tensor(angle))], [0.0, 0.0]])
    turn[1] = torch.stack((-turn[0, 1], turn[0, 0]))
    moved = WALK @ turn.T + shift

    torch.testing.assert_close(frame_of(moved).inside(moved), frame_of(WALK).inside(WALK), atol=2e-4, rtol=0)


def test_one_who_stands_keeps_the_worlds_axes() -> None:
    still = torch.full((1, 20, 2), 3.0)

    frame = frame_of(still)

    assert torch.equal(frame.inside(still), torch.zeros(1, 20, 2))
    assert torch.equal(frame.turn[0], torch.eye(2))
