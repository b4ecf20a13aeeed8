"""What-if: one change to one value of an episode, as data that both sides understand."""

from dataclasses import dataclass
from typing import Literal

Act = Literal["set", "erase", "swap", "freeze", "force", "mute"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Change `channel` at `step` (up to and including `until`, where given; -1: to the end).

    `set`     the entry at `index` (or its whole row, if `index` is shorter than the axes) becomes `values`
    `erase`   row `index` of a memory becomes zero
    `swap`    rows `index[0]` and `index[1]` of a memory change places
    `freeze`  row `index` keeps, from the step on, the value that it has there
    `force`   the weighting of head (or hop) `index[0]` becomes all on slot `index[1]`
    `mute`    the vector of head `index[0]` becomes zero
    """

    act: Act
    channel: str
    step: int
    index: tuple[int, ...]
    until: int | None = None
    values: tuple[float, ...] = ()
    name: str = ""
    enabled: bool = True

    def holds_at(self, step: int) -> bool:
        """Whether the edit changes something at this step."""
        if not self.enabled or step < self.step:
            return False
        if self.until is None:
            return step == self.step
        return self.until == -1 or step <= self.until
