"""Hops keep a readable row for each item, however many there are."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.plots.colours import LIGHT
from app.plots.hops import HopsPlot


@pytest.fixture
def plot(qtbot) -> HopsPlot:
    made = HopsPlot(LIGHT)
    qtbot.addWidget(made)
    made.resize(420, 200)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_long_story_is_scrolled_rather_than_squeezed(plot: HopsPlot, qtbot) -> None:
    plot.show_hops([f"Sentence {i}." for i in range(60)], np.full((60, 3), 1 / 60))
    qtbot.waitUntil(lambda: plot.matrix.height() > 1000)

    assert plot.matrix.cell_rect(0, 0).height() >= 18


def test_selecting_an_item_brings_it_into_view(plot: HopsPlot, qtbot) -> None:
    plot.show_hops([f"Sentence {i}." for i in range(60)], np.full((60, 3), 1 / 60))
    qtbot.waitUntil(lambda: plot.verticalScrollBar().maximum() > 0)
    plot.set_selected(50)

    assert plot.verticalScrollBar().value() > 0


def test_what_a_right_answer_needs_is_in_view_from_the_start(plot: HopsPlot, qtbot) -> None:
    plot.show_hops([f"Sentence {i}." for i in range(60)], np.full((60, 3), 1 / 60), supports=(55,))

    qtbot.waitUntil(lambda: plot.verticalScrollBar().value() > 0)


def test_columns_bear_their_names_above_and_what_is_said_of_them_below(plot: HopsPlot) -> None:
    plot.show_hops(["Mary moved."], np.ones((1, 2), np.float32))
    before = plot.matrix.margins()
    plot.set_columns(("pass 1", "pass 2"), (("sum", ("1.00", "1.00")),))

    assert plot.matrix.margins()[1] > before[1]
    assert not plot.grab().isNull()


def test_a_press_names_item_and_hop(plot: HopsPlot, qtbot) -> None:
    plot.show_hops(["Mary moved.", "John went."], np.array([[0.9, 0.1, 0.2], [0.1, 0.9, 0.8]], np.float32), supports=(1,))
    with qtbot.waitSignal(plot.clicked) as clicked:
        place = plot.matrix.cell_rect(1, 2).center().toPoint()
        qtbot.mouseClick(plot.matrix.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert clicked.args[:2] == [1, 2]


def test_attention_that_does_not_exist_yet_is_left_blank(plot: HopsPlot) -> None:
    plot.show_hops(["Mary moved."], np.full((1, 3), np.nan, np.float32))
    plot.set_hop(1)

    assert not plot.grab().isNull()
