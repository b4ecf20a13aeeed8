"""A predictor without a memory: one linear step from picture to picture. It offers the mean of all styles."""

import torch
from torch import Tensor
from torch.nn import functional as F

COARSE = 12
"""Pictures are seen in so many pixels a side."""
STIFF = 1.0
"""How strongly its numbers are held near 0."""


class Ridge:
    """Ridge regression, worked out at once from pairs `(n, S, S, 3)`."""

    def __init__(self, tops: Tensor, bottoms: Tensor) -> None:
        seen, came = _coarse(tops), _coarse(bottoms)
        self._mean_top, self._mean_bottom = seen.mean(0), came.mean(0)
        seen, came = seen - self._mean_top, came - self._mean_bottom
        self._step = torch.linalg.solve(seen.T @ seen + STIFF * torch.eye(seen.shape[1]), seen.T @ came)

    def scores(self, tops: Tensor, catalogue: Tensor) -> Tensor:
        """How close each bottom on offer is to what it foresees: `(B, S, S, 3), (C, S, S, 3) -> (B, C)`."""
        foreseen = (_coarse(tops) - self._mean_top) @ self._step + self._mean_bottom
        return -torch.cdist(foreseen, _coarse(catalogue))


def _coarse(pictures: Tensor) -> Tensor:
    return F.adaptive_avg_pool2d(pictures.movedim(-1, 1), COARSE).flatten(1)
