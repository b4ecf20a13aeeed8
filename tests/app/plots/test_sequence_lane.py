"""The sequence lane finds a step where it is drawn, scrubs, selects, and names micro-steps and edits."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from app.plots.colours import DARK, LIGHT
from app.plots.timeline import EditMark, SequenceLane
from engine.contract.trace import Event, Phase

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def lane(qtbot) -> SequenceLane:
    made = SequenceLane(LIGHT)
    qtbot.addWidget(made)
    made.resize(600, 72)
    made.show_episode(40, [Phase(name="present", first=0, last=19)], [Event(kind="write", step=3), Event(kind="wipe", step=39)])
    made.show()
    qtbot.waitExposed(made)
    return made


def at(lane: SequenceLane, step: int, y: int = 30) -> QPoint:
    return QPoint(round(lane.x_of(step)), y)


def drag(lane: SequenceLane, place: QPoint) -> None:
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove, QPointF(place), lane.mapToGlobal(QPointF(place)), LEFT, LEFT, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(lane, event)


def test_every_step_is_found_where_it_is_drawn(lane: SequenceLane) -> None:
    assert [lane.step_at(lane.x_of(step)) for step in range(40)] == list(range(40))


def test_beyond_the_ends_lie_the_first_and_the_last_step(lane: SequenceLane) -> None:
    assert (lane.step_at(-50), lane.step_at(5000)) == (0, 39)


def test_a_press_and_a_drag_scrub(lane: SequenceLane, qtbot) -> None:
    scrubbed: list[int] = []
    lane.scrubbed.connect(scrubbed.append)
    qtbot.mousePress(lane, LEFT, pos=at(lane, 7))
    drag(lane, at(lane, 12))

    assert scrubbed == [7, 12]


def test_shift_and_a_drag_select_a_range_in_order(lane: SequenceLane, qtbot) -> None:
    qtbot.mousePress(lane, LEFT, Qt.KeyboardModifier.ShiftModifier, at(lane, 20))
    with qtbot.waitSignal(lane.range_selected) as selected:
        drag(lane, at(lane, 11))

    assert selected.args == [11, 20]


def test_a_press_on_a_micro_step_chooses_it(lane: SequenceLane, qtbot) -> None:
    lane.set_micro_steps(("content", "gate", "shift"), 0)
    with qtbot.waitSignal(lane.micro_chosen) as chosen, qtbot.assertNotEmitted(lane.scrubbed):
        qtbot.mouseClick(lane, LEFT, pos=lane.micro_rects()[2].center().toPoint())

    assert chosen.args == [2]


def test_many_micro_steps_move_closer_together_to_stay_within_the_lane(lane: SequenceLane) -> None:
    lane.set_micro_steps(("free", "allocate", "match", "write", "link", "back", "forward", "content", "read"))
    lane.resize(420, 72)

    rects = lane.micro_rects()

    assert rects[0].left() >= 0
    assert rects[-1].right() <= lane.width()
    assert all(one.right() <= other.left() for one, other in zip(rects, rects[1:], strict=False))


@pytest.mark.parametrize("present", [0, 6, 13])
def test_where_there_is_no_room_for_all_the_present_micro_step_is_in_sight(lane: SequenceLane, present: int) -> None:
    lane.set_micro_steps(tuple(f"layer number {number}" for number in range(14)), present)

    where = lane.micro_rects()[present]

    assert where.left() >= 0
    assert where.right() <= lane.width()


@pytest.mark.parametrize("step", [0, 20, 39])
def test_micro_steps_stay_within_the_lane(lane: SequenceLane, step: int) -> None:
    lane.set_micro_steps(("content", "gate", "shift", "sharpen", "read", "erase", "add"))
    lane.set_cursor(step)

    assert lane.micro_rects()[0].left() >= 0
    assert lane.micro_rects()[-1].right() <= lane.width()


def test_a_press_on_an_edit_names_it(lane: SequenceLane, qtbot) -> None:
    lane.set_edits([EditMark(5), EditMark(15, enabled=False)])
    with qtbot.waitSignal(lane.edit_chosen) as chosen:
        qtbot.mouseClick(lane, LEFT, pos=at(lane, 15, 7))

    assert chosen.args == [1]


def test_the_lane_shares_the_scale_of_what_is_above(lane: SequenceLane) -> None:
    lane.set_x_inset(100, 100)

    assert lane.x_of(-0.5) == 100
    assert lane.x_of(39.5) == 500


def test_everything_is_drawn_in_both_themes(lane: SequenceLane) -> None:
    events = [Event(kind=kind, step=step) for kind in ("write", "read", "error") for step in range(5)]
    lane.show_episode(40, [Phase(name="present", first=0, last=19), Phase(name="recall", first=20, last=39)], events)
    lane.set_density(np.random.default_rng(0).random(40).astype(np.float32))
    lane.set_range((3, 9))
    light = lane.grab().toImage()
    lane.set_palette(DARK)

    assert lane.grab().toImage() != light


def test_ten_thousand_steps_and_no_step_at_all_are_drawn(lane: SequenceLane) -> None:
    lane.show_episode(10_000, (), [Event(kind="write", step=step) for step in range(10_000)])
    lane.grab()
    lane.show_episode(0)

    assert not lane.grab().isNull()
