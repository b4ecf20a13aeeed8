"""One side of the stage, A or B: whose weights, which episode, which edits, and the trace that came of it."""

from dataclasses import dataclass, field

from psygnal import Signal

from engine.contract.cards import Settings
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Request, Source
from engine.contract.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """All that decides a trace."""

    source: Source
    episode: EpisodeWish = EpisodeWish()
    settings: Settings = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()


class Side:
    """What one half of the stage shows. The old trace stays on screen until the new one has come."""

    changed = Signal()
    trace_changed = Signal()

    def __init__(self, name: str) -> None:
        self.name = name
        self._showing: Showing | None = None
        self._trace: Trace | None = None
        self._awaited: Request | None = None
        self._refusal = ""

    @property
    def showing(self) -> Showing | None:
        """What is wished for; None while the side is empty."""
        return self._showing

    @property
    def trace(self) -> Trace | None:
        """The record on screen."""
        return self._trace

    @property
    def awaited(self) -> Request | None:
        """The number under which a newer trace will come; None if nothing is on its way."""
        return self._awaited

    @property
    def is_waiting(self) -> bool:
        """Whether a newer trace is on its way."""
        return self._awaited is not None

    @property
    def refusal(self) -> str:
        """Why the last wish could not be met, in one sentence; empty if it could."""
        return self._refusal

    def wish(self, showing: Showing, request: Request | None) -> None:
        """Take over a wish; `request` is the number under which its trace will come (None: it is here already)."""
        self._showing, self._awaited, self._refusal = showing, request, ""
        self.changed.emit()

    def awaits(self, request: Request) -> bool:
        """Whether this answer is the one that the side waits for."""
        return self._awaited is not None and request == self._awaited

    def take(self, request: Request | None, trace: Trace) -> bool:
        """Show the trace if it is the one awaited; a later wish has made any other old."""
        if request is not None and request != self._awaited:
            return False
        self._trace, self._awaited, self._refusal = trace, None, ""
        self.trace_changed.emit()
        self.changed.emit()
        return True

    def refuse(self, request: Request, sentence: str) -> bool:
        """The wish could not be met; the old trace stays."""
        if request != self._awaited:
            return False
        self._awaited, self._refusal = None, sentence
        self.changed.emit()
        return True

    def empty(self) -> None:
        """Show nothing."""
        self._showing, self._trace, self._awaited, self._refusal = None, None, None, ""
        self.trace_changed.emit()
        self.changed.emit()
