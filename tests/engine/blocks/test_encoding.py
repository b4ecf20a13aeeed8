"""Words into vectors: sums over a sentence, and what the place of a word does to them."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks.encoding import Positions, position_weights, sentence_vectors

FORMS: tuple[Positions, ...] = ("code", "paper")


def words(seed: int, shape: tuple[int, ...], most: int = 9) -> torch.Tensor:
    return torch.randint(0, most, shape, generator=torch.Generator().manual_seed(seed))


def table(seed: int, width: int = 5) -> torch.Tensor:
    made = torch.randn(9, width, generator=torch.Generator().manual_seed(seed))
    made[0] = 0.0
    return made


@given(st.integers(0, 1000), st.sampled_from(["code", "paper", "none"]))
def test_a_sentence_is_the_weighted_sum_of_its_words(seed: int, positions: Positions) -> None:
    said, vectors, weights = words(seed, (2, 3, 4)), table(seed), position_weights(positions, 4, 5)

    expected = (vectors[said] * weights).sum(-2)

    torch.testing.assert_close(sentence_vectors(said, vectors, weights), expected)


@given(st.integers(0, 1000))
def test_in_a_bag_of_words_their_order_does_not_count(seed: int) -> None:
    said, vectors, weights = words(seed, (6, 4)), table(seed), position_weights("none", 4, 5)

    torch.testing.assert_close(sentence_vectors(said.flip(-1), vectors, weights), sentence_vectors(said, vectors, weights))


@pytest.mark.parametrize("positions", FORMS)
def test_with_positions_the_order_of_words_counts(positions: Positions) -> None:
    said, vectors, weights = torch.tensor([[1, 2, 0, 0]]), table(0), position_weights(positions, 4, 5)

    turned = sentence_vectors(said[:, [1, 0, 2, 3]], vectors, weights)

    assert (turned - sentence_vectors(said, vectors, weights)).abs().max() > 1e-3


@pytest.mark.parametrize("positions", FORMS)
def test_no_word_adds_nothing(positions: Positions) -> None:
    vectors, weights = table(0), position_weights(positions, 6, 5)

    padded = sentence_vectors(torch.tensor([[3, 4, 0, 0, 0, 0]]), vectors, weights)

    torch.testing.assert_close(padded, sentence_vectors(torch.tensor([[3, 4]]), vectors, weights))


def test_the_form_of_the_program_has_mean_one() -> None:
    assert position_weights("code", 7, 20).mean().item() == pytest.approx(1.0)


def test_the_form_of_the_paper_is_as_printed() -> None:
    weights = position_weights("paper", 4, 10)

    assert weights[0, 0].item() == pytest.approx((1 - 1 / 4) - (1 / 10) * (1 - 2 / 4))
    assert weights[3, 9].item() == pytest.approx((1 - 4 / 4) - (10 / 10) * (1 - 2 * 4 / 4))
