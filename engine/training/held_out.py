"""How good a checkpoint is, on episodes that are never trained on."""

import math

import torch
from torch import Tensor

from engine.tasks.base import Batch, Task
from engine.training.folder import Best

TIE = 3
"""Held-out losses that agree to so many decimals are alike; of two alike checkpoints the newer is the better."""


def judge(task: Task, headline: str, outputs: Tensor, batch: Batch, loss: float, update: int) -> tuple[float, Best]:
    """The cost of the held-out episodes, of which `loss` is what learning lowers; and what the best checkpoint has least of on
    them, with the metric `headline`."""
    with torch.no_grad():
        cost = task.cost(loss, batch)
        judged = task.judge(outputs, batch)
        scores = task.score(outputs, batch).get(headline)
    figure = math.nan if scores is None else float(scores.double().nanmean())
    return cost, Best(update=update, held_out=judged, cost=_finite(cost), figure=_finite(figure))


def is_better(found: Best, best: Best | None) -> bool:
    """Whether this newer checkpoint is the better one, or the first that could be judged."""
    return math.isfinite(found.held_out) and (best is None or round(found.held_out, TIE) <= round(best.held_out, TIE))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
