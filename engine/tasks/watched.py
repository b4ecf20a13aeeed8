"""Trajectories that somebody watched and wrote into files: what is the same for cars and for pedestrians."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from engine.contract.messages import EpisodeWish
from engine.tasks.base import BadInputError, Batch, Episode, TrajectoryBatch, TrajectoryEpisode
from engine.tasks.own_trajectory import own_episode
from engine.tasks.trajectory import TrajectoryTask
from engine.tasks.trajectory_batches import packed, picked, strange, varied

TESTED = 50
"""Samples that test a stream as it goes on."""

TRAINED_AT_ONCE, AT_ONCE, HELD_OUT = 250, 1000, 2000
"""Agents (places for them, filled or not) that are trained on together, are measured together, and judge a checkpoint: of a crowd
of fifty, each with twenty futures, more take long, and do not fit into the memory of a small machine."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """All samples of the files; `texts` name those of the test. `notes`: what the reader of a figure should know."""

    training: TrajectoryBatch
    held_out: TrajectoryBatch
    test: TrajectoryBatch
    texts: tuple[str, ...]
    notes: tuple[str, ...] = ()


class Watched(TrajectoryTask):
    """A task on real files, read once."""

    points: tuple[int, int]
    """How many are seen, and how many are to come."""

    def __init__(self, parts: Parts, length: int, is_varied: bool = False) -> None:
        self._parts, self._length, self._is_varied = parts, length, is_varied

    @property
    def interface(self) -> dict[str, int]:
        """As many agents as the fullest scene has."""
        agents = max(part.present.shape[1] for part in (self._parts.training, self._parts.test))
        return {"past": self.points[0], "future": self.points[1], "agents": agents, "map": 0}

    def training(self) -> TrajectoryBatch:
        """All samples of the training files."""
        return self._parts.training

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Samples of the training files, drawn with replacement; of full scenes fewer. BadInputError if there is none."""
        training = self._parts.training
        if not training.size:
            raise BadInputError("there is nothing to train on; the folder holds the files of the test only")
        drawn = packed(picked(training, torch.randint(training.size, (size,), generator=generator)))
        agents = drawn.present.shape[1]
        few = drawn if agents == 1 else packed(picked(drawn, torch.arange(min(size, max(TRAINED_AT_ONCE // agents, 1)))))
        return varied(few, generator) if self._is_varied else few

    def held_out(self) -> Batch:
        """A part of the training files that is never trained on; of very many samples, some of the whole length of the files."""
        held = packed(self._parts.held_out)
        apart = -(-held.present.numel() // HELD_OUT)
        return strange(packed(picked(held, torch.arange(0, held.size, apart))))

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """The samples of the test files, all of them, or so many of them drawn from the seed."""
        test = strange(self._parts.test)
        rows = torch.randperm(test.size, generator=torch.Generator().manual_seed(seed))[:episodes].sort().values
        many = max(AT_ONCE // test.present.shape[1], 1)
        for first in range(0, len(rows), many):
            yield packed(picked(test, rows[first : first + many]))

    def episode(self, wish: EpisodeWish) -> Episode:
        """The user's own trajectories, or a stream of samples of the test files drawn from the seed; it is tested by others."""
        if wish.own.strip():
            return own_episode(wish.own, *self.points, self.interface["agents"])
        test = strange(self._parts.test)
        rows = torch.randperm(test.size, generator=torch.Generator().manual_seed(wish.seed))
        shown = rows[: self._length]
        left = rows[self._length :][-TESTED:]
        return TrajectoryEpisode(
            batch=picked(test, shown), texts=tuple(self._parts.texts[row] for row in shown.tolist()),
            tests=(picked(test, left),) if len(left) else (), phase=torch.zeros(len(shown), dtype=torch.long),
        )  # fmt: skip

    def untested(self) -> str:
        """What the reader of a figure should know of the files."""
        return "; ".join(self._parts.notes)


def every_tenth(count: int) -> torch.Tensor:
    """True for every tenth, and for the last of fewer than ten: `(count,)`."""
    numbers = torch.arange(count)
    return numbers % 10 == 9 if count >= 10 else numbers == count - 1
