"""The window's end of one pipe: commands out, events in as Qt signals. Nothing here makes the window wait."""

import contextlib
import queue
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection

from PySide6.QtCore import QObject, Signal

from engine.contract.messages import Command


def _unknown() -> int | None:
    return None


class EngineLink(QObject):
    """A thread reads events and does nothing but emit them; another writes, so that a full pipe never stops the window."""

    event_arrived = Signal(object)
    closed = Signal(object)
    """The other side is gone, with its exit code (None if that is not known). Nothing follows."""

    def __init__(
        self, connection: Connection, exit_code: Callable[[], int | None] = _unknown, parent: QObject | None = None
    ) -> None:
        """`exit_code` is asked by the reading thread, once, when the pipe has closed; it may wait."""
        super().__init__(parent)
        self._connection = connection
        self._exit_code = exit_code
        self._outbox: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, name="engine-reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name="engine-writer", daemon=True)

    def start(self) -> None:
        """Begin to read and to write."""
        self._reader.start()
        self._writer.start()

    def send(self, command: Command) -> None:
        """Send when the pipe has room; to a side that is gone, nothing."""
        self._outbox.put(command)

    def wait(self, seconds: float) -> bool:
        """Wait until the other side is gone and both threads have ended; False if that took longer."""
        self._reader.join(seconds)
        self._writer.join(seconds)
        return not self._reader.is_alive() and not self._writer.is_alive()

    def _read(self) -> None:
        with contextlib.suppress(RuntimeError):  # the window has closed and taken this object with it: nobody to tell
            try:
                while True:
                    self.event_arrived.emit(self._connection.recv())
            except (EOFError, OSError):
                self._outbox.put(None)
                self.closed.emit(self._exit_code())

    def _write(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # the reader says that the other side is gone
            while (command := self._outbox.get()) is not None:
                self._connection.send(command)
