"""The lane of samples, and the lane of the present sample's steps below it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from staged import table_with

from app.plots.colours import LIGHT
from app.state.app_state import AppState
from app.state.side import Showing
from app.views.lanes import Lanes
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from fake_stream import EACH, episodic_stream, persistent_stream
from fake_traces import ntm_trace


@pytest.fixture
def state() -> AppState:
    """A is wiped, B lives on."""
    made = table_with(episodic_stream(40)).state
    other = persistent_stream(40)
    made.comparison.show("split", edited_copy=False)
    made.b.wish(Showing(source=Source(place=other.card.source), episode=EpisodeWish()), None)
    made.b.take(None, other)
    made.explorer.set_mode("split")
    return made


def _lanes(qtbot: QtBot, state: AppState) -> Lanes:
    lanes = Lanes(state, LIGHT)
    qtbot.addWidget(lanes)
    lanes.resize(900, 200)
    lanes.show()
    return lanes


def test_an_episode_that_is_no_stream_has_no_lane_of_samples(qtbot: QtBot) -> None:
    lanes = _lanes(qtbot, table_with(ntm_trace()).state)

    assert lanes.stream.isHidden()
    assert not lanes.training.isHidden()


def test_two_streams_have_a_lane_of_samples_in_the_place_of_the_training(qtbot: QtBot, state: AppState) -> None:
    lanes = _lanes(qtbot, state)

    assert not lanes.stream.isHidden()
    assert lanes.training.isHidden()


def test_a_press_on_a_sample_goes_there_at_the_same_step_of_it(qtbot: QtBot, state: AppState) -> None:
    lanes = _lanes(qtbot, state)
    state.playback.go_to(25)

    qtbot.mousePress(lanes.stream.lane, Qt.MouseButton.LeftButton, pos=QPoint(round(lanes.stream.lane.x_of(31)), 30))

    assert state.playback.step == 31 * EACH + 25


def test_back_returns_to_the_sample_before_the_press(qtbot: QtBot, state: AppState) -> None:
    lanes = _lanes(qtbot, state)
    state.playback.go_to(25)

    qtbot.mousePress(lanes.stream.lane, Qt.MouseButton.LeftButton, pos=QPoint(round(lanes.stream.lane.x_of(31)), 30))
    state.explorer.back()

    assert state.playback.step == 25


def test_shift_and_drag_choose_whole_samples(qtbot: QtBot, state: AppState) -> None:
    lanes = _lanes(qtbot, state)

    lanes.stream.lane.range_selected.emit(3, 5)

    assert state.playback.selected_range == (3 * EACH, 6 * EACH - 1)


def test_the_lane_below_has_the_steps_of_the_present_sample_only(qtbot: QtBot, state: AppState) -> None:
    lanes = _lanes(qtbot, state)

    state.playback.go_to(7 * EACH + 12)

    assert lanes.sequence.title.text() == "Sample 8"
    assert lanes.sequence.lane._steps == EACH
    assert lanes.sequence.lane._step == 12


def test_a_press_below_stays_in_the_sample(qtbot: QtBot, state: AppState) -> None:
    lanes = _lanes(qtbot, state)
    state.playback.go_to(7 * EACH + 12)

    qtbot.mousePress(lanes.sequence.lane, Qt.MouseButton.LeftButton, pos=QPoint(round(lanes.sequence.lane.x_of(44)), 35))

    assert state.playback.step == 7 * EACH + 44


def test_the_marks_of_both_sides_are_told_in_words(qtbot: QtBot, state: AppState) -> None:
    said = _lanes(qtbot, state).stream.summary()

    assert "Side A was wiped after 40 of 40 samples." in said
    assert "Side B stored" in said


def test_an_edit_is_seen_in_its_own_sample_only(qtbot: QtBot, state: AppState) -> None:
    lanes = _lanes(qtbot, state)
    state.what_if.add(Edit(act="erase", channel="memory.contents", step=7 * EACH + 12, index=(1,)))

    state.playback.go_to(8 * EACH)
    before = lanes.sequence.chips.chips[0].isHidden()
    state.playback.go_to(7 * EACH)

    assert before
    assert not lanes.sequence.chips.chips[0].isHidden()


def test_the_pace_is_offered_where_a_sample_takes_several_steps(qtbot: QtBot, state: AppState) -> None:
    lanes = _lanes(qtbot, state)
    wishes: list[str] = []
    lanes.sequence.wished.connect(wishes.append)

    lanes.sequence.transport.pace.click()

    assert not lanes.sequence.transport.pace.isHidden()
    assert wishes == ["play.pace"]


def test_a_stream_of_one_step_a_sample_is_one_lane(qtbot: QtBot) -> None:
    lanes = _lanes(qtbot, table_with(persistent_stream(40)).state)

    assert lanes.stream.isHidden()
    assert lanes.sequence.title.text() == "Stream"
    assert lanes.sequence.transport.pace.isHidden()
