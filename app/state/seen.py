"""The traces of one episode at several checkpoints, as they were seen: the history over training, with nothing invented."""

from dataclasses import replace

from psygnal import Signal

from app.state.lens import Selection
from app.state.side import Showing, Side
from app.state.things import thing
from engine.contract.messages import Source
from engine.contract.trace import Trace

MOST = 64
"""Traces are memory-mapped; so many may stay open."""


class Seen:
    """Gathers what a side has shown of one episode of one run, at each checkpoint."""

    changed = Signal()

    def __init__(self, side: Side) -> None:
        self._side = side
        self._of: Showing | None = None
        self._traces: dict[int, Trace] = {}
        side.trace_changed.connect(self._take)

    @property
    def updates(self) -> tuple[int, ...]:
        """The checkpoints at which the present episode was seen, ascending."""
        return tuple(sorted(self._traces))

    def course(self, selection: Selection, step: int) -> list[tuple[int, float]]:
        """(update, value) of the selected number at this step, for every checkpoint seen; empty if it is no single number."""
        points = []
        for update in self.updates:
            found = thing(self._traces[update], selection)
            if found is None or not 0 <= step < found.trace.steps:
                continue
            value = found.at(step)
            if value.ndim == 1 and found.entries_axis == "slot" and selection.slots and selection.slots[0] < len(value):
                value = value[selection.slots[0]]
            if value.ndim == 0:
                points.append((update, float(value)))
        return points

    def _take(self) -> None:
        showing, trace = self._side.showing, self._side.trace
        if showing is None or trace is None:
            return
        episode = replace(showing, source=Source(place=showing.source.place))
        if episode != self._of:
            self._of, self._traces = episode, {}
        self._traces.pop(trace.card.update, None)
        self._traces[trace.card.update] = trace
        if len(self._traces) > MOST:
            del self._traces[next(iter(self._traces))]
        self.changed.emit()
