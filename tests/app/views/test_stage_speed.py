"""How long a step takes, from the move of the cursor until every pane is painted; timed by the processor time of this thread."""

import time

import numpy as np
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from staged import table_with

from app.plots.colours import LIGHT
from app.state.app_state import AppState
from app.views.lanes import Lanes
from app.views.stage_view import StageView
from engine.contract.trace import Trace
from fake_attention import long_trace
from fake_traces import big_trace, ntm_trace
from fake_trajectories import junction_trace, social_trace

MEDIAN_MS, P95_MS = 16.0, 33.0
"""The bars of the product."""
ATTEMPTS = 6
"""Other work on the machine makes even processor time longer; the best of a few attempts counts."""


def _milliseconds(state: AppState, stride: int, steps: int = 60) -> list[float]:
    taken = []
    for number in range(steps):
        begun = time.thread_time()
        state.playback.go_to(1 + number * stride % (state.playback.length - 1))
        QGuiApplication.processEvents()
        QGuiApplication.processEvents()
        taken.append((time.thread_time() - begun) * 1e3)
    return taken


def _best(qtbot: QtBot, trace: Trace, panes: tuple[str, ...], stride: int) -> tuple[float, float]:
    state = table_with(trace).state
    state.stage.arrange(panes)
    stage, lanes = StageView(state, LIGHT), Lanes(state, LIGHT)
    for widget, height in ((stage, 680), (lanes, 136)):
        qtbot.addWidget(widget)
        widget.resize(840, height)
        widget.show()
    stage.settle()
    _milliseconds(state, stride, steps=10)
    median = p95 = float("inf")
    for _ in range(ATTEMPTS):
        taken = _milliseconds(state, stride)
        median, p95 = min(median, float(np.median(taken))), min(p95, float(np.quantile(taken, 0.95)))
        if median <= MEDIAN_MS and p95 <= P95_MS:
            break
    return median, p95


def test_six_matrices_of_128_by_64_follow_the_cursor_within_the_bar(qtbot: QtBot) -> None:
    trace = ntm_trace(length=31, slots=128, width=64, heads=2)

    median, p95 = _best(qtbot, trace, ("Writes", "Memory", "Reads", "Addressing"), stride=1)

    assert median <= MEDIAN_MS
    assert p95 <= P95_MS


def test_ten_thousand_steps_of_a_thousand_slots_follow_the_cursor_within_the_bar(qtbot: QtBot) -> None:
    median, p95 = _best(qtbot, big_trace(), ("Writes", "Memory", "Reads"), stride=37)

    assert median <= MEDIAN_MS
    assert p95 <= P95_MS


def test_attention_over_a_thousand_positions_follows_the_cursor_within_the_bar(qtbot: QtBot) -> None:
    median, p95 = _best(qtbot, long_trace(), ("Attention", "Readout"), stride=7)

    assert median <= MEDIAN_MS
    assert p95 <= P95_MS


def test_twenty_futures_beside_their_memory_follow_the_cursor_within_the_bar(qtbot: QtBot) -> None:
    median, p95 = _best(qtbot, junction_trace(200, futures=20), ("Trajectories", "Memory", "Memory browser"), stride=1)

    assert median <= MEDIAN_MS
    assert p95 <= P95_MS


def test_six_agents_and_who_looks_at_whom_follow_the_cursor_within_the_bar(qtbot: QtBot) -> None:
    trace = social_trace(10, agents=6, futures=5)

    median, p95 = _best(qtbot, trace, ("Trajectories", "Agents", "Memory", "Reads"), stride=1)

    assert median <= MEDIAN_MS
    assert p95 <= P95_MS
