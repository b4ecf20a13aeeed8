"""Some steps as an animation: painted between turns of the event loop, written in a thread, cancelled at any time."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.export.frames import Frame, FrameWriter, writer

Draw = Callable[[int], Frame]
"""Paints one step."""
_AHEAD = 2
"""Frames that may wait for the writer: a few megabytes each."""
_POLL_MS = 5


class Animation(QObject):
    """Paints one frame a turn, so that the window stays alive; nothing half-written is ever left behind."""

    progressed = Signal(int, int)
    """Steps painted, of how many."""
    ended = Signal(str, bool)
    """A sentence that says how it ended, and whether the file is there."""

    def __init__(
        self, draw: Draw, steps: Sequence[int], path: Path, frames_per_second: float = 4.0, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._draw, self._steps, self._path = draw, steps, path
        self._writer: FrameWriter = writer(path, frames_per_second)
        self._at = 0
        self._frames: queue.Queue[Frame | None] = queue.Queue(_AHEAD)
        self._failure = ""
        self._cancelled = False
        self._thread = threading.Thread(target=self._write, name="animation-writer", daemon=True)
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._turn)

    def start(self) -> None:
        """Begin; `ended` says when it is over."""
        self._thread.start()
        self._timer.start()

    def cancel(self) -> None:
        """Give up; nothing is left behind."""
        self._cancelled = True

    def run(self) -> str:
        """Do it all at once, where there is no window to keep alive; OSError if it cannot be written."""
        self._thread.start()
        for step in self._steps:
            if self._failure:
                break
            self._frames.put(self._draw(step))
            self._at += 1
            self.progressed.emit(self._at, len(self._steps))
        self._frames.put(None)
        self._thread.join()
        if self._failure:
            raise OSError(self._failure)
        return self._done()

    def _turn(self) -> None:
        if self._cancelled or self._failure or not self._thread.is_alive():
            self._close()
        elif self._frames.full():
            self._timer.setInterval(_POLL_MS)
        elif self._at < len(self._steps):
            self._timer.setInterval(0)
            self._paint_next()
        elif self._at == len(self._steps):
            self._at += 1
            self._frames.put(None)
            self._timer.setInterval(_POLL_MS)

    def _paint_next(self) -> None:
        try:
            frame = self._draw(self._steps[self._at])
        except Exception:  # else this turn would fail again and again
            self._cancelled = True
            raise
        self._frames.put(frame)
        self._at += 1
        self.progressed.emit(self._at, len(self._steps))

    def _close(self) -> None:
        self._timer.stop()
        if self._thread.is_alive():
            self._frames.put(None)
            self._thread.join()
        if self._failure:
            self.ended.emit(self._failure, False)
        elif self._cancelled:
            self.ended.emit("The animation was cancelled; nothing was written.", False)
        else:
            self.ended.emit(self._done(), True)

    def _done(self) -> str:
        return f"The animation of {len(self._steps)} steps lies in {self._path}."

    def _write(self) -> None:
        """The writer's thread: it touches no widget, and says how it went by `_failure` alone."""
        try:
            while (frame := self._frames.get()) is not None:
                self._writer.add(frame)
            if self._cancelled:
                self._writer.abandon()
            else:
                self._writer.finish()
        except Exception as error:
            self._writer.abandon()
            logging.getLogger(__name__).exception("the animation failed")
            self._failure = f"{self._path} cannot be written ({getattr(error, 'strerror', None) or error})."
            self._drain()

    def _drain(self) -> None:
        while not self._frames.empty():  # the painter may be waiting for room
            self._frames.get_nowait()
