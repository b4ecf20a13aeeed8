"""MANTRA's refinement: each future looks at the map where it goes, and is moved by what it sees; four times in a row.

Marchetti et al., "MANTRA: Memory Augmented Networks for Multiple Trajectory Prediction" (2020), section 3.4.
Ours differs: no batch normalisation, by which the samples of a batch would touch each other; between cells the map is
interpolated, so that a small move is seen; and it begins by moving nothing.

What it is worth on junctions: the best of five futures is 0.37 m off, 0.61 m without it, better with each of five seeds, by
0.24 m (95 % interval ±0.07); with another car's map it is 4 m off and more. The likeliest future alone becomes worse, for
only the best of K is taught. (`slotscope train mantra junctions --set refinement=map --set tolerance=0.35 --set slots=160`,
then `slotscope evaluate RUN --episodes 500`, rows `ade` and `unrefined`; the first three stages of four runs were those of
mantra-junctions.)

Shapes: n agents, K futures, F points to come, S pixels of the map's side, D features of a code, C of a cell; metres.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks.frames import Frame

ROUNDS = 4
"""How often each future is moved."""

FIRST, CELL = 8, 16
"""Features after the first look at the map, and of each cell."""


class Ground(NamedTuple):
    """The map around each of some agents: `picture (n, S, S)` 1 for road, row 0 in the north; `reach (n,)` metres from its middle
    to an edge; `middle (n, 2)` where that lies in the world."""

    picture: Tensor
    reach: Tensor
    middle: Tensor

    def only(self, rows: Any) -> "Ground":
        """Of some of the agents."""
        return Ground(self.picture[rows], self.reach[rows], self.middle[rows])

    def inside(self, frame: Frame) -> Tensor:
        """The same turned and moved into each agent's frame, `(n, 1, S, S)`: 1 road, -1 none, 0 where the map says nothing."""
        side = self.picture.shape[-1]
        across = ((torch.arange(side, device=self.picture.device) + 0.5) * 2 / side - 1).to(self.picture.dtype)
        north, east = torch.meshgrid(-across, across, indexing="ij")
        points = torch.stack((east, north), -1).reshape(1, -1, 2) * self.reach.reshape(-1, 1, 1)
        world = frame.outside(points) - self.middle.unsqueeze(1)
        return _looked_up(2 * self.picture.unsqueeze(1) - 1, world.reshape(-1, side, side, 2), self.reach, "nearest")


def ground_of(batch: Any) -> Ground | None:
    """The map of each sample, once for each of its agents, `n = B * A`; None where there is none."""
    if batch.map is None or batch.reach is None:
        return None
    agents = batch.past.shape[1]
    parts = (batch.map, batch.reach, batch.past[:, 0, -1])
    return Ground(*(part.repeat_interleave(agents, 0) for part in parts))


class MapRefinement(nn.Module):
    """Convolutions that see the map, and a recurrent network that goes along a future and says how far each point is moved."""

    def __init__(self, width: int, future: int) -> None:
        super().__init__()
        # six wide where it goes two pixels at a time, so that the middle of each cell is that of the pixels it stands for
        self.see = nn.Sequential(
            nn.Conv2d(1, FIRST, 6, stride=2, padding=2), nn.ReLU(), nn.Conv2d(FIRST, CELL, 5, padding=2), nn.ReLU()
        )
        self.gru = nn.GRU(CELL, width, batch_first=True)
        self.out = nn.Linear(width, 2 * future)
        for name, parameter in self.named_parameters():
            is_nothing = "bias" in name or name.startswith("out.")
            nn.init.zeros_(parameter) if is_nothing else nn.init.kaiming_normal_(parameter)

    def seen(self, ground: Ground, frame: Frame) -> Tensor:
        """What there is in each cell of the map in the agents' frames: `(n, C, S / 2, S / 2)`."""
        cells: Tensor = self.see(ground.inside(frame))
        return cells

    def moved(self, futures: Tensor, key: Tensor, cells: Tensor, reach: Tensor) -> Tensor:
        """The futures `(n, K, F, 2)` moved once, all in the agents' frames; `key (n, D)` says what was seen of each agent."""
        agents, many, points, _ = futures.shape
        below = _looked_up(cells, futures, reach, "bilinear")  # (n, C, K, F)
        along = below.permute(0, 2, 3, 1).reshape(agents * many, points, CELL)
        _, last = self.gru(along, key.repeat_interleave(many, 0).unsqueeze(0))
        moves: Tensor = self.out(last[0])
        return futures + moves.reshape(futures.shape)

    def forward(self, futures: Tensor, key: Tensor, cells: Tensor, reach: Tensor) -> Tensor:
        """The futures after all rounds."""
        for _ in range(ROUNDS):
            futures = self.moved(futures, key, cells, reach)
        return futures


def refinement_for(interface: dict[str, int], width: int) -> MapRefinement:
    """One for a task; ValueError if it gives no map."""
    if not interface["map"]:
        raise ValueError(
            "refinement: 'map' needs a task that gives a map, and here is none; junctions has one, if its setting “map” is on"
        )
    return MapRefinement(width, interface["future"])


def _looked_up(picture: Tensor, points: Tensor, reach: Tensor, mode: str) -> Tensor:
    """What a picture `(n, C, S, S)` shows at points `(n, H, W, 2)` in metres from its middle: `(n, C, H, W)`; 0 beyond its edges.
    `reach` leads to the outer edge of the last pixel, not to its middle: in torch's words, the corners are not aligned."""
    grid = points / reach.reshape(-1, 1, 1, 1) * points.new_tensor([1.0, -1.0])
    return F.grid_sample(picture, grid, mode=mode, padding_mode="zeros", align_corners=False)
