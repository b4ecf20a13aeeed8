"""Batches of trajectories put together and taken apart."""

from dataclasses import fields, replace

import torch
from torch import Tensor

from engine.tasks.base import TrajectoryBatch

PACE = 1.3
"""How many times as quick, or as slow, a varied sample may be."""


def joined(batches: list[TrajectoryBatch]) -> TrajectoryBatch:
    """One batch of all, in order; they show the same things."""
    parts = {field.name: [getattr(batch, field.name) for batch in batches] for field in fields(TrajectoryBatch)}
    return TrajectoryBatch(**{name: torch.cat(part) for name, part in parts.items() if part[0] is not None})


def picked(batch: TrajectoryBatch, rows: Tensor) -> TrajectoryBatch:
    """Some samples of a batch, `(n,)` their places in it."""
    parts = {field.name: getattr(batch, field.name) for field in fields(TrajectoryBatch)}
    return TrajectoryBatch(**{name: part[rows] for name, part in parts.items() if part is not None})


def varied(batch: TrajectoryBatch, generator: torch.Generator) -> TrajectoryBatch:
    """Each sample turned to any side, mirrored by chance, walked backwards by chance, and of another size, up to PACE times.

    So the published training varies its scenes (Marchetti et al., "SMEMO", 2024), but for mirror and size, which are ours.
    """
    ways, points = torch.cat((batch.past, batch.future), 2), batch.past.shape[2]
    angle, size, mirrored, backwards = torch.rand(4, batch.size, 1, 1, 1, generator=generator)
    x, y = (ways * PACE ** (2 * size - 1)).split(1, -1)
    x, angle = torch.where(mirrored < 0.5, x, -x), 2 * torch.pi * angle
    turned = torch.cat((x * angle.cos() - y * angle.sin(), x * angle.sin() + y * angle.cos()), -1)
    there = batch.present[..., None, None]
    ways = torch.where(backwards < 0.5, turned, turned.flip(2)).where(there, torch.zeros(()))
    return replace(batch, past=ways[:, :, :points], future=ways[:, :, points:])


def packed(batch: TrajectoryBatch) -> TrajectoryBatch:
    """The same samples, without the places for agents at the end that none of them fills; at least one place is left."""
    filled = batch.present.any(0).nonzero().flatten()
    count = int(filled[-1]) + 1 if len(filled) else 1
    waits = None if batch.waits is None else batch.waits[:, :count]
    few = {name: getattr(batch, name)[:, :count] for name in ("past", "future", "present")}
    return replace(batch, **few, waits=waits)


def strange(batch: TrajectoryBatch) -> TrajectoryBatch:
    """The same samples, as ones that are not of the training set."""
    return replace(batch, number=torch.full_like(batch.number, -1))
