"""The frame of a pane asks for help and menu, and tells which pane is present."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QLabel, QWidget

from app.widgets.buttons import IconButton, TextButton
from app.widgets.pane_frame import PaneFrame
from app.widgets.tokens import sized


@pytest.fixture
def pane(qtbot) -> PaneFrame:
    made = PaneFrame("What is stored?", "after step 8")
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.set_body(QWidget())
    made.show()
    qtbot.waitExposed(made)
    return made


def button(pane: PaneFrame, tip: str) -> IconButton:
    return next(one for one in pane.findChildren(IconButton) if tip in one.toolTip())


def test_its_buttons_ask_for_help_and_menu(pane: PaneFrame, qtbot) -> None:
    with qtbot.waitSignal(pane.help_wanted):
        qtbot.mouseClick(button(pane, "How to read"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(pane.menu_wanted) as menu:
        qtbot.mouseClick(button(pane, "Menu"), Qt.MouseButton.LeftButton)

    assert menu.args[0].y() > 0


def test_a_press_anywhere_inside_makes_it_present(pane: PaneFrame, qtbot) -> None:
    with qtbot.waitSignal(pane.activated):
        qtbot.mouseClick(pane.body, Qt.MouseButton.LeftButton)


def test_enter_asks_to_go_in(pane: PaneFrame, qtbot) -> None:
    with qtbot.waitSignal(pane.entered):
        qtbot.keyClick(pane, Qt.Key.Key_Return)


def test_another_body_takes_the_place_of_the_first(pane: PaneFrame) -> None:
    second = QLabel("second")
    pane.set_body(second)

    assert pane.body is second


@pytest.mark.parametrize("lifetime", ["step", "episode", "persistent", "weights"])
def test_every_lifetime_has_a_border_of_its_own(pane: PaneFrame, lifetime) -> None:
    plain = pane.grab().toImage()
    pane.set_lifetime(lifetime)

    assert pane.grab().toImage() != plain


def test_the_question_is_its_name_for_screen_readers(pane: PaneFrame) -> None:
    pane.set_question("Where is it writing?", "Writes")

    assert pane.accessibleName() == "Where is it writing?"


def test_where_there_is_little_room_question_and_choice_are_cut_alike(pane: PaneFrame, qtbot) -> None:
    choice = TextButton("length of the stream, mean ▾", "Which quantity")
    pane.add_to_header(choice)
    choice.show()
    qtbot.waitUntil(lambda: choice.width() < choice.sizeHint().width())
    asked = QFontMetricsF(sized(pane, 13, QFont.Weight.DemiBold)).horizontalAdvance("What is stored?")

    assert choice.x() >= 0.7 * asked
    assert choice.width() >= 0.7 * choice.sizeHint().width()
    assert choice.shown().endswith("… ▾")


def test_where_there_is_room_a_choice_is_shown_whole(pane: PaneFrame, qtbot) -> None:
    choice = TextButton("length of the stream, mean ▾", "Which quantity")
    pane.add_to_header(choice)
    choice.show()

    pane.resize(600, 200)

    qtbot.waitUntil(lambda: choice.width() == choice.sizeHint().width())
    assert choice.shown() == "length of the stream, mean ▾"
