"""Several trainings next to each other, each in a process of its own; they can be told to stop, and then go on another time."""

import contextlib
import multiprocessing
import signal
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import FrameType
from typing import Any, Literal, Protocol

from engine.commands.terminal import say
from engine.contract.messages import AnyEvent, RunEnded, StartRun, StopRun
from engine.contract.results import GOAL_SEQUENCES
from engine.contract.stages import begun, spans_of, within
from engine.host import serve
from engine.registry import model_entry
from engine.training.folder import RunFolder

SECONDS_TO_END = 10.0
LOOK = 0.2
"""Seconds after which an interruption is noticed while no training says anything."""

AT_ONCE = 2
"""So many interruptions end the trainings where they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one training. `cost`: mean over its last thousand sequences; `seconds`: those that it worked this time."""

    folder: str
    seed: int
    reason: Literal["finished", "stopped", "failed"]
    is_solved: bool
    updates: int
    seconds: float
    cost: float | None
    detail: str = ""


class Watcher(Protocol):
    """Who is told; trainings go by their number in the order in which they are given."""

    def hears(self, number: int, event: AnyEvent) -> None:
        """One says something of itself."""

    def takes(self, number: int, outcome: Outcome) -> None:
        """One is over."""

    def needless(self) -> Iterable[int]:
        """Those that nobody waits for any more: they are stopped, or never begun."""


def train_side_by_side(commands: Sequence[StartRun], workers: int, output: Path, watcher: Watcher) -> None:
    """Train them all, so many at a time. One that fails, or whose process is killed, leaves the others alone. Ctrl-C stops them:
    each saves what it has."""
    trainings = _Trainings(commands, workers, watcher)
    with _Interruptions() as interruptions:
        try:
            while trainings.go_on() and interruptions.count < AT_ONCE:
                if interruptions.are_new:
                    say("Interrupted; each run saves what it has (Ctrl-C once more: at once).")
                    trainings.stop_all()
        finally:
            trainings.end()
    if interruptions.count:
        say(f"The same command goes on with what lies in {output}.")
        raise KeyboardInterrupt


def cost_of(folder: Path) -> float | None:
    """The mean cost of the last thousand sequences that a run was trained on; only of its last stage, where it has several."""
    run = RunFolder(folder)
    if not run.card_file.is_file():
        return None
    card, whole = run.read_card(), run.curve()
    stages = begun(spans_of(model_entry(card.model).card, card.updates, card.settings), whole[-1][0] if whole else 0)
    curve = within(whole, stages[-1] if stages else None)
    newest = [cost for _, cost in curve][-max(-(-GOAL_SEQUENCES // int(card.settings["batch"])), 1) :]
    return sum(newest) / len(newest) if newest else None


@dataclass(slots=True, kw_only=True)
class _Live:
    number: int
    process: SpawnProcess
    is_told: bool = False
    """Whether it was told to stop."""


class _Trainings:
    """Those that wait, and those that train, each at the other end of a pipe."""

    def __init__(self, commands: Sequence[StartRun], workers: int, watcher: Watcher) -> None:
        self._commands, self._workers, self._watcher = commands, workers, watcher
        self._waiting = list(range(len(commands)))
        self._live: dict[Connection, _Live] = {}

    def go_on(self) -> bool:
        """Begin those that there is room for, and hear what the others say; False once none is left."""
        while self._waiting and len(self._live) < self._workers:
            self._begin(self._waiting.pop(0))
        ready = wait(list(self._live), timeout=LOOK)
        for connection in [each for each in self._live if each in ready]:
            self._listen(connection)
        self._stop(self._watcher.needless())
        return bool(self._waiting or self._live)

    def stop_all(self) -> None:
        """Let what trains save and end, and begin no other."""
        self._stop(range(len(self._commands)))

    def end(self) -> None:
        """What still trains ends now."""
        for live in self._live.values():
            live.process.kill()
        for connection in list(self._live):
            self._part(connection)

    def _begin(self, number: int) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(theirs, "run"), daemon=True)
        process.start()
        theirs.close()  # now theirs is open in the child alone, so that its death closes the pipe
        self._live[ours] = _Live(number=number, process=process)
        ours.send(self._commands[number])

    def _listen(self, connection: Connection) -> None:
        number = self._live[connection].number
        try:
            event = connection.recv()
        except (EOFError, OSError):
            self._take(connection, _killed(self._commands[number]))
            return
        if isinstance(event, RunEnded):
            self._take(connection, _outcome(self._commands[number], event))
        else:
            self._watcher.hears(number, event)

    def _take(self, connection: Connection, outcome: Outcome) -> None:
        number = self._live[connection].number
        self._part(connection)
        self._watcher.takes(number, outcome)

    def _part(self, connection: Connection) -> None:
        """The end of the pipe ends the process."""
        process = self._live.pop(connection).process
        connection.close()
        process.join(SECONDS_TO_END)

    def _stop(self, numbers: Iterable[int]) -> None:
        needless = set(numbers)
        self._waiting = [number for number in self._waiting if number not in needless]
        for connection, live in self._live.items():
            if live.number in needless and not live.is_told:
                live.is_told = True
                with contextlib.suppress(OSError):  # it has ended by itself
                    connection.send(StopRun(run=self._commands[live.number].run))


def _outcome(command: StartRun, ended: RunEnded) -> Outcome:
    return Outcome(
        folder=command.folder, seed=command.seed, reason=ended.reason, is_solved=ended.is_solved, updates=ended.update,
        seconds=round(ended.seconds, 3), cost=cost_of(Path(command.folder)), detail=ended.detail,
    )  # fmt: skip


def _killed(command: StartRun) -> Outcome:
    kept = RunFolder(Path(command.folder)).kept()
    return Outcome(
        folder=command.folder, seed=command.seed, reason="failed", is_solved=False, updates=max(kept, default=0), seconds=0.0,
        cost=cost_of(Path(command.folder)), detail="its process was killed; the same command goes on where it was saved last",
    )  # fmt: skip


class _Interruptions:
    """Counts Ctrl-C, and polite signals to end, instead of being torn out of what is being done."""

    def __init__(self) -> None:
        self.count = 0
        self._seen = 0
        self._before: dict[int, Any] = {}

    @property
    def are_new(self) -> bool:
        """Whether there has been one since this was asked last."""
        seen, self._seen = self._seen, self.count
        return self.count > seen

    def __enter__(self) -> "_Interruptions":
        self._before = {number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
