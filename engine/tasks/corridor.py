"""Corridor: a colour is shown once, then a long corridor of walls passes by, and at its end the colour must be said.

A stand-in of ours for the corridor of Fan, Lavril, Grave, Joulin & Sukhbaatar, "Addressing Some Limitations of Transformers with
Feedback Memory" (2020), which they walk through by reinforcement learning. Its bound is exact: n layers that each look back over
a window of tau steps of their own layer reach no further back than n times tau.
"""

from collections.abc import Sequence
from pathlib import Path

import torch

from engine.contract.cards import Setting, Settings, TaskCard
from engine.contract.trace import Phase
from engine.tasks.base import BadInputError, TaskEntry
from engine.tasks.sequence import check_range, draw_between, refuse_data
from engine.tasks.words import Told, WordTask, metrics, tape_channels

COLOURS = ("red", "blue", "green", "gold", "grey", "pink")
WALLS = ("\\", "/")
ASK = "?"

LONGEST = 500


class Corridor:
    """The rules with their settings in place. The size of an episode is how many walls it has."""

    def __init__(self, settings: Settings) -> None:
        self._colours, self._length = int(settings["colours"]), int(settings["length"])
        self._shortest, self._longest = int(settings["min_length"]), int(settings["max_length"])
        check_range(self._length, self._shortest, self._longest, ("min_length", "max_length"))

    @property
    def answers(self) -> tuple[str, ...]:
        """The colours."""
        return COLOURS[: self._colours]

    @property
    def words(self) -> tuple[str, ...]:
        """The colours, two sorts of walls that mean nothing, and the question."""
        return (*self.answers, *WALLS, ASK)

    @property
    def largest(self) -> int:
        """The most walls drawn."""
        return self._length or self._longest

    def draw_size(self, chance: torch.Generator) -> int:
        """How many walls."""
        return draw_between(self._length, self._shortest, self._longest, chance)

    def draw(self, size: int, count: int, chance: torch.Generator) -> list[Told]:
        """Every colour as likely as another, and either wall."""
        colours = torch.randint(self._colours, (count,), generator=chance).tolist()
        walls = torch.randint(len(WALLS), (count, size), generator=chance).tolist()
        return [_told(COLOURS[colour], [WALLS[wall] for wall in passed]) for colour, passed in zip(colours, walls, strict=True)]

    def read(self, own: str) -> Told:
        """A colour, walls and the question, or a colour and how many walls: "red / \\ / ?" or "red 3"."""
        match own.lower().split():
            case (colour, number) if number.isascii() and number.isdigit() and len(number) < 5:
                walls = [WALLS[place % 2] for place in range(int(number))]
            case (colour, *walls, "?"):
                pass
            case _:
                colour, walls = "", []
        if colour not in self.answers or not set(walls) <= set(WALLS) or not 1 <= len(walls) <= LONGEST:
            there = f"a colour ({', '.join(self.answers)}) and 1 to {LONGEST} walls are needed"
            raise BadInputError(f"{own.strip()[:24]}: {there}, such as red 12")
        return _told(colour, walls)

    def phases(self, words: Sequence[str]) -> tuple[Phase, ...]:
        """The colour, the corridor, the question."""
        last = len(words) - 1
        return (
            Phase(name="colour", first=0, last=0),
            Phase(name="corridor", first=1, last=last - 1),
            Phase(name="which?", first=last, last=last),
        )


def _told(colour: str, walls: Sequence[str]) -> Told:
    return Told((colour, *walls, ASK), {len(walls) + 1: colour})


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> WordTask:
    """The task. BadInputError if a folder of data is given: it draws its own."""
    refuse_data("corridor", data)
    return WordTask("corridor", Corridor(settings))


ENTRY = TaskEntry(
    card=TaskCard(
        id="corridor",
        name="Corridor",
        form="sequence",
        idea="A colour is shown at the entrance of a corridor; walls pass by; at the end the colour must be said. What looks "
        "back over a short window cannot see the entrance from there, unless its memory hands the colour on from step to step.",
        settings=(
            Setting(name="length", default=0, low=0, high=LONGEST, title="Length",
                    says="How many walls the corridor has; 0 draws it between the shortest and the longest."),
            Setting(name="min_length", default=1, low=1, high=LONGEST, title="Shortest", says="The fewest walls drawn."),
            Setting(name="max_length", default=16, low=1, high=LONGEST, title="Longest", says="The most walls drawn."),
            Setting(name="colours", default=4, low=2, high=len(COLOURS), title="Colours", says="How many colours there are."),
        ),
        channels=tape_channels("What passes by: the colour, walls that mean nothing, and the question.", "colour"),
        metrics=metrics("colour", 4),
        own_input="words",
        loss_unit="bits per colour",
    ),
    build=build,
)  # fmt: skip
