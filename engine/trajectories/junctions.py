"""Cars before a junction: one past, several futures that are equally likely, and labels that no model sees.

What is seen of a car depends on the sort of road and its speed only, never on where it is about to go. Everything is drawn in
metres with the car at the origin, coming from below, and then put anywhere in the world, turned by any angle.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from zlib import crc32

import numpy as np

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Whole = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

DT, PAST, FUTURE = 0.1, 20, 40
"""Seconds between points; points seen, the last one now; points to come."""

SPEEDS = (4.0, 7.0, 10.0)
SPEED_NOISE, BRAKING_NOISE, POINT_NOISE = 0.3, 0.05, 0.015
"""Metres a second, metres a second squared, metres."""

TURN_AFTER, TURN_RADIUS, U_RADIUS = 0.8, 6.0, 3.0
"""Seconds until a turn begins; metres."""

LANE, LANE_AFTER, LANE_TIME = 3.5, 1.6, 0.25
"""A change of lane: how far, when it is half done, and how long it takes, roughly a quarter."""

SOMEWHERE = 200.0
"""Metres: how far from the world's origin a car may be."""

ROADS = ("straight road", "T junction", "crossing", "lanes")
BRAKING = (0.0, -0.9, -0.45, 0.35)
"""What a car does before each sort of road, in metres a second squared."""

MANOEUVRES: dict[str, tuple[str, ...]] = {
    "straight road": ("straight on",),
    "T junction": ("left", "right"),
    "crossing": ("left", "straight on", "right"),
    "lanes": ("straight on", "lane to the left", "lane to the right"),
}
U_TURN = "U-turn"
WITH_U_TURNS = ("T junction", "crossing")
MOST_VALID = 4


class Sort(NamedTuple):
    """A road, and what a car does on it."""

    road: str
    manoeuvre: str


SORTS: tuple[Sort, ...] = tuple(
    Sort(road, manoeuvre) for road in ROADS for manoeuvre in (*MANOEUVRES[road], *((U_TURN,) if road in WITH_U_TURNS else ()))
)
"""All sorts of samples; their number is the hidden label."""


@dataclass(frozen=True, slots=True, eq=False)
class Cars:
    """`n` samples: `past (n, 20, 2)`, `future (n, 40, 2)`, `valid (n, 4, 40, 2)` with NaN for none, `sort (n,)` an index into
    SORTS, `speed (n,)`, `place (n, 2)` where the car is now and `heading (n,)` radians, 0 along y, growing to the left."""

    past: Floats
    future: Floats
    valid: Floats
    sort: Whole
    speed: Floats
    place: Floats
    heading: Floats

    def __len__(self) -> int:
        return len(self.sort)

    def texts(self) -> tuple[str, ...]:
        """Each sample in words."""
        return tuple(
            f"{SORTS[sort].road}, {SORTS[sort].manoeuvre}, {speed:.0f} m/s"
            for sort, speed in zip(self.sort.tolist(), self.speed.tolist(), strict=True)
        )


class Roads:
    """All cars of one world: another number draws others."""

    def __init__(self, number: int) -> None:
        self._number = number

    def draw(self, count: int, purpose: str, seed: int = 0, roads: tuple[str, ...] = ROADS, u_turns: bool = False) -> Cars:
        """So many cars on these roads; every road, and on it every manoeuvre, as frequent as another."""
        chance = np.random.default_rng((crc32(purpose.encode()), self._number, seed))
        road = chance.integers(0, len(roads), count)
        sort = np.empty(count, np.int64)
        for number, name in enumerate(roads):
            rows = np.flatnonzero(road == number)
            offered = _sorts_of(name, u_turns)
            sort[rows] = np.array(offered)[chance.integers(0, len(offered), len(rows))]
        return _drive(sort, u_turns, chance)

    @cached_property
    def sorts(self) -> tuple[str, ...]:
        """The names of the labels."""
        return tuple(f"{sort.road}: {sort.manoeuvre}" for sort in SORTS)


def _sorts_of(road: str, u_turns: bool) -> list[int]:
    return [n for n, sort in enumerate(SORTS) if sort.road == road and (u_turns or sort.manoeuvre != U_TURN)]


def _drive(sort: Whole, u_turns: bool, chance: np.random.Generator) -> Cars:
    count = len(sort)
    braking = np.array([BRAKING[ROADS.index(SORTS[n].road)] for n in sort.tolist()]).reshape(count)
    braking = braking + BRAKING_NOISE * chance.standard_normal(count)
    speed = chance.choice(SPEEDS, count) + SPEED_NOISE * chance.standard_normal(count)
    times = np.arange(1 - PAST, 1) * DT
    ahead = speed[:, None] * times + 0.5 * braking[:, None] * times**2
    past = np.stack((np.zeros_like(ahead), ahead), -1)
    future, valid = np.empty((count, FUTURE, 2)), np.full((count, MOST_VALID, FUTURE, 2), np.nan)
    for number in np.unique(sort).tolist():
        rows = np.flatnonzero(sort == number)
        future[rows] = way(SORTS[number].manoeuvre, speed[rows])
        for which, other in enumerate(_sorts_of(SORTS[number].road, u_turns)):
            valid[rows, which] = way(SORTS[other].manoeuvre, speed[rows])
    past[:, :-1] += POINT_NOISE * chance.standard_normal((count, PAST - 1, 2))
    future = future + POINT_NOISE * chance.standard_normal((count, FUTURE, 2))
    place = chance.uniform(-SOMEWHERE, SOMEWHERE, (count, 2))
    heading = chance.uniform(-np.pi, np.pi, count)
    return Cars(
        past=_put(past, place, heading), future=_put(future, place, heading), valid=_put(valid, place, heading), sort=sort,
        speed=speed.astype(np.float32), place=place.astype(np.float32), heading=heading.astype(np.float32),
    )  # fmt: skip


def way(manoeuvre: str, speed: np.ndarray) -> np.ndarray:
    """Where cars go, point after point, with their speed unchanged: `(n,) -> (n, 40, 2)`, from the origin upwards."""
    times = np.arange(1, FUTURE + 1) * DT
    gone = speed[:, None] * times
    if manoeuvre.startswith("lane"):
        side = -1.0 if manoeuvre.endswith("left") else 1.0
        across = np.broadcast_to(side * LANE / (1 + np.exp((LANE_AFTER - times) / LANE_TIME)), gone.shape)
        return np.stack((across, gone), -1)
    if manoeuvre == "straight on":
        return np.stack((np.zeros_like(gone), gone), -1)
    radius, angle = (U_RADIUS, np.pi) if manoeuvre == U_TURN else (TURN_RADIUS, np.pi / 2)
    side = 1.0 if manoeuvre == "right" else -1.0
    before = np.minimum(gone, speed[:, None] * TURN_AFTER)
    turned = np.clip((gone - before) / radius, 0.0, angle)
    after = gone - before - turned * radius
    across = radius * (1 - np.cos(turned)) + after * np.sin(angle)
    return np.stack((side * across, before + radius * np.sin(turned) + after * np.cos(angle)), -1)


def _put(points: np.ndarray, place: np.ndarray, heading: np.ndarray) -> Floats:
    """From the car's own frame into the world: `(n, ..., T, 2)`."""
    extra = (1,) * (points.ndim - 2)
    cos, sin = np.cos(heading).reshape(-1, *extra), np.sin(heading).reshape(-1, *extra)
    x, y = points[..., 0], points[..., 1]
    turned = np.stack((cos * x - sin * y, sin * x + cos * y), -1)
    put: Floats = (turned + place.reshape(-1, *extra, 2)).astype(np.float32)
    return put
