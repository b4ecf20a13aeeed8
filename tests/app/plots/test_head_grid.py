"""Every layer and head as a small picture."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.plots.colours import DARK, LIGHT
from app.plots.head_grid import HeadGrid, tiles


def _grid(qtbot: QtBot, layers: int = 2, heads: int = 3, side: float = 40.0) -> HeadGrid:
    grid = HeadGrid(LIGHT)
    qtbot.addWidget(grid)
    values = np.zeros((layers, heads, 5, 5), np.float32)
    values[1, 2] = 1.0
    grid.show_tiles(tiles(values), 0.0, 1.0, "ramp")
    grid.set_side(side)
    grid.show()
    return grid


@given(st.integers(1, 200), st.integers(1, 200), st.integers(0, 1000))
def test_a_picture_keeps_the_largest_value_of_every_block(rows: int, columns: int, seed: int) -> None:
    values = np.random.default_rng(seed).random((1, 2, rows, columns)).astype(np.float32)

    found = tiles(values)

    np.testing.assert_array_equal(found.values.max((2, 3)), values.max((2, 3)))
    assert max(found.values.shape[2:]) <= 48


def test_of_differences_the_largest_by_size_is_kept_with_its_sign() -> None:
    values = np.zeros((1, 1, 96, 96), np.float32)
    values[0, 0, 0, 0], values[0, 0, 0, 1] = -0.8, 0.3

    assert tiles(values).values[0, 0, 0, 0] == np.float32(-0.8)


def test_what_is_absent_stays_absent() -> None:
    values = np.full((1, 1, 4, 4), np.nan, np.float32)
    values[0, 0, 1, 1] = 0.5

    found = tiles(values).values

    assert np.isnan(found[0, 0, 0, 0])
    assert found[0, 0, 1, 1] == np.float32(0.5)


def test_each_layer_is_a_row_and_each_head_a_column(qtbot: QtBot) -> None:
    grid = _grid(qtbot)

    picture = grid.grab().toImage()
    dark, pale = (picture.pixelColor(grid.tile_rect(*place).center().toPoint()).lightness() for place in ((1, 2), (0, 0)))

    assert dark < 80
    assert pale > 200


def test_a_click_chooses(qtbot: QtBot) -> None:
    grid = _grid(qtbot)

    with qtbot.waitSignal(grid.chosen) as chosen:
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.tile_rect(1, 1).center().toPoint())

    assert chosen.args == [1, 1]


def test_a_click_beside_the_pictures_chooses_nothing(qtbot: QtBot) -> None:
    grid = _grid(qtbot)

    with qtbot.assertNotEmitted(grid.chosen):
        qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))


def test_arrows_walk_and_stop_at_the_edge(qtbot: QtBot) -> None:
    grid = _grid(qtbot)
    asked: list[tuple[int, int]] = []
    grid.chosen.connect(lambda layer, head: asked.append((layer, head)))

    grid.set_place(1, 2)
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Up)

    assert asked == [(1, 2), (0, 2)]


def test_pictures_too_small_to_tell_apart_are_not_offered(qtbot: QtBot) -> None:
    grid = _grid(qtbot, layers=12, heads=16)

    assert grid.side_within(120, 400) == 0
    assert grid.side_within(400, 400) >= 10


def test_another_theme_is_drawn(qtbot: QtBot) -> None:
    grid = _grid(qtbot)
    before = grid.grab().toImage()

    grid.set_palette(DARK)

    assert grid.grab().toImage() != before
