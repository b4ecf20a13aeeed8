"""Strips have names, and the present value beside them."""

import numpy as np

from app.plots.colours import LIGHT
from app.plots.strips import StripsPlot


def test_the_value_beside_a_strip_follows_the_cursor(qtbot) -> None:
    plot = StripsPlot(LIGHT)
    qtbot.addWidget(plot)
    plot.resize(300, 120)
    plot.show()
    plot.show_strips(("gate", "erase"), np.array([[0.1, 0.9], [np.nan, 0.2]], np.float32))
    plot.set_cursor(0)
    first = plot.grab().toImage()
    plot.set_cursor(1)

    right = plot.plot_rect().right() + 4
    assert [axis.names for axis in plot.axes] == [(), ("gate", "erase")]
    assert plot.grab().toImage().copy(round(right), 0, 60, 120) != first.copy(round(right), 0, 60, 120)
