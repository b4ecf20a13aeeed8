"""A story is written row by row, and errors stand beside their row."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
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


def test_alt_and_the_arrows_move_a_sentence_but_never_the_question(editor: StoryEditor, qtbot) -> None:
    qtbot.keyClick(editor.fields()[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(editor.fields()[-1], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)

    assert editor.story() == (SENTENCES[::-1], "Where is Mary?")


def test_a_sentence_is_dragged_by_its_number(editor: StoryEditor, qtbot) -> None:
    handle, other = editor._rows[0].handle, editor._rows[1]
    end = handle.mapFrom(editor, other.geometry().bottomLeft())
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton)
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove, QPointF(end), QPointF(handle.mapToGlobal(end)), Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    handle.mouseMoveEvent(event)
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton)

    assert editor.story()[0] == SENTENCES[::-1]


def test_undo_takes_a_sentence_back_word_by_word_and_redo_brings_it_again(editor: StoryEditor, qtbot) -> None:
    field = editor.fields()[0]
    field.clear()
    editor._typed("row", "")
    qtbot.keyClicks(field, "Mary left.")
    whole = field.text()
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    first_word = field.text()
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)

    assert (whole, first_word, field.text()) == ("Mary left.", "Mary ", "Mary left.")


def test_undo_brings_a_removed_sentence_back_where_it_was(editor: StoryEditor, qtbot) -> None:
    cross = editor._rows[0].remove
    cross.click()
    without = editor.story()[0]
    editor.undo()

    assert (without, editor.story()[0]) == (SENTENCES[1:], SENTENCES)


def test_undo_brings_a_moved_sentence_back(editor: StoryEditor, qtbot) -> None:
    qtbot.keyClick(editor.fields()[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    editor.undo()

    assert editor.story()[0] == SENTENCES


def test_there_is_nothing_before_the_beginning(editor: StoryEditor) -> None:
    editor.undo()
    editor.redo()

    assert editor.story() == (SENTENCES, "Where is Mary?")


def test_enter_in_the_question_and_in_the_answer_says_that_it_is_ready(editor: StoryEditor, qtbot) -> None:
    for field in (editor.fields()[-1], editor._answer):
        with qtbot.waitSignal(editor.submitted):
            qtbot.keyClick(field, Qt.Key.Key_Return)

    assert editor.story() == (SENTENCES, "Where is Mary?")


def test_several_lines_that_are_pasted_are_handed_on_whole(editor: StoryEditor, qtbot) -> None:
    QGuiApplication.clipboard().setText("1 Mary left.\n2 Where is Mary?\tgarden\t1")
    with qtbot.waitSignal(editor.pasted) as pasted:
        qtbot.keyClick(editor.fields()[0], Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    assert pasted.args == ["1 Mary left.\n2 Where is Mary?\tgarden\t1"]
    assert editor.story()[0] == SENTENCES


def test_marks_are_said_in_words(editor: StoryEditor) -> None:
    editor.set_marks({1: frozenset({"needed", "gone"})})

    assert editor.fields()[0].accessibleDescription() == ""
    assert editor.fields()[1].accessibleDescription() == (
        "the right answer rests on it; dropped from the memory before the last question"
    )
    assert not editor.grab().isNull()


def test_a_sentence_goes_once_however_often_its_cross_is_pressed(editor: StoryEditor) -> None:
    cross = next(made for made in editor.findChildren(IconButton) if made.icon_name == "close" and made.isVisible())

    cross.click()
    cross.click()

    assert editor.story() == (SENTENCES[1:], "Where is Mary?")
