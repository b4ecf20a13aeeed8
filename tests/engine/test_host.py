"""The child process: greets first, leaves the cores to others, and ends politely with its run saved."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection, Pipe
from pathlib import Path

import psutil
import pytest

from engine.contract.messages import CheckpointSaved, PauseRun, Quit, Ready, RunEnded, RunId, StartRun
from engine.host import NICENESS_OF_A_RUN, Inbox, serve

RUN = RunId("tiny")
PATIENCE = 60


@pytest.fixture
def child() -> Iterator[tuple[psutil.Process, Connection]]:
    """The process of a run, and our end of the pipe."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs, "run"), daemon=True)
    process.start()
    theirs.close()
    assert process.pid is not None
    yield psutil.Process(process.pid), ours
    process.kill()
    process.join()
    ours.close()


def receive_until(connection: Connection, kind: type) -> list[object]:
    events: list[object] = []
    while not events or not isinstance(events[-1], kind):
        assert connection.poll(PATIENCE), f"no {kind.__name__}, only {events}"
        events.append(connection.recv())
    return events


def start(folder: Path) -> StartRun:
    return StartRun(
        run=RUN,
        folder=str(folder),
        model="ntm",
        task="copy",
        settings={"bits": 2, "max_length": 3, "slots": 4, "slot_width": 3, "hidden": 8, "batch": 2},
        seed=0,
        updates=1_000_000,
    )


@pytest.mark.skipif(os.name == "nt", reason="signals and niceness are those of POSIX systems")
def test_a_run_is_nice_ignores_ctrl_c_and_saves_when_it_is_told_to_end(
    child: tuple[psutil.Process, Connection], tmp_path: Path
) -> None:
    process, connection = child
    first = receive_until(connection, Ready)
    connection.send(start(tmp_path / "run"))
    receive_until(connection, CheckpointSaved)

    process.send_signal(signal.SIGINT)
    receive_until(connection, CheckpointSaved)
    niceness = process.nice()
    process.send_signal(signal.SIGTERM)
    ended = receive_until(connection, RunEnded)[-1]

    assert isinstance(first[0], Ready)
    assert niceness >= NICENESS_OF_A_RUN
    assert isinstance(ended, RunEnded)
    assert ended.reason == "stopped"
    assert ended.last_good == ended.update
    process.wait(PATIENCE)


def test_the_end_of_the_pipe_arrives_as_quit() -> None:
    ours, theirs = Pipe()
    before = signal.getsignal(signal.SIGTERM)
    gone = threading.Event()
    inbox = Inbox(theirs, gone.set)
    inbox.start()

    ours.send(PauseRun(run=RUN))
    first = inbox.wait()
    ours.close()
    second = inbox.wait()

    assert first == PauseRun(run=RUN)
    assert second == Quit()
    assert inbox.next() is None
    assert gone.wait(PATIENCE)
    signal.signal(signal.SIGTERM, before)
