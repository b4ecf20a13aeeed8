"""When a run saves a checkpoint and which ones it keeps: decided by updates and costs alone, so that a resumed run agrees."""

import math
from collections.abc import Iterable

AT_MOST = 400
"""How many checkpoints a run keeps."""

NEAREST = 30
"""Fewest updates between two checkpoints."""

USUAL = 0.12
"""Usual distance to the last checkpoint, as a share of the updates so far: every doubling of the run has as many of them."""

WHILE_MOVING = 0.08
"""The same while the cost moves."""

MOVED = 0.25
"""How far the logarithm of the smoothed cost moves before that counts."""


class Schedule:
    """Says whether a checkpoint is due."""

    def __init__(self) -> None:
        self._last = -1.0
        self._level = math.nan
        self._level_then = math.nan

    def note(self, cost: float) -> None:
        """Take in the cost of an update."""
        level = math.log(max(cost, 0.0) + 1e-2)
        self._level = level if math.isnan(self._level) else 0.9 * self._level + 0.1 * level

    def is_due(self, update: int) -> bool:
        """Whether the weights as they are now should be kept."""
        if self._last < 0:
            return True
        gone = update - self._last
        moves = abs(self._level - self._level_then) > MOVED
        return gone >= max(NEAREST, (WHILE_MOVING if moves else USUAL) * update)

    def saved(self, update: int) -> None:
        """A checkpoint that was due has been saved."""
        self._last, self._level_then = float(update), self._level

    def forget_costs(self) -> None:
        """Another stage of training begins, whose cost is another quantity."""
        self._level = self._level_then = math.nan

    def state(self) -> dict[str, float]:
        """What must be kept to go on; numbers that are not known yet are left out."""
        values = {"last": self._last, "level": self._level, "level_then": self._level_then}
        return {name: value for name, value in values.items() if not math.isnan(value)}

    def restore(self, state: dict[str, float]) -> None:
        """Go on from a kept state."""
        self._last = state.get("last", -1.0)
        self._level, self._level_then = state.get("level", math.nan), state.get("level_then", math.nan)


def most_checkpoints(updates: int) -> int:
    """How many checkpoints a run of so many updates makes if its cost never rests."""
    count, last = 1, 0
    while last < updates:
        last += max(NEAREST, math.ceil(WHILE_MOVING / (1 - WHILE_MOVING) * last))
        count += 1
    return count


def thin(kept: Iterable[int], precious: Iterable[int], at_most: int = AT_MOST) -> tuple[int, ...]:
    """Which checkpoints to drop so that `at_most` are left: always the one that is missed least on a logarithmic scale.

    The first, the newest and those that are `precious` stay.
    """
    left = sorted(kept)
    stay = {*precious, *left[:1], *left[-1:]}
    dropped = []
    while len(left) > at_most:
        gaps = [
            (math.log((left[i + 1] + 1) / (left[i - 1] + 1)), left[i]) for i in range(1, len(left) - 1) if left[i] not in stay
        ]
        if not gaps:
            break
        dropped.append(min(gaps)[1])
        left.remove(dropped[-1])
    return tuple(dropped)
