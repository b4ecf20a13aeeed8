"""Junctions: a car comes to a junction, and where it will go cannot be told from what is seen of it.

Our own stand-in for the streets of Marchetti et al., "MANTRA: Memory Augmented Networks for Multiple Trajectory Prediction"
(2020): small enough to know every future that might as well have come.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor

from engine.contract.cards import Metric, Setting, Settings, TaskCard
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Phase
from engine.tasks.base import BadInputError, Batch, Episode, TaskEntry, TrajectoryBatch, TrajectoryEpisode
from engine.tasks.own_trajectory import own_episode
from engine.tasks.trajectory import CHANNELS, MAP_CHANNELS, MEMORY_METRICS, METRICS, TrajectoryTask
from engine.tasks.trajectory_batches import joined
from engine.trajectories.junctions import DT, FUTURE, PAST, ROADS, Cars, Roads
from engine.trajectories.road_map import REACH, SIDE, draw_roads

HELD_OUT, TESTED, AT_ONCE = 300, 50, 250
"""Samples that choose the best checkpoint; samples that test each phase of a stream; samples tested together."""

CALM = ("straight road", "T junction", "lanes")
PHASES: tuple[tuple[str, float, tuple[str, ...], bool], ...] = (
    ("A: no crossings", 0.25, CALM, False),
    ("B: crossings too", 0.30, ROADS, False),
    ("C: U-turns too", 0.25, ROADS, True),
    ("D: as in A", 0.20, CALM, False),
)
"""Name, share of the stream, roads, and whether there are U-turns."""


class Junctions(TrajectoryTask):
    """The task with its settings in place; training draws from a finite set of cars."""

    def __init__(self, settings: Settings) -> None:
        self.roads = Roads(int(settings["world"]))
        self.kinds = self.roads.sorts
        self._samples, self._length = int(settings["samples"]), int(settings["length"])
        self._stream, self._u_turns, self._map = settings["stream"], bool(settings["u_turns"]), bool(settings["map"])

    @property
    def interface(self) -> dict[str, int]:
        """One agent, two seconds seen, four to come."""
        return {"past": PAST, "future": FUTURE, "agents": 1, "map": SIDE if self._map else 0}

    def training(self) -> TrajectoryBatch:
        """All cars of the training set, without their maps."""
        return self._batch(self._training, torch.arange(self._samples), is_training=True, has_map=False)

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Cars of the training set, drawn with replacement."""
        return self._batch(self._training, torch.randint(self._samples, (size,), generator=generator), is_training=True)

    def held_out(self) -> Batch:
        """Cars that are never trained on."""
        return self._held_out

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """New cars, from the same roads as those of the training."""
        cars = self.roads.draw(episodes, "test", seed, u_turns=self._u_turns)
        for first in range(0, episodes, AT_ONCE):
            yield self._batch(cars, torch.arange(first, min(first + AT_ONCE, episodes)))

    def episode(self, wish: EpisodeWish) -> Episode:
        """The user's own trajectories, or a stream of new cars drawn from the seed, on all roads mixed or in phases."""
        if wish.own.strip():
            return own_episode(wish.own, PAST, FUTURE, 1)
        return self._in_phases(wish.seed) if self._stream == "phases" else self._mixed(wish.seed)

    def phases(self, episode: TrajectoryEpisode) -> tuple[Phase, ...]:
        """Those of the stream; none where it is mixed."""
        if episode.phase is None or len(episode.tests) < 2:
            return ()
        ends = [int((episode.phase <= number).sum()) for number in range(len(PHASES))]
        firsts = [0, *ends[:-1]]
        return tuple(
            Phase(name=name, first=first, last=end - 1)
            for (name, *_), first, end in zip(PHASES, firsts, ends, strict=True)
            if end > first
        )

    def _mixed(self, seed: int) -> TrajectoryEpisode:
        cars = self.roads.draw(self._length, "episode", seed, u_turns=self._u_turns)
        tested = self.roads.draw(TESTED, "tested", u_turns=self._u_turns)
        return TrajectoryEpisode(
            batch=self._all(cars), texts=cars.texts(), tests=(self._all(tested),),
            phase=torch.zeros(self._length, dtype=torch.long),
        )  # fmt: skip

    def _in_phases(self, seed: int) -> TrajectoryEpisode:
        """Each phase with cars that test it; the last is tested by those of the first, which show whether anything is lost."""
        batches: list[TrajectoryBatch] = []
        tests: list[TrajectoryBatch] = []
        texts: list[str] = []
        phase: list[int] = []
        for number, ((_, _, roads, u_turns), count) in enumerate(zip(PHASES, shares(self._length), strict=True)):
            cars = self.roads.draw(count, f"episode, phase {number}", seed, roads, u_turns)
            tested = self.roads.draw(TESTED, f"tested {roads} {u_turns}", 0, roads, u_turns)
            batches.append(self._all(cars))
            texts += cars.texts()
            tests.append(self._all(tested))
            phase += [number] * count
        return TrajectoryEpisode(batch=joined(batches), texts=tuple(texts), tests=tuple(tests), phase=torch.tensor(phase))

    def _all(self, cars: Cars) -> TrajectoryBatch:
        return self._batch(cars, torch.arange(len(cars)))

    def _batch(self, cars: Cars, rows: Tensor, is_training: bool = False, has_map: bool = True) -> TrajectoryBatch:
        chosen, drawn = rows.numpy(), self._map and has_map
        return TrajectoryBatch(
            past=torch.from_numpy(cars.past[chosen]).unsqueeze(1),
            future=torch.from_numpy(cars.future[chosen]).unsqueeze(1),
            present=torch.ones(len(rows), 1, dtype=torch.bool),
            kind=torch.from_numpy(cars.sort[chosen]),
            number=rows if is_training else torch.full_like(rows, -1),
            valid=torch.from_numpy(cars.valid[chosen]),
            map=torch.from_numpy(draw_roads(cars, chosen)) if drawn else None,
            reach=torch.full((len(rows),), REACH) if drawn else None,
        )

    @cached_property
    def _training(self) -> Cars:
        return self.roads.draw(self._samples, "training", u_turns=self._u_turns)

    @cached_property
    def _held_out(self) -> TrajectoryBatch:
        return self._all(self.roads.draw(HELD_OUT, "held out", u_turns=self._u_turns))


def shares(length: int) -> list[int]:
    """How many samples of the stream each phase has."""
    ends = [round(sum(share for _, share, *_ in PHASES[: number + 1]) * length) for number in range(len(PHASES))]
    return [end - first for first, end in zip([0, *ends[:-1]], ends, strict=True)]


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> Junctions:
    """The task. BadInputError if a folder of data is given: it draws its own."""
    if data is not None:
        raise BadInputError(f"{data}: junctions draws its own cars and reads no data; streets and crowds read files")
    return Junctions(settings)


ENTRY = TaskEntry(
    card=TaskCard(
        id="junctions",
        name="Junctions",
        form="trajectories",
        idea="A car comes along a road. For two seconds it is watched; where will it be in the next four? Before a junction it "
        "may turn or go straight on, and nothing in its past says which: a good answer is several futures.",
        settings=(
            Setting(name="length", default=40, low=1, high=2000, title="Length",
                    says="How many cars one episode shows, one after the other."),
            Setting(name="stream", default="mixed", choices=("mixed", "phases"), title="Stream",
                    says="Mixed: all sorts of roads from the start. Phases: a quarter of the stream without crossings (A), then "
                    "30 % with them (B), a quarter with U-turns too (C), and the last fifth as at the start (D)."),
            Setting(name="samples", default=2000, low=20, high=50_000, title="Cars",
                    says="How many different cars the training draws from, over and over."),
            Setting(name="u_turns", default=False, title="U-turns",
                    says="Whether cars turn round in the training, in the test and in a mixed stream; phase C always has some."),
            Setting(name="map", default=True, title="Map",
                    says="Whether the road is drawn from above; a model may use it, and a long stream is smaller without it."),
            Setting(name="world", default=0, low=0, high=1_000_000, title="World",
                    says="Another number draws other cars."),
        ),
        channels=(*CHANNELS, *MAP_CHANNELS),
        metrics=(
            *METRICS,
            Metric(name="mode_coverage", title="futures found",
                   says="The share of all futures that might as well have come that one of five comes near to: nearer than to "
                   "any other of them, and within 1.25 m on average."),
            *MEMORY_METRICS,
        ),
        own_input="trajectory",
        own_says=f"Its last point is now; what is drawn is taken to last {PAST * DT:.0f} seconds. No road is known.",
        loss_unit="square metres, best future",
        is_judged_by_metric=True,
    ),
    build=build,
)  # fmt: skip
