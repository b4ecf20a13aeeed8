"""One row of a matrix as bars over its columns."""

import numpy as np
from pytestqt.qtbot import QtBot

from app.plots.axes import Axis
from app.plots.colours import LIGHT
from app.plots.column_bars import ColumnBars
from app.plots.matrix_plot import MatrixPlot


def _over(qtbot: QtBot, low: float = 0.0) -> tuple[MatrixPlot, ColumnBars]:
    plot, bars = MatrixPlot(LIGHT), ColumnBars(LIGHT)
    for widget in (plot, bars):
        qtbot.addWidget(widget)
    plot.resize(300, 200)
    bars.resize(300, 46)
    plot.set_axes(Axis(title=""), Axis(title=""))
    plot.set_scale(low, 1.0)
    plot.show_values(np.zeros((10, 6), np.float32))
    bars.follow(plot)
    bars.set_limits(low, 1.0)
    return plot, bars


def _dark_columns(plot: MatrixPlot, bars: ColumnBars, y: int) -> list[int]:
    picture = bars.grab().toImage()
    middles = [round(plot.cell_rect(-1, column).center().x()) for column in range(plot.heatmap.columns)]
    return [column for column, x in enumerate(middles) if x >= 0 and picture.pixelColor(x, y).lightness() < 120]


def test_a_bar_stands_over_the_column_of_its_position(qtbot: QtBot) -> None:
    plot, bars = _over(qtbot)

    bars.show_row(np.array([0, 0, 0.9, 0, 0, 0], np.float32))

    assert _dark_columns(plot, bars, 41) == [2]


def test_a_negative_value_hangs_from_the_zero_line(qtbot: QtBot) -> None:
    plot, bars = _over(qtbot, low=-1.0)

    bars.show_row(np.array([0, -0.9, 0, 0, 0.9, 0], np.float32))

    assert _dark_columns(plot, bars, 40) == [1]
    assert _dark_columns(plot, bars, 20) == [4]


def test_bars_keep_to_the_columns_in_view(qtbot: QtBot) -> None:
    plot, bars = _over(qtbot)
    window = plot.full_window()
    window.setLeft(3)

    plot.show_window(window)
    bars.show_row(np.array([0.9, 0, 0, 0, 0, 0.9], np.float32))

    assert _dark_columns(plot, bars, 41) == [5]


def test_without_values_a_sentence_stands_there(qtbot: QtBot) -> None:
    _, bars = _over(qtbot)
    bars.show_row(None)
    blank = bars.grab().toImage()

    bars.show_row(None, "step 1", "there is nothing earlier to look at")

    assert bars.message == "there is nothing earlier to look at"
    assert bars.grab().toImage() != blank
