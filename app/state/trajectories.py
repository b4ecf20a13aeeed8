"""Where agents go: what was seen of each, what may come and from which slot, what came; on one scale for the whole stream.

Found by kinds, roles and axes: trajectories of roles past, truth and foreseen, the slots that are retrieved, a map. Shapes: A
agents, K futures, T points in time, coordinates in metres.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from engine.contract.cards import Channel, Role
from engine.contract.trace import Array, Trace

_MARGIN = 0.07
"""How much of the picture is left free around the trajectories."""
_STILL = 1.35
"""A picture up to so many times as wide as its widest sample shows all of them in one place; else it follows the agents."""
_OUTLIERS = 1.0
"""Percent of the foreseen points, at either end, that may lie beyond the picture."""
_BACK, _LEAST = 4, 0.05
"""Over how many points the direction of an agent is taken, and how many metres it must have gone in them."""

View = Literal["from behind", "north up", "the world"]
"""Turned so that the agent comes from below; not turned, with the agents in the middle; not turned, in one place of the world."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """One sample: `past (A, P, 2)`, `truth (A, F, 2)` (NaN where nobody knows it), `foreseen (A, K, F, 2)`; metres."""

    past: Array
    truth: Array
    foreseen: Array
    agents: tuple[int, ...]
    """Those who are there."""
    slots: tuple[int, ...]
    """From which slot each future comes (-1: from none); empty where futures come from no slots."""
    success: tuple[float, ...]
    """How much of what happened each future explains, 0 to 1; empty where nobody says."""
    mean: Array
    """Mean distance of each future from what happened, `(A, K)`: the average displacement error."""
    end: Array
    """The distance at the last point, `(A, K)`."""
    unrefined: tuple[float, ...]
    """The mean distance of each future of the first agent as the memory gave it, before a model that does so looked at the map;
    empty where none does."""
    ground: Array | None
    """The map, `(row, column)` from 0 to 1, north at the top; its middle is the present place of the first agent."""
    reach: float
    """Metres from the middle of the map to its edge."""
    at: int | None
    """The point in time at which the model stands, of P + F; None where it takes the whole sample in one step."""

    @property
    def futures(self) -> int:
        """How many futures are foreseen of each agent."""
        return int(self.foreseen.shape[1])

    @property
    def is_known(self) -> bool:
        """Whether it is known what happened."""
        return bool(np.isfinite(self.mean).any())

    def best(self, agent: int) -> int:
        """The future that came closest to what happened; of an unknown end the likeliest, which stands first."""
        errors = self.mean[agent]
        return int(np.nanargmin(errors)) if np.isfinite(errors).any() else 0

    @property
    def error(self) -> float:
        """The mean distance of the best future, on average over the agents; NaN where nobody knows."""
        best = [float(self.mean[agent, self.best(agent)]) for agent in self.agents if self.futures]
        return float(np.mean(best)) if best else float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """From which place and in which direction a sample is looked at: `way` is the direction that points up in the picture."""

    place: tuple[float, float] = (0.0, 0.0)
    way: tuple[float, float] = (0.0, 1.0)

    def inside(self, points: Array) -> Array:
        """From the world to the picture, `(..., 2)`."""
        x, y = self.way
        found: Array = (np.asarray(points, np.float32) - np.asarray(self.place, np.float32)) @ np.array(
            [[y, x], [-x, y]], np.float32
        )
        return found

    def outside(self, points: Array) -> Array:
        """Back from the picture to the world."""
        x, y = self.way
        found: Array = np.asarray(points, np.float32) @ np.array([[y, -x], [x, y]], np.float32) + np.asarray(
            self.place, np.float32
        )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is drawn, the same at every step: `low` and `high` corners of the picture."""

    low: tuple[float, float]
    high: tuple[float, float]
    view: View

    def pose(self, scene: Scene) -> Pose:
        """How a sample is looked at."""
        return _pose(scene, self.view)


def trajectory_channels(trace: Trace) -> list[Channel]:
    """What was seen, what is foreseen, what happened; empty where nothing moves."""
    past = _of(trace, "past", ("agent", "time", "xy"))
    told = (past, _of(trace, "foreseen", ("agent", "future", "time", "xy")), _of(trace, "truth", ("agent", "time", "xy")))
    return [channel for channel in told if channel is not None] if past is not None else []


def scene_at(trace: Trace, step: int, most: int = 0) -> Scene:
    """The sample at a step, with its first `most` futures (0: all); call only where there are `trajectory_channels`."""
    past = _values(trace, "past", ("agent", "time", "xy"), step)
    truth, foreseen = _values(trace, "truth", ("agent", "time", "xy"), step), _foreseen(trace, step)
    past = past if past is not None else np.zeros((1, 0, 2), np.float32)
    past, truth = _presented(trace, step, past, truth)
    foreseen = foreseen if foreseen is not None else np.zeros((len(past), 0, 0, 2), np.float32)
    truth = truth if truth is not None else np.full((len(past), foreseen.shape[2], 2), np.nan, np.float32)
    there = _values(trace, "present", ("agent",), step)
    agents = tuple(np.flatnonzero(there > 0.5).tolist()) if there is not None else tuple(range(len(past)))
    slots, success = _values(trace, "retrieved", ("future",), step), _values(trace, "success", ("future",), step)
    kept = _worth_showing(foreseen[list(agents)], slots)[: most or None]
    foreseen = foreseen[:, kept]
    mean, end = _errors(foreseen, truth)
    ground, reach = _ground(trace, step)
    return Scene(
        past=past, truth=truth, foreseen=foreseen, agents=agents,
        slots=tuple(int(slots[k]) for k in kept) if slots is not None else (),
        success=tuple(float(success[k]) for k in kept) if success is not None and np.isfinite(success).all() else (),
        mean=mean, end=end, unrefined=_unrefined(trace, step, truth, kept), ground=ground, reach=reach, at=moment(trace, step),
    )  # fmt: skip


def moment(trace: Trace, step: int) -> int | None:
    """The point in time at which a step of a sample stands; None where a sample is one step."""
    each = trace.card.sample_steps
    return step % each if each > 1 else None


def views_of(trace: Trace) -> tuple[View, ...]:
    """How the samples can be looked at, the best first: one agent from behind, several as they stand in the world."""
    past = _of(trace, "past", ("agent", "time", "xy"))
    return ("from behind", "north up") if past is not None and trace.arrays[past.name].shape[1] == 1 else ("north up",)


def frame_of(traces: Sequence[Trace], view: View) -> Frame:
    """One picture for all samples of these streams. With the north up it stays in one place of the world if they lie together."""
    found = [trace for trace in traces if trajectory_channels(trace)]
    low, high = _span(found, view)
    if view == "north up":
        whole_low, whole_high = _span(found, "the world")
        if float((whole_high - whole_low).max()) <= _STILL * float((high - low).max()):
            view, low, high = "the world", whole_low, whole_high
    return _framed(low, high, view)


def fitted(frame: Frame, scene: Scene) -> Frame:
    """The same view with a scale of this sample's own: no sample before or after it has the same."""
    corners = _corners_of(scene, frame.view)
    return _framed(corners[0], corners[1], frame.view) if corners is not None else frame


def agent_name(trace: Trace, agent: int) -> str:
    """ "agent 2": counted from 1, or by the name that the task gives it."""
    names = trace.card.labels.get("agent", ())
    return names[agent] if agent < len(names) else f"agent {agent + 1}"


def future_name(scene: Scene, future: int) -> str:
    """ "slot 31", where futures come from slots; else "future 2"."""
    if not scene.slots:
        return f"future {future + 1}" if scene.futures > 1 else "foreseen"
    slot = scene.slots[future]
    return f"slot {slot}" if slot >= 0 else "no slot"


def heads_of(trace: Trace, futures: int) -> Channel | None:
    """The read heads where each agent has one for each of its futures, agent by agent; None where heads are no agents."""
    past = _of(trace, "past", ("agent", "time", "xy"))
    reads = next((c for c in trace.of_role("read") if c.axes == ("head", "slot")), None)
    if past is None or reads is None or trace.of_role("retrieved"):
        return None
    agents, heads = trace.arrays[past.name].shape[1], trace.arrays[reads.name].shape[1]
    return reads if heads == agents * max(futures, 1) else None


def whole_futures(trace: Trace) -> int:
    """How many futures of each agent the model gives, with those that are not worth showing."""
    foreseen = _of(trace, "foreseen", ("agent", "future", "time", "xy"))
    return int(trace.arrays[foreseen.name].shape[2]) if foreseen is not None else 0


# ---- the inside -------------------------------------------------------------------------------------------------------------


def _of(trace: Trace, role: Role, axes: tuple[str, ...]) -> Channel | None:
    return next((channel for channel in trace.of_role(role) if channel.axes == axes), None)


def _values(trace: Trace, role: Role, axes: tuple[str, ...], step: int) -> Array | None:
    channel = _of(trace, role, axes)
    return np.asarray(trace.at(channel.name, step)) if channel is not None else None


def _presented(trace: Trace, step: int, past: Array, truth: Array | None) -> tuple[Array, Array | None]:
    """What was shown to the model where an edit put another sample there: its past, and after it what came."""
    edited = {edit.channel for edit in trace.card.edits if edit.holds_at(step)}
    shown = [channel for channel in trace.of_kind("trajectory") if channel.axes == ("time", "xy")]
    if len(past) != 1 or not edited.intersection(channel.name for channel in shown):
        return past, truth
    first, *rest = (np.asarray(trace.at(channel.name, step))[None] for channel in shown)
    return first, rest[0] if rest else truth


def _foreseen(trace: Trace, step: int) -> Array | None:
    return _values(trace, "foreseen", ("agent", "future", "time", "xy"), step)


def _worth_showing(foreseen: Array, slots: Array | None) -> list[int]:
    """Futures that say something of their own: those from a slot, or unlike all before them; the first in any case."""
    count = int(foreseen.shape[1])
    if slots is not None:
        kept = [k for k in range(count) if slots[k] >= 0]
    else:
        kept = [k for k in range(count) if not any(np.array_equal(foreseen[:, k], foreseen[:, j]) for j in range(k))]
    return kept or list(range(min(count, 1)))


def _errors(foreseen: Array, truth: Array) -> tuple[Array, Array]:
    """Of `(A, K, F, 2)` and `(A, F, 2)` the mean distance over time and that at the end, `(A, K)`; NaN where nobody knows."""
    if not foreseen.size or truth.shape[1] != foreseen.shape[2]:
        none = np.full(foreseen.shape[:2], np.nan, np.float32)
        return none, none
    off: Array = np.linalg.norm(foreseen - truth[:, None], axis=-1).astype(np.float32)
    return off.mean(-1), off[..., -1]


def _unrefined(trace: Trace, step: int, truth: Array, kept: list[int]) -> tuple[float, ...]:
    """How far off the futures of the first agent are before the first of several looks; empty if there are none, or no map."""
    looks = next((c for c in trace.of_kind("trajectory") if c.axes == ("hop", "future", "time", "xy")), None)
    if looks is None:
        return ()
    before = np.asarray(trace.at(looks.name, step))[:1, kept]
    mean, _ = _errors(before, truth[:1])
    return tuple(mean[0].tolist()) if np.isfinite(before).all() else ()


def _ground(trace: Trace, step: int) -> tuple[Array | None, float]:
    channel = _of(trace, "map", ("row", "column"))
    reach = _values(trace, "reach", (), step)
    if channel is None or reach is None or not float(reach) > 0:
        return None, 0.0
    picture = np.nan_to_num((np.asarray(trace.at(channel.name, step)) - channel.low) / (channel.high - channel.low))
    return np.clip(picture, 0, 1).astype(np.float32), float(reach)


def _pose(scene: Scene, view: View) -> Pose:
    some = list(scene.agents)
    if view == "the world" or not some or not scene.past.shape[1]:
        return Pose()
    middle = scene.past[some, -1].mean(0)
    place = float(middle[0]), float(middle[1])
    return Pose(place=place, way=_way_of(scene.past[some[0]]) if view == "from behind" else (0.0, 1.0))


def _way_of(past: Array) -> tuple[float, float]:
    """Where an agent is heading: along its last points, or a longer stretch if those are too short; up if it has not moved."""
    ways = past[-1] - past[: max(len(past) - _BACK, 0) or 1]
    sizes = np.linalg.norm(ways, axis=-1)
    long = np.flatnonzero(sizes > _LEAST)
    if not len(long):
        return 0.0, 1.0
    x, y = (ways[long[-1]] / sizes[long[-1]]).tolist()
    return x, y


def _span(traces: Sequence[Trace], view: View) -> tuple[Array, Array]:
    """The corners of a picture that holds every sample."""
    corners = [corner for trace in traces for corner in _corners(trace, view)]
    if not corners:
        return np.full(2, -1.0, np.float32), np.full(2, 1.0, np.float32)
    every: Array = np.concatenate(corners)
    return every.min(0), every.max(0)


@lru_cache(maxsize=4)
def _corners(trace: Trace, view: View) -> tuple[Array, ...]:
    """Of each sample the lowest and the highest place, `(2, 2)`; asked for at every step, and always the same."""
    steps = range(0, trace.steps, max(trace.card.sample_steps, 1))
    found = [_corners_of(scene_at(trace, step), view) for step in steps]
    return tuple(corners for corners in found if corners is not None)


def _corners_of(scene: Scene, view: View) -> Array | None:
    """The lowest and the highest place of a sample, `(2, 2)`; None where nothing is there."""
    some, pose = list(scene.agents), _pose(scene, view)
    sure = pose.inside(np.concatenate([scene.past[some].reshape(-1, 2), scene.truth[some].reshape(-1, 2)]))
    sure = sure[np.isfinite(sure).all(-1)]
    guessed = pose.inside(scene.foreseen[some].reshape(-1, 2))
    if len(guessed):
        sure = np.concatenate([sure, np.percentile(guessed, (_OUTLIERS, 100 - _OUTLIERS), axis=0)])
    return np.stack([sure.min(0), sure.max(0)]) if len(sure) else None


def _framed(low: Array, high: Array, view: View) -> Frame:
    """Corners with some room around them."""
    room = max(float((high - low).max()), 1.0e-3) * _MARGIN
    low, high = low - room, high + room
    return Frame(low=(float(low[0]), float(low[1])), high=(float(high[0]), float(high[1])), view=view)
