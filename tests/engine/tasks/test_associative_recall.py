"""Associative recall: the layout of an episode, which item is asked for, and the sentence for what cannot be used."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks.seeding import generator
from engine.contract.cards import Value, read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks.associative_recall import ENTRY, RecallRules
from engine.tasks.base import BadInputError, SequenceBatch
from engine.tasks.sequence import SequenceTask


def rules(**wished: Value) -> RecallRules:
    return RecallRules(read_settings(ENTRY.card.settings, wished))


def own(text: str, **wished: Value) -> SequenceBatch:
    episode = SequenceTask("associative-recall", rules(**wished)).episode(EpisodeWish(own=text))
    assert isinstance(episode, SequenceBatch)
    return episode


def test_an_episode_shows_items_asks_for_one_and_waits_for_the_next() -> None:
    batch = own("10 11 01 00 11 10 ?2", bits=2, item_length=2)

    shown = ["".join(str(int(bit)) for bit in row) for row in batch.inputs[:, 0].tolist()]
    assert shown == [
        *["0010", "1000", "1100"],
        *["0010", "0100", "0000"],
        *["0010", "1100", "1000"],
        *["0001", "0100", "0000", "0001"],
        *["0000", "0000"],
    ]
    assert batch.targets[-2:, 0].tolist() == [[1, 1], [1, 0]]
    assert batch.scored.tolist() == [*[0] * 13, 1, 1]


@given(items=st.integers(2, 9), seed=st.integers(0, 10_000))
def test_the_target_is_the_item_after_the_one_asked_for(items: int, seed: int) -> None:
    batch = rules().draw((items,), 3, generator("a", seed))

    assert batch.steps == 4 * items + 8
    vectors = batch.inputs[: 4 * items, :, :6].view(items, 4, 3, 6)[:, 1:]
    query = batch.inputs[4 * items + 1 : 4 * items + 4, :, :6]
    found = [
        [
            n
            for n in range(items - 1)
            if torch.equal(vectors[n, :, b], query[:, b]) and torch.equal(vectors[n + 1, :, b], batch.targets[-3:, b])
        ]
        for b in range(3)
    ]
    assert all(found)


def test_every_item_but_the_last_is_asked_for() -> None:
    made = rules(bits=20)
    drawn = made.draw((4,), 80, generator("a"))
    items, query = drawn.inputs[1:16:4, :, :20], drawn.inputs[17, :, :20]

    asked = (items == query).all(-1).float().argmax(0)

    assert set(asked.tolist()) == {0, 1, 2}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("10 11 01", "3 vectors cannot be parted into items of 2, at least two of them"),
        ("10 11", "2 vectors cannot be parted into items of 2, at least two of them"),
        ("10 11 01 00 ?2", "?2: only an item with another after it can be asked for, 1 to 1"),
        ("10 11 01 00 ?0", "?0: only an item with another after it can be asked for, 1 to 1"),
        ("10 11 01 0", "vector 4 (0): it has 1 bit, and should have 2"),
    ],
)
def test_an_input_that_cannot_be_used_is_named(text: str, sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        own(text, bits=2, item_length=2)

    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("wished", "sentence"),
    [
        ({"min_items": 5, "max_items": 4}, "min_items: 5 is more than max_items, which is 4"),
        ({"items": 1}, "items: of one item alone none comes after another; at least 2 are needed, or 0 to draw them"),
    ],
)
def test_sizes_that_cannot_work_are_refused(wished: dict[str, Value], sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        rules(**wished)

    assert str(refused.value) == sentence
