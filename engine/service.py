"""One command in, events out: the only place that catches what the engine raises. No pipe, no process."""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import torch

from engine.compiling import start_making
from engine.contract.cards import Setting, Settings
from engine.contract.demonstrations import Demonstration
from engine.contract.faults import explain, is_a_fault
from engine.contract.messages import (
    PROTOCOL,
    AnyEvent,
    Cancel,
    Command,
    Demonstrate,
    Demonstrated,
    EpisodeWish,
    EstimateRun,
    Evaluate,
    Evaluated,
    GoOnRun,
    KeepMemory,
    MapTime,
    MemoryKept,
    PauseRun,
    Quit,
    Ready,
    Record,
    Refused,
    Remember,
    Remembered,
    Request,
    RunEnded,
    RunEstimated,
    RunId,
    SetLearningRate,
    Source,
    StartRun,
    StopRun,
    TraceReady,
    Working,
)
from engine.contract.places import traces_folder
from engine.contract.remembering import Remembering
from engine.demonstrations.catalogue import demonstrate
from engine.estimating import estimate, field_of
from engine.keeping import keep_memory
from engine.recording import record
from engine.registry import Catalogue, catalogue, model_entry, task_entry
from engine.remembering import remember
from engine.running import Running
from engine.sources import Opened, exhibit_cards, exhibit_faults, open_source
from engine.tasks.base import BadInputError
from engine.time_maps import TimeMaps
from engine.trace_cache import TraceCache, key_of
from engine.training.evaluate import Cancelled, evaluate
from engine.training.settings import offered_settings

CANCELLED = "cancelled"
LEAST_SECONDS_BETWEEN_NEWS = 0.05
MOST_OPENED = 4

logger = logging.getLogger(__name__)
Asked = Record | Evaluate | Demonstrate | Remember | KeepMemory | EstimateRun
Emit = Callable[[AnyEvent], None]
Inbox = Callable[[], Command | None]


def _nothing() -> Command | None:
    return None


class Service:
    """Answers commands with events. Long work is done in pieces; between them it takes what has come in meanwhile."""

    def __init__(self, emit: Emit, inbox: Inbox = _nothing) -> None:
        """`inbox` gives the next command that waits, or None at once."""
        torch.set_num_threads(1)  # the other core belongs to the window
        self._emit = emit
        self._inbox = inbox
        self._asked: deque[Asked] = deque()
        self._given_up: set[Request] = set()
        self._measuring: Request | None = None
        self._running: Running | None = None
        self._opened: dict[object, Opened] = {}
        self._cache = TraceCache(traces_folder())
        self._maps = TimeMaps(emit, self._cache)
        self.has_ended = False

    def greet(self) -> None:
        """Say who answers, and what is offered."""
        offered = catalogue()
        self._emit(
            Ready(
                protocol=PROTOCOL,
                models=offered.models,
                tasks=offered.tasks,
                exhibits=exhibit_cards(),
                failed=(*offered.failed, *exhibit_faults()),
                training=_recipes(offered),
            )
        )

    def make_quick_paths(self) -> None:
        """Let what is not compiled on this machine yet be compiled meanwhile."""
        self._maker = start_making()

    def warm_up(self) -> None:
        """Record an episode of the first exhibit for nobody, so that the first one that is asked for comes at once."""
        cards = exhibit_cards()
        if cards:
            try:
                record(self._open(Source(place=f"exhibit:{cards[0].name}"), {}), EpisodeWish(seed=0), ())
            except Exception:
                logger.exception("the warm-up failed")

    def handle(self, command: Command) -> None:
        """Do what the command asks for, and what comes in meanwhile, until nothing is left to do."""
        self._accept(command)
        while self._work():
            self._look()

    def _look(self) -> None:
        while (command := self._inbox()) is not None:
            self._accept(command)

    def _accept(self, command: Command) -> None:
        match command:
            case Record() | Evaluate() | Demonstrate() | Remember() | KeepMemory() | EstimateRun():
                self._asked.append(command)
            case MapTime():
                self._maps.ask(command)
            case Cancel():
                self._cancel(command.request)
            case StartRun():
                self._start(command)
            case PauseRun() | GoOnRun() | StopRun() | SetLearningRate():
                self._steer(command)
            case Quit():
                self._quit()
            case _:
                raise TypeError(f"{command!r} is not a command")

    def _work(self) -> bool:
        """Do one piece; False if there is none."""
        if self.has_ended:
            return False
        if self._asked:
            self._answer(self._asked.popleft())
            return True
        if self._maps.work():
            return True
        return self._running is not None and self._running.work()

    # ---- requests ---------------------------------------------------------------------------------------------------------

    def _answer(self, command: Asked) -> None:
        try:
            match command:
                case Record():
                    self._record(command)
                case Evaluate():
                    self._evaluate(command)
                case Demonstrate():
                    self._demonstrate(command)
                case Remember():
                    self._remember(command)
                case KeepMemory():
                    self._keep(command)
                case EstimateRun():
                    self._estimate(command)
        except Cancelled:
            self._emit(Refused(request=command.request, sentence=CANCELLED))
        except Exception as error:
            if is_a_fault(error):
                logger.exception("request %s failed: %r", command.request, command)
            self._emit(Refused(request=command.request, sentence=explain(error)))

    def _record(self, command: Record) -> None:
        opened = self._open(command.source, command.settings)
        key = key_of(opened, command.episode, command.edits)
        path = self._cache.find(key) or self._cache.add(key, record(opened, command.episode, command.edits))
        self._emit(TraceReady(request=command.request, path=str(path)))

    def _keep(self, command: KeepMemory) -> None:
        opened = self._open(command.source, command.settings)
        trace = record(opened, command.episode, command.edits)
        other = Path(command.merged_with) if command.merged_with else None
        slots = keep_memory(opened, trace, command.step, Path(command.path), other)
        self._emit(MemoryKept(request=command.request, path=command.path, slots=slots))

    def _evaluate(self, command: Evaluate) -> None:
        data = Path(command.data) if command.data else None
        opened = open_source(command.source, command.settings, data)
        with self._measure(command.request) as listen:
            measurement = evaluate(opened, command.episodes, command.seed, listen)
        self._emit(Evaluated(request=command.request, measurement=measurement))

    def _estimate(self, command: EstimateRun) -> None:
        try:
            found = estimate(command.model, command.task, command.settings)
        except BadInputError as error:
            setting = field_of(error, command.settings)
            self._emit(RunEstimated(request=command.request, refused=str(error), setting=setting))
            return
        self._emit(RunEstimated(request=command.request, **asdict(found)))

    def _demonstrate(self, command: Demonstrate) -> None:
        def show(found: Demonstration) -> None:
            self._emit(Demonstrated(request=command.request, found=found))

        with self._measure(command.request) as listen:
            show(demonstrate(command.idea, listen, show))

    def _remember(self, command: Remember) -> None:
        def show(found: Remembering) -> None:
            self._emit(Remembered(request=command.request, found=found))

        opened = open_source(command.source, command.settings)
        with self._measure(command.request) as listen:
            show(remember(opened, command.episode, command.episodes, listen, show))

    @contextmanager
    def _measure(self, request: Request) -> Iterator[Callable[[int, int], bool]]:
        """What a long measurement calls between its parts: tells how far it is, takes what has come in, and hears of a cancel."""
        told = 0.0

        def listen(done: int, total: int) -> bool:
            nonlocal told
            if time.perf_counter() - told >= LEAST_SECONDS_BETWEEN_NEWS:
                told = time.perf_counter()
                self._emit(Working(request=request, done=done, total=total))
            self._look()
            self._answer_records()
            return request not in self._given_up and not self.has_ended

        self._measuring = request
        try:
            yield listen
        finally:
            self._measuring = None
            self._given_up.discard(request)

    def _answer_records(self) -> None:
        """A step is never kept waiting by a measurement."""
        for command in [asked for asked in self._asked if isinstance(asked, Record)]:
            self._asked.remove(command)
            self._answer(command)

    def _cancel(self, request: Request) -> None:
        found = next((asked for asked in self._asked if asked.request == request), None)
        if found is not None:
            self._asked.remove(found)
            self._emit(Refused(request=request, sentence=CANCELLED))
        elif self._maps.give_up(request):
            self._emit(Refused(request=request, sentence=CANCELLED))
        elif request == self._measuring:
            self._given_up.add(request)

    def _open(self, source: Source, settings: Settings) -> Opened:
        """Opened weights are kept for the next step, where they cannot change meanwhile."""
        if source.update is None and not source.place.startswith("exhibit:"):
            return open_source(source, settings)
        key = (source, tuple(sorted(settings.items())))
        opened = self._opened.pop(key, None) or open_source(source, settings)
        self._opened[key] = opened
        while len(self._opened) > MOST_OPENED:
            del self._opened[next(iter(self._opened))]
        return opened

    # ---- the run ----------------------------------------------------------------------------------------------------------

    def _start(self, command: StartRun) -> None:
        if self._running is not None and not self._running.has_ended:
            sentence = f"This process already trains the run {self._running.run}; each run has a process of its own."
            self._emit(RunEnded(run=command.run, reason="failed", update=0, detail=sentence))
            return
        self._running = Running(command, self._emit)

    def _steer(self, command: PauseRun | GoOnRun | StopRun | SetLearningRate) -> None:
        running = self._running_as(command.run)
        if running is None:
            return
        match command:
            case PauseRun():
                running.pause()
            case GoOnRun():
                running.go_on(command.updates)
            case StopRun():
                running.stop()
            case SetLearningRate():
                running.set_learning_rate(command.learning_rate)

    def _running_as(self, run: RunId) -> Running | None:
        if self._running is None or self._running.run != run or self._running.has_ended:
            logger.info("no run %s here, or it has ended: nothing to do", run)
            return None
        return self._running

    def _quit(self) -> None:
        self.has_ended = True
        if self._running is not None:
            self._running.stop()


def _recipes(offered: Catalogue) -> dict[str, tuple[Setting, ...]]:
    """How each model would train on each task that it accepts, and how both are then set."""
    pairs = [(model.id, task.id) for model in offered.models for task in offered.tasks if task.form in model.forms]
    return {f"{model}/{task}": offered_settings(model_entry(model), task_entry(task)) for model, task in pairs}
