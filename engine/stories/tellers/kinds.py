"""What follows from what somebody is or feels: deduction, induction and motives, tasks 15, 16 and 20."""

from random import Random

from engine.stories.tellers.base import MOVES, MOVING, Page, Telling, names
from engine.stories.tellers.things import GETS
from engine.stories.text import Question, Statement, Story

NAMED = ("Gertrude", "Winona", "Emily", "Jessica")
SPECIES = {"mouse": "mice", "sheep": "sheep", "wolf": "wolves", "cat": "cats"}

OWNERS = ("Lily", "Bernhard", "Greg", "Julius", "Brian")
ANIMALS = ("swan", "lion", "frog", "rhino")
COLOURS = ("gray", "white", "yellow", "green")
ODD = 0.1
"""How often an animal has another colour than its species has in this story."""

WANTING = ("Sumit", "Jason", "Antoine", "Yann")
MOTIVES = {
    "tired": ("bedroom", "pajamas"),
    "bored": ("garden", "football"),
    "thirsty": ("kitchen", "milk"),
    "hungry": ("kitchen", "apple"),
}
"""Where each feeling leads, and what is taken there."""


def _deduction(random: Random) -> Story:
    kind = {name: random.choice(list(SPECIES)) for name in NAMED}
    fears = {species: random.choice([other for other in SPECIES if other != species]) for species in SPECIES}
    told = [(f"{name} is a {species}.", name) for name, species in kind.items()]
    told += [(f"{SPECIES[one].capitalize()} are afraid of {SPECIES[other]}.", one) for one, other in fears.items()]
    random.shuffle(told)
    line = {of: number for number, (_, of) in enumerate(told, 1)}
    asked = [random.choice(NAMED) for _ in range(4)]
    questions = [Question(f"What is {n.lower()} afraid of?", fears[kind[n]], (line[n], line[kind[n]])) for n in asked]
    return Story((*(Statement(text) for text, _ in told), *questions))


def _induction(random: Random) -> Story:
    """One animal's colour is not told: it is that of the animal of its kind that is named last, as in the published files."""
    kind = {name: random.choice(ANIMALS) for name in OWNERS}
    alike = [name for name in OWNERS if list(kind.values()).count(kind[name]) > 1]  # five animals of four kinds: two at least
    asked = random.choice(alike)
    usual = {animal: random.choice(COLOURS) for animal in ANIMALS}
    told = [name for name in OWNERS for _ in range(1 if name == asked else 2)]
    random.shuffle(told)
    page, is_a, coloured, colour = Page(), {}, {}, {}
    for name in told:
        if name not in is_a:
            is_a[name] = page.tell(f"{name} is a {kind[name]}")
        else:
            colour[name] = random.choice(COLOURS) if random.random() < ODD else usual[kind[name]]
            coloured[name] = page.tell(f"{name} is {colour[name]}")
    last = max((name for name in OWNERS if name != asked and kind[name] == kind[asked]), key=lambda name: is_a[name])
    page.lines.append(Question(f"What color is {asked}?", colour[last], (is_a[asked], is_a[last], coloured[last])))
    return Story(tuple(page.lines))


def _motives(random: Random) -> Story:
    """Everybody feels something, goes where that leads and takes what is there, if nobody has it yet; each is asked about."""
    feeling = {name: random.choice(list(MOTIVES)) for name in WANTING}
    felt: dict[str, int] = {}
    gone: set[str] = set()
    taken: set[str] = set()
    busy, page = list(WANTING), Page()
    while busy:
        name = random.choice(busy)
        who, (room, thing) = name.lower(), MOTIVES[feeling[name]]
        if name not in felt:
            felt[name] = page.tell(f"{name} is {feeling[name]}")
            question = Question(f"Where will {who} go?", room, (felt[name],))
        elif name not in gone:
            gone.add(name)
            page.tell(f"{name} {random.choice(MOVES)} the {room}")
            question = Question(f"Why did {who} go to the {room}?", feeling[name], (felt[name],))
        else:
            taken.add(thing)
            busy.remove(name)
            page.tell(f"{name} {random.choice(GETS)} the {thing} there")
            question = Question(f"Why did {who} get the {thing}?", feeling[name], (felt[name],))
        page.lines.append(question)
        busy = [other for other in busy if other not in gone or MOTIVES[feeling[other]][1] not in taken]
    return Story(tuple(page.lines))


TELLINGS = {
    15: Telling(
        "deduction",
        _deduction,
        5,
        names(NAMED, tuple(SPECIES), tuple(SPECIES.values())) | {"is", "a", "are", "afraid", "of", "what"},
    ),
    16: Telling("induction", _induction, 4, names(OWNERS, ANIMALS, COLOURS) | {"is", "a", "what", "color"}),
    20: Telling(
        "motives",
        _motives,
        7,
        names(WANTING, tuple(MOTIVES), *MOTIVES.values())
        | MOVING
        | {"took", "got", "grabbed", "picked", "up", "there", "is", "where", "will", "go", "why", "did", "get"},
    ),
}
