"""The two panes over the samples of a stream, alone and with both sides in one picture."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.state.app_state import AppState
from app.state.episodic_persistent import PANES
from app.state.panes import parted
from app.state.side import Showing
from app.views.panes.over_samples import MOST_POINTS, OverSamples, outline
from app.views.panes.trajectories import Trajectories
from engine.contract.messages import EpisodeWish, Source
from fake_stream import EACH, episodic_stream, persistent_stream
from fake_traces import ntm_trace


@pytest.fixture
def beside() -> AppState:
    """A is wiped, B lives on."""
    state = table_with(episodic_stream(60)).state
    other = persistent_stream(60)
    state.comparison.show("split", edited_copy=False)
    state.b.wish(Showing(source=Source(place=other.card.source), episode=EpisodeWish()), None)
    state.b.take(None, other)
    state.explorer.set_mode("split")
    return state


def _lines(view: OverSamples) -> dict[str, np.ndarray]:
    return {line.name: np.asarray(line.y) for line in view._plot._lines}


def test_a_memory_that_lives_on_is_a_staircase(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(persistent_stream(60)).state, "Slots in use")

    used = next(iter(_lines(view).values()))

    assert (np.diff(used) >= 0).all()
    assert used[0] == 0


def test_both_sides_stand_in_one_picture_on_one_scale(qtbot: QtBot, beside: AppState) -> None:
    view = placed(qtbot, beside, "Slots in use")
    lines = _lines(view)

    assert {"A", "B"} <= set(lines)
    assert view._plot.y_limits()[1] >= max(np.nanmax(line) for line in lines.values())


def test_teeth_that_are_too_narrow_become_a_band_between_their_highest_and_lowest(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(episodic_stream(200)).state, "Slots in use")
    whole, high, low = (np.asarray(line.y) for line in view._plot._lines)

    assert (high > low).all()
    assert (whole.min(), whole.max()) == (0, high.max())


def test_teeth_with_room_are_drawn_as_they_are(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(episodic_stream(5)).state, "Slots in use")

    assert len(view._plot._lines) == 1
    assert len(view._plot._lines[0].x) == 5 * EACH + 1


def test_the_cursor_stands_after_the_present_sample(qtbot: QtBot, beside: AppState) -> None:
    view = placed(qtbot, beside, "Does it help?")

    beside.playback.go_to(30 * EACH + 29)
    view.settle()

    assert view._plot._cursor == pytest.approx(30.5)


def test_a_press_goes_to_the_sample_and_keeps_the_step_inside_it(qtbot: QtBot, beside: AppState) -> None:
    view = placed(qtbot, beside, "Does it help?")
    beside.playback.go_to(12)

    view._plot.clicked.emit(40.6)

    assert beside.playback.step == 40 * EACH + 12


def test_the_error_of_both_sides_stands_beside_memory_off_and_a_plain_predictor(qtbot: QtBot, beside: AppState) -> None:
    view = placed(qtbot, beside, "Does it help?")

    assert list(_lines(view)) == ["A", "B", "B memory off", "plain"]


def test_a_table_has_a_row_for_each_sample(qtbot: QtBot, beside: AppState) -> None:
    headers, rows = placed(qtbot, beside, "Slots in use").table()

    assert headers == ["samples seen", "A", "B"]
    assert len(rows) == 60


def test_an_outline_keeps_the_highest_and_the_lowest() -> None:
    y = np.random.default_rng(0).normal(size=30_000).astype(np.float32)
    y[1234], y[4321] = 99, -99

    x, kept = outline(np.arange(30_000, dtype=np.float32), y)

    assert len(kept) <= 2 * MOST_POINTS
    assert (kept.max(), kept.min()) == (99, -99)
    assert (np.diff(x) > 0).all()


def test_panes_of_two_streams_go_where_they_fit() -> None:
    of_a, of_b, both = parted(PANES, episodic_stream(5), persistent_stream(5))

    assert of_a == ("Trajectories", "Memory")
    assert of_b == ("Trajectories", "Memory browser")
    assert both == ("Slots in use", "Does it help?", "Write decision")


def test_an_episode_that_is_no_stream_has_nothing_over_samples(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace()).state, "Slots in use")

    assert "records nothing" in view.summary()


def test_a_sample_without_a_map_stands_on_the_road_that_the_other_side_recorded(qtbot: QtBot, beside: AppState) -> None:
    a = beside.a.trace
    assert a is not None
    arrays = {name: value for name, value in a.arrays.items() if name not in ("scene.map", "scene.reach")}
    beside.a.take(None, replace(a, arrays=arrays))

    view = placed(qtbot, beside, "Trajectories")

    assert isinstance(view, Trajectories)
    assert view._scene is not None
    assert view._scene.ground is not None
