"""Which slots are free: usage that reads can give back, and a weighting over the slots that are used least.

Graves et al., "Hybrid computing using a neural network with dynamic external memory" (2016), "Dynamic memory allocation".
Shapes: B batch, R read heads, N slots.
"""

import torch
from torch import Tensor

LEAST = 1e-6
"""Usage is lifted this far off zero before it is multiplied, so that no gradient is lost in a product with an exact zero."""


def retention(free: Tensor, read_before: Tensor) -> Tensor:
    """How far each slot is not given back by the heads that read it last: `(B, R), (B, R, N) -> (B, N)`."""
    kept = 1 - free.unsqueeze(-1) * read_before
    whole = kept[:, 0]
    for head in range(1, kept.shape[1]):
        whole = whole * kept[:, head]
    return whole


def usage(before: Tensor, written_before: Tensor, kept: Tensor) -> Tensor:
    """How much each slot is in use: what was, and what the last write took, less what is given back: `(B, N)` each."""
    return torch.addcmul(before, 1 - before, written_before) * kept  # u + w - u*w


def allocation(used: Tensor) -> Tensor:
    """Where to write next: on the least used slot, and on the one after only as far as it is taken: `(B, N) -> (B, N)`.

    Sums to at most 1, and to less where every slot is in use. The order of the slots counts as a constant of the gradient;
    slots used alike come in the order of their numbers.
    """
    lifted = LEAST + (1 - LEAST) * used
    ascending, order = torch.sort(lifted, dim=-1, stable=True)
    all_taken = torch.cumprod(ascending, dim=-1)
    taken_before = torch.cat((torch.ones_like(all_taken[:, :1]), all_taken[:, :-1]), dim=-1)
    in_order = (1 - ascending) * taken_before
    return torch.zeros_like(in_order).scatter(-1, order, in_order)
