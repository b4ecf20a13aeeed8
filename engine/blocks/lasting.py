"""A memory that lasts: it is not wiped between samples, and a rule says which slot each sample is written to.

Usage and least used slot: Santoro et al., "One-shot Learning with Memory-Augmented Neural Networks" (2016); merging what bears
the same label: the idea of Kaiser et al., "Learning to Remember Rare Events" (2017). Shapes: N slots, W slot width.
"""

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn

Rule = Literal["paper", "bound_lru", "bound_merge"]
"""Where a sample goes, see `choose`."""


class Lasting(NamedTuple):
    """What the memory holds; whole numbers too are kept as floats, so that they lie in a file with the weights."""

    contents: Tensor  # (N, W)
    usage: Tensor  # (N,) how much each slot was read and written lately
    label: Tensor  # (N,) the answer of the sample that lies there, -1 none
    written: Tensor  # (N,) which sample that was, counted from 1 since the training began, -1 none
    number: Tensor  # (N,) its number in the training set, -1 none
    reads: Tensor  # (N,) how often the slot was what a sample read most of, since it was written
    read_before: Tensor  # (N,) what the sample before this one read
    samples: Tensor  # () how many samples have been written


class LastingMemory(nn.Module):
    """The buffers; they are saved with the weights, and no optimiser moves them."""

    contents: Tensor

    def __init__(self, slots: int, width: int) -> None:
        super().__init__()
        for name, tensor in blank(slots, width)._asdict().items():
            self.register_buffer(name, tensor)

    @property
    def state(self) -> Lasting:
        """As it is now."""
        return Lasting(*(getattr(self, name) for name in Lasting._fields))

    def keep(self, state: Lasting) -> None:
        """Let it be so from now on."""
        for name, tensor in state._asdict().items():
            getattr(self, name).copy_(tensor)


def blank(slots: int, width: int) -> Lasting:
    """Nothing is held."""
    nothing = torch.full((slots,), -1.0)
    return Lasting(
        contents=torch.zeros(slots, width), usage=torch.zeros(slots), label=nothing, written=nothing.clone(),
        number=nothing.clone(), reads=torch.zeros(slots), read_before=torch.zeros(slots), samples=torch.tensor(0.0),
    )  # fmt: skip


def least_used(usage: Tensor) -> Tensor:
    """1 at the slot that was used least lately, of equals the first: `(N,) -> (N,)`."""
    return _only(usage.argmin(), usage)


def choose(memory: Lasting, read: Tensor, answer: Tensor, rule: Rule, gate: float) -> tuple[Tensor, Tensor]:
    """How much of a sample goes to each slot, `(N,)` that sum to 1, and how much of it not to the least used one, `()`.

    `paper`: the share `gate` goes where the sample before was read, the rest to the least used slot. `bound_lru`: all to the
    least used slot. `bound_merge`: to the slot that is read most if the same answer lies there, else to the least used.
    """
    least = least_used(memory.usage)
    if rule == "paper":
        share = torch.full_like(memory.samples, gate)
        return share * memory.read_before + (1 - share) * least, share
    if rule == "bound_lru":
        return least, torch.zeros_like(memory.samples)
    best = _only(read.argmax(), read)
    same = ((best * memory.label).sum() == answer).float()
    return same * best + (1 - same) * least, same


def write(
    memory: Lasting, sample: Tensor, read: Tensor, chosen: Tensor, answer: Tensor, number: Tensor, rule: Rule, decay: float
) -> tuple[Lasting, Tensor]:
    """Write one sample `(W,)` as `chosen (N,)` says; gives the memory, and the label that was lost by it (-1 none), `()`.

    A slot that was never written is not used by being read: so empty slots are filled first.
    """
    held = _only(chosen.argmax(), chosen)
    before = (held * memory.label).sum()
    merged = before == answer if rule == "bound_merge" else torch.zeros_like(before, dtype=torch.bool)
    new = held.bool() & (chosen > 0)
    count = memory.samples + 1
    written = torch.where(new, count, memory.written)
    after = Lasting(
        contents=_contents(memory, sample, chosen, merged, rule),
        usage=decay * memory.usage + (read + chosen) * (written >= 0),
        label=torch.where(new, answer, memory.label),
        written=written,
        number=torch.where(new, number, memory.number),
        reads=torch.where(new & ~merged, 0.0, memory.reads + _only(read.argmax(), read)),
        read_before=read,
        samples=count,
    )
    return after, torch.where(merged | ~new.any(), -1.0, before)


def write_all(
    memory: Lasting, samples: Tensor, reads: Tensor, answers: Tensor, numbers: Tensor, rule: Rule, gate: float, decay: float
) -> Lasting:
    """One sample after the other, `(B, W)` and what each of them read, `(B, N)`."""
    for sample, read, answer, number in zip(samples, reads, answers.float(), numbers.float(), strict=True):
        chosen, _ = choose(memory, read, answer, rule, gate)
        memory, _ = write(memory, sample, read, chosen, answer, number, rule, decay)
    return memory


def _contents(memory: Lasting, sample: Tensor, chosen: Tensor, merged: Tensor, rule: Rule) -> Tensor:
    """The paper adds to what is there, after the least used slot is cleared; else a slot's content is replaced, or the mean of
    it and the new sample."""
    share = chosen.unsqueeze(-1)
    if rule == "paper":
        return memory.contents * (1 - (chosen > 0).any() * least_used(memory.usage)).unsqueeze(-1) + share * sample
    new = torch.where(merged, (memory.contents + sample) / 2, sample)
    return (1 - share) * memory.contents + share * new


def _only(place: Tensor, like: Tensor) -> Tensor:
    """1 there, 0 elsewhere."""
    return (torch.arange(len(like), device=like.device) == place).float()
