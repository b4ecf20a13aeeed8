"""What every task promises: it makes batches and episodes, owns the loss and the metrics, and knows no model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from engine.contract.cards import Settings, TaskCard
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Array, Event, Phase


class BadInputError(ValueError):
    """Something a user gave cannot be used; the message is one sentence that names the place and what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SequenceBatch:
    """Episodes of form "sequence": `inputs (T, B, I)`, `targets (T, B, O)`, `scored (T,)` is 1 where the output counts."""

    inputs: Tensor
    targets: Tensor
    scored: Tensor

    @property
    def size(self) -> int:
        """How many episodes."""
        return self.inputs.shape[1]

    @property
    def steps(self) -> int:
        """How many steps each episode has."""
        return self.inputs.shape[0]


PAD, BEGIN, END = 0, 1, 2
"""Symbols of form "pairs" that stand for no content; the task's own begin at 3."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairBatch:
    """Episodes of form "pairs", `B` sources and their targets, all of one length: `source (S, B)`, `target (T + 1, B)` symbols.

    A target begins with BEGIN and ends with END; a model sees `target[:-1]` and should say `target[1:]`, so it makes S steps
    over the source and T over the target. `taught`: the decoder is fed the true target (teacher forcing); otherwise, what it
    said itself at the step before.
    """

    source: Tensor
    target: Tensor
    taught: bool = True

    @property
    def size(self) -> int:
        """How many episodes."""
        return self.source.shape[1]

    @property
    def steps(self) -> int:
        """The steps over the source, then those over the target."""
        return self.source.shape[0] + self.target.shape[0] - 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoryBatch:
    """Questions of form "story", `B` of them, each with the sentences told before it.

    `sentences (B, N, J)` word indices, 0 = no word; row n is slot n: the sentences in the order told, and once all slots are
    full the oldest makes room; `present (B, N)` true where there is a sentence; `ages (B, N)` 1 for the newest sentence, 2 for
    the one before, 0 where there is none or their order means nothing; `question (B, J)`; `answer (B,)`, -1 where nobody knows
    it; `group (B,)` the number of the published task that each question is of, -1 where it is of none; `supports (B, S)` the
    slots of the sentences that the answer rests on, in the order in which they are named, -1 where there is no further one,
    nobody knows it, or it is gone.

    Where a sentence is a fact with two sides, `keys (B, N, J)` are the words by which it is found and `values (B, N, J)` those
    that are read from it.
    """

    sentences: Tensor
    present: Tensor
    ages: Tensor
    question: Tensor
    answer: Tensor
    group: Tensor
    supports: Tensor
    keys: Tensor | None = None
    values: Tensor | None = None

    @property
    def size(self) -> int:
        """How many questions."""
        return self.question.shape[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StoryEpisode:
    """One whole story to step through: step = line, a statement or a question.

    `lines[t]` is the question's row of `batch` (all the story's questions), or None for a statement; `slots[t]` is the memory
    slot that a statement goes to, or None for a question. `words (T, J)` are the lines' words, `texts` the lines as written;
    `supports (questions, N)` is 1 at the slots of the facts that an answer rests on, NaN in rows where nobody knows them.
    """

    batch: StoryBatch
    lines: tuple[int | None, ...]
    slots: tuple[int | None, ...]
    words: Tensor
    texts: tuple[str, ...]
    supports: Tensor
    keys: Tensor | None = None
    """Of facts with two sides, the words by which each line's fact is found, `(T, J)`: none of a question."""
    values: Tensor | None = None
    """The words that are read from it, `(T, J)`."""
    note: str = ""
    """What the reader should be told of this story, for instance that it is longer than the memory."""

    @property
    def steps(self) -> int:
        """How many lines the story has."""
        return len(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PictureBatch:
    """Samples of form "pictures", `B` of them: a picture and a question about it.

    `pictures (B, S, S, 3)` from 0 to 1: row, column, colour; `question (B, J)` word indices, 0 = no word; `answer (B,)`, -1 where
    nobody knows it; `number (B,)` which sample of the training it is, -1 for one that training never shows; `asked (B,)` the sort
    of question.
    """

    pictures: Tensor
    question: Tensor
    answer: Tensor
    number: Tensor
    asked: Tensor

    @property
    def size(self) -> int:
        """How many samples."""
        return self.question.shape[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PictureEpisode:
    """A stream of samples to step through: step = one picture with its question; `batch` holds them in order.

    `texts` are the questions as written; `places (T,)` the region that each one asks about, -1 where it asks about all.
    """

    batch: PictureBatch
    texts: tuple[str, ...]
    places: Tensor

    @property
    def steps(self) -> int:
        """How many samples the stream has."""
        return self.batch.size


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrajectoryBatch:
    """Samples of form "trajectories", `B` of them, each a scene of up to `A` agents, in metres.

    `past (B, A, P, 2)`, `future (B, A, F, 2)`: the last point of the past is the present; both are 0 where there is no agent.
    `present (B, A)` true where there is one; the first agent always is. `kind (B,)` which sort of scene it is (an index into the
    task's labels "scene.kind"), -1 where nobody knows; `number (B,)` which sample of the training it is, -1 for one that training
    never shows. Nothing is centred or rotated: a model that wishes so does it itself (`engine.blocks.frames`).

    Where somebody knows them, for measuring and for showing only: `known (B,)` false where nobody knows what came, and `future`
    is 0 there (None: all is known); `valid (B, V, F, 2)` all futures that might as well have come of the first agent, NaN where
    there are fewer than V; `waits (B, A)` for which agent each one has to wait before it goes, -1 for none.

    `map (B, S, S)` 1 where one can drive or walk, seen from above: row 0 is the top, where y is largest, column 0 the left; the
    first agent's present place is in the middle; `reach (B,)` metres from there to an edge.
    """

    past: Tensor
    future: Tensor
    present: Tensor
    kind: Tensor
    number: Tensor
    known: Tensor | None = None
    valid: Tensor | None = None
    waits: Tensor | None = None
    map: Tensor | None = None
    reach: Tensor | None = None

    @property
    def size(self) -> int:
        """How many samples."""
        return self.past.shape[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrajectoryEpisode:
    """A stream of samples to go through, in order; how many steps each of them takes, the model says.

    `tests`: held-out samples on which a model is scored while the stream goes on, one batch for each phase of the stream, or
    none; `phase (T,)` which of them belongs to each sample. `score_every`: after how many samples it is scored again.
    """

    batch: TrajectoryBatch
    texts: tuple[str, ...]
    tests: tuple[TrajectoryBatch, ...] = ()
    phase: Tensor | None = None
    score_every: int = 20

    @property
    def steps(self) -> int:
        """How many samples the stream has."""
        return self.batch.size


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GarmentBatch:
    """Pairs of form "garments", `B` of them: a top and a bottom that goes with it.

    `tops (B, S, S, 3)` and `bottoms (B, S, S, 3)` are pictures from 0 to 1: row, column, colour; `catalogue (C, S, S, 3)` are the
    bottoms that can be offered and `shelf (T, S, S, 3)` the tops there are, the same for all; `top (B,)` and `bottom (B,)` are
    the numbers of the two in these, -1 for what is in neither; `number (B,)` which sample of the training it is, -1 for none.

    `alike (3, C, C)`: how alike any two bottoms on offer are, 0 to 1: as a whole, in shape, in colour; by it success is measured.
    `pool`: pairs of the training that a memory can be filled with anew, to compare; None: none are given.
    """

    tops: Tensor
    bottoms: Tensor
    catalogue: Tensor
    shelf: Tensor
    top: Tensor
    bottom: Tensor
    number: Tensor
    alike: Tensor
    pool: "GarmentBatch | None" = None

    @property
    def size(self) -> int:
        """How many pairs."""
        return self.tops.shape[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GarmentEpisode:
    """A stream of pairs to go through, as in `TrajectoryEpisode`."""

    batch: GarmentBatch
    texts: tuple[str, ...]
    tests: tuple[GarmentBatch, ...] = ()
    phase: Tensor | None = None
    score_every: int = 20

    @property
    def steps(self) -> int:
        """How many pairs the stream has."""
        return self.batch.size


Batch = SequenceBatch | PairBatch | StoryBatch | PictureBatch | TrajectoryBatch | GarmentBatch
Episode = SequenceBatch | PairBatch | StoryEpisode | PictureEpisode | TrajectoryEpisode | GarmentEpisode


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a task adds to the trace of an episode: its own channels `(step, *axes)`, phases, events, labels, and the metrics."""

    arrays: dict[str, Array]
    phases: tuple[Phase, ...] = ()
    events: tuple[Event, ...] = ()
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    outcome: dict[str, float] = field(default_factory=dict)


class Task(Protocol):
    """A task with its settings (and data) in place."""

    @property
    def interface(self) -> dict[str, int]:
        """The sizes that a model needs: "inputs", "outputs" (sequence); "symbols" (pairs);
        "words", "answers", "longest", "slots" (story); "words", "answers", "longest", "side", "regions" (pictures);
        "past", "future", "agents", "map" (trajectories; "map": its side in pixels, 0: none);
        "side", "catalogue", "shelf" (garments)."""

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Draw a training batch."""

    def held_out(self) -> Batch:
        """A fixed batch that is never trained on; by it the best checkpoint is chosen."""

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """Batches for an evaluation, `episodes` in all (fewer where a data file has fewer)."""

    def episode(self, wish: EpisodeWish) -> Episode:
        """One episode to step through. BadInputError if the user's own input cannot be used."""

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """The number to minimise, differentiable."""

    def cost(self, loss: float, batch: Batch) -> float:
        """The loss in the unit that the run's curve shows (`TaskCard.loss_unit`)."""

    def judge(self, outputs: Tensor, batch: Batch) -> float:
        """What the best checkpoint has least of on the held-out batch: the cost, or whatever matters more than it."""

    def score(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """Each metric of the card for each element of the batch: `(B,)` (of trajectories, for each agent: `(B * A,)`), NaN where
        it does not count; a metric that is a table has a name "table.row" for each of its rows, or "table.row.column"."""

    def show(self, episode: Episode, outputs: Tensor) -> Shown:
        """What the trace says of the task: tape, target, output, errors, phases, labels."""

    def state(self) -> dict[str, list[str]]:
        """What must be kept with the weights to read them again (a vocabulary); empty for most tasks."""


@runtime_checkable
class TakesLonger(Protocol):
    """A task that is several in one, which a recipe's usual number of updates is too few for."""

    @property
    def times_as_long(self) -> float:
        """How many times as many updates it takes."""


@runtime_checkable
class ScoresVariants(Protocol):
    """A task that says briefly how well a version of the model does that lacks something, beside the whole one."""

    def brief(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """A few of the figures of `score`, `(B,)` each: "ade", "fde"."""


@runtime_checkable
class TestedInPart(Protocol):
    """A task that may be tested without some of its test files."""

    def untested(self) -> str:
        """What is left out of the test, in a few words; empty if nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEntry:
    """A task in the registry. `build(settings, state, data)`: `state` from `Task.state()` of the run that trained the weights
    (empty for a new run), `data` a folder of real files or None."""

    card: TaskCard
    build: Callable[[Settings, dict[str, list[str]], Path | None], Task]
