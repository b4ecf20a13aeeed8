"""Who remembered? Episodes run again with the episodic memories, the persistent ones, or both blank at every step."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.blocks.clearing import Clearing
from engine.contract.cards import Channel, Lifetime, Metric, ModelCard
from engine.contract.messages import EpisodeWish
from engine.contract.remembering import Cleared, Measure, Remembering
from engine.contract.trace import Array
from engine.sources import Opened
from engine.tasks.base import (
    BadInputError,
    Batch,
    Episode,
    GarmentEpisode,
    PairBatch,
    ScoresVariants,
    SequenceBatch,
    StoryEpisode,
    TrajectoryEpisode,
)
from engine.training.device import one_thread
from engine.training.evaluate import Cancelled

USUAL_EPISODES = 64
SECONDS_BETWEEN_SHOWS = 0.5

Listener = Callable[[int, int], bool]
Answers = dict[str, Array]


def remember(
    opened: Opened, wish: EpisodeWish, episodes: int, listener: Listener, show: Callable[[Remembering], None] | None = None
) -> Remembering:
    """Measure the wished episode answer by answer (`episodes` 1), or so many: those of the seeds from the wished one on.

    A stream counts as many as it has samples, and is always run whole, since what came before may lie in memory. `listener(done,
    total)` gives False to cancel; `show` gets what has been measured so far, now and then.
    """
    if episodes < 1:
        raise BadInputError(f"episodes: {episodes} is too few; at least 1 is needed")
    one_thread()
    job = _Job(opened, wish, episodes, listener)
    shown = time.monotonic()
    for found in job.work():
        if show is not None and time.monotonic() - shown >= SECONDS_BETWEEN_SHOWS:
            shown = time.monotonic()
            show(found)
    return job.found(is_complete=True)


class _Job:
    """The runs of one measurement, and what they have given."""

    def __init__(self, opened: Opened, wish: EpisodeWish, episodes: int, listener: Listener) -> None:
        self._opened, self._wish, self._episodes, self._listener = opened, wish, episodes, listener
        self._channels = {kind: _memories(opened.model_entry.card, kind) for kind in ("episode", "persistent")}
        self._met: dict[str, set[str]] = {"episode": set(), "persistent": set()}
        self._values: dict[Cleared, list[Answers]] = {}
        self._steps: tuple[int, ...] = ()
        self._unit: Any = "episode"
        self._began = time.perf_counter()
        self._done = 0

    @property
    def conditions(self) -> tuple[Cleared, ...]:
        """Everything, and what there is to clear."""
        kinds: list[Cleared] = [kind for kind in ("episode", "persistent") if self._channels[kind]]
        return ("", *kinds, *(("both",) if len(kinds) == 2 else ()))

    def work(self) -> Iterator[Remembering]:
        """Run episode after episode under every condition."""
        if len(self.conditions) == 1:
            return
        number = 0
        while self._done < self._episodes:
            wish = self._wish if number == 0 else EpisodeWish(seed=self._wish.seed + number)
            episode = self._opened.task.episode(wish)
            found = {condition: self._run(episode, condition) for condition in self.conditions}
            if number == 0:
                self._steps, self._unit = _answered_at(self._opened, episode), _unit(episode, self._episodes)
            for condition, answers in found.items():
                self._values.setdefault(condition, []).append(self._gathered(answers))
            self._done += len(next(iter(self._values[""][-1].values()), np.zeros(1)))
            number += 1
            if self._episodes == 1:
                return
            yield self.found(is_complete=False)

    def found(self, *, is_complete: bool) -> Remembering:
        """What has been measured by now."""
        card = self._opened.model_entry.card
        whole = {condition: _joined(parts) for condition, parts in self._values.items()}
        told = _measures(self._opened, whole)
        return Remembering(
            model=card.id,
            task=self._opened.task_entry.card.id,
            place=self._opened.place,
            update=self._opened.update,
            seed=self._wish.seed,
            unit=self._unit,
            is_one_episode=self._episodes == 1,
            planned=self._done if self._episodes == 1 else max(self._episodes, self._done),
            is_complete=is_complete,
            measures=told,
            values={c: {m.name: answers[m.name] for m in told} for c, answers in whole.items()},
            steps=self._steps if self._episodes == 1 else (),
            cleared={kind: tuple(sorted(met)) for kind, met in self._met.items() if met},  # type: ignore[misc]  # both are kinds
            absent=_absent(card, {kind: bool(channels) for kind, channels in self._channels.items()}),
            seconds=time.perf_counter() - self._began,
        )

    def _run(self, episode: Episode, condition: Cleared) -> Answers:
        kinds = [kind for kind in self._channels if condition in (kind, "both")]
        probe = Clearing([channel for kind in kinds for channel in self._channels[kind]], self._go_on)
        untested = _untested(episode)
        with torch.no_grad():
            outputs = self._opened.model.replay(untested, probe)
            for kind in kinds:
                self._met[kind] |= probe.met & {channel.name for channel in self._channels[kind]}
            return {name: value.double().numpy() for name, value in _figures(self._opened, episode, outputs).items()}

    def _go_on(self) -> None:
        if not self._listener(self._done, self._episodes):
            raise Cancelled

    def _gathered(self, answers: Answers) -> Answers:
        """Of a set of stories, the mean over the questions of each: questions of one story are no separate evidence."""
        if self._episodes == 1 or self._unit == "sample":
            return answers
        return {name: np.array([np.nanmean(values)]) if len(values) else values for name, values in answers.items()}


def _untested(episode: Episode) -> Episode:
    """A stream without the held-out samples that it would be scored on meanwhile."""
    if isinstance(episode, TrajectoryEpisode):
        return replace(episode, tests=())
    return replace(episode, tests=()) if isinstance(episode, GarmentEpisode) else episode


def _memories(card: ModelCard, lifetime: Lifetime) -> tuple[Channel, ...]:
    return tuple(channel for channel in card.channels if channel.lifetime == lifetime)


def _unit(episode: Episode, episodes: int) -> str:
    if isinstance(episode, SequenceBatch | PairBatch):
        return "episode"
    if isinstance(episode, StoryEpisode):
        return "question" if episodes == 1 else "episode"
    return "sample"


def _answered_at(opened: Opened, episode: Episode) -> tuple[int, ...]:
    """At which step each answer is given."""
    if isinstance(episode, SequenceBatch | PairBatch):
        return (episode.steps - 1,)
    if isinstance(episode, StoryEpisode):
        known = episode.batch.answer >= 0
        return tuple(step for step, row in enumerate(episode.lines) if row is not None and known[row])
    each = max(opened.model.steps_a_sample(episode), 1)
    return tuple((sample + 1) * each - 1 for sample in range(episode.steps))


def _figures(opened: Opened, episode: Episode, outputs: Tensor) -> dict[str, Tensor]:
    """For each answer `(answers,)`: what the task says briefly, or what it costs, how probable the right answer was, and the
    first metric."""
    batch, outputs = _known(getattr(episode, "batch", episode), outputs)
    task, card = opened.task, opened.task_entry.card
    if isinstance(task, ScoresVariants):
        return {name: _of_each(values, batch.size) for name, values in task.brief(outputs, batch).items()}
    found: dict[str, Tensor] = {}
    if _says_probabilities(opened):
        losses = [(float(task.loss(said, one)), one) for said, one in _one_by_one(outputs, batch)]
        found["loss"] = torch.tensor([task.cost(loss, one) for loss, one in losses])
        found["probability"] = torch.tensor([math.exp(-loss) for loss, _ in losses])
    first = card.metrics[0].name
    scores = task.score(outputs, batch)
    if first in scores:
        found[first] = scores[first]
    return found


def _of_each(values: Tensor, samples: int) -> Tensor:
    """Figures of each agent of each sample as one a sample: the mean over the agents that are there, `(B·A,) -> (B,)`."""
    return values.reshape(samples, -1).nanmean(-1)


def _known(batch: Any, outputs: Tensor) -> tuple[Any, Tensor]:
    """Only the questions whose right answer somebody knows."""
    if not hasattr(batch, "answer"):
        return batch, outputs
    rows = (batch.answer >= 0).nonzero().flatten()
    if not len(rows):
        raise BadInputError("nothing is asked here of which the right answer is known, so nothing can be measured")
    if len(rows) == batch.size:
        return batch, outputs
    return _rows(batch, rows), outputs[rows]


def _one_by_one(outputs: Tensor, batch: Any) -> Iterator[tuple[Tensor, Batch]]:
    """Each answer with its own row of the batch."""
    if isinstance(batch, SequenceBatch | PairBatch):
        yield outputs, batch
        return
    for row in range(batch.size):
        yield outputs[row : row + 1], _rows(batch, torch.tensor([row]))


def _rows(batch: Any, rows: Tensor) -> Any:
    held = {f.name: getattr(batch, f.name) for f in fields(batch)}
    return type(batch)(**{name: value[rows] if isinstance(value, Tensor) else value for name, value in held.items()})


def _says_probabilities(opened: Opened) -> bool:
    """Whether the task's loss is the cross-entropy of what the network says: then e to its negative is a probability."""
    answers = [channel for channel in opened.model_entry.card.channels if channel.role == "answer"]
    is_of_scores = bool(answers) and all(channel.kind != "probability" for channel in answers)
    return not is_of_scores and opened.task_entry.card.loss_unit.startswith(("bits", "nats"))


def _joined(parts: list[Answers]) -> Answers:
    return {name: np.concatenate([part[name] for part in parts]).astype(np.float64) for name in parts[0]} if parts else {}


def _measures(opened: Opened, values: dict[Cleared, Answers]) -> tuple[Measure, ...]:
    """Those that are a number for every answer under every condition."""
    first = values.get("", {})
    good = [name for name in first if all(bool(np.isfinite(found[name]).all()) for found in values.values())]
    card = opened.task_entry.card
    known = {metric.name: metric for metric in card.metrics}
    twice = {name for name in good if name != "loss" and "loss" in good and np.allclose(first[name], first["loss"], rtol=1e-4)}
    return tuple(_measure(name, known.get(name), card.loss_unit) for name in good if name not in twice)


def _measure(name: str, metric: Metric | None, loss_unit: str) -> Measure:
    if name == "loss":
        return Measure(
            name=name, title="the loss", unit=loss_unit, says="What the answers cost; 0 where the right one is certain."
        )
    if name == "probability":
        return Measure(
            name=name, title="the probability of the target", more_is_better=True,
            says="How probable the network says the right answer is; of several bits or words, their geometric mean.",
        )  # fmt: skip
    if metric is None:
        title = {"ade": "the mean error (ADE)", "fde": "the last error (FDE)"}.get(name, name.replace("_", " "))
        return Measure(
            name=name, title=title, unit="m" if name in ("ade", "fde") else "", more_is_better=_is_of_what_is_right(name)
        )
    return Measure(
        name=name, title=metric.title, says=metric.says, unit=metric.unit, is_share=metric.is_share,
        more_is_better=_is_of_what_is_right(f"{name} {metric.title}"),
    )  # fmt: skip


def _is_of_what_is_right(name: str) -> bool:
    """Whether a figure of this name is better the more it is."""
    return any(word in name for word in ("accuracy", "right", "hit", "precision", "coverage", "exact"))


def _absent(card: ModelCard, there: dict[str, bool]) -> dict[Cleared, str]:
    """Why there is nothing to clear of a kind."""
    said: dict[Cleared, str] = {}
    if not there["episode"]:
        said["episode"] = f"{card.short} keeps nothing while an episode goes on that is wiped at its end."
    if not there["persistent"]:
        said["persistent"] = (
            f"{card.short} has no memory that outlives an episode: what it learnt lies in its weights, "
            "which only training changes."
        )
    return said
