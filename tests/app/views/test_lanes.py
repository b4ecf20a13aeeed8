"""Both time lanes."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from staged import table_with

from app.plots.colours import DARK, LIGHT
from app.plots.tape import TapePlot
from app.views.lanes import Lanes
from app.views.stage_view import StageView
from engine.contract.messages import CheckpointSaved, Progress, RunStarted
from fake_traces import memn2n_trace, ntm_trace
from scripted import Desk


def _opened(qtbot: QtBot, table: Desk, width: int = 840) -> Lanes:
    lanes = Lanes(table.state, LIGHT)
    qtbot.addWidget(lanes)
    lanes.resize(width, 136)
    lanes.show()
    return lanes


@pytest.fixture
def table() -> Desk:
    return table_with(ntm_trace(length=6, slots=16, wrong=1))


def _press(qtbot: QtBot, lanes: Lanes, step: int, key: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    place = QPoint(round(lanes.sequence.lane.x_of(step)), 35)
    qtbot.mousePress(lanes.sequence.lane, Qt.MouseButton.LeftButton, key, place)


def test_a_press_on_the_sequence_lane_goes_to_the_step(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)
    table.state.playback.play()

    _press(qtbot, lanes, 7)

    assert table.state.playback.step == 7
    assert not table.state.playback.is_playing


def test_back_returns_to_before_a_whole_scrub(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)

    _press(qtbot, lanes, 4)
    lanes.sequence.lane.scrubbed.emit(5)
    lanes.sequence.lane.scrubbed.emit(9)
    qtbot.mouseRelease(lanes.sequence.lane, Qt.MouseButton.LeftButton)
    table.state.explorer.back()

    assert table.state.playback.step == 0


def test_shift_and_drag_select_a_range(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)

    lanes.sequence.lane.range_selected.emit(3, 8)

    assert table.state.playback.selected_range == (3, 8)


def test_the_micro_steps_of_the_present_step_are_open_and_can_be_pressed(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)

    lanes.sequence.lane.micro_chosen.emit(3)

    assert table.state.playback.micro == 3
    assert lanes.sequence.lane._micro == ("content", "gate", "shift", "sharpen", "read", "erase", "add")
    assert lanes.sequence.lane._present == 3


def test_fast_playing_leaves_the_micro_steps_out(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)

    table.state.playback.set_speed(16)
    table.state.playback.play()

    assert lanes.sequence.lane._micro == ()


def test_an_episodic_memory_is_wiped_in_brackets(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)

    assert [event.step for event in lanes.sequence.lane._events if event.kind == "wipe"] == [12]


@pytest.mark.parametrize(
    ("button", "command"),
    [
        ("first", "step.first"),
        ("previous", "step.previous"),
        ("play", "play.toggle"),
        ("next", "step.next"),
        ("last", "step.last"),
    ],
)
def test_the_transport_wishes_for_commands(qtbot: QtBot, table: Desk, button: str, command: str) -> None:
    table.state.playback.go_to(5)
    lanes = _opened(qtbot, table)

    with qtbot.waitSignal(lanes.wished) as wished:
        getattr(lanes.sequence.transport, button).click()

    assert wished.args == [command]


def test_the_transport_shows_where_time_stands(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)

    table.state.playback.set_speed(4)
    table.state.playback.set_loop("all")
    table.state.playback.play()

    transport = lanes.sequence.transport
    assert (transport.play.icon_name, transport.speed.text(), transport.loop.text()) == ("pause", "4x", "loop all")


def test_speed_and_loop_are_chosen_at_the_transport(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)

    lanes.sequence.transport.speed_wanted.emit(8)
    lanes.sequence.transport.loop_wanted.emit("selection")

    assert (table.state.playback.speed, table.state.playback.loop) == (8, "selection")


def test_the_curve_of_an_exhibit_is_that_of_its_card(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)

    np.testing.assert_array_equal(lanes.training.lane._updates, [0, 1000, 7000])
    assert lanes.training.lane._checkpoints == (0, 1000, 3500, 7000)


def test_a_press_on_the_training_lane_asks_for_the_nearest_checkpoint(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)

    place = QPoint(round(lanes.training.lane.x_of(1100)), 30)
    qtbot.mousePress(lanes.training.lane, Qt.MouseButton.LeftButton, pos=place)

    assert table.engine.asked.source.update == 1000
    assert table.state.explorer.update == 1000


def test_a_run_grows_on_the_lane_with_its_live_head_and_status(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)
    run = table.state.trainer.start("ntm", "copy", {}, seed=0, updates=100)
    table.state.apply(RunStarted(run=run.run, update=0, parameters=10, learning_rate=1e-3))

    table.state.apply(CheckpointSaved(run=run.run, update=10, held_out=8.0, is_best=True))
    table.state.apply(Progress(run=run.run, update=12, points=((1, 9.0), (12, 7.0)), updates_per_second=50))

    lane = lanes.training.lane
    qtbot.waitUntil(lambda: lane._live == 12)
    np.testing.assert_array_equal(lane._losses, [9.0, 7.0])
    assert lanes.training._status.text() == "LIVE"


def test_a_detached_view_counts_newer_checkpoints_and_keeps_its_cursor(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)
    run = table.state.trainer.start("ntm", "copy", {}, seed=0, updates=100)
    table.state.apply(RunStarted(run=run.run, update=0, parameters=10, learning_rate=1e-3))
    table.state.training.detach()
    cursor = lanes.training.lane._cursor

    table.state.apply(CheckpointSaved(run=run.run, update=10, held_out=8.0, is_best=True))

    qtbot.waitUntil(lambda: lanes.training._status.text() == "detached, 1 newer")
    assert lanes.training.lane._cursor == cursor


@pytest.mark.parametrize("width", [500, 840, 1300])
def test_the_same_step_stands_at_the_same_place_on_tape_and_lane(qtbot: QtBot, table: Desk, width: int) -> None:
    stage = StageView(table.state, LIGHT)
    qtbot.addWidget(stage)
    stage.resize(width, 600)
    stage.show()
    stage.settle()
    lanes = _opened(qtbot, table, width)
    tape = stage.findChildren(TapePlot)[0]

    for step in (0, 6, 12):
        on_tape = tape.mapTo(stage, QPoint(round(tape.x_of(step)), 0)).x()
        lane = lanes.sequence.lane
        assert abs(on_tape - lane.mapTo(lanes, QPoint(round(lane.x_of(step)), 0)).x()) <= 1


def test_a_long_episode_shows_its_activity_as_a_curve(qtbot: QtBot) -> None:
    lanes = _opened(qtbot, table_with(ntm_trace(length=80, slots=128)))

    assert lanes.sequence.lane._density is not None


def test_the_lane_has_as_many_steps_as_the_longer_side(qtbot: QtBot) -> None:
    lanes = _opened(qtbot, table_with(ntm_trace(length=4, slots=16), ntm_trace(length=9, slots=16, update=100)))

    assert lanes.sequence.lane._steps == 19


def test_the_lanes_are_told_in_words(qtbot: QtBot) -> None:
    lanes = _opened(qtbot, table_with(memn2n_trace(wrong=True)))
    lanes.sequence._state.playback.go_to(5)

    assert lanes.sequence.summary() == "Step 6 of 8. read at slot -1; answered garden, hallway is right"
    assert lanes.training.summary() == "Checkpoint 4,000; 4 checkpoints from 0 to 7,000."


def test_another_theme_reaches_both_lanes(qtbot: QtBot, table: Desk) -> None:
    lanes = _opened(qtbot, table)

    lanes.set_palette(DARK)

    assert (lanes.training.lane.colours, lanes.sequence.lane.colours) == (DARK, DARK)
