"""The Inspector tells who wrote the selected slot."""

import pytest
from pytestqt.qtbot import QtBot

from app.plots.colours import LIGHT
from app.state.lens import Selection
from app.views.inspector import Inspector
from engine.contract.trace import Trace
from fake_traces import memn2n_trace, ntm_trace
from scripted import Desk, desk


def _on(qtbot: QtBot, trace: Trace, selection: Selection, step: int) -> tuple[Desk, Inspector]:
    table = desk()
    table.show(trace)
    inspector = Inspector(table.state, LIGHT)
    qtbot.addWidget(inspector)
    inspector.resize(320, 860)
    inspector.show()
    table.state.playback.go_to(step)
    table.state.lens.show(selection)
    inspector.settle()
    return table, inspector


def test_a_slot_s_writers_are_told_in_words_and_as_bars(qtbot: QtBot) -> None:
    _, inspector = _on(qtbot, ntm_trace(length=6, slots=16), Selection(channel="memory.contents", slots=(3,)), 3)

    assert inspector.provenance.says.text() == "98 % written at step 4 by write head 1, 2 % older."
    assert [bar.name for bar in inspector.provenance.bars._bars] == ["step 4, head 1", "older"]


def test_of_a_slot_that_is_selected_by_a_head_it_is_said_which(qtbot: QtBot) -> None:
    _, inspector = _on(qtbot, ntm_trace(length=6, slots=16), Selection(channel="read.weighting", head=0, slots=(3,)), 8)

    assert inspector.provenance.says.text().startswith("Slot 3: ")


def test_a_press_on_a_bar_goes_to_the_step_and_back_returns(qtbot: QtBot) -> None:
    table, inspector = _on(qtbot, ntm_trace(length=6, slots=16), Selection(channel="memory.contents", slots=(3,)), 9)

    inspector.provenance.bars.clicked.emit(0)
    there = table.state.playback.step
    table.state.explorer.back()

    assert (there, table.state.playback.step) == (3, 9)


def test_of_a_bank_of_facts_the_step_of_the_one_write_is_told(qtbot: QtBot) -> None:
    _, inspector = _on(qtbot, memn2n_trace(), Selection(channel="memory.contents", slots=(1,)), 5)

    assert inspector.provenance.says.text() == "Written whole at step 2, and not changed since."
    assert inspector.provenance.bars.isHidden()


@pytest.mark.parametrize("selection", [Selection(), Selection(channel="write.weighting", head=0)], ids=["none", "a head"])
def test_without_a_slot_nothing_is_said(qtbot: QtBot, selection: Selection) -> None:
    _, inspector = _on(qtbot, ntm_trace(length=6, slots=16), selection, 3)

    assert inspector.provenance.isHidden()
