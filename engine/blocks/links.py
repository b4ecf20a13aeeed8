"""The order of writing: which slot was written right after which, so that reads can follow it forward or backward.

Graves et al., "Hybrid computing using a neural network with dynamic external memory" (2016), "Temporal memory linkage".
Shapes: B batch, R read heads, N slots.
"""

import torch
from torch import Tensor


def links(before: Tensor, written: Tensor, precedence: Tensor) -> Tensor:
    """Entry (i, j): how far i was written right after j. `(B, N, N)`, write weighting `(B, N)`, precedence `(B, N) -> (B, N, N)`.

    A write to i or j forgets their old link; no slot follows itself. `precedence` is that of the step before.
    """
    after = written.unsqueeze(-1)
    kept = (1 - after - written.unsqueeze(-2)) * _off_diagonal(before)
    return torch.addcmul(kept * before, after * _off_diagonal(before), precedence.unsqueeze(-2))


def precedence(before: Tensor, written: Tensor) -> Tensor:
    """How far each slot was the last one written: `(B, N), (B, N) -> (B, N)`; a weak write leaves most of what was."""
    return torch.addcmul(written, 1 - written.sum(-1, keepdim=True), before)


def forward(link: Tensor, read_before: Tensor) -> Tensor:
    """The slots written right after those that were read: `(B, N, N), (B, R, N) -> (B, R, N)`."""
    return torch.bmm(read_before, link.transpose(-1, -2))


def backward(link: Tensor, read_before: Tensor) -> Tensor:
    """The slots written right before those that were read: `(B, N, N), (B, R, N) -> (B, R, N)`."""
    return torch.bmm(read_before, link)


def _off_diagonal(like: Tensor) -> Tensor:
    """1 everywhere but on the diagonal: `(N, N)`."""
    slots = like.shape[-1]
    return 1 - torch.eye(slots, dtype=like.dtype, device=like.device)
