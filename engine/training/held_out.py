"""How good a checkpoint is, on episodes that are never trained on."""

import math

import msgspec
import torch
from torch import Tensor

from engine.contract.cards import TaskCard
from engine.tasks.base import Batch, Task
from engine.training.folder import Best

TIE = 3
"""Held-out losses that agree to so many decimals are alike; of two alike checkpoints the newer is the better."""


def judge(task: Task, card: TaskCard, outputs: Tensor, batch: Batch, loss: float, update: int) -> tuple[float, Best]:
    """The cost of the held-out episodes, of which `loss` is what learning lowers; and what the best checkpoint has least of on
    them, with the task's first metric."""
    with torch.no_grad():
        cost = task.cost(loss, batch)
        judged = task.judge(outputs, batch)
        scores = task.score(outputs, batch).get(card.metrics[0].name)
    figure = math.nan if scores is None else float(scores.double().nanmean())
    doubt = _standard_error(scores) if card.is_judged_by_metric and scores is not None else 0.0
    return cost, Best(update=update, held_out=judged, cost=_finite(cost), figure=_finite(figure), least=judged, doubt=doubt)


def better(found: Best, best: Best | None) -> Best | None:
    """This newer checkpoint, unless it is worse than the least that was judged by more than that one's standard error.

    Breiman, Friedman, Olshen & Stone (1984), section 3.4.3: within one standard error chance decides, so that the best of many
    checkpoints is often a lucky one; there the one that has learnt longest is taken.
    """
    if not math.isfinite(found.held_out):
        return best
    if best is None:
        return found
    if round(found.held_out - best.doubt, TIE) > round(best.least, TIE):
        return best
    if found.held_out <= best.least:
        return found
    return msgspec.structs.replace(found, least=best.least, doubt=best.doubt)


def _standard_error(scores: Tensor) -> float:
    """Of their mean: at least that of one wrong answer among them, for none wrong is no proof."""
    counted = scores.double()[~scores.isnan()]
    if len(counted) < 2:
        return 0.0
    return max(float(counted.std()) / math.sqrt(len(counted)), 1 / len(counted))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
