"""How long each memory lives."""

import time

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.curve import CurvePlot
from app.plots.lifetimes import LifetimesPlot
from app.state.lens import Selection
from app.state.lifetimes import lives_of
from app.views.pane_view import PaneView
from app.views.panes.lifetimes import MOST_ROWS, Lifetimes
from engine.contract.trace import Trace
from fake_growing import growing_trace, huge_trace
from fake_lifetimes import story_trace
from fake_traces import big_trace, lstm_trace, memn2n_trace, ntm_trace

HELD = np.array([[3, -1], [3, 4], [5, 4]], np.float32)


def _on(qtbot: QtBot, trace: Trace, step: int = 0) -> tuple[Lifetimes, LifetimesPlot]:
    table = table_with(trace)
    table.state.playback.go_to(step)
    view = placed(qtbot, table.state, "Lifetimes")
    assert isinstance(view, Lifetimes)
    return view, view.findChildren(LifetimesPlot)[0]


def test_only_slots_that_are_used_have_a_row(qtbot: QtBot) -> None:
    view, plot = _on(qtbot, ntm_trace(length=6, slots=16))

    assert plot.heatmap.rows == 6
    assert plot.heatmap.columns == 13
    assert "6 of 16 slots" in view.technical()


def test_a_step_is_told_with_what_it_wrote_and_what_made_room(qtbot: QtBot) -> None:
    view, _ = _on(qtbot, story_trace(HELD, "episode", ()), step=2)

    assert "2 of 2 slots hold something after step 3." in view.summary()
    assert "Slot 0 is written (“5”); it replaces “3”, which lived 2 steps." in view.summary()
    assert "Then the memory is wiped." in view.summary()


def test_a_model_with_one_kind_of_memory_says_so(qtbot: QtBot) -> None:
    episodic, _ = _on(qtbot, ntm_trace(length=4, slots=8))
    persistent, _ = _on(qtbot, story_trace(HELD, "persistent", (), older=(0,)))

    assert "Episodic memory only: all of it is wiped when the episode ends." in episodic.summary()
    assert "Persistent memory only: it outlives the episodes" in persistent.summary()


def test_the_frame_tells_the_lifetime(qtbot: QtBot) -> None:
    frames = [_on(qtbot, story_trace(HELD, kind, ()))[0].frame for kind in ("episode", "persistent")]

    assert [frame._frame for frame in frames] == ["episode", "persistent"]


def test_episodic_bars_stop_at_the_bracket_and_persistent_ones_run_through(qtbot: QtBot) -> None:
    episodic, persistent = (_on(qtbot, story_trace(HELD, kind, (), older=(0,)))[1] for kind in ("episode", "persistent"))

    assert (episodic._ends, episodic._is_wiped, episodic._bars.stays.any()) == ((2,), True, False)
    assert (persistent._is_wiped, persistent._bars.stays.tolist()) == (False, [False, True, True])
    assert persistent._bars.older.tolist() == [True, False, False]


def test_the_rows_can_be_ordered(qtbot: QtBot) -> None:
    reads = np.zeros((3, 1, 2), np.float32)
    reads[1:, 0, 1] = 1.0
    view, _ = _on(qtbot, story_trace(HELD, "episode", (), reads=reads))
    assert view._order.names == ("by slot", "by age", "by last read", "by number of reads")

    view._order._take(3)
    view.settle()

    assert view._rows.tolist() == [1, 0]


def test_a_story_has_its_facts_beside_the_rows(qtbot: QtBot) -> None:
    view, plot = _on(qtbot, memn2n_trace())

    assert plot.axes[1].names[1].endswith("  1")
    assert plot.axes[1].names[1].startswith("John went")


def test_a_press_selects_the_slot_and_goes_to_the_step(qtbot: QtBot) -> None:
    view, plot = _on(qtbot, ntm_trace(length=6, slots=16))

    plot.clicked.emit(3, 7, Qt.KeyboardModifier.NoModifier)
    view.settle()

    assert view.state.lens.selection == Selection(channel="memory.contents", slots=(3,))
    assert view.state.playback.step == 7
    assert plot.marks.selected == (3, -1)


def test_hovering_tells_the_life_under_the_pointer(qtbot: QtBot) -> None:
    view, plot = _on(qtbot, story_trace(HELD, "episode", ()))

    plot.hovered.emit(0, 1)

    assert view.state.lens.hover_says == "slot 0, “3”, from step 1 to step 2, never read, then replaced"


def test_the_table_has_a_row_for_each_life(qtbot: QtBot) -> None:
    headers, rows = _on(qtbot, story_trace(HELD, "persistent", (), older=(0,)))[0].table()

    assert headers == ["slot", "holds", "written at step", "last step", "steps", "then", "strength of the write", "reads"]
    assert [row[:6] for row in rows] == [
        [0, "3", "before", 2, 2, "replaced"],
        [0, "5", 3, 3, 1, "kept"],
        [1, "4", 2, 3, 2, "kept"],
    ]


def test_the_count_of_full_slots_is_drawn_where_there_is_room(qtbot: QtBot) -> None:
    view, _ = _on(qtbot, ntm_trace(length=6, slots=16))
    count = view.findChildren(CurvePlot)[0]
    seen = count.isVisibleTo(view)

    view.resize(480, 250)
    view.settle()

    assert (seen, count.isVisibleTo(view)) == (True, False)


def test_the_count_and_the_bars_share_their_steps(qtbot: QtBot) -> None:
    view, plot = _on(qtbot, ntm_trace(length=6, slots=16))
    QGuiApplication.processEvents()
    count = view.findChildren(CurvePlot)[0]

    assert abs(count.to_pixels(5, 0).x() - plot.cell_rect(0, 5).center().x()) <= 1


def test_a_model_without_memory_says_so(qtbot: QtBot) -> None:
    view, _ = _on(qtbot, lstm_trace(length=4))  # its states are recorded as values of a step

    assert view.summary() == Lifetimes.ABSENT


def _milliseconds(view: PaneView, steps: int) -> float:
    taken = []
    for step in range(1, steps):
        begun = time.thread_time()
        view.state.playback.go_to(step * 37)
        QGuiApplication.processEvents()
        QGuiApplication.processEvents()
        taken.append((time.thread_time() - begun) * 1e3)
    return float(np.median(taken))


def test_ten_thousand_steps_of_a_thousand_slots_follow_the_cursor(qtbot: QtBot) -> None:
    view, plot = _on(qtbot, big_trace())

    assert not plot.draws_bars
    assert min(_milliseconds(view, 20) for _ in range(3)) <= 16.0


def _large_and_full() -> Trace:
    """A hundred slots that were full before; slots 70 and 7 are read, 90 is written anew."""
    held = np.ones((5, 100), np.float32)
    held[3:, 90] = 2
    reads = np.zeros((5, 1, 100), np.float32)
    reads[1:3, 0, 70] = reads[4, 0, 7] = 0.8
    return story_trace(held, "persistent", (), older=tuple(range(100)), reads=reads)


def test_of_a_large_memory_that_was_full_before_what_is_touched_stands_first(qtbot: QtBot) -> None:
    view, plot = _on(qtbot, _large_and_full())

    assert view._rows[:3].tolist() == [70, 7, 90]
    assert plot.window_shown().height() == 12
    assert "12 of 100 rows" in plot.colour_bar.badge


def test_an_order_that_the_reader_chose_stays(qtbot: QtBot) -> None:
    view, plot = _on(qtbot, _large_and_full())

    view._order._take(0)
    view.settle()

    assert view._rows.tolist() == list(range(100))
    assert plot.window_shown() == plot.full_window()


def test_of_a_memory_of_very_many_slots_those_that_the_stream_touches_are_drawn(qtbot: QtBot) -> None:
    trace = huge_trace(MOST_ROWS + 500, steps=6, features=2)
    view, plot = _on(qtbot, trace)
    touched = {int(slot) for slot in trace.arrays["read.slot"].ravel()} | {event.slot for event in trace.card.events}

    for order in range(4):
        view._order._take(order)
        view.settle()
        assert set(view._rows.tolist()) == touched
        assert plot.heatmap.rows == len(touched)
        assert f"{len(touched)} of 5,500 rows" in plot.colour_bar.badge
    assert f"{MOST_ROWS + 500 - len(touched):,} slots that this episode leaves alone are not drawn" in view._kinds.text()


def test_the_rows_that_are_drawn_have_the_strengths_of_their_slots() -> None:
    trace = growing_trace(40, limit=-6)
    lives = lives_of(trace, trace.channels["memory.contents"])
    rows = np.array([7, 2, 5])
    there = trace.arrays["memory.alive"][:, rows].T > 0

    np.testing.assert_array_equal(np.isfinite(lives.strengths(rows)), there)
    np.testing.assert_array_equal(lives.strengths(rows), lives.strengths(np.arange(lives.slots))[rows])
