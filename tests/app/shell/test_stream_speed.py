"""500 samples of two streams on the real window: how many a second play, and how soon any of them is on screen."""

import time

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.shell.window import Window
from app.state.episodic_persistent import PANES
from app.state.side import Showing
from engine.contract.messages import EpisodeWish, Source
from fake_stream import EACH, episodic_stream, persistent_stream
from scripted import desk

SAMPLES = 500
LEAST_A_SECOND, MOST_MS = 20.0, 100.0
MEDIAN_MS, P95_MS = 16.0, 33.0
"""Of a step inside a sample: the bars of the product."""
ATTEMPTS = 6
"""Other work on the machine makes even processor time longer; the best of a few attempts counts."""


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    """The comparison as it opens, at the reference size."""
    made = desk()
    state = made.state
    made.show(episodic_stream(SAMPLES))
    state.comparison.show("split", edited_copy=False)
    persistent = persistent_stream(SAMPLES)
    state.b.wish(Showing(source=Source(place=persistent.card.source), episode=EpisodeWish(seed=0)), None)
    state.b.take(None, persistent)
    state.explorer.set_mode("split")
    state.stage.arrange_for_two(PANES)
    shown = Window(state, lambda path: made.files[path], lambda _: None)
    qtbot.addWidget(shown)
    shown.ask_whether_to_close = lambda: True
    shown.resize(1440, 900)
    shown.room.take()
    shown.show()
    qtbot.waitExposed(shown)
    shown.panels.stage.settle()
    QGuiApplication.processEvents()
    return shown


def _milliseconds(window: Window, steps: list[int]) -> list[float]:
    """Processor time of this thread from the move of the cursor until all panes are painted."""
    taken = []
    for step in steps:
        begun = time.thread_time()
        window.state.playback.go_to(step)
        QGuiApplication.processEvents()
        QGuiApplication.processEvents()
        taken.append((time.thread_time() - begun) * 1e3)
    return taken


def test_twenty_samples_a_second_go_by_and_any_of_them_is_there_at_once(window: Window) -> None:
    in_order = [sample * EACH + 19 for sample in range(SAMPLES)]
    anywhere = [int(step) for step in np.random.default_rng(0).integers(0, SAMPLES * EACH, 100)]
    mean = most = float("inf")

    for _ in range(ATTEMPTS):
        mean = min(mean, float(np.mean(_milliseconds(window, in_order))))
        most = min(most, float(np.quantile(_milliseconds(window, anywhere), 0.99)))
        if 1000 / mean >= LEAST_A_SECOND and most <= MOST_MS:
            break

    assert 1000 / mean >= LEAST_A_SECOND
    assert most <= MOST_MS


def test_a_step_inside_a_sample_keeps_the_bar_of_a_step(window: Window) -> None:
    steps = [300 * EACH + step % EACH for step in range(1, 2 * EACH)]
    median = p95 = float("inf")

    for _ in range(ATTEMPTS):
        taken = _milliseconds(window, steps)
        median, p95 = min(median, float(np.median(taken))), min(p95, float(np.quantile(taken, 0.95)))
        if median <= MEDIAN_MS and p95 <= P95_MS:
            break

    assert median <= MEDIAN_MS
    assert p95 <= P95_MS


def test_playing_by_samples_shows_every_one_of_them(window: Window, qtbot: QtBot) -> None:
    playback, seen = window.state.playback, []
    playback.go_to(480 * EACH + 19)
    playback.set_pace("sample")
    playback.set_speed(64)
    window.painted.connect(lambda: seen.append(playback.sample))

    playback.play()
    qtbot.waitUntil(lambda: not playback.is_playing, timeout=20_000)

    assert list(dict.fromkeys(seen))[-19:] == list(range(481, 500))
