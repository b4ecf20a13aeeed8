"""Where is it reading? Each read head's weighting over slots, step by step."""

from app.state.sentence import heads_in_words
from app.views.pane_corner import PaneHelp
from app.views.panes.over_steps import OverSteps
from engine.contract.trace import Trace


class Reads(OverSteps):
    """Read weightings, a strip for each head."""

    ABSENT = "This model has no read head that moves over slots."
    HELP = PaneHelp(
        what_you_see="One strip for each read head. A row is a slot of the memory, a column is a step. The darker a cell, the "
        "larger that slot's share in what the head reads at that step. The bars at the right are the present step.",
        what_to_look_for="A line that walks down: the head moves to the next slot at every step. A jump: it found a slot by its "
        "content. A grey cloud: it reads a mixture of many slots.",
        formula="read vector = sum over slots of weighting[slot] × memory[slot]; the weighting of a head "
        "sums to 1 at every step.",
        what_it_does_not_show="What is read (see “What is stored?”), nor whether the network uses what it reads.",
    )

    def in_words(self, trace: Trace, step: int) -> str:
        """Who reads where."""
        return heads_in_words(trace, step, "read") or "No head reads at this step."
