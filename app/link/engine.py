"""All engine processes of the window: the explorer, always there, and one for each run that trains. Implements `EnginePort`."""

import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.link.engine_link import EngineLink
from app.link.launch import Launched, launch, reason_of_death
from engine.contract.messages import AnyEvent, Command, Quit, Ready, RunEnded, RunId, StartRun
from engine.host import Role

SECONDS_FOR_AN_EXIT_CODE = 5.0
SECONDS_FOR_THE_IDLE = 0.3
MOST_SPARE = 2
"""Processes whose run has ended wait for the next one: it begins at once, where a new process takes seconds to load torch."""
SECONDS_SPARE = 120.0


class Engine(QObject):
    """Starts, watches and ends the processes. No call waits for an answer, but for `shut_down`."""

    event_arrived = Signal(object)
    explorer_died = Signal(str)
    """Why, in a few words. What it had not answered yet stays unanswered: ask again after the next Ready."""
    run_died = Signal(object, str)
    """RunId and why: the process of a run went without a RunEnded."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._explorer: _Process | None = None
        self._runs: dict[RunId, _Process] = {}
        self._spare: list[_Process] = []
        self._is_down = False
        self._rest = QTimer(self, singleShot=True, interval=round(SECONDS_SPARE * 1000))
        self._rest.timeout.connect(self._end_spare)

    def start(self) -> None:
        """Start the explorer; its first event is Ready."""
        self.restart_explorer()

    @property
    def explorer_is_alive(self) -> bool:
        """Whether there is an explorer process."""
        return self._explorer is not None

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes that are there now, the explorer's first."""
        found = (self._explorer, *self._runs.values(), *self._spare)
        return tuple(process.id for process in found if process is not None and process.id is not None)

    def explorer_send(self, command: Command) -> None:
        """Send to the explorer; nothing happens while there is none."""
        if self._explorer is not None:
            self._explorer.link.send(command)

    def restart_explorer(self) -> None:
        """End the explorer if there is one, and start a new one."""
        if self._explorer is not None:
            self._explorer.forget()
        self._explorer = self._launch("explorer")
        if self._explorer is None:
            return
        self._explorer.event_arrived.connect(self.event_arrived)
        self._explorer.gone.connect(self._explorer_gone)

    def start_run(self, command: StartRun) -> None:
        """Train in a process that does nothing else; one that still works on this run is ended first."""
        if (old := self._runs.pop(command.run, None)) is not None:
            old.forget()
        process = self._spare.pop() if self._spare else self._launch_for_runs(command.run)
        if process is None:
            return
        process.run, process.run_has_ended = command.run, False
        self._runs[command.run] = process
        process.link.send(command)

    def prepare_run(self) -> None:
        """Have a process ready for the next run, so that it begins at once."""
        if not self._spare and not self._runs and not self._is_down:
            process = self._launch_for_runs(None)
            if process is not None:
                self._spare.append(process)
                self._rest.start()

    def run_send(self, run: RunId, command: Command) -> None:
        """Send to the process of one run; nothing happens if it has ended."""
        if (process := self._runs.get(run)) is not None:
            process.link.send(command)

    def shut_down(self, seconds: float) -> None:
        """Let every process save and end, for at most so long, then end those that have not. None is left behind."""
        runs, others = list(self._runs.values()), [*self._spare, *([self._explorer] if self._explorer is not None else [])]
        self._explorer, self._is_down = None, True
        self._runs.clear()
        self._spare.clear()
        self._rest.stop()
        until = time.monotonic() + seconds
        for process in (*runs, *others):
            process.quit()
        soon = min(until, time.monotonic() + SECONDS_FOR_THE_IDLE)
        for process in others:  # they have nothing to save
            process.end(soon)
        for process in runs:
            process.end(until)

    def _launch(self, role: Role, run: RunId | None = None) -> "_Process | None":
        try:
            launched = launch(role)
        except OSError as error:
            reason = f"the machine refused to start its process: {error.strerror or error}"
            if role == "explorer":
                self.explorer_died.emit(reason)
            elif run is not None:
                self.run_died.emit(run, reason)
            return None
        return _Process(launched, run, self)

    def _launch_for_runs(self, run: RunId | None) -> "_Process | None":
        process = self._launch("run", run)
        if process is not None:
            process.event_arrived.connect(self._run_event)
            process.gone.connect(self._run_gone)
        return process

    @Slot(object)
    def _run_event(self, event: AnyEvent) -> None:
        if isinstance(event, RunEnded) and (process := self._runs.pop(event.run, None)) is not None:
            self._keep_spare(process, event)
        if not isinstance(event, Ready):  # the explorer's greeting has said all that
            self.event_arrived.emit(event)

    def _keep_spare(self, process: "_Process", event: RunEnded) -> None:
        """A process whose run ended well is good for another one; after a failure nobody knows."""
        if event.reason == "failed" or len(self._spare) >= MOST_SPARE:
            process.quit()
            return
        self._spare.append(process)
        self._rest.start()

    @Slot()
    def _end_spare(self) -> None:
        for process in self._spare:
            process.quit()
        self._spare.clear()

    @Slot(object, object)
    def _explorer_gone(self, process: "_Process", exit_code: int | None) -> None:
        if process is self._explorer:
            self._explorer = None
            self.explorer_died.emit(reason_of_death(exit_code))

    @Slot(object, object)
    def _run_gone(self, process: "_Process", exit_code: int | None) -> None:
        run = process.run
        if process in self._spare:
            self._spare.remove(process)
        elif run is not None and self._runs.get(run) is process:
            del self._runs[run]
            if not process.run_has_ended:
                self.run_died.emit(run, reason_of_death(exit_code))


class _Process(QObject):
    """One process with its link; after `forget` it says no more."""

    event_arrived = Signal(object)
    gone = Signal(object, object)

    def __init__(self, launched: Launched, run: RunId | None, parent: QObject) -> None:
        super().__init__(parent)
        self._launched = launched
        self.run = run
        self.run_has_ended = False
        self.link = EngineLink(launched.connection, lambda: launched.exit_code(SECONDS_FOR_AN_EXIT_CODE), self)
        self.link.event_arrived.connect(self._pass_on)
        self.link.closed.connect(self._close)
        self.link.start()

    @property
    def id(self) -> int | None:
        """The system's number of the process."""
        return self._launched.process.pid

    def quit(self) -> None:
        """Ask it to end, and listen no more."""
        self.event_arrived.disconnect()
        self.gone.disconnect()
        self.link.send(Quit())

    def forget(self) -> None:
        """End it at once; whoever comes after it takes over."""
        self.quit()
        self._launched.process.kill()

    def end(self, until: float) -> None:
        """Wait until then for it to end, and end it if it has not."""
        self._launched.exit_code(max(until - time.monotonic(), 0.0))
        self._launched.end()
        self.link.wait(1.0)

    @Slot(object)
    def _pass_on(self, event: AnyEvent) -> None:
        if isinstance(event, RunEnded):
            self.run_has_ended = True
        self.event_arrived.emit(event)

    @Slot(object)
    def _close(self, exit_code: int | None) -> None:
        self.gone.emit(self, exit_code)
        self.deleteLater()
