"""The order of writing: what is true of it whatever was written."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.blocks import links

SEEDS = st.integers(0, 10_000)
SLOTS = 5


def history(seed: int, steps: int) -> tuple[Tensor, Tensor]:
    """Links and precedence after some writes that sum to at most 1 each."""
    chance = torch.Generator().manual_seed(seed)
    link, last = torch.zeros(2, SLOTS, SLOTS), torch.zeros(2, SLOTS)
    for _ in range(steps):
        sharp = 20 * torch.rand(2, 1, generator=chance)
        where = torch.softmax(sharp * torch.randn(2, SLOTS, generator=chance), -1)
        link, last = written(link, last, where * torch.rand(2, 1, generator=chance))
    return link, last


def written(link: Tensor, last: Tensor, where: Tensor) -> tuple[Tensor, Tensor]:
    return links.links(link, where, last), links.precedence(last, where)


def on(slot: int) -> Tensor:
    return torch.eye(SLOTS)[slot].expand(2, SLOTS)


@given(SEEDS, st.integers(0, 12))
def test_links_are_shares_and_no_slot_follows_itself(seed: int, steps: int) -> None:
    link, last = history(seed, steps)

    assert (link >= -1e-6).all()
    assert (link <= 1 + 1e-6).all()
    assert torch.equal(link.diagonal(dim1=-2, dim2=-1), torch.zeros(2, SLOTS))
    assert (last.sum(-1) <= 1 + 1e-5).all()


@given(SEEDS, st.integers(0, 12))
def test_rows_and_columns_sum_to_at_most_one(seed: int, steps: int) -> None:
    link, _ = history(seed, steps)

    assert (link.sum(-1) <= 1 + 1e-5).all()
    assert (link.sum(-2) <= 1 + 1e-5).all()


@given(SEEDS, st.integers(0, 8))
def test_writing_nothing_changes_nothing(seed: int, steps: int) -> None:
    link, last = history(seed, steps)

    again, still = written(link, last, torch.zeros(2, SLOTS))

    assert torch.equal(again, link)
    assert torch.equal(still, last)


@given(SEEDS, st.integers(0, 8), st.permutations(range(SLOTS)))
def test_after_two_writes_reads_can_follow_them_both_ways(seed: int, steps: int, order: list[int]) -> None:
    first, second, *_ = order
    link, last = history(seed, steps)

    for slot in (first, second):
        link, last = written(link, last, on(slot))

    assert torch.equal(link[:, second, first], torch.ones(2))
    torch.testing.assert_close(links.forward(link, on(first).unsqueeze(1))[:, 0, second], torch.ones(2))
    torch.testing.assert_close(links.backward(link, on(second).unsqueeze(1))[:, 0], on(first))


def test_a_chain_of_writes_is_walked_from_end_to_end() -> None:
    link, last = torch.zeros(2, SLOTS, SLOTS), torch.zeros(2, SLOTS)
    for slot in (3, 0, 4, 1):
        link, last = written(link, last, on(slot))

    walked, where = [], on(3).unsqueeze(1)
    for _ in range(3):
        where = links.forward(link, where)
        walked.append(int(where[0, 0].argmax()))

    assert walked == [0, 4, 1]


def test_a_slot_written_anew_forgets_what_it_followed() -> None:
    link, last = torch.zeros(2, SLOTS, SLOTS), torch.zeros(2, SLOTS)
    for slot in (0, 1, 2, 1):
        link, last = written(link, last, on(slot))

    assert link[0, 1].tolist() == [0, 0, 1, 0, 0]
    assert link[0, 2].tolist() == [0, 0, 0, 0, 0]
