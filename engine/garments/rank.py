"""How good a list of bottoms is. Shapes: B tops, C bottoms on offer, K the list's length."""

import torch
from torch import Tensor

from engine.garments.closet import Closet


def order_of(scores: Tensor) -> Tensor:
    """The bottoms, best first: `(B, C) -> (B, C)`; of equals the one with the smaller number."""
    order: Tensor = torch.sort(scores, dim=-1, descending=True, stable=True)[1]
    return order


def hits(closet: Closet, order: Tensor, top: Tensor, bottom: Tensor, k: int) -> dict[str, Tensor]:
    """Of the first `k` of each list: whether the category, the colour, and both at once of what was worn are there; the share
    that goes with the top; the share of the ways to go with it that are there. `(B,)` each, NaN where nobody knows."""
    listed = order[:, :k]
    category, colour = torch.from_numpy(closet.category), torch.from_numpy(closet.colour)
    worn = bottom.clamp(min=0)[:, None]
    same_category, same_colour = category[listed] == category[worn], colour[listed] == colour[worn]
    all_modes = closet.modes_of(top)
    modes = all_modes.gather(1, listed)
    numbers = range(len(closet.mode_names))
    there = torch.stack([(all_modes == mode).any(-1) for mode in numbers], -1).float()
    offered = torch.stack([(modes == mode).any(-1) for mode in numbers], -1).float()
    found = {
        "hit": (same_category & same_colour).any(-1).float(),
        "category": same_category.any(-1).float(),
        "colour": same_colour.any(-1).float(),
    }
    found = {name: torch.where(bottom >= 0, value, torch.nan) for name, value in found.items()}
    precision, coverage = (modes >= 0).float().mean(-1), offered.sum(-1) / there.sum(-1)
    return found | {
        "precision": torch.where(there.any(-1), precision, torch.nan),
        "coverage": torch.where(there.any(-1), coverage, torch.nan),
    }


def auc(closet: Closet, scores: Tensor, top: Tensor, bottom: Tensor) -> Tensor:
    """The share of bottoms that do not go with the top which what was worn is ranked above: `(B,)`."""
    worn = bottom.clamp(min=0)[:, None]
    negative = (closet.modes_of(top) < 0).scatter(1, worn, False)
    right = scores.gather(1, worn)
    above = (right > scores).float() + 0.5 * (right == scores).float()
    found = torch.where(negative, above, 0.0).sum(-1) / negative.sum(-1)
    return torch.where(bottom >= 0, found, torch.nan)


def diversity(alike: Tensor, listed: Tensor) -> Tensor:
    """How unlike the bottoms of each list are, pair by pair on average: `(C, C), (B, K) -> (B,)`."""
    many = listed.shape[-1]
    if many < 2:
        return torch.zeros(len(listed))
    pairs = alike[listed[:, :, None], listed[:, None, :]]
    return 1 - (pairs.sum((-1, -2)) - many) / (many * (many - 1))
