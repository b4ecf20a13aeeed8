"""Attention with several heads, and the other half of a Transformer's layer: what models of this kind share.

Vaswani et al., "Attention Is All You Need" (2017), section 3.
Shapes: B batch, T asking positions, P positions looked at, D width, H heads, E = D / H, F inner width.
"""

import math

import torch
from torch import Tensor, nn

from engine.contract.cards import Settings


def check_heads(settings: Settings) -> None:
    """ValueError, in one sentence, if the heads cannot share the width among them."""
    width, heads = int(settings["width"]), int(settings["heads"])
    if width % heads:
        fitting = ", ".join(str(number) for number in range(1, 17) if width % number == 0)
        raise ValueError(f"heads: {heads} heads cannot share a width of {width}; {fitting} could")


def split_heads(value: Tensor, heads: int) -> Tensor:
    """`(B, T, D)` -> `(B, H, T, E)`."""
    batch, steps, width = value.shape
    return value.view(batch, steps, heads, width // heads).transpose(1, 2)


def join_heads(value: Tensor) -> Tensor:
    """`(B, H, T, E)` -> `(B, T, D)`."""
    return value.transpose(1, 2).flatten(2)


def attention(scores: Tensor, allowed: Tensor) -> Tensor:
    """Softmax over the positions that are allowed, exactly 0 elsewhere; all 0 where none is: `(..., P)` twice -> `(..., P)`."""
    lowest = torch.finfo(scores.dtype).min
    return torch.softmax(scores.masked_fill(~allowed, lowest), -1) * allowed


class FeedForward(nn.Module):
    """The second half of a layer: each position by itself, widened and narrowed again."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.widen = nn.Linear(width, inner)
        self.narrow = nn.Linear(inner, width)

    def forward(self, stream: Tensor) -> Tensor:
        """What is added to the stream: `(..., D) -> (..., D)`."""
        added: Tensor = self.narrow(torch.relu(self.widen(self.norm(stream))))
        return added


class Heads(nn.Module):
    """Heads of scaled dot-product attention. Keys and values are linear maps of what positions keep."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.asking = nn.Linear(width, width, bias=False)
        self.offered = nn.Linear(width, 2 * width, bias=False)
        self.answering = nn.Linear(width, width, bias=False)

    def weighting(self, asking: Tensor, kept: Tensor, allowed: Tensor) -> Tensor:
        """How much each head of each position takes from where: `(B, T, D)`, `(B, P, D)`, mask -> `(B, H, T, P)`."""
        asked = split_heads(self.asking(asking), self.heads)
        keys = split_heads(nn.functional.linear(kept, self.offered.weight.chunk(2)[0]), self.heads)
        return attention(asked @ keys.mT / math.sqrt(keys.shape[-1]), allowed)

    def read(self, weighting: Tensor, kept: Tensor) -> Tensor:
        """What the heads bring together: `(B, H, T, P)`, `(B, P, D)` -> `(B, T, D)`."""
        values = split_heads(nn.functional.linear(kept, self.offered.weight.chunk(2)[1]), self.heads)
        answer: Tensor = self.answering(join_heads(weighting @ values))
        return answer
