"""What a trained model can do: the task's metrics over many episodes that it has not seen."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from engine.contract.results import Measurement
from engine.sources import Opened
from engine.tasks.base import BadInputError, ScoresVariants, TestedInPart
from engine.training.device import one_thread
from engine.training.who_waits import waiting_figures
from engine.training.write_places import priority_figures


class Cancelled(Exception):  # noqa: N818 (nothing went wrong)
    """The listener said that nobody waits for the result any more."""


def evaluate(opened: Opened, episodes: int, seed: int, listener: Callable[[int, int], bool]) -> Measurement:
    """Measure over so many episodes drawn from the seed; `listener(done, total)` gives False to cancel."""
    if episodes < 1:
        raise BadInputError(f"episodes: {episodes} is too few; at least 1 is needed")
    one_thread()
    scores: dict[str, list[Tensor]] = {}
    done = 0
    with torch.no_grad():
        for batch in opened.task.test(episodes, seed):
            if not listener(done, episodes):
                raise Cancelled
            found = opened.task.score(opened.model.fused(batch), batch)
            if isinstance(opened.task, ScoresVariants):
                for variant, outputs in opened.model.variants(batch).items():
                    found |= {f"{variant}.{name}": values for name, values in opened.task.brief(outputs, batch).items()}
            for name, values in found.items():
                scores.setdefault(name, []).append(values.double())
            done += batch.size
    if not done:
        raise BadInputError("there is no episode to measure")
    listener(done, done)
    means = {name: float(torch.cat(values).nanmean()) for name, values in scores.items()}
    means |= priority_figures(opened, episodes, seed) | waiting_figures(opened, episodes, seed) | opened.model.figures()
    untested = opened.task.untested() if isinstance(opened.task, TestedInPart) else ""
    return Measurement(
        model=opened.model_entry.card.id,
        task=opened.task_entry.card.id,
        settings=opened.episode_settings,
        parameters=opened.parameters,
        slots=opened.slots,
        episodes=done,
        seed=seed,
        restarts=opened.restarts,
        note=" ".join(filter(None, (untested, opened.model.note()))),
        metrics=_tables({name: mean for name, mean in means.items() if not math.isnan(mean)}),
    )


def _tables(means: dict[str, float]) -> dict[str, float | dict[str, float | dict[str, float]]]:
    """The figures, those with a name "table.row" as rows of their table, and "table.row.column" as rows of such rows."""
    found: dict[str, float | dict[str, float | dict[str, float]]] = {}
    for name, mean in means.items():
        table, *row = name.split(".")
        if not row:
            found[table] = mean
            continue
        rows = found.setdefault(table, {})
        if isinstance(rows, float):
            raise ValueError(f"{name}: {table} is a figure, and has no rows")
        if len(row) == 1:
            rows[row[0]] = mean
            continue
        columns = rows.setdefault(row[0], {})
        if isinstance(columns, float):
            raise ValueError(f"{name}: {table}.{row[0]} is a figure, and has no columns")
        columns[row[1]] = mean
    return found
