"""Our own generator of the twenty bAbI tasks: small worlds that tell stories and ask about them.

Every file of `tellers` tells the tasks of one kind of world. One seed decides everything.
"""

from collections.abc import Callable, Iterator
from random import Random

from engine.stories.tellers import kinds, positions, things, whereabouts
from engine.stories.tellers.base import Telling
from engine.stories.text import Question, Story

_UNSORTED: dict[int, Telling] = {**things.TELLINGS, **positions.TELLINGS, **whereabouts.TELLINGS, **kinds.TELLINGS}
_TELLINGS = dict(sorted(_UNSORTED.items()))

TELLERS: dict[int, Callable[[Random], Story]] = {task: telling.tell for task, telling in _TELLINGS.items()}
"""What can be generated: task number -> who tells one story of it."""

TITLES: dict[int, str] = {task: telling.title for task, telling in _TELLINGS.items()}
"""Task number -> what the task is about, in a few words."""

LONGEST: dict[int, int] = {task: telling.longest for task, telling in _TELLINGS.items()}
"""How many words the longest sentence of each task has."""


def vocabulary(task: int) -> set[str]:
    """Every word that a story of the task may contain, answers included; an answer of several words is one whole."""
    return set(_TELLINGS[task].words)


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
