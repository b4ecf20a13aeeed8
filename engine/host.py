"""The child process: takes commands from the pipe, hands them to the service, sends its events back; ends with its parent."""

import contextlib
import logging
import os
import queue
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Literal

from engine.contract.log import log_to_file
from engine.contract.messages import AnyEvent, Command, Quit

Role = Literal["explorer", "run"]

NICENESS_OF_A_RUN = 5
SECONDS_TO_END = 60.0


def serve(connection: Connection, role: Role) -> None:
    """Serve until told to quit, or until the parent is gone."""
    _settle(role)
    inbox = Inbox(connection, _end_at_last)
    inbox.start()
    try:
        _serve(connection, role, inbox)
    except Exception:
        logging.getLogger(__name__).exception("the %s's process ends by a fault", role)
        raise SystemExit(1) from None
    finally:
        with contextlib.suppress(OSError):
            connection.close()


def _serve(connection: Connection, role: Role, inbox: "Inbox") -> None:
    from engine.service import Service  # here and nowhere else: the window imports this module, and must not load torch

    service = Service(_sender(connection), inbox.next)
    service.greet()
    if role == "explorer":
        service.make_quick_paths()
    if role == "explorer" and not inbox.has_some:
        service.warm_up()
    while not service.has_ended:
        service.handle(inbox.wait())


class Inbox:
    """Commands as they arrive, read by a thread; the end of the pipe, like a polite signal, arrives as Quit."""

    def __init__(self, connection: Connection, parent_is_gone: Callable[[], None]) -> None:
        self._connection = connection
        self._parent_is_gone = parent_is_gone
        self._commands: queue.SimpleQueue[Command] = queue.SimpleQueue()
        signal.signal(signal.SIGTERM, lambda *_: self._commands.put(Quit()))

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, name="command-reader", daemon=True).start()

    def wait(self) -> Command:
        """The next command, however long it takes."""
        return self._commands.get()

    def next(self) -> Command | None:
        """The next command if one waits."""
        try:
            return self._commands.get_nowait()
        except queue.Empty:
            return None

    @property
    def has_some(self) -> bool:
        """Whether a command waits."""
        return not self._commands.empty()

    def _read(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._commands.put(self._connection.recv())
        self._commands.put(Quit())
        self._parent_is_gone()


def _end_at_last() -> None:
    """The parent is gone. Should the present work not let go in good time, end without it: no process is left behind."""
    watch = threading.Timer(SECONDS_TO_END, os._exit, args=(1,))
    watch.daemon = True
    watch.start()


def _sender(connection: Connection) -> Callable[[AnyEvent], None]:
    def send(event: AnyEvent) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionError):  # the parent is gone: Quit is on its way
            connection.send(event)

    return send


def _settle(role: Role) -> None:
    """Ctrl-C in a terminal is the window's to answer; a run leaves the cores to the window and the explorer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if role == "run" and hasattr(os, "nice"):
        os.nice(NICENESS_OF_A_RUN)
    log_to_file()
