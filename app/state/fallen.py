"""Which predictions of a stream fell by an edit: the samples that are foreseen worse than before, the worst first."""

from dataclasses import dataclass

import numpy as np

from app.state.presenting import is_presented
from engine.contract.trace import Trace

LEAST = 0.005
"""Of an error that grows by less nothing is said: it would be written alike."""
MOST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallen:
    """One sample: at which step it ends, what its error was, and what it is now."""

    sample: int
    step: int
    before: float
    after: float

    @property
    def title(self) -> str:
        """ "Sample 530"."""
        return f"Sample {self.sample + 1:,}"


def fallen(before: Trace, after: Trace) -> tuple[Fallen, ...]:
    """All of them; none where the episode is no stream, or says nothing of its errors."""
    channel = next((c for c in before.of_role("error") if not c.axes and c.name in after.channels), None)
    if channel is None or not before.samples or before.steps != after.steps:
        return ()
    each = before.card.sample_steps
    one, other = (np.nan_to_num(np.asarray(trace.arrays[channel.name], float))[each - 1 :: each] for trace in (before, after))
    worse = np.flatnonzero(other - one >= LEAST)
    worse = worse[[not is_presented(after, int(sample) * each) for sample in worse]] if worse.size else worse
    order = worse[np.argsort(one[worse] - other[worse], kind="stable")]
    return tuple(
        Fallen(sample=sample, step=sample * each, before=float(one[sample]), after=float(other[sample]))
        for sample in order.tolist()
    )


def fallen_in_words(found: tuple[Fallen, ...]) -> str:
    """The heading of the list."""
    if not found:
        return ""
    shown = f", the worst {MOST}" if len(found) > MOST else ""
    return f"{len(found):,} {'is' if len(found) == 1 else 'are'} foreseen worse{shown}"


def unit_of_error(trace: Trace) -> str:
    """ "m"; empty where the task's first metric is a mere share."""
    return next((metric.unit for metric in trace.card.task.metrics), "")
