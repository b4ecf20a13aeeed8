"""What a table of one story and several readers shows: its facts, its groups, and how wide things are."""

from dataclasses import dataclass
from typing import NamedTuple

from app.plots.colours import Scale
from app.plots.heatmap import Array


class Room(NamedTuple):
    """How wide things are: a cell, the gap between groups, the narrowest group, and at least the text of a fact."""

    cell: float
    gap: float
    group: float
    fact: float


ROOMY, TIGHT = Room(44.0, 20.0, 124.0, 230.0), Room(29.0, 12.0, 87.0, 128.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A row: the number of its line, its text, and whether the right answer rests on it."""

    number: int
    text: str
    is_needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Group:
    """What one reader takes of the facts: `values (facts, columns)`, NaN where it takes nothing; `gone`: rows it has dropped."""

    title: str
    says: str = ""
    """What the numbers are."""
    columns: tuple[str, ...] = ()
    values: Array
    low: float = 0.0
    high: float = 1.0
    scale: Scale = "ramp"
    is_choice: bool = False
    gone: frozenset[int] = frozenset()
    answer: str = ""
    sure: str = ""
    is_right: bool | None = None
    found: tuple[str, ...] = ()
    message: str = ""
    """Why there are no columns, or not yet."""
