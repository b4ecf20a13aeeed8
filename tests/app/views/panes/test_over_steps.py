"""Reads, Writes, State and gates: strips over steps."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.matrix_plot import MatrixPlot
from app.plots.row_bars import RowBars
from app.state.lens import Selection
from app.views.pane_view import PaneView
from fake_traces import big_trace, lstm_trace, ntm_trace


def _plots(view: PaneView) -> list[MatrixPlot]:
    return [plot for plot in view.findChildren(MatrixPlot) if plot.isVisibleTo(view)]


def _click(
    qtbot: QtBot, plot: MatrixPlot, row: int, step: int, key: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    place = plot.cell_rect(row, step).center().toPoint()
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, key, place)


def test_each_head_has_a_strip_of_its_own(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace(length=6, slots=16, heads=2)).state, "Writes")

    assert len(_plots(view)) == 2


def test_a_strip_holds_the_weighting_of_every_slot_at_every_step(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace(length=6, slots=16)).state, "Reads")

    assert (_plots(view)[0].heatmap.rows, _plots(view)[0].heatmap.columns) == (16, 13)


def test_the_cursor_stands_at_the_step(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Reads")

    table.state.playback.go_to(5)
    view.settle()

    assert _plots(view)[0].marks.cursor == 5


def test_a_click_selects_the_slot_and_goes_to_the_step(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Writes")

    _click(qtbot, _plots(view)[0], row=4, step=9)

    assert table.state.lens.selection == Selection(channel="write.weighting", head=0, slots=(4,))
    assert table.state.playback.step == 9


def test_a_drag_brushes_a_range_of_slots(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Writes")

    _plots(view)[0].dragged.emit(3, 2, 6, 2)

    assert table.state.lens.selection.slots == (3, 4, 5, 6)


def test_what_is_selected_elsewhere_is_outlined_at_the_present_step(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Reads")

    table.state.playback.go_to(3)
    table.state.lens.show(Selection(channel="memory.contents", slots=(5,)))
    view.settle()

    assert _plots(view)[0].marks.selected == (5, 3)


def test_another_head_of_the_same_kind_is_not_outlined(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16, heads=2))
    view = placed(qtbot, table.state, "Writes")

    table.state.lens.show(Selection(channel="write.weighting", head=1, slots=(5,)))
    view.settle()

    assert [plot.marks.selected for plot in _plots(view)] == [None, (5, 0)]


def test_hovering_names_the_value_and_outlines_the_slot_everywhere(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view, other = placed(qtbot, table.state, "Writes"), placed(qtbot, table.state, "Reads")

    _plots(view)[0].hovered.emit(4, 4)
    other.settle()

    assert table.state.lens.hover_says == "slot 4, step 5: 0.92"
    assert _plots(other)[0].marks.hovered == (4, -1)


def test_erased_cells_are_hatched(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace(length=6, slots=16)).state, "Writes")

    assert [4, 4] in _plots(view)[0].marks._hatched_cells


def test_moving_the_cursor_uploads_nothing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Writes")
    uploads: list[object] = []
    monkeypatch.setattr(_plots(view)[0], "show_values", uploads.append)

    for step in range(8):
        table.state.playback.go_to(step)
        view.settle()
    table.state.comparison.changed.emit()
    view.settle()

    assert uploads == []


def test_a_large_memory_begins_with_the_slots_in_use_and_says_so(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace(length=6, slots=128)).state, "Writes")
    plot = _plots(view)[0]

    assert plot.window_shown().height() == 16
    assert plot.colour_bar.badge == "0–15 of 128"


def test_the_difference_is_shown_in_the_colours_of_differences(qtbot: QtBot) -> None:
    a, b = ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=16, update=100)
    view = placed(qtbot, table_with(a, b, "difference").state, "Writes", "B")

    assert _plots(view)[0].colour_bar.scale == "difference"
    assert (_plots(view)[0].colour_bar.low, _plots(view)[0].colour_bar.high) == (-1.0, 1.0)


def test_ten_thousand_steps_of_a_thousand_slots_can_be_shown(qtbot: QtBot) -> None:
    table = table_with(big_trace())
    view = placed(qtbot, table.state, "Reads")

    table.state.playback.go_to(9_999)
    view.settle()

    assert _plots(view)[0].marks.cursor == 9_999
    assert _plots(view)[0].note.startswith("max of")


def test_the_table_has_a_row_for_each_slot_and_a_column_for_each_step(qtbot: QtBot) -> None:
    trace = ntm_trace(length=6, slots=16)
    headers, rows = placed(qtbot, table_with(trace).state, "Reads").table()

    assert headers[:3] == ["strip", "slot", "step 1"]
    np.testing.assert_allclose([row[2:] for row in rows], np.asarray(trace.arrays["read.weighting"])[:, 0].T)


def test_state_and_gates_shows_each_layer_of_each_quantity(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(lstm_trace(length=4, units=12, layers=2)).state, "State and gates", size=(500, 900))

    assert len(_plots(view)) == 6
    assert not any(bars.isVisibleTo(view) for bars in view.findChildren(RowBars))


def test_strips_that_do_not_fit_are_counted(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(lstm_trace(length=4, units=12, layers=2)).state, "State and gates", size=(500, 260))

    assert len(_plots(view)) == 2
    assert view.technical() == "State and gates · 4 more where there is room"


def test_a_click_on_a_unit_selects_it_in_its_layer(qtbot: QtBot) -> None:
    table = table_with(lstm_trace(length=4, units=12, layers=2))
    view = placed(qtbot, table.state, "State and gates", size=(500, 900))

    _click(qtbot, _plots(view)[1], row=5, step=2)

    assert table.state.lens.selection == Selection(channel="state.hidden", layer=1, unit=5)


def test_arrows_walk_through_the_cells_after_enter(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Writes")
    view.activateWindow()

    qtbot.keyClick(view.frame, Qt.Key.Key_Return)
    qtbot.keyClick(_plots(view)[0], Qt.Key.Key_Down)
    view.settle()
    qtbot.keyClick(_plots(view)[0], Qt.Key.Key_Right)

    assert table.state.lens.selection.slots == (1,)
    assert table.state.playback.step == 1


def test_entering_a_pane_begins_where_the_reader_stands(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    table.state.playback.go_to(5)
    view = placed(qtbot, table.state, "Writes")

    view.enter()

    assert table.state.playback.step == 5
    assert table.state.lens.selection.slots == (0,)
