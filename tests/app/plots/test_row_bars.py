"""The present step at the margin of a matrix."""

import numpy as np
from pytestqt.qtbot import QtBot

from app.plots.axes import Axis
from app.plots.colours import LIGHT
from app.plots.matrix_plot import MatrixPlot
from app.plots.row_bars import RowBars


def _beside(qtbot: QtBot, low: float = 0.0) -> tuple[MatrixPlot, RowBars]:
    plot, bars = MatrixPlot(LIGHT), RowBars(LIGHT)
    for widget in (plot, bars):
        qtbot.addWidget(widget)
    plot.resize(300, 200)
    bars.resize(46, 200)
    plot.set_axes(Axis(title=""), Axis(title=""))
    plot.set_scale(low, 1.0)
    plot.show_values(np.zeros((4, 10), np.float32))
    bars.follow(plot)
    bars.set_limits(low, 1.0)
    return plot, bars


def _dark_rows(plot: MatrixPlot, bars: RowBars) -> list[int]:
    """The rows in whose middle the bars' column is not blank, two pixels right of its start."""
    picture = bars.grab().toImage()
    middles = [round(plot.cell_rect(row, -1).center().y()) for row in range(plot.heatmap.rows)]
    return [row for row, y in enumerate(middles) if picture.pixelColor(8, y).lightness() < 120]


def test_a_bar_stands_at_the_row_of_its_slot(qtbot: QtBot) -> None:
    plot, bars = _beside(qtbot)

    bars.show_row(np.array([0.0, 0.0, 0.9, 0.0], np.float32))

    assert _dark_rows(plot, bars) == [2]


def test_bars_follow_the_part_of_the_matrix_in_view(qtbot: QtBot) -> None:
    plot, bars = _beside(qtbot)
    bars.show_row(np.array([0.9, 0.0, 0.0, 0.9], np.float32))

    window = plot.full_window()
    window.setHeight(2)
    plot.show_window(window)

    assert _dark_rows(plot, bars)[:1] == [0]
    assert plot.cell_rect(3, -1).top() > plot.plot_rect().bottom()


def test_no_step_draws_nothing(qtbot: QtBot) -> None:
    plot, bars = _beside(qtbot)
    bars.show_row(np.ones(4, np.float32))

    bars.show_row(None)

    assert _dark_rows(plot, bars) == []


def test_an_absent_value_is_no_bar(qtbot: QtBot) -> None:
    plot, bars = _beside(qtbot)

    bars.show_row(np.array([np.nan, 0.9, np.nan, np.nan], np.float32))

    assert _dark_rows(plot, bars) == [1]
