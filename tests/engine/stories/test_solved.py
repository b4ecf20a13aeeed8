"""What the teller tells, held to an independent solver that reads only the sentences."""

from collections.abc import Iterator
from functools import cache
from random import Random

import pytest
from solver import Solved, solve, solve_all
from solver_places import STEP
from solver_sentences import read

from engine.stories.text import Question, Story
from engine.stories.world import TELLERS, generate

TASKS = sorted(TELLERS)


@cache
def thousand(task: int) -> list[Story]:
    """A thousand stories."""
    random = Random(f"solved {task}")
    return [TELLERS[task](random) for _ in range(1000)]


def asked(stories: list[Story]) -> Iterator[tuple[Story, int, Question]]:
    """Every question with its story and the number of its line."""
    for story in stories:
        for number, line in enumerate(story.lines, 1):
            if isinstance(line, Question):
                yield story, number, line


def wrong(answers: Iterator[tuple[Question, Solved | None]]) -> list[tuple[Question, Solved | None]]:
    return [(question, solved) for question, solved in answers if solved is None or solved[0] != question.answer]


@pytest.mark.parametrize("task", TASKS)
def test_a_solver_that_reads_only_the_sentences_answers_every_question_of_a_thousand_stories(task: int) -> None:
    answers = [pair for story in thousand(task) for pair in solve_all(story.lines)]

    assert len(answers) >= 1000
    assert wrong(iter(answers)) == []


@pytest.mark.parametrize("task", TASKS)
def test_the_supporting_lines_alone_are_enough(task: int) -> None:
    questions = asked(thousand(task))

    assert wrong((q, solve(story.lines, number, only=q.supports)) for story, number, q in questions) == []


@pytest.mark.parametrize("task", [1, 2, 4, 6, 12, 15, 19])
def test_without_one_supporting_line_the_answer_no_longer_stands_on_the_same_facts(task: int) -> None:
    questions = list(asked(generate(task, 500, 13)))

    changed = [solve(s.lines, n, without=line) != solve(s.lines, n) for s, n, q in questions for line in q.supports]

    assert all(changed)


@pytest.mark.parametrize("task", [1, 2, 4, 6, 12, 15, 19])
def test_without_a_line_that_does_not_matter_the_answer_stays(task: int) -> None:
    questions = list(asked(generate(task, 300, 14)))

    stayed = [
        solve(s.lines, n, without=line) == solve(s.lines, n)
        for s, n, q in questions
        for line in set(range(1, n)) - set(q.supports)
    ]

    assert all(stayed)


@pytest.mark.parametrize("task", [4, 17, 19])
def test_rooms_and_shapes_can_be_drawn_on_a_map_without_overlap(task: int) -> None:
    for story in thousand(task):
        spots = drawn(story)

        assert len(set(spots.values())) == len(spots)


def test_no_other_way_on_the_map_is_as_short_as_the_one_asked_for() -> None:
    for story in thousand(19):
        spots = drawn(story)
        start, goal = (spots[room] for room in read(story.lines[-1].text)[1])
        beside = [near(start), near(goal)]

        assert len(beside[0] & beside[1] & set(spots.values())) == 1


def near(spot: tuple[int, int]) -> set[tuple[int, int]]:
    return {(spot[0] + across, spot[1] + up) for across, up, _ in STEP.values()}


def drawn(story: Story) -> dict[str, tuple[int, int]]:
    """Where each thing lies on the map that the sentences describe; AssertionError if two of them disagree."""
    facts = [read(line.text)[1] for line in story.lines if not isinstance(line, Question)]
    spots = {facts[0][2]: (0, 0)}
    for _ in facts:
        for one, way, other in facts:
            across, up, _size = STEP[way]
            if other in spots:
                there = spots[other][0] + across, spots[other][1] + up
                assert spots.setdefault(one, there) == there
            elif one in spots:
                spots[other] = spots[one][0] - across, spots[one][1] - up
    return spots


def test_what_fits_into_what_never_goes_round() -> None:
    for story in thousand(18):
        facts = [read(line.text) for line in story.lines if not isinstance(line, Question)]
        smaller = {(words[0], words[1]) if kind == "inside" else (words[1], words[0]) for kind, words in facts}
        while found := {(a, d) for a, b in smaller for c, d in smaller if b == c} - smaller:
            smaller |= found

        assert all(small != big for small, big in smaller)
