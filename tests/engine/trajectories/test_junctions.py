"""Cars before a junction: what is seen says nothing of what comes, and every future that might come lies on the road."""

import numpy as np
import pytest

from engine.trajectories.junctions import DT, MANOEUVRES, ROADS, SORTS, U_TURN, Cars, Roads, way
from engine.trajectories.road_map import REACH, SIDE, draw_roads


def drawn(count: int = 600, seed: int = 0, u_turns: bool = True) -> Cars:
    return Roads(0).draw(count, "test", seed, u_turns=u_turns)


def on_the_road(cars: Cars, points: np.ndarray) -> np.ndarray:
    """Whether points of the world, `(n, T, 2)`, are road on each car's own map."""
    away = points - cars.place[:, None]
    column = np.floor((away[..., 0] + REACH) / (2 * REACH) * SIDE).astype(int)
    row = np.floor((REACH - away[..., 1]) / (2 * REACH) * SIDE).astype(int)
    inside = (column >= 0) & (column < SIDE) & (row >= 0) & (row < SIDE)
    roads = draw_roads(cars, np.arange(len(cars)))
    rows = np.arange(len(cars))[:, None]
    return (roads[rows, row.clip(0, SIDE - 1), column.clip(0, SIDE - 1)] > 0) | ~inside


def test_the_same_seed_draws_the_same_cars() -> None:
    one, same, other = drawn(50, 1), drawn(50, 1), drawn(50, 2)

    np.testing.assert_array_equal(one.past, same.past)
    assert (one.past != other.past).any()


def test_what_comes_is_one_of_the_futures_that_might_have_come() -> None:
    cars = drawn()

    far = np.linalg.norm(cars.valid - cars.future[:, None], axis=-1).mean(-1)

    assert (np.nanmin(far, axis=1) < 0.05).all()


def test_every_manoeuvre_of_a_road_is_as_frequent_as_another() -> None:
    cars = drawn(9000)
    crossing = [n for n, sort in enumerate(SORTS) if sort.road == "crossing"]

    shares = np.array([(cars.sort == n).sum() for n in crossing]) / np.isin(cars.sort, crossing).sum()

    np.testing.assert_allclose(shares, 0.25, atol=0.04)


def test_the_past_does_not_say_which_way_a_car_will_go() -> None:
    cars = drawn(9000, u_turns=False)
    length = np.linalg.norm(cars.past[:, -1] - cars.past[:, 0], axis=-1)
    left, right = ((cars.sort == SORTS.index(("T junction", name))) for name in ("left", "right"))
    deviation = length[left].std() / np.sqrt(left.sum())

    assert abs(length[left].mean() - length[right].mean()) < 4 * deviation


def test_cars_brake_before_a_junction_and_not_on_a_straight_road() -> None:
    cars = drawn(3000)
    pace = np.linalg.norm(np.diff(cars.past, axis=1), axis=-1) / DT
    lost = pace[:, :5].mean(1) - pace[:, -5:].mean(1)
    road = np.array([SORTS[n].road for n in cars.sort])

    means = {name: lost[road == name].mean() for name in ROADS}

    assert means["T junction"] > means["crossing"] > 0.4 > abs(means["straight road"])
    assert means["lanes"] < -0.2


def test_a_quarter_turn_ends_at_a_right_angle_and_a_u_turn_comes_back() -> None:
    (turn,), (back,) = way("left", np.array([7.0])), way(U_TURN, np.array([7.0]))

    np.testing.assert_allclose(turn[-1] - turn[-2], [-0.7, 0.0], atol=1e-9)
    np.testing.assert_allclose(back[-1] - back[-2], [0.0, -0.7], atol=1e-9)
    assert back[-1, 0] == pytest.approx(-6.0)


@pytest.mark.parametrize("manoeuvre", sorted({name for names in MANOEUVRES.values() for name in names} | {U_TURN}))
def test_no_step_is_longer_than_the_speed_allows(manoeuvre: str) -> None:
    steps = np.linalg.norm(np.diff(way(manoeuvre, np.array([10.0]))[0], axis=0), axis=-1)

    assert steps.max() <= 1.2


def test_all_that_might_come_and_all_that_was_lies_on_the_road() -> None:
    cars = drawn(300)
    row, column = np.nonzero(np.isfinite(cars.valid[:, :, 0, 0]))
    mine = Cars(*(getattr(cars, name)[row] for name in ("past", "future", "valid", "sort", "speed", "place", "heading")))

    assert on_the_road(mine, mine.past).all()
    assert on_the_road(mine, cars.valid[row, column]).mean() > 0.995  # at the outer edge of a bend a pixel is half grass


def test_not_everything_is_road() -> None:
    roads = draw_roads(drawn(40), np.arange(40))

    assert 0.05 < roads.mean() < 0.4


def test_of_a_car_that_is_not_allowed_to_turn_round_no_future_does() -> None:
    cars = drawn(400, u_turns=False)

    assert not {SORTS[n].manoeuvre for n in cars.sort.tolist()} & {U_TURN}
    assert np.isfinite(cars.valid[:, :, 0, 0]).sum(1).max() == 3


def test_no_cars_can_be_drawn_too() -> None:
    assert len(drawn(0)) == 0
