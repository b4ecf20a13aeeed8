"""What must be said to the user, in the place it concerns, with what can be done about it. Never a dialog."""

from dataclasses import dataclass
from typing import Literal

from psygnal import Signal

Where = Literal["stage", "engine", "training", "input", "export", "session", "what-if", "lesson"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One sentence, and the commands (by id) that answer it: ("run.resume", "engine.restart")."""

    where: Where
    sentence: str
    actions: tuple[str, ...] = ()
    is_error: bool = True


class Notices:
    """At most one notice a place; a newer one replaces it."""

    changed = Signal()

    def __init__(self) -> None:
        self._notices: dict[Where, Notice] = {}

    @property
    def all(self) -> tuple[Notice, ...]:
        """Every notice on screen, the newest last."""
        return tuple(self._notices.values())

    def at(self, where: Where) -> Notice | None:
        """The notice at this place."""
        return self._notices.get(where)

    def say(self, where: Where, sentence: str, *actions: str, is_error: bool = True) -> None:
        """Say something."""
        self._notices.pop(where, None)
        self._notices[where] = Notice(where=where, sentence=sentence, actions=actions, is_error=is_error)
        self.changed.emit()

    def clear(self, where: Where) -> None:
        """The user has read it, or it is no longer true."""
        if self._notices.pop(where, None):
            self.changed.emit()
