"""Trajectories of one's own as they are drawn or typed: to the text that the engine reads, and told in words."""

import math

import numpy as np

from app.state.trajectories import Pose, frame_of, scene_at, trajectory_channels, views_of
from engine.contract.own_trajectory import BadTrajectoryError, Line, Sample, read_samples
from engine.contract.trace import Array, Trace

_REACHES = (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10)


def points_of(trace: Trace) -> int:
    """Of how many points a trajectory is seen."""
    channels = trajectory_channels(trace)
    return int(trace.arrays[channels[0].name].shape[2]) if channels else 2


def agents_of(trace: Trace) -> int:
    """How many agents a sample may have."""
    channels = trajectory_channels(trace)
    return int(trace.arrays[channels[0].name].shape[1]) if channels else 1


def samples_of(trace: Trace) -> list[Sample]:
    """What the user wrote, or else the first sample of the stream, seen from behind with its present place in the middle."""
    if trace.card.own:
        try:
            return read_samples(trace.card.own)
        except BadTrajectoryError:
            return []
    if not trajectory_channels(trace):
        return []
    scene, view = scene_at(trace, 0), views_of(trace)[0]
    pose = frame_of([trace], view).pose(scene)
    pose = pose if view == "from behind" else Pose(place=_middle(scene.past[list(scene.agents)]))
    return [tuple(_line(pose.inside(scene.past[agent])) for agent in scene.agents)]


def samples_to_text(samples: list[Sample]) -> str:
    """ "0,0 0,1 ; 5,0 5,2"."""
    return " ; ".join(" | ".join(" ".join(f"{x:.4g},{y:.4g}" for x, y in line) for line in sample) for sample in samples)


def sentence_of(error: BadTrajectoryError) -> str:
    """What the reader is told of it."""
    said = str(error)
    return f"{said[:1].upper()}{said[1:]}."


def evenly(drawn: list[tuple[float, float]], count: int) -> Line:
    """A line that was drawn by hand as `count` points at equal distances, a little smoothed; () if it has no length."""
    points = np.asarray(drawn, float).reshape(-1, 2)
    for _ in range(2):  # a hand trembles
        if len(points) > 2:
            points[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
    gone = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=-1))]) if len(points) else np.zeros(1)
    if gone[-1] <= 0:
        return ()
    at = np.linspace(0, gone[-1], max(count, 2))
    return _line(np.stack([np.interp(at, gone, points[:, axis]) for axis in (0, 1)], -1))


def length_of(line: Line) -> float:
    """How long a line is, in metres."""
    return float(np.linalg.norm(np.diff(np.asarray(line, float), axis=0), axis=-1).sum()) if len(line) > 1 else 0.0


def reach_of(samples: list[Sample], least: float) -> float:
    """Half the side of a square around the origin that holds all points: a round number, at least `least`."""
    far = max((max(abs(x), abs(y)) for sample in samples for line in sample for x, y in line), default=0.0)
    wished = max(far * 1.1, least, 1e-3)
    power = 10.0 ** math.floor(math.log10(wished))
    return float(next(power * factor for factor in _REACHES if power * factor >= wished * (1 - 1e-9)))


def told(samples: list[Sample]) -> str:
    """ "2 samples; the last goes 12.4 m in 20 points."."""
    if not samples:
        return "Nothing is drawn yet."
    many = "1 sample" if len(samples) == 1 else f"{len(samples)} samples"
    line, agents = samples[-1][-1], len(samples[-1])
    who = "it" if len(samples) == 1 and agents == 1 else "the last agent" if agents > 1 else "the last"
    return f"{many}; {who} goes {length_of(line):.1f} m in {len(line)} points."


# ---- the inside -------------------------------------------------------------------------------------------------------------


def _line(points: Array) -> Line:
    return tuple((round(float(x), 2) + 0.0, round(float(y), 2) + 0.0) for x, y in points)


def _middle(past: Array) -> tuple[float, float]:
    x, y = past[:, -1].mean(0)
    return float(x), float(y)
