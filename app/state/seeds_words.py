"""A panel of seeds in words: how many have learnt it, how long it took them, and how each one stands."""

import numpy as np

from app.state.describe import amount
from app.state.seeds import SeedRun, Seeds

MARKS = {
    "waiting": "waits", "training": "trains", "solved": "learnt", "not solved": "not learnt", "failed": "failed",
    "stopped": "stopped", "finished": "finished",
}  # fmt: skip


def goal_in_words(below: float, unit: str) -> str:
    """ "1 bit per sequence"."""
    return f"{below:g} {unit.replace('bits', 'bit', 1) if below == 1 else unit}".strip()


def panel_in_words(seeds: Seeds, unit: str) -> str:
    """The whole panel in a sentence or three."""
    every = len(seeds.entries)
    if not every:
        return ""
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


def seed_in_words(seeds: Seeds, entry: SeedRun) -> tuple[str, str]:
    """How one seed stands: a word, and a few numbers."""
    run, how = entry.run, seeds.how(entry)
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
