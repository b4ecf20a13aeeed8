"""The training lane chooses the nearest checkpoint and draws any curve."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from app.plots.colours import DARK, LIGHT
from app.plots.timeline import TrainingLane


@pytest.fixture
def lane(qtbot) -> TrainingLane:
    made = TrainingLane(LIGHT)
    qtbot.addWidget(made)
    made.resize(600, 64)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_press_chooses_the_nearest_checkpoint(lane: TrainingLane, qtbot) -> None:
    lane.set_checkpoints((0, 100, 200, 1000))
    with qtbot.waitSignal(lane.checkpoint_chosen) as chosen:
        qtbot.mouseClick(lane, Qt.MouseButton.LeftButton, pos=QPoint(round(lane.x_of(240)), 30))

    assert chosen.args == [200]


def test_without_checkpoints_a_press_asks_for_nothing(lane: TrainingLane, qtbot) -> None:
    with qtbot.assertNotEmitted(lane.checkpoint_chosen):
        qtbot.mouseClick(lane, Qt.MouseButton.LeftButton, pos=QPoint(100, 30))


def test_the_right_end_is_the_newest_update_or_the_one_that_is_told(lane: TrainingLane) -> None:
    lane.show_curve(np.array([0, 50]), np.array([3.0, 2.0]))
    lane.set_live(70)
    newest = lane.reach()
    lane.set_reach(500)

    assert (newest, lane.reach()) == (70, 500)


@pytest.mark.parametrize("is_log", [False, True])
@pytest.mark.parametrize("losses", [[1.0, np.nan, 3.0], [0.0, 0.0, 0.0], [np.nan, np.nan, np.nan], [1e-9, 1.0, 1e9]])
def test_any_curve_can_be_drawn(lane: TrainingLane, losses: list[float], is_log: bool) -> None:
    lane.show_curve(np.array([1, 2, 3]), np.array(losses), held_out=(np.array([1, 3]), np.array([2.0, np.nan])))
    lane.set_log(is_log)
    lane.set_cursor(2)
    lane.set_notes([(2, "rate 3e-4")])

    assert not lane.grab().isNull()


def test_a_spike_among_a_hundred_thousand_updates_stays_visible(lane: TrainingLane) -> None:
    losses = np.ones(100_000)
    flat = _with_curve(lane, losses)
    losses[54_321] = 50.0

    assert _with_curve(lane, losses) != flat


def test_an_empty_lane_says_so_in_both_themes(lane: TrainingLane) -> None:
    light = lane.grab().toImage()
    lane.set_palette(DARK)

    assert lane.grab().toImage() != light


def _with_curve(lane: TrainingLane, losses: np.ndarray):
    lane.show_curve(np.arange(len(losses)), losses)
    return lane.grab().toImage()
