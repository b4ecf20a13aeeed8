"""Which garments go together, and what they look like."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.garments.closet import KNOWN, NEW, drawn_closet
from engine.garments.drawing import HUES, INKS, SIDE
from engine.garments.rules import (
    BOTTOM_COUNT,
    MODES,
    TOP_COUNT,
    alike,
    bottom_names,
    bottom_number,
    bottom_parts,
    draw_bottoms,
    draw_pairs,
    draw_tops,
    modes_of,
    top_number,
    top_parts,
)

TASTE = np.ones(len(MODES), np.float32)


@given(st.integers(0, TOP_COUNT - 1), st.integers(0, BOTTOM_COUNT - 1))
def test_a_number_names_one_garment(top: int, bottom: int) -> None:
    assert top_number(*top_parts(np.array([top])))[0] == top
    assert bottom_number(*bottom_parts(np.array([bottom])))[0] == bottom


def test_every_top_has_as_many_styles_as_the_rules_say() -> None:
    modes = modes_of()
    is_plain = top_parts(np.arange(TOP_COUNT))[2] == 0

    counts = np.stack([(modes == mode).sum(-1) for mode in range(3)], -1)

    assert (counts[is_plain] == (4, 1, 1)).all()
    assert (counts[~is_plain] == (4, 0, 1)).all()


@given(st.integers(0, 2**31))
def test_every_pair_drawn_goes_together_and_keeps_to_its_hues(seed: int) -> None:
    tops, bottoms = draw_pairs(200, (3, 7), TASTE, np.random.default_rng(seed))

    assert (modes_of()[tops, bottoms] >= 0).all()
    assert set(top_parts(tops)[1].tolist()) <= {3, 4, 5, 6}


def test_all_styles_that_a_top_has_are_equally_frequent() -> None:
    tops, bottoms = draw_pairs(20_000, (0, 12), TASTE, np.random.default_rng(0))
    plain = top_parts(tops)[2] == 0

    shares = np.bincount(modes_of()[tops, bottoms][plain], minlength=3) / plain.sum()

    np.testing.assert_allclose(shares, 1 / 3, atol=0.02)


def test_a_bottom_is_alike_to_itself_and_neutral_colours_are_one() -> None:
    table = alike()
    names = bottom_names()
    black, white = names.index("black trousers"), names.index("white trousers")

    np.testing.assert_array_equal(table, table.swapaxes(1, 2))
    np.testing.assert_array_equal(table[:, np.arange(BOTTOM_COUNT), np.arange(BOTTOM_COUNT)], 1)
    assert table[0, black, white] == 1
    assert table[0, names.index("red trousers"), names.index("orange trousers")] == np.float32(0.3)
    assert table[0, names.index("red trousers"), black] == 0
    np.testing.assert_allclose(table[0], table[1] * table[2])


def test_a_garment_is_drawn_in_its_colour_on_white() -> None:
    numbers = bottom_number(np.array([0, 0]), np.array([0, 8]), np.array([0, 0]))

    pictures = draw_bottoms(numbers)

    assert pictures.shape == (2, SIDE, SIDE, 3)
    np.testing.assert_array_equal(pictures[:, 0, 0], 255)
    np.testing.assert_allclose(pictures[:, 6, SIDE // 2] / 255, INKS[[0, 8]], atol=0.01)


def test_no_two_drawings_of_a_top_are_alike_and_a_seed_draws_the_same() -> None:
    numbers = np.zeros(2, np.int64)

    one, same = (draw_tops(numbers, np.random.default_rng(4)) for _ in range(2))

    np.testing.assert_array_equal(one, same)
    assert (one[0] != one[1]).any()


def test_new_hues_are_met_in_the_second_phase_of_a_stream_only() -> None:
    closet = drawn_closet(0, 50, new_hues=3)

    (first, known), (second, new) = closet.stream(41, seed=2)

    assert (first, second) == (KNOWN, NEW)
    assert len(known[0]) + len(new[0]) == 41
    assert set(top_parts(known[0])[1].tolist()) <= set(range(len(HUES) - 3))
    assert set(top_parts(new[0])[1].tolist()) <= {9, 10, 11}
    assert set(top_parts(closet.training[0])[1].tolist()) <= set(range(len(HUES) - 3))


def test_a_top_that_nobody_knows_goes_with_nothing_that_is_known() -> None:
    closet = drawn_closet(0, 20, new_hues=0)

    assert (closet.modes_of(torch.tensor([-1])) == -1).all()
