"""A real window on a scripted engine."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.shell.window import Window
from app.state.session import Session
from fake_traces import ntm_trace
from scripted import desk
from shown import Shown


def _no_session(_: Path) -> Session | None:
    return None


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    """A window that shows an episode of the copying machine."""
    made = desk()
    made.show(ntm_trace())
    window = Window(made.state, lambda path: made.files[path], _no_session)
    qtbot.addWidget(window)
    window.ask_whether_to_close = lambda: True
    window.show()
    qtbot.waitExposed(window)
    return Shown(window, made)
