"""Batches of trajectories put together and taken apart."""

from dataclasses import fields, replace

import torch
from torch import Tensor

from engine.tasks.base import TrajectoryBatch


def joined(batches: list[TrajectoryBatch]) -> TrajectoryBatch:
    """One batch of all, in order; they show the same things."""
    parts = {field.name: [getattr(batch, field.name) for batch in batches] for field in fields(TrajectoryBatch)}
    return TrajectoryBatch(**{name: torch.cat(part) for name, part in parts.items() if part[0] is not None})


def picked(batch: TrajectoryBatch, rows: Tensor) -> TrajectoryBatch:
    """Some samples of a batch, `(n,)` their places in it."""
    parts = {field.name: getattr(batch, field.name) for field in fields(TrajectoryBatch)}
    return TrajectoryBatch(**{name: part[rows] for name, part in parts.items() if part is not None})


def strange(batch: TrajectoryBatch) -> TrajectoryBatch:
    """The same samples, as ones that are not of the training set."""
    return replace(batch, number=torch.full_like(batch.number, -1))
