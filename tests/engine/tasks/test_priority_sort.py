"""Priority sort: what is asked for, the priorities on the tape, and the sentence for what cannot be used."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks.seeding import generator
from engine.contract.cards import Value, read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks.base import BadInputError, SequenceBatch
from engine.tasks.priority_sort import ENTRY, SortRules
from engine.tasks.sequence import SequenceTask


def rules(**wished: Value) -> SortRules:
    return SortRules(read_settings(ENTRY.card.settings, wished))


def own(text: str, **wished: Value) -> SequenceBatch:
    episode = SequenceTask("priority-sort", rules(**wished)).episode(EpisodeWish(own=text))
    assert isinstance(episode, SequenceBatch)
    return episode


def test_an_episode_shows_vectors_with_priorities_and_asks_for_the_highest() -> None:
    batch = own("10@-0.5 01@0.9 11@.2 00@-1", bits=2, items=4, answers=2)

    assert batch.inputs[:, 0, :3].tolist() == [[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]]
    assert batch.inputs[:, 0, 3].tolist() == pytest.approx([-0.5, 0.9, 0.2, -1, 0, 0, 0])
    assert batch.targets[5:, 0].tolist() == [[0, 1], [1, 1]]
    assert batch.scored.tolist() == [0, 0, 0, 0, 0, 1, 1]


@given(items=st.integers(2, 12), seed=st.integers(0, 10_000), data=st.data())
def test_the_target_is_what_sorting_by_hand_gives(items: int, seed: int, data: st.DataObject) -> None:
    answers = data.draw(st.integers(1, items))
    batch = rules(items=items, answers=answers).draw((items, answers), 2, generator("a", seed))

    shown = batch.inputs[:items, 1]
    by_hand = sorted(shown.tolist(), key=lambda row: -row[9])[:answers]
    assert batch.steps == items + 1 + answers
    assert batch.targets[items + 1 :, 1].tolist() == [row[:8] for row in by_hand]


def test_priorities_lie_between_minus_one_and_one_on_both_sides_of_zero() -> None:
    batch = rules().draw((20, 16), 50, generator("a"))

    priorities = batch.inputs[:20, :, 9]

    assert -1 <= float(priorities.min()) < -0.9
    assert 0.9 < float(priorities.max()) <= 1


def test_the_tape_shows_each_priority_where_its_vector_is_shown() -> None:
    batch = own("10@-0.5 01@0.75", bits=2, items=2, answers=1)

    shown = SequenceTask("priority-sort", rules(bits=2, items=2, answers=1)).show(batch, torch.zeros_like(batch.targets))

    np.testing.assert_array_equal(shown.arrays["tape.priority"], [-0.5, 0.75, np.nan, np.nan])
    assert shown.arrays["tape.input"].shape == (4, 3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("10", "one vector alone has no order; give at least two"),
        ("10@2 01", "vector 1 (10@2): its priority, after the @, should be a number between -1 and 1"),
        ("10 01@", "vector 2 (01@): its priority, after the @, should be a number between -1 and 1"),
        ("10 01@nan", "vector 2 (01@nan): its priority, after the @, should be a number between -1 and 1"),
        ("10 0x@1", "vector 2 (0x): 'x' is neither 0 nor 1"),
    ],
)
def test_an_input_that_cannot_be_used_is_named(text: str, sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        own(text, bits=2)

    assert str(refused.value) == sentence


def test_more_answers_than_items_are_refused() -> None:
    with pytest.raises(BadInputError, match="answers: 16 vectors cannot be said of 8 that are shown"):
        rules(items=8)
