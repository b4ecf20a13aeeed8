"""Where is it writing? Each write head's weighting over slots, step by step; what it erases is hatched."""

import numpy as np

from app.plots.matrix_plot import MatrixPlot
from app.state.sentence import heads_in_words
from app.views.pane_corner import PaneHelp
from app.views.panes.over_steps import OverSteps, Strip
from engine.contract.trace import Trace

MOST_HATCHED = 200_000
"""Cells above which the erase strength is left out: so many cells are too small to be hatched."""


class Writes(OverSteps):
    """Write weightings, a strip for each head."""

    ABSENT = "This model has no write head that moves over slots."
    HELP = PaneHelp(
        what_you_see="One strip for each write head. A row is a slot of the memory, a column is a step. The darker a cell, the "
        "more strongly that slot is changed at that step; hatching shows how much of its old content is erased. The bars at the "
        "right are the present step.",
        what_to_look_for="A line that walks down: every step goes into a slot of its own. Two dark cells in one row: the slot "
        "was overwritten. A pale column: almost nothing is written.",
        formula="memory[slot] becomes memory[slot] × (1 − weighting[slot] × erase) + weighting[slot] × add, for every feature.",
        what_it_does_not_show="What is written (see “What is stored?”): a dark cell with an add vector near zero changes little.",
    )

    def in_words(self, trace: Trace, step: int) -> str:
        """Who writes where."""
        return heads_in_words(trace, step, "write") or "No head writes at this step."

    def decorate(self, trace: Trace, plot: MatrixPlot, strip: Strip) -> None:
        """Hatch the erased share: the weighting times the mean of the head's erase vector."""
        erase = next((c for c in trace.of_role("erase") if c.organ == strip.channel.organ and c.axes[:1] == ("head",)), None)
        values = trace.arrays[strip.channel.name]
        if erase is None or self.is_difference or values.shape[0] * values.shape[2] > MOST_HATCHED:
            plot.set_hatched(None)
            return
        strength = np.asarray(trace.arrays[erase.name][:, strip.part]).mean(-1)
        plot.set_hatched(np.nan_to_num(values[:, strip.part] * strength[:, None]).T)
