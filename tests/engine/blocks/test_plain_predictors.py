"""What foresees without a memory: standing still, going on, a linear regression."""

import math

import torch

from engine.blocks.plain_predictors import LinearRegression, constant_velocity, standing_still


def turned(points: torch.Tensor, angle: float) -> torch.Tensor:
    way = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return points @ way.mT + torch.tensor([30.0, -8.0])


def walks(count: int, points: int) -> torch.Tensor:
    chance = torch.Generator().manual_seed(3)
    pace = torch.randn(count, 1, 2, generator=chance) + torch.tensor([0.0, 2.0])
    return pace * torch.arange(points)[:, None] + torch.randn(count, 1, 2, generator=chance)


def test_who_stands_still_stays_at_the_last_point() -> None:
    way = walks(3, 4)

    assert (standing_still(way, 6) == way[:, -1:]).all()


def test_a_straight_walk_goes_on_as_it_went() -> None:
    way = walks(5, 12)

    torch.testing.assert_close(constant_velocity(way[:, :5], 7), way[:, 5:])


def test_a_regression_learns_a_straight_walk() -> None:
    way = walks(60, 12)

    foresee = LinearRegression(way[:, :5], way[:, 5:])

    torch.testing.assert_close(foresee(walks(9, 12)[:, :5]), walks(9, 12)[:, 5:], atol=0.02, rtol=0.0)


def test_a_regression_does_not_care_where_the_world_is_and_how_it_lies() -> None:
    way, chance = walks(60, 12), torch.Generator().manual_seed(1)
    way = way + 0.2 * torch.randn(way.shape, generator=chance)
    foresee = LinearRegression(way[:, :5], way[:, 5:])

    one, other = foresee(way[:, :5]), foresee(turned(way[:, :5], 1.1))

    torch.testing.assert_close(turned(one, 1.1), other, atol=1e-3, rtol=0.0)


def test_agents_that_stand_still_are_foreseen_as_numbers() -> None:
    still = torch.ones(20, 5, 2)

    foresee = LinearRegression(still, torch.ones(20, 7, 2))

    torch.testing.assert_close(foresee(still[:2]), torch.ones(2, 7, 2))
