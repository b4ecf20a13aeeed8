"""How long a key press takes until every pane is painted: on the real window, at rest and while a real run trains."""

import contextlib
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsView

from app.library import Recorded, read_exhibits
from app.main import Program
from app.screen import reason_for_no_screen
from app.state.catalogue import EXHIBIT
from app.state.side import Showing
from app.views.pane_view import PaneView
from engine.contract.cards import Channel
from engine.contract.messages import EpisodeWish, Source
from engine.contract.trace import Array, Trace

STEPS, SLOTS, FEATURES, UNITS = 64, 128, 64, 128
PANES = ("Writes", "Memory", "Reads", "State and gates", "Addressing", "Curves")
PRESSES = 240
SECONDS_FOR_A_STEP = 2.0
SECONDS_FOR_A_RUN = 60.0


def measure_steps(presses: int = PRESSES) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    with open_program() as (application, program):
        _open_large_trace(program)
        program.window.resize(1440, 900)
        wait_for(application, lambda: program.state.catalogue.engine_is_ready)
        stopwatch = Stopwatch(application, program)
        at_rest = stopwatch.measure(presses)
        program.state.trainer.start("ntm", "copy", {}, seed=0, updates=1_000_000)
        wait_for(application, lambda: program.state.training.live is not None and program.state.training.live.update > 2)
        training = stopwatch.measure(presses)
        program.state.trainer.stop()
        return {
            "median_ms": _median(at_rest),
            "p95_ms": _p95(at_rest),
            "while_training_median_ms": _median(training),
            "while_training_p95_ms": _p95(training),
        }


@contextlib.contextmanager
def open_program() -> Iterator[tuple[QApplication, Program]]:
    """The real program, shown; closed at the end."""
    application = _application()
    program = Program()
    try:
        program.window.show()
        yield application, program
    finally:
        program.window.ask_whether_to_close = lambda: True
        program.window.close()
        program.end()
        application.processEvents()


class Stopwatch(QObject):
    """Presses the key for the next step, and stops when each of the panes has been painted since."""

    def __init__(self, application: QApplication, program: Program, panes: tuple[str, ...] = PANES) -> None:
        super().__init__(program.window)
        self._application, self._program = application, program
        self._pane_of: dict[int, PaneView] = {}
        self._unpainted: set[PaneView] = set()
        stage = program.window.panels.stage
        stage.settle()
        self._panes = [view for view in stage.shown_panes if view.card.name in panes]
        for view in self._panes:
            for canvas in view.findChildren(QGraphicsView):
                self._pane_of[id(canvas.viewport())] = view
                canvas.viewport().installEventFilter(self)

    def measure(self, presses: int) -> list[float]:
        """Milliseconds of each step."""
        found: list[float] = []
        while len(found) < presses:
            playback = self._program.state.playback
            if playback.step == playback.length - 1:
                self._press(Qt.Key.Key_Home)
            else:
                found.append(self._press(Qt.Key.Key_Right))
        return found

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A pane is being painted."""
        if event.type() == QEvent.Type.Paint:
            self._unpainted.discard(self._pane_of[id(watched)])
        return False

    def time(self, act: Callable[[], None], panes: tuple[str, ...]) -> float:
        """Milliseconds from an act of the reader until these of the panes are painted."""
        self._rest()
        self._unpainted = {view for view in self._panes if view.card.name in panes}
        began = time.perf_counter()
        act()
        while self._unpainted and time.perf_counter() - began < SECONDS_FOR_A_STEP:
            self._application.processEvents()
        if self._unpainted:
            missing = ", ".join(sorted(view.card.name for view in self._unpainted))
            raise ValueError(f"what the reader did was not followed by a paint of {missing} within {SECONDS_FOR_A_STEP:g} s")
        return (time.perf_counter() - began) * 1000

    def _press(self, key: Qt.Key) -> float:
        return self.time(lambda: QTest.keyClick(self._program.window, key), tuple(view.card.name for view in self._panes))

    def _rest(self) -> None:
        """A reader pauses between two presses: what is left over from the last one is not counted with the next."""
        until = time.perf_counter() + 0.01
        while time.perf_counter() < until:
            self._application.processEvents()


def large_trace() -> Trace:
    """An exhibit's trace with every channel of the bench's size: its card is real, its numbers are drawn."""
    shelf = read_exhibits()
    card = next((exhibit for exhibit in shelf.exhibits if exhibit.model == "ntm" and exhibit.episodes), None)
    episode = EpisodeWish(seed=card.episodes[0]) if card else EpisodeWish()
    model = Recorded()(Showing(source=Source(place=EXHIBIT + (card.name if card else "")), episode=episode))
    if model is None:
        raise ValueError("no exhibit with a recorded episode is bundled, so there is no window to measure")
    chance = np.random.default_rng(0)
    arrays = {name: _drawn(chance, channel, model.arrays[name].shape) for name, channel in model.channels.items()}
    for wrong in ("tape.target", "tape.error"):  # an episode without an error, as most of them are
        if wrong in arrays:
            arrays[wrong] = arrays["tape.output"] if wrong == "tape.target" else np.zeros_like(arrays[wrong])
    initial = {name: np.zeros((SLOTS, FEATURES), np.float32) for name in model.initial}
    made = replace(model.card, steps=STEPS, slots=SLOTS, events=(), phases=(), labels={})
    return Trace(card=made, arrays=arrays, initial=initial)


def _drawn(chance: np.random.Generator, channel: Channel, shape: tuple[int, ...]) -> Array:
    sizes = {"slot": SLOTS, "feature": FEATURES, "unit": UNITS}
    values = chance.random(
        (STEPS, *(sizes.get(axis, old) for axis, old in zip(channel.axes, shape[1:], strict=True))), np.float32
    )
    if channel.sums_to_one or channel.kind == "weighting":
        values /= values.sum(-1, keepdims=True)
    elif channel.low < 0:
        values = values * np.float32(2) - np.float32(1)
    drawn: Array = values
    return drawn


def _open_large_trace(program: Program) -> None:
    program.state.explorer.show_trace(large_trace())
    program.state.stage.arrange(PANES)


def _application() -> QApplication:
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    if reason_for_no_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QApplication([sys.argv[0]])


def wait_for(application: QApplication, is_over: Callable[[], bool], seconds: float = SECONDS_FOR_A_RUN) -> None:
    """Let the window work until this is so. ValueError if that takes too long."""
    until = time.perf_counter() + seconds
    while not is_over():
        if time.perf_counter() > until:
            raise ValueError(f"the engine did not answer within {seconds:g} s")
        application.processEvents()
        time.sleep(0.005)


def _median(times: list[float]) -> float:
    return round(statistics.median(times), 2)


def _p95(times: list[float]) -> float:
    return round(statistics.quantiles(times, n=20)[-1], 2)
