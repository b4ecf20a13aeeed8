"""The composition root: makes state, link and window, joins them, and lets the first episode play."""

import json
import logging
import os
import sys
import time
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.interrupt import Interrupt
from app.library import FIRST, Recorded, keep_restarts, new_folder, read_exhibits, read_runs
from app.link.courier import Courier
from app.link.engine import Engine
from app.screen import reason_for_no_screen
from app.shell.keeping import Keeper, read_preferences
from app.shell.window import Window
from app.state.app_state import AppState
from app.state.catalogue import EXHIBIT
from app.state.preferences import Preferences
from app.state.session import Session
from engine.contract.log import log_to_file
from engine.contract.messages import AnyEvent, Ready, RunId
from engine.contract.places import log_file, runs_folder
from engine.contract.trace import Trace
from engine.contract.trace_file import read_trace

BENCH_VARIABLE = "SLOTSCOPE_BENCH"
"""Set it, and each milestone of the start is written to standard error as one line of JSON."""
MILLISECONDS_UNTIL_PREPARED = 2000
"""After the engine has come, a process for the first run is made ready, so that "Train one yourself" begins at once."""
SECONDS_TO_SAVE = 10.0
"""How long a run may take to save its checkpoint when the window closes."""


logger = logging.getLogger(__name__)


def main(arguments: list[str]) -> int:
    """Open the window, on a file if one is named, and stay until it is closed. 1, with a sentence, if there is no screen."""
    reason = reason_for_no_screen()
    if reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    application = QApplication.instance() or QApplication([sys.argv[0]])
    program = Program()
    sys.excepthook = program.say_fault
    interrupt = Interrupt()
    interrupt.asked_to_end.connect(program.leave)
    program.show(Path(arguments[0]) if arguments else None)
    status = application.exec()
    program.end()
    interrupt.restore()
    sys.excepthook = sys.__excepthook__
    return int(status)


class Program:
    """Everything that lives as long as the window."""

    def __init__(self) -> None:
        self._bench = bool(os.environ.get(BENCH_VARIABLE))
        kept, damaged = read_preferences()
        shelf = read_exhibits()
        self.engine = Engine()
        self.state = AppState(
            engine=self.engine,
            open_trace=_open_trace,
            find_recorded=Recorded(),
            new_folder=self._new_folder,
            exhibits=shelf.exhibits,
            preferences=Preferences(kept),
        )
        self.window = Window(self.state, _open_trace, _session_in)
        self.state.seeds.keep = keep_restarts
        self.keeper = Keeper(self.state, self.window)
        self._courier = Courier(self._apply, self.window)
        self._connect()
        for sentence in (damaged, *(f"Left out: {name}." for name in shelf.damaged)):
            if sentence:
                self.state.notices.say("session", sentence, is_error=False)

    def show(self, file: Path | None = None) -> None:
        """Open the window on a file, or on the first exhibit's first episode, which plays."""
        if file is not None:
            self.window.filing.open(file)
        if self.state.a.showing is None and self.state.catalogue.exhibits:
            self.state.explorer.open(EXHIBIT + self._first())
            self.state.playback.play()
        self.window.show()

    def say_fault(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """A fault of the window's own: in full in the log, in a sentence on screen; what can go on goes on."""
        log_to_file()
        logger.error("the window failed", exc_info=(kind, error, trace))
        said = f"Something went wrong in the window ({kind.__name__}: {error}). The log has it in full: {log_file()}"
        self.state.notices.say("session", said)

    def leave(self) -> None:
        """Close without asking: the terminal or the system wants the program to end."""
        self.window.ask_whether_to_close = lambda: True
        self.window.close()

    def end(self) -> None:
        """Keep what is to be kept, and leave no process behind."""
        self.keeper.save()
        self.engine.shut_down(SECONDS_TO_SAVE)

    def _connect(self) -> None:
        self.engine.event_arrived.connect(self._courier.receive)
        self.engine.explorer_died.connect(self.state.explorer_died)
        self.engine.run_died.connect(self._run_died)
        self.keeper.refused.connect(self._say_not_kept)
        self.window.painted_first.connect(self._start_engine)
        if self._bench:
            self.state.playback.changed.connect(self._step_changed)

    def _start_engine(self) -> None:
        self._milestone("window_visible")
        self.window.clock.hurry()
        self.state.notices.say("engine", "The engine is starting; recorded episodes play meanwhile.", is_error=False)
        self.engine.start()
        self.state.training.remember(read_runs(runs_folder()))

    def _apply(self, event: AnyEvent) -> None:
        self.state.apply(event)
        if isinstance(event, Ready):
            self._milestone("engine_ready")
            if not self._bench:
                QTimer.singleShot(MILLISECONDS_UNTIL_PREPARED, self.engine.prepare_run)

    def _run_died(self, run: object, reason: str) -> None:
        self.state.run_died(RunId(str(run)), reason)

    def _say_not_kept(self, sentence: str) -> None:
        self.state.notices.say("session", sentence)

    def _new_folder(self, name: str) -> str:
        taken = {run.folder for run in self.state.training.runs}
        return new_folder(runs_folder(), name, taken)

    def _first(self) -> str:
        names = [card.name for card in self.state.catalogue.exhibits]
        return FIRST if FIRST in names else names[0]

    def _step_changed(self) -> None:
        if self.state.playback.step > 0:
            self.state.playback.changed.disconnect(self._step_changed)
            self._milestone("playing")

    def _milestone(self, name: str) -> None:
        if self._bench:
            sys.stderr.write(json.dumps({"milestone": name, "at": time.time()}) + "\n")
            sys.stderr.flush()


def _open_trace(path: str) -> Trace:
    return read_trace(Path(path))


def _session_in(path: Path) -> Session | None:
    from app.export.carry import session_in  # with the first figure that is opened: the start cannot spare its libraries

    return session_in(path)
