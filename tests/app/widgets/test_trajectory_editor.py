"""Strokes are drawn in metres, by mouse and by keyboard."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from pytestqt.qtbot import QtBot

from app.widgets.trajectory_editor import Stroke, TrajectoryEditor


@pytest.fixture
def field(qtbot: QtBot) -> TrajectoryEditor:
    made = TrajectoryEditor()
    qtbot.addWidget(made)
    made.resize(200, 200)
    made.set_reach(10)
    made.show()
    qtbot.waitExposed(made)
    return made


def _gathered(field: TrajectoryEditor) -> list[Stroke]:
    found: list[Stroke] = []
    field.drawn.connect(found.append)
    return found


def test_a_drag_is_a_stroke_in_metres_with_the_north_up(field: TrajectoryEditor, qtbot: QtBot) -> None:
    found = _gathered(field)

    qtbot.mousePress(field, Qt.MouseButton.LeftButton, pos=QPoint(100, 180))
    for y in (160, 120, 100):
        qtbot.mouseMove(field, QPoint(100, y))
    qtbot.mouseMove(field, QPoint(150, 100))
    qtbot.mouseRelease(field, Qt.MouseButton.LeftButton, pos=QPoint(150, 100))

    assert [stroke[0] for stroke in found] == [(0.0, -8.0)]
    assert found[0][-1] == (5.0, 0.0)


def test_a_press_alone_draws_nothing(field: TrajectoryEditor, qtbot: QtBot) -> None:
    found = _gathered(field)

    qtbot.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))

    assert found == []


def test_arrows_draw_enter_ends_and_backspace_takes_back(field: TrajectoryEditor, qtbot: QtBot) -> None:
    found = _gathered(field)
    field.setFocus()

    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Backspace, Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(field, key)

    assert found == [((0.0, -5.0), (0.0, -4.5), (0.0, -4.0), (0.5, -4.0))]


def test_who_leaves_the_field_has_ended_the_stroke(field: TrajectoryEditor, qtbot: QtBot) -> None:
    found = _gathered(field)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Up)

    field.clearFocus()

    assert len(found) == 1


def test_it_says_where_the_pen_is(field: TrajectoryEditor, qtbot: QtBot) -> None:
    before = field.accessibleDescription()
    field.setFocus()

    qtbot.keyClick(field, Qt.Key.Key_Up)

    assert before == "0 trajectories; arrows begin another, one piece of 0.5 metres each"
    assert field.accessibleDescription() == "Drawing, at 0.0, -4.5 metres; Enter ends it"


def test_ctrl_and_the_wheel_show_more_ground_and_the_wheel_alone_does_not(field: TrajectoryEditor) -> None:
    told: list[float] = []
    field.zoomed.connect(told.append)
    for held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
        at = QPointF(100, 100)
        field.wheelEvent(
            QWheelEvent(at, at, QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton, held, Qt.ScrollPhase.NoScrollPhase, False)
        )

    assert len(told) == 1
    assert field.reach == told[0] > 12


def test_strokes_are_drawn_with_numbers_where_there_are_several(field: TrajectoryEditor) -> None:
    bare = field.grab().toImage()
    field.set_strokes((((0.0, -5.0), (0.0, 0.0)), ((2.0, -5.0), (2.0, 3.0))))

    assert field.grab().toImage() != bare
    assert field.accessibleDescription().startswith("2 trajectories")
