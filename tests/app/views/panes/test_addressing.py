"""How a head chose its slot."""

import numpy as np
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.stages import StagesPlot
from app.state.lens import Selection
from app.views.pane_view import PaneView
from app.views.panes.addressing import stages_of
from app.views.panes.choice import Choice
from fake_traces import ntm_trace


def _plot(view: PaneView) -> StagesPlot:
    return view.findChildren(StagesPlot)[0]


def test_the_stages_are_the_micro_steps_that_leave_a_weighting() -> None:
    stages = stages_of(ntm_trace(length=4, slots=16), "write")

    assert [stage.name for stage in stages] == ["content", "gate", "shift", "sharpen"]
    assert [stage.channel.name for stage in stages] == ["write.content", "write.gated", "write.shifted", "write.weighting"]


def test_each_stage_bears_the_number_that_governs_it(qtbot: QtBot) -> None:
    trace = ntm_trace(length=4, slots=16)
    view = placed(qtbot, table_with(trace).state, "Addressing")

    shown = _plot(view)._stages

    assert shown[1].number == f"{float(trace.arrays['write.gate'][0, 0]):.2f}"
    assert shown[2].number == "+1"


def test_the_last_stage_is_the_weighting_that_the_head_uses(qtbot: QtBot) -> None:
    trace = ntm_trace(length=4, slots=16)
    table = table_with(trace)
    view = placed(qtbot, table.state, "Addressing")

    table.state.playback.go_to(3)
    view.settle()

    np.testing.assert_array_equal(_plot(view)._stages[-1].weighting, trace.arrays["write.weighting"][3, 0])


def test_the_present_micro_step_stands_out(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=4, slots=16))
    view = placed(qtbot, table.state, "Addressing")

    table.state.playback.go_to(3, 2)
    view.settle()

    assert _plot(view)._present == 2


def test_a_press_on_a_stage_stands_at_its_micro_step(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=4, slots=16))
    view = placed(qtbot, table.state, "Addressing")

    _plot(view).stage_chosen.emit(1)

    assert table.state.playback.micro == 1


def test_a_head_that_is_selected_anywhere_is_shown(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=4, slots=16, heads=2))
    view = placed(qtbot, table.state, "Addressing")

    table.state.lens.show(Selection(channel="read.weighting", head=1, slots=(2,)))

    assert view.summary().startswith("How did it choose the slot? Read head 2.")


def test_a_head_can_be_chosen_in_the_header(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=4, slots=16))
    view = placed(qtbot, table.state, "Addressing")
    choice = view.findChildren(Choice)[0]

    choice.choose(0)
    choice.chosen.emit(0)

    assert table.state.lens.selection == Selection(channel="write.weighting", head=0)


def test_a_press_on_a_slot_selects_it_for_this_head(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=4, slots=16))
    view = placed(qtbot, table.state, "Addressing")

    _plot(view).slot_clicked.emit(3)

    assert table.state.lens.selection == Selection(channel="write.weighting", head=0, slots=(3,))


def test_the_table_has_a_column_for_each_stage(qtbot: QtBot) -> None:
    headers, rows = placed(qtbot, table_with(ntm_trace(length=4, slots=16)).state, "Addressing").table()

    assert headers == ["slot", "content", "gate", "shift", "sharpen"]
    assert len(rows) == 16
