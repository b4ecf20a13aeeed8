"""People who go from room to room, and get, drop and give things: tasks 1, 2, 3, 5, 6, 7 and 8.

What really happens is kept apart from what a reader knows; only what a reader can derive is ever asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import permutations
from random import Random

from engine.stories.tellers.base import ACTORS, MOVES, MOVING, OBJECTS, ROOMS, Page, Telling, ask_in_between, names
from engine.stories.text import Question, Story, words_of

GIVERS = ("Fred", "Jeff", "Bill", "Mary")
GETS = ("took", "got", "grabbed", "picked up")
DROPS = ("dropped", "discarded", "left", "put down")
GIVES = ("gave", "handed", "passed")
COUNTS = ("none", "one", "two", "three")

RECENT_WAY = 12
"""An object's way into a room within the last so many statements is asked about."""

LATEST_ROOM = 0.8
"""How often task 3 asks about the room that the object came to last; else about the one before, just as often, and so on."""


@dataclass(frozen=True, slots=True)
class _Manner:
    """How one task is told: what can be done, how often the verb of getting or dropping is followed by "there", and how often a
    chance to ask is taken."""

    actors: tuple[str, ...] = ACTORS
    verbs: tuple[str, ...] = ("move", "get", "drop")
    get_there: float = 1.0
    drop_there: float = 0.2
    asks: float = 1.0


@dataclass(frozen=True, slots=True)
class _Carried:
    """An object's way into a room, as a reader can follow it: the lines of the carrier's get and of the two moves."""

    room: str
    before: str
    supports: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Gift:
    """Who gave what to whom, and the line that says so."""

    giver: str
    thing: str
    taker: str
    line: int


@dataclass(slots=True)
class _World(Page):
    """What is, and what a reader knows of it."""

    random: Random = field(kw_only=True)
    manner: _Manner = field(kw_only=True)
    room: dict[str, str] = field(kw_only=True)
    place: dict[str, str] = field(kw_only=True)
    holder: dict[str, str] = field(default_factory=dict)
    """Who holds each object that is held, in the order in which they were taken."""
    moved: dict[str, int] = field(default_factory=dict)
    """The line of each actor's last move: from then on a reader knows the room."""
    handled: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    """Each object's last get or drop: the actor, its line, and the line of the move that fixed the room (0: none did)."""
    ways: dict[str, list[_Carried]] = field(default_factory=dict)
    gifts: list[_Gift] = field(default_factory=list)
    touched: dict[str, list[int]] = field(default_factory=dict)
    """The lines in which each actor gets, drops, gives or is given something."""

    @classmethod
    def fresh(cls, random: Random, manner: _Manner) -> "_World":
        """Everybody and everything somewhere; a reader knows nothing yet."""
        room = {actor: random.choice(ROOMS) for actor in manner.actors}
        return cls(random=random, manner=manner, room=room, place={thing: random.choice(ROOMS) for thing in OBJECTS})

    def held_by(self, actor: str) -> list[str]:
        """What the actor holds, in the order taken."""
        return [thing for thing, holder in self.holder.items() if holder == actor]

    def act(self) -> None:
        """One thing happens: whichever is drawn and can be."""
        done = False
        while not done:
            actor, verb = self.random.choice(self.manner.actors), self.random.choice(self.manner.verbs)
            done = {"move": self.move, "get": self._get, "drop": self._drop, "give": self._give}[verb](actor)

    def move(self, actor: str) -> bool:
        """The actor goes to another room, with what it holds."""
        old, known = self.room[actor], self.moved.get(actor, 0)
        new = self.random.choice([room for room in ROOMS if room != old])
        for thing in self.held_by(actor) if known else ():
            supports = self.handled[thing][1], self.next_line, known
            self.ways.setdefault(thing, []).append(_Carried(new, old, supports))
        self.room[actor], self.moved[actor] = new, self.next_line
        self.tell(f"{actor} {self.random.choice(MOVES)} the {new}")
        return True

    def _get(self, actor: str) -> bool:
        """The actor takes a free object of its room; False if there is none."""
        free = [o for o in OBJECTS if o not in self.holder and self.place[o] == self.room[actor]]
        if free:
            self._handle(actor, self.random.choice(free), self.random.choice(GETS), self.manner.get_there)
        return bool(free)

    def _drop(self, actor: str) -> bool:
        """The actor puts down an object that it holds; False if it holds none."""
        held = [o for o in OBJECTS if self.holder.get(o) == actor]
        if held:
            self._handle(actor, self.random.choice(held), self.random.choice(DROPS), self.manner.drop_there)
        return bool(held)

    def _handle(self, actor: str, thing: str, verb: str, there: float) -> None:
        self.handled[thing] = actor, self.next_line, self.moved.get(actor, 0)
        if verb in GETS:
            self.holder[thing] = actor
        else:
            del self.holder[thing]
            self.place[thing] = self.room[actor]
        self.touched.setdefault(actor, []).append(self.next_line)
        self.tell(f"{actor} {verb} the {thing}" + (" there" if self.random.random() < there else ""))

    def _give(self, giver: str) -> bool:
        """The actor gives an object that it holds to somebody in its room; False if there is no object or nobody."""
        takers = [actor for actor in self.manner.actors if actor != giver and self.room[actor] == self.room[giver]]
        held = self.held_by(giver)
        if not takers or not held:
            return False
        gift = _Gift(giver, self.random.choice(held), self.random.choice(takers), self.next_line)
        del self.holder[gift.thing]  # so that it is the last that the taker took
        self.holder[gift.thing] = gift.taker
        self.gifts.append(gift)
        for actor in (giver, gift.taker):
            self.touched.setdefault(actor, []).append(gift.line)
        self.tell(f"{giver} {self.random.choice(GIVES)} the {gift.thing} to {gift.taker}")
        return True

    # ---- what may be asked --------------------------------------------------------------------------------------------

    def anyone(self) -> str | None:
        """An actor who moved a short while ago."""
        recent = self.recent()
        known = [actor for actor in self.manner.actors if self.moved.get(actor) in recent]
        return self.random.choice(known) if known else None

    def anyone_busy(self) -> str | None:
        """An actor who got, dropped, gave or was given something."""
        known = [actor for actor in self.manner.actors if actor in self.touched]
        return self.random.choice(known) if known else None

    def anything(self) -> str | None:
        """An object that was got or dropped a short while ago."""
        recent = self.recent()
        known = [thing for thing in OBJECTS if thing in self.handled and self.handled[thing][1] in recent]
        return self.random.choice(known) if known else None


def _ask_actor(world: _World) -> Question | None:
    actor = world.anyone()
    return Question(f"Where is {actor}?", world.room[actor], (world.moved[actor],)) if actor else None


def _ask_object(world: _World) -> Question | None:
    thing = world.anything()
    if thing is None:
        return None
    actor, line, fixed = world.handled[thing]
    held = world.holder.get(thing) == actor
    move = world.moved.get(actor, 0) if held else fixed
    return Question(f"Where is the {thing}?", world.room[actor] if held else world.place[thing], (line, move)) if move else None


def _ask_before(world: _World) -> Question | None:
    thing = world.anything()
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
    actor = world.anyone()
    if actor is None:
        return None
    there = world.room[actor]
    asked = there if world.random.random() < 0.5 else world.random.choice([room for room in ROOMS if room != there])
    return Question(f"Is {actor} in the {asked}?", "yes" if asked == there else "no", (world.moved[actor],))


def _ask_gift(world: _World) -> Question | None:
    """About a gift of a short while ago; where the question fits several, the last of them is meant."""
    recent = world.recent()
    gifts = [gift for gift in world.gifts if gift.line in recent]
    if not gifts:
        return None
    of = world.random.choice(gifts)
    form = world.random.choice(("who gave", "who gave to", "who received", "to whom", "what"))
    last = next(gift for gift in reversed(world.gifts) if _fits(form, gift, of))
    text, answer = {
        "who gave": (f"Who gave the {of.thing}?", last.giver),
        "who gave to": (f"Who gave the {of.thing} to {of.taker}?", last.giver),
        "who received": (f"Who received the {of.thing}?", last.taker),
        "to whom": (f"Who did {of.giver} give the {of.thing} to?", last.taker),
        "what": (f"What did {of.giver} give to {of.taker}?", last.thing),
    }[form]
    return Question(text, answer, (last.line,))


def _fits(form: str, gift: _Gift, of: _Gift) -> bool:
    """Whether a question of this form about one gift may as well mean another."""
    same_thing, same_giver, same_taker = gift.thing == of.thing, gift.giver == of.giver, gift.taker == of.taker
    return {
        "who gave": same_thing,
        "who gave to": same_thing and same_taker,
        "who received": same_thing,
        "to whom": same_thing and same_giver,
        "what": same_giver and same_taker,
    }[form]


def _ask_count(world: _World) -> Question | None:
    actor = world.anyone_busy()
    if actor is None:
        return None
    return Question(f"How many objects is {actor} carrying?", COUNTS[len(world.held_by(actor))], tuple(world.touched[actor]))


def _ask_list(world: _World) -> Question | None:
    actor = world.anyone_busy()
    if actor is None:
        return None
    return Question(f"What is {actor} carrying?", ",".join(world.held_by(actor)) or "nothing", tuple(world.touched[actor]))


def _moving(random: Random) -> Story:
    world = _World.fresh(random, _Manner(verbs=("move",)))

    def act() -> None:
        world.move(random.choice(ACTORS))

    return ask_in_between(random, world, act, lambda: _ask_actor(world))


def _with_objects(manner: _Manner, ask: Callable[[_World], Question | None]) -> Callable[[Random], Story]:
    def tell(random: Random) -> Story:
        world = _World.fresh(random, manner)
        return ask_in_between(random, world, world.act, lambda: ask(world), manner.asks)

    return tell


_ALL = ("move", "get", "drop", "give", "give", "give", "give")
"""Giving is seldom possible, but done often where it is."""

_HANDLING = frozenset(word for phrase in (*GETS, *DROPS) for word in words_of(phrase)) | {"there"}
_GIVING = frozenset((*GIVES, "to"))
_THINGS = names(ACTORS, ROOMS, OBJECTS) | MOVING | _HANDLING
_LISTS = frozenset(",".join(things) for count in (1, 2, 3) for things in permutations(OBJECTS, count))
"""What somebody may carry: every list of the objects in every order is an answer of its own."""

TELLINGS = {
    1: Telling("one supporting fact", _moving, 6, names(ACTORS, ROOMS) | MOVING | {"where", "is"}),
    2: Telling("two supporting facts", _with_objects(_Manner(asks=0.85), _ask_object), 6, _THINGS | {"where", "is"}),
    3: Telling(
        "three supporting facts",
        _with_objects(_Manner(get_there=0.2, asks=0.5), _ask_before),
        7,
        _THINGS | {"where", "was", "before"},
    ),
    5: Telling(
        "relations of three",
        _with_objects(_Manner(actors=GIVERS, verbs=_ALL), _ask_gift),
        7,
        names(GIVERS, ROOMS, OBJECTS) | MOVING | _HANDLING | _GIVING | {"who", "what", "did", "give", "received"},
    ),
    6: Telling("yes or no", _with_objects(_Manner(), _ask_whether), 6, _THINGS | {"is", "in", "yes", "no"}),
    7: Telling(
        "counting",
        _with_objects(_Manner(verbs=_ALL), _ask_count),
        6,
        _THINGS | _GIVING | {"how", "many", "objects", "is", "carrying", *COUNTS},
    ),
    8: Telling("lists", _with_objects(_Manner(), _ask_list), 6, _THINGS | _LISTS | {"what", "is", "carrying", "nothing"}),
}
