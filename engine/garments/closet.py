"""All garments of a wardrobe with their pictures, and where pairs of them come from: drawn by our rules, or read from a folder.

Shapes: T tops, C bottoms, S side of a picture, n pairs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
import torch
from torch import Tensor

from engine.garments.drawing import HUES, SIDE, Bytes, Floats, Whole
from engine.garments.rules import (
    BOTTOM_COUNT,
    MODES,
    TOP_COUNT,
    alike,
    bottom_names,
    bottom_parts,
    draw_bottoms,
    draw_pairs,
    draw_tops,
    modes_of,
    top_names,
)

Pairs = tuple[Whole, Whole, Bytes, Bytes]
"""Numbers of tops and bottoms, `(n,)`, and a picture of each, `(n, S, S, 3)`."""

Draw = Callable[[str, int, int], Pairs]
"""Pairs for a purpose ("training", "held out", "test", or the name of a phase), how many, and by which seed."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Closet:
    """`category (C,)` and `colour (C,)` number the sorts of bottoms; `mode (T, C)`: by which mode a top goes with a bottom, -1 if
    it does not; `alike (3, C, C)` as in `engine.garments.rules.alike`."""

    side: int
    top_names: tuple[str, ...]
    bottom_names: tuple[str, ...]
    mode_names: tuple[str, ...]
    phase_names: tuple[str, ...]
    tops: Bytes
    bottoms: Bytes
    category: Whole
    colour: Whole
    mode: Whole
    likeness: Floats
    draw: Draw
    size: int
    """Pairs in the training set."""

    @cached_property
    def training(self) -> Pairs:
        """The training set."""
        return self.draw("training", self.size, 0)

    def stream(self, length: int, seed: int) -> list[tuple[str, Pairs]]:
        """A stream of so many pairs, phase after phase."""
        count = len(self.phase_names)
        ends = [round(length * (number + 1) / count) for number in range(count)]
        lengths = [end - start for start, end in zip([0, *ends], ends, strict=False)]
        return [(name, self.draw(name, many, seed + 1)) for name, many in zip(self.phase_names, lengths, strict=True) if many]

    @cached_property
    def top_pictures(self) -> Tensor:
        """Each top as in a catalogue, `(T, S, S, 3)` from 0 to 1."""
        return torch.from_numpy(self.tops).float() / 255

    @cached_property
    def bottom_pictures(self) -> Tensor:
        """Each bottom as in a catalogue, `(C, S, S, 3)` from 0 to 1."""
        return torch.from_numpy(self.bottoms).float() / 255

    @cached_property
    def alike(self) -> Tensor:
        """`(3, C, C)`."""
        return torch.from_numpy(self.likeness)

    def modes_of(self, top: Tensor) -> Tensor:
        """By which mode each of these tops `(B,)` goes with each bottom, -1 if it does not: `(B, C)`."""
        found = torch.from_numpy(self.mode)[top.clamp(min=0)]
        return torch.where(top[:, None] >= 0, found, -1)


KNOWN, NEW = "hues of the training", "new hues"


def drawn_closet(number: int, pairs: int, new_hues: int) -> Closet:
    """The wardrobe that we draw; tops of the last `new_hues` hues are met in the second phase of a stream only."""
    known = len(HUES) - new_hues
    ranges = {NEW: (known, len(HUES))}

    def draw(purpose: str, count: int, seed: int) -> Pairs:
        chance = np.random.default_rng((crc32(purpose.encode()), number, seed))
        tops, bottoms = draw_pairs(count, ranges.get(purpose, (0, known)), np.ones(len(MODES), np.float32), chance)
        return tops, bottoms, draw_tops(tops, chance), draw_bottoms(bottoms, chance)

    shape, colour, _ = bottom_parts(np.arange(BOTTOM_COUNT))
    return Closet(
        side=SIDE,
        top_names=top_names(),
        bottom_names=bottom_names(),
        mode_names=MODES,
        phase_names=(KNOWN, NEW) if new_hues else (KNOWN,),
        tops=draw_tops(np.arange(TOP_COUNT)),
        bottoms=draw_bottoms(np.arange(BOTTOM_COUNT)),
        category=shape,
        colour=np.minimum(colour, len(HUES)),
        mode=modes_of(),
        likeness=alike(),
        draw=draw,
        size=pairs,
    )
