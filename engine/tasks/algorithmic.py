"""Algorithmic: follow a small program word by word, and say each value that it prints.

Fan, Lavril, Grave, Joulin & Sukhbaatar, "Addressing Some Limitations of Transformers with Feedback Memory" (2020), section 4.1.
"""

import random
from collections.abc import Sequence
from pathlib import Path

import torch

from engine.contract.cards import Setting, Settings, TaskCard
from engine.contract.trace import Phase
from engine.tasks import programs
from engine.tasks.base import BadInputError, TaskEntry
from engine.tasks.sequence import check_range, draw_between, refuse_data
from engine.tasks.words import Told, WordTask, metrics, tape_channels

MOST_STATEMENTS = 200


class Algorithmic:
    """The rules with their settings in place. The size of an episode is how many statements it has."""

    answers = programs.VALUES

    def __init__(self, settings: Settings) -> None:
        self._variables, self._statements = int(settings["variables"]), int(settings["statements"])
        self._prints = float(settings["print_share"])
        self._fewest, self._most = int(settings["min_statements"]), int(settings["max_statements"])
        if self._statements == 1:
            raise BadInputError("statements: 1 is too few; a program needs a value and a print, so 2, or 0 to draw it")
        check_range(self._statements, self._fewest, self._most, ("min_statements", "max_statements"))

    @property
    def words(self) -> tuple[str, ...]:
        """Signs, values, and the names of the variables."""
        return (*programs.SIGNS, *programs.VALUES, *programs.VARIABLES[: self._variables])

    @property
    def largest(self) -> int:
        """The most statements drawn."""
        return self._statements or self._most

    def draw_size(self, chance: torch.Generator) -> int:
        """How many statements."""
        return draw_between(self._statements, self._fewest, self._most, chance)

    def draw(self, size: int, count: int, chance: torch.Generator) -> list[Told]:
        """Each program from a seed of its own."""
        seeds = torch.randint(2**62, (count,), generator=chance).tolist()
        return [_told(programs.draw(size, self._variables, random.Random(seed), self._prints)) for seed in seeds]

    def read(self, own: str) -> Told:
        """The user's own program, such as "x = 4 ; x + ; ? x ;"."""
        try:
            told = _told(program := programs.read(own, self._variables))
        except programs.BadProgramError as error:
            raise BadInputError(str(error)) from None
        if len(program) > MOST_STATEMENTS:
            raise BadInputError(f"{len(program)} statements are too many; at most {MOST_STATEMENTS} can be followed")
        if not told.answers:
            raise BadInputError("the program prints nothing; end it with a print, such as ? x ;")
        return told

    def phases(self, words: Sequence[str]) -> tuple[Phase, ...]:
        """Each statement, named as it is written."""
        found, begin = [], 0
        for step, word in enumerate(words):
            if word == ";":
                found.append(Phase(name=" ".join(words[begin:step]), first=begin, last=step))
                begin = step + 1
        return tuple(found)


def _told(program: Sequence[programs.Statement]) -> Told:
    """A value counts at the last word of the statement that prints it."""
    words: list[str] = []
    answers: dict[int, str] = {}
    for statement, value in zip(program, programs.outcome(program), strict=True):
        words += statement
        if value is not None:
            answers[len(words) - 1] = str(value)
    return Told(words, answers)


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> WordTask:
    """The task. BadInputError if a folder of data is given: it draws its own."""
    refuse_data("algorithmic", data)
    return WordTask("algorithmic", Algorithmic(settings))


ENTRY = TaskEntry(
    card=TaskCard(
        id="algorithmic",
        name="Algorithmic",
        form="sequence",
        idea="A small program passes by, word by word: variables get values, go one up (+) or one down (-), at times only on a "
        "condition. Wherever it prints a variable (? x), the network must say its value, so it must keep track of all of them.",
        settings=(
            Setting(name="statements", default=0, low=0, high=MOST_STATEMENTS, title="Statements",
                    says="How many statements a program has, the last one a print; 0 draws it between the fewest and the most."),
            Setting(name="min_statements", default=2, low=2, high=MOST_STATEMENTS, title="Fewest",
                    says="The fewest statements drawn."),
            Setting(name="max_statements", default=12, low=2, high=MOST_STATEMENTS, title="Most",
                    says="The most statements drawn."),
            Setting(name="variables", default=2, low=1, high=programs.MOST_VARIABLES, title="Variables",
                    says="How many variables a program may use."),
            Setting(name="print_share", default=0.2, low=0.05, high=0.9, title="Prints",
                    says="The share of statements that print: the more, the sooner each step up or down is asked for, and the "
                    "quicker the task is learnt. A fifth is the published task."),
        ),
        channels=tape_channels("The words of the program: + and - step a variable up or down, ? prints it.", "value"),
        metrics=metrics("value", len(programs.VALUES)),
        own_input="words",
        loss_unit="bits per value",
    ),
    build=build,
)  # fmt: skip
