"""A memory of pairs that grows: keys to find them by, values to go on with, and beside them the samples as they were.

It is never wiped; a controller decides which samples are worth a slot. Marchetti et al., "MANTRA: Memory Augmented Networks for
Multiple Trajectory Prediction" (2020), sections 3.2 and 3.3. Shapes: N slots there is room for, M that hold something, D features
of a key, E of a value.
"""

import copy
from collections.abc import Mapping
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks.seeding import generator

WhenFull = Literal["refuse", "replace"]
"""What becomes of a sample worth keeping when every slot is taken: nothing is stored any more, or it takes the place of the slot
that was least often the best (of equals the oldest)."""


MANY = 4096
"""In a memory of more slots than that, which of equals is older is not asked."""


class Match(NamedTuple):
    """What a search found: `slot (B, K)`, most alike first, and `likeness (B, K)`, their cosines; K is at most M."""

    slot: Tensor
    likeness: Tensor


class Bank(nn.Module):
    """The buffers; they are saved with the weights, and no optimiser moves them. Whole numbers too are kept as floats.

    `kept` says what else lies in a slot, by name and shape: the sample itself, for a code alone cannot be shown.
    """

    keys: Tensor  # (N, D)
    values: Tensor  # (N, E)
    alive: Tensor  # (N,) 1 where there is something
    sample: Tensor  # (N,) its number in the training set, -1 none
    label: Tensor  # (N,) which sort of sample it is, -1 unknown
    written: Tensor  # (N,) which of all samples presented it was, counted from 1; -1: never
    reads: Tensor  # (N,) how often it was among those retrieved
    best: Tensor  # (N,) how often it was the best of them
    entries: Tensor  # () slots taken so far: the next goes there
    presented: Tensor  # () samples presented so far

    def __init__(self, slots: int, key: int, value: int, kept: Mapping[str, tuple[int, ...]] | None = None) -> None:
        """Nothing is held."""
        super().__init__()
        self.kept = dict(kept or {})
        self.limit = slots
        self.register_buffer("keys", torch.zeros(slots, key))
        self.register_buffer("values", torch.zeros(slots, value))
        for name in ("alive", "reads", "best"):
            self.register_buffer(name, torch.zeros(slots))
        for name in ("sample", "label", "written"):
            self.register_buffer(name, torch.full((slots,), -1.0))
        for name, shape in self.kept.items():
            self.register_buffer(f"kept_{name}", torch.zeros(slots, *shape))
        self.register_buffer("entries", torch.tensor(0.0))
        self.register_buffer("presented", torch.tensor(0.0))

    @property
    def rows(self) -> int:
        """How many slots hold something."""
        return int(self.alive.sum())

    @property
    def there(self) -> Tensor:
        """The slots that hold something, `(M,)`."""
        return self.alive.nonzero().flatten()

    @property
    def room(self) -> int:
        """How many rows the buffers have."""
        return len(self.alive)

    @property
    def is_full(self) -> bool:
        """Whether as many slots hold something as may."""
        return self.rows >= self.limit

    def clear(self) -> None:
        """Forget everything."""
        with torch.no_grad():
            for name, buffer in self.named_buffers():
                buffer.fill_(-1.0 if name in ("sample", "label", "written") else 0.0)

    def grown(self, extra: int) -> "Bank":
        """A copy to work on, with room for so many entries more; its limit stays. In it no entry is ever written over: one that
        is replaced is no longer alive, and the new one lies after all others."""
        grown = copy.copy(self)
        grown._buffers = {name: _longer(buffer, extra) if buffer is not None else None for name, buffer in self._buffers.items()}
        for name in ("sample", "label", "written"):
            getattr(grown, name)[self.room :] = -1.0
        return grown

    def shuffled(self, seed: int = 0) -> "Bank":
        """A copy in which every value has gone to another key, by chance: as large a memory that knows nothing of the past."""
        there = self.there
        order = torch.randperm(len(there), generator=generator("shuffled", seed)).to(there.device)
        mixed = copy.copy(self)
        mixed._buffers = {name: buffer if buffer is None else buffer.clone() for name, buffer in self._buffers.items()}
        mixed.values[there[order]] = self.values[there[order.roll(1)]]
        return mixed

    def nearest(self, key: Tensor, most: int) -> Match:
        """The slots whose keys are most alike, by the cosine: `(B, D)`; of equals the older first."""
        there = self.there
        if len(there) > MANY:  # a full order, or a copy of all keys, would take longer than it takes to look for the few
            alike = (F.normalize(key, dim=-1) @ F.normalize(self.keys, dim=-1).T).clamp(-1, 1)
            best, slot = alike.masked_fill(self.alive <= 0, -2.0).topk(min(most, len(there)), -1)
            return Match(slot, best)
        likeness = (F.normalize(key, dim=-1) @ F.normalize(self.keys[there], dim=-1).T).clamp(-1, 1)
        best, place = torch.sort(likeness, dim=-1, descending=True, stable=True)
        return Match(there[place[:, :most]], best[:, :most])

    def likeness(self, key: Tensor) -> Tensor:
        """The cosine of a key `(B, D)` and that of each slot, `(B, N)`; 0 where there is nothing."""
        found: Tensor = (F.normalize(key, dim=-1) @ F.normalize(self.keys, dim=-1).T).clamp(-1, 1) * self.alive
        return found

    def note_use(self, slots: Tensor, best: Tensor) -> None:
        """Count one read: the slots that were retrieved `(K,)`, and the one that was best `()`."""
        with torch.no_grad():
            self.reads[slots] += 1
            self.best[best] += 1

    def append(
        self, key: Tensor, value: Tensor, kept: Mapping[str, Tensor], sample: float, label: float, when_full: WhenFull = "refuse"
    ) -> tuple[int, int]:
        """Store one pair, `(D,)` and `(E,)`, with the sample as it was: which slot it lies in now (-1: refused, the memory is
        full), and which slot was given up for it (-1: none)."""
        gone = self._least() if self.is_full and when_full == "replace" else -1
        if self.is_full and gone < 0:
            return -1, -1
        place = self._place(gone)
        with torch.no_grad():
            if gone >= 0:
                self.alive[gone] = 0
            self.keys[place], self.values[place] = key, value
            for name, what in kept.items():
                getattr(self, f"kept_{name}")[place] = what
            self.alive[place], self.reads[place], self.best[place] = 1, 0, 0
            self.sample[place], self.label[place], self.written[place] = sample, label, self.presented
        return place, gone

    def _least(self) -> int:
        """The slot that was least often the best; of equals the oldest."""
        rank = self.best.double() * 1e9 + self.written
        return int(torch.where(self.alive > 0, rank, torch.inf).argmin()) if self.rows else -1

    def _place(self, gone: int) -> int:
        """Where the next entry goes: after all others while there is room, then to a slot that is free."""
        place = int(self.entries)
        if place < self.room:
            with torch.no_grad():
                self.entries += 1
            return place
        free = (self.alive <= 0).nonzero().flatten()
        return int(free[0]) if len(free) else gone


def _longer(buffer: Tensor, extra: int) -> Tensor:
    if buffer.dim() == 0:
        return buffer.clone()
    return torch.cat((buffer, buffer.new_zeros(extra, *buffer.shape[1:])))
