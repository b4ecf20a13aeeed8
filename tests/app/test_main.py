"""The program as it starts: visible at once, playing before the engine is there, and nothing heavy loaded."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from pytestqt.qtbot import QtBot

from app import screen
from app.link.engine import Engine
from app.main import Program, main
from app.plots.matrix_canvas import MatrixCanvas
from app.shell.keeping import LAST_SESSION
from engine.contract.places import preferences_file, sessions_folder
from fake_traces import ntm_trace


@pytest.fixture
def program(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Program:
    """The whole program, but its engine never starts."""
    monkeypatch.setattr(Engine, "start", lambda self: None)
    made = Program()
    qtbot.addWidget(made.window)
    made.window.ask_whether_to_close = lambda: True
    return made


def test_the_first_exhibit_plays_before_the_engine_is_there(program: Program, qtbot: QtBot) -> None:
    program.show()

    assert not program.state.catalogue.engine_is_ready
    assert program.state.a.trace is not None
    assert program.state.a.trace.card.source == "exhibit:ntm-copy"
    qtbot.waitUntil(lambda: program.state.playback.step >= 1, timeout=5000)
    assert program.state.playback.speed == 1.0


def test_the_engine_starts_only_after_the_window_was_painted(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[bool] = []
    monkeypatch.setattr(Engine, "start", lambda self: started.append(made.window.isVisible()))
    made = Program()
    qtbot.addWidget(made.window)
    assert started == []

    made.show()

    qtbot.waitUntil(lambda: started == [True], timeout=5000)
    assert made.window.status.news.text() == "The engine is starting; recorded episodes play meanwhile."


class _PaintedColumns(QObject):
    """Notes at which column the cursor of a picture stands each time the picture is painted."""

    def __init__(self, canvas: MatrixCanvas) -> None:
        super().__init__(canvas)
        self.columns: list[int | None] = []
        self._canvas = canvas
        canvas.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt is about to paint."""
        if event.type() == QEvent.Type.Paint and self._canvas.marks.cursor not in self.columns[-1:]:
            self.columns.append(self._canvas.marks.cursor)
        return False


def test_playing_200_steps_paints_200_distinct_steps_in_order(program: Program, qtbot: QtBot) -> None:
    program.show()
    qtbot.waitExposed(program.window)
    program.state.explorer.show_trace(ntm_trace(length=120))
    qtbot.waitUntil(lambda: program.window.panels.stage.pane("Writes") is not None)
    pane = program.window.panels.stage.pane("Writes")
    assert pane is not None
    painted = _PaintedColumns(pane.findChild(MatrixCanvas))
    program.state.playback.go_to(0)
    program.state.playback.set_speed(1000)

    program.state.playback.play()
    qtbot.waitUntil(lambda: program.state.playback.step >= 201, timeout=60_000)

    first = painted.columns.index(1)
    assert painted.columns[first : first + 200] == list(range(1, 201))


def test_closing_keeps_the_session_and_the_preferences(program: Program, qtbot: QtBot) -> None:
    program.show()
    program.window.actions.perform("theme.dark")

    program.window.close()
    program.end()

    assert (sessions_folder() / LAST_SESSION).exists()
    assert json.loads(preferences_file().read_text())["theme"] == "dark"


def test_damaged_preferences_are_said_and_the_window_opens(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Engine, "start", lambda self: None)
    preferences_file().parent.mkdir(parents=True, exist_ok=True)
    preferences_file().write_text("{")

    made = Program()
    qtbot.addWidget(made.window)
    made.show()

    notice = made.state.notices.at("session")
    assert notice is not None
    assert "are damaged; the standard ones are used." in notice.sentence


def test_a_file_that_cannot_be_opened_is_said_and_the_first_exhibit_plays(program: Program, tmp_path: Path) -> None:
    program.show(tmp_path / "gone.slotscope")

    notice = program.state.notices.at("session")
    assert notice is not None
    assert "gone.slotscope: cannot be read" in notice.sentence
    assert program.state.a.trace is not None


def test_a_fault_of_the_window_is_a_sentence_and_stands_in_the_log(program: Program) -> None:
    try:
        raise RuntimeError("a slip")
    except RuntimeError as error:
        program.say_fault(RuntimeError, error, error.__traceback__)

    notice = program.state.notices.at("session")
    assert notice is not None
    assert "RuntimeError: a slip" in notice.sentence


@pytest.mark.parametrize(
    ("platform", "display", "said"),
    [
        ("", "", "There is no screen here"),
        ("xcb", "", "There is no screen here"),
        ("xcb", ":997", "The screen :997 does not answer."),
        ("offscreen", "", ""),
    ],
)
def test_a_machine_without_a_screen_is_told_so(monkeypatch: pytest.MonkeyPatch, platform: str, display: str, said: str) -> None:
    monkeypatch.setattr(screen.sys, "platform", "linux")
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    reason = screen.reason_for_no_screen()

    assert reason.startswith(said)
    assert bool(reason) == bool(said)


def test_without_a_screen_the_program_ends_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.main.reason_for_no_screen", lambda: "There is no screen here.")

    assert main([]) == 1

    assert capsys.readouterr().err == "There is no screen here.\n"


HEAVY = ("torch", "scipy", "cv2", "OpenGL", "matplotlib", "pypdf", "PIL", "imageio")


def test_the_windows_process_loads_nothing_heavy() -> None:
    code = f"import app.main, sys; print(sorted(set({HEAVY!r}) & {{name.partition('.')[0] for name in sys.modules}}))"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})

    assert found.stdout.strip() == "[]"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGTERM")
def test_a_polite_signal_closes_the_window_and_keeps_the_session(own_home: Path) -> None:
    environment = {**os.environ, "SLOTSCOPE_HOME": str(own_home), "SLOTSCOPE_BENCH": "1", "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen([sys.executable, "-m", "app"], env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    with process.stderr:
        line = process.stderr.readline()
        while "playing" not in line:
            assert line, "the program ended early"
            line = process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        process.stderr.read()

    assert process.wait(60) == 0
    assert (own_home / "data" / "sessions" / LAST_SESSION).exists()
