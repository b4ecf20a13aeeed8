"""The switch between words asks, and shows only what it is told."""

import pytest
from PySide6.QtCore import QPoint, Qt

from app.widgets.segmented import Segmented


@pytest.fixture
def switch(qtbot) -> Segmented:
    made = Segmented((("learn", "Learn"), ("explore", "Explore"), ("print", "Print")))
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.show()
    return made


def test_a_press_asks_and_changes_nothing_itself(switch: Segmented, qtbot) -> None:
    with qtbot.waitSignal(switch.chosen) as chosen:
        qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(switch.width() // 2, 10))

    assert chosen.args == ["explore"]
    assert switch.current == "learn"


def test_arrows_ask_for_the_neighbour_that_can_be_had(switch: Segmented, qtbot) -> None:
    switch.set_disabled(("explore",))
    with qtbot.waitSignal(switch.chosen) as chosen:
        qtbot.keyClick(switch, Qt.Key.Key_Right)

    assert chosen.args == ["print"]


def test_the_chosen_word_and_the_end_ask_for_nothing(switch: Segmented, qtbot) -> None:
    with qtbot.assertNotEmitted(switch.chosen):
        qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
        qtbot.keyClick(switch, Qt.Key.Key_Left)


def test_showing_another_word_emits_nothing(switch: Segmented, qtbot) -> None:
    with qtbot.assertNotEmitted(switch.chosen):
        switch.set_chosen("print")

    assert "Print (chosen)" in switch.accessibleName()
