"""Draws pictures of things: three rows of three cells, in each cell nothing or a thing of one shape and one colour.

Every edge is smooth: a pixel is covered by as much as its distance to the edge says. Shapes: n pictures, K things, C = 16 pixels.
"""

from collections.abc import Callable

import numpy as np

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Whole = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

CELL, ROWS = 16, 3
CELLS, SIDE = ROWS * ROWS, ROWS * CELL

COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (0.86, 0.13, 0.15), "orange": (0.97, 0.55, 0.07), "yellow": (0.93, 0.82, 0.10), "green": (0.13, 0.60, 0.25),
    "cyan": (0.15, 0.75, 0.82), "blue": (0.13, 0.30, 0.85), "purple": (0.58, 0.22, 0.72), "black": (0.12, 0.12, 0.14),
}  # fmt: skip
PAPER, GRAIN, TINT = 0.93, 0.025, 0.05
"""How light the paper is, the noise of each pixel, and how far the colour of a thing strays."""

SMALLEST, LARGEST = 0.30, 0.41
"""The radius of a thing, of the side of its cell."""
AWAY, TURN = 0.07, 0.16
"""How far a thing stands from the middle of its cell, of its side, and how far it is turned, in radians."""


def _circle(x: Floats, y: Floats) -> Floats:
    return np.asarray(np.hypot(x, y) - 0.92)


def _square(x: Floats, y: Floats) -> Floats:
    return np.asarray(np.maximum(abs(x), abs(y)) - 0.80)


def _triangle(x: Floats, y: Floats) -> Floats:
    slope = np.sqrt(3) / 2
    return np.asarray(np.maximum.reduce([y, slope * x - y / 2, -slope * x - y / 2]) - 0.52)


def _diamond(x: Floats, y: Floats) -> Floats:
    return np.asarray((1.5 * abs(x) + abs(y) - 1.05) / 1.8)


def _cross(x: Floats, y: Floats) -> Floats:
    along, across = np.maximum(abs(x), abs(y)), np.minimum(abs(x), abs(y))
    return np.asarray(np.maximum(along - 0.95, across - 0.27))


def _star(x: Floats, y: Floats) -> Floats:
    """Five points: the edge runs straight from 1.08 at a point to 0.40 between two."""
    fifth = 2 * np.pi / 5
    off = abs((np.arctan2(x, -y) + np.pi / 5) % fifth - np.pi / 5) / (fifth / 2)
    return np.asarray((np.hypot(x, y) - (1.08 - 0.68 * off)) * 0.7)


def _ring(x: Floats, y: Floats) -> Floats:
    return np.asarray(abs(np.hypot(x, y) - 0.74) - 0.22)


def _bar(x: Floats, y: Floats) -> Floats:
    return np.asarray(np.maximum(abs(x) - 1.0, abs(y) - 0.30))


SHAPES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "circle": _circle, "square": _square, "triangle": _triangle, "diamond": _diamond,
    "cross": _cross, "star": _star, "ring": _ring, "bar": _bar,
}  # fmt: skip
"""How far outside the edge of each shape a point is, in radii; y grows downwards."""

KINDS = len(SHAPES) * len(COLOURS)


def kind_of(shape: int, colour: int) -> int:
    """The number of the kind of thing that has this shape and this colour."""
    return shape * len(COLOURS) + colour


def shape_of(kind: Whole) -> Whole:
    """The number of its shape."""
    return kind // len(COLOURS)


def colour_of(kind: Whole) -> Whole:
    """The number of its colour."""
    return kind % len(COLOURS)


def draw(layout: Whole, chance: np.random.Generator) -> Bytes:
    """`layout (n, 9)`, the kind in each cell or -1 for none -> pictures `(n, 48, 48, 3)`; no two things are drawn alike."""
    cells = np.full((*layout.shape, CELL, CELL, 3), PAPER, np.float32)
    there = np.argwhere(layout >= 0)
    kinds = layout[layout >= 0]
    cover = _coverage(shape_of(kinds), chance)[..., None]
    ink = np.array(list(COLOURS.values()), np.float32)[colour_of(kinds)]
    ink = ink + chance.uniform(-TINT, TINT, ink.shape).astype(np.float32)
    cells[there[:, 0], there[:, 1]] = cover * ink[:, None, None] + (1 - cover) * PAPER
    whole = cells.reshape(len(layout), ROWS, ROWS, CELL, CELL, 3).swapaxes(2, 3).reshape(len(layout), SIDE, SIDE, 3)
    whole += GRAIN * chance.standard_normal(whole.shape, np.float32)
    return (np.clip(whole, 0, 1) * 255).round().astype(np.uint8)


def _coverage(shapes: Whole, chance: np.random.Generator) -> Floats:
    """How much of each pixel of its cell a thing covers, `(K,) -> (K, C, C)`."""
    count = len(shapes)
    radius = (CELL * chance.uniform(SMALLEST, LARGEST, count)).astype(np.float32)[:, None, None]
    away = (CELL * chance.uniform(-AWAY, AWAY, (2, count))).astype(np.float32)[..., None, None]
    turn = chance.uniform(-TURN, TURN, count).astype(np.float32)[:, None, None]
    middles = np.arange(CELL, dtype=np.float32) + 0.5 - CELL / 2
    x, y = (middles[None, None, :] - away[0]) / radius, (middles[None, :, None] - away[1]) / radius
    x, y = np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x
    outside = np.empty((count, CELL, CELL), np.float32)
    for number, shape in enumerate(SHAPES.values()):
        mine = shapes == number
        outside[mine] = shape(x[mine], y[mine])
    return np.asarray(np.clip(0.5 - outside * radius, 0, 1), np.float32)
