"""Usage and allocation: what is true of them whatever the numbers."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.blocks import allocation

SEEDS = st.integers(0, 10_000)


def uniform(seed: int, *shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """Numbers in [0, 1], some of them exactly 0 or 1."""
    drawn = torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)
    return (1.6 * drawn - 0.3).clamp(0, 1)


@given(SEEDS, st.integers(1, 12), st.integers(1, 3))
def test_usage_stays_between_nothing_and_everything(seed: int, slots: int, heads: int) -> None:
    kept = allocation.retention(uniform(seed, 2, heads), uniform(seed + 1, 2, heads, slots))

    used = allocation.usage(uniform(seed + 2, 2, slots), uniform(seed + 3, 2, slots), kept)

    assert (used >= 0).all()
    assert (used <= 1 + 1e-6).all()


@given(SEEDS, st.integers(0, 5))
def test_a_slot_that_was_read_and_is_freed_is_in_use_no_more(seed: int, slot: int) -> None:
    free, read = torch.ones(1, 1), torch.eye(6)[slot].expand(1, 1, 6)

    used = allocation.usage(uniform(seed, 1, 6), uniform(seed + 1, 1, 6), allocation.retention(free, read))

    assert used[0, slot] == 0


@given(SEEDS)
def test_what_no_head_frees_is_kept(seed: int) -> None:
    kept = allocation.retention(torch.zeros(2, 3), uniform(seed, 2, 3, 5))

    assert torch.equal(kept, torch.ones(2, 5))


def test_one_of_two_heads_is_enough_to_free_a_slot() -> None:
    read = torch.stack((torch.eye(4)[0], torch.eye(4)[2])).unsqueeze(0)

    kept = allocation.retention(torch.tensor([[1.0, 0.5]]), read)

    assert kept.tolist() == [[0.0, 1.0, 0.5, 1.0]]


@given(SEEDS, st.integers(1, 12))
def test_an_allocation_weighting_sums_to_at_most_one(seed: int, slots: int) -> None:
    free = allocation.allocation(uniform(seed, 2, slots))

    assert (free >= 0).all()
    assert (free.sum(-1) <= 1 + 1e-5).all()


@given(SEEDS, st.integers(1, 12), st.data())
def test_it_sums_to_one_while_a_slot_is_free(seed: int, slots: int, data: st.DataObject) -> None:
    used = uniform(seed, 1, slots)
    used[0, data.draw(st.integers(0, slots - 1))] = 0

    free = allocation.allocation(used)

    assert float(free.sum()) == pytest.approx(1, abs=1e-3)


@given(SEEDS, st.integers(2, 12))
def test_the_least_used_slot_is_allocated_first(seed: int, slots: int) -> None:
    used = torch.rand(1, slots, generator=torch.Generator().manual_seed(seed)) * 0.999

    free = allocation.allocation(used)

    assert int(free.argmax()) == int(used.argmin())


def test_slots_used_alike_are_taken_in_the_order_of_their_numbers() -> None:
    free = allocation.allocation(torch.tensor([[1.0, 0.0, 0.0, 0.0]]))

    torch.testing.assert_close(free, torch.tensor([[0.0, 1.0, 0.0, 0.0]]), atol=1e-5, rtol=0)


def test_nothing_is_allocated_when_every_slot_is_in_use() -> None:
    assert float(allocation.allocation(torch.ones(1, 5)).sum()) == pytest.approx(0, abs=1e-6)


@given(SEEDS, st.integers(1, 8))
def test_it_equals_the_sum_written_out_slot_by_slot(seed: int, slots: int) -> None:
    used = uniform(seed, 1, slots)
    lifted = (allocation.LEAST + (1 - allocation.LEAST) * used[0]).tolist()
    order = sorted(range(slots), key=lambda slot: (lifted[slot], slot))

    expected, taken = [0.0] * slots, 1.0
    for slot in order:
        expected[slot] = (1 - lifted[slot]) * taken
        taken *= lifted[slot]

    torch.testing.assert_close(allocation.allocation(used)[0], torch.tensor(expected), atol=1e-6, rtol=1e-5)


@given(SEEDS)
def test_gradients_agree_with_finite_differences(seed: int) -> None:
    chance = torch.Generator().manual_seed(seed)
    used = (torch.randperm(6, generator=chance).double() / 7 + 0.07).unsqueeze(0).requires_grad_()

    assert torch.autograd.gradcheck(allocation.allocation, (used,))


def test_slots_that_are_wholly_free_or_taken_have_finite_gradients() -> None:
    used = torch.tensor([[0.0, 1.0, 0.0, 1.0, 0.5]], requires_grad=True)

    allocation.allocation(used).square().sum().backward()

    assert used.grad is not None
    assert torch.isfinite(used.grad).all()
