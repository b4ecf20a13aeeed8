"""Where somebody is: denied or left open, tasks 9 and 10; of he, she and they and of two at once, 11 to 13; and when, task 14."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from engine.stories.tellers.base import ACTORS, ASKED, MOVES, MOVING, ROOMS, Page, Telling, ask_in_between, names
from engine.stories.text import Question, Story

OTHERS = ("Fred", "Julie", "Bill", "Mary")
PLACES = ("school", "park", "cinema", "office", "kitchen", "bedroom")
THEN = ("then", "after that", "afterwards", "following that")
PRONOUN = {"Mary": "she", "Sandra": "she", "John": "he", "Daniel": "he"}
TIMES = ("yesterday", "this morning", "this afternoon", "this evening")

DENIED = 0.26
"""The share of statements that say where somebody is not, so that about 62 % of the answers are no ..."""

DOUBTED = 1 / 3
"""... and of those that leave two places open; of questions about these ..."""

MAYBE = 0.7
"""... so many name one of the two."""


@dataclass(slots=True)
class _People(Page):
    """Who is where, and what was said of it last."""

    random: Random = field(kw_only=True)
    rooms: tuple[str, ...] = ROOMS
    room: dict[str, str] = field(kw_only=True)
    said: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """The lines that a reader needs to know where somebody is."""

    @classmethod
    def fresh(cls, random: Random, actors: tuple[str, ...], rooms: tuple[str, ...]) -> "_People":
        """Everybody somewhere; a reader knows nothing yet."""
        return cls(random=random, rooms=rooms, room={actor: random.choice(rooms) for actor in actors})

    def other_room(self, *actors: str) -> str:
        """A room in which none of these is."""
        return self.random.choice([room for room in self.rooms if room not in [self.room[actor] for actor in actors]])

    def go(self, *actors: str, as_who: str, needs: tuple[int, ...] = ()) -> int:
        """These go to another room, called `as_who`; the line that says so, which is understood with the lines `needs`."""
        room, line = self.other_room(*actors), self.next_line
        for actor in actors:
            self.room[actor], self.said[actor] = room, (*needs, line)
        return self.tell(f"{as_who} {self.random.choice(MOVES)} the {room}")

    def anyone(self) -> str | None:
        """Somebody of whom something was said a short while ago."""
        recent = self.recent()
        known = [actor for actor in self.room if actor in self.said and self.said[actor][-1] in recent]
        return self.random.choice(known) if known else None

    def ask_where(self) -> Question | None:
        """Where somebody is."""
        actor = self.anyone()
        return Question(f"Where is {actor}?", self.room[actor], self.said[actor]) if actor else None


def _deny(people: _People, actor: str) -> tuple[str, ...]:
    """Say where the actor is not; that room."""
    denied = people.random.choice(people.rooms)
    people.room[actor] = people.room[actor] if people.room[actor] != denied else people.other_room(actor)
    people.tell(f"{actor} is {people.random.choice(('not', 'no longer'))} in the {denied}")
    return (denied,)


def _leave_open(people: _People, actor: str) -> tuple[str, ...]:
    """Say that the actor is in one of two rooms; those."""
    one, other = people.random.sample(people.rooms, 2)
    people.room[actor] = one
    people.tell(f"{actor} is either in the {one} or the {other}")
    return one, other


@dataclass(slots=True)
class _Doubtful:
    """People of whom a `share` of the statements leaves open where they are."""

    people: _People
    share: float
    say_less: Callable[[_People, str], tuple[str, ...]]
    """Says what is known of somebody; the one room where it is not, or the two of which one is right."""
    open: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What was said so of somebody last; nothing where the room is known."""

    def act(self) -> None:
        """Something is said of somebody."""
        people, random = self.people, self.people.random
        actor = random.choice(list(people.room))
        if random.random() < self.share:
            people.said[actor] = (people.next_line,)
            self.open[actor] = self.say_less(people, actor)
        elif random.random() < 2 / 3:
            people.go(actor, as_who=actor)
            self.open.pop(actor, None)
        else:
            people.room[actor], people.said[actor] = people.other_room(actor), (people.next_line,)
            people.tell(f"{actor} is in the {people.room[actor]}")
            self.open.pop(actor, None)

    def ask(self) -> Question | None:
        """Whether somebody is in a room: only what the last statement about it decides."""
        actor, random = self.people.anyone(), self.people.random
        if actor is None:
            return None
        there, rooms = self.people.room[actor], self.people.rooms
        match self.open.get(actor, ()):
            case (denied,):
                asked, answer = denied, "no"
            case (one, other) if random.random() < MAYBE:
                asked, answer = random.choice((one, other)), "maybe"
            case (one, other):
                asked, answer = random.choice([room for room in rooms if room not in (one, other)]), "no"
            case _ if random.random() < 0.5:
                asked, answer = there, "yes"
            case _:
                asked, answer = random.choice([room for room in rooms if room != there]), "no"
        return Question(f"Is {actor} in the {asked}?", answer, self.people.said[actor])


def _denied(random: Random) -> Story:
    world = _Doubtful(_People.fresh(random, ACTORS, ROOMS), DENIED, _deny)
    return ask_in_between(random, world.people, world.act, world.ask)


def _left_open(random: Random) -> Story:
    world = _Doubtful(_People.fresh(random, OTHERS, PLACES), DOUBTED, _leave_open)
    return ask_in_between(random, world.people, world.act, world.ask)


def _then(random: Random) -> str:
    return random.choice(THEN).capitalize()


def _one_then_pronoun(people: _People) -> None:
    actor = people.random.choice(ACTORS)
    line = people.go(actor, as_who=actor)
    people.go(actor, as_who=f"{_then(people.random)} {PRONOUN[actor]}", needs=(line,))


def _pair(people: _People) -> None:
    one, other = people.random.sample(ACTORS, 2)
    people.go(one, other, as_who=f"{one} and {other}")


def _pair_then_they(people: _People) -> None:
    one, other = people.random.sample(ACTORS, 2)
    line = people.go(one, other, as_who=f"{one} and {other}")
    people.go(one, other, as_who=f"{_then(people.random)} they", needs=(line,))


def _in_twos(act: Callable[[_People], None], acts: int) -> Callable[[Random], Story]:
    """Five questions, each after so many acts."""

    def tell(random: Random) -> Story:
        people = _People.fresh(random, ACTORS, ROOMS)
        for _ in range(ASKED):
            for _ in range(acts):
                act(people)
            question = people.ask_where()
            assert question is not None, "somebody has just gone somewhere"
            people.lines.append(question)
        return Story(tuple(people.lines))

    return tell


# ---- task 14: at what time ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Diary(Page):
    """Where everybody went at each time of two days, told in any order."""

    random: Random = field(kw_only=True)
    went: dict[str, list[str]] = field(kw_only=True)
    left: list[tuple[str, int]] = field(kw_only=True)
    told: dict[tuple[str, int], int] = field(default_factory=dict)
    """The line that says where somebody went at a time."""

    @classmethod
    def fresh(cls, random: Random) -> "_Diary":
        """Everybody goes to another place each time; nothing is told yet."""
        went: dict[str, list[str]] = {}
        for actor in OTHERS:
            places = [random.choice(PLACES)]
            while len(places) < len(TIMES):
                places.append(random.choice([place for place in PLACES if place != places[-1]]))
            went[actor] = places
        left = [(actor, time) for actor in OTHERS for time in range(len(TIMES))]
        random.shuffle(left)
        return cls(random=random, went=went, left=left)

    def act(self) -> None:
        """Tell of one more time of somebody's."""
        actor, time = self.left.pop()
        move = f"{actor} {self.random.choice(MOVES)} the {self.went[actor][time]}"
        first = self.random.random() < 0.5
        line = self.tell(f"{TIMES[time].capitalize()} {move}" if first else f"{move} {TIMES[time]}")
        self.told[actor, time] = line

    def ask(self) -> Question | None:
        """Where somebody was before a place that was told of it only once."""
        steps = []
        for actor, places in self.went.items():
            known = [time for time in range(len(TIMES)) if (actor, time) in self.told]
            visited = [places[time] for time in known]
            steps += [
                (actor, before, after)
                for before, after in zip(known, known[1:], strict=False)
                if visited.count(places[after]) == 1
            ]
        if not steps:
            return None
        actor, before, after = self.random.choice(steps)
        supports = self.told[actor, after], self.told[actor, before]
        return Question(f"Where was {actor} before the {self.went[actor][after]}?", self.went[actor][before], supports)


def _diary(random: Random) -> Story:
    while True:
        diary = _Diary.fresh(random)
        while diary.left and sum(isinstance(line, Question) for line in diary.lines) < ASKED:
            diary.act()
            diary.act()
            question = diary.ask()
            if question is not None:
                diary.lines.append(question)
        if sum(isinstance(line, Question) for line in diary.lines) == ASKED:
            return Story(tuple(diary.lines))


_LATER = frozenset({"then", "after", "that", "afterwards", "following"})
_GOING = names(ACTORS, ROOMS) | MOVING | {"where", "is"}
_WHETHER = MOVING | {"is", "in", "yes", "no"}

TELLINGS = {
    9: Telling("negation", _denied, 7, names(ACTORS, ROOMS) | _WHETHER | {"not", "longer"}),
    10: Telling("uncertain places", _left_open, 9, names(OTHERS, PLACES) | _WHETHER | {"either", "or", "maybe"}),
    11: Telling("he and she", _in_twos(_one_then_pronoun, 1), 8, _GOING | _LATER | {"he", "she"}),
    12: Telling("two at once", _in_twos(_pair, 2), 8, _GOING | {"and"}),
    13: Telling("they", _in_twos(_pair_then_they, 1), 8, _GOING | _LATER | {"and", "they"}),
    14: Telling(
        "time",
        _diary,
        8,
        names(OTHERS, PLACES) | MOVING | {"yesterday", "this", "morning", "afternoon", "evening", "where", "was", "before"},
    ),
}
