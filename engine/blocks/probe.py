"""The one seam for seeing AND changing a value: a model hands each value to the probe and takes it back."""

from collections.abc import Iterable
from itertools import chain
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from engine.contract.edits import Edit


class Probe(Protocol):
    """What a model calls right after the line that makes a value, taking its result."""

    @property
    def changes(self) -> bool:
        """Whether it may give back other values than it was shown: then a model that could compute all steps at once must take
        them one after the other, so that what is changed at one step is felt at the later ones."""

    def at(self, step: int) -> None:
        """From now on, values belong to this step (-1: before the first)."""

    def __call__(self, channel: str, value: Tensor, part: int | None = None) -> Tensor:
        """Show `value`, shape `(B, *axes)`, and get back what to go on with. `part`: the hop or layer, where the channel's
        first axis is filled by one call each."""

    def many(self, channel: str, values: Tensor, part: int | None = None, first: int = 0) -> Tensor:
        """The same for values of many steps that a model computes at once: `(B, T, *axes)`, of the steps from `first` on."""

    def once(self, channel: str, value: Tensor) -> None:
        """Show what has one value for the whole episode, `(B, *axes)`: what lies in each slot of a memory that only grows."""


class Silent:
    """The default probe: training runs with this one; every value passes through untouched."""

    changes = False

    def at(self, step: int) -> None:
        """Nothing to note."""

    def __call__(self, channel: str, value: Tensor, part: int | None = None) -> Tensor:
        """Return the same tensor."""
        return value

    def many(self, channel: str, values: Tensor, part: int | None = None, first: int = 0) -> Tensor:
        """Return the same tensor."""
        return values

    def once(self, channel: str, value: Tensor) -> None:
        """Nothing to note."""


silent = Silent()


MOST_BYTES = 2 * 2**30
"""An episode whose record is larger is refused, before the machine runs out of memory."""


PAIR = " | "
"""Between the names of two channels that are kept as one."""


class Recorder:
    """Keep every probed value of one episode, for one element of the batch.

    Values stay on their device until `arrays` is called, so that recording never makes a GPU wait inside the step loop.

    `copies`: a copy of each value is kept. Without, the value itself is, which is quicker; `was_overwritten` then says whether
    the model wrote into one of them afterwards, so that the record is none.
    """

    changes = False

    def __init__(self, batch_index: int = 0, *, copies: bool = True) -> None:
        self._batch_index = batch_index
        self._copies = copies
        self._versions: list[tuple[Tensor, int]] = []
        self._pairs: set[tuple[str, str]] = set()
        self.is_finite = True
        self._step = -1
        self._values: dict[str, dict[tuple[int, int | None], Tensor]] = {}
        self._blocks: dict[str, list[tuple[int, int | None, Tensor]]] = {}
        self._once: dict[str, Tensor] = {}
        self._bytes = self._bytes_a_step = 0

    def at(self, step: int) -> None:
        """Values from now on belong to this step. MemoryError before the record grows too large."""
        self._step = step
        self._bytes += self._bytes_a_step
        if self._bytes > MOST_BYTES:
            raise MemoryError(f"the record of this episode is larger than {MOST_BYTES / 2**30:g} GB")

    def __call__(self, channel: str, value: Tensor, part: int | None = None) -> Tensor:
        """Keep the value, or a copy (`detach` alone would share storage with what a later in-place write leaves behind)."""
        if self._copies:
            kept = torch.select_copy(value.detach() if value.requires_grad else value, 0, self._batch_index)
        else:
            kept = value
            self._versions.append((value, value._version))
        values = self._values.get(channel)
        if values is None:
            values = self._values[channel] = {}
            self._bytes_a_step += kept.nbytes
        values[self._step, part] = kept
        return value

    def keep_pair(self, channels: tuple[str, str], value: Tensor) -> None:
        """Keep two channels that one computation makes, `(B, both, ...)`; they are parted when the record is made."""
        self._pairs.add(channels)
        self(PAIR.join(channels), value)

    @property
    def was_overwritten(self) -> bool:
        """Whether a value that was kept without a copy was written into after it was shown."""
        return any(value._version != version for value, version in self._versions)

    def many(self, channel: str, values: Tensor, part: int | None = None, first: int = 0) -> Tensor:
        """Keep a copy of each step's value."""
        kept = torch.select_copy(values.detach(), 0, self._batch_index)
        self._bytes += kept.nbytes
        if self._bytes > MOST_BYTES:
            raise MemoryError(f"the record of this episode is larger than {MOST_BYTES / 2**30:g} GB")
        self._blocks.setdefault(channel, []).append((first, part, kept))
        return values

    def once(self, channel: str, value: Tensor) -> None:
        """Keep a copy."""
        self._once[channel] = torch.select_copy(value.detach(), 0, self._batch_index)

    def arrays(self, steps: int) -> dict[str, np.ndarray]:
        """Return each channel as `(steps, *axes)` float32; NaN where a step showed no value. `is_finite` says afterwards whether
        all that was shown is. What was shown once is there at every step, and lies in memory once."""
        names = [name for name, values in self._values.items() if any(step >= 0 for step, _ in values)]
        found = {name: self._stack(name, steps) for name in dict.fromkeys((*names, *self._blocks))}
        for pair in self._pairs:
            both = found.pop(PAIR.join(pair))
            found |= dict(zip(pair, np.split(both, 2, axis=1), strict=True))
        for name, value in self._once.items():
            whole = self._whole(value)
            found[name] = np.broadcast_to(whole, (steps, *whole.shape))
        return found

    def _stack(self, name: str, steps: int) -> np.ndarray:
        """One move from the device for each channel, and one for each block of steps."""
        kept = [(step, part, value) for (step, part), value in self._values.get(name, {}).items() if step >= 0]
        blocks = [(first, part, self._whole(block)) for first, part, block in self._blocks.get(name, [])]
        parts = [part for _, part, _ in (*kept, *blocks) if part is not None]
        together = self._whole(self._row(torch.stack([value for _, _, value in kept]), 1)) if kept else None
        if together is not None and not blocks and not parts and len(kept) == steps:
            return together  # shown at every step: nothing to fill in
        if not kept and len(blocks) == 1 and not parts and len(blocks[0][2]) == steps:
            return blocks[0][2]
        shape = blocks[0][2].shape[1:] if together is None else together.shape[1:]
        stacked = np.full((steps, max(parts) + 1, *shape) if parts else (steps, *shape), np.nan, np.float32)
        if together is not None:
            rows = [step for step, _, _ in kept]
            stacked[(rows, [part for _, part, _ in kept if part is not None]) if parts else rows] = together
        for first, part, block in blocks:
            place = slice(first, first + len(block))
            stacked[place if part is None else (place, part)] = block
        return stacked

    def _row(self, value: Tensor, axis: int) -> Tensor:
        """The element of the batch that is meant, of values that are those of a batch."""
        return value if self._copies else value.detach().select(axis, self._batch_index)

    def _whole(self, value: Tensor) -> np.ndarray:
        array = value.contiguous().float().cpu().numpy()
        self.is_finite = self.is_finite and bool(np.isfinite(array).all())
        return array

    def first_not_finite(self) -> tuple[str, int] | None:
        """The earliest channel and step (-1: before the first) at which a value was shown that is infinite or no number."""
        alone = ((step, name, value) for name, values in self._values.items() for (step, _), value in values.items())
        blocks = ((first, name, block) for name, blocks in self._blocks.items() for first, _, block in blocks)
        together = ((first + step, name, value) for first, name, block in blocks for step, value in enumerate(block.unbind(0)))
        shown = ((step, self._part(name, value)) for step, name, value in chain(alone, together) if not value.isfinite().all())
        step, name = min(shown, key=lambda found: found[0], default=(-1, ""))
        return (name, step) if name else None

    def _part(self, name: str, value: Tensor) -> str:
        """Of a pair of channels, the one in which something is not finite."""
        if PAIR not in name:
            return name
        pair = name.split(PAIR)
        return pair[0] if not self._row(value, 0).chunk(2)[0].isfinite().all() else pair[1]

    def initial(self) -> dict[str, np.ndarray]:
        """Return what was shown before the first step (step -1), by channel."""
        first = {name: values[-1, None] for name, values in self._values.items() if (-1, None) in values}
        return {name: self._whole(self._row(value.detach(), 0)) for name, value in first.items()}


def show_pair(probe: Probe, channels: tuple[str, str], value: Tensor) -> Tensor:
    """Show two channels that one computation makes, laid end to end along the first axis, `(B, both, ...)`; gives it back."""
    if isinstance(probe, Recorder):
        probe.keep_pair(channels, value)
        return value
    parts = value.chunk(2, dim=1)
    taken = probe(channels[0], parts[0]), probe(channels[1], parts[1])
    return value if taken[0] is parts[0] and taken[1] is parts[1] else torch.cat(taken, dim=1)


class Editor:
    """A probe that makes the edits of a what-if, and passes every value on to another probe, so that it is recorded as used."""

    changes = True

    def __init__(self, edits: Iterable[Edit], then: Probe) -> None:
        self._edits = [edit for edit in edits if edit.enabled]
        self._then = then
        self._step = -1
        self._kept: dict[tuple[int, int | None], Tensor] = {}

    def at(self, step: int) -> None:
        """Edits of this step apply from now on."""
        self._step = step
        self._then.at(step)

    def __call__(self, channel: str, value: Tensor, part: int | None = None) -> Tensor:
        """Apply each edit of this channel that holds at this step, in order."""
        for number, edit in enumerate(self._edits):
            if edit.channel == channel and edit.holds_at(self._step):
                value = self._apply(number, edit, value, part)
        return self._then(channel, value, part)

    def many(self, channel: str, values: Tensor, part: int | None = None, first: int = 0) -> Tensor:
        """Apply the edits of this channel at each step that they hold at."""
        for number, edit in enumerate(self._edits):
            held = [step for step in range(values.shape[1]) if edit.channel == channel and edit.holds_at(first + step)]
            if held:
                values = values.clone()
            for step in held:
                values[:, step] = self._apply(number, edit, values[:, step], part)
        return self._then.many(channel, values, part, first)

    def once(self, channel: str, value: Tensor) -> None:
        """What was written is not edited; that a slot is gone, its `alive` says."""
        self._then.once(channel, value)

    def _apply(self, number: int, edit: Edit, value: Tensor, part: int | None) -> Tensor:
        index = edit.index
        if part is not None:  # the channel's first axis is this part: the edit's first index names it
            if index[:1] != (part,):
                return value
            index = index[1:]
        place: tuple[slice | int, ...] = (slice(None), *index)
        changed = value.clone()
        match edit.act:
            case "set":
                new = torch.tensor(edit.values, dtype=value.dtype, device=value.device)
                changed[place] = new.reshape(changed[place].shape[1:]) if new.numel() > 1 else new.reshape(())
            case "erase" | "mute":
                changed[place] = 0.0
            case "swap":
                one, other = index
                changed[:, one], changed[:, other] = value[:, other], value[:, one]
            case "freeze":
                changed[place] = self._kept.setdefault((number, part), value[place].clone())
            case "force":
                row: tuple[slice | int, ...] = (slice(None), *index[:-1])
                changed[row] = 0.0
                changed[place] = 1.0
        return changed


class Watch:
    """A probe that remembers the first value that is not finite: used once, when a run meets a NaN, to say where it began."""

    changes = False

    def __init__(self) -> None:
        self._step = -1
        self.first: tuple[str, int] | None = None

    def at(self, step: int) -> None:
        """Note the step."""
        self._step = step

    def __call__(self, channel: str, value: Tensor, part: int | None = None) -> Tensor:
        """Look at the value."""
        if self.first is None and not torch.isfinite(value).all():
            self.first = channel, self._step
        return value

    def many(self, channel: str, values: Tensor, part: int | None = None, first: int = 0) -> Tensor:
        """Look at the values of each step."""
        if self.first is None and not torch.isfinite(values).all():
            bad = ~torch.isfinite(values).flatten(2).all(-1).all(0)
            self.first = channel, first + int(bad.int().argmax())
        return values

    def once(self, channel: str, value: Tensor) -> None:
        """Look at it."""
        if self.first is None and not torch.isfinite(value).all():
            self.first = channel, -1
