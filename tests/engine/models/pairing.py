"""Every model of the registry with every task that it can learn, built small; what the tests of common promises stand on."""

from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from watched_files import folder_for

from engine.blocks.probe import Recorder, Watch
from engine.contract.cards import Settings, Value
from engine.contract.messages import EpisodeWish
from engine.models.base import MemoryModel, ModelEntry
from engine.registry import MODELS, TASKS
from engine.tasks.base import Batch, GarmentBatch, PairBatch, SequenceBatch, TaskEntry
from engine.training.assemble import Assembled, assemble

Pair = tuple[ModelEntry, TaskEntry]
PAIRS: list[Pair] = [(model, task) for model in MODELS for task in TASKS if task.card.form in model.card.forms]
SMALL: Settings = {
    "slots": 12, "slot_width": 4, "hidden": 7, "layers": 2, "heads": 2, "bits": 3, "max_length": 4, "width": 6,
    "questions": 20, "tasks": "1,2", "length": 5, "context": 2, "items": 3, "answers": 2, "max_repeats": 2,
    "inner": 8, "statements": 5, "films": 1, "dropout": 0.0, "samples": 40, "pairs": 30,
}  # fmt: skip


def named(pair: Pair) -> str:
    """A pair in the name of a test."""
    return f"{pair[0].card.id}-{pair[1].card.id}"


every_pair = pytest.mark.parametrize("pair", PAIRS, ids=named)
every_model = pytest.mark.parametrize("entry", MODELS, ids=lambda entry: entry.card.id)


def small(pair: Pair, seed: int = 0, **wished: Value) -> Assembled:
    """The pair with few slots, units and bits, and `wished` of what it offers."""
    model, task = pair
    offered = {setting.name for setting in (*model.card.settings, *task.card.settings)}
    settings = {name: value for name, value in {**SMALL, **wished}.items() if name in offered}
    return assemble(model.card.id, task.card.id, settings, seed, data=folder_for(task.card.id))


def recorded(pair: Pair, **wished: Value) -> dict[str, np.ndarray]:
    """All that the model shows of one episode."""
    made, recorder = small(pair, **wished), Recorder()
    replayed(made, recorder)
    return recorder.arrays(steps_of(made))


def replayed(made: Assembled, recorder: Recorder | None, seed: int = 3) -> torch.Tensor:
    """Run one episode as it is recorded."""
    episode = made.task.episode(EpisodeWish(seed=seed))
    with torch.no_grad():
        return made.model.replay(episode, recorder or Watch())


def steps_of(made: Assembled, seed: int = 3) -> int:
    """How many steps that episode has."""
    episode = made.task.episode(EpisodeWish(seed=seed))
    return episode.steps * max(made.model.steps_a_sample(episode), 1)


def flat(model: MemoryModel) -> torch.Tensor:
    """All parameters in one row."""
    return torch.cat([parameter.detach().reshape(-1) for parameter in model.parameters()])


def only(batch: Batch, row: int) -> Batch:
    """One episode of a batch."""
    if isinstance(batch, SequenceBatch):
        return replace(batch, inputs=batch.inputs[:, row : row + 1], targets=batch.targets[:, row : row + 1])
    if isinstance(batch, PairBatch):
        return replace(batch, source=batch.source[:, row : row + 1], target=batch.target[:, row : row + 1])
    shared = ("catalogue", "shelf", "alike", "pool") if isinstance(batch, GarmentBatch) else ()
    parts = {field.name: getattr(batch, field.name) for field in fields(batch) if field.name not in shared}
    return replace(batch, **{name: part[row : row + 1] for name, part in parts.items() if part is not None})
