"""The tape of a story wraps its sentences and names the one that is pressed."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from app.plots.colours import LIGHT
from app.plots.tape import Story, StoryTape

SENTENCES = tuple(f"Mary moved to room number {number}." for number in range(12))


@pytest.fixture
def tape(qtbot) -> StoryTape:
    made = StoryTape(LIGHT)
    qtbot.addWidget(made)
    made.resize(500, 90)
    made.show()
    qtbot.waitExposed(made)
    return made


def page(tape: StoryTape) -> QWidget:
    return tape.widget()


def test_a_press_names_the_sentence(tape: StoryTape, qtbot) -> None:
    tape.show_story(Story(sentences=SENTENCES, question="Where is Mary?"))
    with qtbot.waitSignal(tape.sentence_chosen) as chosen:
        qtbot.mouseClick(page(tape), Qt.MouseButton.LeftButton, pos=QPoint(20, 14))

    assert chosen.args == [0]


def test_a_longer_story_needs_more_lines(tape: StoryTape) -> None:
    tape.show_story(Story(sentences=SENTENCES[:1]))
    short = page(tape).minimumHeight()
    tape.show_story(Story(sentences=SENTENCES))

    assert page(tape).minimumHeight() > 2 * short


def test_support_selection_and_answer_change_the_picture(tape: StoryTape) -> None:
    tape.show_story(Story(sentences=SENTENCES[:3], question="Where?", target="garden", output="garden"))
    plain = tape.grab().toImage()
    tape.show_story(Story(sentences=SENTENCES[:3], question="Where?", target="garden", output="office", supports=(1,)))
    wrong = tape.grab().toImage()
    tape.set_selected((1,))
    tape.set_reached(0)

    assert plain != wrong
    assert tape.grab().toImage() != wrong
