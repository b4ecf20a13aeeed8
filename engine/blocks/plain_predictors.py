"""What foresees a trajectory without a memory and almost without learning: standing still, going on, and a linear regression.

Shapes: N agents, P points seen, F points foreseen; metres.
"""

import torch
from torch import Tensor

from engine.blocks.frames import frame_of

RIDGE = 1e-6
"""Keeps the regression's equations soluble where two coordinates are always the same."""


def standing_still(past: Tensor, points: int) -> Tensor:
    """Every agent stays where it is: `(N, P, 2) -> (N, F, 2)`."""
    return past[:, -1:].expand(-1, points, -1)


def constant_velocity(past: Tensor, points: int) -> Tensor:
    """Every agent goes on as in its last step: `(N, P, 2) -> (N, F, 2)`."""
    counts = torch.arange(1, points + 1, device=past.device, dtype=past.dtype)
    return past[:, -1:] + counts[:, None] * (past[:, -1:] - past[:, -2:-1])


class LinearRegression:
    """Each coordinate of the future as a weighted sum of those of the past, in the agent's own frame; least squares."""

    def __init__(self, past: Tensor, future: Tensor) -> None:
        """Fit it, in one go: `(N, P, 2), (N, F, 2)`."""
        frame = frame_of(past)
        seen, came = _row(frame.inside(past)), frame.inside(future).double().flatten(1)
        equations = seen.mT @ seen
        equations.diagonal().add_(RIDGE * len(seen))
        self._weights = torch.linalg.solve(equations, seen.mT @ came)

    def __call__(self, past: Tensor) -> Tensor:
        """What it foresees: `(N, P, 2) -> (N, F, 2)`."""
        frame = frame_of(past)
        came = (_row(frame.inside(past)) @ self._weights.to(past.device)).unflatten(1, (-1, 2))
        return frame.outside(came.to(past.dtype))


def _row(past: Tensor) -> Tensor:
    """The coordinates of each past in a row, and a 1: `(N, 2 * P + 1)`."""
    flat = past.double().flatten(1)
    return torch.cat((flat, torch.ones_like(flat[:, :1])), 1)
