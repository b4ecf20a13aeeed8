"""Key hashing: which keys share a rare word with a question."""

import torch

from engine.blocks.hashing import sharing_a_rare_word


def found(keys: list[list[int]], question: list[int], rare: int) -> list[bool]:
    return sharing_a_rare_word(torch.tensor([keys]), torch.tensor([question]), rare)[0].tolist()


def test_a_key_is_found_by_a_word_that_it_shares_with_the_question() -> None:
    assert found([[1, 2], [3, 4], [5, 1]], [9, 1, 0], rare=2) == [True, False, True]


def test_a_word_that_more_keys_have_finds_none() -> None:
    assert found([[1, 2], [3, 4], [5, 1]], [9, 1, 0], rare=1) == [False, False, False]
    assert found([[1, 2], [3, 4], [5, 1]], [1, 4, 0], rare=1) == [False, True, False]


def test_a_word_that_a_key_has_twice_counts_once() -> None:
    assert found([[1, 1], [3, 4]], [1, 0], rare=1) == [True, False]


def test_no_word_is_shared_by_empty_keys_and_a_short_question() -> None:
    assert found([[0, 0], [3, 0]], [7, 0, 0], rare=5) == [False, False]
