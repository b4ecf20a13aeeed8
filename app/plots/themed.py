"""Whatever draws in a palette's colours and can be told of another one."""

from typing import Protocol, runtime_checkable

from app.plots.colours import Palette


@runtime_checkable
class Themed(Protocol):
    """A plot that can be drawn in another theme's colours."""

    def set_palette(self, palette: Palette) -> None:
        """Draw in these colours from now on."""
