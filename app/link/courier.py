"""Events to the state, in order and at most once a frame: what would be painted over at once is joined into one event."""

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from engine.contract.messages import AnyEvent, Progress, Working

MILLISECONDS_A_FRAME = 16


class Courier(QObject):
    """Connect `event_arrived` to `receive`; `apply` is called in this object's thread."""

    def __init__(self, apply: Callable[[AnyEvent], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._apply = apply
        self._waiting: list[AnyEvent] = []
        self._delivered = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.deliver)

    @Slot(object)
    def receive(self, event: AnyEvent) -> None:
        """Take an event; it is delivered at once if the last delivery is a frame ago, else when the frame is over."""
        if not self._join(event):
            self._waiting.append(event)
        if not self._timer.isActive():
            since = (time.perf_counter() - self._delivered) * 1000
            self._timer.start(max(0, round(MILLISECONDS_A_FRAME - since)))

    @Slot()
    def deliver(self) -> None:
        """Hand over what waits."""
        self._delivered = time.perf_counter()
        events, self._waiting = self._waiting, []
        try:
            while events:
                self._apply(events.pop(0))
        finally:  # should one of them fail, the others still arrive
            if events:
                self._waiting = events + self._waiting
                self._timer.start(MILLISECONDS_A_FRAME)

    def _join(self, event: AnyEvent) -> bool:
        """Join progress with progress that still waits, unless something else of the same run came in between."""
        match event:
            case Progress():
                for place in reversed(range(len(self._waiting))):
                    before = self._waiting[place]
                    if getattr(before, "run", None) == event.run:
                        if isinstance(before, Progress):
                            self._waiting[place] = replace(event, points=before.points + event.points)
                            return True
                        return False
            case Working():
                for place in reversed(range(len(self._waiting))):
                    before = self._waiting[place]
                    if isinstance(before, Working) and before.request == event.request:
                        self._waiting[place] = event
                        return True
        return False
