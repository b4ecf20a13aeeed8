"""What the Inspector looks at, found once for all of its parts: a trace, a place in it, a step."""

from dataclasses import dataclass

from app.state.app_state import AppState
from app.state.lens import Selection
from app.state.preferences import Depth
from app.state.side import Side
from app.state.things import Thing, present, thing
from engine.contract.trace import Trace


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A thing at a step. `is_selected` is False where nothing is selected and the step's own event stands in."""

    side: Side
    trace: Trace
    selection: Selection
    found: Thing | None
    step: int
    micro: int | None
    depth: Depth
    is_selected: bool

    @property
    def is_over(self) -> bool:
        """Whether this side's episode has ended before the step."""
        return self.step >= self.trace.steps


def look(state: AppState) -> Look | None:
    """What is selected, or what is worth a look at this step; None while there is no episode."""
    selection = state.lens.selection
    on_b = selection.side == "B" and state.comparison.mode != "single" and state.b.trace is not None
    side = state.b if on_b else state.a
    trace = side.trace
    if trace is None:
        return None
    step = state.comparison.step_of(side, state.playback.step)
    is_selected = not selection.is_empty
    if not is_selected:
        selection = present(trace, min(step, trace.steps - 1))
    return Look(
        side, trace, selection, thing(trace, selection), step, state.playback.micro, state.preferences.kept.depth, is_selected
    )
