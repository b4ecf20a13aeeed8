"""When was it learnt? Check 6 of the window: a click in the map sets both cursors."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.margin_curve import MarginCurve
from app.plots.matrix_plot import MatrixPlot
from app.views.panes.choice import Choice
from app.views.panes.time_map import TimeMapPane
from engine.contract.messages import Course, MapRow, MapTime
from fake_traces import ntm_trace
from scripted import Desk

NO_KEYS = Qt.KeyboardModifier.NoModifier
UPDATES = (0, 1000, 3500, 7000)
STEPS = 9


def opened(qtbot: QtBot, size: tuple[int, int] = (640, 480)) -> tuple[Desk, TimeMapPane]:
    table = table_with(ntm_trace(length=4, slots=8))
    view = placed(qtbot, table.state, "Time map", size=size, trained=False)
    assert isinstance(view, TimeMapPane)
    return table, view


def bring(table: Desk, view: TimeMapPane, *updates: int) -> None:
    wish = next(command for command in table.engine.sent if isinstance(command, MapTime))
    for update in updates:
        falling = np.linspace(8, 4, STEPS, dtype=np.float32) * (1 - update / 7000)
        sure = np.full(STEPS, 0.5 + update / 14000, np.float32)
        courses = (
            Course(name="error", title="wrong bits", says="Bits that are wrong.", values=falling, top=8.0),
            Course(name="target", title="probability of the target", says="How sure.", values=sure, top=1.0),
        )
        table.state.apply(MapRow(request=wish.request, update=update, courses=courses))
    view.settle()


def map_of(view: TimeMapPane) -> MatrixPlot:
    return view.findChildren(MatrixPlot)[0]


def test_before_the_first_row_the_pane_says_what_happens(qtbot: QtBot) -> None:
    _, view = opened(qtbot)

    assert "every checkpoint" in view.summary()


def test_rows_appear_as_they_come_and_the_header_counts_them(qtbot: QtBot) -> None:
    table, view = opened(qtbot)

    bring(table, view, 7000, 0)

    assert map_of(view).heatmap.rows == 4
    assert map_of(view).heatmap.columns == STEPS
    assert view.technical() == "Time map · 2 of 4 checkpoints"
    bring(table, view, 1000, 3500)
    assert view.technical() == "Time map"


def test_rows_are_named_by_their_updates_and_colours_have_fixed_limits(qtbot: QtBot) -> None:
    table, view = opened(qtbot)

    bring(table, view, *UPDATES)

    steps, updates = map_of(view).axes
    assert (steps.title, updates.title) == ("step", "update")
    assert updates.names == ("0", "1,000", "3,500", "7,000")
    assert (map_of(view).colour_bar.low, map_of(view).colour_bar.high) == (0.0, 8.0)


def test_check_6_a_click_sets_both_cursors(qtbot: QtBot) -> None:
    table, view = opened(qtbot)
    bring(table, view, *UPDATES)

    map_of(view).clicked.emit(1, 5, NO_KEYS)

    assert table.state.playback.step == 5
    assert table.engine.asked.source.update == 1000
    assert not table.state.training.is_following


def test_the_crosshair_is_both_cursors(qtbot: QtBot) -> None:
    table, view = opened(qtbot)
    bring(table, view, *UPDATES)

    table.state.playback.go_to(6)
    view.settle()

    marks = map_of(view).marks
    assert (marks.row_cursor, marks.cursor, marks.selected) == (3, 6, (3, 6))


def test_row_and_column_of_the_crosshair_are_curves_at_the_margins(qtbot: QtBot) -> None:
    table, view = opened(qtbot)
    bring(table, view, *UPDATES)

    row, column = view.findChildren(MarginCurve)

    assert (row.title, column.title) == ("at update 7,000", "step 1")
    np.testing.assert_array_equal(row.values, np.zeros(STEPS))
    np.testing.assert_allclose(column.values, [8, 8 * 6 / 7, 4, 0], rtol=1e-5)


def test_in_a_small_pane_the_map_has_the_room_of_the_margins(qtbot: QtBot) -> None:
    table, view = opened(qtbot, size=(260, 200))

    bring(table, view, *UPDATES)

    assert not any(curve.isVisible() for curve in view.findChildren(MarginCurve))


def test_another_quantity_is_another_map(qtbot: QtBot) -> None:
    table, view = opened(qtbot)
    bring(table, view, *UPDATES)
    choice = view.findChildren(Choice)[0]

    choice.choose(1)
    choice.chosen.emit(1)
    view.settle()

    assert choice.names == ("wrong bits", "probability of the target")
    assert map_of(view).colour_bar.high == 1.0


def test_the_summary_says_the_value_here_and_where_the_step_turned(qtbot: QtBot) -> None:
    table, view = opened(qtbot)
    bring(table, view, *UPDATES)

    said = view.summary()

    assert "wrong bits 0.00 at update 7,000, step 1." in said
    assert "changed most between updates 3,500 and 7,000" in said


def test_the_data_is_a_row_for_each_checkpoint(qtbot: QtBot) -> None:
    table, view = opened(qtbot)
    bring(table, view, *UPDATES)

    headers, rows = view.table()

    assert headers == ["update", *(f"step {n}" for n in range(1, STEPS + 1))]
    assert [row[0] for row in rows] == list(UPDATES)
    assert rows[0][1] == pytest.approx(8.0)


def test_hovering_says_the_value_and_changes_nothing(qtbot: QtBot) -> None:
    table, view = opened(qtbot)
    bring(table, view, *UPDATES)
    before = table.state.session()

    map_of(view).hovered.emit(0, 0)

    assert table.state.lens.hover_says == "update 0, step 1: wrong bits 8.00"
    assert table.state.session() == before


def test_the_arrows_walk_through_checkpoints_and_steps(qtbot: QtBot) -> None:
    table, view = opened(qtbot)
    bring(table, view, *UPDATES)
    view.enter()

    qtbot.keyClick(map_of(view), Qt.Key.Key_Up)

    assert table.engine.asked.source.update == 3500


def test_a_pane_that_leaves_the_stage_asks_for_no_more_rows(qtbot: QtBot) -> None:
    table, view = opened(qtbot)
    count = sum(isinstance(command, MapTime) for command in table.engine.sent)

    view.close_down()
    table.state.explorer.choose_episode(5)

    assert sum(isinstance(command, MapTime) for command in table.engine.sent) == count
