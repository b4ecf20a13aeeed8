"""Who remembered? What one side's answers cost with memories cleared: of the episode on screen at once, of a set when wished."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from psygnal import Signal

from app.state.ports import EnginePort
from app.state.side import Showing, Side
from engine.contract.cards import Channel
from engine.contract.messages import Cancel, Refused, Remember, Remembered, Request, Working
from engine.contract.remembering import CONDITIONS, Cleared, Interval, Measure, Remembering, interval
from engine.contract.trace import Array, Trace

USUAL_EPISODES = 64
MOST_KEPT = 6
"""How many measured episodes are kept, so that going back to one finds its figures."""
CANCELLED = "cancelled"

Key = tuple[object, ...]


@dataclass(slots=True, eq=False)
class Measured:
    """What is known of one episode of one network: of itself, and of the set that begins with it."""

    one: Remembering | None = None
    many: Remembering | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A measurement on its way."""

    request: Request
    key: Key
    is_set: bool


class WhoRemembered:
    """The figures of one side. It asks the engine only while somebody watches; a set is measured when it is wished for."""

    changed = Signal()

    def __init__(self, side: Side, engine: EnginePort, new_request: Callable[[], Request]) -> None:
        self._side, self._engine, self._new_request = side, engine, new_request
        self._known: dict[Key, Measured] = {}
        self._key: Key = ()
        self._asked: list[_Asked] = []
        self._done = (0, 0)
        self._watchers = 0
        self._engine_is_ready = False
        self._kept: Measured | None = None
        side.changed.connect(self.catch_up)

    # ---- what there is ----

    @property
    def found(self) -> Measured:
        """What was measured of what the side shows, so far."""
        return self._kept or self._known.get(self._key, Measured())

    @property
    def is_measuring_set(self) -> bool:
        """Whether a set is being measured."""
        return any(asked.is_set for asked in self._asked)

    @property
    def is_waiting(self) -> bool:
        """Whether the figures of the one episode are on their way."""
        return any(not asked.is_set for asked in self._asked)

    @property
    def progress(self) -> tuple[int, int]:
        """How far the set is: done, and in all."""
        return self._done

    # ---- what is wished ----

    def show(self, kept: Measured) -> None:
        """Show these figures and no others: for a picture."""
        self._kept = kept
        self.changed.emit()

    def watch(self) -> None:
        """Somebody looks from now on."""
        self._watchers += 1
        self.catch_up()

    def leave(self) -> None:
        """One looks no more; the last one ends the work."""
        self._watchers = max(self._watchers - 1, 0)
        if not self._watchers:
            self._give_up()

    def measure_set(self, episodes: int = USUAL_EPISODES) -> None:
        """Measure over so many episodes, from the one on screen on."""
        showing = self._side.showing
        if showing is None or self._key == () or not self._engine_is_ready:
            return
        self._give_up(sets_only=True)
        self._known[self._key].many = None
        self._done = (0, episodes)
        self._ask(showing, episodes)
        self.changed.emit()

    def cancel(self) -> None:
        """Give the set up; what has come stays."""
        self._give_up(sets_only=True)
        self.changed.emit()

    def catch_up(self) -> None:
        """Ask for the figures of the episode on screen, once it is another one."""
        key = _key(self._side.showing)
        if self._kept is not None:
            return
        if key != self._key:
            self._give_up()
            self._key = key
            self._known[key] = self._known.pop(key, Measured())
            while len(self._known) > MOST_KEPT:
                del self._known[next(iter(self._known))]
            self.changed.emit()
        showing, known = self._side.showing, self._known.get(key)
        if showing is None or known is None or not self._watchers or not self._engine_is_ready:
            return
        if known.one is None and not known.refusal and not self.is_waiting:
            self._ask(showing, 1)
            self.changed.emit()

    def engine_is_ready(self, *, is_ready: bool) -> None:
        """The engine has come (back), or has gone with all that was asked of it."""
        self._engine_is_ready = is_ready
        self._asked.clear()
        self.catch_up()
        self.changed.emit()

    def apply(self, event: Remembered | Working | Refused) -> None:
        """An answer came; one that nobody waits for any more is dropped."""
        asked = next((asked for asked in self._asked if asked.request == event.request), None)
        if asked is None:
            return
        known = self._known.get(asked.key, Measured())
        match event:
            case Working():
                if not asked.is_set:
                    return
                self._done = event.done, event.total
            case Remembered():
                if asked.is_set:
                    known.many = event.found
                else:
                    known.one = event.found
                if event.found.is_complete:
                    self._asked.remove(asked)
            case Refused():
                self._asked.remove(asked)
                known.refusal = "" if event.sentence == CANCELLED else event.sentence
        self.changed.emit()

    # ---- inside ----

    def _ask(self, showing: Showing, episodes: int) -> None:
        asked = _Asked(self._new_request(), self._key, episodes > 1)
        self._asked.append(asked)
        self._engine.explorer_send(
            Remember(
                request=asked.request, source=showing.source, episode=showing.episode, settings=showing.settings,
                episodes=episodes,
            )
        )  # fmt: skip

    def _give_up(self, *, sets_only: bool = False) -> None:
        gone = [asked for asked in self._asked if asked.is_set or not sets_only]
        for asked in gone:
            self._asked.remove(asked)
            self._engine.explorer_send(Cancel(request=asked.request))


def memories_to_clear(trace: Trace) -> list[Channel]:
    """What the network keeps over the steps of an episode, or beyond it."""
    return [channel for channel in trace.card.model.channels if channel.lifetime in ("episode", "persistent")]


def answer_at(found: Remembering, step: int) -> int:
    """Which answer of an episode the reader waits for at a step: the next that is given; after the last, the last."""
    return next((number for number, given in enumerate(found.steps) if given >= step), found.count - 1)


def together(a: Remembering, b: Remembering) -> tuple[Measure, tuple[tuple[str, Interval], ...]] | None:
    """Both sides of a comparison as one: the mean of the two errors with everything, with what A (or B) keeps cleared, with both.

    None unless both answered the same number of times, and are judged by the same figure.
    """
    measure, other = a.measure(), b.measure()
    if measure is None or other is None or measure.name != other.name or measure.unit != other.unit or a.count != b.count:
        return None
    (a_whole, a_cleared), (b_whole, b_cleared) = (_whole_and_cleared(found, measure.name) for found in (a, b))
    rows = (
        ("everything", a_whole, b_whole), ("A cleared", a_cleared, b_whole),
        ("B cleared", a_whole, b_cleared), ("both cleared", a_cleared, b_cleared),
    )  # fmt: skip
    return measure, tuple((name, interval(np.mean((one, two), axis=0))) for name, one, two in rows)


def _whole_and_cleared(found: Remembering, measure: str) -> tuple[Array, Array]:
    return found.values[""][measure], found.values[_most(found)][measure]


def _most(found: Remembering) -> Cleared:
    """The condition under which all that a network keeps is cleared."""
    return next((condition for condition in reversed(CONDITIONS) if condition in found.values), "")


def _key(showing: Showing | None) -> Key:
    """What decides the figures: everything of a trace but the edits."""
    if showing is None:
        return ()
    return showing.source, showing.episode, tuple(sorted(showing.settings.items()))
