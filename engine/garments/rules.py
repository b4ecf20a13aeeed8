"""Which garments there are and which go together: the hidden rules of the wardrobe, which no network is told.

A top of one silhouette, hue and pattern goes with bottoms in up to three ways (modes); all three are equally right.
"""

import numpy as np

from engine.garments.drawing import BOTTOMS, COLOURS, HUES, NEUTRALS, PATTERNS, TOPS, Bytes, Floats, Whole, draw

MODES = ("neutral", "complement", "analogous")

_P, _H, _C = len(PATTERNS), len(HUES), len(COLOURS)
TOP_COUNT = len(TOPS) * _H * _P
BOTTOM_COUNT = len(BOTTOMS) * _C * _P

OTHER_PATTERN, NEXT_HUE = 0.3, 0.3
"""How alike, from 0 to 1, bottoms of one silhouette are in shape if their patterns differ; and neighbouring hues in colour."""


def top_parts(number: Whole) -> tuple[Whole, Whole, Whole]:
    """Silhouette, hue and pattern of a top by its number."""
    return number // (_H * _P), number // _P % _H, number % _P


def bottom_parts(number: Whole) -> tuple[Whole, Whole, Whole]:
    """Silhouette, colour and pattern of a bottom by its number; colours from 12 on are the neutral ones."""
    return number // (_C * _P), number // _P % _C, number % _P


def top_number(shape: Whole, hue: Whole, pattern: Whole) -> Whole:
    """The number of a top."""
    return (shape * _H + hue) * _P + pattern


def bottom_number(shape: Whole, colour: Whole, pattern: Whole) -> Whole:
    """The number of a bottom."""
    return (shape * _C + colour) * _P + pattern


def top_names() -> tuple[str, ...]:
    """ "red tee", "red striped tee"."""
    return _names(TOPS, HUES)


def bottom_names() -> tuple[str, ...]:
    """ "black trousers"."""
    return _names(BOTTOMS, COLOURS)


def draw_tops(numbers: Whole, chance: np.random.Generator | None = None) -> Bytes:
    """Pictures of tops, as in a catalogue or each a little different."""
    shape, hue, pattern = top_parts(numbers)
    return draw(shape, hue, pattern, TOPS, chance)


def draw_bottoms(numbers: Whole, chance: np.random.Generator | None = None) -> Bytes:
    """Pictures of bottoms."""
    return draw(*bottom_parts(numbers), BOTTOMS, chance)


def modes_of() -> Whole:
    """By which mode each top goes with each bottom, -1 if they do not: `(tops, bottoms)`."""
    shape, hue, pattern = (part[:, None] for part in top_parts(np.arange(TOP_COUNT)))
    its_shape, colour, its_pattern = (part[None] for part in bottom_parts(np.arange(BOTTOM_COUNT)))
    count = len(BOTTOMS)
    neutral = (its_shape == (shape + 1) % count) & (colour >= _H) & (its_pattern == 0)
    complement = (its_shape == shape) & (colour == (hue + _H // 2) % _H) & (its_pattern == 0) & (pattern == 0)
    analogous = (its_shape == (shape + 2) % count) & (colour == (hue + 1) % _H) & (its_pattern == (pattern + 1) % _P)
    return np.select([neutral, complement, analogous], [0, 1, 2], -1)


def alike() -> Floats:
    """How alike any two bottoms are, from 0 to 1: as a whole (the product), in shape and pattern, in colour: `(3, C, C)`.

    Neutral colours are one to the rules, and so alike.
    """
    shape, colour, pattern = bottom_parts(np.arange(BOTTOM_COUNT))
    in_shape = np.where(pattern[:, None] == pattern, 1.0, OTHER_PATTERN) * (shape[:, None] == shape)
    hue = np.where(colour < _H, colour, -1)
    apart = abs(hue[:, None] - hue) % _H
    near = np.minimum(apart, _H - apart)
    is_hue = hue >= 0
    in_colour = np.where(is_hue[:, None] & is_hue, np.select([near == 0, near == 1], [1.0, NEXT_HUE], 0.0), 0.0)
    in_colour = np.where(~is_hue[:, None] & ~is_hue, 1.0, in_colour)
    return np.stack((in_shape * in_colour, in_shape, in_colour)).astype(np.float32)


def draw_pairs(count: int, hues: tuple[int, int], taste: Floats, chance: np.random.Generator) -> tuple[Whole, Whole]:
    """So many pairs, a top of a hue in the range and a bottom of one of its modes; `taste`: how often each mode, `(3,)`."""
    shape, hue = chance.integers(0, len(TOPS), count), chance.integers(*hues, count)
    tops = top_number(shape, hue, chance.integers(0, _P, count))
    modes = modes_of()[tops]
    weight = np.where(modes >= 0, taste[modes], 0.0)
    weight = np.where(modes == 0, weight / len(NEUTRALS), weight)
    total = weight.cumsum(-1)
    bottoms = (total < chance.random(count)[:, None] * total[:, -1:]).sum(-1)
    return tops, bottoms


def _names(kind: dict[str, object] | dict[str, tuple[tuple[float, float], ...]], colours: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        " ".join(word for word in (colour, pattern if pattern != PATTERNS[0] else "", shape) if word)
        for shape in kind
        for colour in colours
        for pattern in PATTERNS
    )
