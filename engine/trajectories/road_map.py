"""The road around a car as a picture from above: 1 where one can drive, 0 elsewhere. Row 0 is the top, where y is largest."""

import numpy as np

from engine.trajectories.junctions import SORTS, TURN_AFTER, TURN_RADIUS, Cars, Floats

SIDE, REACH = 80, 44.0
"""Pixels, and metres from the middle to an edge."""

LEFT, RIGHT = -7.5, 1.5
"""Where the road's edges are beside a car on it, metres."""

LANES_LEFT, LANES_RIGHT = -5.5, 5.5
HALF_CROSSING = 4.5


def draw_roads(cars: Cars, rows: np.ndarray) -> Floats:
    """The roads around these of the cars, each with the car in the middle: `(rows, SIDE, SIDE)`."""
    pixel = 2 * REACH / SIDE
    across = (np.arange(SIDE) + 0.5) * pixel - REACH
    east, north = np.meshgrid(across, -across)
    cos = np.cos(cars.heading[rows])[:, None, None]
    sin = np.sin(cars.heading[rows])[:, None, None]
    x, y = cos * east + sin * north, -sin * east + cos * north  # in the car's own frame
    road = np.array([SORTS[sort].road for sort in cars.sort[rows].tolist()]).reshape(-1, 1, 1)
    ahead = (cars.speed[rows] * TURN_AFTER + TURN_RADIUS).reshape(-1, 1, 1)
    along = np.where(road == "lanes", (x > LANES_LEFT) & (x < LANES_RIGHT), (x > LEFT) & (x < RIGHT))
    along &= (road != "T junction") | (y < ahead)
    crossing = np.isin(road, ("T junction", "crossing")) & (abs(y - ahead) < HALF_CROSSING)
    picture: Floats = (along | crossing).astype(np.float32)
    return picture
