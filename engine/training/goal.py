"""When a run has learnt enough: the mean cost of the last thousand sequences lies below a goal."""

import math
from collections import deque
from collections.abc import Iterable

from engine.contract.results import GOAL_SEQUENCES


class Goal:
    """Takes in the cost of each update; without a goal (0) it never says that it is reached."""

    def __init__(self, below: float, batch: int) -> None:
        self._below = below
        self._costs: deque[float] = deque(maxlen=max(math.ceil(GOAL_SEQUENCES / batch), 1))

    def note(self, cost: float) -> None:
        """Take in the cost of an update."""
        if self._below > 0:
            self._costs.append(cost)

    def restore(self, costs: Iterable[float]) -> None:
        """Go on from the costs of all updates so far."""
        self._costs.clear()
        for cost in costs:
            self.note(cost)

    @property
    def is_reached(self) -> bool:
        """Whether there are enough sequences, and their mean cost lies below the goal."""
        return len(self._costs) == self._costs.maxlen and math.fsum(self._costs) < self._below * len(self._costs)
