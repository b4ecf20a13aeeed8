"""The window's end of a pipe: the test plays the engine, no process needed."""

import time
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import pytest
from pytestqt.qtbot import QtBot

from app.link.engine_link import EngineLink
from engine.contract.messages import PauseRun, RunEnded, RunId, StartRun

RUN = RunId("r1")
ENDED = RunEnded(run=RUN, reason="finished", update=3)


@pytest.fixture
def ends() -> tuple[Connection, Connection]:
    return Pipe()


def test_an_event_from_the_engine_arrives_as_a_signal(qtbot: QtBot, ends: tuple[Connection, Connection]) -> None:
    ours, theirs = ends
    link = EngineLink(ours)

    with qtbot.waitSignal(link.event_arrived, timeout=2000) as arrived:
        link.start()
        theirs.send(ENDED)
    assert arrived.args == [ENDED]

    with qtbot.waitSignal(link.closed, timeout=2000):
        theirs.close()
    assert link.wait(2.0)


def test_a_command_reaches_the_engine(ends: tuple[Connection, Connection]) -> None:
    ours, theirs = ends
    link = EngineLink(ours)
    link.start()

    link.send(PauseRun(run=RUN))

    assert theirs.poll(2.0)
    assert theirs.recv() == PauseRun(run=RUN)


def test_a_command_sent_before_the_start_is_kept(ends: tuple[Connection, Connection]) -> None:
    ours, theirs = ends
    link = EngineLink(ours)
    link.send(PauseRun(run=RUN))

    link.start()

    assert theirs.poll(2.0)
    assert theirs.recv() == PauseRun(run=RUN)


def test_sending_never_waits_for_an_engine_that_does_not_read(qtbot: QtBot, ends: tuple[Connection, Connection]) -> None:
    ours, theirs = ends
    link = EngineLink(ours)
    link.start()
    large = StartRun(run=RUN, folder="f" * 1_000_000, model="ntm", task="copy", settings={}, seed=0, updates=1)

    began = time.perf_counter()
    for _ in range(20):
        link.send(large)
    spent = time.perf_counter() - began

    assert spent < 0.05
    with qtbot.waitSignal(link.closed, timeout=2000):
        theirs.close()
    assert link.wait(2.0)


def test_sending_to_an_engine_that_is_gone_does_nothing(qtbot: QtBot, ends: tuple[Connection, Connection]) -> None:
    ours, theirs = ends
    link = EngineLink(ours)
    with qtbot.waitSignal(link.closed, timeout=2000):
        link.start()
        theirs.close()

    link.send(PauseRun(run=RUN))

    assert link.wait(2.0)


def test_closing_brings_the_exit_code(qtbot: QtBot, ends: tuple[Connection, Connection]) -> None:
    ours, theirs = ends
    link = EngineLink(ours, lambda: -9)

    with qtbot.waitSignal(link.closed, timeout=2000) as closed:
        link.start()
        theirs.close()

    assert closed.args == [-9]
