"""Whether things come in the right order: Kendall's rank correlation (Kendall, "A New Measure of Rank Correlation", 1938)."""

import torch
from torch import Tensor


def kendall(said: Tensor, right: Tensor, counts: Tensor) -> Tensor:
    """How many more pairs are in the right order than in the wrong one, of all pairs that have a right order: `(B, N), (B, N),
    (B, N) -> (B,)` from -1 to 1, NaN where there is no such pair. `counts` is false for what does not take part; small numbers
    come first."""
    signs = [(order.unsqueeze(-1) - order.unsqueeze(-2)).sign() for order in (said, right)]
    pairs = counts.unsqueeze(-1) & counts.unsqueeze(-2) & (signs[1] != 0)
    agree: Tensor = (signs[0] * signs[1]).where(pairs, torch.zeros_like(signs[0])).sum((-2, -1)) / pairs.sum((-2, -1))
    return agree
