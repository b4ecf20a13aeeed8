"""Agents that come to a small place from all sides, wait at its edge, and cross it one after the other.

Who goes when follows from what all of them did, never from one agent's own past: they go in the order in which they came, but in
the reverse order if the first to come was quick. So a crossing cannot be foreseen without knowing the others. After the Synthetic
Social Agents of Marchetti et al., "SMEMO" (2022), with a rule of our own. Nothing is noisy. Shapes: n scenes, A agents; metres.
"""

from dataclasses import dataclass
from typing import NamedTuple
from zlib import crc32

import numpy as np

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Whole = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Truths = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

DT, PAST, FUTURE = 0.1, 20, 40
"""Seconds between points; points seen, the last one now; points to come."""

FEWEST, MOST = 3, 6
"""Agents in a scene."""

STOP = 0.45
"""Metres from the middle at which they wait."""

CLEAR = 0.25
"""Metres beyond the middle that an agent has come when the next one starts."""

HURRY = 1.6
"""How many times as fast they cross as they came."""

QUICK = 0.55
"""Metres a second: if the first to come is faster, the order is reversed."""

SLOWEST, FASTEST = 0.35, 0.75
EARLIEST, LATEST = 0.3, 1.9
"""Metres a second, and seconds from the first point on until an agent stops."""

SCATTER = 0.25
"""Radians by which an agent's side may be off an even spacing."""


class Comers(NamedTuple):
    """Who comes: `angle (n, A)` the side that each comes from, `speed (n, A)`, `arrival (n, A)` seconds after the first point
    at which it stops, `present (n, A)`."""

    angle: Floats
    speed: Floats
    arrival: Floats
    present: Truths


@dataclass(frozen=True, slots=True, eq=False)
class Crossings:
    """What they do: `past (n, A, 20, 2)`, `future (n, A, 40, 2)`, both 0 where nobody is; `turn (n, A)` 0 for who goes first, -1
    for nobody; `waits (n, A)` for whom each waits, -1 for none; `is_reversed (n,)`."""

    past: Floats
    future: Floats
    present: Truths
    turn: Whole
    waits: Whole
    is_reversed: Truths

    def __len__(self) -> int:
        return len(self.present)

    def texts(self) -> tuple[str, ...]:
        """Each scene in words."""
        return tuple(_text(turn, back) for turn, back in zip(self.turn, self.is_reversed.tolist(), strict=True))


def _text(turn: Whole, is_reversed: bool) -> str:
    order = [str(agent + 1) for agent in np.argsort(turn, kind="stable") if turn[agent] >= 0]
    return f"they go {', '.join(order)}: " + ("in reverse, for the first to come was quick" if is_reversed else "as they came")


def draw(count: int, agents: int, world: int, purpose: str, seed: int = 0, is_varied: bool = False) -> Comers:
    """So many scenes of this many agents, or of three to so many."""
    chance = np.random.default_rng((crc32(purpose.encode()), world, seed))
    number = chance.integers(FEWEST, agents + 1, count) if is_varied else np.full(count, agents)
    present = np.arange(agents) < number[:, None]
    even = 2 * np.pi * np.arange(agents) / number[:, None]
    angle = even + chance.uniform(-SCATTER, SCATTER, (count, agents)) + chance.uniform(-np.pi, np.pi, (count, 1))
    speed = chance.uniform(SLOWEST, FASTEST, (count, agents))
    arrival = chance.uniform(EARLIEST, LATEST, (count, agents))
    return Comers(angle, speed, arrival, present)


def cross(comers: Comers, is_plain: bool = False) -> Crossings:
    """What follows from who comes; `is_plain`: they go as they came, whoever is quick."""
    angle, speed, arrival, present = comers
    first = np.where(present, arrival, np.inf).argmin(1)
    quick = speed[np.arange(len(speed)), first] > QUICK
    is_reversed = np.zeros_like(quick) if is_plain else quick
    order = _order(arrival, present, is_reversed)
    turn, waits, starts = _turns(order, speed, present)
    ray = np.stack((np.cos(angle), np.sin(angle)), -1)
    seen = np.arange(PAST) * DT
    left = np.maximum(arrival[..., None] - seen, 0.0) * speed[..., None]
    past = (STOP + left)[..., None] * ray[:, :, None]
    come = np.arange(1, FUTURE + 1) * DT
    gone = np.maximum(come - starts[..., None], 0.0) * HURRY * speed[..., None]
    future = (STOP - gone)[..., None] * ray[:, :, None]
    there = present[..., None, None]
    return Crossings(past * there, future * there, present, turn, waits, is_reversed)


def _order(arrival: Floats, present: Truths, is_reversed: Truths) -> Whole:
    """Which agent goes first, second ...: `(n, A)`; those who are not there stand last."""
    sign = np.where(is_reversed, -1.0, 1.0)[:, None]
    order: Whole = np.where(present, sign * arrival, np.inf).argsort(1, kind="stable")
    return order


def _turns(order: Whole, speed: Floats, present: Truths) -> tuple[Whole, Whole, Floats]:
    """Each agent's turn, for whom it waits, and when it starts, seconds from now."""
    rows = np.arange(len(order))
    turn, waits, starts = np.full_like(order, -1), np.full_like(order, -1), np.zeros(order.shape)
    clock, before = np.zeros(len(order)), np.full(len(order), -1)
    for place in range(order.shape[1]):
        agent = order[:, place]
        there = present[rows, agent]
        turn[rows, agent] = np.where(there, place, -1)
        waits[rows, agent] = np.where(there, before, -1)
        starts[rows, agent] = clock
        clock = clock + (STOP + CLEAR) / (HURRY * speed[rows, agent])
        before = agent
    return turn, waits, starts


def comers_seen(past: Floats, present: Truths) -> Comers:
    """Who comes, read off what is seen of all of them: `(n, A, 20, 2)`. The rule does the rest."""
    far = np.linalg.norm(past, axis=-1)
    speed = np.where(present, (far[..., 0] - far[..., 1]) / DT, 1.0)
    angle = np.arctan2(past[..., 0, 1], past[..., 0, 0])
    return Comers(angle, speed, (far[..., 0] - STOP) / speed, present)
