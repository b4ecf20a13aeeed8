"""Reading, erasing and adding."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.blocks import memory

SEEDS = st.integers(0, 10_000)


def chance(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def some(seed: int, *shape: int) -> Tensor:
    return torch.randn(shape, generator=chance(seed))


def on_slot(slot: int) -> Tensor:
    return torch.eye(6)[slot].expand(2, 1, 6)


@given(SEEDS, st.integers(0, 5))
def test_reading_one_slot_gives_that_slot(seed: int, slot: int) -> None:
    contents = some(seed, 2, 6, 4)

    torch.testing.assert_close(memory.read(contents, on_slot(slot))[:, 0], contents[:, slot])


@given(SEEDS)
def test_what_is_read_lies_between_the_slots(seed: int) -> None:
    contents, weighting = some(seed, 2, 6, 4), torch.softmax(some(seed + 1, 2, 3, 6), -1)

    found = memory.read(contents, weighting)

    assert (found <= contents.max(1, keepdim=True).values + 1e-6).all()
    assert (found >= contents.min(1, keepdim=True).values - 1e-6).all()


@given(SEEDS, st.integers(0, 5))
def test_a_full_write_replaces_its_slot_and_leaves_the_others(seed: int, slot: int) -> None:
    contents, add = some(seed, 2, 6, 4), some(seed + 1, 2, 1, 4)

    after = memory.write(contents, on_slot(slot), torch.ones(2, 1, 4), add)

    others = [other for other in range(6) if other != slot]
    assert torch.equal(after[:, slot], add[:, 0])
    assert torch.equal(after[:, others], contents[:, others])


@given(SEEDS)
def test_erasing_by_zero_and_adding_zero_changes_nothing(seed: int) -> None:
    contents, weighting = some(seed, 2, 6, 4), torch.softmax(some(seed + 1, 2, 2, 6), -1)

    assert torch.equal(memory.write(contents, weighting, torch.zeros(2, 2, 4), torch.zeros(2, 2, 4)), contents)


@given(SEEDS)
def test_the_order_of_two_write_heads_does_not_matter(seed: int) -> None:
    contents, weighting = some(seed, 2, 6, 4), torch.softmax(some(seed + 1, 2, 2, 6), -1)
    erase, add = torch.sigmoid(some(seed + 2, 2, 2, 4)), some(seed + 3, 2, 2, 4)

    one = memory.write(contents, weighting, erase, add)
    other = memory.write(contents, weighting.flip(1), erase.flip(1), add.flip(1))

    torch.testing.assert_close(one, other)


def test_a_blank_memory_is_the_same_however_many_slots_it_has() -> None:
    assert torch.equal(memory.blank(1, 9, 4)[:, :5], memory.blank(1, 5, 4))


def test_a_scattered_memory_has_the_same_slots_however_many_there_are() -> None:
    assert torch.equal(memory.scattered(1, 9, 4, 0.1)[:, :5], memory.scattered(1, 5, 4, 0.1))
    assert memory.scattered(1, 9, 4, 0.1).abs().max() <= 0.1
