"""The story teller: how many stories it tells, in which words, with which answers; the same ones from the same seed."""

import hashlib
import subprocess
import sys
from collections import Counter
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.stories.questions import longest_in, words_in
from engine.stories.text import Question, Statement, Story, write_stories
from engine.stories.world import LONGEST, TELLERS, TITLES, generate, vocabulary

TASKS = sorted(TELLERS)

PUBLISHED = {
    1: (200, 6.0, 10, 81.3), 2: (200, 15.4, 56, 81.3), 3: (200, 50.0, 224, 78.5), 4: (1000, 2, 2, 82.3),
    5: (200, 19.0, 102, 81.1), 6: (200, 6.3, 26, 49.7), 7: (200, 8.9, 34, 51.2), 8: (200, 8.8, 46, 66.4),
    9: (200, 6, 10, 36.2), 10: (200, 6, 10, 56.3), 11: (200, 6, 10, 81.3), 12: (200, 6, 10, 81.1),
    13: (200, 6, 10, 81.7), 14: (200, 7.9, 14, 82.3), 15: (250, 8, 8, 65.9), 16: (1000, 9, 9, 74.3),
    17: (125, 2, 2, 48.0), 18: (198, 6.2, 15, 46.9), 19: (1000, 5, 5, 90.7), 20: (94, 5.8, 12, 82.0),
}  # fmt: skip
"""Of the published files with 1,000 questions: stories, mean and most facts told before a question, and the share of answers, in
percent, that are not the commonest one."""

WORDS = {
    1: 19, 2: 33, 3: 34, 4: 14, 5: 39, 6: 35, 7: 43, 8: 47, 9: 23, 10: 24, 11: 26, 12: 20, 13: 26, 14: 25, 15: 17, 16: 17, 17: 18,
    18: 18, 19: 31, 20: 35,
}  # fmt: skip
"""How many words the published files have; of task 5 without the four names that are answers with a capital, of task 8 with all
lists that can occur."""

CLASSES = {
    1: 6, 2: 6, 3: 6, 4: 6, 5: 7, 6: 2, 7: 4, 8: 16, 9: 2, 10: 3,
    11: 6, 12: 6, 13: 6, 14: 6, 15: 4, 16: 4, 17: 2, 18: 2, 19: 12, 20: 7,
}  # fmt: skip

TOLD = {
    1: "16133328", 2: "0d571e7b", 3: "e1f51bca", 4: "0faf16c8", 5: "fe265900",
    6: "5327c539", 7: "4513c973", 8: "abe1d5fa", 9: "9678e69c", 10: "952068fb",
    11: "b5309379", 12: "4473eba4", 13: "eaa8b5b3", 14: "9dc994e0", 15: "2894b561",
    16: "9221373f", 17: "241bea07", 18: "a4cdf12a", 19: "5667407e", 20: "10f735e9",
}  # fmt: skip
"""How the first hundred questions that models are trained on begin their SHA-256: trained exhibits were told just these."""


@cache
def many(task: int) -> list[Story]:
    """Stories with enough questions for the rarest answer to occur: the longest lists of task 8 are seldom carried."""
    return generate(task, 20_000 if task == 8 else 3000, 15)


def answers(stories: list[Story]) -> Counter[str]:
    return Counter(line.answer for story in stories for line in story.lines if isinstance(line, Question))


def facts_told(stories: list[Story]) -> list[int]:
    """How many facts are told before each question."""
    counts = []
    for story in stories:
        told = 0
        for line in story.lines:
            told += isinstance(line, Statement)
            if isinstance(line, Question):
                counts.append(told)
    return counts


def test_all_twenty_tasks_can_be_told_and_have_names() -> None:
    assert list(TELLERS) == list(TITLES) == list(range(1, 21))
    assert len(set(TITLES.values())) == 20


@given(st.sampled_from(TASKS), st.integers(1, 60), st.integers(0, 2**40))
def test_a_seed_always_tells_the_same_stories_and_exactly_so_many_questions(task: int, count: int, seed: int) -> None:
    stories = generate(task, count, seed)

    assert sum(story.questions for story in stories) == count
    assert stories == generate(task, count, seed)


@pytest.mark.parametrize("task", TASKS)
def test_other_seeds_tell_other_stories(task: int) -> None:
    assert len({write_stories(generate(task, 20, seed)) for seed in range(10)}) == 10


@pytest.mark.parametrize("task", TASKS)
def test_the_stories_that_models_were_trained_on_are_still_told(task: int) -> None:
    assert hashlib.sha256(write_stories(generate(task, 100, -1)).encode()).hexdigest().startswith(TOLD[task])


def test_stories_are_the_same_in_every_process() -> None:
    script = (
        "from engine.stories import text, world; "
        "print(*(text.write_stories(world.generate(task, 30, 7)) for task in world.TELLERS), end='')"
    )

    told = [
        subprocess.run([sys.executable, "-c", script], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True)
        for seed in ("1", "2")
    ]

    assert told[0].stdout == told[1].stdout == " ".join(write_stories(generate(task, 30, 7)) for task in TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_stories_are_as_long_and_as_many_as_the_published_ones(task: int) -> None:
    stories, mean, most, _ = PUBLISHED[task]
    facts = facts_told(many(task))

    assert 1000 * len(many(task)) / len(facts) == pytest.approx(stories, abs=3)
    if mean == most or most == 10:  # always told alike
        assert (sum(facts) / len(facts), max(facts)) == (mean, most)
    else:
        assert sum(facts) / len(facts) == pytest.approx(mean, rel=0.3)
        assert most / 2 <= max(facts[:1000]) <= most * 2


@pytest.mark.parametrize("task", TASKS)
def test_a_story_has_the_words_that_it_may_have_and_as_many_as_the_published_ones(task: int) -> None:
    assert words_in(many(task)) == vocabulary(task)
    assert len(vocabulary(task)) == WORDS[task]
    assert longest_in(many(task)) == LONGEST[task]


@pytest.mark.parametrize("task", TASKS)
def test_every_answer_occurs_and_the_commonest_about_as_often_as_in_the_published_files(task: int) -> None:
    counts = answers(many(task))

    assert len(counts) == CLASSES[task]
    assert {answer.lower() for answer in counts} <= vocabulary(task)
    assert 100 * (1 - max(counts.values()) / counts.total()) == pytest.approx(PUBLISHED[task][3], abs=9)


@pytest.mark.parametrize("task", [6, 17, 18])
def test_yes_and_no_are_asked_alike(task: int) -> None:
    counts = answers(generate(task, 2000, 16))

    assert counts["yes"] / 2000 == pytest.approx(0.5, abs=0.05)


def test_where_places_are_denied_most_answers_are_no() -> None:
    assert answers(generate(9, 2000, 16))["no"] / 2000 == pytest.approx(0.62, abs=0.06)
