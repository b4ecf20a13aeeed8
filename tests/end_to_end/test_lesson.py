"""The lesson on the real window with the real engine, by mouse and keyboard alone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.main import Program
from app.plots.matrix_plot import MatrixPlot

READY, ANSWER = 60_000, 30_000


class Lesson:
    """A program whose lesson stands before the reader."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.program = Program()
        self.state, self.window = self.program.state, self.program.window
        self.program.show()
        qtbot.waitUntil(lambda: self.state.catalogue.engine_is_ready, timeout=READY)
        self.window.actions.perform("lesson.start")
        assert self.window.panels.lesson is not None
        self.learning = self.window.panels.lesson.learning

    def press(self, name: str) -> None:
        """Click a button of the window."""
        found = self.window.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        self.qtbot.mouseClick(found, Qt.MouseButton.LeftButton)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def click_slot(self, pane: str, slot: int, column: int) -> None:
        """Click a cell of a pane."""
        view = self.window.panels.stage.pane(pane)
        assert view is not None
        view.settle()
        plot = view.findChild(MatrixPlot)
        assert isinstance(plot, MatrixPlot)
        where = plot.marks.cell_rect(slot, column).center().toPoint()
        self.qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=where)


@pytest.fixture
def lesson(qtbot: QtBot) -> Iterator[Lesson]:
    made = Lesson(qtbot)
    yield made
    made.window.close()
    made.program.end()


@pytest.mark.slow
def test_the_lesson_is_walked_through_left_and_resumed(lesson: Lesson, qtbot: QtBot) -> None:
    learning, state = lesson.learning, lesson.state

    for _ in range(4):
        lesson.key(Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: learning.is_done)
    lesson.press("lesson.next")
    for _ in range(4):
        lesson.key(Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: learning.number == 1 and learning.is_done)

    learning.open(5)
    lesson.press("lesson.choice.1")
    qtbot.waitUntil(lambda: learning.choice == 1)
    qtbot.waitUntil(lambda: lesson.window.panels.stage.pane("Memory") is not None)
    lesson.click_slot("Memory", 6, 3)
    lesson.key(Qt.Key.Key_E)
    lesson.key(Qt.Key.Key_Space)
    lesson.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: learning.is_done, timeout=ANSWER)
    assert learning.told.startswith("Yes. Only the 6th is wrong")

    before = state.session()
    lesson.window.actions.perform("exhibit.open.lstm-copy")
    qtbot.waitUntil(lambda: learning.has_left)
    lesson.press("lesson.resume")
    qtbot.waitUntil(lambda: not learning.has_left and not state.b.is_waiting, timeout=ANSWER)
    assert before is not None
    assert state.session() == replace(before, bookmarks=state.stage.bookmarks)
    assert state.stage.bookmarks[-1].a.source.place == "exhibit:lstm-copy"

    lesson.press("lesson.next")
    lesson.press("slots.256")
    qtbot.waitUntil(lambda: learning.is_done, timeout=ANSWER)
    assert state.a.trace is not None
    assert (state.a.trace.card.slots, state.a.trace.card.parameters) == (256, 62_860)
