"""What the state needs from outside: the engine, and a way to open a trace file."""

from collections.abc import Callable
from typing import Protocol

from engine.contract.messages import Command, RunId, StartRun
from engine.contract.trace import Trace


class EnginePort(Protocol):
    """The engine's processes, as the state sees them. No call waits for an answer."""

    def explorer_send(self, command: Command) -> None:
        """Send to the process that records and replays."""

    def start_run(self, command: StartRun) -> None:
        """Train in a new process of its own."""

    def run_send(self, run: RunId, command: Command) -> None:
        """Send to the process of one run; nothing happens if it has ended."""

    def restart_explorer(self) -> None:
        """Start a new explorer in place of one that died."""


OpenTrace = Callable[[str], Trace]
"""Reads a trace file; BadFileError if it cannot be used."""
