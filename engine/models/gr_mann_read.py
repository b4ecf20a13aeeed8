"""What GR-MANN gets from its memory, and how it makes one list of several proposals, so that each style has its turn.

Shapes: B tops, K proposals, C bottoms on offer, N slots, D features of a code, S side of a picture.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from engine.blocks.bank import Bank


class Proposed(NamedTuple):
    """What the memory hands over for each top: `slots (B, K, parts)`, -1 where there is none; the codes `values (B, K, D)`; the
    pictures drawn of them, `(B, K, S, S, 3)`; how alike each and each bottom on offer are, `(parts, B, K, C)`; and how alike the
    top and the remembered one are, `near (B, K)`."""

    slots: Tensor
    values: Tensor
    pictures: Tensor
    likeness: Tensor
    near: Tensor


def interleaved(likeness: Tensor, is_listed: Tensor) -> Tensor:
    """The first of each proposal's own list, then the second of each, and so on: `(B, K, C) -> (B, C)`, 1 the best."""
    many, offered = likeness.shape[1:]
    return 1 - _turns(likeness, is_listed).amin(1).float() / (many * offered)


def winner(likeness: Tensor, is_listed: Tensor) -> Tensor:
    """Which proposal brought each bottom to its place on the list: `(B, K, C) -> (B, C)`."""
    found: Tensor = _turns(likeness, is_listed).argmin(1)
    return found


def _turns(likeness: Tensor, is_listed: Tensor) -> Tensor:
    """When each proposal would bring each bottom, `(B, K, C)`; of one that is not listed, `(B, K)`, after all others."""
    many, offered = likeness.shape[1:]
    turn = places(likeness) * many + torch.arange(many, device=likeness.device)[:, None]
    return torch.where(is_listed.unsqueeze(-1), turn, many * offered)


def places(likeness: Tensor) -> Tensor:
    """The place of each bottom on each proposal's own list, 0 the first: `(..., C)`; of equals the smaller number first."""
    order = torch.sort(likeness, dim=-1, descending=True, stable=True)[1]
    return torch.argsort(order, dim=-1)


def partly(most: int) -> int:
    """How many slots of each half are combined for so many proposals: as few as give enough."""
    return math.isqrt(most - 1) + 1 if most else 0


def of_part(bank: Bank, part: int, parts: Tensor) -> Bank:
    """The same memory, in which only the slots of one half are seen."""
    return with_alive(bank, bank.alive * (parts == part))


def first_of(bank: Bank, count: int) -> Bank:
    """The same memory, with no more than its first slots."""
    return with_alive(bank, bank.alive * (torch.arange(bank.room) < count))


def with_alive(bank: Bank, alive: Tensor) -> Bank:
    """The same memory, in which these slots hold something."""
    seen = bank.grown(0)
    seen.alive = alive
    return seen


def note_use(bank: Bank, slots: Tensor, success: Tensor) -> None:
    """Count one read: `slots (K, parts)`, and of each half the slot whose proposal was best, `success (parts, K)`."""
    for part in range(slots.shape[-1]):
        used = slots[:, part]
        if int(used[0]) >= 0:
            bank.note_use(torch.as_tensor(sorted(set(used.tolist())), device=used.device), used[success[part].argmax()])
