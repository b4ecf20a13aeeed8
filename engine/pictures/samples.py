"""Questions about pictures whose answers are rare on purpose: every kind of thing has a name that must be learnt by heart.

Which names there are, which kind bears which, and how often each kind is met depends on the number of the world alone.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from zlib import crc32

import numpy as np

from engine.pictures.drawing import CELLS, COLOURS, KINDS, SHAPES, Bytes, Whole, colour_of, draw, shape_of

MOST, FEWEST = 4, 2
"""Things in a picture."""

PLACES = tuple(f"{row} {column}" for row, column in product(("top", "middle", "bottom"), ("left", "centre", "right")))
ASKED = ("name", "colour", "shape", "count")
SHARES = (0.4, 0.2, 0.2, 0.2)
"""What is asked, and how often."""

TEMPLATES = ("name at {}", "colour at {}", "shape at {}", "number of {} things")
WORDS = tuple(dict.fromkeys(" ".join((*TEMPLATES, *PLACES, *COLOURS)).replace("{}", "").split()))
LONGEST = max(len(template.format("top left").split()) for template in TEMPLATES)

NUMBERS = tuple(str(number) for number in range(MOST + 1))
CONSONANTS, VOWELS = "bdfgklmnprstvz", "aeiou"


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """`n` pictures with a question each: `pictures (n, 48, 48, 3)` bytes, `question (n, J)` words counted from 1 and 0 for none,
    `answer (n,)`, `asked (n,)` which of ASKED, `place (n,)` the cell asked about or -1."""

    pictures: Bytes
    question: Whole
    answer: Whole
    asked: Whole
    place: Whole

    def __len__(self) -> int:
        return len(self.answer)

    def texts(self) -> tuple[str, ...]:
        """Each question in words."""
        return tuple(" ".join(WORDS[word - 1] for word in row if word) + "?" for row in self.question)


class World:
    """Names and frequencies: `skew` 0 makes all kinds equally frequent in training, more makes few frequent and many rare."""

    def __init__(self, number: int, skew: float) -> None:
        self.number = number
        chance = self._chance("world")
        self.names = _invent(chance)
        ranks = chance.permutation(KINDS) + 1
        weights = 1.0 / ranks**skew
        self.frequency = weights / weights.sum()

    @cached_property
    def answers(self) -> tuple[str, ...]:
        """Every possible answer: the name of each kind, then colours, shapes and numbers."""
        return (*self.names, *COLOURS, *SHAPES, *NUMBERS)

    def draw(self, count: int, purpose: str, seed: int = 0, skewed: bool = True) -> Samples:
        """So many samples; things as frequent as in training, or every kind as frequent as another."""
        chance = self._chance(purpose, seed)
        layout = self.layout(count, chance, skewed)
        asked = chance.choice(len(ASKED), count, p=SHARES)
        place = _some_cell(layout, chance)
        colour = _some_colour(layout, place, chance)
        return Samples(
            pictures=draw(layout, chance),
            question=_questions(asked, place, colour),
            answer=self._answers(layout, asked, place, colour),
            asked=asked,
            place=np.where(asked < ASKED.index("count"), place, -1),
        )

    def _chance(self, purpose: str, seed: int = 0) -> np.random.Generator:
        return np.random.default_rng((crc32(purpose.encode()), self.number, seed))

    def layout(self, count: int, chance: np.random.Generator, skewed: bool = False) -> Whole:
        """Two to four things in cells of their own, `(count, 9)`: the kind in each cell, -1 for nothing."""
        kinds = chance.choice(KINDS, (count, CELLS), p=self.frequency if skewed else None)
        order = chance.random((count, CELLS)).argsort(-1)
        return np.where(order < chance.integers(FEWEST, MOST + 1, count)[:, None], kinds, -1)

    def _answers(self, layout: Whole, asked: Whole, place: Whole, colour: Whole) -> Whole:
        """Counted along `answers`."""
        kind = layout[np.arange(len(layout)), place]
        counted = ((layout >= 0) & (colour_of(layout) == colour[:, None])).sum(-1)
        first_colour, first_shape, first_number = KINDS, KINDS + len(COLOURS), KINDS + len(COLOURS) + len(SHAPES)
        choices: list[Whole] = [kind, first_colour + colour_of(kind), first_shape + shape_of(kind), first_number + counted]
        chosen: Whole = np.array(choices, np.int64)[asked, np.arange(len(layout))]
        return chosen


def _some_cell(layout: Whole, chance: np.random.Generator) -> Whole:
    """A cell with a thing in it."""
    place: Whole = np.where(layout >= 0, chance.random(layout.shape), -1).argmax(-1)
    return place


def _some_colour(layout: Whole, place: Whole, chance: np.random.Generator) -> Whole:
    """To be counted: half of the time one that is there for certain, else any."""
    there = colour_of(layout[np.arange(len(layout)), place])
    return np.where(chance.random(len(layout)) < 0.5, there, chance.integers(0, len(COLOURS), len(layout)))


def _questions(asked: Whole, place: Whole, colour: Whole) -> Whole:
    """The words of each question, 0 after its end: `(n, LONGEST)`."""
    rows = {}
    for number, template in enumerate(TEMPLATES):
        for filled, words in enumerate(COLOURS if number == ASKED.index("count") else PLACES):
            said = [WORDS.index(word) + 1 for word in template.format(words).split()]
            rows[number, filled] = said + [0] * (LONGEST - len(said))
    filling = np.where(asked == ASKED.index("count"), colour, place)
    return np.array([rows[key] for key in zip(asked.tolist(), filling.tolist(), strict=True)], np.int64).reshape(-1, LONGEST)


def _invent(chance: np.random.Generator) -> tuple[str, ...]:
    """Two syllables for each kind of thing, no two alike."""
    syllables = [consonant + vowel for consonant in CONSONANTS for vowel in VOWELS]
    drawn = chance.permutation(len(syllables) ** 2)[:KINDS]
    return tuple(syllables[number // len(syllables)] + syllables[number % len(syllables)] for number in drawn)
