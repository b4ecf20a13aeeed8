"""Agents that wait for each other: the proof that nobody's own past says when it will go, and that all pasts together do."""

import numpy as np
import pytest

from engine.trajectories.social import (
    CLEAR,
    HURRY,
    QUICK,
    STOP,
    Comers,
    comers_seen,
    cross,
    draw,
)

SCENES = 200
ROWS = np.arange(SCENES)


def comers(agents: int = 4, is_varied: bool = False) -> Comers:
    return draw(SCENES, agents, 0, "test", 0, is_varied)


def moved(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The mean distance between two futures of one agent in each scene."""
    return np.linalg.norm(one - other, axis=-1).mean(-1)


@pytest.mark.parametrize("is_varied", [False, True])
def test_from_all_pasts_together_everything_follows(is_varied: bool) -> None:
    scenes = cross(comers(6, is_varied))

    again = cross(comers_seen(scenes.past, scenes.present))

    np.testing.assert_allclose(again.future, scenes.future, atol=1e-9)
    np.testing.assert_array_equal(again.turn, scenes.turn)


def test_if_the_first_to_go_is_taken_away_the_last_goes_otherwise_in_every_scene() -> None:
    who = comers()
    scenes = cross(who)
    first, last = (scenes.turn == 0).argmax(1), scenes.turn.argmax(1)
    present = who.present.copy()
    present[ROWS, first] = False

    without = cross(who._replace(present=present))

    np.testing.assert_array_equal(without.past[ROWS, last], scenes.past[ROWS, last])
    assert (moved(without.future[ROWS, last], scenes.future[ROWS, last]) > 0.01).all()


def test_the_speed_of_one_other_agent_turns_the_order_round() -> None:
    who = comers()
    scenes = cross(who)
    first = who.arrival.argmin(1)
    speed = who.speed.copy()
    speed[ROWS, first] = np.where(speed[ROWS, first] > QUICK, QUICK - 0.05, QUICK + 0.05)
    another = (first + 1) % 4

    flipped = cross(who._replace(speed=speed))

    assert (flipped.is_reversed != scenes.is_reversed).all()
    np.testing.assert_array_equal(flipped.past[ROWS, another], scenes.past[ROWS, another])
    assert moved(flipped.future[ROWS, another], scenes.future[ROWS, another]).mean() > 0.5


def test_who_did_nearly_the_same_before_is_no_guide() -> None:
    """The mean of the fifteen agents whose own past is most alike: far off, though without noise."""
    known, asked = cross(draw(4000, 4, 0, "training")), cross(comers())
    pasts, futures = own_frame(known.past, known.past), own_frame(known.past, known.future)
    past, future = own_frame(asked.past, asked.past), own_frame(asked.past, asked.future)

    apart = np.linalg.norm(past.reshape(-1, 1, 40)[:400] - pasts.reshape(1, -1, 40)[:, :8000], axis=-1)
    near = np.argpartition(apart, 15, axis=1)[:, :15]
    guess = futures[near].mean(1)

    assert np.linalg.norm(guess - future[:400], axis=-1).mean() > 0.35


def own_frame(past: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Each agent turned so that it comes along x: `(n, A, T, 2) -> (n * A, T, 2)`."""
    x, y = past[..., -1, 0, None] / STOP, past[..., -1, 1, None] / STOP
    turned = np.stack((x * points[..., 0] + y * points[..., 1], x * points[..., 1] - y * points[..., 0]), -1)
    return turned.reshape(-1, *points.shape[2:])


def test_all_have_come_and_wait_now() -> None:
    scenes = cross(comers())

    np.testing.assert_allclose(np.linalg.norm(scenes.past[:, :, -1], axis=-1), STOP)


def test_only_one_is_ever_before_the_clear_point_after_it_started() -> None:
    scenes = cross(comers())
    ray = scenes.past[:, :, -1] / STOP
    along = (scenes.future * ray[:, :, None]).sum(-1)
    crossing = (along < STOP - 1e-9) & (along > -CLEAR + 1e-9)

    assert (crossing.sum(1) <= 1).all()


def test_they_cross_faster_than_they_came() -> None:
    who = comers()
    scenes = cross(who)
    first = (scenes.turn == 0).argmax(1)

    step = np.linalg.norm(scenes.future[ROWS, first, 1] - scenes.future[ROWS, first, 0], axis=-1)

    np.testing.assert_allclose(step, 0.1 * HURRY * who.speed[ROWS, first])


def test_each_waits_for_the_one_before_it() -> None:
    scenes = cross(comers(6, is_varied=True))
    row, agent = np.nonzero(scenes.turn > 0)

    np.testing.assert_array_equal(scenes.turn[row, scenes.waits[row, agent]], scenes.turn[row, agent] - 1)
    assert (scenes.waits[scenes.turn <= 0] == -1).all()


def test_in_the_plain_rule_they_go_as_they_came() -> None:
    who = comers()

    scenes = cross(who, is_plain=True)

    np.testing.assert_array_equal(scenes.turn.argsort(1), who.arrival.argsort(1))
    assert not scenes.is_reversed.any()


def test_the_rule_reverses_about_half_of_the_scenes() -> None:
    assert 0.35 < cross(comers()).is_reversed.mean() < 0.65


def test_nobody_is_where_nobody_is() -> None:
    scenes = cross(comers(6, is_varied=True))

    assert not scenes.past[~scenes.present].any()
    assert not scenes.future[~scenes.present].any()
    assert (scenes.present.sum(1) >= 3).all()
