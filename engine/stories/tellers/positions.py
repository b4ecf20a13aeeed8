"""Where rooms and shapes lie, and what fits into what: tasks 4, 17, 18 and 19.

Things are put on a grid, or in order, first; sentences are read off it, so that no story contradicts itself.
"""

from random import Random

from engine.stories.tellers.base import ASKED, ROOMS, Page, Telling, names
from engine.stories.text import Question, Story

COMPASS = {"north": (0, 1), "east": (1, 0), "south": (0, -1), "west": (-1, 0)}
"""A is north of B: A lies one step (across, up) from B."""

OPPOSITE = {"north": "south", "east": "west", "south": "north", "west": "east"}

SIDES = {"above": (0, 1), "to the right of": (1, 0), "below": (0, -1), "to the left of": (-1, 0)}
SHAPES = ("red square", "blue square", "pink rectangle", "triangle", "red sphere", "yellow square")
SHAPE_QUESTIONS = 8

BOXES = ("container", "chest", "box", "suitcase")
SWEETS = ("chocolate", "box of chocolates")
"""Smaller than everything else, in this order."""

OPENING = 5
"""How many comparisons task 18 tells at least ..."""

ONE_MORE = 0.54
"""... and how likely another one follows each time."""

Place = tuple[int, int]


def _beside(place: Place, step: Place) -> Place:
    return place[0] + step[0], place[1] + step[1]


def _say_direction(random: Random, one: str, direction: str, other: str) -> str:
    """That one room is, say, north of the other: so, or the other way round."""
    if random.random() < 0.5:
        return f"The {one} is {direction} of the {other}"
    return f"The {other} is {OPPOSITE[direction]} of the {one}"


def _row(random: Random) -> Story:
    """Three rooms in a row; what is asked is always on one side of the middle one, where only one room is a step away."""
    first, middle, last = random.sample(ROOMS, 3)
    direction = random.choice(list(COMPASS))
    facts = {first: _say_direction(random, first, direction, middle), last: _say_direction(random, middle, direction, last)}
    page = Page()
    line = {end: page.tell(facts[end]) for end in random.sample((first, last), 2)}
    wanted = random.choice((first, last))
    towards = direction if wanted == first else OPPOSITE[direction]
    forms = f"What is {towards} of the {middle}?", f"What is the {middle} {OPPOSITE[towards]} of?"
    page.lines.append(Question(random.choice(forms), wanted, (line[wanted],)))
    return Story(tuple(page.lines))


# ---- task 17: shapes ------------------------------------------------------------------------------------------------------


def _shapes(random: Random) -> Story:
    """Two shapes beside a third; asked is how the two lie to each other: true if so by the two steps, however far."""
    one, middle, other = random.sample(SHAPES, 3)
    step = random.choice(list(SIDES.values()))
    steps = [side for side in SIDES.values() if side != step]  # not on the same place as the first
    place = {middle: (0, 0), one: step, other: random.choice(steps)}
    page = Page()
    line = {shape: page.tell(_say_side(random, shape, middle, place)) for shape in random.sample((one, other), 2)}
    for _ in range(SHAPE_QUESTIONS):
        wanted = random.random() < 0.5
        fit = [(a, b, side) for a, b in ((one, other), (other, one)) for side in SIDES if _lies(place, a, b, side) == wanted]
        a, b, side = random.choice(fit)
        page.lines.append(Question(f"Is the {a} {side} the {b}?", "yes" if wanted else "no", (line[a], line[b])))
    return Story(tuple(page.lines))


def _say_side(random: Random, shape: str, middle: str, place: dict[str, Place]) -> str:
    one, other = random.sample((shape, middle), 2)
    side = next(side for side in SIDES if _lies(place, one, other, side))
    return f"The {one} is {side} the {other}"


def _lies(place: dict[str, Place], one: str, other: str, side: str) -> bool:
    across, up = place[one][0] - place[other][0], place[one][1] - place[other][1]
    return across * SIDES[side][0] + up * SIDES[side][1] > 0


# ---- task 18: sizes -------------------------------------------------------------------------------------------------------


def _sizes(random: Random) -> Story:
    """Comparisons of six things, and questions about two that only a third one connects."""
    things = [*SWEETS, *random.sample(BOXES, len(BOXES))]
    page, line = _comparisons(random, things)
    while not _two_steps(things, line):
        page, line = _comparisons(random, things)
    known = _two_steps(things, line)
    for _ in range(ASKED):
        big, middle, small = random.choice(known)
        wanted, fits = random.random() < 0.5, random.random() < 0.5
        one, other = (big, small) if wanted != fits else (small, big)
        text = f"Does the {one} fit in the {other}?" if fits else f"Is the {one} bigger than the {other}?"
        supports = line[big, middle], line[middle, small]
        page.lines.append(Question(text, "yes" if wanted else "no", supports if one == big else supports[::-1]))
    return Story(tuple(page.lines))


def _comparisons(random: Random, things: list[str]) -> tuple[Page, dict[tuple[str, str], int]]:
    """True comparisons, and which line says last that the first of two is bigger than the second."""
    page = Page()
    line: dict[tuple[str, str], int] = {}
    while len(page.lines) < OPENING or random.random() < ONE_MORE:
        small, big = sorted(random.sample(things, 2), key=things.index)
        told = f"The {small} fits inside the {big}" if random.random() < 0.5 else f"The {big} is bigger than the {small}"
        line[big, small] = page.tell(told)
    return page, line


def _two_steps(things: list[str], line: dict[tuple[str, str], int]) -> list[tuple[str, str, str]]:
    """Big, middle and small, where a line compares big and middle, one middle and small, and none big and small."""
    return [
        (big, middle, small)
        for big in things
        for middle in things
        for small in things
        if (big, middle) in line and (middle, small) in line and (big, small) not in line
    ]


# ---- task 19: paths -------------------------------------------------------------------------------------------------------


def _paths(random: Random) -> Story:
    """Six rooms on a grid, joined one to the next; the way asked for has two steps, and no other way is as short."""
    rooms = random.sample(ROOMS, len(ROOMS))
    first = random.choice(list(COMPASS))
    second = random.choice([way for way in COMPASS if way != OPPOSITE[first]])
    start, middle, goal = rooms[:3]
    at = {start: (0, 0), middle: COMPASS[first], goal: _beside(COMPASS[first], COMPASS[second])}
    corner = COMPASS[second]
    facts = [(start, middle, _say_direction(random, middle, first, start))]
    facts += [(middle, goal, _say_direction(random, goal, second, middle))]
    for room in rooms[3:]:
        free = [
            (known, way)
            for known, place in at.items()
            for way, step in COMPASS.items()
            if _beside(place, step) not in at.values() and _beside(place, step) != corner
        ]
        known, way = random.choice(free)
        at[room] = _beside(at[known], COMPASS[way])
        facts.append((known, room, _say_direction(random, room, way, known)))
    random.shuffle(facts)
    page = Page()
    line = {(one, other): page.tell(text) for one, other, text in facts}
    answer = f"{first[0]},{second[0]}"
    supports = line[start, middle], line[middle, goal]
    page.lines.append(Question(f"How do you go from the {start} to the {goal}?", answer, supports))
    return Story(tuple(page.lines))


_WAYS = frozenset(f"{first[0]},{second[0]}" for first in COMPASS for second in COMPASS if second != OPPOSITE[first])
_ROOMS = names(ROOMS, tuple(COMPASS)) | {"the", "is", "of"}

TELLINGS = {
    4: Telling("relations of two", _row, 7, _ROOMS | {"what"}),
    17: Telling(
        "positions",
        _shapes,
        11,
        frozenset(word for phrase in (*SHAPES, *SIDES) for word in phrase.split()) | {"is", "yes", "no"},
    ),
    18: Telling(
        "sizes",
        _sizes,
        9,
        frozenset(word for phrase in (*BOXES, *SWEETS) for word in phrase.split())
        | {"the", "fits", "inside", "is", "bigger", "than", "does", "fit", "in", "yes", "no"},
    ),
    19: Telling("paths", _paths, 10, _ROOMS | _WAYS | {"how", "do", "you", "go", "from", "to"}),
}
