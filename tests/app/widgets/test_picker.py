"""The picker says what is open and offers what else there is."""

import pytest
from PySide6.QtCore import Qt

from app.widgets.choice_list import Choice
from app.widgets.picker import Picker


@pytest.fixture
def picker(qtbot) -> Picker:
    made = Picker("Model")
    qtbot.addWidget(made)
    made.set_choices((Choice(id="ntm", title="Neural Turing Machine"), Choice(id="lstm", title="LSTM")))
    made.set_value("Neural Turing Machine", choice="ntm")
    made.show()
    return made


def test_a_press_opens_the_list_and_enter_chooses(picker: Picker, qtbot) -> None:
    qtbot.mouseClick(picker, Qt.MouseButton.LeftButton)
    shown = picker.list_shown
    qtbot.keyClicks(shown.field, "lstm")
    with qtbot.waitSignal(picker.chosen) as chosen:
        qtbot.keyClick(shown.field, Qt.Key.Key_Return)

    assert chosen.args == ["lstm"]
    qtbot.waitUntil(lambda: picker.list_shown is None)


def test_the_present_value_is_selected_in_the_list(picker: Picker, qtbot) -> None:
    picker.set_value("LSTM", choice="lstm")
    picker.open_list()

    assert picker.list_shown.list.currentItem().text() == "LSTM"
    picker.list_shown.cancelled.emit()


def test_its_name_for_screen_readers_says_the_value(picker: Picker) -> None:
    assert picker.accessibleName() == "Model: Neural Turing Machine"


def test_without_choices_it_cannot_be_pressed(picker: Picker) -> None:
    picker.set_choices(())

    assert not picker.isEnabled()


def test_a_long_value_is_cut_rather_than_overflowing(picker: Picker) -> None:
    picker.resize(picker.minimumSizeHint())

    assert not picker.grab().isNull()
