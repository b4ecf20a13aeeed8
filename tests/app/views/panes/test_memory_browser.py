"""What was worth keeping: the slots that are there, found, sorted, chosen, and told of."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.bars import Bars
from app.plots.matrix_plot import MatrixPlot
from app.plots.slot_picture import SlotPicture
from app.plots.thumbnails import Thumbnails
from app.state.lens import Selection
from app.state.side import Showing
from app.views.pane_view import PaneView
from engine.contract.messages import EpisodeWish, Source
from engine.contract.trace import Trace
from fake_growing import growing_trace, without_slot
from fake_stream import episodic_stream, persistent_stream
from fake_traces import ntm_trace

NO = Qt.KeyboardModifier.NoModifier


def _at(qtbot: QtBot, trace: Trace, step: int = 59, size: tuple[int, int] = (720, 480)) -> tuple[PaneView, Thumbnails]:
    table = table_with(trace)
    table.state.playback.go_to(step)
    view = placed(qtbot, table.state, "Memory browser", size=size)
    return view, view.findChildren(Thumbnails)[0]


def _said(view: PaneView) -> str:
    return " ".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


def test_it_opens_only_where_a_memory_keeps_samples(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace()).state, "Memory browser")

    assert view.summary() == "This model keeps no samples: its memory does not grow."


def test_the_grid_grows_with_the_memory_and_no_slot_stands_there_before_it_is_written(qtbot: QtBot) -> None:
    trace = growing_trace(60)
    view, grid = _at(qtbot, trace, 0)
    stored = np.cumsum(trace.arrays["write.stored"]).astype(int)

    assert grid.slots.tolist() == [0]
    assert "1 slot after 1 sample" in _said(view)
    view.state.playback.go_to(59)
    view.settle()
    assert grid.slots.tolist() == list(range(stored[-1]))
    assert f"{stored[-1]} slots after 60 samples" in _said(view)


def test_a_removed_slot_is_gone_from_the_grid(qtbot: QtBot) -> None:
    _, grid = _at(qtbot, without_slot(growing_trace(60), 2, 40))

    assert 2 not in grid.slots


def test_what_is_retrieved_bears_its_rank_and_what_is_written_its_mark(qtbot: QtBot) -> None:
    trace = growing_trace(60)
    step = int(np.flatnonzero(trace.arrays["write.stored"])[-1])
    _, grid = _at(qtbot, trace, step)

    assert dict(grid._ranks) == {int(slot): place for place, slot in enumerate(trace.arrays["read.slot"][step], 1) if slot >= 0}
    assert grid._new == int(trace.arrays["write.weighting"][step, 0].argmax())


def test_typing_searches_and_esc_takes_the_search_back(qtbot: QtBot) -> None:
    view, grid = _at(qtbot, growing_trace(60))
    field, before = view.findChildren(QLineEdit)[0], len(grid.slots)

    QTest.keyClicks(field, "slot 2")
    view.settle()
    assert grid.slots.tolist() == [2]
    assert f"1 of {before} slots fit" in _said(view)
    field.setText("nobody")
    view.settle()
    assert grid._message.startswith("No slot fits “nobody”. Try: cross left")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    view.settle()
    assert len(grid.slots) == before


def test_the_order_is_chosen_in_the_header(qtbot: QtBot) -> None:
    trace = growing_trace(60)
    view, grid = _at(qtbot, trace)

    assert view._order.names == ("by slot", "newest first", "most alike now", "most retrieved", "most often best", "by sort")
    view._order._take(2)
    view.settle()
    assert grid.slots[:5].tolist() == trace.arrays["read.slot"][59].astype(int).tolist()
    view._order._take(1)
    view.settle()
    assert grid.slots[0] == len(grid.slots) - 1


def test_a_press_selects_the_slot_as_the_memory_pane_would(qtbot: QtBot) -> None:
    view, grid = _at(qtbot, growing_trace(60))

    grid.clicked.emit(3, NO)
    view.settle()

    assert view.state.lens.selection == Selection(channel="memory.contents", slots=(3,))
    assert grid._chosen == (3,)
    assert "Slot 3 · " in _said(view)
    grid.clicked.emit(1, Qt.KeyboardModifier.ControlModifier)
    assert view.state.lens.selection.slots == (1, 3)


def test_without_a_choice_the_most_alike_slot_is_shown_large(qtbot: QtBot) -> None:
    trace = growing_trace(60)
    view, _ = _at(qtbot, trace)

    assert f"Slot {int(trace.arrays['read.slot'][59, 0])} · " in _said(view)
    assert [bar.name for bar in view.findChildren(Bars)[0]._bars] == [f"slot {int(s)}" for s in trace.arrays["read.slot"][59]]


def test_a_slot_that_is_not_there_yet_is_not_drawn(qtbot: QtBot) -> None:
    trace = growing_trace(60)
    view, _ = _at(qtbot, trace, 0)

    view.state.lens.show(Selection(channel="memory.contents", slots=(4,)))
    view.settle()

    assert view.findChildren(SlotPicture)[0]._message == "There is no such slot after this sample."
    assert "It is not there at this step." in _said(view)
    assert "Likeness to the present sample" not in _said(view)


def test_hovering_names_the_slot_and_how_alike_it_is(qtbot: QtBot) -> None:
    trace = growing_trace(60)
    view, grid = _at(qtbot, trace)
    likeness = f"{trace.arrays['match.likeness'][59, 2]:.3f}"

    grid.hovered.emit(2)

    assert view.state.lens.hover_says.startswith("slot 2 · ")
    assert view.state.lens.hover_says.endswith(f"likeness {likeness}")
    grid.hovered.emit(-1)
    assert view.state.lens.hover_says == ""


def test_enter_in_the_grid_opens_the_what_if(qtbot: QtBot) -> None:
    view, grid = _at(qtbot, growing_trace(60))
    view.enter()

    with qtbot.waitSignal(view.wished) as heard:
        QTest.keyClick(grid, Qt.Key.Key_Return)

    assert heard.args == ["edit.selection"]


def test_the_table_lists_the_slots_as_they_stand(qtbot: QtBot) -> None:
    trace = growing_trace(60)
    view, grid = _at(qtbot, trace)
    view._order._take(3)

    headers, rows = view.table()

    assert headers[:4] == ["slot", "sort", "stored at", "of all presented"]
    assert [row[0] for row in rows] == grid.slots.tolist()
    assert all(trace.arrays["write.stored"][int(row[2]) - 1] for row in rows)  # type: ignore[call-overload]


def test_the_summary_says_how_many_what_is_retrieved_and_the_story_of_the_slot(qtbot: QtBot) -> None:
    view, grid = _at(qtbot, growing_trace(60))
    grid.clicked.emit(0, NO)

    said = view.summary()

    assert "slots after 60 samples. Retrieved here: slots" in said
    assert "Slot 0 · " in said
    assert "Stored at sample 1 of this stream" in said


def test_pictures_of_pairs_stand_side_by_side(qtbot: QtBot) -> None:
    view, grid = _at(qtbot, growing_trace(60, garments=True))

    wide, high = grid.cell()
    assert wide == pytest.approx(2 * high, abs=1)
    assert not view.grab().toImage().isNull()


@pytest.mark.parametrize(("size", "has_large"), [((720, 480), True), ((380, 520), True), ((300, 260), False)])
def test_the_large_slot_needs_room(qtbot: QtBot, size: tuple[int, int], has_large: bool) -> None:
    view, _ = _at(qtbot, growing_trace(60), size=size)

    assert view.findChildren(SlotPicture)[0].isVisibleTo(view) == has_large


def test_a_slot_of_the_other_models_memory_is_no_slot_of_this_one(qtbot: QtBot) -> None:
    a, b = episodic_stream(30), persistent_stream(30)
    state = table_with(a).state
    state.comparison.show("split", edited_copy=False)
    state.b.wish(Showing(source=Source(place=b.card.source), episode=EpisodeWish()), None)
    state.b.take(None, b)
    state.explorer.set_mode("split")
    state.playback.go_to(a.steps - 1)
    left, right = placed(qtbot, state, "Memory"), placed(qtbot, state, "Memory browser", side="B")

    def marked(side: str) -> tuple[bool, bool]:
        state.lens.show(Selection(side=side, channel="memory.contents", slots=(1,)))
        for view in (left, right):
            view.settle()
        return left.findChild(MatrixPlot).marks.selected is not None, 1 in right.findChild(Thumbnails)._chosen

    assert marked("A") == (True, False)
    assert marked("B") == (False, True)
