"""The real program: its window and its engine's processes, begun for a test and gone after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from app.main import Program
from driving import HARMLESS, Launch, Reader, end, processes


@pytest.fixture
def launch(qtbot: QtBot, own_home: Path, qtlog: object) -> Iterator[Launch]:
    """Start the program as often as wanted; at the end nothing is left of it, and Qt had nothing to complain of."""
    begun: list[Reader] = []

    def start(file: Path | None = None) -> Reader:
        program = Program()
        program.window.ask_whether_to_close = lambda: True
        reader = Reader(program, qtbot)
        begun.append(reader)
        program.show(file)
        qtbot.waitExposed(program.window)
        program.window.activateWindow()
        return reader

    yield start
    for reader in begun:
        end(reader)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert processes() == [], "a process was left behind"
    assert complaints(qtlog) == []


@pytest.fixture
def reader(launch: Launch) -> Reader:
    """The window, open on the first exhibit, which plays; the engine is about to start."""
    return launch()


@pytest.fixture
def ready(reader: Reader) -> Reader:
    """The same, with the engine ready and the episode paused at its first step."""
    reader.wait_for_engine()
    reader.state.playback.pause()
    reader.press("Home")
    return reader


def complaints(qtlog: object) -> list[str]:
    """What Qt warned of."""
    return [
        record.message
        for record in qtlog.records  # type: ignore[attr-defined]  # pytest-qt's own
        if not any(word in record.message for word in HARMLESS)
    ]
