"""How far foreseen trajectories are from what came: average and final displacement, of the best of K candidates.

ADE is the mean distance over the points of a future, FDE the distance at its last point. Two conventions for the best of K: the
candidate is chosen once, by its mean distance, and all is reported of it (Marchetti et al., "MANTRA", 2020: here the rule), or
the least ADE and the least FDE may be of different candidates (Gupta et al., "Social GAN", 2018: here called independent).
Shapes: K candidates, F points of a future, V futures that might as well have come; metres.
"""

import torch
from torch import Tensor

FOUND = 1.25
"""Metres, on average over the points: a future that might have come is found by a candidate nearer than this, the mean of the
distances that MANTRA lets pass within 1, 2, 3 and 4 seconds."""


def distances(foreseen: Tensor, truth: Tensor) -> Tensor:
    """At each point: `(..., K, F, 2), (..., F, 2) -> (..., K, F)`."""
    far: Tensor = torch.linalg.vector_norm(foreseen - truth.unsqueeze(-3), dim=-1)
    return far


def best_of(far: Tensor) -> Tensor:
    """The candidate with the least mean distance: `(..., K, F) -> (...)`."""
    return far.mean(-1).argmin(-1)


def of_the_best(far: Tensor) -> Tensor:
    """The distances of that candidate: `(..., K, F) -> (..., F)`."""
    index = best_of(far)[..., None, None].expand(*far.shape[:-2], 1, far.shape[-1])
    return far.gather(-2, index).squeeze(-2)


def joint_best(far: Tensor) -> tuple[Tensor, Tensor]:
    """ADE and FDE of the candidate with the least ADE: `(..., K, F) -> (...), (...)`."""
    chosen = of_the_best(far)
    return chosen.mean(-1), chosen[..., -1]


def independent_best(far: Tensor) -> tuple[Tensor, Tensor]:
    """The least ADE and the least FDE, of whatever candidate each: `(..., K, F) -> (...), (...)`."""
    return far.mean(-1).amin(-1), far[..., -1].amin(-1)


def on_average(far: Tensor) -> tuple[Tensor, Tensor]:
    """ADE and FDE of a candidate taken at random: their means over all, `(..., K, F) -> (...), (...)`."""
    return far.mean((-2, -1)), far[..., -1].mean(-1)


def share_found(foreseen: Tensor, valid: Tensor) -> Tensor:
    """The share of valid futures that are found: `(B, K, F, 2), (B, V, F, 2) -> (B,)`, rows of NaN are no futures.

    A future is found by a candidate that is nearer to it than to any other valid one, and nearer than FOUND.
    """
    exists = valid.isfinite().all(-1).all(-1)
    far = (foreseen.unsqueeze(2) - valid.nan_to_num(0.0).unsqueeze(1)).norm(dim=-1).mean(-1)  # (B, K, V)
    far = far.masked_fill(~exists.unsqueeze(1), torch.inf)
    nearest = torch.zeros_like(far, dtype=torch.bool).scatter_(-1, far.argmin(-1, keepdim=True), True)
    found = (nearest & (far < FOUND)).any(1)
    share: Tensor = (found & exists).sum(-1) / exists.sum(-1)
    return share
