"""Curves keep gaps, common limits and names apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt

from app.plots.axes import free_place
from app.plots.colours import DARK, LIGHT
from app.plots.curve import Band, CurvePlot, Line


@pytest.fixture
def plot(qtbot) -> CurvePlot:
    made = CurvePlot(LIGHT)
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_limits_hold_every_line(plot: CurvePlot) -> None:
    plot.show_lines([Line(x=np.arange(5), y=np.array([0, 1, 2, 3, 9.0])), Line(x=np.arange(8), y=np.full(8, -2.0))])

    assert plot.x_limits() == (0, 7)
    assert plot.y_limits() == (-2, 9)


def test_given_limits_win(plot: CurvePlot) -> None:
    plot.show_lines([Line(x=np.arange(5), y=np.arange(5.0))])
    plot.set_limits(0, 1)

    assert plot.y_limits() == (0, 1)


def test_what_is_not_a_number_leaves_a_gap(plot: CurvePlot) -> None:
    plot.show_lines([Line(x=np.arange(4), y=np.array([0, np.nan, 1, 2.0]))])

    assert plot.y_limits() == (0, 2)
    plot.grab()


def test_a_logarithmic_scale_leaves_out_what_is_not_positive(plot: CurvePlot) -> None:
    plot.show_lines([Line(x=np.arange(4), y=np.array([0, 0.01, 1, 100.0]))])
    plot.set_log(True)

    assert plot.y_limits() == pytest.approx((-2, 2))


def test_a_flat_line_lies_in_the_middle(plot: CurvePlot) -> None:
    plot.show_lines([Line(x=np.arange(4), y=np.full(4, 3.0))])

    assert plot.y_limits() == (2.5, 3.5)


def test_a_press_asks_for_the_place_on_the_axis(plot: CurvePlot, qtbot) -> None:
    plot.show_lines([Line(x=np.arange(11), y=np.arange(11.0))])
    place = plot.to_pixels(6, 0)
    with qtbot.waitSignal(plot.clicked) as clicked:
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(place.x()), 60))

    assert clicked.args[0] == pytest.approx(6, abs=0.05)


def test_everything_is_drawn_in_both_themes(plot: CurvePlot) -> None:
    plot.show_lines([Line(x=np.arange(5), y=np.arange(5.0), name="A"), Line(x=np.arange(5), y=np.arange(5.0), name="B")])
    plot.set_bands([Band(first=0, last=2, name="present"), Band(first=2, last=4, name="recall")])
    plot.set_notes([(3, "rate changed")])
    plot.set_cursor(1)
    light = plot.grab().toImage()
    plot.set_palette(DARK)

    assert plot.grab().toImage() != light


def test_no_lines_and_no_values_are_no_error(plot: CurvePlot) -> None:
    plot.show_lines([Line(x=np.zeros(0), y=np.zeros(0))])
    plot.grab()
    plot.show_message("Nothing to draw yet.")
    plot.grab()

    assert plot.x_limits() == (0, 1)


@given(st.floats(-50, 500), st.lists(st.floats(-50, 500), max_size=4), st.floats(6, 40))
def test_names_at_the_ends_of_lines_find_a_free_place(wished: float, others: list[float], high: float) -> None:
    taken: list[float] = []
    for other in others:
        taken.append(free_place(other, taken, high))

    found = free_place(wished, taken, high)

    assert found >= wished
    assert all(abs(found - other) >= high - 0.02 for other in taken)


def test_a_name_that_would_stand_below_the_plot_stands_above_the_others() -> None:
    assert free_place(90, [90, 80], 10, last=95) == 70


def test_a_name_at_the_very_bottom_stands_at_the_last_place() -> None:
    assert free_place(99, [], 10, last=95) == 95
