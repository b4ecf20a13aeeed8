"""What heads do to a memory: make it blank, read it, erase and add.

Graves, Wayne & Danihelka, "Neural Turing Machines" (2014), sections 3.1 and 3.2.
Shapes: B batch, K heads, N slots, W slot width.
"""

import torch
from torch import Tensor

from engine.blocks.seeding import derive

BLANK = 1e-6
"""What stands in every place of a blank memory: not zero, so that the cosine with a blank slot is defined."""


def blank(batch: int, slots: int, width: int) -> Tensor:
    """A memory in which all slots are alike, so that any number of slots is the same memory, only longer: `(B, N, W)`."""
    return torch.full((batch, slots, width), BLANK)


def scattered(batch: int, slots: int, width: int, reach: float) -> Tensor:
    """A memory of random slots in `[-reach, reach]`; slot n is the same in every memory, however many slots: `(B, N, W)`."""
    chance = (torch.Generator().manual_seed(derive("blank slot", n)) for n in range(slots))
    rows = torch.stack([torch.rand(width, generator=each, dtype=torch.float32, device="cpu") for each in chance])
    there = rows.to(torch.get_default_device(), torch.get_default_dtype())
    return ((2 * there - 1) * reach).expand(batch, slots, width).contiguous()


def read(memory: Tensor, weighting: Tensor) -> Tensor:
    """A mixture of the slots, one for each head: `(B, N, W), (B, K, N) -> (B, K, W)`."""
    return torch.bmm(weighting, memory)  # eq. (2)


def write(memory: Tensor, weighting: Tensor, erase: Tensor, add: Tensor) -> Tensor:
    """Erase with all heads, then add with all heads, so that their order is no matter.

    `(B, N, W), (B, K, N), (B, K, W), (B, K, W) -> (B, N, W)`
    """
    where = weighting.unsqueeze(-1)
    for head in range(weighting.shape[1]):
        memory = torch.addcmul(memory, memory, where[:, head] * erase[:, head, None], value=-1)  # eq. (3)
    for head in range(weighting.shape[1]):
        memory = torch.addcmul(memory, where[:, head], add[:, head, None])  # eq. (4)
    return memory
