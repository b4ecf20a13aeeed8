"""What a training would cost, before it begins: one pass on one episode is measured, and never more of it than a moment."""

import time
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.blocks.seeding import generator
from engine.contract.cards import Settings
from engine.tasks.base import BadInputError, Batch, SequenceBatch
from engine.training.assemble import Assembled, assemble
from engine.training.device import choose, title

MOST_SECONDS = 1.0
MOST_BYTES = 400 * 2**20
DRAWS = 3
COPIES = 4
"""Weights, their gradients, and two numbers of the optimiser for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEstimate:
    """What a run of these settings would need; `at_least` where the trial was cut short, and the true figures are larger."""

    parameters: int
    megabytes: float
    update_ms: float
    seconds: float
    at_least: bool
    cautions: tuple[str, ...]


class _EnoughError(Exception):
    """The trial has taken as much as it may."""


def estimate(model: str, task: str, settings: Settings) -> RunEstimate:
    """Try the settings on a few single episodes. BadInputError if a model cannot be built of them, or the task refuses them."""
    made = assemble(model, task, settings, 0)
    device = choose(str(made.settings["device"]), made.model_entry.gains_from_gpu)
    batch, updates = int(made.settings["batch"]), int(made.settings["updates"])
    trials = [_try(made, made.task.batch(1, generator("estimate", draw))) for draw in range(DRAWS)]
    seconds, kept = (sum(trial[part] for trial in trials) / DRAWS for part in (0, 1))
    cut = any(trial[2] for trial in trials)
    if not cut and kept * batch < MOST_BYTES and seconds * 10 < MOST_SECONDS:
        seconds = _time_update(made, batch)
    else:
        seconds *= 3 * max(
            1.0, batch / 16
        )  # the way back costs twice the way forward; a batch is quicker than its episodes alone
    elsewhere = [] if device is None else [f"These are the processor's figures; the run will train on {title(device)}."]
    return RunEstimate(
        parameters=made.parameters,
        megabytes=(COPIES * 4 * made.parameters + kept * batch) / 2**20,
        update_ms=seconds * 1000,
        seconds=seconds * updates,
        at_least=cut,
        cautions=(*_cautions(made), *elsewhere),
    )


def _try(made: Assembled, batch: Batch) -> tuple[float, float, bool]:
    """Seconds of one pass forward, the bytes that its way back would need, and whether the pass was cut short."""
    began, kept = time.perf_counter(), 0

    def keep(tensor: Tensor) -> Tensor:
        nonlocal kept
        kept += tensor.nbytes
        if kept > MOST_BYTES or time.perf_counter() - began > MOST_SECONDS:
            raise _EnoughError
        return tensor

    try:
        with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
            made.task.loss(made.model(batch), batch)
    except _EnoughError:
        return time.perf_counter() - began, float(kept), True
    return time.perf_counter() - began, float(kept), False


def _time_update(made: Assembled, size: int) -> float:
    """Seconds of one update by the path that training takes; the mean over a few batches."""
    spent = 0.0
    for draw in range(DRAWS + 1):
        batch = made.task.batch(size, generator("estimate", draw))
        began = time.perf_counter()
        made.model.learn(batch, lambda outputs, batch=batch: made.task.loss(outputs, batch))  # type: ignore[misc]  # bound at once
        spent = spent + time.perf_counter() - began if draw else 0.0  # the first one warms up
    return spent / DRAWS


def _cautions(made: Assembled) -> tuple[str, ...]:
    """What can be trained, but perhaps not learnt."""
    if made.model_entry.card.memory != "episodic":
        return ()
    draws = [made.task.batch(1, generator("estimate", draw)) for draw in range(20)]
    longest = max(
        (int((batch.inputs.abs().sum((1, 2)) > 0).sum()) for batch in draws if isinstance(batch, SequenceBatch)), default=0
    )
    if longest <= made.model.slots:
        return ()
    return (f"Up to {longest} vectors come in and the memory has {made.model.slots} slots: some must share one, or be given up.",)


def field_of(error: BadInputError, settings: Settings) -> str:
    """The setting that a refusal names at its beginning ("heads: 3 does not divide ..."), or ""."""
    name, colon, _ = str(error).partition(":")
    return name if colon and name in settings else ""
