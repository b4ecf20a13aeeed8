"""The four stages of addressing, held to what the paper says of them."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.blocks import addressing

SEEDS = st.integers(0, 10_000)


def chance(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def lookup(seed: int) -> tuple[Tensor, Tensor]:
    """A memory `(2, 7, 4)` and keys `(2, 3, 4)`."""
    return torch.randn(2, 7, 4, generator=chance(seed)), torch.randn(2, 3, 4, generator=chance(seed + 1))


def weighting(seed: int, slots: int = 7) -> Tensor:
    return torch.softmax(3 * torch.randn(2, 3, slots, generator=chance(seed)), -1)


def one_hot_shift(offset: int) -> Tensor:
    return torch.eye(3)[offset + 1].expand(2, 3, 3)


@given(SEEDS, st.floats(0, 50))
def test_a_content_weighting_is_a_distribution_over_slots(seed: int, strength: float) -> None:
    memory, keys = lookup(seed)

    found = addressing.content_weighting(addressing.similarity(memory, keys), torch.full((2, 3), strength))

    assert (found >= 0).all()
    torch.testing.assert_close(found.sum(-1), torch.ones(2, 3))


@given(SEEDS)
def test_the_similarity_is_the_cosine(seed: int) -> None:
    memory, keys = lookup(seed)

    found = addressing.similarity(memory, keys)

    torch.testing.assert_close(found, torch.cosine_similarity(memory[:, None], keys[:, :, None], -1))


@given(SEEDS, st.floats(0.01, 100))
def test_the_lengths_of_key_and_slot_do_not_matter(seed: int, factor: float) -> None:
    memory, keys = lookup(seed)

    found = addressing.similarity(memory * factor, keys / factor)

    torch.testing.assert_close(found, addressing.similarity(memory, keys), atol=1e-5, rtol=1e-4)


@given(SEEDS)
def test_no_key_strength_makes_every_slot_alike_and_a_large_one_finds_the_best_match(seed: int) -> None:
    memory, keys = lookup(seed)
    alike = addressing.similarity(memory, keys)

    none = addressing.content_weighting(alike, torch.zeros(2, 3))
    large = addressing.content_weighting(alike, torch.full((2, 3), 1e4))

    torch.testing.assert_close(none, torch.full((2, 3, 7), 1 / 7))
    assert (large.argmax(-1) == alike.argmax(-1)).all()


@given(SEEDS, st.permutations(range(7)))
def test_content_addressing_does_not_care_where_a_slot_stands(seed: int, order: list[int]) -> None:
    memory, keys = lookup(seed)

    moved = addressing.similarity(memory[:, order], keys)

    torch.testing.assert_close(moved, addressing.similarity(memory, keys)[..., order])


def test_a_zero_key_and_zero_slots_give_finite_similarities_and_gradients() -> None:
    memory, keys = torch.zeros(2, 7, 4, requires_grad=True), torch.zeros(2, 3, 4, requires_grad=True)

    found = addressing.similarity(memory, keys)
    found.sum().backward()

    assert memory.grad is not None
    assert keys.grad is not None
    assert torch.isfinite(found).all()
    assert torch.isfinite(memory.grad).all()
    assert torch.isfinite(keys.grad).all()


@given(SEEDS)
def test_a_closed_gate_keeps_the_previous_weighting_and_an_open_one_forgets_it(seed: int) -> None:
    content, previous = weighting(seed), weighting(seed + 1)

    closed = addressing.interpolate(content, previous, torch.zeros(2, 3))
    opened = addressing.interpolate(content, previous, torch.ones(2, 3))

    torch.testing.assert_close(closed, previous, atol=0, rtol=0)
    torch.testing.assert_close(opened, content)


@given(SEEDS, st.sampled_from((-1, 0, 1)))
def test_a_shift_by_one_offset_is_a_roll_and_plus_one_goes_forward(seed: int, offset: int) -> None:
    before = weighting(seed)

    after = addressing.shift(before, one_hot_shift(offset))

    torch.testing.assert_close(after, before.roll(offset, -1))


@given(SEEDS)
def test_as_many_shifts_as_there_are_slots_come_round(seed: int) -> None:
    before = weighting(seed)

    after = before
    for _ in range(7):
        after = addressing.shift(after, one_hot_shift(1))

    torch.testing.assert_close(after, before)


@given(SEEDS)
def test_a_shift_keeps_the_sum(seed: int) -> None:
    before, kernel = weighting(seed) * 0.5, torch.softmax(torch.randn(2, 3, 3, generator=chance(seed)), -1)

    after = addressing.shift(before, kernel)

    torch.testing.assert_close(after.sum(-1), before.sum(-1))


@given(SEEDS)
def test_a_wider_shift_moves_by_two(seed: int) -> None:
    before = weighting(seed)

    after = addressing.shift(before, torch.eye(5)[4].expand(2, 3, 5))

    torch.testing.assert_close(after, before.roll(2, -1))


@given(SEEDS)
def test_sharpening_by_one_changes_nothing(seed: int) -> None:
    before = weighting(seed)

    torch.testing.assert_close(addressing.sharpen(before, torch.ones(2, 3)), before)


@given(SEEDS, st.floats(1, 20))
def test_sharpening_never_lowers_the_largest_and_never_moves_it(seed: int, exponent: float) -> None:
    before = weighting(seed)

    after = addressing.sharpen(before, torch.full((2, 3), exponent))

    assert (after.max(-1).values >= before.max(-1).values - 1e-6).all()
    assert (after.argmax(-1) == before.argmax(-1)).all()


def test_sharpening_does_not_underflow() -> None:
    flat = torch.full((1, 1, 512), 1 / 512)

    after = addressing.sharpen(flat, torch.full((1, 1), 50.0))

    torch.testing.assert_close(after.sum(-1), torch.ones(1, 1))
    assert torch.isfinite(after).all()
