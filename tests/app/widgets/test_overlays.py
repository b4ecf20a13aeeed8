"""Cards over the window close with Esc and give the keyboard back."""

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from app.widgets.choice_list import Choice
from app.widgets.command_palette import CommandPalette
from app.widgets.help_card import HelpCard
from app.widgets.key_map import KeyMap
from app.widgets.keycap import Keycap


@pytest.fixture
def host(qtbot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.field = QLineEdit(made)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.field.setFocus()
    return made


def test_a_command_is_found_by_typing_and_given_by_enter(host: QWidget, qtbot) -> None:
    palette = CommandPalette(host)
    palette.open_with([Choice(id="play", title="Play or pause"), Choice(id="pin", title="Pin the selection")])
    qtbot.keyClicks(palette.list.field, "pin")
    with qtbot.waitSignal(palette.chosen) as chosen:
        qtbot.keyClick(palette.list.field, Qt.Key.Key_Return)

    assert chosen.args == ["pin"]
    assert not palette.isVisible()


def test_esc_closes_the_search_and_gives_the_keyboard_back(host: QWidget, qtbot) -> None:
    palette = CommandPalette(host)
    palette.open_with([Choice(id="play", title="Play or pause")])
    with qtbot.waitSignal(palette.closed):
        qtbot.keyClick(palette.list.field, Qt.Key.Key_Escape)

    qtbot.waitUntil(host.field.hasFocus)


def test_a_press_beside_the_card_closes_it(host: QWidget, qtbot) -> None:
    palette = CommandPalette(host)
    palette.open_with([Choice(id="play", title="Play or pause")])
    with qtbot.waitSignal(palette.closed):
        qtbot.mouseClick(palette, Qt.MouseButton.LeftButton, pos=QPoint(5, 690))


def test_the_key_map_shows_every_key(host: QWidget) -> None:
    keys = KeyMap(host)
    keys.open_with([("Time", [("Space", "play / pause"), ("Home or End", "first, last step")]), ("Panes", [("P", "pin")])])

    assert {cap.text for cap in keys.findChildren(Keycap)} == {"Space", "Home", "End", "P"}


def test_an_overlay_follows_the_size_of_its_window(host: QWidget, qtbot) -> None:
    keys = KeyMap(host)
    keys.open_with([("Time", [("Space", "play / pause")])])
    host.resize(600, 500)

    qtbot.waitUntil(lambda: keys.size() == host.size())


def test_the_help_has_four_parts_and_closes_with_esc(host: QWidget, qtbot) -> None:
    card = HelpCard(host)
    card.show_help("You see slots.", "Look for a diagonal.", "w = 1", "Not what was read.")
    card.open()
    with qtbot.waitSignal(card.closed):
        qtbot.keyClick(card, Qt.Key.Key_Escape)

    assert card.accessibleDescription() == "You see slots. Look for a diagonal. w = 1 Not what was read."


def test_a_card_closes_though_what_had_the_keyboard_is_gone(host: QWidget, qtbot) -> None:
    palette = CommandPalette(host)
    palette.open_with([Choice(id="play", title="Play or pause")])
    shiboken6.delete(host.field)

    palette.dismiss()

    assert not palette.isVisible()


def test_of_two_cards_only_the_last_is_open_and_the_keyboard_finds_its_way_back(host: QWidget, qtbot) -> None:
    first, second = CommandPalette(host), CommandPalette(host)
    first.open_with([Choice(id="play", title="Play or pause")])
    second.open_with([Choice(id="pin", title="Pin the selection")])

    assert not first.isVisible()
    qtbot.keyClick(second.list.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(host.field.hasFocus)
