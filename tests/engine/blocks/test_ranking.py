"""Kendall's rank correlation: right, wrong, by chance, and what does not count."""

import torch

from engine.blocks.ranking import kendall

ALL = torch.ones(1, 4, dtype=torch.bool)
RIGHT = torch.tensor([[0.0, 1.0, 2.0, 3.0]])


def test_the_right_order_is_one_and_its_reverse_minus_one() -> None:
    assert kendall(RIGHT, RIGHT, ALL).item() == 1.0
    assert kendall(-RIGHT, RIGHT, ALL).item() == -1.0


def test_one_pair_the_wrong_way_round_costs_two_of_six() -> None:
    said = torch.tensor([[1.0, 0.0, 2.0, 3.0]])

    torch.testing.assert_close(kendall(said, RIGHT, ALL), torch.tensor([4 / 6]))


def test_to_say_nothing_of_the_order_is_nothing() -> None:
    assert kendall(torch.zeros(1, 4), RIGHT, ALL).item() == 0.0


def test_who_is_not_there_does_not_count() -> None:
    said = torch.tensor([[0.0, 1.0, 2.0, -5.0]])

    assert kendall(said, RIGHT, torch.tensor([[True, True, True, False]])).item() == 1.0


def test_where_nobody_has_an_order_there_is_no_number() -> None:
    assert kendall(RIGHT, torch.zeros(1, 4), ALL).isnan().all()
