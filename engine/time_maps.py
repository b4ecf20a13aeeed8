"""Time maps in the making: the wished episode at one checkpoint after the other, each as a row of courses."""

import logging
from collections import deque
from collections.abc import Callable

from engine.contract.faults import explain, is_a_fault
from engine.contract.messages import AnyEvent, Mapped, MapRow, MapTime, Request, Source
from engine.contract.trace import Trace
from engine.contract.trace_file import read_trace
from engine.courses import courses_of
from engine.recording import record
from engine.sources import open_source
from engine.trace_cache import TraceCache, key_of

logger = logging.getLogger(__name__)


class TimeMaps:
    """What is still to be summarised, the newest wish last; it is served first, a row at a time."""

    def __init__(self, emit: Callable[[AnyEvent], None], cache: TraceCache) -> None:
        self._emit, self._cache = emit, cache
        self._asked: list[tuple[MapTime, deque[int]]] = []

    def ask(self, command: MapTime) -> None:
        """From now on this map is wished for."""
        self._asked.append((command, deque(command.updates)))

    def give_up(self, request: Request) -> bool:
        """Nobody waits for this one any more; False if it was not among them."""
        left = [(asked, rows) for asked, rows in self._asked if asked.request != request]
        found, self._asked = len(left) < len(self._asked), left
        return found

    def work(self) -> bool:
        """Make one row, or say that the last one was made; False if nothing is wished for."""
        if not self._asked:
            return False
        command, left = self._asked[-1]
        if left:
            self._emit(self._row(command, left.popleft()))
        else:
            self._asked.pop()
            self._emit(Mapped(request=command.request))
        return True

    def _row(self, command: MapTime, update: int) -> MapRow:
        try:
            return MapRow(request=command.request, update=update, courses=courses_of(self._trace(command, update)))
        except Exception as error:
            if is_a_fault(error):
                logger.exception("the row of %s at update %d failed", command, update)
            return MapRow(request=command.request, update=update, sentence=explain(error))

    def _trace(self, command: MapTime, update: int) -> Trace:
        """What was recorded already is not run again."""
        opened = open_source(Source(place=command.place, update=update), command.settings)
        path = self._cache.find(key_of(opened, command.episode))
        return read_trace(path) if path is not None else record(opened, command.episode)
