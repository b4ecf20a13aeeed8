"""A trajectory of the user's own, as text: points "x,y" in metres with spaces between, the last one now; ";" parts samples, and
"|" the agents of one sample. However many points there are, they are taken to be equally far apart in time."""

import numpy as np
import torch

from engine.tasks.base import BadInputError, TrajectoryBatch, TrajectoryEpisode

MOST_SAMPLES, MOST_AGENTS, MOST_POINTS = 200, 64, 10_000
FARTHEST = 10_000.0
"""Metres from the origin that a point may be."""

EXAMPLE = 'write points such as "0,0 0,1 0.5,2", the last one now'


def own_episode(text: str, past: int, future: int, most_agents: int) -> TrajectoryEpisode:
    """A stream of the user's own samples, of which nobody knows what came; BadInputError says what is wrong, and where."""
    samples = [sample for sample in text.split(";") if sample.strip()]
    if not samples:
        raise BadInputError(f"there is no trajectory in it; {EXAMPLE}")
    if len(samples) > MOST_SAMPLES:
        raise BadInputError(f"there are {len(samples)} samples; at most {MOST_SAMPLES} can be shown")
    ways = [_agents(number, sample, past, most_agents) for number, sample in enumerate(samples, 1)]
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


def _agents(number: int, sample: str, past: int, most: int) -> np.ndarray:
    """All agents of one sample: `(A, past, 2)`."""
    ways = sample.split("|")
    if len(ways) > min(most, MOST_AGENTS):
        allowed = "one agent" if most == 1 else f"at most {min(most, MOST_AGENTS)} agents"
        raise BadInputError(f"sample {number} has {len(ways)} agents; here a sample has {allowed}")
    return np.stack([_resampled(_points(number, way), past) for way in ways])


def _points(number: int, way: str) -> np.ndarray:
    words = way.split()
    if len(words) < 2:
        few = {0: "no point", 1: "one point only"}[len(words)]
        raise BadInputError(f"sample {number}: a trajectory in it has {few}; at least two are needed: {EXAMPLE}")
    if len(words) > MOST_POINTS:
        raise BadInputError(f"sample {number}: a trajectory in it has {len(words)} points; at most {MOST_POINTS} are read")
    return np.array([_point(number, place, word) for place, word in enumerate(words, 1)])


def _point(number: int, place: int, word: str) -> tuple[float, float]:
    where = f"sample {number}, point {place}"
    parts = word.split(",")
    try:
        if len(parts) != 2 or not word.isascii():
            raise ValueError
        x, y = float(parts[0]), float(parts[1])
    except ValueError:
        raise BadInputError(f"{where}: {word[:24]!r} is no point; {EXAMPLE}") from None
    if not max(abs(x), abs(y)) <= FARTHEST:
        raise BadInputError(f"{where}: {word[:24]} is farther than {FARTHEST:.0f} metres from the origin, or no number")
    return x, y


def _resampled(points: np.ndarray, count: int) -> np.ndarray:
    """So many points, equally far apart in time, from the first to the last: `(n, 2) -> (count, 2)`."""
    at = np.linspace(0, len(points) - 1, count)
    return np.stack([np.interp(at, np.arange(len(points)), points[:, axis]) for axis in (0, 1)], -1)
