"""Repeat copy: the layout of an episode, how the number is told, and the sentence for each input that cannot be used."""

import pytest
import torch

from engine.blocks.seeding import generator
from engine.contract.cards import Value, read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks.base import BadInputError, SequenceBatch
from engine.tasks.repeat_copy import ENTRY, RepeatCopyRules
from engine.tasks.sequence import SequenceTask


def rules(**wished: Value) -> RepeatCopyRules:
    return RepeatCopyRules(read_settings(ENTRY.card.settings, wished))


def own(text: str, **wished: Value) -> SequenceBatch:
    episode = SequenceTask("repeat-copy", rules(**wished)).episode(EpisodeWish(own=text))
    assert isinstance(episode, SequenceBatch)
    return episode


def test_an_episode_shows_delimits_tells_the_number_and_asks_so_often() -> None:
    batch = own("10 01 11 ×2", bits=2)

    assert batch.inputs[:, 0, :3].tolist() == [[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1], *[[0, 0, 0]] * 8]
    assert batch.inputs[:, 0, 3].nonzero().flatten().tolist() == [4]
    assert batch.targets[5:, 0].tolist() == [*[[1, 0, 0], [0, 1, 0], [1, 1, 0]] * 2, [0, 0, 1]]
    assert batch.scored.tolist() == [*[0] * 5, *[1] * 7]


def test_the_numbers_that_training_draws_are_told_with_mean_0_and_variance_1() -> None:
    told = torch.tensor([rules().number(repeats) for repeats in range(1, 11)])

    assert float(told.mean()) == pytest.approx(0, abs=1e-6)
    assert float(told.var(correction=0)) == pytest.approx(1, abs=1e-6)
    assert rules().number(10) == pytest.approx(4.5 / 2.8723, abs=1e-4)


def test_more_repeats_than_in_training_are_told_on_the_scale_of_the_training() -> None:
    assert rules(repeats=20).number(20) == pytest.approx(14.5 / 2.8723, abs=1e-3)


def test_lengths_and_repeats_are_drawn_each_from_its_own_range() -> None:
    made = rules(min_length=2, max_length=3, min_repeats=4, max_repeats=5)

    sizes = {made.draw_size(generator("a", number)) for number in range(60)}

    assert sizes == {(2, 4), (2, 5), (3, 4), (3, 5)}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("10 ×0", "×0: the vectors can be asked for between 1 and 100 times"),
        ("10 x101", "×101: the vectors can be asked for between 1 and 100 times"),
        ("10 101", "vector 2 (101): it has 3 bits, and should have 2"),
        (" ×3", "there is no vector to repeat; give at least one of 2 bits"),
        ("10 x", "vector 2 (x): 'x' is neither 0 nor 1"),
    ],
)
def test_an_input_that_cannot_be_used_is_named(text: str, sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        own(text, bits=2)

    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("wished", "sentence"),
    [
        ({"min_length": 4, "max_length": 3}, "min_length: 4 is more than max_length, which is 3"),
        ({"min_repeats": 4, "max_repeats": 3}, "min_repeats: 4 is more than max_repeats, which is 3"),
    ],
)
def test_a_range_that_is_upside_down_is_refused(wished: dict[str, Value], sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        rules(**wished)

    assert str(refused.value) == sentence
