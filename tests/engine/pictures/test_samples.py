"""Questions about pictures: the answers are right, the rare ones rare, and the question alone does not give them away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.pictures.drawing import COLOURS, KINDS, SHAPES, colour_of, shape_of
from engine.pictures.samples import ASKED, FEWEST, MOST, NUMBERS, PLACES, WORDS, Samples, World

SKEW = 1.3


@pytest.fixture(scope="module")
def world() -> World:
    return World(3, SKEW)


@pytest.fixture(scope="module")
def training(world: World) -> Samples:
    return world.draw(2000, "training")


def solve(world: World, layout: np.ndarray, text: str) -> str:
    """The answer by rule, from the words and from what lies where."""
    words = text.rstrip("?").split()
    if words[0] == "number":
        return str(sum(1 for kind in layout if kind >= 0 and list(COLOURS)[int(colour_of(kind))] == words[2]))
    kind = layout[PLACES.index(" ".join(words[2:]))]
    return {
        "name": world.names[kind], "colour": list(COLOURS)[int(colour_of(kind))], "shape": list(SHAPES)[int(shape_of(kind))],
    }[words[0]]  # fmt: skip


def layouts(world: World, count: int, purpose: str) -> np.ndarray:
    """What lies where in the samples of a draw."""
    return world.layout(count, world._chance(purpose), skewed=True)


def test_every_answer_is_what_a_solver_says(world: World, training: Samples) -> None:
    said = [solve(world, layout, text) for layout, text in zip(layouts(world, 2000, "training"), training.texts(), strict=True)]

    assert said == [world.answers[answer] for answer in training.answer]


@given(st.integers(0, 1000))
def test_names_are_invented_and_no_two_answers_are_alike(number: int) -> None:
    world = World(number, SKEW)

    assert len(set(world.answers)) == KINDS + len(COLOURS) + len(SHAPES) + len(NUMBERS)
    assert world.frequency.sum() == pytest.approx(1)


def test_the_same_world_is_the_same_again_and_another_is_not() -> None:
    one, same, other = (World(number, SKEW).draw(20, "training") for number in (1, 1, 2))

    assert (one.pictures == same.pictures).all()
    assert (one.question == same.question).all()
    assert not (one.pictures == other.pictures).all()


def test_most_names_are_rare_in_training_and_none_in_a_test(world: World, training: Samples) -> None:
    test = world.draw(2000, "test", skewed=False)
    trained, tested = (np.bincount(drawn.answer[drawn.asked == 0], minlength=KINDS) for drawn in (training, test))

    assert np.sort(trained)[-3:].sum() > 0.4 * trained.sum()
    assert (trained < 10).sum() > KINDS / 2
    assert tested.max() < 3 * tested.mean()


def test_each_sort_of_question_has_its_share_and_every_picture_two_to_four_things(world: World, training: Samples) -> None:
    shares = np.bincount(training.asked, minlength=len(ASKED)) / len(training)
    things = (layouts(world, 2000, "training") >= 0).sum(-1)

    np.testing.assert_allclose(shares, (0.4, 0.2, 0.2, 0.2), atol=0.04)
    assert (things.min(), things.max()) == (FEWEST, MOST)


def test_the_question_alone_does_not_give_the_answer(world: World) -> None:
    """The best that can be done without the picture: for each question its most frequent answer, told from the test itself."""
    test = world.draw(4000, "test", skewed=False)
    by_question: dict[str, list[int]] = {}
    for text, answer in zip(test.texts(), test.answer, strict=True):
        by_question.setdefault(text, []).append(int(answer))

    right = sum(np.bincount(answers).max() for text, answers in by_question.items() if not text.startswith("number"))
    asked = sum(len(answers) for text, answers in by_question.items() if not text.startswith("number"))

    assert right / asked < 0.2


def test_every_word_is_used_and_pads_come_last(training: Samples) -> None:
    assert set(training.question.flatten().tolist()) == set(range(len(WORDS) + 1))
    assert ((training.question[:, :-1] > 0) >= (training.question[:, 1:] > 0)).all()
