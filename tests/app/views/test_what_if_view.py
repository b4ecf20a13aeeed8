"""What if: chips do what they say, forms answer beside the field, and the result comes in words."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.state.lens import Selection
from app.state.side import Showing
from app.views.what_if_view import ELSEWHERE, WhatIfView
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.trace import Trace
from fake_traces import memn2n_trace, ntm_trace
from scripted import Desk, desk

SLOT = Selection(channel="memory.contents", slots=(3,))
WRITE = Selection(channel="write.weighting", head=0, slots=(3,))
Make = Callable[..., tuple[Desk, WhatIfView]]


@pytest.fixture
def open_on(qtbot: QtBot) -> Make:
    def build(selection: Selection, trace: Trace | None = None) -> tuple[Desk, WhatIfView]:
        table = desk()
        table.show(trace or ntm_trace(length=6, slots=16))
        table.state.playback.go_to(4)
        table.state.lens.select(selection, table.state.explorer.here)
        view = WhatIfView(table.state)
        qtbot.addWidget(view)
        view.resize(290, 500)
        view.show()
        return table, view

    return build


def _chip(view: WhatIfView, act: str) -> QPushButton:
    found = view.findChild(QPushButton, f"what-if.{act}")
    assert isinstance(found, QPushButton)
    return found


def _titles(view: WhatIfView) -> list[str]:
    return [chip.text() for chip in view._buttons if chip.isVisible()]


def test_with_nothing_selected_it_says_what_to_click(open_on: Make) -> None:
    _, view = open_on(Selection())

    assert _titles(view) == []
    assert view._hint.isVisible()


def test_a_chip_erases_the_slot_at_the_present_step(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(SLOT)

    qtbot.mouseClick(_chip(view, "erase"), Qt.MouseButton.LeftButton)

    assert table.state.what_if.edits == (Edit(act="erase", channel="memory.contents", step=4, index=(3,)),)


def test_editing_stops_play(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(SLOT)
    table.state.playback.play()

    qtbot.mouseClick(_chip(view, "freeze"), Qt.MouseButton.LeftButton)

    assert not table.state.playback.is_playing


def test_a_form_is_filled_in_and_applied_by_keyboard(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(WRITE)
    view.begin("force")

    view.form.field.setText("9")
    view.form.onwards.setChecked(True)
    qtbot.keyClick(view.form.field, Qt.Key.Key_Return)

    assert table.state.what_if.edits == (Edit(act="force", channel="write.weighting", step=4, index=(0, 9), until=-1),)
    assert not view.form.isVisible()


def test_what_does_not_fit_is_said_beside_the_field_and_stays_there(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(WRITE)
    view.begin("force")
    view.form.field.setText("99")

    qtbot.keyClick(view.form.field, Qt.Key.Key_Return)

    assert view.form.error.text() == "99: there is no such slot; they are numbered 0 to 15."
    assert view.form.field.text() == "99"
    assert table.state.what_if.edits == ()


def test_typing_takes_the_complaint_back(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(WRITE)
    view.begin("force")
    view.form.field.setText("99")
    qtbot.keyClick(view.form.field, Qt.Key.Key_Return)

    qtbot.keyClick(view.form.field, Qt.Key.Key_Backspace)

    assert not view.form.error.isVisible()


def test_escape_gives_the_form_up(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(WRITE)
    view.begin("set")

    qtbot.keyClick(view.form.field, Qt.Key.Key_Escape)

    assert not view.form.isVisible()
    assert table.state.what_if.edits == ()


def test_a_form_for_another_selection_is_closed(open_on: Make) -> None:
    table, view = open_on(WRITE)
    view.begin("force")

    table.state.lens.select(SLOT, table.state.explorer.here)
    view._show()

    assert not view.form.isVisible()


def test_the_same_chip_again_closes_its_form(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(SLOT)

    for _ in range(2):
        qtbot.mouseClick(_chip(view, "set"), Qt.MouseButton.LeftButton)

    assert not view.form.isVisible()


def test_what_cannot_be_done_here_is_answered_when_it_is_asked_for_by_key(open_on: Make) -> None:
    table, view = open_on(SLOT)

    view.begin("mute")

    notice = table.state.notices.at("what-if")
    assert notice is not None
    assert notice.sentence == "Select a head first: click a weighting in a pane."


def test_every_edit_is_a_row_that_can_be_switched_renamed_and_removed(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(SLOT)
    view.begin("erase")
    row = view.edits.rows[0]
    words = row.words.text()

    qtbot.mouseClick(row.switch, Qt.MouseButton.LeftButton)
    is_on = table.state.what_if.edits[0].enabled
    qtbot.mouseClick(row.pencil, Qt.MouseButton.LeftButton)
    row.field.setText("lose the fourth vector")
    qtbot.keyClick(row.field, Qt.Key.Key_Return)
    name = table.state.what_if.edits[0].name
    qtbot.mouseClick(row.cross, Qt.MouseButton.LeftButton)

    assert (words, is_on, name) == ("Erase slot 3 at step 5", False, "lose the fourth vector")
    assert table.state.what_if.edits == ()


def test_escape_leaves_the_name_of_an_edit_as_it_was(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(SLOT)
    view.begin("erase")
    row = view.edits.rows[0]
    qtbot.mouseClick(row.pencil, Qt.MouseButton.LeftButton)
    row.field.setText("something else")

    qtbot.keyClick(row.field, Qt.Key.Key_Escape)

    assert table.state.what_if.edits[0].name == ""


def test_an_edit_that_no_longer_fits_says_why(open_on: Make) -> None:
    table, view = open_on(Selection(slots=(12,)))
    view.begin("erase")

    table.state.explorer.change_setting("slots", 8)
    table.bring(ntm_trace(length=6, slots=8))

    assert view.edits.rows[0].misfit.text() == "There is no slot 12 here; there are 8."


def test_running_again_is_wished_and_the_result_comes_in_words(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(SLOT)
    view.begin("erase")
    view._show()

    with qtbot.waitSignal(view.wished) as wish:
        qtbot.mouseClick(view.rerun, Qt.MouseButton.LeftButton)
    table.state.explorer.rerun()
    view._show()
    waiting = view._waiting.text()
    table.bring(ntm_trace(length=6, slots=16, wrong=5, edits=table.state.what_if.edits))
    view._show()

    assert wish.args == ["edit.rerun"]
    assert waiting == "Running again with the edits …"
    assert view.result.text().startswith("Output changed: wrong bits 0 to 5.")
    assert view._waiting.text() == "On this one episode."


def test_edits_changed_since_the_result_are_said(open_on: Make) -> None:
    table, view = open_on(SLOT)
    view.begin("erase")
    table.state.explorer.rerun()
    table.bring(ntm_trace(length=6, slots=16, wrong=5, edits=table.state.what_if.edits))

    view.begin("freeze")
    view._show()

    assert view._waiting.text() == "The edits have changed since: run again."


def test_a_refused_run_is_said_in_its_place(open_on: Make) -> None:
    table, view = open_on(SLOT)
    view.begin("erase")
    table.state.explorer.rerun()

    table.refuse("edit 1: no such slot")
    view._show()

    assert view._waiting.text() == "edit 1: no such slot"


def test_with_every_edit_off_there_is_nothing_to_run(open_on: Make) -> None:
    table, view = open_on(SLOT)
    view.begin("erase")

    table.state.what_if.switch(0)
    view._show()

    assert not view.rerun.isEnabled()


def test_undo_is_offered_when_there_is_something_to_undo(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(SLOT)
    view._show()
    before = view._undo.isVisible()
    view.begin("erase")
    view._show()

    with qtbot.waitSignal(view.wished) as wish:
        qtbot.mouseClick(view._undo, Qt.MouseButton.LeftButton)

    assert not before
    assert wish.args == ["edit.undo"]


def test_a_fact_of_a_story_is_erased_by_its_chip(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(Selection(slots=(1,)), memn2n_trace())

    qtbot.mouseClick(_chip(view, "erase"), Qt.MouseButton.LeftButton)

    assert table.state.what_if.edits[0].index == (1,)


def test_the_keyboard_goes_to_the_first_chip_when_no_act_is_named(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(SLOT)
    qtbot.waitExposed(view)

    view.begin("")

    assert view.focusWidget() is _chip(view, "erase")


def test_a_slot_of_another_model_on_side_b_is_not_changed_in_a(open_on: Make) -> None:
    table, view = open_on(SLOT)
    state, b = table.state, memn2n_trace()
    assert "Erase slot 3" in _titles(view)

    state.comparison.show("split", edited_copy=False)
    state.b.wish(Showing(source=Source(place=b.card.source), episode=EpisodeWish()), None)
    state.b.take(None, b)
    state.lens.select(replace(SLOT, side="B"), state.explorer.here)
    view.begin("erase")

    assert _titles(view) == []
    assert view._hint.text() == ELSEWHERE
    assert state.what_if.edits == ()
    notice = state.notices.at("what-if")
    assert notice is not None
    assert notice.sentence == ELSEWHERE
