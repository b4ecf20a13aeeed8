"""Is it worth a slot: the verdict, the bars against the threshold, and the whole stream below."""

import numpy as np
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.bars import Bars
from app.plots.decisions import DecisionPlot
from app.state.decision import decision_at, verdict
from app.state.lens import Selection
from app.views.pane_view import PaneView
from engine.contract.trace import Trace
from fake_growing import growing_trace
from fake_traces import ntm_trace


def _at(qtbot: QtBot, trace: Trace, step: int, size: tuple[int, int] = (400, 520)) -> PaneView:
    table = table_with(trace)
    table.state.playback.go_to(step)
    return placed(qtbot, table.state, "Write decision", size=size)


def _said(view: PaneView) -> str:
    return " ".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


def test_a_model_that_stores_without_a_decision_says_so(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace()).state, "Write decision")

    assert view.summary().startswith("This model decides about no sample")


def test_the_verdict_stands_first_in_words(qtbot: QtBot) -> None:
    trace = growing_trace(60)
    refused = int(np.flatnonzero(trace.arrays["write.stored"] == 0)[0])
    view = _at(qtbot, trace, refused)

    assert verdict(decision_at(trace, refused)) in _said(view)
    assert "Refused: slot" in _said(view)
    view.state.playback.go_to(0)
    view.settle()
    assert "Stored as slot 0" in _said(view)


def test_each_retrieved_future_has_a_bar_and_the_threshold_runs_across(qtbot: QtBot) -> None:
    trace = growing_trace(60)
    view = _at(qtbot, trace, 50)
    bars = next(b for b in view.findChildren(Bars) if b._bars[0].name.startswith("slot"))

    assert [bar.name for bar in bars._bars] == [f"slot {int(s)}" for s in trace.arrays["read.slot"][50]]
    assert [bar.value for bar in bars._bars] == trace.arrays["write.success"][50].tolist()
    assert bars._level == trace.arrays["write.threshold"][50]
    assert [bar.mark for bar in bars._bars].count("best") == 1


def test_the_controllers_numbers_stand_beside_each_other(qtbot: QtBot) -> None:
    trace = growing_trace(60)
    view = _at(qtbot, trace, 0)
    bars = next(b for b in view.findChildren(Bars) if b._bars and b._bars[0].name == "best success")

    assert [bar.name for bar in bars._bars] == ["best success", "threshold", "P(write)"]
    assert bars._bars[2].mark == "worth a slot"


def test_a_press_on_a_bar_selects_its_slot(qtbot: QtBot) -> None:
    trace = growing_trace(60)
    view = _at(qtbot, trace, 50)
    bars = next(b for b in view.findChildren(Bars) if b._bars[0].name.startswith("slot"))

    bars.clicked.emit(1)
    view.settle()

    slot = int(trace.arrays["read.slot"][50, 1])
    assert view.state.lens.selection == Selection(channel="memory.contents", slots=(slot,))
    assert [bar.is_chosen for bar in bars._bars].index(True) == 1


def test_the_history_marks_every_sample_and_a_press_goes_there(qtbot: QtBot) -> None:
    trace = growing_trace(60, limit=3)
    view = _at(qtbot, trace, 10)
    plot = view.findChildren(DecisionPlot)[0]

    assert int(plot._stored.sum()) == 3
    assert int(plot._full.sum()) > 0
    plot.clicked.emit(33.2)
    assert view.state.playback.step == 33


def test_moving_the_cursor_paints_marks_only_where_it_was_and_is(qtbot: QtBot) -> None:
    view = _at(qtbot, growing_trace(300), 10)
    plot = view.findChildren(DecisionPlot)[0]
    strip = plot.rect().toRectF() if hasattr(plot.rect(), "toRectF") else plot.rect()

    assert len(plot._exposed(strip)) == 300
    x = plot.to_pixels(10, 0).x()
    assert 0 < len(plot._exposed(strip.adjusted(x - 4, 0, x + 5 - strip.right(), 0))) < 30


def test_a_full_memory_names_its_rule(qtbot: QtBot) -> None:
    trace = growing_trace(60, limit=3)
    full = (trace.arrays["write.stored"] == 0) & (trace.arrays["write.probability"] > 0.5)
    view = _at(qtbot, trace, int(np.flatnonzero(full)[0]))

    assert "Worth a slot, but the memory is full" in _said(view)
    assert "the rule is to store nothing more" in view.summary()


def test_the_table_has_a_row_for_each_sample(qtbot: QtBot) -> None:
    trace = growing_trace(30)

    headers, rows = _at(qtbot, trace, 5).table()

    assert headers[:4] == ["step", "decision", "stored as slot", "best slot"]
    assert [row[1] == "stored" for row in rows] == (trace.arrays["write.stored"] > 0).tolist()


def test_a_low_pane_leaves_the_history_out(qtbot: QtBot) -> None:
    view = _at(qtbot, growing_trace(30), 5, size=(400, 240))

    assert not view.findChildren(DecisionPlot)[0].isVisibleTo(view)
