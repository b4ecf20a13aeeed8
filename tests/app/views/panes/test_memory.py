"""What is stored."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.matrix_plot import MatrixPlot
from app.state.lens import Selection
from app.views.pane_view import PaneView
from app.views.panes.choice import Choice
from fake_attention import feedback_trace, transformer_trace
from fake_growing import growing_trace, without_slot
from fake_traces import memn2n_trace, ntm_trace


def _plot(view: PaneView) -> MatrixPlot:
    return view.findChildren(MatrixPlot)[0]


def test_the_bank_is_shown_as_it_lies_after_the_step(qtbot: QtBot) -> None:
    trace = ntm_trace(length=6, slots=16)
    table = table_with(trace)
    view = placed(qtbot, table.state, "Memory")

    table.state.playback.go_to(3)
    headers, rows = view.table()

    np.testing.assert_allclose([row[1:] for row in rows], trace.at("memory.contents", 3))
    assert view.technical() == "after step 4"


def test_cells_that_the_step_changed_are_outlined(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Memory")

    table.state.playback.go_to(3)
    view.settle()

    changed = _plot(view).marks._changed_cells
    assert changed is not None
    assert set(np.flatnonzero(changed.any(1)).tolist()) <= {3, 4}
    assert "Changed at this step: slot" in view.summary()


def test_before_the_write_stage_the_bank_is_as_the_step_before_left_it(qtbot: QtBot) -> None:
    trace = ntm_trace(length=6, slots=16)
    table = table_with(trace)
    view = placed(qtbot, table.state, "Memory")

    table.state.playback.go_to(3, 0)
    view.settle()

    assert view.technical() == "before step 4 writes"
    assert _plot(view).marks._changed_cells is None


def test_before_the_first_write_the_blank_memory_is_shown(qtbot: QtBot) -> None:
    trace = ntm_trace(length=6, slots=16)
    trace.initial["memory.contents"][0, 0] = 0.25
    table = table_with(trace)
    view = placed(qtbot, table.state, "Memory")

    table.state.playback.go_to(0, 2)
    view.settle()
    _plot(view).hovered.emit(0, 0)

    assert table.state.lens.hover_says == "slot 0, feature 0: 0.25"


def test_the_frame_tells_the_lifetime(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace(length=6, slots=16)).state, "Memory")

    assert view.frame._frame == "episode"


def test_a_click_selects_the_slot_and_a_second_one_the_cell(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Memory")
    place = _plot(view).cell_rect(3, 5).center().toPoint()

    qtbot.mouseClick(_plot(view).viewport(), Qt.MouseButton.LeftButton, pos=place)
    first = table.state.lens.selection
    qtbot.mouseClick(_plot(view).viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert first == Selection(channel="memory.contents", slots=(3,))
    assert table.state.lens.selection == Selection(channel="memory.contents", slots=(3,), features=(5,))


def test_a_drag_brushes_a_range_of_slots_under_one_outline(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Memory")

    _plot(view).dragged.emit(2, 0, 5, 3)
    view.settle()

    assert table.state.lens.selection.slots == (2, 3, 4, 5)
    assert len(_plot(view).marks.selected_rects()) == 1


def test_facts_stand_beside_their_slots(qtbot: QtBot) -> None:
    table = table_with(memn2n_trace())
    view = placed(qtbot, table.state, "Memory", size=(900, 420))

    table.state.playback.go_to(4)
    view.settle()

    assert _plot(view).axes[1].names[:3] == (
        "Mary moved to the bathroom.",
        "John went to the hallway.",
        "Daniel went back to the hallway.",
    )
    assert view.table()[1][0][1] == "Mary moved to the bathroom."


def test_only_slots_that_the_story_ever_fills_are_shown(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(memn2n_trace()).state, "Memory")

    assert _plot(view).heatmap.rows == 5


def test_long_facts_leave_room_for_the_cells(qtbot: QtBot) -> None:
    table = table_with(memn2n_trace())
    table.state.playback.last()
    view = placed(qtbot, table.state, "Memory", size=(240, 300))

    assert _plot(view).plot_rect().width() > 80


def test_a_side_whose_episode_is_shorter_says_where_it_ended(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16), ntm_trace(length=3, slots=16, update=100))
    view = placed(qtbot, table.state, "Memory", "B")

    table.state.playback.go_to(9)

    assert view.summary() == "The episode on side B ended at step 7."


def test_a_difference_of_unequal_memories_is_refused_with_the_reason(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=32, update=100), "difference")

    assert placed(qtbot, table.state, "Memory", "B").summary().endswith("a difference needs equal sizes.")


def test_a_pin_leaves_its_letter_at_the_slot(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    memory, reads = placed(qtbot, table.state, "Memory"), placed(qtbot, table.state, "Reads")

    table.state.lens.show(Selection(channel="memory.contents", slots=(3,)))
    table.state.lens.pin()
    for view in (memory, reads):
        view.settle()

    assert [(pin.row, pin.letter) for view in (memory, reads) for pin in _plot(view).marks._pins] == [(3, "P1"), (3, "P1")]


def test_a_slot_that_a_step_left_bears_the_number_of_that_step(qtbot: QtBot) -> None:
    named, bare = transformer_trace(named=True), feedback_trace()

    assert _plot(placed(qtbot, table_with(bare).state, "Memory")).axes[1].names[:2] == ("0: step 1", "1: step 2")
    assert _plot(placed(qtbot, table_with(named).state, "Memory")).axes[1].names[:3] == ("0: x", "1: y", "2: =")


def test_a_slot_that_was_nothing_before_counts_as_changed(qtbot: QtBot) -> None:
    table = table_with(feedback_trace())
    view = placed(qtbot, table.state, "Memory")

    assert "Changed at this step: slot 0." in view.summary()


def test_the_bank_of_each_layer_can_be_chosen_and_its_slots_selected(qtbot: QtBot) -> None:
    table = table_with(transformer_trace())
    view = placed(qtbot, table.state, "Memory")

    _plot(view).clicked.emit(0, 3, Qt.KeyboardModifier.NoModifier)

    assert view.frame.findChildren(Choice)[0].names == (
        "keys, layer 1", "keys, layer 2", "values, layer 1", "values, layer 2",
    )  # fmt: skip
    assert table.state.lens.selection == Selection(channel="memory.keys", layer=0, slots=(0,))


def test_a_memory_that_grows_is_drawn_after_any_walk_as_if_it_were_just_opened(qtbot: QtBot) -> None:
    """Only slots that came or went are drawn anew: where a step, a stage of a step or a zoom lies between, too."""
    trace = without_slot(growing_trace(60), 2, 40)
    table = table_with(trace)
    view = placed(qtbot, table.state, "Memory")
    plot = _plot(view)
    for step, micro in ((0, None), (59, None), (12, 0), (12, None), (41, None), (39, 0), (40, None), (3, None)):
        table.state.playback.go_to(step, micro)
        view.settle()
        if step == 41:
            plot.show_window(QRectF(0, 1, 6, 3))
        drawn = plot.heatmap._bytes.copy()
        plot.show_values(trace.at("memory.contents", step if micro is None or not view._before else step - 1))
        np.testing.assert_array_equal(drawn, plot.heatmap._bytes)


def test_of_a_memory_that_grows_the_slot_that_was_written_is_outlined_from_the_first_step_on(qtbot: QtBot) -> None:
    trace = growing_trace(12)
    view = placed(qtbot, (state := table_with(trace).state), "Memory")
    for event in trace.card.events[:2]:
        state.playback.go_to(event.step)
        view.settle()
        changed = _plot(view).marks._changed_cells
        assert changed is not None
        assert np.flatnonzero(changed.any(1)).tolist() == [event.slot]
        assert f"Changed at this step: slot {event.slot}." in view.summary()
