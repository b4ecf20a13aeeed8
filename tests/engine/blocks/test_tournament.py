"""A tournament among slots: who wins, who leads on the way, and what time counts."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.blocks.tournament import FLAGS, missed_margins, tournament, versus

seeds = st.integers(0, 10**6)
NEWER = torch.tensor([[0.0, 0.0, 0.0, 1.0]])
"""Of the four flags, only "y is newer than z" counts."""


def each_against_each(match: torch.Tensor, ages: torch.Tensor, time: torch.Tensor, since: int = 0) -> torch.Tensor:
    scores, old = (match[:, :, None], match[:, None]), (ages[:, :, None], ages[:, None])
    return versus(scores, old, torch.full((len(match),), since), time)


def drawn(seed: int, slots: int = 6) -> tuple[torch.Tensor, torch.Tensor]:
    """Scores of each against each that are no order at all, and who takes part."""
    chance = torch.Generator().manual_seed(seed)
    return torch.randn(4, slots, slots, generator=chance), torch.rand(4, slots, generator=chance) > 0.3


def test_where_all_tie_the_first_that_takes_part_wins() -> None:
    allowed = torch.tensor([[True, True, True], [False, True, True]])

    winner, _, leads = tournament(torch.zeros(2, 3, 3), allowed)

    assert winner.tolist() == [0, 1]
    assert leads.tolist() == [[True, False, False], [False, True, False]]


@settings(max_examples=50)
@given(seeds)
def test_the_winner_took_part_and_is_the_last_that_took_the_lead(seed: int) -> None:
    scores, allowed = drawn(seed)
    allowed[:, 2] = True

    winner, met, leads = tournament(scores, allowed)

    assert allowed.gather(1, winner[:, None]).all()
    assert torch.equal(winner, (leads * torch.arange(1, 7)).argmax(1))
    assert (met[~allowed] == 0).all()
    assert not (leads & ~allowed).any()


@settings(max_examples=50)
@given(seeds)
def test_without_time_the_best_match_wins(seed: int) -> None:
    chance = torch.Generator().manual_seed(seed)
    match, ages = torch.randn(4, 6, generator=chance), torch.arange(6, 0, -1).expand(4, 6)

    winner, _, _ = tournament(each_against_each(match, ages, torch.zeros(4, FLAGS)), torch.ones(4, 6).bool())

    assert torch.equal(winner, match.argmax(1))


def test_of_equal_facts_the_newest_wins_where_being_newer_counts() -> None:
    match, ages = torch.zeros(1, 4), torch.tensor([[4, 3, 2, 1]])

    winner, met, leads = tournament(each_against_each(match, ages, NEWER), torch.ones(1, 4).bool())

    assert winner.tolist() == [3]
    assert met.tolist() == [[0, 1, 1, 1]]
    assert leads.all()


def test_what_has_no_age_is_neither_older_nor_newer() -> None:
    match, ages = torch.tensor([[0.5, 0.0]]), torch.tensor([[3, 0]])

    scores = each_against_each(match, ages, torch.tensor([[0.0, 10.0, 10.0, 10.0]]), since=2)

    assert scores[0, 0, 1] == 0.5
    assert scores[0, 1, 0] == -0.5


def test_each_flag_counts_where_it_is_true() -> None:
    match, ages = torch.zeros(1, 2), torch.tensor([[5, 1]])

    scores = each_against_each(match, ages, torch.tensor([[1.0, 10.0, 100.0, 1000.0]]), since=3)

    assert scores[0, 0, 1] == 10 + 100  # the seeker is older than the second only, and the first is older than the second
    assert scores[0, 1, 0] == 1 + 1000


def test_a_margin_is_missed_in_either_order_by_what_lacks() -> None:
    right, wrong = torch.tensor([[0.3, 0.05, -0.2]]), torch.tensor([[-0.3, -0.1, 0.1]])

    missed = missed_margins(right, wrong, torch.tensor([[True, True, False]]), 0.1)

    torch.testing.assert_close(missed, torch.tensor([[0.0, 0.05, 0.0]]))
