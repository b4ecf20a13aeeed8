"""How long it takes from "Train one yourself" until the network has learnt to copy: on the real window, with all panes live."""

import statistics
import time
from functools import partial

from app.bench_step import open_program, wait_for
from app.shell.first_minute import QUICK_SETTINGS, train_quickly
from app.state.training import Run
from engine.contract.results import GOAL_SEQUENCES

SEEDS = 3
GOAL = 1.0
"""Bits per sequence, the mean of the last sequences."""
SECONDS_FOR_A_RUN = 120.0


def measure_learning(seeds: int = SEEDS) -> dict[str, float]:
    """Seconds of wall time until the mean cost lies below the goal: median and longest, and for how many of the seeds it did."""
    spent: list[float] = []
    with open_program() as (application, program):
        state = program.state
        wait_for(application, lambda: state.catalogue.engine_is_ready)
        for _ in range(seeds):
            began = time.perf_counter()
            train_quickly(state)
            run = state.training.runs[-1]
            wait_for(application, partial(_is_over, run), SECONDS_FOR_A_RUN)
            if has_learnt(run):
                spent.append(time.perf_counter() - began)
            state.trainer.stop()
            wait_for(application, lambda: state.training.live is None)
    if not spent:
        raise ValueError(f"none of {seeds} seeds learnt to copy within {SECONDS_FOR_A_RUN:g} s")
    return {"seeds": seeds, "learnt": len(spent), "median_s": statistics.median(spent), "longest_s": max(spent)}


def _is_over(run: Run) -> bool:
    return has_learnt(run) or not run.is_live


def has_learnt(run: Run) -> bool:
    """Whether the mean of the last thousand sequences lies below the goal."""
    updates = -(-GOAL_SEQUENCES // int(QUICK_SETTINGS["batch"]))
    last = [cost for _, cost in run.points[-updates:]]
    return len(last) == updates and sum(last) / updates < GOAL
