"""Whether what-if edits fit the episode: each is held to the channel's own card and shape before it is made."""

import math
from collections.abc import Sequence

from torch import Tensor

from engine.blocks.probe import Probe
from engine.contract.cards import Channel
from engine.contract.edits import Edit
from engine.tasks.base import BadInputError


class EditCheck:
    """A probe that stands before the Editor and refuses, in one sentence, an edit that does not fit the value it is for."""

    def __init__(self, edits: Sequence[Edit], channels: Sequence[Channel], steps: int, then: Probe) -> None:
        self._edits = [(number, edit) for number, edit in enumerate(edits, start=1) if edit.enabled]
        self._cards = {channel.name: channel for channel in channels}
        self._then = then
        self._step = -1
        self._met: set[int] = set()
        for number, edit in self._edits:
            self._check_place(number, edit, steps)

    @property
    def changes(self) -> bool:
        """As the probe behind it."""
        return self._then.changes

    def at(self, step: int) -> None:
        """Values from now on belong to this step."""
        self._step = step
        self._then.at(step)

    def __call__(self, channel: str, value: Tensor, part: int | None = None) -> Tensor:
        """Check each edit that holds here, then let it be made."""
        self._look(channel, self._step, tuple(value.shape[1:]), part)
        return self._then(channel, value, part)

    def many(self, channel: str, values: Tensor, part: int | None = None, first: int = 0) -> Tensor:
        """The same for values of many steps at once."""
        for step in range(first, first + values.shape[1]):
            self._look(channel, step, tuple(values.shape[2:]), part)
        return self._then.many(channel, values, part, first)

    def once(self, channel: str, value: Tensor) -> None:
        """Nothing that is shown once can be edited."""
        self._then.once(channel, value)

    def _look(self, channel: str, step: int, shape: tuple[int, ...], part: int | None) -> None:
        for number, edit in self._edits:
            if edit.channel == channel and edit.holds_at(step) and (part is None or edit.index[:1] == (part,)):
                if number not in self._met:
                    self._check_value(number, edit, edit.index if part is None else edit.index[1:], shape)
                self._met.add(number)

    def finish(self) -> None:
        """Refuse an edit that found nothing to change."""
        for number, edit in self._edits:
            if number not in self._met:
                self._refuse(number, edit, f"there is no such value at step {edit.step}")

    def _check_place(self, number: int, edit: Edit, steps: int) -> None:
        if edit.channel not in self._cards:
            there = ", ".join(sorted(self._cards))
            self._refuse(number, edit, f"the model has no such channel; there are {there}")
        first = -1 if self._cards[edit.channel].kind == "memory" else 0
        if not first <= edit.step < steps:
            self._refuse(number, edit, f"step {edit.step} is outside; the episode has steps {first} to {steps - 1}")
        if edit.until is not None and edit.until != -1 and not edit.step <= edit.until < steps:
            self._refuse(number, edit, f"until {edit.until} is outside; it may be {edit.step} to {steps - 1}, or -1 for the end")

    def _check_value(self, number: int, edit: Edit, index: tuple[int, ...], shape: tuple[int, ...]) -> None:
        axes = self._cards[edit.channel].axes[-len(shape) :] if shape else ()
        if edit.act == "swap":
            if len(index) != 2:
                self._refuse(number, edit, f"two rows are needed, and {len(index)} are named")
            bounds = [(place, axes[0], shape[0]) for place in index]
        else:
            if len(index) > len(shape):
                self._refuse(number, edit, f"index {index} has {len(index)} numbers; the axes are {', '.join(axes) or 'none'}")
            bounds = list(zip(index, axes, shape, strict=False))
        for place, axis, length in bounds:
            if not 0 <= place < length:
                self._refuse(number, edit, f"{axis} {place} is outside; there are 0 to {length - 1}")
        if edit.act == "force" and (not self._can_be_forced(edit.channel) or len(index) != len(shape)):
            self._refuse(number, edit, "only a weighting can be forced, by the numbers of its head and its slot")
        if edit.act == "set":
            self._check_numbers(number, edit, math.prod(shape[len(index) :]))

    def _can_be_forced(self, channel: str) -> bool:
        card = self._cards[channel]
        return card.sums_to_one or card.kind in ("weighting", "attention") or (card.role == "look" and card.kind != "vector")

    def _check_numbers(self, number: int, edit: Edit, wanted: int) -> None:
        card = self._cards[edit.channel]
        if len(edit.values) not in (1, wanted):
            self._refuse(number, edit, f"{len(edit.values)} values are given; {wanted} are needed, or one for all")
        for value in edit.values:
            if not math.isfinite(value) or (card.bounded and not card.low <= value <= card.high):
                span = f"between {card.low:g} and {card.high:g}" if card.bounded else "a finite number"
                self._refuse(number, edit, f"{value} is not {span}")

    def _refuse(self, number: int, edit: Edit, why: str) -> None:
        raise BadInputError(f"edit {number} ({edit.act} {edit.channel}): {why}")
