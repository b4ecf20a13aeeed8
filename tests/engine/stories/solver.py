"""A second reader of stories, to check the teller: it has only the sentences, and shares no code with the generator.

Every answer comes with the numbers of the lines that it was concluded from.
"""

from collections.abc import Container

from solver_people import People
from solver_places import Places
from solver_sentences import read
from solver_traits import Traits

from engine.stories.text import Line, Question

Solved = tuple[str, frozenset[int]]


class Reader:
    """Hears a story line by line and answers from what it has heard so far; None where that is not enough."""

    def __init__(self) -> None:
        self._experts = (People(), Traits(), Places())

    def hear(self, number: int, text: str) -> None:
        """Take in one statement. ValueError if it is no sentence of the published kind."""
        kind, words = read(text)
        understood = [expert.hear(number, kind, words) for expert in self._experts]
        if not any(understood):
            raise ValueError(f"{text!r} is no statement")

    def answer(self, text: str) -> Solved | None:
        """The answer to a question. ValueError if it is no question of the published kind."""
        kind, words = read(text)
        for expert in self._experts:
            if kind in expert.questions:
                return expert.answer(kind, words)
        raise ValueError(f"{text!r} is no question")


def solve(lines: tuple[Line, ...], asked: int, only: Container[int] | None = None, without: int = 0) -> Solved | None:
    """The answer to the question in line `asked`, from the statements before it: all, `only` some, or all `without` one."""
    reader = Reader()
    for number, line in enumerate(lines[: asked - 1], 1):
        if not isinstance(line, Question) and number != without and (only is None or number in only):
            reader.hear(number, line.text)
    return reader.answer(lines[asked - 1].text)


def solve_all(lines: tuple[Line, ...]) -> list[tuple[Question, Solved | None]]:
    """Every question of a story with the answer, in one reading."""
    reader = Reader()
    answers = []
    for number, line in enumerate(lines, 1):
        if isinstance(line, Question):
            answers.append((line, reader.answer(line.text)))
        else:
            reader.hear(number, line.text)
    return answers
