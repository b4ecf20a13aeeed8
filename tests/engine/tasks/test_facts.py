"""Facts about films as a task: its batches, why its answers must be read from memory, a bank of one's own."""

from collections import Counter, defaultdict
from typing import Any

import pytest
import torch

from engine.blocks.seeding import generator
from engine.contract.cards import read_settings
from engine.contract.messages import EpisodeWish
from engine.stories.films import FORMS
from engine.tasks.base import BadInputError, StoryBatch, StoryEpisode
from engine.tasks.facts import ENTRY, Facts

OWN = """Ambergate was directed by Ashberg.
Ashberg directed Ambergate.
Who directed Ambergate?\tAshberg
In what does Ashberg play?"""


def facts(**wished: Any) -> Facts:
    made = ENTRY.build(read_settings(ENTRY.card.settings, wished), {}, None)
    assert isinstance(made, Facts)
    return made


def drawn(task: Facts, size: int = 50, purpose: str = "a") -> StoryBatch:
    batch = task.batch(size, generator(purpose))
    assert isinstance(batch, StoryBatch)
    return batch


def episode(task: Facts, seed: int = 0, own: str = "") -> StoryEpisode:
    made = task.episode(EpisodeWish(seed=seed, own=own))
    assert isinstance(made, StoryEpisode)
    return made


def test_the_answer_is_the_value_of_the_fact_that_supports_it() -> None:
    batch = drawn(facts())

    assert batch.values is not None
    found = batch.values[torch.arange(50), batch.supports[:, 0], 0]
    assert (found - 1).tolist() == batch.answer.tolist()


def test_each_key_with_its_value_stands_in_the_sentence_of_the_slot() -> None:
    batch = drawn(facts(), 3)

    assert batch.keys is not None
    assert batch.values is not None
    first, sentence = batch.keys[..., :1], batch.sentences
    assert (sentence == first).any(-1).all()
    assert (sentence == batch.values[..., :1]).any(-1).all()


def test_a_guess_from_the_question_alone_is_hardly_better_than_chance() -> None:
    """The commonest answer of each form (with eight kinds, thirty years, 48 people and films, a little over 4 % are right), and
    that of each question as it is worded, learnt from 20,000 questions and tested on 4,000 about other banks."""
    task = facts()
    seen, test = drawn(task, 20_000, "seen"), drawn(task, 4000, "test")
    by_form: dict[object, Counter[int]] = defaultdict(Counter)
    by_question: dict[object, Counter[int]] = defaultdict(Counter)
    for form, question, answer in zip(seen.group.tolist(), seen.question.tolist(), seen.answer.tolist(), strict=True):
        by_form[form][answer] += 1
        by_question[tuple(question)][answer] += 1

    guesses = [by_form[form].most_common(1)[0][0] for form in test.group.tolist()]
    learnt = [by_question[tuple(question)].most_common(1) for question in test.question.tolist()]
    right = [guess == answer for guess, answer in zip(guesses, test.answer.tolist(), strict=True)]
    right_by_question = [bool(best) and best[0][0] == a for best, a in zip(learnt, test.answer.tolist(), strict=True)]

    assert sum(right) / 4000 < 0.06
    assert sum(right_by_question) / 4000 < 0.06


def test_facts_have_no_age() -> None:
    assert not drawn(facts()).ages.any()
    assert not episode(facts()).batch.ages.any()


def test_films_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadInputError, match="at most 6 films fit"):
        facts(films=7, slots=48)


def test_an_episode_tells_its_bank_and_then_asks() -> None:
    shown = episode(facts(films=2, asks=3))

    assert [row for row in shown.lines if row is not None] == [0, 1, 2]
    assert [slot for slot in shown.slots if slot is not None] == list(range(16))
    assert shown.lines[-3:] == (0, 1, 2)
    assert shown.keys is not None
    assert shown.keys.any(-1).tolist() == [True] * 16 + [False] * 3


def test_the_first_seed_and_another_tell_other_banks() -> None:
    task = facts()

    assert episode(task, 0).texts == episode(task, 0).texts
    assert episode(task, 0).texts != episode(task, 1).texts


def test_each_slot_shows_its_key_and_its_value() -> None:
    task = facts(films=1, asks=1)
    shown = task.show(episode(task, own=OWN), torch.zeros(2, task.interface["answers"]))

    key, value = (shown.arrays[f"facts.{side}"][:, 0] for side in ("key", "value"))
    assert shown.labels["facts.key"][int(key[0])] == "Ambergate directed by"
    assert shown.labels["facts.value"][int(value[0])] == "Ashberg"
    assert shown.arrays["facts.key"][0].tolist() == [0, *[-1] * 47]


def test_a_question_of_ones_own_may_come_without_an_answer() -> None:
    own = episode(facts(), own=OWN)

    assert own.batch.answer.tolist() == [own.batch.answer[0], -1]
    assert own.batch.present.sum(1).tolist() == [2, 2]


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ("Ambergate was made by Ashberg.\nWho directed Ambergate?", "line 1: the word 'made' is not known"),
        ("Ambergate directed Ashberg.\nWho directed Ambergate?", "line 1: this tells no fact that the bank can hold"),
        ("Ambergate is a Comedy.\nWho directed Sunset?", "line 2: the word 'sunset' is not known"),
        ("Ambergate is a Comedy.\n" * 49 + "Who directed Ambergate?", "there are 49 facts, and the bank holds 48"),
    ],
)
def test_what_the_bank_cannot_hold_is_refused_in_a_sentence(own: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        episode(facts(), own=own)


def test_a_score_is_parted_by_relation() -> None:
    task = facts()
    batch = drawn(task, 200)

    scores = task.score(torch.nn.functional.one_hot(batch.answer, task.interface["answers"]).float(), batch)

    assert set(scores) == {"error", *(f"by_relation.{form.name}" for form in FORMS)}
    assert not scores["error"].any()
