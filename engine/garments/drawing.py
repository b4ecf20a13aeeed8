"""Draws garments: a silhouette of straight edges in one colour with one pattern, on white ground, with an outline.

Shapes: n pictures, S = 48 pixels a side.
"""

from functools import cache

import numpy as np

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Whole = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

SIDE = 48

Outline = tuple[tuple[float, float], ...]
"""Corners `(x, y)`, x to the right and y downwards, each from 0 to 1 of the picture's side."""

TOPS: dict[str, Outline] = {
    "tee": (
        (0.36, 0.14), (0.43, 0.20), (0.57, 0.20), (0.64, 0.14), (0.92, 0.30), (0.84, 0.46), (0.72, 0.40), (0.72, 0.88),
        (0.28, 0.88), (0.28, 0.40), (0.16, 0.46), (0.08, 0.30),
    ),
    "shirt": (
        (0.38, 0.08), (0.50, 0.24), (0.62, 0.08), (0.74, 0.16), (0.94, 0.80), (0.82, 0.84), (0.71, 0.46), (0.71, 0.92),
        (0.29, 0.92), (0.29, 0.46), (0.18, 0.84), (0.06, 0.80), (0.26, 0.16),
    ),
    "hoodie": (
        (0.40, 0.04), (0.60, 0.04), (0.68, 0.14), (0.66, 0.24), (0.80, 0.28), (0.96, 0.70), (0.82, 0.78), (0.76, 0.56),
        (0.76, 0.86), (0.24, 0.86), (0.24, 0.56), (0.18, 0.78), (0.04, 0.70), (0.20, 0.28), (0.34, 0.24), (0.32, 0.14),
    ),
    "tank": (
        (0.34, 0.10), (0.41, 0.10), (0.43, 0.28), (0.57, 0.28), (0.59, 0.10), (0.66, 0.10), (0.67, 0.36), (0.74, 0.44),
        (0.74, 0.90), (0.26, 0.90), (0.26, 0.44), (0.33, 0.36),
    ),
}  # fmt: skip
BOTTOMS: dict[str, Outline] = {
    "trousers": (
        (0.32, 0.06), (0.68, 0.06), (0.71, 0.94), (0.56, 0.94), (0.50, 0.34), (0.44, 0.94), (0.29, 0.94),
    ),
    "jeans": (
        (0.34, 0.08), (0.66, 0.08), (0.68, 0.52), (0.82, 0.92), (0.57, 0.92), (0.50, 0.36), (0.43, 0.92), (0.18, 0.92),
        (0.32, 0.52),
    ),
    "skirt": ((0.36, 0.16), (0.64, 0.16), (0.86, 0.78), (0.14, 0.78)),
    "shorts": (
        (0.30, 0.22), (0.70, 0.22), (0.80, 0.70), (0.57, 0.74), (0.50, 0.48), (0.43, 0.74), (0.20, 0.70),
    ),
}  # fmt: skip

HUES = ("red", "orange", "yellow", "lime", "green", "mint", "cyan", "azure", "blue", "violet", "magenta", "pink")
"""The colour circle in twelve steps."""
NEUTRALS: dict[str, tuple[float, float, float]] = {
    "black": (0.13, 0.13, 0.15), "grey": (0.55, 0.55, 0.57), "beige": (0.85, 0.76, 0.62), "white": (0.96, 0.96, 0.95),
}  # fmt: skip
PATTERNS = ("plain", "striped", "checked")

SCALE, AWAY, VALUE, GRAIN = 0.08, 2.0, 0.10, 0.015
"""How far garments differ: in size, in place (pixels), in lightness, and the noise of each pixel."""

_FINE, _TIMES = 192, 2
"""Cells to a side of a silhouette's table, and sub-pixels to a side of a pixel."""
_EDGE, _BAND = 2, 7.0
"""The outline's thickness in those cells; bands of a pattern to a side."""


def _wheel() -> list[tuple[float, float, float]]:
    """Full colours around the circle, a little darker than pure."""
    found = []
    for number in range(len(HUES)):
        up = [max(0.0, min(1.0, abs((number / 2 + shift) % 6 - 3) - 1)) for shift in (0, 4, 2)]
        found.append((0.10 + 0.80 * up[0], 0.10 + 0.72 * up[1], 0.12 + 0.78 * up[2]))
    return found


INKS: Floats = np.array([*_wheel(), *NEUTRALS.values()], np.float32)
"""The twelve hues, then the neutral colours: `(16, 3)`."""
COLOURS = (*HUES, *NEUTRALS)


def draw(outline: Whole, colour: Whole, pattern: Whole, kind: dict[str, Outline], chance: np.random.Generator | None) -> Bytes:
    """Draw garments, `(n,)` each -> `(n, 48, 48, 3)`; with chance, no two alike, without, as in a catalogue."""
    parts = [
        _drawn(outline[at : at + 256], colour[at : at + 256], pattern[at : at + 256], kind, chance)
        for at in range(0, len(outline), 256)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, SIDE, SIDE, 3), np.uint8)


def _drawn(outline: Whole, colour: Whole, pattern: Whole, kind: dict[str, Outline], chance: np.random.Generator | None) -> Bytes:
    count = len(outline)
    size, across, down, light = (_strays(far, count, chance) for far in (SCALE, AWAY / SIDE, AWAY / SIDE, VALUE))
    middles = (np.arange(SIDE * _TIMES, dtype=np.float32) + 0.5) / (SIDE * _TIMES)
    u, v = (0.5 + (middles[None] - 0.5 - away[:, None]) / (1 + size[:, None]) for away in (across, down))
    column, row = ((place * _FINE).astype(np.int64) for place in (u, v))
    is_in = ((column >= 0) & (column < _FINE))[:, None, :] & ((row >= 0) & (row < _FINE))[:, :, None]
    tables = np.stack([_table(points) for points in kind.values()])
    inside = tables[outline[:, None, None], row.clip(0, _FINE - 1)[:, :, None], column.clip(0, _FINE - 1)[:, None, :]] * is_in
    bands, checks = (np.floor(_BAND * v) % 2)[:, :, None], (np.floor(_BAND * u) % 2)[:, None, :]
    woven = np.select([pattern[:, None, None] == 1, pattern[:, None, None] == 2], [bands + 0 * checks, (bands + checks) % 2], 0.0)
    ink = np.clip(INKS[colour] * (1 + light[:, None]), 0, 1)
    paper = np.ones(3, np.float32)
    second = np.where(ink.mean(-1, keepdims=True) < 0.72, 0.35 * ink + 0.65 * paper, 0.6 * ink)
    cloth = np.where(woven[..., None] > 0, second[:, None, None], ink[:, None, None])
    cloth = np.where((inside == 1)[..., None], 0.55 * ink[:, None, None], cloth)
    fine = np.where((inside > 0)[..., None], cloth, paper)
    whole = fine.reshape(count, SIDE, _TIMES, SIDE, _TIMES, 3).mean((2, 4), dtype=np.float32)
    if chance is not None:
        whole = whole + GRAIN * chance.standard_normal(whole.shape, np.float32)
    pixels: Bytes = (np.clip(whole, 0, 1) * 255).round().astype(np.uint8)
    return pixels


def _strays(far: float, count: int, chance: np.random.Generator | None) -> Floats:
    strays = np.zeros(count) if chance is None else chance.uniform(-far, far, count)
    return strays.astype(np.float32)


@cache
def _table(points: Outline) -> Bytes:
    """0 outside, 1 on the outline, 2 inside: `(192, 192)`."""
    middles = (np.arange(_FINE) + 0.5) / _FINE
    inside = np.zeros((_FINE, _FINE), bool)
    for (x, y), (to_x, to_y) in zip(points, (*points[1:], points[0]), strict=True):
        if y == to_y:
            continue
        crossed = (middles >= min(y, to_y)) & (middles < max(y, to_y))
        where = x + (middles - y) * (to_x - x) / (to_y - y)
        inside ^= crossed[:, None] & (middles[None, :] > where[:, None])
    core = inside.copy()
    for axis in (0, 1):
        for shift in range(1, _EDGE + 1):
            core &= np.roll(inside, shift, axis) & np.roll(inside, -shift, axis)
    return inside.astype(np.uint8) + core
