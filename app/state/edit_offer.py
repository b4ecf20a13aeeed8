"""What can be done to a selection, what a reader answers, and what is said where it cannot be done."""

from dataclasses import dataclass
from typing import Literal

from engine.contract.edits import Act

Wish = Act | Literal["clear", "present"]
"""What a reader can ask for: an act on what is selected, that a memory that grows be empty, or that another sample come."""


class CannotEditError(ValueError):
    """What was wished cannot be done; the message is one sentence that says why and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditOffer:
    """One thing that can be done to the selection. `asks`: it needs a value or a slot first; `hint` is a good first answer."""

    act: Wish
    title: str
    says: str
    asks: str = ""
    hint: str = ""
    reach: float = 0.0
    """Where the answer may be drawn: how many metres it is from the middle of the field to its edge; 0: it may not."""
    lines: tuple[tuple[tuple[float, float], ...], ...] = ()
    """What lies there already, in the field's metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the form of an act was filled in with."""

    text: str = ""
    onwards: bool = False
    """To the end of the episode, instead of at this step only."""
