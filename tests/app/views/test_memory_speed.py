"""A memory of 100,000 slots: from the move of the cursor, a scroll or a search until all is painted; timed by processor time."""

import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from staged import table_with

from app.plots.colours import LIGHT
from app.plots.matrix_plot import MatrixPlot
from app.plots.thumbnails import ThumbnailSheet
from app.state.app_state import AppState
from app.state.lens import Selection
from app.views.inspector import Inspector
from app.views.lanes import Lanes
from app.views.panes.memory_browser import MemoryBrowser
from app.views.stage_view import StageView
from engine.contract.trace import Trace
from fake_growing import growing_trace, huge_trace

MEDIAN_MS, P95_MS = 16.0, 33.0
"""The bars of the product."""
ATTEMPTS = 6
"""Other work on the machine makes even processor time longer; the best of a few attempts counts."""


@pytest.fixture(scope="module")
def huge() -> Trace:
    return huge_trace()


def _stage(
    qtbot: QtBot, trace: Trace, panes: tuple[str, ...], *, inspector: bool = False
) -> tuple[AppState, MemoryBrowser, list[QWidget]]:
    """The state, the pane, and what must be held while it is on screen."""
    state = table_with(trace).state
    state.stage.arrange(panes)
    stage = StageView(state, LIGHT)
    parts: list[tuple[QWidget, int, int]] = [(stage, 840, 680), (Lanes(state, LIGHT), 840, 136)]
    if inspector:
        parts.append((Inspector(state, LIGHT), 320, 800))
    for widget, wide, high in parts:
        qtbot.addWidget(widget)
        widget.resize(wide, high)
        widget.show()
    stage.settle()
    browser = next(view for view in stage.shown_panes if isinstance(view, MemoryBrowser))
    return state, browser, [widget for widget, _, _ in parts]


def _one_pane(qtbot: QtBot, trace: Trace, pane: str) -> tuple[AppState, StageView]:
    state = table_with(trace).state
    state.stage.arrange((pane,))
    stage = StageView(state, LIGHT)
    qtbot.addWidget(stage)
    stage.resize(840, 680)
    stage.show()
    stage.settle()
    return state, stage


def _best(act: Callable[[int], object], count: int = 40) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds, of the best attempt."""
    median = p95 = float("inf")
    for _ in range(ATTEMPTS):
        taken = []
        for number in range(count):
            begun = time.thread_time()
            act(number)
            QGuiApplication.processEvents()
            QGuiApplication.processEvents()
            taken.append((time.thread_time() - begun) * 1e3)
        median, p95 = min(median, float(np.median(taken))), min(p95, float(np.quantile(taken, 0.95)))
        if median <= MEDIAN_MS and p95 <= P95_MS:
            break
    return median, p95


@pytest.mark.parametrize("order", [0, 2, 3], ids=["by slot", "most alike now", "most retrieved"])
def test_it_follows_the_cursor_in_every_order(qtbot: QtBot, huge: Trace, order: int) -> None:
    state, browser, _held = _stage(qtbot, huge, ("Memory browser",))
    state.lens.show(Selection(channel="memory.contents", slots=(5,)))
    browser._order._take(order)

    median, p95 = _best(lambda number: state.playback.go_to(1 + number * 5 % (huge.steps - 1)))

    assert median <= MEDIAN_MS
    assert p95 <= P95_MS


def test_it_follows_the_cursor_with_the_decision_and_the_inspector_beside_it(qtbot: QtBot, huge: Trace) -> None:
    """Against a memory of forty slots on the same screen: what so many slots add is less than the bar."""
    medians = []
    for trace in (growing_trace(huge.steps, futures=20), huge):
        state, _, _held = _stage(qtbot, trace, ("Memory browser", "Write decision"), inspector=True)
        state.lens.show(Selection(channel="memory.contents", slots=(0,)))
        act = lambda number, state=state: state.playback.go_to(1 + number * 5 % (huge.steps - 1))  # noqa: E731
        medians.append(min(_best(act)[0] for _ in range(2)))

    assert medians[1] - medians[0] <= MEDIAN_MS


@pytest.mark.parametrize("pane", ["Memory", "Reads", "Writes", "Lifetimes", "Write decision", "Slots in use"])
def test_every_other_pane_follows_the_cursor_too(qtbot: QtBot, huge: Trace, pane: str) -> None:
    state, _held = _one_pane(qtbot, huge, pane)
    state.lens.show(Selection(channel="memory.contents", slots=(99_990,)))

    median, p95 = _best(lambda number: state.playback.go_to(1 + number * 5 % (huge.steps - 1)))

    assert median <= MEDIAN_MS
    assert p95 <= P95_MS


def test_the_numbers_of_a_few_slots_follow_the_cursor_as_those_of_all_do(qtbot: QtBot, huge: Trace) -> None:
    """Zoomed in on the end of the memory, where the slots are written."""
    state, stage = _one_pane(qtbot, huge, "Memory")
    plot = stage.findChildren(MatrixPlot)[0]
    plot.show_window(QRectF(0, 99_940, 96, 60))

    median, p95 = _best(lambda number: state.playback.go_to(1 + number * 5 % (huge.steps - 1)))

    assert median <= MEDIAN_MS
    assert p95 <= P95_MS


def test_a_search_answers_each_letter(qtbot: QtBot, huge: Trace) -> None:
    _, browser, _held = _stage(qtbot, huge, ("Memory browser",))
    field = browser.findChildren(QLineEdit)[0]
    texts = ("c", "cross", "cross left", "never retrieved", "slot 4", "sample 99990", "")

    median, p95 = _best(lambda number: field.setText(texts[number % len(texts)]))

    assert median <= MEDIAN_MS
    assert p95 <= P95_MS


def test_it_scrolls_to_slots_that_were_never_drawn(qtbot: QtBot, huge: Trace) -> None:
    _, browser, _held = _stage(qtbot, huge, ("Memory browser",))
    sheet = browser.findChildren(ThumbnailSheet)[0]
    rows = iter(range(7, sheet.grid.last_top, 13))

    median, p95 = _best(lambda _: sheet.bar.setValue(next(rows)))

    assert median <= MEDIAN_MS
    assert p95 <= P95_MS
