"""A row or a column of a matrix as a curve at its margin."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.plots.axes import Axis, step_axis
from app.plots.colours import LIGHT
from app.plots.margin_curve import Edge, MarginCurve
from app.plots.matrix_plot import MatrixPlot


def beside(qtbot: QtBot, edge: Edge) -> tuple[MatrixPlot, MarginCurve]:
    plot = MatrixPlot(LIGHT)
    plot.resize(400, 300)
    plot.set_axes(step_axis(), Axis(title="update"))
    plot.show_values(np.zeros((5, 10), np.float32))
    curve = MarginCurve(LIGHT, plot, edge)
    curve.resize(*((400, 58) if edge == "above" else (92, 300)))
    for widget in (plot, curve):
        qtbot.addWidget(widget)
    return plot, curve


def test_a_row_lies_over_the_columns_of_its_matrix(qtbot: QtBot) -> None:
    plot, curve = beside(qtbot, "above")

    curve.show_curve("at update 5", np.arange(10, dtype=np.float32), 9.0, 3)

    points = [point for point in curve._points(curve._field()) if point is not None]
    assert [point.x() for point in points] == pytest.approx([plot.cell_rect(0, c).center().x() for c in range(10)], abs=1.0)
    assert points[0].y() > points[-1].y()


def test_a_column_lies_beside_the_rows_of_its_matrix(qtbot: QtBot) -> None:
    plot, curve = beside(qtbot, "right")

    curve.show_curve("step 1", np.arange(5, dtype=np.float32), 4.0, 0)

    points = [point for point in curve._points(curve._field()) if point is not None]
    assert [point.y() for point in points] == pytest.approx([plot.cell_rect(r, 0).center().y() for r in range(5)], abs=1.0)
    assert points[0].x() < points[-1].x() <= curve.width()


def test_a_value_that_is_not_there_is_a_gap(qtbot: QtBot) -> None:
    _, curve = beside(qtbot, "right")

    curve.show_curve("step 1", np.array([0, np.nan, 1, 1, 1], np.float32), 1.0, 1)

    assert [point is None for point in curve._points(curve._field())] == [False, True, False, False, False]
    assert not curve.grab().isNull()
