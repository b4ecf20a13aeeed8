"""Training time against episode time: one episode at every checkpoint, in a few numbers a step; it fills while a run trains."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from psygnal import Signal

from app.state.ports import EnginePort
from app.state.side import Showing, Side
from engine.contract.messages import Cancel, Course, Mapped, MapRow, MapTime, Refused, Request
from engine.contract.trace import ROUND, Array

SECONDS_A_ROW = 0.35
"""While the run itself trains, rows are asked for no more often: the processor is left to the training."""
FIRST_ROWS = 8
"""So many at once when the map of a run that trains is opened."""
MOST_KEPT = 6
"""How many maps are kept, so that going back to an episode finds its map as it was."""

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """One quantity of the map: `values (checkpoint, step)`, NaN where nobody knows (yet); drawn from 0 to `top`."""

    updates: tuple[int, ...]
    values: Array
    course: Course
    top: float


@dataclass(frozen=True, slots=True, eq=False)
class KeptMap:
    """A map as it was at a moment: for a figure, which asks for no more rows."""

    updates: tuple[int, ...]
    rows: dict[int, MapRow]


@dataclass(slots=True)
class _Asked:
    """Rows that are on their way."""

    request: Request
    left: set[int] = field(default_factory=set)


class TimeMap:
    """The map of what one side shows. It asks the engine only while somebody watches it."""

    changed = Signal()

    def __init__(
        self,
        side: Side,
        engine: EnginePort,
        checkpoints_at: Callable[[str], tuple[int, ...]],
        trains_at: Callable[[str], bool],
        new_request: Callable[[], Request],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._side, self._engine = side, engine
        self._checkpoints_at, self._trains_at, self._new_request = checkpoints_at, trains_at, new_request
        self._clock = clock
        self._paid = 0.0
        """Until when the rows that were asked for use up the time that they may have."""
        self._maps: dict[Key, dict[int, MapRow]] = {}
        self._key: Key = ()
        self._asked: list[_Asked] = []
        self._watchers = 0
        self._kept: KeptMap | None = None
        self._engine_is_ready = False
        side.changed.connect(self.catch_up)

    # ---- what there is ----

    @property
    def updates(self) -> tuple[int, ...]:
        """The checkpoints of what the side shows, the rows of the map."""
        if self._kept is not None:
            return self._kept.updates
        return self._checkpoints_at(self._side.showing.source.place) if self._side.showing else ()

    @property
    def known(self) -> int:
        """How many rows are there."""
        return sum(update in self._rows for update in self.updates)

    @property
    def is_waiting(self) -> bool:
        """Whether rows are on their way."""
        return any(asked.left for asked in self._asked)

    @property
    def failure(self) -> str:
        """Why a row could not be made, where all that came so far failed; empty otherwise."""
        rows = list(self._rows.values())
        return rows[-1].sentence if rows and not any(row.courses for row in rows) else ""

    @property
    def courses(self) -> tuple[Course, ...]:
        """The quantities that the map can show, as its newest row has them."""
        return next((row.courses for row in reversed(self._rows.values()) if row.courses), ())

    def grid(self, name: str) -> Grid | None:
        """One quantity over all checkpoints and steps; None while no row has it."""
        course = next((course for course in self.courses if course.name == name), None)
        if course is None:
            return None
        updates, steps = self.updates, len(course.values)
        values = np.full((len(updates), steps), np.nan, np.float32)
        for place, update in enumerate(updates):
            row = self._rows.get(update)
            found = next((c for c in row.courses if c.name == name), None) if row is not None else None
            if found is not None and len(found.values) == steps:
                values[place] = found.values
        return Grid(updates, values, course, course.top or round_top(values))

    @property
    def kept(self) -> KeptMap:
        """The map as it is now."""
        return KeptMap(self.updates, dict(self._rows))

    # ---- what is wished ----

    def show(self, kept: KeptMap) -> None:
        """Show this map and no other, whatever the side does."""
        self._kept = kept
        self.changed.emit()

    def watch(self) -> None:
        """Somebody looks at the map from now on."""
        self._watchers += 1
        self.catch_up()

    def leave(self) -> None:
        """One looks no more; the last one ends the work."""
        self._watchers = max(self._watchers - 1, 0)
        if not self._watchers:
            self._give_up()

    def catch_up(self) -> None:
        """Ask for rows that are missing: after another wish of the side, another checkpoint, or some more time."""
        key = _key(self._side.showing)
        if self._kept is not None:
            return
        if key != self._key:
            self._give_up()
            self._key = key
            self._paid = self._clock() - FIRST_ROWS * SECONDS_A_ROW
            self._maps[key] = self._maps.pop(key, {})
            while len(self._maps) > MOST_KEPT:
                del self._maps[next(iter(self._maps))]
            self.changed.emit()
        if self._watchers and self._engine_is_ready and self._side.showing is not None:
            self._ask(self._side.showing)

    def engine_is_ready(self, *, is_ready: bool) -> None:
        """The engine has come (back), or has gone with all that was asked of it."""
        self._engine_is_ready = is_ready
        self._asked.clear()
        self.catch_up()

    def apply(self, event: MapRow | Mapped | Refused) -> None:
        """An answer came; one that nobody waits for any more is dropped."""
        asked = next((asked for asked in self._asked if asked.request == event.request), None)
        if asked is None:
            return
        if isinstance(event, MapRow):
            asked.left.discard(event.update)
            self._rows[event.update] = event
        else:
            self._asked.remove(asked)
        self.changed.emit()

    # ---- inside ----

    @property
    def _rows(self) -> dict[int, MapRow]:
        return self._kept.rows if self._kept is not None else self._maps.get(self._key, {})

    def _ask(self, showing: Showing) -> None:
        coming = {update for asked in self._asked for update in asked.left}
        missing = [update for update in coarse_to_fine(self.updates) if update not in self._rows and update not in coming]
        if self._trains_at(showing.source.place):
            missing = missing[: self._spend(len(missing))]
        if missing:
            asked = _Asked(self._new_request(), set(missing))
            self._asked.append(asked)
            self.changed.emit()
            self._engine.explorer_send(
                MapTime(
                    request=asked.request, place=showing.source.place, updates=tuple(missing), episode=showing.episode,
                    settings=showing.settings,
                )
            )  # fmt: skip

    def _spend(self, wanted: int) -> int:
        """How many rows may be asked for now; they use up their time."""
        now = self._clock()
        self._paid = max(self._paid, now - FIRST_ROWS * SECONDS_A_ROW)
        count = min(wanted, int((now - self._paid) / SECONDS_A_ROW + 1e-6))
        self._paid += count * SECONDS_A_ROW
        return count

    def _give_up(self) -> None:
        for asked in self._asked:
            self._engine.explorer_send(Cancel(request=asked.request))
        self._asked.clear()


def coarse_to_fine(updates: tuple[int, ...]) -> list[int]:
    """The newest and the first, then always the middle of what lies between: the whole is seen early, and then sharpens."""
    order, gaps = [*updates[-1:], *updates[:1][: len(updates) - 1]], [(0, len(updates) - 1)]
    while gaps:
        first, last = gaps.pop(0)
        if last - first > 1:
            middle = (first + last) // 2
            order.append(updates[middle])
            gaps += [(first, middle), (middle, last)]
    return order


def round_top(values: Array) -> float:
    """A round number that no value exceeds."""
    most = float(np.nanmax(np.where(np.isfinite(values), values, 0.0), initial=0.0))
    power = 10.0 ** np.floor(np.log10(max(most, 1e-3)))
    return next(float(power * factor) for factor in ROUND if power * factor >= most * (1 - 1e-6))


def _key(showing: Showing | None) -> Key:
    """What decides a map: everything of a trace but the checkpoint and the edits."""
    if showing is None:
        return ()
    return showing.source.place, showing.episode, tuple(sorted(showing.settings.items()))
