"""Trajectories bent at random: motions that a training set does not show, for an autoencoder that shall be able to say any.

A memory can bring a motion that is new only if the decoder has words for it; so the autoencoder of MANTRA practises on bent
copies too, which no memory ever holds. This is ours; the paper trains on the samples alone. Shapes: B batch, F future; metres.
"""

import math

import torch
from torch import Tensor

MOST = 1.1 * math.pi
"""The largest turn: a little more than back to where one came from."""


def bend(future: Tensor) -> Tensor:
    """Each future, `(B, F, 2)` from the present at 0, with a turn of a random angle that begins somewhere and takes a while."""
    count, length, _ = future.shape
    drawn = torch.rand(count, 3, 1, device=future.device)
    angle = (2 * drawn[:, 0] - 1) * MOST
    begin, takes = 0.6 * length * drawn[:, 1], (0.08 + 0.6 * drawn[:, 2]) * length
    step = torch.arange(1, length + 1, device=future.device)
    turned = angle * ((step - begin) / takes).clamp(0, 1)
    moves = torch.diff(future, dim=1, prepend=torch.zeros_like(future[:, :1]))
    x, y = moves.unbind(-1)
    cos, sin = turned.cos(), turned.sin()
    return torch.stack((cos * x - sin * y, sin * x + cos * y), -1).cumsum(1)
