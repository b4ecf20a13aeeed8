"""One hop of attention over a bank: match a state with keys, make it a distribution over the occupied slots, read values."""

import torch
from torch import Tensor
from torch.nn import functional as F


def match(state: Tensor, keys: Tensor) -> Tensor:
    """The inner product of the state with each slot's key: `(B, W)`, `(B, N, W)` -> `(B, N)`."""
    return (keys @ state.unsqueeze(-1)).squeeze(-1)


def over_slots(scores: Tensor, present: Tensor) -> Tensor:
    """Softmax of the scores over the slots that are present, exactly 0 elsewhere, `(B, N)`; all 0 where no slot is present."""
    lowest = torch.finfo(scores.dtype).min
    return torch.softmax(scores.masked_fill(~present, lowest), -1) * present


def over_slots_or_nothing(scores: Tensor, present: Tensor) -> Tensor:
    """The same with one place more, always empty and so of score 0: what falls on it is missing from the sum, `(B, N)`."""
    lowest = torch.finfo(scores.dtype).min
    with_empty = F.pad(scores.masked_fill(~present, lowest), (0, 1))
    return torch.softmax(with_empty, -1)[..., :-1]


def read(weighting: Tensor, values: Tensor) -> Tensor:
    """The slots' values, mixed by the weighting: `(B, N)`, `(B, N, W)` -> `(B, W)`."""
    return (weighting.unsqueeze(-2) @ values).squeeze(-2)


def entropy(weighting: Tensor) -> Tensor:
    """How spread a weighting is, in nats: 0 on one slot, ln n when even over n, `(B, N)` -> `(B,)`."""
    spread: Tensor = torch.special.entr(weighting)
    return spread.sum(-1)
