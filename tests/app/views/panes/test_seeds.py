"""Do all seeds learn it?"""

import itertools

import numpy as np
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.curve import CurvePlot, Line
from app.views.pane_view import PaneView
from app.widgets.list_row import ListRow
from engine.contract.messages import CheckpointSaved, Progress, RunEnded, RunId
from fake_traces import ntm_trace
from scripted import Desk


def started(qtbot: QtBot, size: tuple[int, int] = (900, 480)) -> tuple[Desk, PaneView]:
    table = table_with(ntm_trace(length=4, slots=8))
    numbers = itertools.count(1)
    table.state.trainer.new_folder = lambda name: f"runs/{name}-{next(numbers)}"
    view = placed(qtbot, table.state, "Seeds", size=size, trained=False)
    table.state.seeds.start("ntm", "copy", {"stop_below": 1.0, "batch": 1000}, seeds=(0, 1, 2), updates=50)
    return table, view


def tell(table: Desk, view: PaneView, number: int, *costs: float, is_over: bool = False) -> None:
    run = table.engine.started[number].run
    points = tuple(enumerate(costs, start=1))
    table.state.apply(Progress(run=run, update=len(costs), points=points, updates_per_second=9.0))
    table.state.apply(CheckpointSaved(run=run, update=len(costs), held_out=1.0, is_best=True))
    if is_over:
        table.state.apply(RunEnded(run=run, reason="finished", update=len(costs), is_solved=costs[-1] < 1, seconds=3.0))
    view._trace_changed()
    view.settle()


def lines(view: PaneView) -> tuple[Line, ...]:
    return view.findChildren(CurvePlot)[0]._lines


def rows(view: PaneView) -> list[ListRow]:
    return view.findChildren(ListRow)


def test_before_the_first_panel_the_pane_says_how_to_begin_one(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace(length=4, slots=8)).state, "Seeds", trained=False)

    assert "Train several seeds" in view.summary()


def test_there_is_a_line_for_each_seed_that_has_begun_and_a_dot_where_it_has_learnt(qtbot: QtBot) -> None:
    table, view = started(qtbot)

    tell(table, view, 0, 9.0, 4.0, 0.5, is_over=True)
    tell(table, view, 1, 9.0, 8.0)

    assert [line.name for line in lines(view)] == ["0", "", "1"]
    np.testing.assert_array_equal(lines(view)[0].y, np.array([9.0, 4.0, 0.5], np.float32))
    np.testing.assert_array_equal(lines(view)[1].x, [3])
    assert lines(view)[0].colour != lines(view)[2].colour


def test_the_goal_is_a_line_in_words_and_within_the_limits(qtbot: QtBot) -> None:
    table, view = started(qtbot)

    tell(table, view, 0, 9.0, 8.0)

    plot = view.findChildren(CurvePlot)[0]
    assert plot._level == (1.0, "goal: below 1 bit per sequence")
    assert plot.y_limits()[0] <= 1.0


def test_a_row_for_each_seed_says_how_it_stands(qtbot: QtBot) -> None:
    table, view = started(qtbot)

    tell(table, view, 0, 9.0, 0.5, is_over=True)

    assert [row.text() for row in rows(view)] == ["Seed 0", "Seed 1", "Seed 2"]
    assert "learnt, 2 updates · 3.0 s" in rows(view)[0].accessibleName()
    assert "trains" in rows(view)[2].accessibleName()


def test_a_row_opens_its_network(qtbot: QtBot) -> None:
    table, view = started(qtbot)
    tell(table, view, 0, 9.0, 0.5, is_over=True)

    rows(view)[0].click()

    assert table.engine.asked.source.place == "runs/ntm-copy-1"
    assert table.engine.asked.source.update == 2


def test_a_network_without_a_checkpoint_cannot_be_opened(qtbot: QtBot) -> None:
    _, view = started(qtbot)

    view.settle()

    assert not any(row.isEnabled() for row in rows(view))


def test_all_can_be_stopped_while_some_train(qtbot: QtBot) -> None:
    table, view = started(qtbot)
    tell(table, view, 0, 9.0)
    wished: list[str] = []
    view.wished.connect(wished.append)

    view._stop.click()  # type: ignore[attr-defined]  # the seeds pane's own

    assert wished == ["train.stop"]


def test_the_summary_and_the_table_say_what_came_of_it(qtbot: QtBot) -> None:
    table, view = started(qtbot)
    for number, last in enumerate((0.5, 3.0, 0.25)):
        tell(table, view, number, 9.0, last, is_over=True)

    headers, found = view.table()

    assert "2 of 3 seeds have learnt it" in view.summary()
    assert view.summary().partition("learn it? ")[2] == next(
        label.text() for label in view.findChildren(QLabel) if "of 3" in label.text()
    )
    assert headers == ["seed", "how", "updates", "seconds", "cost (bits per sequence)"]
    assert found[1] == [1, "not learnt", 2, 3.0, 3.0]
    assert view.technical() == "Seeds · NTM on Copy"


def test_a_narrow_pane_keeps_the_curves(qtbot: QtBot) -> None:
    table, view = started(qtbot, size=(360, 300))

    tell(table, view, 0, 9.0, 4.0)

    assert not any(row.isVisible() for row in rows(view))
    assert lines(view)


def test_a_pane_that_leaves_the_stage_listens_no_more(qtbot: QtBot) -> None:
    table, view = started(qtbot)
    view.close_down()

    table.state.apply(Progress(run=RunId("runs/ntm-copy-1"), update=1, points=((1, 2.0),), updates_per_second=1.0))

    assert not view._turn_again.isActive()  # type: ignore[attr-defined]
