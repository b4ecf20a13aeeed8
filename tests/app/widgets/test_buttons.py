"""Buttons have a name for screen readers and show their kind."""

from PySide6.QtCore import Qt

from app.widgets.buttons import IconButton, TextButton, button, set_kind
from app.widgets.switch import Switch


def test_an_icon_s_tip_is_its_name(qtbot) -> None:
    made = IconButton("play", "Play (Space)")
    qtbot.addWidget(made)
    made.set_icon("pause", "Pause (Space)")

    assert (made.icon_name, made.accessibleName()) == ("pause", "Pause (Space)")
    assert not made.grab().isNull()


def test_a_button_takes_another_kind(qtbot) -> None:
    made = button("Erase", "chip")
    qtbot.addWidget(made)
    set_kind(made, "primary")

    assert made.property("kind") == "primary"


def test_a_word_to_press_grows_with_its_text(qtbot) -> None:
    made = TextButton("1x", "Speed")
    qtbot.addWidget(made)
    narrow = made.sizeHint().width()
    made.set_text("loop selection")

    assert made.sizeHint().width() > narrow
    assert not made.grab().isNull()


def test_a_switch_is_turned_by_press_but_not_by_showing(qtbot) -> None:
    switch = Switch()
    qtbot.addWidget(switch)
    switch.show()
    with qtbot.assertNotEmitted(switch.toggled):
        switch.set_on(True)
    with qtbot.waitSignal(switch.toggled) as toggled:
        qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)

    assert toggled.args == [False]
