"""What is kept between launches: values only; where they are stored is not this file's business."""

from dataclasses import dataclass, field
from typing import Literal

from psygnal import Signal

Theme = Literal["system", "light", "dark", "contrast"]
Depth = Literal["plain", "technical", "formula"]


@dataclass(slots=True, kw_only=True)
class Kept:
    """The values, as they are stored."""

    format: int = 1
    theme: Theme = "system"
    scale: float = 1.0
    """Size of the interface's type, 0.8 to 2."""
    depth: Depth = "technical"
    left_open: bool = True
    inspector_open: bool = True
    tab: Literal["learn", "explore"] = "learn"
    geometry: str = ""
    """The window's own, as Qt writes it, in base64."""
    splitters: dict[str, list[int]] = field(default_factory=dict)
    layouts: dict[str, list[str]] = field(default_factory=dict)
    """Saved stages by name: the panes of each."""
    keys: dict[str, str] = field(default_factory=dict)
    """Shortcuts that the user changed, by command id."""
    lessons: dict[str, int] = field(default_factory=dict)
    """The page reached in each lesson."""
    restarts: int = 1
    """How often the form trains a network, to keep the best."""
    first_minute_done: bool = False
    last_session: str = ""


class Preferences:
    """The values with a signal; change them through `change`."""

    changed = Signal()

    def __init__(self, kept: Kept | None = None) -> None:
        self.kept = kept or Kept()

    def change(self, **values: object) -> None:
        """Set some of the values by name."""
        for name, value in values.items():
            if not hasattr(self.kept, name):
                raise AttributeError(name)
            setattr(self.kept, name, value)
        self.changed.emit()
