"""Time runs by the clock, but no step is passed over unpainted."""

from pytestqt.qtbot import QtBot

from app.shell.clock import Clock
from app.state.playback import Playback


def _playing(steps: int, speed: float) -> Playback:
    playback = Playback()
    playback.load(steps)
    playback.set_speed(speed)
    playback.play()
    return playback


def test_a_step_waits_until_the_one_before_was_painted(qtbot: QtBot) -> None:
    playback = _playing(50, 1000.0)
    clock = Clock(playback)
    qtbot.waitUntil(lambda: playback.step == 1, timeout=2000)

    with qtbot.assertNotEmitted(clock.destroyed, wait=100):
        pass

    assert playback.step == 1


def test_each_paint_lets_one_step_follow(qtbot: QtBot) -> None:
    playback = _playing(200, 1000.0)
    clock = Clock(playback)
    seen: list[int] = []

    def paint() -> None:
        seen.append(playback.step)
        clock.painted()

    clock.paint_wanted.connect(paint)
    qtbot.waitUntil(lambda: not playback.is_playing, timeout=10_000)

    assert sorted(set(seen)) == seen[: len(set(seen))]
    assert set(seen) == set(range(1, 200))


def test_a_window_that_nobody_sees_does_not_stop_time(qtbot: QtBot) -> None:
    playback = _playing(4, 1000.0)
    clock = Clock(playback)

    qtbot.waitUntil(lambda: playback.step >= 2, timeout=5000)

    assert clock.runs


def test_a_pause_stops_the_clock(qtbot: QtBot) -> None:
    playback = _playing(10, 1.0)
    clock = Clock(playback)

    playback.pause()

    assert not clock.runs
