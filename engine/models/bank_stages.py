"""How a model that writes a memory of pairs is trained: in stages, of which some move weights and some empty the memory and fill
it anew."""

from engine.contract.cards import Stage, stage_ends


class Stages:
    """Where in a run a model is; outside a run it is in no stage, and all of them are over."""

    def __init__(self, stages: tuple[Stage, ...]) -> None:
        self._stages = stages
        self.now = ""
        """The name of the present stage."""
        self.is_over = True
        """Whether the last update of the last stage has been made."""
        self._gone, self._length, self._left = 0, 1, 0

    def begin(self, update: int, updates: int) -> None:
        """The update of this number, from 1, is about to be made, of a run of so many."""
        ends = stage_ends(self._stages, updates)
        number = next((number for number, end in enumerate(ends) if update <= end), len(ends) - 1)
        first = (0, *ends)[number]
        self.now, self.is_over = self._stages[number].name, False
        self._gone, self._length, self._left = update - 1 - first, ends[number] - first, updates - update

    def end(self) -> None:
        """The update has been made."""
        self.is_over = self.now == self._stages[-1].name and self._left <= 0

    @property
    def share(self) -> float:
        """How much of the present stage was over before this update, 0 to 1."""
        return self._gone / max(self._length, 1)

    @property
    def falling(self) -> float:
        """A learning rate that falls twice within the stage, to a tenth."""
        return 1.0 if self.share < 0.6 else 0.3 if self.share < 0.85 else 0.1

    def begins_epoch(self, epochs: int) -> bool:
        """Whether one of so many equal parts of the stage begins with this update."""
        return self._gone % max(self._length // epochs, 1) == 0
