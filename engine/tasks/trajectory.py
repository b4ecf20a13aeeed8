"""What all tasks of trajectories share: the loss, the figures, the plain predictors beside them, and what a trace shows.

Shapes: B samples, A agents, P points seen, F points to come, K candidates foreseen; metres.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from engine.blocks.displacement import distances, independent_best, joint_best, of_the_best, on_average, share_found
from engine.blocks.plain_predictors import LinearRegression, constant_velocity, standing_still
from engine.contract.cards import Channel, Metric
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Array, Phase
from engine.tasks.base import Batch, Episode, Shown, TrajectoryBatch, TrajectoryEpisode

COUNTS = (1, 5, 10, 20)
"""Of so many candidates the best is taken, for the table."""

HEADLINE = 5
"""And for every other figure, or of all candidates where there are fewer."""


class TrajectoryTask(ABC):
    """What is the same for every set of trajectories; a task of its own says where its samples come from.

    Figures are means over agents, not over samples: `score` gives `(B * A,)` numbers, NaN where there is no agent or nobody knows
    what came.
    """

    missed_at: float = 2.0
    """Metres from where it ended: a future whose end no candidate comes nearer to is missed."""

    horizons: tuple[tuple[str, int], ...] = (("1 s", 10), ("2 s", 20), ("3 s", 30), ("4 s", 40))
    """Names of the rows of the table by time, and after how many points each is measured."""

    kinds: tuple[str, ...] = ()
    """The sorts of samples."""

    @abstractmethod
    def training(self) -> TrajectoryBatch:
        """The whole training set."""

    @abstractmethod
    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Draw a training batch."""

    @abstractmethod
    def held_out(self) -> Batch:
        """Samples that are never trained on."""

    @abstractmethod
    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """Samples for an evaluation."""

    @abstractmethod
    def episode(self, wish: EpisodeWish) -> Episode:
        """A stream of samples."""

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """The mean square of the distance at each point, of the best of K candidates; only that one is taught."""
        moving = trajectories(batch)
        far = distances(outputs, moving.future)
        return of_the_best(far).square()[counts(moving)].mean()

    def cost(self, loss: float, batch: Batch) -> float:
        """Square metres."""
        return loss

    def judge(self, outputs: Tensor, batch: Batch) -> float:
        """The mean distance of the best of five."""
        return float(self.score(outputs, batch)["ade"].nanmean())

    def state(self) -> dict[str, list[str]]:
        """Nothing to keep: what is drawn follows from the settings."""
        return {}

    def brief(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """The two figures of the best of five."""
        moving = trajectories(batch)
        return _named(joint_best(distances(outputs[:, :, :HEADLINE], moving.future)), moving)

    def score(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """Every figure of the card, for each agent of each sample."""
        moving = trajectories(batch)
        far = distances(outputs, moving.future)
        few = far[:, :, :HEADLINE]
        found = _named(joint_best(few), moving)
        for count in COUNTS:
            if count <= far.shape[2]:
                found |= _rows(f"by_k.{count}", joint_best(far[:, :, :count]), moving)
        found |= _rows("independent", independent_best(few), moving) | _rows("mean_of_k", on_average(few), moving)
        found["missed"] = _only((few[..., -1].amin(-1) > self.missed_at).float(), moving)
        chosen = of_the_best(few)
        for name, points in self.horizons:
            found |= _rows(f"by_horizon.{name}", (chosen[..., :points].mean(-1), chosen[..., points - 1]), moving)
        for name, foresee in self._plain.items():
            plain = foresee(moving.past.flatten(0, 1)).reshape_as(moving.future)
            found |= _rows(name, joint_best(distances(plain.unsqueeze(2), moving.future)), moving)
        return found | self._modes(outputs, moving)

    def _modes(self, outputs: Tensor, batch: TrajectoryBatch) -> dict[str, Tensor]:
        if batch.valid is None:
            return {}
        return {"mode_coverage": share_found(outputs[:, 0, :HEADLINE], batch.valid)}

    @cached_property
    def _plain(self) -> dict[str, Callable[[Tensor], Tensor]]:
        """What foresees without a memory; the regression is fitted once, to all agents of the training set,
        if there is one."""
        training = self.training()
        there, points = counts(training), training.future.shape[2]
        plain: dict[str, Callable[[Tensor], Tensor]] = {
            "constant_velocity": lambda past: constant_velocity(past, points),
            "standing_still": lambda past: standing_still(past, points),
        }
        if there.any():
            plain["linear_regression"] = LinearRegression(training.past[there], training.future[there])
        return plain

    def show(self, episode: Episode, outputs: Tensor) -> Shown:
        """The scene of each sample: what was seen, what came, what was foreseen, and how far off that was."""
        if not isinstance(episode, TrajectoryEpisode):
            raise TypeError(f"a task of trajectories has no {type(episode).__name__}")
        batch = episode.batch
        there = batch.present[..., None, None]
        known = counts(batch)[..., None, None]
        error = _over_agents(joint_best(distances(outputs[:, :, :HEADLINE], batch.future))[0], batch)
        arrays = {
            "scene.past": _array(batch.past.where(there, torch.nan)),
            "scene.future": _array(batch.future.where(known, torch.nan)),
            "scene.foreseen": _array(outputs.where(there.unsqueeze(-1), torch.nan)),
            "scene.present": _array(batch.present),
            "scene.error": _array(error),
            "scene.kind": _array(batch.kind),
        }
        if batch.map is not None and batch.reach is not None:
            arrays |= {"scene.map": _array(batch.map), "scene.reach": _array(batch.reach)}
        outcome = {name: float(values.nanmean()) for name, values in self.brief(outputs, batch).items()}
        return Shown(
            arrays=arrays,
            phases=self.phases(episode),
            labels={"sample": episode.texts, "scene.kind": self.kinds} | self._labels(),
            outcome={name: value for name, value in outcome.items() if np.isfinite(value)},
        )

    def _labels(self) -> dict[str, tuple[str, ...]]:
        """Names of the entries of other axes."""
        return {}

    def phases(self, episode: TrajectoryEpisode) -> tuple[Phase, ...]:
        """The stretches of the stream, in samples."""
        return ()


def trajectories(batch: Batch) -> TrajectoryBatch:
    """The batch, which must be one of trajectories."""
    if not isinstance(batch, TrajectoryBatch):
        raise TypeError(f"a task of trajectories has no {type(batch).__name__}")
    return batch


def counts(batch: TrajectoryBatch) -> Tensor:
    """Which agents are there and have a future that somebody knows: `(B, A)`."""
    return batch.present if batch.known is None else batch.present & batch.known.unsqueeze(1)


def _only(values: Tensor, batch: TrajectoryBatch) -> Tensor:
    """One number an agent, `(B, A) -> (B * A,)`, NaN where none counts."""
    return values.where(counts(batch), torch.nan).flatten()


def _named(figures: tuple[Tensor, Tensor], batch: TrajectoryBatch) -> dict[str, Tensor]:
    return {name: _only(values, batch) for name, values in zip(("ade", "fde"), figures, strict=True)}


def _rows(row: str, figures: tuple[Tensor, Tensor], batch: TrajectoryBatch) -> dict[str, Tensor]:
    return {f"{row}.{name}": values for name, values in _named(figures, batch).items()}


def _over_agents(values: Tensor, batch: TrajectoryBatch) -> Tensor:
    """The mean over the agents of each sample, `(B, A) -> (B,)`."""
    return values.where(counts(batch), torch.nan).nanmean(1)


def _array(value: Tensor) -> Array:
    array: Array = value.detach().cpu().numpy().astype(np.float32, copy=True)
    return array


CHANNELS: tuple[Channel, ...] = (
    Channel(name="scene.past", axes=("agent", "time", "xy"), kind="trajectory", role="past", bounded=False, low=-1.0,
            title="past", symbol="x", says="Where each agent was, point after point; the last point is now. Metres."),
    Channel(name="scene.future", axes=("agent", "time", "xy"), kind="trajectory", role="truth", bounded=False, low=-1.0,
            title="what came", symbol="y", says="Where each agent went then; no predictor sees it beforehand."),
    Channel(name="scene.foreseen", axes=("agent", "future", "time", "xy"), kind="trajectory", role="foreseen", bounded=False,
            low=-1.0, title="futures foreseen", symbol="ŷ", says="Where each agent may go, the likeliest future first."),
    Channel(name="scene.present", axes=("agent",), kind="gate", role="present", title="agents there", symbol="there",
            says="1 for an agent that is part of the scene."),
    Channel(name="scene.error", axes=(), kind="scalar", role="error", bounded=False, title="error, best of five", symbol="ADE",
            says="The mean distance between what came and the best of (at most) five futures foreseen, over all agents; metres."),
    Channel(name="scene.kind", axes=(), kind="tokens", role="input", bounded=False, low=-1.0, title="sort of scene",
            symbol="sort", says="Which sort of scene it is, where the task knows; no predictor sees it."),
)  # fmt: skip

MAP_CHANNELS: tuple[Channel, ...] = (
    Channel(name="scene.map", axes=("row", "column"), kind="image", role="map", title="map", symbol="S",
            says="Where one can drive, seen from above with the first agent in the middle: 1 road, 0 none. North is up."),
    Channel(name="scene.reach", axes=(), kind="scalar", role="reach", bounded=False, title="reach of the map", symbol="reach",
            says="How many metres it is from the middle of the map to its edge."),
)  # fmt: skip

METRICS: tuple[Metric, ...] = (
    Metric(name="ade", title="mean distance, best of 5", unit="m",
           says="The mean distance to what came, over all points, of the best of five futures foreseen (of all, if fewer)."),
    Metric(name="fde", title="final distance, best of 5", unit="m", says="The distance at the last point, of the same future."),
    Metric(name="by_k", title="by the number of futures", unit="m",
           says="Mean and final distance of the best of so many futures; that with the least mean distance is taken for both."),
    Metric(name="independent", title="best of 5, each for itself", unit="m",
           says="The least mean and the least final distance, each of whatever future has it: the other convention in use."),
    Metric(name="mean_of_k", title="mean of 5", unit="m",
           says="The same two for a future taken at random from the five: to foresee more makes the best better, not this."),
    Metric(name="missed", title="missed", says="The share of agents to whose end none of five futures comes near."),
    Metric(name="by_horizon", title="by time ahead", unit="m",
           says="Mean distance up to this moment and distance at it, of the best of five over the whole time."),
    Metric(name="memory_off", title="without the memory", unit="m",
           says="Mean and final distance of the best of five with the same weights and nothing read from the memory."),
    Metric(name="unrefined", title="without the map", unit="m",
           says="The same of a model that looks at the map last, if it does not: what the memory alone gives."),
    Metric(name="constant_velocity", title="constant velocity", unit="m",
           says="Mean and final distance if every agent goes on as in its last step."),
    Metric(name="standing_still", title="standing still", unit="m",
           says="Mean and final distance if every agent stays where it is."),
    Metric(name="linear_regression", title="linear regression", unit="m",
           says="Mean and final distance of a weighted sum of the past, fitted to the training set by least squares."),
)  # fmt: skip
"""The first is the headline."""

MEMORY_METRICS: tuple[Metric, ...] = (
    Metric(name="memory_rows", title="slots written", says="How many samples the memory holds.", unit="slots"),
    Metric(name="samples_presented", title="samples presented", says="How many samples it was offered.", unit="samples"),
)
"""What a model with a growing memory says of itself."""
