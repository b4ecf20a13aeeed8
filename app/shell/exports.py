"""What the window needs of the exports, whose libraries are loaded with the first one."""

from collections.abc import Callable
from typing import Protocol

ChoosePlace = Callable[[str, str], tuple[str, str]]
"""Asks where to save, given a name and the kinds of file; gives the place and the chosen kind, both empty if nowhere."""


class Exports(Protocol):
    """Writes what is shown. `choose_place` may be replaced: a test has no one to click."""

    choose_place: ChoosePlace

    def export(self, what: str) -> None:
        """Export the pane, stage, trace, data, animation or script; "cancel" gives up the animation."""
