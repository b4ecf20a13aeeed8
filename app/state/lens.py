"""What the reader looks at: one selection for all panes, what the mouse is over, pins, and the way back."""

from dataclasses import dataclass, replace

from psygnal import Signal

LETTERS = ("P1", "P2", "P3", "P4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A thing in a trace. A pane draws the parts it knows and ignores the rest; -1 or () means: not chosen."""

    side: str = "A"
    channel: str = ""
    """The quantity that was clicked."""
    head: int = -1
    hop: int = -1
    layer: int = -1
    slots: tuple[int, ...] = ()
    features: tuple[int, ...] = ()
    unit: int = -1
    answer: int = -1

    @property
    def is_empty(self) -> bool:
        """Whether nothing is chosen."""
        return self == Selection(side=self.side)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Cursor and selection together: what Back and Forward walk through."""

    step: int
    micro: int | None
    selection: Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A kept selection; each adds a curve to the Inspector's history."""

    letter: str
    selection: Selection


class Lens:
    """The selection, the hovered thing, the pins and the history of places."""

    changed = Signal()
    hovered = Signal()

    def __init__(self) -> None:
        self._selection = Selection()
        self._hover: tuple[Selection, str] | None = None
        self._pins: list[Pin] = []
        self._back: list[Place] = []
        self._forward: list[Place] = []

    @property
    def selection(self) -> Selection:
        """What is chosen."""
        return self._selection

    @property
    def hover(self) -> Selection | None:
        """What the mouse is over; never changes anything."""
        return self._hover[0] if self._hover else None

    @property
    def hover_says(self) -> str:
        """The hovered value in words."""
        return self._hover[1] if self._hover else ""

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The kept selections."""
        return tuple(self._pins)

    def select(self, selection: Selection, here: Place) -> None:
        """Choose something; `here` is the place that is left, for Back."""
        if selection != self._selection:
            self._back.append(replace(here, selection=self._selection))
            self._forward.clear()
            self._selection = selection
            self.changed.emit()

    def toggle_slot(self, slot: int, here: Place) -> None:
        """Add a slot to the selection, or take it out (Ctrl-click)."""
        chosen = set(self._selection.slots) ^ {slot}
        self.select(replace(self._selection, slots=tuple(sorted(chosen))), here)

    def clear(self, here: Place) -> bool:
        """Drop the finest part of the selection; False if there was nothing left to drop."""
        chosen = self._selection
        if chosen.features or chosen.unit >= 0 or chosen.answer >= 0:
            self.select(replace(chosen, features=(), unit=-1, answer=-1), here)
        elif chosen.slots:
            self.select(replace(chosen, slots=()), here)
        elif not chosen.is_empty:
            self.select(Selection(side=chosen.side), here)
        else:
            return False
        return True

    def show(self, selection: Selection, pins: tuple[Pin, ...] = ()) -> None:
        """Take over a selection and its pins without leaving a trail (a session, a lesson)."""
        self._selection = selection
        self._pins = list(pins)
        self.changed.emit()

    def point_at(self, selection: Selection | None, says: str = "") -> None:
        """The mouse is over this now (None: over nothing)."""
        hover = (selection, says) if selection is not None else None
        if hover != self._hover:
            self._hover = hover
            self.hovered.emit()

    def pin(self) -> bool:
        """Keep the selection as the next free pin; False if it is empty, kept already, or all pins are used."""
        free = [letter for letter in LETTERS if letter not in {pin.letter for pin in self._pins}]
        if self._selection.is_empty or not free or self._selection in {pin.selection for pin in self._pins}:
            return False
        self._pins.append(Pin(letter=free[0], selection=self._selection))
        self.changed.emit()
        return True

    def unpin(self, letter: str) -> None:
        """Let a pin go."""
        self._pins = [pin for pin in self._pins if pin.letter != letter]
        self.changed.emit()

    def leave(self, here: Place) -> None:
        """Remember a place that is about to be left by a jump of the cursor."""
        if not self._back or self._back[-1] != here:
            self._back.append(here)
            self._forward.clear()

    def back(self, here: Place) -> Place | None:
        """The place before this one; the caller moves the cursor there."""
        return self._walk(self._back, self._forward, here)

    def forward(self, here: Place) -> Place | None:
        """The place that Back came from."""
        return self._walk(self._forward, self._back, here)

    def _walk(self, source: list[Place], target: list[Place], here: Place) -> Place | None:
        if not source:
            return None
        target.append(here)
        place = source.pop()
        self._selection = place.selection
        self.changed.emit()
        return place
