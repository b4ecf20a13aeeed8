"""Where agents go and who looks at whom, on screen."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.agent_matrix import AgentMatrix
from app.plots.trajectories import TrajectoriesPlot
from app.state.lens import Selection
from app.state.trajectories_words import PATHS_DIFFER
from app.views.panes.agents import Agents
from app.views.panes.trajectories import Trajectories
from engine.contract.trace import Trace
from fake_trajectories import in_the_world, junction_trace, social_trace, without_truth


def _at(qtbot: QtBot, trace: Trace, step: int = 0, size: tuple[int, int] = (520, 520)) -> tuple[Trajectories, TrajectoriesPlot]:
    table = table_with(trace)
    table.state.playback.go_to(step)
    view = placed(qtbot, table.state, "Trajectories", size=size)
    assert isinstance(view, Trajectories)
    return view, view.findChildren(TrajectoriesPlot)[0]


def test_each_future_bears_the_slot_that_it_comes_from(qtbot: QtBot) -> None:
    _, plot = _at(qtbot, junction_trace(), 1)

    assert [way.name for way in plot.ways if way.future >= 0] == ["slot 3", "slot 1", "slot 2", "slot 4", "slot 5"]
    assert [way.future for way in plot.ways if way.kind == "best"] == [0]
    assert plot.scale_bar[1] == "m"


def test_pressing_a_future_selects_its_slot_in_the_memory_and_is_seen(qtbot: QtBot) -> None:
    view, plot = _at(qtbot, junction_trace(), 1)
    left = next(way for way in plot.ways if way.name == "slot 2")
    place = plot.to_pixels().map(QPointF(*left.points[-2].tolist())).toPoint()

    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    view.settle()

    assert view.state.lens.selection == Selection(channel="memory.contents", slots=(2,))
    assert plot._chosen == {(-1, 2)}


def test_the_pointer_over_a_future_says_slot_and_error(qtbot: QtBot) -> None:
    view, plot = _at(qtbot, junction_trace(), 1)

    plot.hovered.emit(0, 2)

    assert view.state.lens.hover_says.startswith("slot 2, number 3 of 5: ")
    assert "off on average" in view.state.lens.hover_says


def test_a_slot_that_is_selected_elsewhere_is_set_off_here(qtbot: QtBot) -> None:
    view, plot = _at(qtbot, junction_trace(), 1)

    view.state.lens.show(Selection(channel="memory.contents", slots=(1, 4)))
    view.settle()

    assert plot._chosen == {(-1, 1), (-1, 3)}


def test_an_agent_stands_for_its_read_head_and_its_write_head(qtbot: QtBot) -> None:
    view, plot = _at(qtbot, social_trace(), 30)

    plot.clicked.emit(2, -1, Qt.KeyboardModifier.NoModifier)
    view.settle()
    chosen = view.state.lens.selection
    view.state.lens.show(Selection(channel="write.weighting", head=1))
    view.settle()

    assert chosen == Selection(channel="read.weighting", head=2)
    assert plot._chosen == {(1, -1)}


def test_fewer_futures_can_be_wished_for(qtbot: QtBot) -> None:
    view, plot = _at(qtbot, junction_trace(futures=20), 2)
    before = plot._caption

    view._most._take(3)
    view.settle()

    assert view._most.names == ("all 20", "first 10", "first 5", "first 1")
    assert sum(way.future >= 0 for way in plot.ways) == 1
    assert (before, plot._caption) == ("best of 20: 0.04 m off", "4.01 m off")


def test_in_a_crowd_only_the_chosen_agents_other_futures_are_drawn(qtbot: QtBot) -> None:
    view, plot = _at(qtbot, social_trace(agents=12, futures=10), 30)
    before = {way.agent for way in plot._seen_ways() if way.kind == "foreseen"}

    plot.clicked.emit(4, -1, Qt.KeyboardModifier.NoModifier)
    view.settle()

    assert before == set()
    assert {way.agent for way in plot._seen_ways() if way.kind == "foreseen"} == {4}
    assert len(plot.ways) == 12 * 12
    assert plot._caption.endswith("press an agent for its other futures")


def test_the_scale_stays_from_sample_to_sample(qtbot: QtBot) -> None:
    view, plot = _at(qtbot, in_the_world(junction_trace(12)))
    scales = []
    for step in range(12):
        view.state.playback.go_to(step)
        view.settle()
        scales.append((plot.pixels_a_unit, plot.frame.left(), plot.frame.top()))

    assert len(set(scales)) == 1


def test_each_sample_can_be_drawn_as_large_as_it_fits(qtbot: QtBot) -> None:
    trace = junction_trace(12)
    trace.arrays["scene.past"][3] /= 10
    for name in ("scene.future", "scene.foreseen"):
        trace.arrays[name][3] /= 10
    view, plot = _at(qtbot, trace, 3)
    before = plot.pixels_a_unit

    view._scale._take(1)
    view.settle()

    assert view._scale.names == ("one scale", "each fitted")
    assert plot.pixels_a_unit > 6 * before
    assert all(plot.plot_rect().contains(plot.to_pixels().map(QPointF(*way.points[-1].tolist()))) for way in plot.ways)


def test_steps_within_a_sample_move_the_agents_and_redraw_no_line(qtbot: QtBot) -> None:
    view, plot = _at(qtbot, social_trace(), 3)
    before = plot.ways
    view.state.playback.go_to(4)
    view.settle()
    same = plot.ways is before
    view.state.playback.go_to(25)
    view.settle()

    assert same
    assert plot.ways is not before


def test_both_sides_are_drawn_on_one_scale(qtbot: QtBot) -> None:
    table = table_with(junction_trace(), in_the_world(junction_trace(20, seed=9, futures=20)))
    panes = [placed(qtbot, table.state, "Trajectories", side, size=(500, 500)) for side in "AB"]

    scales = [pane.findChildren(TrajectoriesPlot)[0].frame for pane in panes]

    assert scales[0] == scales[1]


def test_a_difference_of_ways_is_refused_in_words(qtbot: QtBot) -> None:
    table = table_with(junction_trace(), junction_trace(seed=2), "difference")

    assert placed(qtbot, table.state, "Trajectories", "B").summary() == PATHS_DIFFER
    assert placed(qtbot, table.state, "Trajectories", "A").summary() != PATHS_DIFFER


def test_without_a_truth_the_likeliest_is_thick(qtbot: QtBot) -> None:
    view, plot = _at(qtbot, without_truth(junction_trace()), 2)

    assert [key.says for key in plot.key] == ["seen", "likeliest", "also foreseen"]
    assert "truth" not in {way.kind for way in plot.ways}
    assert [way.future for way in plot.ways if way.kind == "best"] == [0]
    assert plot._caption == "nobody knows what happened"
    assert view.technical() == "Trajectories · sample 3"


def test_the_table_has_every_point_in_metres_of_the_world(qtbot: QtBot) -> None:
    trace = in_the_world(junction_trace())
    view, _ = _at(qtbot, trace, 2)

    headers, rows = view.table()

    assert headers[-2:] == ["x (m)", "y (m)"]
    assert len(rows) == 8 + 6 * 12
    np.testing.assert_allclose([row[-2:] for row in rows[:8]], trace.arrays["scene.past"][2, 0], rtol=1e-5)


@pytest.mark.parametrize("size", [(220, 200), (300, 700), (900, 240)])
def test_small_and_long_panes_draw_without_a_fault(qtbot: QtBot, size: tuple[int, int]) -> None:
    view, plot = _at(qtbot, junction_trace(futures=20), 2, size)

    assert plot.pixels_a_unit > 0
    assert not view.grab().isNull()


def test_a_scene_without_a_road_and_one_with_are_shown_one_after_the_other(qtbot: QtBot) -> None:
    view, plot = _at(qtbot, junction_trace(has_map=False))
    bare = plot._ground.picture

    view.side.take(None, junction_trace())
    view.settle()

    assert bare is None
    assert plot._ground.picture is not None


def test_a_lone_agent_is_seen_from_behind_even_after_several_were_shown(qtbot: QtBot) -> None:
    view, _ = _at(qtbot, social_trace())
    before = view._view.names[view._view.index]

    view.side.take(None, junction_trace())
    view.settle()
    after = view._view.names[view._view.index]
    view._view._take(1)
    view.side.take(None, junction_trace(seed=3))
    view.settle()

    assert (before, after) == ("north up", "from behind")
    assert view._view.names[view._view.index] == "north up"


# ---- who looks at whom ------------------------------------------------------------------------------------------------------


def _who(qtbot: QtBot, trace: Trace, step: int, size: tuple[int, int] = (520, 520)) -> tuple[Agents, list[AgentMatrix]]:
    table = table_with(trace)
    table.state.playback.go_to(step)
    view = placed(qtbot, table.state, "Agents", size=size)
    assert isinstance(view, Agents)
    return view, view.findChildren(AgentMatrix)


def test_a_ring_stands_where_the_task_knows_who_is_waited_for(qtbot: QtBot) -> None:
    view, plots = _who(qtbot, social_trace(), 30)
    titles = [label.text() for label in view.findChildren(QLabel)]

    assert plots[0].rings == ((1, 0), (2, 1), (3, 2))
    assert plots[3].rings == ()
    assert "by taking out · 3/3" in titles
    assert plots[2].colour_bar.unit == "m"


def test_pressing_a_row_selects_the_agents_read_head_and_marks_it_everywhere(qtbot: QtBot) -> None:
    view, plots = _who(qtbot, social_trace(futures=3), 30)

    plots[1].clicked.emit(2, 1, Qt.KeyboardModifier.NoModifier)

    assert view.state.lens.selection == Selection(channel="read.weighting", head=6)
    assert plots[1].marks.selected == (2, 1)
    assert plots[0].marks.selected == (2, -1)


def test_the_pointer_over_a_cell_says_the_pair_and_the_amount(qtbot: QtBot) -> None:
    view, plots = _who(qtbot, social_trace(), 30)

    plots[2].hovered.emit(1, 0)
    pair = view.state.lens.hover_says
    plots[2].hovered.emit(1, 1)

    assert pair == "agent 2, by agent 1, by taking out: 1.50 m; it waits for it"
    assert view.state.lens.hover_says.endswith("left out")


def test_accounts_stand_beside_each_other_where_the_pane_is_wide(qtbot: QtBot) -> None:
    wide, _ = _who(qtbot, social_trace(), 30, (900, 280))
    square, _ = _who(qtbot, social_trace(), 30, (520, 520))

    QGuiApplication.processEvents()

    columns = [len({part.plot.x() for part in view._parts}) for view in (wide, square)]

    assert columns == [4, 2]


def test_agents_of_two_sides_have_one_scale(qtbot: QtBot) -> None:
    other = social_trace(seed=5)
    other.arrays["who.counterfactual"][:] *= 7  # type: ignore[index]  # a made-up trace lies in memory
    table = table_with(social_trace(), other)

    bars = [placed(qtbot, table.state, "Agents", side).findChildren(AgentMatrix)[2].colour_bar for side in "AB"]

    assert bars[0] == bars[1]


def test_one_agent_alone_looks_at_nobody(qtbot: QtBot) -> None:
    table = table_with(junction_trace())

    assert placed(qtbot, table.state, "Agents").summary() == Agents.ABSENT
