"""What hops are called where they are passes, lookups or choices: by the names of the model's stages."""

import re

from engine.contract.cards import MicroStep

_NUMBERED = re.compile(r"(.*?)\s*\b[0-9]+")


def hop_name(stages: tuple[MicroStep, ...], hop: int) -> str:
    """ "pass 2": the name of the stage that this hop belongs to; beyond the last one that has a stage, counted on from it."""
    named = [stage for stage in stages if stage.part is not None]
    found = next((stage.name for stage in named if stage.part == hop), "")
    return found or f"{_word(named)} {hop + 1}"


def hops_word(stages: tuple[MicroStep, ...]) -> str:
    """ "hop", "pass" or "lookup": what one of them is called."""
    return _word([stage for stage in stages if stage.part is not None])


def _word(named: list[MicroStep]) -> str:
    """The first one's name without its number."""
    found = _NUMBERED.match(named[0].name) if named else None
    return (found[1] if found else "") or "hop"
