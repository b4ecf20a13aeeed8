"""Start an engine process with a pipe to it, and end it: the one place of the window that knows how."""

import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from engine.host import Role, serve


@dataclass(frozen=True, slots=True)
class Launched:
    """A child process, and the window's end of the pipe to it."""

    process: SpawnProcess
    connection: Connection

    def exit_code(self, seconds: float) -> int | None:
        """Wait so long for the process to end; None if it has not."""
        self.process.join(seconds)
        return self.process.exitcode

    def end(self) -> None:
        """End it now if it has not ended."""
        if self.process.is_alive():
            self.process.kill()
            self.process.join(1.0)


def launch(role: Role) -> Launched:
    """Start a process: a clean interpreter that imports nothing of the window. OSError if the machine refuses another one."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, role), name=f"slotscope {role}", daemon=True)
    process.start()
    theirs.close()  # now theirs is open in the child alone, so that its death closes the pipe
    return Launched(process, ours)


def reason_of_death(exit_code: int | None) -> str:
    """How a process ended, in a few words that fit into a sentence."""
    if exit_code is None:
        return "it closed its pipe"
    if exit_code >= 0:
        return f"its process ended with exit code {exit_code}"
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:
        name = f"signal {-exit_code}"
    return f"its process was killed by {name}"
