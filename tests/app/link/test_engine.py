"""The real processes: what the window can ask of them, and what it is told when one of them is killed."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from app.link.engine import Engine
from engine.contract.messages import (
    AnyEvent,
    CheckpointSaved,
    EpisodeWish,
    Evaluate,
    Progress,
    Quit,
    Ready,
    Record,
    Request,
    RunEnded,
    RunId,
    RunStarted,
    Source,
    StartRun,
    TraceReady,
    Working,
)

RUN = RunId("tiny")
PATIENCE = 60_000
EXHIBIT = Source(place="exhibit:ntm-copy")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="kills processes as POSIX systems do")


class Listener:
    """Gathers what an engine says."""

    def __init__(self, engine: Engine) -> None:
        self.events: list[AnyEvent] = []
        self.deaths: list[tuple[RunId | None, str]] = []
        engine.event_arrived.connect(self.events.append)
        engine.explorer_died.connect(lambda reason: self.deaths.append((None, reason)))
        engine.run_died.connect(lambda run, reason: self.deaths.append((run, reason)))

    def has(self, kind: type, count: int = 1) -> bool:
        return sum(isinstance(event, kind) for event in self.events) >= count

    def last(self, kind: type) -> AnyEvent:
        return next(event for event in reversed(self.events) if isinstance(event, kind))


@pytest.fixture
def engine(qtbot: QtBot) -> Iterator[Engine]:
    engine = Engine()
    yield engine
    left = engine.process_ids
    engine.shut_down(20.0)
    assert not [number for number in left if psutil.pid_exists(number)], "a process was left behind"


@pytest.fixture
def listener(engine: Engine) -> Listener:
    return Listener(engine)


@pytest.fixture
def wait(qtbot: QtBot) -> Callable[[Callable[[], bool]], None]:
    return lambda truth: qtbot.waitUntil(truth, timeout=PATIENCE)


def start(folder: Path, updates: int = 1_000_000, resume: bool = False) -> StartRun:
    settings = {"bits": 2, "max_length": 3, "slots": 4, "slot_width": 3, "hidden": 8, "batch": 2}
    return StartRun(
        run=RUN,
        folder=str(folder),
        model="ntm",
        task="copy",
        settings=dict(settings),
        seed=0,
        updates=updates,
        resume=resume,
    )


Wait = Callable[[Callable[[], bool]], None]


def test_the_explorer_greets_records_and_ends(engine: Engine, listener: Listener, wait: Wait) -> None:
    engine.start()
    engine.explorer_send(Record(request=Request(1), source=EXHIBIT, episode=EpisodeWish(seed=1)))
    wait(lambda: listener.has(TraceReady))

    answer = listener.last(TraceReady)
    assert isinstance(listener.events[0], Ready)
    assert isinstance(answer, TraceReady)
    assert Path(answer.path).is_file()
    assert listener.deaths == []


def test_a_killed_explorer_is_noticed_and_can_be_started_again(engine: Engine, listener: Listener, wait: Wait) -> None:
    engine.start()
    wait(lambda: listener.has(Ready))

    os.kill(engine.process_ids[0], signal.SIGKILL)
    wait(lambda: bool(listener.deaths))

    assert listener.deaths == [(None, "its process was killed by SIGKILL")]
    assert not engine.explorer_is_alive
    engine.restart_explorer()
    wait(lambda: listener.has(Ready, count=2))


def test_an_explorer_killed_in_the_middle_of_its_work_is_noticed(engine: Engine, listener: Listener, wait: Wait) -> None:
    engine.start()
    engine.explorer_send(Evaluate(request=Request(1), source=EXHIBIT, episodes=20_000))
    wait(lambda: listener.has(Working))

    os.kill(engine.process_ids[0], signal.SIGKILL)
    wait(lambda: bool(listener.deaths))

    assert listener.deaths[0][0] is None


def test_a_run_killed_while_it_trains_is_noticed_and_goes_on(
    engine: Engine, listener: Listener, wait: Wait, tmp_path: Path
) -> None:
    engine.start_run(start(tmp_path / "run"))
    wait(lambda: listener.has(CheckpointSaved, count=3))

    os.kill(engine.process_ids[0], signal.SIGKILL)
    wait(lambda: bool(listener.deaths))
    kept = max(int(path.name.split(".")[0]) for path in (tmp_path / "run" / "checkpoints").glob("*.safetensors"))
    engine.start_run(start(tmp_path / "run", resume=True))
    wait(lambda: listener.has(RunStarted, count=2) and listener.has(Progress))

    again = listener.last(RunStarted)
    assert listener.deaths == [(RUN, "its process was killed by SIGKILL")]
    assert isinstance(again, RunStarted)
    assert 0 < again.update <= kept


def test_a_run_killed_while_it_saves_goes_on(engine: Engine, listener: Listener, wait: Wait, tmp_path: Path) -> None:
    engine.start_run(start(tmp_path / "run"))
    checkpoints = tmp_path / "run" / "checkpoints"
    process = engine.process_ids[0]

    wait(lambda: listener.has(CheckpointSaved, count=2))
    _kill_while_a_file_is_written(process, checkpoints)
    wait(lambda: bool(listener.deaths))
    engine.start_run(start(tmp_path / "run", resume=True))
    wait(lambda: listener.has(RunStarted, count=2) and isinstance(listener.events[-1], Progress | CheckpointSaved))

    assert not listener.has(RunEnded)


def _kill_while_a_file_is_written(process: int, folder: Path) -> None:
    """Temporary names begin with a dot; between its appearance and the renaming, strike."""
    until = time.monotonic() + 30
    while not any(path.name.startswith(".") for path in folder.iterdir()):
        assert time.monotonic() < until, "no checkpoint was written in half a minute"
    os.kill(process, signal.SIGKILL)


def test_shutting_down_during_training_leaves_a_run_that_can_be_resumed(
    engine: Engine, listener: Listener, wait: Wait, tmp_path: Path
) -> None:
    engine.start_run(start(tmp_path / "run"))
    wait(lambda: listener.has(Progress, count=3))
    seen = listener.last(Progress)
    processes = engine.process_ids

    engine.shut_down(20.0)

    assert isinstance(seen, Progress)
    kept = max(int(path.name.split(".")[0]) for path in (tmp_path / "run" / "checkpoints").glob("*.safetensors"))
    assert kept >= seen.update
    assert not any(psutil.pid_exists(number) for number in processes)


def test_the_next_run_begins_in_the_process_that_is_there(engine: Engine, listener: Listener, wait: Wait, tmp_path: Path) -> None:
    engine.start_run(start(tmp_path / "one", updates=3))
    first = engine.process_ids
    wait(lambda: listener.has(RunEnded))

    engine.start_run(start(tmp_path / "other", updates=3))
    wait(lambda: listener.has(RunEnded, count=2))

    assert engine.process_ids == first
    assert listener.deaths == []
    assert (tmp_path / "other" / "run.json").is_file()


def test_two_runs_at_a_time_have_two_processes(engine: Engine, listener: Listener, wait: Wait, tmp_path: Path) -> None:
    engine.start_run(start(tmp_path / "one"))
    engine.start_run(replace(start(tmp_path / "other"), run=RunId("other")))

    wait(lambda: listener.has(RunStarted, count=2))

    assert len(set(engine.process_ids)) == 2


def test_a_process_whose_run_failed_makes_no_other_run(engine: Engine, listener: Listener, wait: Wait, tmp_path: Path) -> None:
    engine.start_run(replace(start(tmp_path / "one"), settings={"slots": -1}))
    (first,) = engine.process_ids
    wait(lambda: listener.has(RunEnded))

    assert engine.process_ids == ()
    wait(lambda: not psutil.pid_exists(first))
    assert listener.deaths == []


def test_a_process_that_was_prepared_makes_the_first_run(engine: Engine, listener: Listener, wait: Wait, tmp_path: Path) -> None:
    engine.prepare_run()
    prepared = engine.process_ids

    engine.start_run(start(tmp_path / "one", updates=3))
    wait(lambda: listener.has(RunEnded))

    assert engine.process_ids == prepared


def test_a_spare_process_that_dies_is_missed_by_nobody(engine: Engine, listener: Listener, wait: Wait, tmp_path: Path) -> None:
    engine.start_run(start(tmp_path / "one", updates=3))
    wait(lambda: listener.has(RunEnded))

    os.kill(engine.process_ids[0], signal.SIGKILL)
    wait(lambda: engine.process_ids == ())

    assert listener.deaths == []


def test_spare_processes_end_when_nothing_was_trained_for_a_while(
    engine: Engine, listener: Listener, wait: Wait, tmp_path: Path
) -> None:
    engine.start_run(start(tmp_path / "one", updates=3))
    wait(lambda: listener.has(RunEnded))
    (spare,) = engine.process_ids

    engine._rest.setInterval(10)
    engine._rest.start()

    wait(lambda: engine.process_ids == () and not psutil.pid_exists(spare))


def test_sending_to_processes_that_are_not_there_does_nothing(engine: Engine, listener: Listener) -> None:
    engine.explorer_send(Quit())
    engine.run_send(RUN, Quit())

    assert listener.events == []


def test_a_machine_that_refuses_another_process_says_so(
    engine: Engine, listener: Listener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(role: str) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("app.link.engine.launch", refuse)

    engine.start()
    engine.start_run(start(tmp_path / "run"))

    assert [run for run, _ in listener.deaths] == [None, RUN]
    assert "Resource temporarily unavailable" in listener.deaths[0][1]


WINDOW = """
    import sys
    from PySide6.QtCore import QCoreApplication
    from app.link.engine import Engine
    from engine.contract.messages import CheckpointSaved, Ready, RunId, StartRun

    def tell(event):
        if isinstance(event, (Ready, CheckpointSaved)):
            print(type(event).__name__, *engine.process_ids, flush=True)

    if __name__ == "__main__":
        application = QCoreApplication([])
        engine = Engine()
        engine.event_arrived.connect(tell)
        engine.start()
        engine.start_run(StartRun(run=RunId("r"), folder=sys.argv[1], model="ntm", task="copy", seed=0, updates=10**6,
            settings={"bits": 2, "max_length": 3, "slots": 4, "slot_width": 3, "hidden": 8, "batch": 2}))
        application.exec()
"""


@pytest.mark.timeout(90)
def test_when_the_window_is_killed_its_processes_save_and_end(tmp_path: Path) -> None:
    script = tmp_path / "window.py"
    script.write_text(textwrap.dedent(WINDOW))
    window = subprocess.Popen([sys.executable, str(script), str(tmp_path / "run")], stdout=subprocess.PIPE, text=True)
    assert window.stdout is not None
    said = {}
    while set(said) != {"Ready", "CheckpointSaved"}:
        name, *numbers = window.stdout.readline().split()
        said[name] = [int(number) for number in numbers]
    children = [psutil.Process(number) for number in said["Ready"]]

    window.kill()
    window.wait()
    _, left = psutil.wait_procs(children, timeout=30)

    assert left == []
    assert len(children) == 2
    window.stdout.close()
    assert "ended" in (tmp_path / "run" / "log.txt").read_text()
