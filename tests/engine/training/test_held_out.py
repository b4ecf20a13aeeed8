"""Which checkpoint is the best one, when a few held-out questions decide."""

import math

import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.registry import task_entry
from engine.tasks.base import StoryBatch
from engine.training.folder import Best
from engine.training.held_out import better, judge
from tests.engine.tasks.test_babi import babi, logits, story_batch


def at(update: int, held_out: float, doubt: float) -> Best:
    return Best(update=update, held_out=held_out, least=held_out, doubt=doubt)


def test_within_the_standard_error_the_newer_one_is_taken_and_beyond_it_the_better_one() -> None:
    lucky = at(10, 0.10, 0.03)

    within, beyond = better(at(20, 0.13, 0.034), lucky), better(at(20, 0.14, 0.034), lucky)

    assert within is not None
    assert within.update == 20
    assert beyond is lucky


def test_a_slow_slide_does_not_pass_for_chance() -> None:
    best: Best | None = at(0, 0.10, 0.03)
    for number in range(1, 20):
        best = better(at(number, 0.10 + 0.01 * number, 0.03), best)

    assert best is not None
    assert best.update == 3
    assert best.least == 0.10


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_without_doubt_the_best_is_the_newest_of_the_least(judged: list[float]) -> None:
    rounded = [round(value, 3) for value in judged]
    best = None
    for number, value in enumerate(rounded):
        best = better(at(number, value, 0.0), best)

    least = min(rounded)
    assert best is not None
    assert best.held_out == least
    assert best.update == max(n for n, value in enumerate(rounded) if value == least)


def test_what_is_no_number_is_never_the_best() -> None:
    assert better(at(1, math.nan, 0.0), None) is None
    assert better(at(1, math.nan, 0.0), kept := at(0, 1.0, 0.0)) is kept


def test_the_doubt_of_wrong_answers_is_their_standard_error_and_never_nothing() -> None:
    task, card = babi(tasks="1", questions=1000), task_entry("babi").card
    batch: StoryBatch = story_batch(task.held_out())
    right = logits(batch.answer, task.interface["answers"])
    some = right.clone()
    some[:20] = some[:20].roll(1, 1)

    _, all_right = judge(task, card, right, batch, 0.0, 5)
    _, some_wrong = judge(task, card, some, batch, 0.0, 5)

    wrong = 20 / batch.size
    assert some_wrong.figure is not None
    assert math.isclose(some_wrong.figure, wrong, rel_tol=1e-6)
    assert math.isclose(some_wrong.doubt, math.sqrt(wrong * (1 - wrong) / (batch.size - 1)), rel_tol=1e-3)
    assert all_right.doubt == 1 / batch.size
    assert torch.isfinite(torch.tensor([some_wrong.held_out, all_right.held_out])).all()
