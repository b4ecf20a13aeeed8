"""Measured curves: axes with round numbers, logarithms where they are wished, and the value under the pointer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.plots.colours import DARK, LIGHT
from app.plots.figure_plot import FigurePlot, Measured, in_figures


@pytest.fixture
def plot(qtbot: QtBot) -> FigurePlot:
    made = FigurePlot(LIGHT)
    qtbot.addWidget(made)
    made.resize(420, 260)
    made.show()
    qtbot.waitExposed(made)
    return made


def curve(name: str, x: list[float], y: list[float], hue: int = 0, *, is_formula: bool = False) -> Measured:
    return Measured(name=name, x=np.array(x, float), y=np.array(y, float), hue=hue, is_formula=is_formula)


def test_a_linear_scale_begins_at_nothing_and_ends_on_a_grid_line(plot: FigurePlot) -> None:
    plot.show_figure([curve("NTM", [5, 120], [0.1, 0.47])], ("vectors", "share"))

    assert plot.y_limits() == pytest.approx((0, 0.6))
    assert plot.x_limits() == (5, 120)


def test_a_logarithmic_scale_ends_at_powers_of_ten(plot: FigurePlot) -> None:
    plot.show_figure([curve("LSTM", [32, 2048], [1864, 4_247_560])], ("numbers", "parameters"), is_log_x=True, is_log_y=True)

    assert plot.y_limits() == (3, 7)
    assert plot.x_limits() == pytest.approx((np.log10(32), np.log10(2048)))


def test_what_is_far_below_stands_on_the_floor(plot: FigurePlot) -> None:
    plot.show_figure([curve("NTM", [1, 2, 3], [1, 1e-12, 0])], ("step", "gradient"), is_log_y=True)

    assert plot.y_limits() == (-6, 0)
    assert plot._lines[0].y.tolist() == [0, -6, -6]


def test_points_are_told_by_name_at_the_nearest_place(plot: FigurePlot) -> None:
    curves = [curve("NTM", [10, 100], [0, 0.1]), curve("LSTM", [10, 100, 1000], [0.2, 0.3, 0.4])]
    plot.show_figure(curves, ("vectors", "share"), is_log_x=True)

    assert plot.name_of(1.9) == (100, [("NTM", 0.1), ("LSTM", 0.3)])
    assert plot.name_of(3.0) == (1000, [("LSTM", 0.4)])


def test_a_formula_is_drawn_below_what_was_measured_and_has_no_name(plot: FigurePlot) -> None:
    plot.show_figure([curve("NTM", [1, 2], [1, 2]), curve("formula", [0, 3], [0, 3], is_formula=True)], ("x", "y"))

    assert [line.name for line in plot._lines] == ["", "NTM"]


def test_another_theme_draws_in_its_colours(plot: FigurePlot) -> None:
    plot.show_figure([curve("NTM", [1, 2], [1, 2], hue=1)], ("x", "y"))
    before = plot._lines[0].colour

    plot.set_palette(DARK)

    assert plot._lines[0].colour != before


def test_nothing_measured_yet_is_an_empty_field(plot: FigurePlot) -> None:
    plot.show_figure([], ("x", "y"))

    assert plot.name_of(0.5)[1] == []
    assert plot.grab().width() == 420


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.25, "0.25"), (1000, "1,000"), (4e6, "4 M"), (2e9, "2 G"), (-0.5, "−0.5"), (1e-5, "10⁻⁵"), (0.001, "0.001")],
)
def test_numbers_at_an_axis_are_short(value: float, text: str) -> None:
    assert in_figures(value) == text


@given(st.lists(st.floats(1e-9, 1e9), min_size=1, max_size=8), st.booleans(), st.booleans())
def test_every_value_lies_within_the_limits(values: list[float], is_log_x: bool, is_log_y: bool) -> None:
    plot = FigurePlot(LIGHT)
    places = [float(place + 1) for place in range(len(values))]

    plot.show_figure([curve("NTM", places, values)], ("x", "y"), is_log_x=is_log_x, is_log_y=is_log_y)

    low, high = plot.y_limits()
    drawn = plot._lines[0].y
    hair = 1e-6 * (high - low)  # less than a pixel
    assert (drawn >= low - hair).all()
    assert (drawn <= high + hair).all()
    plot.deleteLater()


def test_a_curve_lies_over_the_lines_of_the_grid(plot: FigurePlot) -> None:
    plot.show_figure([curve("NTM", [0, 100], [0.5, 0.5])], ("vectors", "share"))
    along = plot.to_pixels(50, 0.5)

    image = plot.grab().toImage()

    near = [image.pixelColor(int(along.x()), int(along.y()) + off).name() for off in range(-3, 4)]
    assert QColor(LIGHT.line).name() not in near
