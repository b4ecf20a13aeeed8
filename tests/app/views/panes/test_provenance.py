"""Who wrote this: slots by the steps that wrote them, at the present step."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.bars import Bars
from app.plots.matrix_plot import MatrixPlot
from app.state.lens import Selection
from app.state.provenance import Provenance, written_memory
from app.views.pane_view import PaneView
from app.views.panes import provenance
from app.views.panes.choice import Choice
from fake_traces import lstm_trace, ntm_trace
from scripted import Desk

NO_KEYS = Qt.KeyboardModifier.NoModifier


def _at(qtbot: QtBot, step: int = 3, size: tuple[int, int] = (480, 420)) -> tuple[Desk, PaneView, MatrixPlot]:
    table = table_with(ntm_trace(length=6, slots=16))
    table.state.playback.go_to(step)
    view = placed(qtbot, table.state, "Provenance", size=size)
    return table, view, view.findChildren(MatrixPlot)[0]


def _bars(view: PaneView) -> list[tuple[str, str]]:
    return [(bar.name, bar.written) for bar in view.findChildren(Bars)[0]._bars]


def _shares(step: int) -> np.ndarray:
    trace = ntm_trace(length=6, slots=16)
    written = written_memory(trace)
    assert written is not None
    return Provenance(trace, written).shares(step, 16)


def test_a_slot_s_row_tells_the_steps_that_wrote_what_it_holds(qtbot: QtBot) -> None:
    _, view, plot = _at(qtbot)

    headers, rows = view.table()

    assert headers == ["slot", "start", "step 1", "step 2", "step 3", "step 4"]
    np.testing.assert_allclose([row[1:] for row in rows], _shares(3)[:, :5])
    assert int(np.nanargmax(rows[2][1:])) == 3
    assert view.technical() == "after step 4"


def test_the_picture_has_a_column_for_the_start_and_one_for_every_step(qtbot: QtBot) -> None:
    _, view, plot = _at(qtbot)

    assert (plot.heatmap.rows, plot.heatmap.columns) == (16, 14)
    assert [plot.axes[0].label(i) for i in (0, 1, 13)] == ["start", "1", "13"]
    assert plot.marks.cursor == 4


def test_the_bars_tell_the_selected_slot_or_the_one_that_is_written_now(qtbot: QtBot) -> None:
    table, view, _ = _at(qtbot)
    now = _bars(view)

    table.state.lens.show(Selection(channel="memory.contents", slots=(1,)))
    view.settle()

    assert now == [("step 4, head 1", "98 %"), ("older", "2 %")]
    assert _bars(view)[0][0] == "step 2, head 1"


def test_a_cell_that_is_selected_is_told_for_itself(qtbot: QtBot) -> None:
    table, view, _ = _at(qtbot)

    table.state.lens.show(Selection(channel="memory.contents", slots=(3,), features=(2,)))
    view.settle()

    assert view._detail.accessibleName().startswith("Slot 3, feature 2: ")


def test_a_press_on_a_cell_goes_to_the_step_that_wrote_and_selects_the_slot(qtbot: QtBot) -> None:
    table, view, plot = _at(qtbot, step=9)

    plot.clicked.emit(2, 3, NO_KEYS)

    assert table.state.playback.step == 2
    assert table.state.lens.selection == Selection(channel="memory.contents", slots=(2,))


def test_a_press_on_what_lay_there_at_the_start_only_selects(qtbot: QtBot) -> None:
    table, view, plot = _at(qtbot, step=9)

    plot.clicked.emit(2, 0, NO_KEYS)

    assert table.state.playback.step == 9


def test_a_press_on_a_bar_goes_to_its_step(qtbot: QtBot) -> None:
    table, view, _ = _at(qtbot, step=9)
    table.state.lens.show(Selection(channel="memory.contents", slots=(1,)))
    view.settle()

    view.findChildren(Bars)[0].clicked.emit(0)

    assert table.state.playback.step == 1


def test_hovering_names_the_share_and_the_step(qtbot: QtBot) -> None:
    table, view, plot = _at(qtbot)

    plot.hovered.emit(3, 4)

    assert table.state.lens.hover_says == "slot 3: 98 % from step 4"


def test_one_slot_can_be_told_feature_by_feature(qtbot: QtBot) -> None:
    table, view, plot = _at(qtbot)
    table.state.lens.show(Selection(channel="memory.contents", slots=(2,)))

    view.findChildren(Choice)[0]._take(1)
    view.settle()
    headers, rows = view.table()

    assert (headers[0], len(rows)) == ("feature", 20)
    assert view.technical() == "slot 2, after step 4"
    assert plot.axes[1].title == "feature"


def test_the_arrows_walk_from_slot_to_slot_at_the_present_step(qtbot: QtBot) -> None:
    table, view, plot = _at(qtbot)
    table.state.lens.show(Selection(channel="memory.contents", slots=(2,)))
    view.settle()

    view.enter()
    view.settle()
    qtbot.keyClick(plot, Qt.Key.Key_Down)
    view.settle()

    assert table.state.lens.selection.slots == (3,)
    assert table.state.playback.step == 3


def test_the_difference_of_two_sides_is_that_of_their_shares(qtbot: QtBot) -> None:
    other = ntm_trace(length=6, slots=16, seed=5, update=100)
    table = table_with(ntm_trace(length=6, slots=16), other, "difference")
    table.state.playback.go_to(4)
    view = placed(qtbot, table.state, "Provenance", "B")

    values = np.array([row[1:] for row in view.table()[1]], float)
    written = written_memory(other)
    assert written is not None

    wanted = Provenance(other, written).shares(4, 16)[:, :6] - _shares(4)[:, :6]
    np.testing.assert_allclose(values[1:4], wanted[1:4], atol=1e-6)
    assert view.technical() == "B \N{MINUS SIGN} A, after step 5"


def test_what_needs_much_work_is_drawn_when_the_cursor_rests(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    table, view, _ = _at(qtbot)
    monkeypatch.setattr(provenance, "HEAVY", 10)

    table.state.playback.go_to(5)
    view.settle()
    at_once = view.technical()
    qtbot.waitUntil(lambda: view.technical() == "after step 6")

    assert at_once == "after step 4"


def test_in_a_wide_pane_the_bars_stand_beside_and_in_a_low_one_nowhere(qtbot: QtBot) -> None:
    wide, low = _at(qtbot, size=(900, 420))[1], _at(qtbot, size=(400, 200))[1]

    assert wide._detail.geometry().left() > wide._plot.geometry().right()
    assert not low._detail.isVisibleTo(low)


def test_for_a_state_that_is_rewritten_whole_it_says_why_there_are_no_shares(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(lstm_trace(length=4)).state, "Provenance")

    assert view.summary() == provenance.WhoWrote.ABSENT
