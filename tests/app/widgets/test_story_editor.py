"""A story is written row by row, and errors stand beside their row."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.widgets.buttons import IconButton
from app.widgets.story_editor import StoryEditor

SENTENCES = ("Mary moved to the bathroom.", "John went to the hallway.")


@pytest.fixture
def editor(qtbot) -> StoryEditor:
    made = StoryEditor()
    qtbot.addWidget(made)
    made.set_story(SENTENCES, "Where is Mary?")
    made.show()
    qtbot.waitExposed(made)
    return made


def errors(editor: StoryEditor) -> list[str]:
    return [label.text() for label in editor.findChildren(QLabel) if label.property("tone") == "live" and label.isVisible()]


def test_it_gives_back_what_it_was_given(editor: StoryEditor) -> None:
    assert editor.story() == (SENTENCES, "Where is Mary?")


def test_enter_opens_a_row_below_and_typing_fills_it(editor: StoryEditor, qtbot) -> None:
    qtbot.keyClick(editor.fields()[0], Qt.Key.Key_Return)
    qtbot.keyClicks(editor.fields()[1], "Mary went home.")

    assert editor.story()[0] == (SENTENCES[0], "Mary went home.", SENTENCES[1])


def test_backspace_in_an_empty_row_removes_it(editor: StoryEditor, qtbot) -> None:
    qtbot.keyClick(editor.fields()[0], Qt.Key.Key_Return)
    qtbot.keyClick(editor.fields()[1], Qt.Key.Key_Backspace)

    assert len(editor.fields()) == 3


def test_empty_rows_are_no_sentences(editor: StoryEditor) -> None:
    editor.set_story(("", "Mary slept.", "  "), "Where?")

    assert editor.story()[0] == ("Mary slept.",)


def test_an_error_stands_beside_its_sentence_until_something_is_changed(editor: StoryEditor, qtbot) -> None:
    editor.show_error(1, "The word “hallwey” is not known.")
    shown = errors(editor)
    qtbot.keyClicks(editor.fields()[0], "x")

    assert shown == ["The word “hallwey” is not known."]
    assert errors(editor) == []


def test_an_error_of_the_question_stands_beside_the_question(editor: StoryEditor) -> None:
    editor.show_error(None, "The question is empty.")

    assert errors(editor) == ["The question is empty."]


def test_typing_says_that_the_story_changed(editor: StoryEditor, qtbot) -> None:
    with qtbot.waitSignal(editor.changed):
        qtbot.keyClicks(editor.fields()[-1], "!")


def test_a_sentence_goes_once_however_often_its_cross_is_pressed(editor: StoryEditor) -> None:
    cross = next(made for made in editor.findChildren(IconButton) if made.icon_name == "close" and made.isVisible())

    cross.click()
    cross.click()

    assert editor.story() == (SENTENCES[1:], "Where is Mary?")
