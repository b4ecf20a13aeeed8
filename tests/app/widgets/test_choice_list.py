"""The searchable list finds what is meant and is driven by keys alone."""

import pytest
from PySide6.QtCore import Qt

from app.widgets.choice_list import Choice, ChoiceList, fuzzy_score

CHOICES = (
    Choice(id="play", title="Play or pause", key="Space"),
    Choice(id="panel", title="Fold the left panel", says="Gives the stage more room."),
    Choice(id="pin", title="Pin the selection", key="P"),
    Choice(id="off", title="Not possible now", enabled=False),
)


@pytest.fixture
def choices(qtbot) -> ChoiceList:
    made = ChoiceList("Search all commands")
    qtbot.addWidget(made)
    made.show_choices(CHOICES)
    made.show()
    return made


def test_without_a_search_everything_stands_in_order(choices: ChoiceList) -> None:
    assert choices.ids_shown() == ["play", "panel", "pin", "off"]


def test_typing_keeps_what_fits_best_first(choices: ChoiceList, qtbot) -> None:
    qtbot.keyClicks(choices.field, "p")

    assert choices.ids_shown()[:2] == ["play", "pin"]


def test_scattered_letters_and_explanations_are_found_too(choices: ChoiceList, qtbot) -> None:
    qtbot.keyClicks(choices.field, "ftlp")
    scattered = choices.ids_shown()
    choices.field.clear()
    qtbot.keyClicks(choices.field, "room")

    assert (scattered, choices.ids_shown()) == (["panel"], ["panel"])


def test_arrows_walk_and_enter_chooses(choices: ChoiceList, qtbot) -> None:
    qtbot.keyClick(choices.field, Qt.Key.Key_Down)
    with qtbot.waitSignal(choices.chosen) as chosen:
        qtbot.keyClick(choices.field, Qt.Key.Key_Return)

    assert chosen.args == ["panel"]


def test_what_is_not_possible_cannot_be_chosen(choices: ChoiceList, qtbot) -> None:
    qtbot.keyClicks(choices.field, "not possible")
    with qtbot.assertNotEmitted(choices.chosen):
        qtbot.keyClick(choices.field, Qt.Key.Key_Return)


def test_escape_gives_up(choices: ChoiceList, qtbot) -> None:
    with qtbot.waitSignal(choices.cancelled):
        qtbot.keyClick(choices.field, Qt.Key.Key_Escape)


def test_enter_in_an_empty_list_is_no_error(choices: ChoiceList, qtbot) -> None:
    qtbot.keyClicks(choices.field, "qqqq")
    with qtbot.assertNotEmitted(choices.chosen):
        qtbot.keyClick(choices.field, Qt.Key.Key_Return)


def test_a_press_chooses(choices: ChoiceList, qtbot) -> None:
    place = choices.list.visualItemRect(choices.list.item(2)).center()
    with qtbot.waitSignal(choices.chosen) as chosen:
        qtbot.mouseClick(choices.list.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert chosen.args == ["pin"]


def test_a_beginning_beats_a_middle_which_beats_scattered_letters() -> None:
    scores = [fuzzy_score("step", title) for title in ("Step back", "Next step", "Misstep", "Show the top pane")]

    assert scores == sorted(scores, key=lambda score: 999 if score is None else score)
    assert fuzzy_score("step", "Zoom") is None
