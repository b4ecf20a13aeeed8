"""Stories as tensors: what lies in the memory when a question is asked, and how ages are jittered."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.stories.questions import Vocabulary, encode, jittered
from engine.stories.text import Question, Statement, Story


def test_a_memory_holds_the_facts_told_before_the_question_and_no_question() -> None:
    story = Story(
        (
            Statement("mary moved"),
            Question("where is mary?", "garden"),
            Statement("john moved"),
            Question("where is john?", "office"),
        )
    )
    vocabulary = Vocabulary(("garden", "is", "john", "mary", "moved", "office", "where"), 3)

    sentences, ages, present = encode([(1, story)], vocabulary).told(torch.arange(2), 50)

    assert sentences.tolist() == [[[4, 5, 0], [0, 0, 0]], [[4, 5, 0], [3, 5, 0]]]
    assert ages.tolist() == [[1, 0], [2, 1]]
    assert present.tolist() == [[True, False], [True, True]]


def test_of_a_story_longer_than_the_memory_the_newest_facts_stay_each_in_its_slot() -> None:
    names = ("one", "two", "three", "four", "five")
    story = Story((*(Statement(name) for name in names), Question("which?", "five")))

    sentences, ages, _ = encode([(1, story)], Vocabulary((*names, "which"), 1)).told(torch.arange(1), 3)

    assert sentences[0, :, 0].tolist() == [4, 5, 3]
    assert ages.tolist() == [[2, 1, 3]]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.floats(0, 1), st.integers(0, 10**6))
def test_noise_moves_ages_but_keeps_their_order_and_every_sentence(told: list[int], noise: float, seed: int) -> None:
    ages = torch.stack([torch.where(torch.arange(30) < n, n - torch.arange(30), 0) for n in told])

    moved = jittered(ages, noise, 1000, torch.Generator().manual_seed(seed))

    assert torch.equal(moved > 0, ages > 0)
    assert (moved >= ages).all()
    assert (moved[:, :-1] - moved[:, 1:] >= 1)[ages[:, 1:] > 0].all()
    assert (moved.amax(1) <= torch.tensor([n + np.ceil(np.float32(noise) * n) for n in told])).all()


def test_no_age_is_beyond_the_oldest_that_can_be_told() -> None:
    moved = jittered(torch.tensor([[5, 4, 3, 2, 1]] * 50), 1.0, 5, torch.Generator().manual_seed(0))

    assert moved.max() == 5
