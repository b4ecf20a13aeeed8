"""What looking back costs: operations and kept numbers, counted."""

from collections.abc import Callable

import pytest
import torch
from torch.nn import functional as F

from engine.contract.messages import EpisodeWish
from engine.demonstrations.cost import measure, power
from engine.demonstrations.counting import Operations, kept, operations
from engine.demonstrations.workbench import Workbench

Make = Callable[..., Workbench]
A, B, ROW = torch.ones(3, 4), torch.ones(4, 5), torch.ones(5)


@pytest.mark.parametrize(
    ("act", "count"),
    [
        (lambda: A @ B, 60),
        (lambda: torch.mm(A, B), 60),
        (lambda: torch.addmm(ROW, A, B), 60),
        (lambda: F.linear(A, B.T), 60),
        (lambda: torch.einsum("ij,jk->ik", A, B), 60),
        (lambda: torch.bmm(A[None], B[None]), 60),
        (lambda: A + A, 12),
        (lambda: A.t().reshape(4, 3)[1:], 0),
        (lambda: torch.cat((A, A)), 0),
        (lambda: A.clone().add_(1), 12),
    ],
)
def test_a_multiply_accumulate_counts_one_and_so_does_a_number_made(act: Callable[[], object], count: int) -> None:
    counter = Operations()

    with counter:
        act()

    assert counter.count == count


def test_an_lstm_does_what_its_formula_says(bench: Make) -> None:
    opened = bench().open("lstm-copy", length=6)
    episode = opened.task.episode(EpisodeWish(seed=0))
    products = 13 * (4 * 8 * (5 + 8) + 8 * 4)

    assert products <= operations(opened, episode) <= products + 13 * 110


@pytest.mark.parametrize(("name", "numbers"), [("lstm-copy", 16), ("gru-copy", 8), ("ntm-copy", 12 * 6 + 2 * 12 + 6 + 16)])
def test_what_steps_keeps_its_state(bench: Make, name: str, numbers: int) -> None:
    opened = bench().open(name, length=6)

    assert kept(opened, opened.task.episode(EpisodeWish(seed=0))) == numbers


def test_a_transformer_keeps_more_with_every_step(bench: Make) -> None:
    short, long = (bench().open("transformer-copy", length=length) for length in (3, 6))
    held = [kept(opened, opened.task.episode(EpisodeWish(seed=0))) for opened in (short, long)]

    assert held[1] * 7 == held[0] * 13


def test_the_power_of_a_square_is_two() -> None:
    assert power({10: 100, 20: 400, 40: 1600}) == pytest.approx(2)


def test_attention_grows_with_the_square_and_nothing_else_does(bench: Make) -> None:
    *_, last = measure(bench(), lengths=(20, 100, 300))

    assert [finding.holds for finding in last.findings] == [True, True]


def test_without_a_transformer_it_cannot_tell(bench: Make) -> None:
    *_, last = measure(bench("ntm-copy", "lstm-copy"), lengths=(5, 10))

    assert [finding.holds for finding in last.findings] == [None, None]


def test_a_record_that_would_be_huge_is_not_made_in_passing(bench: Make) -> None:
    opened = bench().open("transformer-copy", length=300)

    assert kept(opened, opened.task.episode(EpisodeWish(seed=0))) is None
