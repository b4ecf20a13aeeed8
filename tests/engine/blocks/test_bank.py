"""The growing memory: stores in order, finds what is alike, and says what it does when it is full."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks.bank import MANY, Bank
from engine.blocks.writing_controller import WritingController

KEYS = torch.randn(9, 5, generator=torch.Generator().manual_seed(0))


def filled(count: int, slots: int = 9) -> Bank:
    """A memory with `count` pairs, each presented in turn."""
    bank = Bank(slots, 5, 2, {"past": (3,)})
    for number in range(count):
        bank.presented += 1
        bank.append(KEYS[number], torch.full((2,), float(number)), {"past": torch.full((3,), float(number))}, number, 0.0)
    return bank


def test_a_stored_key_finds_itself_first() -> None:
    bank = filled(6)

    found = bank.nearest(3 * KEYS[:6], 2)

    assert found.slot[:, 0].tolist() == list(range(6))
    assert found.likeness[:, 0].tolist() == pytest.approx([1.0] * 6, abs=1e-6)
    assert bool((found.likeness[:, 0] >= found.likeness[:, 1]).all())


@given(st.integers(1, 9), st.floats(0.01, 100))
def test_likeness_lies_between_minus_one_and_one_and_not_in_the_length_of_a_key(count: int, factor: float) -> None:
    bank = filled(count)

    found, scaled = bank.likeness(KEYS), bank.likeness(factor * KEYS)

    assert float(found.abs().max()) <= 1
    torch.testing.assert_close(scaled, found, atol=1e-5, rtol=1e-5)
    assert not found[:, count:].any()


@given(st.integers(0, 9), st.integers(1, 12))
def test_fewer_slots_than_asked_for_give_fewer_and_each_once(count: int, most: int) -> None:
    found = filled(count).nearest(KEYS[:2], most)

    assert found.slot.shape == (2, min(count, most))
    assert [len(set(row)) for row in found.slot.tolist()] == [min(count, most)] * 2


@given(st.integers(1, 9), st.integers(1, 8))
def test_what_is_found_with_one_more_begins_with_what_was_found(count: int, most: int) -> None:
    bank = filled(count)

    fewer, more = bank.nearest(KEYS, most), bank.nearest(KEYS, most + 1)

    assert torch.equal(fewer.slot, more.slot[:, : fewer.slot.shape[1]])


def test_a_full_memory_refuses_or_replaces_what_was_least_often_best() -> None:
    bank = filled(4, slots=4)
    bank.note_use(torch.tensor([0, 1, 2]), torch.tensor(0))
    one = torch.ones(5), torch.ones(2), {"past": torch.ones(3)}, 7.0, 0.0

    assert bank.append(*one) == (-1, -1)
    assert bank.append(*one, when_full="replace") == (1, 1)
    assert (bank.rows, bank.sample.tolist()) == (4, [0.0, 7.0, 2.0, 3.0])


def test_in_a_copy_to_work_on_nothing_is_written_over() -> None:
    bank = filled(4, slots=4)

    grown = bank.grown(3)
    place, gone = grown.append(torch.ones(5), torch.ones(2), {"past": torch.ones(3)}, 7.0, 0.0, "replace")

    assert (place, gone, grown.rows, bank.rows, bank.room) == (4, 0, 4, 4, 4)
    assert torch.equal(grown.keys[:4], bank.keys)
    assert grown.alive.tolist() == [0, 1, 1, 1, 1, 0, 0]
    assert 0 not in grown.nearest(KEYS[:1], 4).slot.tolist()[0]


def test_clearing_forgets_everything() -> None:
    bank, new = filled(5), Bank(9, 5, 2, {"past": (3,)})

    bank.clear()

    assert all(torch.equal(one, other) for one, other in zip(bank.buffers(), new.buffers(), strict=True))


@given(st.floats(0, 1), st.floats(-12, -0.5), st.floats(0.1, 6))
def test_the_controller_stores_what_lies_below_its_threshold(success: float, weight: float, bias: float) -> None:
    controller = WritingController(weight, bias)

    probability = float(controller(torch.tensor([success])).detach())

    if abs(success - controller.threshold) > 1e-4:
        assert (probability > 0.5) == (success < controller.threshold)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-12, -0.5), st.floats(0.1, 6))
def test_the_better_a_sample_is_known_the_less_is_it_worth(one: float, other: float, weight: float, bias: float) -> None:
    said = WritingController(weight, bias)(torch.tensor([min(one, other), max(one, other)])).detach()

    assert float(said[1]) <= float(said[0])


@given(st.floats(0, 1), st.floats(0, 1))
def test_its_loss_is_that_of_the_paper(probability: float, success: float) -> None:
    p, a = torch.tensor([probability]), torch.tensor([success])

    loss = WritingController.loss(p, a)

    assert 0 <= float(loss) <= 1 + 1e-6
    torch.testing.assert_close(loss, ((1 - p) * (1 - a) + p * (1 - (1 - a))).mean())


def test_in_a_memory_of_very_many_slots_the_same_are_found_and_none_that_is_gone() -> None:
    chance = torch.Generator().manual_seed(4)
    bank, key = Bank(MANY + 900, 6, 2), torch.randn(3, 6, generator=chance)
    bank.keys.normal_(generator=chance)
    bank.alive[: MANY + 800] = 1
    bank.alive[bank.nearest(key, 2).slot[:, 0]] = 0

    found = bank.nearest(key, 20)
    cosine = torch.nn.functional.cosine_similarity(key[:, None], bank.keys[None], dim=-1)
    wanted = torch.where(bank.alive > 0, cosine, torch.tensor(-9.0)).sort(dim=-1, descending=True)

    assert bank.rows < MANY + 800
    assert torch.equal(found.slot, wanted.indices[:, :20])
    torch.testing.assert_close(found.likeness, wanted.values[:, :20])
