"""A trajectory of the user's own as a stream of samples; however many points there are, they are taken to be equally far apart in
time."""

import numpy as np
import torch

from engine.contract.own_trajectory import BadTrajectoryError, read_samples
from engine.tasks.base import BadInputError, TrajectoryBatch, TrajectoryEpisode


def own_episode(text: str, past: int, future: int, most_agents: int) -> TrajectoryEpisode:
    """A stream of the user's own samples, of which nobody knows what came; BadInputError says what is wrong, and where."""
    try:
        samples = read_samples(text, most_agents)
    except BadTrajectoryError as error:
        raise BadInputError(str(error)) from None
    ways = [np.stack([_resampled(np.array(line), past) for line in sample]) for sample in samples]
    agents = max(len(each) for each in ways)
    count = len(ways)
    seen, present = torch.zeros(count, agents, past, 2), torch.zeros(count, agents, dtype=torch.bool)
    for row, each in enumerate(ways):
        seen[row, : len(each)] = torch.from_numpy(each).float()
        present[row, : len(each)] = True
    none = torch.full((count,), -1)
    batch = TrajectoryBatch(
        past=seen, future=torch.zeros(count, agents, future, 2), present=present, kind=none, number=none,
        known=torch.zeros(count, dtype=torch.bool),
    )  # fmt: skip
    return TrajectoryEpisode(batch=batch, texts=tuple(f"your own, {number}" for number in range(1, count + 1)))


def _resampled(points: np.ndarray, count: int) -> np.ndarray:
    """So many points, equally far apart in time, from the first to the last: `(n, 2) -> (count, 2)`."""
    at = np.linspace(0, len(points) - 1, count)
    return np.stack([np.interp(at, np.arange(len(points)), points[:, axis]) for axis in (0, 1)], -1)
