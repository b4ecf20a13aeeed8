"""A number over time."""

import numpy as np
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.curve import CurvePlot
from app.state.lens import Selection
from app.views.pane_view import PaneView
from app.views.panes.choice import Choice
from engine.contract.trace import Trace
from fake_pairs import pairs_trace
from fake_traces import lstm_trace, ntm_trace


def _opened(qtbot: QtBot, heads: int = 1) -> tuple[PaneView, CurvePlot, Choice]:
    view = placed(qtbot, table_with(ntm_trace(length=6, slots=16, heads=heads)).state, "Curves")
    return view, view.findChildren(CurvePlot)[0], view.findChildren(Choice)[0]


def _choose(view: PaneView, choice: Choice, name: str) -> None:
    index = choice.names.index(name)
    choice.choose(index)
    choice.chosen.emit(index)
    view.settle()


def test_every_scalar_quantity_is_offered_and_the_loss(qtbot: QtBot) -> None:
    _, _, choice = _opened(qtbot)

    assert {"write gate", "read key strength", "wrong bits", "loss over the training"} <= set(choice.names)


def test_the_chosen_quantity_is_drawn_with_a_line_for_each_head(qtbot: QtBot) -> None:
    view, plot, choice = _opened(qtbot, heads=2)

    _choose(view, choice, "write gate")

    assert [line.name for line in plot._lines] == ["head 1", "head 2"]
    assert view.technical() == "Curves · write gate"


def test_a_pin_adds_a_line_of_its_own(qtbot: QtBot) -> None:
    view, plot, _ = _opened(qtbot)

    view.state.lens.show(Selection(channel="write.weighting", head=0, slots=(3,)))
    view.state.lens.pin()
    view.settle()

    assert plot._lines[-1].name == "P1"
    assert float(plot._lines[-1].y[3]) == np.float32(0.92)


def test_a_press_goes_to_the_step(qtbot: QtBot) -> None:
    view, plot, _ = _opened(qtbot)

    plot.clicked.emit(6.7)

    assert view.state.playback.step == 7


def test_a_press_on_the_loss_goes_to_the_nearest_checkpoint(qtbot: QtBot) -> None:
    view, plot, choice = _opened(qtbot)

    _choose(view, choice, "loss over the training")
    plot.clicked.emit(900.0)

    assert view.state.explorer.update == 1000


def test_a_quantity_that_is_never_negative_begins_at_zero(qtbot: QtBot) -> None:
    view, plot, choice = _opened(qtbot)

    _choose(view, choice, "wrong bits")

    assert plot.y_limits() == (0.0, 1.0)


def test_hovering_names_the_value(qtbot: QtBot) -> None:
    view, plot, choice = _opened(qtbot)
    _choose(view, choice, "wrong bits")

    plot.hovered.emit(9.2)

    assert view.state.lens.hover_says == "step 10: wrong bits 0.00"


def test_the_table_has_a_row_for_each_step(qtbot: QtBot) -> None:
    view, _, choice = _opened(qtbot)
    _choose(view, choice, "write gate")

    headers, rows = view.table()

    assert headers == ["step", "write gate"]
    assert len(rows) == 13


def test_gates_of_many_units_are_one_line_their_mean_and_come_before_the_errors(qtbot: QtBot) -> None:
    trace = lstm_trace(length=4)
    view = placed(qtbot, table_with(trace).state, "Curves")
    plot, choice = view.findChildren(CurvePlot)[0], view.findChildren(Choice)[0]
    gate = next(c for c in trace.of_kind("gate") if c.axes[-1] == "unit")

    assert choice.names[0].endswith(", mean")
    assert choice.names.index("wrong bits") > 0
    _choose(view, choice, f"{gate.title}, mean")
    means = trace.arrays[gate.name].mean(-1)
    np.testing.assert_allclose(plot._lines[0].y, means.reshape(len(means), -1)[:, 0], atol=1e-6)


def test_a_state_without_gates_is_shown_by_its_length(qtbot: QtBot) -> None:
    trace = pairs_trace("c a b")
    view = placed(qtbot, table_with(trace).state, "Curves")
    plot, choice = view.findChildren(CurvePlot)[0], view.findChildren(Choice)[0]

    assert choice.names[0].endswith(", length")
    np.testing.assert_allclose(plot._lines[0].y[3], np.linalg.norm(trace.arrays["decoder.hidden"][3, 0]), rtol=1e-5)
    assert np.isnan(plot._lines[0].y[0])
    assert plot.y_limits()[0] == 0.0


def test_what_is_the_same_at_every_step_does_not_stand_first(qtbot: QtBot) -> None:
    trace = ntm_trace(length=6, slots=16)
    first = _names(qtbot, trace)[0]
    channel = next(c for c in trace.channels.values() if c.title == first)
    trace.arrays[channel.name][:] = 0.5

    assert _names(qtbot, trace)[0] != first


def _names(qtbot: QtBot, trace: Trace) -> tuple[str, ...]:
    view = placed(qtbot, table_with(trace).state, "Curves")
    return view.findChildren(Choice)[0].names
