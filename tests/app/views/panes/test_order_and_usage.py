"""What is free, what came after what: usage and allocation over steps, gates, and the links of a step."""

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.matrix_plot import MatrixPlot
from app.plots.strips import StripsPlot
from app.state.lens import Selection
from app.state.panes import pane
from app.views.pane_view import PaneView
from app.views.panes.order_and_usage import gates
from app.widgets.buttons import TextButton
from fake_attention import dnc_trace
from fake_traces import ntm_trace


def _turn(view: PaneView) -> TextButton:
    return next(b for b in view.frame.findChildren(TextButton) if "show" in b.text())


def _matrices(view: PaneView) -> list[MatrixPlot]:
    return [p for p in view.findChildren(MatrixPlot) if p.isVisibleTo(view) and not isinstance(p, StripsPlot)]


def _turned(qtbot: QtBot, view: PaneView) -> MatrixPlot:
    qtbot.mouseClick(_turn(view), Qt.MouseButton.LeftButton)
    view.settle()
    return _matrices(view)[0]


def test_only_a_memory_that_keeps_account_is_shown_here() -> None:
    assert pane("Order and usage").fits(dnc_trace())
    assert not pane("Order and usage").fits(ntm_trace(length=4))


def test_usage_and_allocation_are_slots_over_steps(qtbot: QtBot) -> None:
    trace = dnc_trace(length=6, slots=16)
    view = placed(qtbot, table_with(trace).state, "Order and usage")

    headers, rows = view.table()

    assert [(p.heatmap.rows, p.heatmap.columns) for p in _matrices(view)] == [(16, 13), (16, 13)]
    np.testing.assert_allclose([row[2:] for row in rows[:16]], np.asarray(trace.arrays["usage.level"]).T)
    np.testing.assert_allclose([row[2:] for row in rows[16:]], np.asarray(trace.arrays["write.allocation"])[:, 0].T)


def test_limits_are_those_of_shares(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(dnc_trace()).state, "Order and usage")

    assert {(p.colour_bar.low, p.colour_bar.high) for p in _matrices(view)} == {(0.0, 1.0)}


def test_the_gates_that_free_and_write_stand_below_with_their_present_values(qtbot: QtBot) -> None:
    trace = dnc_trace()
    view = placed(qtbot, table_with(trace).state, "Order and usage")

    strips = view.findChildren(StripsPlot)[0]

    assert [c.name for c in gates(trace)] == ["free.gate", "write.allocation_gate", "write.gate"]
    assert strips.axes[1].names == ("free gate", "allocation gate", "write gate")


def test_the_same_step_stands_at_the_same_place_in_all_strips(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(dnc_trace()).state, "Order and usage")

    plots = [*_matrices(view), view.findChildren(StripsPlot)[0]]
    places = {round(p.mapTo(view, p.cell_rect(-1, 7).center().toPoint()).x()) for p in plots}

    assert max(places) - min(places) <= 1


def test_a_click_on_a_slot_selects_it_and_goes_to_the_step(qtbot: QtBot) -> None:
    table = table_with(dnc_trace())
    view = placed(qtbot, table.state, "Order and usage")
    plot = _matrices(view)[0]

    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.cell_rect(3, 5).center().toPoint())

    assert table.state.lens.selection == Selection(channel="usage.level", slots=(3,))
    assert table.state.playback.step == 5


def test_a_click_on_a_gate_selects_it(qtbot: QtBot) -> None:
    table = table_with(dnc_trace())
    view = placed(qtbot, table.state, "Order and usage")

    view.findChildren(StripsPlot)[0].clicked.emit(1, 4, Qt.KeyboardModifier.NoModifier)

    assert table.state.lens.selection == Selection(channel="write.allocation_gate", head=0)


def test_the_links_of_the_present_step_are_shown_on_demand(qtbot: QtBot) -> None:
    trace = dnc_trace()
    table = table_with(trace)
    view = placed(qtbot, table.state, "Order and usage")
    table.state.playback.go_to(4)

    plot = _turned(qtbot, view)
    rows = np.asarray([row[1:] for row in view.table()[1]], float)

    assert (plot.axes[0].title, plot.axes[1].title) == ("right after slot", "slot written")
    np.testing.assert_allclose(rows, trace.arrays["link.order"][4])
    assert "Written one after the other: 0 → 1 → 2 → 3 → 4." in view.summary()


def test_the_word_in_the_header_turns_back(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(dnc_trace()).state, "Order and usage")
    _turned(qtbot, view)

    qtbot.mouseClick(_turn(view), Qt.MouseButton.LeftButton)
    view.settle()

    assert len(_matrices(view)) == 2


def test_a_click_on_a_link_selects_the_slot_of_its_row(qtbot: QtBot) -> None:
    table = table_with(dnc_trace())
    view = placed(qtbot, table.state, "Order and usage")
    plot = _turned(qtbot, view)

    plot.clicked.emit(3, 2, Qt.KeyboardModifier.NoModifier)
    view.settle()

    assert table.state.lens.selection == Selection(channel="link.order", slots=(3,))
    assert plot.marks.selected == (3, -1)


def test_hovering_a_link_says_what_it_means(qtbot: QtBot) -> None:
    table = table_with(dnc_trace())
    view = placed(qtbot, table.state, "Order and usage")
    table.state.playback.go_to(5)
    plot = _turned(qtbot, view)

    plot.hovered.emit(3, 2)

    assert table.state.lens.hover_says.startswith("slot 3 right after slot 2: 0.9")


def test_links_that_were_not_recorded_are_told_with_the_reason(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(dnc_trace(links=False)).state, "Order and usage")

    plot = _turned(qtbot, view)

    assert plot._message.startswith("The order of writing was not recorded in this episode of 16 slots. ")
    assert "slots × slots" in plot._message
    assert "not recorded" in view.summary()


def test_the_summary_counts_what_is_in_use_and_names_what_is_free(qtbot: QtBot) -> None:
    table = table_with(dnc_trace(length=6))
    view = placed(qtbot, table.state, "Order and usage")
    table.state.playback.go_to(4)

    summary = view.summary()

    assert "4 of 16 slots are in use after step 5." in summary
    assert "Slot 4 is offered for writing (1.00)." in summary
    assert "Free gate: 0.00." in summary


def test_a_small_pane_leaves_the_gates_out(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(dnc_trace()).state, "Order and usage", size=(400, 200))

    assert not view.findChildren(StripsPlot)[0].isVisibleTo(view)
    assert _matrices(view)


def test_the_difference_of_the_links_is_shown_in_its_own_colours(qtbot: QtBot) -> None:
    table = table_with(dnc_trace(), dnc_trace(seed=1), "difference")
    view = placed(qtbot, table.state, "Order and usage", "B")

    plot = _turned(qtbot, view)

    assert (plot.colour_bar.scale, plot.colour_bar.low) == ("difference", -1.0)
