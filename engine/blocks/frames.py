"""Frames of reference for trajectories: centred on an agent's present place and turned so that all come from the same side.

Marchetti et al., "MANTRA" (2020), section 4.1; the angle is taken from the last stretch that is long enough to have a direction,
for at walking pace a few points alone are noise. Shapes: B batch, P past, F future; metres.
"""

from typing import NamedTuple

import torch
from torch import Tensor

LEAST = 0.05
"""Metres: what is shorter has no direction."""


class Frame(NamedTuple):
    """Where an agent is and which way it goes: `origin (B, 2)`, `turn (B, 2, 2)` that brings its way onto (0, 1), upwards."""

    origin: Tensor
    turn: Tensor

    def inside(self, points: Tensor) -> Tensor:
        """World to frame: `(B, T, 2)`."""
        return (points - self.origin.unsqueeze(-2)) @ self.turn.mT

    def outside(self, points: Tensor) -> Tensor:
        """Frame to world: `(B, ..., T, 2)`."""
        extra = points.dim() - 3
        turn = self.turn.reshape(len(self.turn), *(1,) * extra, 2, 2)
        return points @ turn + self.origin.reshape(len(self.origin), *(1,) * (extra + 1), 2)


def frame_of(past: Tensor, back: int = 4) -> Frame:
    """The frame of each agent, `(B, P, 2)`: its direction is that of its last `back` steps, or of a longer stretch if those are
    too short; an agent that has not moved keeps the world's axes."""
    origin = past[:, -1]
    ways = origin.unsqueeze(1) - past[:, :-1]  # from each earlier point to the present
    order = torch.arange(ways.shape[1], device=past.device)
    long = (ways.norm(dim=-1) > LEAST) & (order <= ways.shape[1] - back)
    newest = torch.where(long, order, -1).max(1).values
    way = torch.where(
        (newest >= 0).unsqueeze(-1), ways[torch.arange(len(past)), newest.clamp(min=0)], past.new_tensor([0.0, 1.0])
    )
    way = way / way.norm(dim=-1, keepdim=True)
    x, y = way.unbind(-1)
    turn = torch.stack((torch.stack((y, -x), -1), torch.stack((x, y), -1)), -2)
    return Frame(origin, turn)
