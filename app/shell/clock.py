"""Lets time run while an episode plays: a tick falls due by the clock, but never before the step before it was painted."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.state.playback import Playback

SOON_MS = 400
LONGEST_WAIT_MS = 500
"""A window that nobody sees paints nothing; its time goes on all the same."""


class Clock(QObject):
    """Calls `playback.tick` at its speed. The window tells it of every paint through `painted`."""

    paint_wanted = Signal()
    """The views have drawn the new step; the next paint shows it. Paint, even if nothing has changed."""

    def __init__(self, playback: Playback, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._playback = playback
        self._is_due = False
        self._is_unpainted = False
        self._is_drawn = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._fall_due)
        self._drawing = QTimer(self, singleShot=True, interval=0)  # not `singleShot`, which comes before all timers
        self._drawing.timeout.connect(self._drawn)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(LONGEST_WAIT_MS)
        self._patience.timeout.connect(self._be_ready)
        playback.changed.connect(self._follow)
        self._follow()

    @property
    def runs(self) -> bool:
        """Whether ticks are on their way."""
        return self._timer.isActive()

    @Slot()
    def painted(self) -> None:
        """The window has painted; that counts once the views, which draw in the turn after a change, have drawn the step."""
        if self._is_unpainted and self._is_drawn:
            self._be_ready()

    @Slot()
    def _be_ready(self) -> None:
        self._is_unpainted = False
        self._patience.stop()
        if self._is_due:
            QTimer.singleShot(0, self._tick)

    def hurry(self) -> None:
        """Let the next step come soon: whoever has just opened the window shall see that it moves."""
        if self._timer.isActive():
            self._timer.start(min(SOON_MS, self._timer.interval()))

    def _follow(self) -> None:
        """Playback changed: run, stop, or run at another speed."""
        interval = self._interval()
        if not self._playback.is_playing:
            self._timer.stop()
            self._is_due = False
        elif not self._timer.isActive() or self._timer.interval() != interval:
            self._timer.start(interval)

    @Slot()
    def _fall_due(self) -> None:
        self._is_due = True
        if self._timer.interval() != self._interval():  # it was in a hurry
            self._timer.setInterval(self._interval())
        if not self._is_unpainted:
            self._tick()

    def _interval(self) -> int:
        return max(round(1000 / self._playback.speed), 1)

    @Slot()
    def _tick(self) -> None:
        if not self._is_due:
            return
        self._is_due = False
        before = self._playback.step, self._playback.micro
        self._is_unpainted, self._is_drawn = True, False
        self._patience.start()
        self._playback.tick()
        if (self._playback.step, self._playback.micro) == before:
            self._is_unpainted = False
            self._patience.stop()
        else:
            self._drawing.start()  # after those of the views, which began with the tick

    @Slot()
    def _drawn(self) -> None:
        self._is_drawn = True
        self.paint_wanted.emit()
