"""What every teller shares: how a task is told, and the names and verbs of the published stories."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from random import Random

from engine.stories.text import Line, Question, Statement, Story, words_of

ACTORS = ("Mary", "John", "Daniel", "Sandra")
ROOMS = ("bathroom", "bedroom", "kitchen", "office", "garden", "hallway")
OBJECTS = ("apple", "football", "milk")
MOVES = ("went to", "moved to", "journeyed to", "travelled to", "went back to")

MOVING = frozenset(word for phrase in MOVES for word in words_of(phrase)) | {"the"}
"""The words of a sentence that tells a move, but for the names of who moves and where to."""

RECENT = 5
"""As in the published files, only what changed within the last so many statements is asked about."""

ASKED = 5
"""How many questions most stories ask."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How one task is told: its name, who tells a story of it, and what a story may contain."""

    title: str
    tell: Callable[[Random], Story]
    longest: int
    """How many words its longest sentence has."""
    words: frozenset[str]
    """Every word of its statements and questions, lower-cased, and every answer."""


@dataclass(slots=True)
class Page:
    """The lines told so far. They are numbered from 1."""

    lines: list[Line] = field(default_factory=list)

    @property
    def next_line(self) -> int:
        """The number of the line that is told next."""
        return len(self.lines) + 1

    def recent(self, count: int = RECENT) -> list[int]:
        """The numbers of the newest statements."""
        newest = (number for number in range(len(self.lines), 0, -1) if isinstance(self.lines[number - 1], Statement))
        return list(islice(newest, count))

    def tell(self, text: str) -> int:
        """Add a statement; its number."""
        self.lines.append(Statement(f"{text}."))
        return len(self.lines)


def ask_in_between(
    random: Random, page: Page, act: Callable[[], None], ask: Callable[[], Question | None], asks: float = 1.0
) -> Story:
    """Five questions, each after an even number of things told; a chance to ask is taken as often as `asks` says."""
    asked = 0
    while asked < ASKED:
        act()
        act()
        question = ask() if random.random() < asks else None
        if question is not None:
            page.lines.append(question)
            asked += 1
    return Story(tuple(page.lines))


def names(*groups: tuple[str, ...]) -> frozenset[str]:
    """Names as words: lower-cased."""
    return frozenset(name.lower() for group in groups for name in group)
