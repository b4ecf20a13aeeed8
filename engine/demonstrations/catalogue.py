"""Which demonstrations there are, and the one way to run them."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from engine.contract.demonstrations import Demonstration
from engine.contract.ideas import IDEAS
from engine.demonstrations import algorithms, attention, cost, long_spans, own_past, parameters, whole_state, wiped, worth_keeping
from engine.demonstrations.workbench import Listener, Workbench
from engine.tasks.base import BadInputError
from engine.training.device import one_thread

MEASURES: dict[str, Callable[[Workbench], Iterator[Demonstration]]] = {
    "whole-state": whole_state.measure,
    "long-spans": long_spans.measure,
    "parameters": parameters.measure,
    "algorithms": algorithms.measure,
    "wiped": wiped.measure,
    "worth-keeping": worth_keeping.measure,
    "attention": attention.measure,
    "cost": cost.measure,
    "own-past": own_past.measure,
}


def demonstrate(
    idea: str, listener: Listener, show: Callable[[Demonstration], None] = lambda found: None, bench: Workbench | None = None
) -> Demonstration:
    """Measure an idea; `show` is called with what there is so far. Cancelled if the listener says so.

    BadInputError for an idea that there is not, or if none of the exhibits that it needs is here.
    """
    measure = measure_of(idea)
    one_thread()
    bench = bench or Workbench(listener=listener)
    began, found = time.perf_counter(), Demonstration(idea=idea)
    for part in measure(bench):
        found = replace(part, idea=idea, absent=_absent(bench), seconds=time.perf_counter() - began)
        show(found)
    if not found.figures and not any(table.rows for table in found.tables):
        raise BadInputError(f"None of the trained networks that this needs is here: {', '.join(bench.absent)}.")
    listener(bench.parts, bench.parts)
    return replace(found, is_complete=True)


def measure_of(idea: str) -> Callable[[Workbench], Iterator[Demonstration]]:
    """What measures the idea; BadInputError that names those that there are."""
    if idea not in MEASURES:
        raise BadInputError(f"{idea}: no such idea; there are {', '.join(known.id for known in IDEAS)}")
    return MEASURES[idea]


def _absent(bench: Workbench) -> tuple[str, ...]:
    return tuple(f"{name} is not among the trained networks here, so nothing is said of it." for name in bench.absent)
