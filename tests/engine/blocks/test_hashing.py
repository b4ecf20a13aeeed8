"""Key hashing: which keys share a rare word with a question."""

import torch

from engine.blocks.hashing import shares_of_keys, sharing_a_rare_word


def found(keys: list[list[int]], question: list[int], common: tuple[int, ...] = ()) -> list[bool]:
    is_rare = torch.tensor([word not in common for word in range(10)])
    return sharing_a_rare_word(torch.tensor([keys]), torch.tensor([question]), is_rare)[0].tolist()


def test_a_key_is_found_by_a_word_that_it_shares_with_the_question() -> None:
    assert found([[1, 2], [3, 4], [5, 1]], [9, 1, 0]) == [True, False, True]


def test_a_common_word_finds_none() -> None:
    assert found([[1, 2], [3, 4], [5, 1]], [9, 1, 0], common=(1,)) == [False, False, False]
    assert found([[1, 2], [3, 4], [5, 1]], [1, 4, 0], common=(1,)) == [False, True, False]


def test_no_word_is_shared_by_empty_keys_and_a_short_question() -> None:
    assert found([[0, 0], [3, 0]], [7, 0, 0]) == [False, False]


def test_the_share_of_a_word_counts_each_key_once_and_only_those_that_are_there() -> None:
    keys = torch.tensor([[[1, 1], [1, 2]], [[2, 3], [4, 4]]])

    shares = shares_of_keys(keys, torch.tensor([[True, True], [True, False]]), 6)

    torch.testing.assert_close(shares[1:], torch.tensor([2 / 3, 2 / 3, 1 / 3, 0.0, 0.0]))
