"""Edits as chips on the lane."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.plots.colours import LIGHT
from app.plots.timeline import SequenceLane
from app.state.playback import Playback
from app.state.what_if import WhatIf
from app.views.edit_chips import EditChips
from engine.contract.edits import Edit

EDIT = Edit(act="erase", channel="memory.contents", step=10, index=(7,))


@pytest.fixture
def chips(qtbot: QtBot) -> EditChips:
    lane, what_if, playback = SequenceLane(LIGHT), WhatIf(), Playback()
    qtbot.addWidget(lane)
    lane.resize(800, 72)
    lane.show_episode(41)
    playback.load(41)
    lane.show()
    made = EditChips(lane, what_if, lambda step: step if step < playback.length else -1, lambda column: column)
    what_if.add(EDIT)
    return made


def _edit(chips: EditChips) -> Edit:
    return chips._what_if.edits[0]


def test_a_chip_stands_at_the_step_of_its_edit(chips: EditChips) -> None:
    assert abs(chips.chips[0].x() + 8 - chips._lane.x_of(10)) <= 3
    assert chips.chips[0].accessibleName() == "Edit: erase slot 7 at step 11, on"


def test_a_click_switches_the_edit_off(chips: EditChips, qtbot: QtBot) -> None:
    with qtbot.waitSignal(chips.chips[0].switched, timeout=2000):
        qtbot.mouseClick(chips.chips[0], Qt.MouseButton.LeftButton, pos=QPoint(5, 5))

    assert not _edit(chips).enabled


def test_a_drag_moves_the_edit_to_another_step(chips: EditChips) -> None:
    chips.chips[0].moved.emit(round(chips._lane.x_of(15) - chips._lane.x_of(10)))

    assert _edit(chips).step == 15


def test_a_real_drag_is_measured_in_pixels(chips: EditChips, qtbot: QtBot) -> None:
    chip = chips.chips[0]
    qtbot.mousePress(chip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    qtbot.mouseMove(chip, QPoint(5 + 40, 5))
    qtbot.mouseRelease(chip, Qt.MouseButton.LeftButton, pos=QPoint(45, 5))

    assert _edit(chips).step == 12


def test_an_edit_stays_within_the_episode(chips: EditChips) -> None:
    chips.chips[0].moved.emit(100_000)

    assert _edit(chips).step == 40


def test_a_double_click_renames_it(chips: EditChips, qtbot: QtBot) -> None:
    qtbot.mouseDClick(chips.chips[0], Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    field = chips._lane.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)

    field.setText("forget the seventh")
    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert _edit(chips).name == "forget the seventh"


def test_a_name_that_was_not_changed_stays_unset(chips: EditChips, qtbot: QtBot) -> None:
    chips.chips[0].rename_wanted.emit()
    field = chips._lane.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)

    qtbot.keyClick(field, Qt.Key.Key_Return)

    assert _edit(chips).name == ""


def test_delete_takes_it_away(chips: EditChips, qtbot: QtBot) -> None:
    qtbot.keyClick(chips.chips[0], Qt.Key.Key_Delete)

    assert chips._what_if.edits == ()
    assert chips.chips == []


def test_the_arrows_with_ctrl_move_it_by_a_step(chips: EditChips, qtbot: QtBot) -> None:
    qtbot.keyClick(chips.chips[0], Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)

    assert _edit(chips).step == 9


def test_return_switches_it_at_once(chips: EditChips, qtbot: QtBot) -> None:
    qtbot.keyClick(chips.chips[0], Qt.Key.Key_Return)

    assert not _edit(chips).enabled


def test_two_edits_of_one_step_stand_beside_each_other(chips: EditChips) -> None:
    chips._what_if.add(Edit(act="erase", channel="memory.contents", step=10, index=(8,)))

    assert chips.chips[0].geometry().right() < chips.chips[1].geometry().left()


def test_a_click_on_a_chip_that_goes_before_it_counts_switches_nothing(chips: EditChips, qtbot: QtBot) -> None:
    chip = chips.chips[0]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))

    chips._what_if.clear()

    assert not chip._click.isActive()


def test_a_name_is_given_to_its_own_edit_though_the_list_has_changed(chips: EditChips, qtbot: QtBot) -> None:
    other = Edit(act="erase", channel="memory.contents", step=20, index=(9,))
    chips._what_if.add(other)
    chips._rename(1)
    field = chips._lane.findChild(QLineEdit)
    assert field is not None
    chips._what_if.remove(0)

    field.setText("the other one")
    field.editingFinished.emit()

    assert [edit.name for edit in chips._what_if.edits] == ["the other one"]
