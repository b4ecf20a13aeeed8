"""Random actions on the real window and engine: no exception, no complaint of Qt, no dead window, no growth."""

import ctypes
import ctypes.util
import gc
import os
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import psutil
import pytest
from PySide6.QtCore import QObject, qInstallMessageHandler

from driving import HARMLESS, Launch, Reader, end
from random_hands import RandomHands

ACTIONS = int(os.environ.get("SLOTSCOPE_ACTIONS", "1200"))
"""The suite does some; `SLOTSCOPE_ACTIONS=10000` does ten thousand, in four minutes or more."""
SEED = 1
WARM_AFTER = ACTIONS * 2 // 5
"""Actions after which everything has been used that is kept: fonts, tables, panes, overlays."""
MOST_GROWTH = 48 * 2**20
"""How much the window's own memory may grow from then on. Traces are not counted: they are mapped from the cache on disk."""
MOST_SECONDS_AN_ACTION = 5.0
MOST_MS_UNTIL_MISSED = 1000
"""An engine that the last action has killed is missed by then."""


@dataclass
class Ears:
    """Hears what nobody else would: exceptions that no one caught, and Qt's complaints."""

    heard: list[str] = field(default_factory=list)

    def exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        self.heard.append("".join(traceback.format_exception(kind, error, trace)))

    def message(self, _kind: object, _context: object, text: str) -> None:
        if not any(word in text for word in HARMLESS):
            self.heard.append(text)


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ears]:
    made = Ears()
    monkeypatch.setattr(sys, "excepthook", made.exception)
    before = qInstallMessageHandler(made.message)
    yield made
    qInstallMessageHandler(before)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_random_actions(launch: Launch, ears: Ears, tmp_path: Path) -> None:
    reader = launch()
    hands = RandomHands(reader, SEED, tmp_path)
    warm = Weight()

    for number in range(1, ACTIONS + 1):
        hands.act()
        assert ears.heard == [], f"action {number}, after {hands.done[-12:]}:\n{ears.heard[0]}"
        if not reader.window.isVisible():
            end(reader)
            reader = launch()
            hands.move_to(reader)
        if number == WARM_AFTER:
            warm = Weight.of(reader)

    grown = Weight.of(reader).memory - warm.memory
    assert grown < MOST_GROWTH, f"{grown / 2**20:.0f} MB more"
    assert hands.slowest[0] < MOST_SECONDS_AN_ACTION, hands.slowest
    _still_works(reader)


@dataclass
class Weight:
    """What the window's process holds of its own."""

    memory: int = 0
    objects: int = 0

    @classmethod
    def of(cls, reader: Reader) -> "Weight":
        gc.collect()
        _give_back()
        about = psutil.Process().memory_info()
        return cls(about.rss - getattr(about, "shared", 0), len(reader.window.findChildren(QObject)))


def _give_back() -> None:
    """What has been freed and is only kept in hand for later does not count, where the C library can be asked to return it."""
    if (
        sys.platform == "linux"
        and (library := ctypes.util.find_library("c"))
        and hasattr(c := ctypes.CDLL(library), "malloc_trim")
    ):
        c.malloc_trim(0)


def _still_works(reader: Reader) -> None:
    """The window answers as at first: it opens, it steps, it paints."""
    reader.press("Esc", "Esc", "Esc")
    reader.state.preferences.change(scale=1.0, theme="light")
    reader.qtbot.wait(MOST_MS_UNTIL_MISSED)
    if not reader.program.engine.explorer_is_alive:
        reader.command("Restart the engine")
    reader.wait_for_engine()
    reader.state.explorer.open("exhibit:ntm-copy")
    reader.wait_for_traces()
    reader.state.playback.pause()
    reader.state.playback.go_to(0)
    reader.window.actions.perform("step.next")
    reader.look()

    assert reader.trace.card.model.id == "ntm"
    assert reader.state.playback.step == 1
