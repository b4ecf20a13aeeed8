"""Where to look: the four stages by which a head of a Neural Turing Machine makes its weighting.

Graves, Wayne & Danihelka, "Neural Turing Machines" (2014), section 3.3.
Shapes: B batch, K heads (all at once), N slots, W slot width, S shift range (odd).
"""

import torch
from torch import Tensor

TINY = 1e-8
"""Keeps the cosine of a zero vector finite; small beside the norm of a blank slot (1e-6 times the root of the slot width)."""

TINIEST = 1e-16
"""Keeps the logarithm of an empty slot's weighting finite."""


def similarity(memory: Tensor, keys: Tensor) -> Tensor:
    """The cosine of each key with each slot, zero where either is zero: `(B, N, W), (B, K, W) -> (B, K, N)`."""
    key_length, slot_length = (torch.linalg.vector_norm(rows, dim=-1) for rows in (keys, memory))
    lengths: Tensor = key_length.unsqueeze(-1) * slot_length.unsqueeze(-2)
    return torch.bmm(keys, memory.transpose(-1, -2)) / (lengths + TINY)  # eq. (6)


def content_weighting(alike: Tensor, strength: Tensor) -> Tensor:
    """Look for the slots that resemble the key: similarities `(B, K, N)`, key strengths `(B, K)` -> `(B, K, N)`."""
    return torch.softmax(strength.unsqueeze(-1) * alike, dim=-1)  # eq. (5)


def interpolate(content: Tensor, previous: Tensor, gate: Tensor) -> Tensor:
    """Choose between looking anew (gate 1) and staying put (gate 0): `(B, K, N), (B, K, N), (B, K) -> (B, K, N)`."""
    return torch.lerp(previous, content, gate.unsqueeze(-1))  # eq. (7)


def shift(weighting: Tensor, kernel: Tensor) -> Tensor:
    """Rotate the weighting; the last entry of the kernel moves it furthest forward: `(B, K, N), (B, K, S) -> (B, K, N)`."""
    reach = kernel.shape[-1] // 2
    shares = kernel.unsqueeze(-2).unbind(-1)
    moved = weighting * shares[reach]
    for offset in range(1, reach + 1):  # eq. (8): from slot n, share +offset goes to slot n + offset, round the end
        moved = torch.addcmul(moved, weighting.roll(offset, -1), shares[reach + offset])
        moved = torch.addcmul(moved, weighting.roll(-offset, -1), shares[reach - offset])
    return moved


def sharpen(weighting: Tensor, exponent: Tensor) -> Tensor:
    """Undo the blur that shifting leaves: `(B, K, N), (B, K) -> (B, K, N)`.

    The paper raises to a power and divides by the sum, which underflows to 0/0; in log space it cannot.
    """
    return torch.softmax(exponent.unsqueeze(-1) * (weighting + TINIEST).log(), dim=-1)  # eq. (9)
