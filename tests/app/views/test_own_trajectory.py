"""One's own trajectories are drawn or typed, and go to the engine when they can be read."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.plots.colours import LIGHT
from app.views.own_input import OwnInput
from engine.contract.messages import Record
from engine.contract.trace import Trace
from fake_trajectories import PAST, junction_trace, social_trace
from scripted import Desk, desk

Make = Callable[[Trace], tuple[Desk, OwnInput]]


@pytest.fixture
def open_on(qtbot: QtBot) -> Make:
    def build(trace: Trace) -> tuple[Desk, OwnInput]:
        table = desk()
        table.show(trace)
        view = OwnInput(table.state, LIGHT)
        qtbot.addWidget(view)
        view.resize(260, 700)
        view.show()
        qtbot.waitExposed(view)
        return table, view

    return build


def press(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def draw(qtbot: QtBot, view: OwnInput, *ways: tuple[QPoint, QPoint]) -> None:
    canvas = view.trajectory.canvas
    for first, last in ways:
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=first)
        qtbot.mouseMove(canvas, (first + last) / 2)
        qtbot.mouseMove(canvas, last)
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=last)


UP, ACROSS = (QPoint(120, 200), QPoint(120, 110)), (QPoint(20, 60), QPoint(200, 60))


def asked(table: Desk) -> list[str]:
    return [wish.episode.own for wish in table.engine.sent if isinstance(wish, Record) and wish.episode.own]


def test_it_begins_with_the_sample_on_screen(open_on: Make) -> None:
    _, view = open_on(junction_trace())

    assert view.kind == "trajectory"
    assert view.trajectory.isVisible()
    assert len(view.trajectory.samples) == 1
    assert len(view.trajectory.field.text().split()) == PAST
    assert view.trajectory._says.text().startswith("Draw where the car came from; it goes on from the last point. Drag")


def test_a_stroke_takes_the_place_of_the_sample_on_screen_and_the_next_is_another(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(junction_trace())

    draw(qtbot, view, UP)
    first = len(view.trajectory.samples)
    draw(qtbot, view, ACROSS)

    assert (first, len(view.trajectory.samples)) == (1, 2)
    assert [len(sample[0]) for sample in view.trajectory.samples] == [PAST, PAST]
    assert view.trajectory.field.text().count(";") == 1


def test_what_is_drawn_is_run(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(junction_trace())
    draw(qtbot, view, UP, ACROSS)

    press(qtbot, view.trajectory.go)

    assert asked(table) == [view.trajectory.field.text()]
    assert view.waiting.text() == "Running …"


def test_what_is_typed_is_drawn_and_run_as_b_beside_it(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(junction_trace())
    view.trajectory.field.clear()

    qtbot.keyClicks(view.trajectory.field, "0,-10 0,-5 0,0")
    shown = view.trajectory.canvas.strokes
    press(qtbot, view.trajectory.beside)

    assert shown == (((0.0, -10.0), (0.0, -5.0), (0.0, 0.0)),)
    assert asked(table) == ["0,-10 0,-5 0,0"]
    assert table.state.b.is_waiting


def test_half_a_point_is_no_mistake_yet_and_is_refused_when_it_is_sent(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(junction_trace())
    view.trajectory.field.clear()

    qtbot.keyClicks(view.trajectory.field, "0,-10 0,")
    typed = view.trajectory.error.text()
    qtbot.keyClick(view.trajectory.field, Qt.Key.Key_Return)

    assert typed == ""
    assert view.trajectory.error.text() == "Sample 1, point 2: “0,” is no point; write x,y such as 0.5,2."
    assert asked(table) == []
    assert view.trajectory.field.text() == "0,-10 0,"


def test_undo_takes_back_stroke_by_stroke_and_a_clearing_too(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(junction_trace())
    began = view.trajectory.field.text()
    draw(qtbot, view, UP, ACROSS)
    press(qtbot, view.trajectory.clear)
    counts = [len(view.trajectory.samples)]
    for _ in range(3):
        press(qtbot, view.trajectory.undo)
        counts.append(len(view.trajectory.samples))

    assert counts == [0, 2, 1, 1]
    assert view.trajectory.field.text() == began
    assert not view.trajectory.undo.isEnabled()


def test_as_on_screen_takes_back_everything(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(junction_trace())
    began = view.trajectory.field.text()
    draw(qtbot, view, UP)

    press(qtbot, view.trajectory.again)

    assert view.trajectory.field.text() == began
    assert not view.trajectory.is_touched


def test_agents_can_be_drawn_into_one_scene_where_a_scene_has_several(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(social_trace(agents=3))
    view.trajectory.together.setChecked(True)

    draw(qtbot, view, UP, ACROSS, UP, ACROSS)

    assert [len(sample) for sample in view.trajectory.samples] == [3]
    assert view.trajectory.error.text() == "A scene has at most 3 agents here; this would be one more."


def test_a_car_alone_has_no_scene_to_be_drawn_into(open_on: Make) -> None:
    _, view = open_on(junction_trace())

    assert view.trajectory.together.isHidden()


def test_what_the_engine_refuses_is_said_below(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(junction_trace())
    press(qtbot, view.trajectory.go)

    table.refuse("sample 1 has one point only; a trajectory needs at least two")

    assert view.trajectory.error.text().startswith("sample 1 has one point only")


def test_the_samples_stay_when_their_futures_come(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(junction_trace())
    draw(qtbot, view, UP, ACROSS)
    press(qtbot, view.trajectory.go)
    drawn = view.trajectory.samples
    trace = junction_trace(2, seed=8)

    table.bring(replace(trace, card=replace(trace.card, own=view.trajectory.field.text())))

    assert view.trajectory.samples == drawn
    assert view.waiting.text() == ""


def test_a_task_that_takes_none_says_so(open_on: Make) -> None:
    trace = social_trace()

    _, view = open_on(replace(trace, card=replace(trace.card, task=replace(trace.card.task, own_input=""))))

    assert view.absent.text() == "Junctions takes no input of one's own."
    assert view.trajectory.isHidden()
