"""Which position looks at which: the matrix of one layer and head, the present row, and all of them small."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.column_bars import ColumnBars
from app.plots.head_grid import HeadGrid
from app.plots.matrix_plot import MatrixPlot
from app.state.describe import number
from app.state.lens import Selection
from app.state.panes import pane
from app.views.pane_view import PaneView
from app.views.panes.attention import most_decided
from app.views.panes.choice import Choice
from engine.contract.trace import Array, Trace
from fake_attention import feedback_trace, pairs_trace, transformer_trace
from fake_traces import memn2n_trace, ntm_trace


def _plot(view: PaneView) -> MatrixPlot:
    return view.findChildren(MatrixPlot)[0]


def _bars(view: PaneView) -> ColumnBars:
    return view.findChildren(ColumnBars)[0]


def _grid(view: PaneView) -> HeadGrid:
    return view.findChildren(HeadGrid)[0]


def _whole(view: PaneView, trace: Trace) -> Array:
    """What is shown of a trace: `(step, position)`."""
    layer, head = _grid(view).place
    return np.asarray(trace.arrays["attention.self"])[:, layer, head]


def _choices(view: PaneView) -> list[Choice]:
    return view.frame.findChildren(Choice)


def test_only_attention_over_positions_is_shown_here() -> None:
    card = pane("Attention")

    assert [card.fits(t) for t in (transformer_trace(), feedback_trace(), memn2n_trace(), ntm_trace(length=4))] == [
        True, True, False, False,
    ]  # fmt: skip


def test_a_row_is_the_step_that_looks_and_a_column_the_step_that_is_looked_at(qtbot: QtBot) -> None:
    trace = transformer_trace()
    view = placed(qtbot, table_with(trace).state, "Attention")

    values = np.asarray([row[1:] for row in view.table()[1]], float)

    np.testing.assert_allclose(np.nan_to_num(values), _whole(view, trace))
    assert (_plot(view).axes[1].title, _plot(view).axes[0].title) == ("step that looks", "step looked at")


def test_what_no_head_may_look_at_is_absent_and_not_a_share_of_zero(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(transformer_trace()).state, "Attention")

    values = np.asarray([row[1:] for row in view.table()[1]], float)

    assert np.isnan(values[np.triu_indices(13, 1)]).all()
    assert np.isfinite(values[np.tril_indices(13)]).all()


def test_the_present_step_is_a_marked_row_and_bars_over_the_columns(qtbot: QtBot) -> None:
    trace = transformer_trace()
    table = table_with(trace)
    view = placed(qtbot, table.state, "Attention")

    table.state.playback.go_to(9)
    view.settle()

    assert _plot(view).marks.present_row == 9
    np.testing.assert_array_equal(_bars(view)._values, _whole(view, trace)[9])


def test_limits_are_those_of_shares_whatever_the_values(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(transformer_trace()).state, "Attention")

    assert (_plot(view).colour_bar.low, _plot(view).colour_bar.high, _bars(view)._limits) == (0.0, 1.0, (0.0, 1.0))


def test_a_click_on_a_small_picture_shows_that_layer_and_head_and_selects_it(qtbot: QtBot) -> None:
    trace = transformer_trace()
    table = table_with(trace)
    view = placed(qtbot, table.state, "Attention", size=(620, 420))

    qtbot.mouseClick(_grid(view), Qt.MouseButton.LeftButton, pos=_grid(view).tile_rect(1, 2).center().toPoint())
    view.settle()

    assert table.state.lens.selection == Selection(channel="attention.self", layer=1, head=2)
    np.testing.assert_allclose(np.nan_to_num(view.table()[1][8][1:]), trace.arrays["attention.self"][8, 1, 2])


def test_arrows_choose_a_head_once_the_grid_has_the_keyboard(qtbot: QtBot) -> None:
    table = table_with(transformer_trace())
    view = placed(qtbot, table.state, "Attention", size=(620, 420))

    _grid(view).set_place(0, 2)
    qtbot.keyClick(_grid(view), Qt.Key.Key_Left)
    view.settle()
    qtbot.keyClick(_grid(view), Qt.Key.Key_Down)
    view.settle()

    assert _grid(view).place == (1, 1)


def test_a_head_that_is_selected_elsewhere_is_shown(qtbot: QtBot) -> None:
    table = table_with(transformer_trace())
    view = placed(qtbot, table.state, "Attention")

    table.state.lens.show(Selection(channel="attention.self", layer=1, head=3))
    view.settle()

    assert _grid(view).place == (1, 3)
    assert _choices(view)[1].index == 7


def test_a_click_in_the_matrix_selects_the_position_and_goes_to_the_step(qtbot: QtBot) -> None:
    table = table_with(transformer_trace())
    view = placed(qtbot, table.state, "Attention")

    place = _plot(view).cell_rect(8, 3).center().toPoint()
    qtbot.mouseClick(_plot(view).viewport(), Qt.MouseButton.LeftButton, pos=place)

    layer, head = _grid(view).place
    assert table.state.lens.selection == Selection(channel="attention.self", layer=layer, head=head, slots=(3,))
    assert table.state.playback.step == 8


def test_a_slot_that_is_selected_in_memory_is_outlined_in_the_present_row(qtbot: QtBot) -> None:
    table = table_with(transformer_trace())
    view = placed(qtbot, table.state, "Attention")

    table.state.playback.go_to(7)
    table.state.lens.show(Selection(channel="memory.keys", layer=0, slots=(4,)))
    view.settle()

    assert _plot(view).marks.selected == (7, 4)
    assert _bars(view)._chosen == (4,)


def test_hovering_says_who_looks_at_whom(qtbot: QtBot) -> None:
    trace = transformer_trace(named=True)
    table = table_with(trace)
    view = placed(qtbot, table.state, "Attention")

    _plot(view).hovered.emit(8, 3)
    said = table.state.lens.hover_says
    _plot(view).hovered.emit(3, 8)

    share = number(float(_whole(view, trace)[8, 3]))
    assert said == f"step 9 at step 4, “1”: {share}"
    assert table.state.lens.hover_says == "step 4 at step 9, “x”: not to be looked at"


def test_steps_bear_the_names_that_the_task_gives_them(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(transformer_trace(named=True)).state, "Attention")

    assert _plot(view).axes[1].names[:3] == ("x", "y", "=")


def test_it_opens_on_the_head_that_is_most_decided(qtbot: QtBot) -> None:
    trace = transformer_trace()
    arrays = {**trace.arrays, "attention.self": np.array(trace.arrays["attention.self"])}
    arrays["attention.self"][:, 1, 2] = np.eye(13)
    view = placed(qtbot, table_with(replace(trace, arrays=arrays)).state, "Attention")

    assert _grid(view).place == (1, 2)


def test_how_decided_a_head_is_counts_only_the_steps_at_which_it_looks() -> None:
    values = np.full((4, 2, 1, 4), np.nan, np.float32)
    values[:, 0, 0] = 0.25
    values[3, 1, 0] = 0.0, 0.0, 1.0, 0.0

    assert most_decided(values) == (1, 0)


def test_where_there_is_an_answer_to_a_source_it_opens_on_that(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(pairs_trace()).state, "Attention")

    assert _choices(view)[0].index == 1
    assert _grid(view).place == (1, 0)


def test_the_newest_checkpoint_keeps_the_head_that_was_chosen(qtbot: QtBot) -> None:
    trace = transformer_trace()
    table = table_with(trace)
    view = placed(qtbot, table.state, "Attention", size=(620, 420))
    _grid(view).chosen.emit(0, 1)
    view.settle()

    later = transformer_trace(seed=5)
    table.state.a.take(None, replace(later, card=replace(later.card, update=900)))
    view.settle()

    assert _grid(view).place == (0, 1)


def test_self_and_cross_attention_are_offered_where_there_are_both(qtbot: QtBot) -> None:
    table = table_with(pairs_trace())
    view = placed(qtbot, table.state, "Attention")

    table.state.lens.show(Selection(channel="attention.self", layer=1, head=0))
    view.settle()

    assert _choices(view)[0].names == ("self-attention", "cross-attention")
    assert _choices(view)[0].index == 0


def test_of_cross_attention_the_part_that_exists_is_in_view(qtbot: QtBot) -> None:
    table = table_with(pairs_trace(length=5))
    view = placed(qtbot, table.state, "Attention")

    table.state.lens.show(Selection(channel="attention.cross", layer=1, head=0))
    view.settle()

    window = _plot(view).window_shown()
    assert (window.left(), window.top(), window.width(), window.height()) == (0, 5, 5, 5)


def test_at_a_step_without_attention_the_pane_says_why(qtbot: QtBot) -> None:
    table = table_with(feedback_trace())
    view = placed(qtbot, table.state, "Attention")

    assert _bars(view).message == "there is nothing earlier to look at"
    assert "looks nowhere at step 1" in view.summary()


def test_the_summary_names_the_strongest_look_and_the_surest_head(qtbot: QtBot) -> None:
    table = table_with(transformer_trace())
    view = placed(qtbot, table.state, "Attention")
    table.state.lens.show(Selection(channel="attention.self", layer=1, head=0))
    table.state.playback.go_to(9)

    summary = view.summary()

    assert "Layer 2, head 1: step 10 looks most at step 3 (0.8" in summary
    assert "Surest of all: layer " in summary


def test_moving_the_cursor_uploads_nothing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    table = table_with(transformer_trace())
    view = placed(qtbot, table.state, "Attention")
    uploads: list[object] = []
    monkeypatch.setattr(_plot(view), "show_values", uploads.append)
    monkeypatch.setattr(_grid(view), "show_tiles", uploads.append)

    for step in range(8):
        table.state.playback.go_to(step)
        view.settle()
    table.state.comparison.changed.emit()
    view.settle()

    assert uploads == []


def test_a_long_episode_is_gathered_by_its_maximum_and_says_so(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(transformer_trace(length=150, layers=1, heads=2)).state, "Attention")

    assert _plot(view).note.startswith("max of ")
    assert _plot(view).note in view.technical()


def test_the_layer_of_the_micro_step_is_marked_in_the_grid(qtbot: QtBot) -> None:
    table = table_with(transformer_trace())
    view = placed(qtbot, table.state, "Attention")

    table.state.playback.go_to(3, 1)
    view.settle()

    assert _grid(view)._layer == 1


def test_both_sides_have_equal_limits_and_the_difference_its_own_colours(qtbot: QtBot) -> None:
    a, b = transformer_trace(), transformer_trace(seed=1)
    b = replace(b, card=replace(b.card, update=900))
    table = table_with(a, b)
    sides = [placed(qtbot, table.state, "Attention", side) for side in ("A", "B")]
    limits = [(_plot(v).colour_bar.low, _plot(v).colour_bar.high) for v in sides]
    table.state.explorer.set_mode("difference")
    sides[1].settle()

    assert limits == [(0.0, 1.0), (0.0, 1.0)]
    assert _plot(sides[1]).colour_bar.scale == "difference"
    assert (_bars(sides[1])._limits, _grid(sides[1])._limits[2]) == ((-1.0, 1.0), "difference")


def test_a_low_pane_leaves_the_bars_out_and_says_the_step_in_its_header(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(transformer_trace()).state, "Attention", size=(460, 190))

    assert not _bars(view).isVisibleTo(view)
    assert view.technical().startswith("Attention · step 1")


def test_a_small_pane_leaves_the_small_pictures_out_and_keeps_the_choice(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(transformer_trace()).state, "Attention", size=(300, 260))

    assert not _grid(view).isVisibleTo(view)
    assert _choices(view)[1].isVisibleTo(view)


def test_enter_begins_in_the_present_row_where_the_head_looks_most(qtbot: QtBot) -> None:
    trace = transformer_trace()
    table = table_with(trace)
    view = placed(qtbot, table.state, "Attention")
    table.state.playback.go_to(6)
    view.settle()

    view.enter()

    assert table.state.playback.step == 6
    assert table.state.lens.selection.slots == (int(_whole(view, trace)[6].argmax()),)


def test_the_pointer_over_a_picture_names_that_head(qtbot: QtBot) -> None:
    table = table_with(transformer_trace())
    view = placed(qtbot, table.state, "Attention", size=(620, 420))
    table.state.playback.go_to(6)
    view.settle()

    _grid(view).hovered.emit(0, 1)

    assert table.state.lens.hover_says.startswith("layer 1, head 2: most at step 6")
