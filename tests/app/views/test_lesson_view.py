"""The lesson at the left: one page of it, by mouse and by keyboard, and what it points at."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.library import Recorded
from app.state.app_state import AppState
from app.state.learning import Learning
from app.views.lesson_text import LessonLabel
from app.views.lesson_view import LessonView, first_lesson, later
from scripted import ScriptedEngine


class Reader:
    """Someone with a lesson before them."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.state = AppState(
            engine=ScriptedEngine(), open_trace=lambda path: pytest.fail(path), find_recorded=Recorded(), new_folder=str
        )
        self.learning = Learning(self.state, first_lesson(), later)
        self.view = LessonView(self.learning)
        qtbot.addWidget(self.view)
        self.view.resize(280, 760)
        self.view.show()

    def button(self, name: str) -> QPushButton:
        found = self.view.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        return found

    def press(self, name: str) -> None:
        self.qtbot.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def reads(self) -> str:
        """Every word on the page."""
        texts = [label.accessibleName() for label in self.view.findChildren(LessonLabel)]
        return " ".join(
            [*texts, *(label.text() for label in self.view.findChildren(QLabel) if not isinstance(label, LessonLabel))]
        )


@pytest.fixture
def reader(qtbot: QtBot) -> Reader:
    return Reader(qtbot)


def test_before_it_begins_the_lesson_says_what_will_be_seen_and_wishes_to_begin(reader: Reader):
    with reader.qtbot.waitSignal(reader.view.wished) as wished:
        reader.press("lesson.start")

    assert wished.args == ["lesson.start"]
    assert reader.learning.lesson.says in reader.reads()


def test_a_page_says_where_the_reader_is(reader: Reader):
    reader.learning.start()
    reader.press("lesson.next")

    assert "Lesson 1 · page 2 of 8" in reader.reads()
    assert "The write head walks" in reader.reads()


def test_back_and_next_end_at_the_first_and_last_page(reader: Reader):
    reader.learning.start()
    at_first = reader.button("lesson.back").isEnabled(), reader.button("lesson.next").isEnabled()
    reader.learning.open(7)

    assert at_first == (False, True)
    assert (reader.button("lesson.back").isEnabled(), reader.button("lesson.next").isEnabled()) == (True, False)


def test_a_prediction_is_chosen_by_mouse_and_the_reason_follows(reader: Reader):
    reader.learning.open(2)
    reason = reader.learning.page.question.reason if reader.learning.page.question else ""
    before = reason in reader.reads()

    reader.press("lesson.choice.0")
    reader.qtbot.waitUntil(lambda: reader.learning.choice == 0)

    assert not before
    assert "That would say the vectors backwards." in reader.reads()
    assert "It waited at slot 0" in reader.reads()
    assert not reader.button("lesson.choice.1").isEnabled()


def test_a_prediction_is_chosen_by_keyboard(reader: Reader):
    reader.learning.open(2)
    reader.button("lesson.choice.1").setFocus()

    reader.qtbot.keyClick(reader.button("lesson.choice.1"), Qt.Key.Key_Space)

    reader.qtbot.waitUntil(lambda: reader.learning.choice == 1)


def test_the_task_waits_for_the_prediction(reader: Reader):
    reader.learning.open(5)
    before = "First choose an answer above." in reader.reads()
    reader.learning.choose(1)

    assert before
    assert "First choose an answer above." not in reader.reads()


def test_a_done_task_is_ticked_and_explained(reader: Reader):
    reader.learning.start()

    reader.state.playback.move(4)
    reader.qtbot.waitUntil(lambda: reader.learning.is_done)

    assert "✓ Done" in reader.reads()
    assert "Five vectors came in" in reader.reads()


def test_who_touches_something_else_is_offered_the_way_back(reader: Reader):
    reader.learning.start()
    reader.state.explorer.open("exhibit:ntm-copy", seed=0)
    reader.qtbot.waitUntil(lambda: reader.learning.has_left)

    with reader.qtbot.waitSignal(reader.view.wished) as wished:
        reader.press("lesson.resume")

    assert wished.args == ["lesson.resume"]
    assert "You left the lesson" in reader.reads()


def test_panes_are_pointed_at_only_while_the_reader_is_in_the_lesson(reader: Reader):
    pointed: list[tuple[str, ...]] = []
    reader.view.highlighted.connect(pointed.append)

    reader.learning.open(1)
    reader.state.explorer.open("exhibit:ntm-copy", seed=0)
    reader.qtbot.waitUntil(lambda: reader.learning.has_left)

    assert pointed == [("Writes",), ()]


def test_the_place_in_a_page_is_kept_while_it_grows(reader: Reader):
    reader.view.resize(280, 260)
    reader.learning.open(2)
    bar = reader.view._holder.verticalScrollBar()
    reader.qtbot.waitUntil(lambda: bar.maximum() > 20)
    bar.setValue(20)

    reader.learning.choose(0)

    reader.qtbot.waitUntil(lambda: bar.value() == 20)


def test_text_follows_the_theme(reader: Reader, qapp):
    reader.learning.start()
    label = reader.view.findChild(LessonLabel)
    before = label.text()
    palette = qapp.palette()
    other = type(palette)(palette)
    other.setColor(palette.ColorRole.WindowText, Qt.GlobalColor.red)

    qapp.setPalette(other)
    reader.qtbot.waitUntil(lambda: label.text() != before)
    qapp.setPalette(palette)

    assert "#ff0000" not in before
