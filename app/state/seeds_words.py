"""A panel of seeds in words: how many have learnt it, how long it took them, and how each one stands."""

import numpy as np

from app.state.describe import amount
from app.state.figures import figure_in_words
from app.state.seeds import SeedRun, Seeds
from app.state.training import Run
from engine.contract.cards import Metric

MARKS = {
    "waiting": "waits", "training": "trains", "solved": "learnt", "not solved": "not learnt", "failed": "failed",
    "stopped": "stopped", "finished": "finished", "not needed": "not needed",
}  # fmt: skip


def goal_in_words(below: float, unit: str) -> str:
    """ "1 bit per sequence"."""
    return f"{below:g} {unit.replace('bits', 'bit', 1) if below == 1 else unit}".strip()


def panel_in_words(seeds: Seeds, unit: str, metric: Metric | None = None) -> str:
    """The whole panel in a sentence or three; `metric`: the task's first, by which restarts are told."""
    every = len(seeds.entries)
    if not every:
        return ""
    if seeds.is_restarts:
        return _restarts_in_words(seeds, metric)
    learnt = [entry.run for entry in seeds.entries if seeds.how(entry) == "solved" and entry.run is not None]
    if seeds.is_live:
        done = (
            f"{len(learnt)} of {every} have learnt it so far" if seeds.below else f"{seeds.count('finished')} of {every} are done"
        )
        return f"{done}; {seeds.count('training')} train now, {seeds.count('waiting')} wait. {seeds.seconds:.0f} s so far."
    told = []
    if seeds.below:
        goal = goal_in_words(seeds.below, unit)
        told.append(f"{len(learnt)} of {every} seeds have learnt it: a mean cost below {goal}.")
    if learnt:
        updates = _span([float(run.update) for run in learnt], "{:,.0f}")
        told.append(f"It took them {updates} updates, {_span([run.seconds for run in learnt], '{:.1f}')} s of training.")
    for how, words in (("not solved", "Not learnt in time"), ("failed", "Failed"), ("stopped", "Stopped or not begun")):
        which = [str(entry.seed) for entry in seeds.entries if seeds.how(entry) == how]
        if which:
            told.append(f"{words}: seed{'s' if len(which) > 1 else ''} {', '.join(which)}.")
    return f"{' '.join(told)} All together: {seeds.seconds:.0f} s."


def _restarts_in_words(seeds: Seeds, metric: Metric | None) -> str:
    """Which of them is kept, and why."""
    found, chosen = seeds.restarts, seeds.chosen
    made, every = len(found.tried), len(seeds.entries)
    how_good = held_out_in_words(chosen.run, metric) if chosen is not None and chosen.run is not None else ""
    if seeds.is_live:
        best = f" The best so far is seed {chosen.seed}{', ' if how_good else ''}{how_good}." if chosen is not None else ""
        far = f"{made} of {every} are done; {seeds.count('training')} train now, {seeds.count('waiting')} wait."
        return f"{far}{best} {seeds.seconds:.0f} s so far."
    if chosen is None:
        return f"None of {every} has come to anything. All together: {seeds.seconds:.0f} s."
    told = [f"Kept is seed {chosen.seed}, the best of {made}{': ' if how_good else ''}{how_good}."]
    if found.is_settled:
        told.append(
            f"The other {every - made} were not needed: seed {found.tried[-1].seed} has nothing of that wrong, and is sure."
        )
    failed = [str(run.seed) for run in found.tried if run.how == "failed"]
    if failed:
        told.append(f"Failed: seed{'s' if len(failed) > 1 else ''} {', '.join(failed)}.")
    return f"{' '.join(told)} The test was not looked at. All together: {seeds.seconds:.0f} s."


def held_out_in_words(run: Run, metric: Metric | None) -> str:
    """ "3.1 % wrong answers on what was held out": at its best checkpoint; empty before anything was measured."""
    if metric is None or run.figure is None:
        return ""
    return f"{figure_in_words(metric, run.figure)} {metric.title} on what was held out"


def seed_in_words(seeds: Seeds, entry: SeedRun, metric: Metric | None = None) -> tuple[str, str]:
    """How one seed stands: a word, and a few numbers."""
    run, how = entry.run, seeds.how(entry)
    if seeds.is_restarts and run is not None and how not in ("failed", "not needed"):
        is_best = entry is seeds.chosen
        mark = ("best so far" if seeds.is_live else "kept") if is_best else MARKS[how]
        if run.is_live and run.update:
            mark = f"update {run.update:,}"
        return mark, "" if metric is None or run.figure is None else f"{figure_in_words(metric, run.figure)} {metric.title}"
    if run is None:
        return ("not begun" if how == "stopped" else MARKS[how]), ""
    numbers = [f"{run.update:,} updates"] if run.update else []
    if how in ("solved", "not solved", "finished") and run.seconds:
        numbers.append(f"{run.seconds:.1f} s")
    if how in ("training", "not solved", "finished"):
        _, means = seeds.curve(entry)
        if means.size and np.isfinite(means[-1]):
            numbers.append(f"cost {amount(float(means[-1]))}")
    return MARKS[how], " · ".join(numbers)


def _span(values: list[float], form: str) -> str:
    low, high = form.format(min(values)), form.format(max(values))
    return low if low == high else f"{low} to {high}"
