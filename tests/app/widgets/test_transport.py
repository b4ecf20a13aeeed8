"""The transport asks for steps and shows what time does."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from app.views.lane_row import HEAD
from app.widgets.tokens import unit
from app.widgets.transport import Transport, speed_text


@pytest.fixture
def transport(qtbot) -> Transport:
    made = Transport()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("name", ["first", "previous", "play", "next", "last"])
def test_each_button_asks_for_its_own(transport: Transport, qtbot, name: str) -> None:
    with qtbot.waitSignal(getattr(transport, f"{name}_wanted")):
        qtbot.mouseClick(getattr(transport, name), Qt.MouseButton.LeftButton)


def test_the_play_button_shows_what_a_press_would_do(transport: Transport) -> None:
    transport.show_state(True, 2.0, "all")

    assert transport.play.icon_name == "pause"
    assert transport.play.accessibleName() == "Pause (Space)"
    assert (transport.speed.text(), transport.loop.text()) == ("2x", "loop all")


def test_ways_that_are_closed_are_pale(transport: Transport) -> None:
    transport.show_state(False, 1.0, "off", at_start=True)

    assert not transport.previous.isEnabled()
    assert transport.next.isEnabled()


def test_the_speed_is_chosen_from_a_menu(transport: Transport, qtbot) -> None:
    qtbot.mouseClick(transport.speed, Qt.MouseButton.LeftButton)
    menu = transport.findChild(QMenu)
    with qtbot.waitSignal(transport.speed_wanted) as wanted:
        menu.actions()[-1].trigger()
    menu.close()

    assert wanted.args == [16.0]


def test_the_loop_is_chosen_from_a_menu(transport: Transport, qtbot) -> None:
    qtbot.mouseClick(transport.loop, Qt.MouseButton.LeftButton)
    menu = transport.findChild(QMenu)
    with qtbot.waitSignal(transport.loop_wanted) as wanted:
        menu.actions()[1].trigger()
    menu.close()

    assert wanted.args == ["selection"]


def test_speeds_are_written_short() -> None:
    assert [speed_text(speed) for speed in (0.25, 1, 16)] == ["0.25x", "1x", "16x"]


@pytest.mark.parametrize("speed", [1.0, 16.0, 64.0])
def test_beside_the_pace_every_word_is_read_whole(transport: Transport, speed: float) -> None:
    transport.show_pace("sample")
    transport.show_state(False, speed, "off")
    transport.setFixedWidth(round((HEAD - 8) * unit(transport)))
    QApplication.processEvents()

    words = (transport.speed, transport.loop, transport.pace)
    assert [word.shown() for word in words] == [f"{speed:g}x", "once", "samples"]
