"""What a demonstration is: an idea of the tutorial, what stands on the stage with it, and what was measured, as plain data."""

from dataclasses import dataclass, field
from typing import Literal

from engine.contract.cards import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One curve: measured points, or a formula drawn beside them. NaN leaves a gap."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    kind: Literal["measured", "formula"] = "measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Curves on common axes; `notes` are upright lines with a few words at places of the x axis."""

    title: str
    caption: str
    """One sentence: what is drawn, and of what."""
    x: str
    y: str
    series: tuple[Series, ...]
    unit: str = ""
    is_log_x: bool = False
    is_log_y: bool = False
    notes: tuple[tuple[float, str], ...] = ()


Cell = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headers. `opens` names for each row the place whose weights it is about; empty where a row opens nothing."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    opens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found, in one sentence with its numbers; `holds`: whether that is what the idea claims, None if it cannot tell."""

    sentence: str
    holds: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """What was measured for an idea, so far or in full."""

    idea: str
    findings: tuple[Finding, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    formulas: tuple[str, ...] = ()
    how: str = ""
    """How it was measured: how many episodes, which lengths, which seed."""
    absent: tuple[str, ...] = ()
    """Exhibits that are not here, so that nothing is said of them."""
    seconds: float = 0.0
    is_complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What the stage shows with an idea: one exhibit, or two beside each other, on the same episode."""

    a: str
    b: str = ""
    seed: int = 0
    settings: Settings = field(default_factory=dict)
    panes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """One statement of the tutorial, with what the reader should look at. Without a preset its figures take the stage's place."""

    id: str
    title: str
    """In a few words, for the list."""
    claim: str
    """The statement, in one sentence."""
    says: str
    """What is done to show it, in plain words."""
    look: str
    """What to look at."""
    preset: Preset | None = None
