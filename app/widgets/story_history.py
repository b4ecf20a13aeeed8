"""What was written before: the steps of undo and redo in a story. Letters typed in a row are one step, up to the next word."""

from dataclasses import dataclass

MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Written:
    """A story as it is written: every row, empty ones too, and the question."""

    rows: tuple[str, ...]
    question: str


class StoryHistory:
    """A row of what was written, and a place in it."""

    def __init__(self, first: Written) -> None:
        self.begin(first)

    def begin(self, first: Written) -> None:
        """Forget everything; this is the beginning."""
        self._steps, self._at, self._hand = [first], 0, ""

    @property
    def now(self) -> Written:
        """What was noted last."""
        return self._steps[self._at]

    def note(self, now: Written, hand: str = "") -> None:
        """Something changed. By the same `hand` (the row that is typed in, the row that is dragged) it joins the step before."""
        if now == self.now:
            return
        joins = bool(hand) and hand == self._hand and self._at == len(self._steps) - 1 > 0
        del self._steps[self._at + (0 if joins else 1) :]
        self._steps.append(now)
        self._steps = self._steps[-MOST_STEPS:]
        self._at = len(self._steps) - 1
        self._hand = hand

    def close_step(self) -> None:
        """What follows is a step of its own."""
        self._hand = ""

    def undo(self) -> Written | None:
        """What was there before; None at the beginning."""
        return self._go(-1)

    def redo(self) -> Written | None:
        """What was undone; None if nothing was."""
        return self._go(1)

    def _go(self, way: int) -> Written | None:
        if not 0 <= self._at + way < len(self._steps):
            return None
        self._at += way
        self._hand = ""
        return self.now
