"""A small world that tells stories and asks about them: our own generator for the bAbI tasks 1, 2, 3, 6 and 15.

What really happens is kept apart from what a reader knows; only what a reader can derive is ever asked. One seed decides
everything.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from random import Random

from engine.stories.text import Line, Question, Statement, Story, words_of

ACTORS = ("Mary", "John", "Daniel", "Sandra")
ROOMS = ("bathroom", "bedroom", "kitchen", "office", "garden", "hallway")
OBJECTS = ("apple", "football", "milk")
MOVES = ("went to", "moved to", "journeyed to", "travelled to", "went back to")
GETS = ("took", "got", "grabbed", "picked up")
DROPS = ("dropped", "discarded", "left", "put down")
NAMED = ("Gertrude", "Winona", "Emily", "Jessica")
SPECIES = {"mouse": "mice", "sheep": "sheep", "wolf": "wolves", "cat": "cats"}

RECENT = 5
"""As in the published files, only what changed within the last so many statements is asked about ..."""

RECENT_WAY = 12
"""... and an object's way into a room within the last so many."""

LATEST_ROOM = 0.8
"""How often task 3 asks about the room that the object came to last; else about the one before, just as often, and so on."""


@dataclass(frozen=True, slots=True)
class _Manner:
    """How one task is told: how often the verb of getting or dropping is followed by "there", and a chance to ask is taken."""

    get_there: float = 1.0
    drop_there: float = 0.2
    asks: float = 1.0


@dataclass(frozen=True, slots=True)
class _Carried:
    """An object's way into a room, as a reader can follow it: the lines of the carrier's get and of the two moves."""

    room: str
    before: str
    supports: tuple[int, int, int]


@dataclass(slots=True)
class _World:
    """What is, and what a reader knows of it. Line numbers count from 1."""

    random: Random
    room: dict[str, str]
    place: dict[str, str]
    holder: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    moved: dict[str, int] = field(default_factory=dict)
    """The line of each actor's last move: from then on a reader knows the room."""
    handled: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    """Each object's last get or drop: the actor, its line, and the line of the move that fixed the room (0: none did)."""
    ways: dict[str, list[_Carried]] = field(default_factory=dict)

    @classmethod
    def fresh(cls, random: Random) -> "_World":
        """Everybody and everything somewhere; a reader knows nothing yet."""
        return cls(random, {a: random.choice(ROOMS) for a in ACTORS}, {o: random.choice(ROOMS) for o in OBJECTS})

    @property
    def next_line(self) -> int:
        """The number of the line that is told next."""
        return len(self.lines) + 1

    def recent(self, count: int = RECENT) -> list[int]:
        """The numbers of the newest statements."""
        newest = (number for number in range(len(self.lines), 0, -1) if isinstance(self.lines[number - 1], Statement))
        return list(islice(newest, count))

    def tell(self, text: str) -> None:
        """Add a statement."""
        self.lines.append(Statement(f"{text}."))

    def move(self, actor: str) -> None:
        """The actor goes to another room, with what it holds."""
        old, known = self.room[actor], self.moved.get(actor, 0)
        new = self.random.choice([room for room in ROOMS if room != old])
        for thing in (thing for thing, holder in self.holder.items() if holder == actor):
            if known:
                supports = self.handled[thing][1], self.next_line, known
                self.ways.setdefault(thing, []).append(_Carried(new, old, supports))
        self.room[actor], self.moved[actor] = new, self.next_line
        self.tell(f"{actor} {self.random.choice(MOVES)} the {new}")

    def get(self, actor: str, manner: _Manner) -> bool:
        """The actor takes a free object of its room; False if there is none."""
        free = [o for o in OBJECTS if o not in self.holder and self.place[o] == self.room[actor]]
        if free:
            self._handle(actor, self.random.choice(free), self.random.choice(GETS), manner.get_there)
        return bool(free)

    def drop(self, actor: str, manner: _Manner) -> bool:
        """The actor puts down an object that it holds; False if it holds none."""
        held = [o for o in OBJECTS if self.holder.get(o) == actor]
        if held:
            self._handle(actor, self.random.choice(held), self.random.choice(DROPS), manner.drop_there)
        return bool(held)

    def _handle(self, actor: str, thing: str, verb: str, there: float) -> None:
        self.handled[thing] = actor, self.next_line, self.moved.get(actor, 0)
        if verb in GETS:
            self.holder[thing] = actor
        else:
            del self.holder[thing]
            self.place[thing] = self.room[actor]
        self.tell(f"{actor} {verb} the {thing}" + (" there" if self.random.random() < there else ""))

    def act(self, manner: _Manner) -> None:
        """One thing happens: a move, a get or a drop, whichever is drawn and can be."""
        done = False
        while not done:
            actor, verb = self.random.choice(ACTORS), self.random.choice(("move", "get", "drop"))
            if verb == "move":
                self.move(actor)
            done = verb == "move" or (self.get(actor, manner) if verb == "get" else self.drop(actor, manner))


Ask = Callable[[_World], Question | None]
Act = Callable[[_World], None]


def _ask_actor(world: _World) -> Question | None:
    actor = _anyone(world)
    return Question(f"Where is {actor}?", world.room[actor], (world.moved[actor],)) if actor else None


def _anyone(world: _World) -> str | None:
    """An actor who moved a short while ago."""
    recent = world.recent()
    known = [actor for actor in ACTORS if world.moved.get(actor) in recent]
    return world.random.choice(known) if known else None


def _anything(world: _World) -> str | None:
    """An object that was got or dropped a short while ago."""
    recent = world.recent()
    known = [thing for thing in OBJECTS if thing in world.handled and world.handled[thing][1] in recent]
    return world.random.choice(known) if known else None


def _ask_object(world: _World) -> Question | None:
    thing = _anything(world)
    if thing is None:
        return None
    actor, line, fixed = world.handled[thing]
    held = world.holder.get(thing) == actor
    move = world.moved.get(actor, 0) if held else fixed
    return Question(f"Where is the {thing}?", world.room[actor] if held else world.place[thing], (line, move)) if move else None


def _ask_before(world: _World) -> Question | None:
    thing = _anything(world)
    recent = world.recent(RECENT_WAY)
    ways = [way for way in world.ways.get(thing or "", ()) if way.supports[1] in recent]
    if not ways:
        return None
    back = 1
    while back < len(ways) and world.random.random() > LATEST_ROOM:
        back += 1
    way = ways[-back]
    latest = next(later for later in reversed(ways) if later.room == way.room)  # of several visits the last one counts
    return Question(f"Where was the {thing} before the {latest.room}?", latest.before, latest.supports)


def _ask_whether(world: _World) -> Question | None:
    actor = _anyone(world)
    if actor is None:
        return None
    there = world.room[actor]
    asked = there if world.random.random() < 0.5 else world.random.choice([room for room in ROOMS if room != there])
    return Question(f"Is {actor} in the {asked}?", "yes" if asked == there else "no", (world.moved[actor],))


def _told(random: Random, act: Act, ask: Ask, asks: float) -> Story:
    """Five questions, each after an even number of statements."""
    world, asked = _World.fresh(random), 0
    while asked < 5:
        act(world)
        act(world)
        question = ask(world) if random.random() < asks else None
        if question is not None:
            world.lines.append(question)
            asked += 1
    return Story(tuple(world.lines))


def _one_fact(random: Random) -> Story:
    return _told(random, lambda world: world.move(world.random.choice(ACTORS)), _ask_actor, 1.0)


def _with_objects(manner: _Manner, ask: Ask) -> Callable[[Random], Story]:
    return lambda random: _told(random, lambda world: world.act(manner), ask, manner.asks)


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


TELLERS: dict[int, Callable[[Random], Story]] = {
    1: _one_fact,
    2: _with_objects(_Manner(asks=0.85), _ask_object),
    3: _with_objects(_Manner(get_there=0.2, asks=0.5), _ask_before),
    6: _with_objects(_Manner(), _ask_whether),
    15: _deduction,
}
"""What can be generated: task number -> who tells one story of it."""


def generate(task: int, questions: int, seed: int) -> list[Story]:
    """Stories of a task with exactly so many questions in all; the same seed gives the same stories on every machine."""
    random = Random(f"{task}:{seed}")
    stories: list[Story] = []
    missing = questions
    for story in _stories(task, random):
        if story.questions >= missing:
            break
        stories.append(story)
        missing -= story.questions
    return [*stories, _cut(story, missing)] if missing else stories


def _stories(task: int, random: Random) -> Iterator[Story]:
    while True:
        yield TELLERS[task](random)


def _cut(story: Story, questions: int) -> Story:
    """The story up to its so-many-th question."""
    ends = [number for number, line in enumerate(story.lines, 1) if isinstance(line, Question)]
    return Story(story.lines[: ends[questions - 1]])


LONGEST = {1: 6, 2: 6, 3: 7, 6: 6, 15: 5}
"""How many words the longest sentence of each task has."""


def vocabulary(task: int) -> set[str]:
    """Every word that a story of the task may contain, answers included."""
    verbs = {word for phrase in (*MOVES, *GETS, *DROPS) for word in words_of(phrase)}
    moves = {word for phrase in MOVES for word in words_of(phrase)}
    actors = {name.lower() for name in ACTORS}
    things = {*actors, *ROOMS, *OBJECTS, *verbs, "the", "there"}
    return {
        1: {*actors, *ROOMS, *moves, "the", "where", "is"},
        2: {*things, "where", "is"},
        3: {*things, "where", "was", "before"},
        6: {*things, "is", "in", "yes", "no"},
        15: {*(n.lower() for n in NAMED), *SPECIES, *SPECIES.values(), "is", "a", "are", "afraid", "of", "what"},
    }[task]
