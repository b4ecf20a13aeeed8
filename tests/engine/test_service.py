"""One command in, events out: every command, and a sentence for everything that goes wrong."""

import errno
from collections import deque
from pathlib import Path

import numpy as np
import pytest

from engine import service as service_module
from engine.contract.cards import Settings
from engine.contract.edits import Edit
from engine.contract.messages import (
    PROTOCOL,
    AnyEvent,
    Cancel,
    CheckpointSaved,
    Command,
    Demonstrate,
    Demonstrated,
    EpisodeWish,
    Evaluate,
    Evaluated,
    GoOnRun,
    Mapped,
    MapRow,
    MapTime,
    PauseRun,
    Progress,
    Quit,
    Ready,
    Record,
    Refused,
    Request,
    RunEnded,
    RunId,
    RunPaused,
    RunStarted,
    SetLearningRate,
    Source,
    StartRun,
    StopRun,
    TraceReady,
    Working,
)
from engine.contract.trace_file import read_trace
from engine.courses import courses_of
from engine.service import Service
from engine.training.run import Diverged, TrainingRun

TINY: Settings = {"bits": 2, "min_length": 1, "max_length": 3, "slots": 4, "slot_width": 3, "hidden": 8, "batch": 2}
RUN = RunId("tiny")


class Asker:
    """The other side of a service: commands that wait, and events that came."""

    def __init__(self) -> None:
        self.commands: deque[Command] = deque()
        self.events: list[AnyEvent] = []
        self.after: dict[type, Command] = {}
        self.service = Service(self.take, lambda: self.commands.popleft() if self.commands else None)

    def take(self, event: AnyEvent) -> None:
        self.events.append(event)
        if type(event) in self.after:
            self.commands.append(self.after.pop(type(event)))

    def ask(self, *commands: Command) -> list[AnyEvent]:
        self.commands.extend(commands[1:])
        self.service.handle(commands[0])
        return self.events

    def last(self) -> AnyEvent:
        return self.events[-1]


@pytest.fixture
def asker() -> Asker:
    return Asker()


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A run of five updates."""
    folder = tmp_path_factory.mktemp("service") / "run"
    ended = Asker().ask(start(folder, updates=5))[-1]
    assert isinstance(ended, RunEnded)
    assert ended.reason == "finished", ended.detail
    return str(folder)


def start(folder: Path, updates: int = 5, resume: bool = False, **settings: int | str) -> StartRun:
    return StartRun(
        run=RUN,
        folder=str(folder),
        model="ntm",
        task="copy",
        settings={**TINY, **settings},
        seed=0,
        updates=updates,
        resume=resume,
    )


def record(place: str, request: int = 1, seed: int = 3, edits: tuple[Edit, ...] = ()) -> Record:
    return Record(request=Request(request), source=Source(place=place), episode=EpisodeWish(seed=seed), edits=edits)


def of(kind: type, events: list[AnyEvent]) -> list[AnyEvent]:
    return [event for event in events if isinstance(event, kind)]


# ---- greeting -------------------------------------------------------------------------------------------------------------


def test_the_greeting_says_what_is_offered(asker: Asker) -> None:
    asker.service.greet()

    ready = asker.last()
    assert isinstance(ready, Ready)
    assert ready.protocol == PROTOCOL
    assert {"ntm", "lstm", "memn2n"} <= {card.id for card in ready.models}
    assert {"copy", "babi"} <= {card.id for card in ready.tasks}


# ---- requests -------------------------------------------------------------------------------------------------------------


def test_a_recorded_episode_lies_in_a_file(asker: Asker, run_folder: str) -> None:
    asker.ask(record(run_folder))

    answer = asker.last()
    assert isinstance(answer, TraceReady)
    assert answer.request == 1
    assert read_trace(Path(answer.path)).card.seed == 3


def test_the_same_wish_is_recorded_once(asker: Asker, run_folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asker.ask(record(run_folder, request=1))
    monkeypatch.setattr(service_module, "record", None)  # would fail if it were called

    asker.ask(record(run_folder, request=2))

    first, second = asker.events
    assert isinstance(first, TraceReady)
    assert second == TraceReady(request=Request(2), path=first.path)


def test_an_edit_makes_it_another_wish(asker: Asker, run_folder: str) -> None:
    erase = Edit(act="erase", channel="memory.contents", step=1, index=(0,))

    asker.ask(record(run_folder, request=1), record(run_folder, request=2, edits=(erase,)))

    first, second = asker.events
    assert isinstance(first, TraceReady)
    assert isinstance(second, TraceReady)
    assert first.path != second.path


def test_a_source_that_is_not_there_is_refused_with_a_sentence(asker: Asker) -> None:
    asker.ask(record("exhibit:none"))

    answer = asker.last()
    assert isinstance(answer, Refused)
    assert "none" in answer.sentence
    assert "\n" not in answer.sentence


def test_an_edit_of_a_channel_that_is_not_there_is_refused(asker: Asker, run_folder: str) -> None:
    asker.ask(record(run_folder, edits=(Edit(act="erase", channel="memory.none", step=1, index=(0,)),)))

    answer = asker.last()
    assert isinstance(answer, Refused)
    assert "memory.none" in answer.sentence


def test_a_full_disk_is_a_sentence(asker: Asker, run_folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device", "traces/x")

    monkeypatch.setattr(service_module.TraceCache, "add", full)

    asker.ask(record(run_folder))

    assert asker.last() == Refused(request=Request(1), sentence="traces/x: the disk is full; make room and try again.")


def test_a_fault_of_the_program_is_refused_and_the_service_goes_on(
    asker: Asker, run_folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(service_module, "record", lambda *_: {}["missing"])
        asker.ask(record(run_folder, request=1))

    asker.ask(record(run_folder, request=2))

    refused, answered = asker.events
    assert isinstance(refused, Refused)
    assert "fault of the program" in refused.sentence
    assert isinstance(answered, TraceReady)


def test_an_evaluation_says_how_far_it_is_and_what_it_found(asker: Asker, run_folder: str) -> None:
    asker.ask(Evaluate(request=Request(5), source=Source(place=run_folder), episodes=64, seed=1))

    found = asker.last()
    assert isinstance(found, Evaluated)
    assert found.measurement.episodes == 64
    assert set(found.measurement.metrics) >= {"bits_per_sequence", "wrong_bits", "exact"}
    assert of(Working, asker.events)


def test_an_evaluation_can_be_cancelled(asker: Asker, run_folder: str) -> None:
    asker.after[Working] = Cancel(request=Request(5))

    asker.ask(Evaluate(request=Request(5), source=Source(place=run_folder), episodes=100_000))

    assert asker.last() == Refused(request=Request(5), sentence="cancelled")


def test_a_request_that_still_waits_can_be_cancelled(asker: Asker, run_folder: str) -> None:
    asker.after[TraceReady] = Cancel(request=Request(9))
    asker.commands.extend([record(run_folder, request=2), record(run_folder, request=9)])

    asker.ask(record(run_folder, request=1))

    assert Refused(request=Request(9), sentence="cancelled") in asker.events
    assert [event.request for event in of(TraceReady, asker.events) if isinstance(event, TraceReady)] == [1, 2]


def test_a_step_does_not_wait_for_an_evaluation(asker: Asker, run_folder: str) -> None:
    asker.after[Working] = record(run_folder, request=7)

    asker.ask(Evaluate(request=Request(5), source=Source(place=run_folder), episodes=256))

    order = [type(event) for event in asker.events]
    assert order.index(TraceReady) < order.index(Evaluated)


# ---- runs -----------------------------------------------------------------------------------------------------------------


def test_a_run_starts_reports_saves_and_finishes(asker: Asker, tmp_path: Path) -> None:
    asker.ask(start(tmp_path / "run", updates=30))

    started, ended = asker.events[0], asker.last()
    points = [point for event in of(Progress, asker.events) if isinstance(event, Progress) for point in event.points]
    assert isinstance(started, RunStarted)
    assert started.update == 0
    assert started.parameters > 0
    assert [update for update, _ in points] == list(range(1, 31))
    assert of(CheckpointSaved, asker.events)
    assert ended == RunEnded(run=RUN, reason="finished", update=30, last_good=30)


def test_progress_comes_at_most_twenty_times_a_second(asker: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]

    def tick() -> float:
        clock[0] += 0.001
        return clock[0]

    monkeypatch.setattr("engine.running.time.perf_counter", tick)

    asker.ask(start(tmp_path / "run", updates=200))

    reports = len(of(Progress, asker.events)) - len(of(CheckpointSaved, asker.events))
    assert reports <= 20 * clock[0] + 1


def test_a_run_pauses_and_goes_on_for_so_many_updates(asker: Asker, tmp_path: Path) -> None:
    asker.after[RunStarted] = PauseRun(run=RUN)
    asker.ask(start(tmp_path / "run", updates=40))
    paused = asker.last()

    asker.ask(GoOnRun(run=RUN, updates=3))
    again = asker.last()
    asker.ask(GoOnRun(run=RUN))

    assert isinstance(paused, RunPaused)
    assert again == RunPaused(run=RUN, update=paused.update + 3)
    assert asker.last() == RunEnded(run=RUN, reason="finished", update=40, last_good=40)


def test_a_stopped_run_can_be_resumed(asker: Asker, tmp_path: Path) -> None:
    asker.after[CheckpointSaved] = StopRun(run=RUN)
    asker.ask(start(tmp_path / "run", updates=40))
    stopped = asker.last()

    again = Asker()
    again.ask(start(tmp_path / "run", updates=40, resume=True))

    assert isinstance(stopped, RunEnded)
    assert stopped.reason == "stopped"
    assert isinstance(again.events[0], RunStarted)
    assert again.events[0].update == stopped.update
    assert again.last() == RunEnded(run=RUN, reason="finished", update=40, last_good=40)


def test_the_learning_rate_changes_between_two_updates(asker: Asker, tmp_path: Path) -> None:
    asker.after[RunStarted] = SetLearningRate(run=RUN, learning_rate=0.125)

    asker.ask(start(tmp_path / "run", updates=5))

    rates = [float(line.split(",")[2]) for line in (tmp_path / "run" / "metrics.csv").read_text().splitlines()[1:]]
    assert 0.125 in rates


def test_a_learning_rate_that_is_nonsense_changes_nothing(asker: Asker, tmp_path: Path) -> None:
    asker.after[RunStarted] = SetLearningRate(run=RUN, learning_rate=float("nan"))

    asker.ask(start(tmp_path / "run", updates=5))

    assert asker.last() == RunEnded(run=RUN, reason="finished", update=5, last_good=5)


def test_to_quit_saves_the_run_and_ends(asker: Asker, tmp_path: Path) -> None:
    asker.after[CheckpointSaved] = Quit()

    asker.ask(start(tmp_path / "run", updates=1000))

    ended = asker.last()
    assert isinstance(ended, RunEnded)
    assert (ended.reason, ended.last_good) == ("stopped", ended.update)
    assert asker.service.has_ended


@pytest.mark.parametrize(
    ("settings", "named"), [({"slots": 0}, "slots"), ({"nonsense": 1}, "nonsense"), ({"batch": "many"}, "batch")]
)
def test_a_run_with_a_wrong_setting_fails_with_its_name(
    asker: Asker, tmp_path: Path, settings: dict[str, int | str], named: str
) -> None:
    asker.ask(start(tmp_path / "run", **settings))

    ended = asker.last()
    assert isinstance(ended, RunEnded)
    assert ended.reason == "failed"
    assert named in ended.detail
    assert not (tmp_path / "run" / "run.json").exists()


def test_a_folder_with_another_run_is_not_overwritten(asker: Asker, run_folder: str) -> None:
    before = (Path(run_folder) / "run.json").read_bytes()

    asker.ask(start(Path(run_folder)))

    ended = asker.last()
    assert isinstance(ended, RunEnded)
    assert ended.reason == "failed"
    assert (Path(run_folder) / "run.json").read_bytes() == before


def test_a_run_that_cannot_be_saved_fails_with_a_sentence_and_keeps_its_last_checkpoint(
    asker: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asker.after[CheckpointSaved] = PauseRun(run=RUN)
    asker.ask(start(tmp_path / "run", updates=50))

    def full(self: TrainingRun) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "run/checkpoints")

    monkeypatch.setattr(TrainingRun, "save", full)
    asker.ask(GoOnRun(run=RUN))

    ended = asker.last()
    assert isinstance(ended, RunEnded)
    assert (ended.reason, ended.last_good) == ("failed", 0)
    assert "the disk is full" in ended.detail


def test_a_fault_in_a_run_is_a_sentence_and_its_traceback_is_in_the_log(
    asker: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: TrainingRun) -> None:
        raise KeyError("strange")

    monkeypatch.setattr(TrainingRun, "advance", broken)

    asker.ask(start(tmp_path / "run"))

    ended = asker.last()
    assert isinstance(ended, RunEnded)
    assert "fault of the program" in ended.detail
    assert "Traceback" in (tmp_path / "run" / "log.txt").read_text()


def test_a_number_that_is_not_finite_ends_the_run_at_its_update(
    asker: Asker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def diverge(self: TrainingRun) -> None:
        raise Diverged(update=1, place="write.gate", step=10, last_good=0)

    monkeypatch.setattr(TrainingRun, "advance", diverge)

    asker.ask(start(tmp_path / "run"))

    ended = asker.last()
    assert isinstance(ended, RunEnded)
    assert (ended.reason, ended.update, ended.last_good) == ("failed", 1, 0)
    assert "write.gate" in ended.detail
    assert "step 11" in ended.detail


def test_commands_for_a_run_that_is_not_here_do_nothing(asker: Asker) -> None:
    asker.ask(PauseRun(run=RUN), GoOnRun(run=RUN), StopRun(run=RUN), SetLearningRate(run=RUN, learning_rate=1.0))

    assert asker.events == []


def test_what_is_no_command_is_a_fault(asker: Asker) -> None:
    with pytest.raises(TypeError, match="is not a command"):
        asker.service.handle("record")  # type: ignore[arg-type]  # what the contract forbids


# ---- time map -------------------------------------------------------------------------------------------------------------


def map_time(place: str, *updates: int, request: int = 1, seed: int = 3) -> MapTime:
    return MapTime(request=Request(request), place=place, updates=updates, episode=EpisodeWish(seed=seed))


def test_a_map_has_a_row_for_each_checkpoint_in_the_order_asked(asker: Asker, run_folder: str) -> None:
    events = asker.ask(map_time(run_folder, 5, 0))

    rows = [event for event in events if isinstance(event, MapRow)]
    assert [row.update for row in rows] == [5, 0]
    assert all({"error", "target", "change"} <= {course.name for course in row.courses} for row in rows)
    assert isinstance(events[-1], Mapped)


def test_a_row_is_that_of_the_recorded_episode(asker: Asker, run_folder: str) -> None:
    asker.ask(map_time(run_folder, 5))
    fresh = next(event for event in asker.events if isinstance(event, MapRow))
    recorded = of(TraceReady, asker.ask(record(run_folder, request=2)))[-1]
    assert isinstance(recorded, TraceReady)

    asker.ask(map_time(run_folder, 5, request=3))

    again = [event for event in asker.events if isinstance(event, MapRow)][-1]
    expected = courses_of(read_trace(Path(recorded.path)))
    for one, other, third in zip(fresh.courses, again.courses, expected, strict=True):
        np.testing.assert_array_equal(one.values, other.values)
        np.testing.assert_array_equal(one.values, third.values)


def test_a_step_is_not_kept_waiting_by_a_map(asker: Asker, run_folder: str) -> None:
    asker.after[MapRow] = record(run_folder, request=9)

    events = asker.ask(map_time(run_folder, 0, 5, 0, 5))

    kinds = [type(event) for event in events]
    assert kinds.index(TraceReady) == 1
    assert kinds.count(MapRow) == 4


def test_the_newest_map_comes_first(asker: Asker, run_folder: str) -> None:
    asker.after[MapRow] = map_time(run_folder, 5, request=2)

    events = asker.ask(map_time(run_folder, 0, 0, 0))

    assert [event.request for event in of(MapRow, events)] == [1, 2, 1, 1]  # type: ignore[attr-defined]


def test_a_map_that_is_given_up_sends_no_more_rows(asker: Asker, run_folder: str) -> None:
    asker.after[MapRow] = Cancel(request=Request(1))

    events = asker.ask(map_time(run_folder, 0, 5, 0))

    assert len(of(MapRow, events)) == 1
    assert events[-1] == Refused(request=Request(1), sentence="cancelled")


def test_a_checkpoint_that_is_gone_leaves_its_row_out_with_the_reason(asker: Asker, run_folder: str) -> None:
    events = asker.ask(map_time(run_folder, 3, 5))

    gone, there = (event for event in events if isinstance(event, MapRow))
    assert gone.courses == ()
    assert "no checkpoint at update 3" in gone.sentence
    assert there.courses


def test_a_run_that_reaches_its_goal_says_so_and_how_long_it_worked(asker: Asker, tmp_path: Path) -> None:
    ended = asker.ask(start(tmp_path / "run", updates=10_000, stop_below=1000, batch=500))[-1]

    assert isinstance(ended, RunEnded)
    assert (ended.reason, ended.update, ended.is_solved) == ("finished", 2, True)
    assert ended.seconds > 0


def test_one_process_makes_one_run_after_the_other(asker: Asker, tmp_path: Path) -> None:
    for name in ("one", "other"):
        asker.ask(start(tmp_path / name))

    assert [(event.reason, event.is_solved) for event in asker.events if isinstance(event, RunEnded)] == [("finished", False)] * 2


# ---- demonstrations -------------------------------------------------------------------------------------------------------


def test_an_idea_is_answered_bit_by_bit_and_at_last_in_full(asker: Asker) -> None:
    asker.ask(Demonstrate(request=Request(7), idea="whole-state"))

    answers = [event.found for event in asker.events if isinstance(event, Demonstrated)]
    assert [found.is_complete for found in answers[-2:]] == [False, True]
    assert len(answers) > 2


def test_an_idea_can_be_given_up(asker: Asker) -> None:
    asker.after[Demonstrated] = Cancel(request=Request(7))

    asker.ask(Demonstrate(request=Request(7), idea="long-spans"))

    assert asker.last() == Refused(request=Request(7), sentence="cancelled")


def test_a_step_does_not_wait_for_an_idea(asker: Asker, run_folder: str) -> None:
    asker.after[Demonstrated] = record(run_folder, request=8)

    asker.ask(Demonstrate(request=Request(7), idea="whole-state"))

    order = [type(event) for event in asker.events]
    assert order.index(TraceReady) < len(order) - 1


def test_an_idea_that_there_is_not_is_refused(asker: Asker) -> None:
    asker.ask(Demonstrate(request=Request(7), idea="nothing"))

    answer = asker.last()
    assert isinstance(answer, Refused)
    assert answer.sentence.startswith("nothing: no such idea")
