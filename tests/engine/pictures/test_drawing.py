"""Pictures: what is drawn is where it should be, and can be told apart."""

import numpy as np

from engine.pictures.drawing import CELL, CELLS, COLOURS, KINDS, PAPER, SHAPES, draw, kind_of


def lone(kind: int, cell: int, copies: int = 1) -> np.ndarray:
    """Pictures of one thing."""
    layout = np.full((copies, CELLS), -1)
    layout[:, cell] = kind
    return draw(layout, np.random.default_rng(0)).astype(np.float32) / 255


def test_an_empty_picture_is_paper() -> None:
    picture = draw(np.full((1, CELLS), -1), np.random.default_rng(0)).astype(np.float32) / 255

    assert abs(float(picture.mean()) - PAPER) < 0.005
    assert float(picture.std()) < 0.05


def test_a_thing_lies_in_its_cell_and_nowhere_else() -> None:
    ink = PAPER - lone(kind_of(1, list(COLOURS).index("black")), cell=5)[0].mean(-1)

    by_cell = ink.reshape(3, CELL, 3, CELL).sum((1, 3))

    assert by_cell.argmax() == 5
    assert np.sort(by_cell.flatten())[-2] < 0.05 * by_cell.max()


def test_every_thing_has_its_colour() -> None:
    squares = [lone(kind_of(1, number), cell=4)[0, 20:28, 20:28].mean((0, 1)) for number in range(len(COLOURS))]

    nearest = [int(np.abs(np.array(list(COLOURS.values())) - seen).sum(-1).argmin()) for seen in squares]

    assert nearest == list(range(len(COLOURS)))


def test_no_two_shapes_cover_the_same_pixels() -> None:
    black = list(COLOURS).index("black")
    masks = [(PAPER - lone(kind_of(shape, black), 4, 50)[:, 16:32, 16:32].mean(-1)).mean(0) for shape in range(len(SHAPES))]

    apart = [np.abs(one - other).sum() / one.sum() for one in masks for other in masks if one is not other]

    assert min(apart) > 0.15


def test_no_two_pictures_of_one_thing_are_alike() -> None:
    first, other = lone(0, 0, copies=2)

    assert np.abs(first - other).max() > 0.2
    assert KINDS == 64
