"""A heatmap draws fixed limits in eight bits, leaves out what is absent, and gathers what would be too small."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from app.plots.colours import LIGHT, ramp, signed
from app.plots.heatmap import Heatmap


@pytest.fixture
def heatmap(qtbot) -> Heatmap:
    return Heatmap(ramp(LIGHT))


def drawn(heatmap: Heatmap) -> QImage:
    heatmap.render()
    return heatmap.qimage


def test_the_limits_get_the_ends_of_the_table(heatmap: Heatmap) -> None:
    heatmap.show_values(np.array([[0.0, 1.0, 7.0, -7.0]], np.float32), 0, 1)

    picture = drawn(heatmap)
    assert [picture.pixelColor(x, 0).name().upper() for x in range(4)] == [LIGHT.soft, LIGHT.ink, LIGHT.ink, LIGHT.soft]


def test_zero_of_a_signed_scale_gets_the_middle_of_the_table(qtbot) -> None:
    heatmap = Heatmap(signed(LIGHT))
    heatmap.show_values(np.zeros((1, 1), np.float32), -3, 3)

    assert np.abs(np.array(drawn(heatmap).pixelColor(0, 0).getRgb()[:3]) - signed(LIGHT)[127]).max() <= 2


def test_what_is_absent_draws_nothing(heatmap: Heatmap) -> None:
    heatmap.show_values(np.array([[np.nan, 0.5]], np.float32), 0, 1)

    assert drawn(heatmap).pixelColor(0, 0).alpha() == 0
    assert drawn(heatmap).pixelColor(1, 0).alpha() == 255


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_an_infinite_value_is_refused_in_words(heatmap: Heatmap, value: float) -> None:
    with pytest.raises(ValueError, match="infinite"):
        heatmap.show_values(np.array([[0.0, value]], np.float32), 0, 1)


def test_one_weighting_among_many_small_cells_stays_visible(heatmap: Heatmap) -> None:
    heatmap.set_gathering("max")
    values = np.zeros((100, 1000), np.float32)
    values[37, 431] = 1.0
    heatmap.fit(0.5, 4.0)
    heatmap.show_values(values, 0, 1)

    assert heatmap.block == (1, 6)
    assert drawn(heatmap).pixelColor(431 // 6, 37).name().upper() == LIGHT.ink


def test_gathered_values_are_averaged_over_those_that_exist(heatmap: Heatmap) -> None:
    heatmap.fit(1.5, 1.5)
    heatmap.show_values(np.array([[0.0, 1.0, np.nan, np.nan], [np.nan, 0.5, np.nan, np.nan]], np.float32), 0, 1)

    picture = drawn(heatmap)
    assert np.abs(np.array(picture.pixelColor(0, 0).getRgb()[:3]) - ramp(LIGHT)[127]).max() <= 2
    assert picture.pixelColor(1, 0).alpha() == 0


def test_a_last_block_that_is_not_full_is_gathered_too(heatmap: Heatmap) -> None:
    heatmap.set_gathering("max")
    heatmap.fit(1.0, 3.0)
    heatmap.show_values(np.array([[0, 0, 0, 1]], np.float32), 0, 1)

    assert drawn(heatmap).width() == 2
    assert drawn(heatmap).pixelColor(1, 0).name().upper() == LIGHT.ink


def test_the_buffers_stay_while_the_shape_stays(heatmap: Heatmap) -> None:
    heatmap.show_values(np.zeros((4, 4), np.float32), 0, 1)
    first = heatmap.image
    heatmap.show_values(np.ones((4, 4), np.float32), 0, 1)

    assert heatmap.image.__array_interface__["data"] == first.__array_interface__["data"]


def test_a_cell_covers_its_own_unit_square(heatmap: Heatmap) -> None:
    heatmap.show_values(np.array([[0, 0, 0], [0, 1, 0]], np.float32), 0, 1)
    picture = QImage(30, 20, QImage.Format.Format_RGB32)
    picture.fill(0xFFFFFF)
    painter = QPainter(picture)
    painter.scale(10, 10)
    heatmap.paint(painter)
    painter.end()

    assert picture.pixelColor(QPointF(15, 15).toPoint()).name().upper() == LIGHT.ink
    assert picture.pixelColor(QPointF(15, 5).toPoint()).name().upper() == LIGHT.soft


def test_an_empty_matrix_draws_nothing_and_does_not_fail(heatmap: Heatmap) -> None:
    heatmap.show_values(np.zeros((0, 0), np.float32), 0, 1)

    assert heatmap.rows == 0
    assert heatmap.image is None


@pytest.mark.parametrize("gathering", ["mean", "max"])
@pytest.mark.parametrize("cell", [(9.0, 9.0), (1.0, 9.0), (0.4, 1.0)], ids=["cells", "columns gathered", "blocks"])
def test_rows_that_changed_are_drawn_as_if_all_were(heatmap: Heatmap, gathering, cell) -> None:
    chance = np.random.default_rng(3)
    values = chance.normal(size=(53, 17)).astype(np.float32)
    values[chance.random(values.shape) < 0.2] = np.nan
    whole = Heatmap(ramp(LIGHT))
    for plot in (heatmap, whole):
        plot.set_gathering(gathering)
        plot.fit(*cell)
    heatmap.show_values(values, -2, 2)
    for rows in ([0], [7, 8, 52], [], [31]):
        values[rows] = chance.normal(size=(len(rows), 17))
        heatmap.show_values(values, -2, 2, np.array(rows, int))
        whole.show_values(values, -2, 2)
        assert drawn(heatmap) == drawn(whole)


def test_on_other_limits_all_rows_are_drawn(heatmap: Heatmap) -> None:
    values = np.linspace(0, 1, 12, dtype=np.float32).reshape(4, 3)
    heatmap.show_values(values, 0, 1)
    before = drawn(heatmap).copy()
    heatmap.show_values(values, 0, 4, np.array([0]))

    assert drawn(heatmap).pixelColor(2, 3) != before.pixelColor(2, 3)


def test_a_gathered_picture_is_the_mean_of_each_block(heatmap: Heatmap) -> None:
    """Against a loop over the blocks, the last of which are smaller."""
    values = np.random.default_rng(8).random((50, 23)).astype(np.float32)
    values[values < 0.1] = np.nan
    heatmap.fit(0.9, 0.5)
    heatmap.show_values(values, 0, 1)
    rows, columns = heatmap.block

    assert (rows, columns) == (6, 4)
    for row in range(9):
        for column in range(6):
            mean = np.nanmean(values[row * rows : (row + 1) * rows, column * columns : (column + 1) * columns])
            assert heatmap.image[row, column] == pytest.approx(1 + mean * 254, abs=1.01)
