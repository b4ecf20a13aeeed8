"""A scene is read off a trace by roles: who is there, which futures say something, how far off they are, what part is drawn."""

from dataclasses import replace

import numpy as np
import pytest

from app.state import trajectories
from app.state.trajectories import (
    frame_of,
    future_name,
    heads_of,
    scene_at,
    trajectory_channels,
    views_of,
    whole_futures,
)
from app.state.trajectories_words import future_in_words, metres, sample_name, scene_in_words
from engine.contract.cards import Channel
from engine.contract.edits import Edit
from engine.contract.trace import Trace
from fake_traces import ntm_trace
from fake_trajectories import FUTURE, PAST, in_the_world, junction_trace, social_trace, without_truth


def test_only_what_moves_has_a_scene() -> None:
    assert [c.name for c in trajectory_channels(junction_trace())] == ["scene.past", "scene.foreseen", "scene.future"]
    assert trajectory_channels(ntm_trace(length=2, slots=4)) == []


def test_the_error_of_each_future_is_its_mean_distance() -> None:
    trace = junction_trace()
    scene = scene_at(trace, 2)

    off = np.linalg.norm(trace.arrays["scene.foreseen"][2, 0] - trace.arrays["scene.future"][2, 0], axis=-1)
    np.testing.assert_allclose(scene.mean[0], off.mean(-1), rtol=1e-5)
    np.testing.assert_allclose(scene.end[0], off[:, -1], rtol=1e-5)
    assert scene.best(0) == int(off.mean(-1).argmin())
    assert scene.error == pytest.approx(off.mean(-1).min(), rel=1e-5)
    assert scene.error == pytest.approx(float(trace.arrays["scene.error"][2]), rel=1e-5)


def test_fewer_futures_never_have_the_smaller_error() -> None:
    errors = [scene_at(junction_trace(futures=20), 2, most).error for most in (1, 5, 10, 20)]

    assert errors == sorted(errors, reverse=True)


def test_futures_from_no_slot_are_left_out_where_others_come_from_one() -> None:
    trace = junction_trace()
    trace.arrays["read.slot"][0] = (3, 1, -1, -1, -1)
    trace.arrays["read.slot"][1] = -1

    assert scene_at(trace, 0).slots == (3, 1)
    assert scene_at(trace, 1).slots == (-1,)
    assert "The memory is empty" in scene_in_words(trace, 1, scene_at(trace, 1))


def test_a_future_that_was_said_before_is_said_once() -> None:
    trace = social_trace(futures=3)
    trace.arrays["scene.foreseen"][0, :, 2] = trace.arrays["scene.foreseen"][0, :, 0]

    assert scene_at(trace, 0).futures == 2
    assert scene_at(trace, 1).futures == 3


def test_agents_that_are_not_there_count_for_nothing() -> None:
    trace = social_trace()
    trace.arrays["scene.past"][:20, -1] = np.nan
    trace.arrays["scene.foreseen"][:20, -1] = np.nan

    scene = scene_at(trace, 0)

    assert scene.agents == (0, 1, 2)
    assert np.isfinite(scene.error)
    assert np.isfinite([*frame_of([trace], "north up").low, *frame_of([trace], "north up").high]).all()


def test_a_sample_of_many_steps_stands_at_a_point_in_time() -> None:
    trace = social_trace()

    assert [scene_at(trace, step).at for step in (0, PAST + FUTURE - 1, PAST + FUTURE)] == [0, PAST + FUTURE - 1, 0]
    assert scene_at(junction_trace(), 1).at is None
    assert "step 1 of 12 foreseen" in scene_in_words(trace, PAST, scene_at(trace, PAST))


@pytest.mark.parametrize("trace", [junction_trace(), in_the_world(junction_trace(30))], ids=["together", "anywhere"])
def test_every_sample_lies_in_the_one_frame(trace: Trace) -> None:
    for view in views_of(trace):
        frame = frame_of([trace], view)
        for step in range(trace.steps):
            scene = scene_at(trace, step)
            points = frame.pose(scene).inside(np.concatenate([scene.past[0], scene.truth[0]]))
            assert (points >= frame.low).all()
            assert (points <= frame.high).all()


def test_one_agent_is_seen_from_behind_wherever_it_is_and_whichever_way_it_goes() -> None:
    trace = in_the_world(junction_trace(30))
    frame = frame_of([trace], "from behind")

    for step in range(trace.steps):
        scene = scene_at(trace, step)
        past = frame.pose(scene).inside(scene.past[0])
        np.testing.assert_allclose(past[-1], (0, 0), atol=1e-4)
        assert past[0, 1] < -7
        assert abs(past[0, 0]) < 0.5


def test_looking_from_elsewhere_changes_no_length() -> None:
    trace = in_the_world(junction_trace())
    scene = scene_at(trace, 3)

    seen = frame_of([trace], "from behind").pose(scene).inside(scene.past[0])

    for points in (seen, scene.past[0]):
        points -= points[0]
    np.testing.assert_allclose(np.linalg.norm(seen, axis=-1), np.linalg.norm(scene.past[0], axis=-1), atol=1e-3)


def test_samples_far_apart_are_followed_and_samples_in_one_place_are_not() -> None:
    assert frame_of([in_the_world(junction_trace(30))], "north up").view == "north up"
    assert frame_of([social_trace()], "north up").view == "the world"


def test_an_agent_that_stands_still_is_not_turned() -> None:
    trace = junction_trace()
    trace.arrays["scene.past"][0] = 1.0

    assert frame_of([trace], "from behind").pose(scene_at(trace, 0)).way == (0.0, 1.0)


def test_both_sides_share_one_frame() -> None:
    near, far = junction_trace(), in_the_world(junction_trace(12, seed=4))

    assert frame_of([near, far], "from behind") == frame_of([far, near], "from behind")


def test_without_a_truth_nothing_is_called_closest() -> None:
    trace = without_truth(junction_trace())
    scene = scene_at(trace, 0)

    assert not scene.is_known
    assert scene.best(0) == 0
    assert "nobody knows what happened" in scene_in_words(trace, 0, scene)
    assert future_in_words(trace, scene, 0, 1) == "slot 1, number 2 of 5"


def test_where_another_sample_was_presented_it_is_the_one_that_is_drawn() -> None:
    trace = junction_trace()
    trace.arrays["input.past"][2] += 1.5
    trace.arrays["input.future"][2] = 0
    edits = tuple(Edit(act="set", channel=name, step=2, index=(), values=(1.0,)) for name in ("input.past", "input.future"))

    edited = replace(trace, card=replace(trace.card, edits=edits))

    np.testing.assert_allclose(scene_at(edited, 2).past[0], trace.arrays["scene.past"][2, 0] + 1.5)
    assert not scene_at(edited, 2).truth.any()
    np.testing.assert_array_equal(scene_at(edited, 3).past, trace.arrays["scene.past"][3])
    np.testing.assert_array_equal(scene_at(trace, 2).past, trace.arrays["scene.past"][2])


def test_lines_say_their_slot_and_their_error() -> None:
    trace = junction_trace()
    scene = scene_at(trace, 1)

    told = future_in_words(trace, scene, 0, 0)

    assert told == f"slot 3, likeliest of 5: {metres(scene.mean[0, 0])} off on average, {metres(scene.end[0, 0])} at the end"
    assert sample_name(trace, 1) == "Sample 2 (cross, left)"


def test_heads_belong_to_agents_only_where_there_are_as_many() -> None:
    social = social_trace(futures=3)

    assert whole_futures(social) == 3
    assert getattr(heads_of(social, 3), "name", "") == "read.weighting"
    assert heads_of(social, 2) is None
    assert heads_of(junction_trace(), 5) is None
    assert future_name(scene_at(social, 0), 1) == "future 2"


def test_where_a_map_was_looked_at_the_error_before_stands_beside_that_after() -> None:
    trace = junction_trace()
    looks = Channel(
        name="refine.futures",
        axes=("hop", "future", "time", "xy"),
        kind="trajectory",
        title="refined",
        says="Looks.",
        bounded=False,
    )
    foreseen = trace.arrays["scene.foreseen"][:, 0]
    rounds = np.stack([foreseen + 3, foreseen], 1)
    rounds[4] = np.nan
    card = replace(trace.card, model=replace(trace.card.model, channels=(*trace.card.model.channels, looks)))
    refined = replace(trace, card=card, arrays={**trace.arrays, "refine.futures": rounds})

    plain, scene = scene_at(trace, 2), scene_at(refined, 2)
    best = scene.best(0)

    off = np.linalg.norm(rounds[2, 0, best] - trace.arrays["scene.future"][2, 0], axis=-1).mean()
    assert scene.unrefined[best] == pytest.approx(float(off), rel=1e-5)
    assert f"at the end (on average {off:.2f} m before it looked at the map)" in scene_in_words(refined, 2, scene)
    assert plain.unrefined == scene_at(refined, 4).unrefined == ()
    assert "map" not in scene_in_words(trace, 2, plain)


def test_the_picture_of_a_stream_is_found_once_however_often_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """At every step something asks for it: without this each would go through all samples of the stream."""
    trace = junction_trace()
    asked: list[int] = []
    look = trajectories.scene_at
    monkeypatch.setattr(trajectories, "scene_at", lambda trace, step: asked.append(step) or look(trace, step))
    first = frame_of([trace], "north up")
    count = len(asked)

    assert count >= trace.steps
    assert frame_of([trace], "north up") == first
    assert len(asked) == count
