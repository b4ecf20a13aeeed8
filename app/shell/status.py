"""The line at the foot: the present step in words, and how much room the recorded traces take."""

import os
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar

from app.state.app_state import AppState
from app.state.sentence import phase_at, step_in_words
from app.state.stream import sample_in_words
from app.views.notice_strip import is_passing
from app.widgets.sentence_line import SentenceLine
from engine.contract.places import MOST_TRACE_BYTES, traces_folder

SECONDS_BETWEEN_LOOKS = 5
MILLISECONDS_OF_PATIENCE = 500
"""An episode that is there sooner is not said to be on its way."""


class StatusLine(QFrame):
    """Follows the cursor; the gauge is looked up now and then."""

    def __init__(self, state: AppState) -> None:
        super().__init__()
        self.setObjectName("bar")
        self._state = state
        self.line = SentenceLine()
        self.line.setObjectName("sentence")
        self.news = QLabel()
        self.news.setObjectName("engine-news")
        self.news.setProperty("tone", "muted")
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setFixedSize(64, 6)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.news)
        row.addWidget(self.progress)
        row.addSpacing(6)
        self._timer = QTimer(self)
        self._timer.setInterval(SECONDS_BETWEEN_LOOKS * 1000)
        self._timer.timeout.connect(self._show_gauge)
        self._timer.start()
        state.playback.changed.connect(self._show_step)
        for signal in (state.a.changed, state.b.changed, state.comparison.changed):
            signal.connect(self._show_step)
        self._has_waited = False
        self._patience = QTimer(self, singleShot=True, interval=MILLISECONDS_OF_PATIENCE)
        self._patience.timeout.connect(self._show_news)
        for signal in (state.notices.changed, state.a.changed, state.b.changed):
            signal.connect(self._show_news)
        self._show_step()
        self._show_news()

    def _show_news(self) -> None:
        notice = self._state.notices.at("engine")
        news = notice.sentence if notice is not None and is_passing(notice) else self._on_its_way()
        self.news.setText(news)
        self.progress.setAccessibleName(news)
        self.news.setVisible(bool(news))
        self.progress.setVisible(bool(news))

    def _on_its_way(self) -> str:
        """That another episode is being recorded while the stage still shows the one before."""
        sides = [side.name for side in (self._state.a, self._state.b) if side.is_waiting]
        if not sides or self._state.a.trace is None:
            self._patience.stop()
            self._has_waited = False
            return ""
        if not self._has_waited:
            self._patience.start()
            self._has_waited = True
        if self._patience.isActive():
            return ""
        if self._state.comparison.mode == "single":
            return "Recording the next episode ..."
        return f"Recording side {' and '.join(sides)} ..."

    def _show_step(self) -> None:
        trace, playback = self._state.a.trace, self._state.playback
        if trace is None:
            waits = self._state.a.is_waiting or self._state.b.is_waiting
            self.line.set_text("", "Recording the episode ..." if waits else "Choose a model at the top left to begin.")
            return
        comparison = self._state.comparison
        here = comparison.step_of(self._state.a, playback.step)
        step = min(here, trace.steps - 1)
        phase = phase_at(trace, step)
        label = f"{playback.label}{f' ({phase})' if phase else ''}."
        beyond = "" if here < trace.steps else f"A ended at step {trace.steps}. "
        b = self._state.b.trace
        if comparison.is_by_sample and b is not None:
            other = min(comparison.step_of(self._state.b, playback.step), b.steps - 1)
            self.line.set_text(label, f"{beyond}A: {sample_in_words(trace, step)} B: {sample_in_words(b, other)}")
        elif trace.samples:
            self.line.set_text(label, sample_in_words(trace, step))
        else:
            self.line.set_text(label, beyond + step_in_words(trace, step))

    def _show_gauge(self) -> None:
        self.line.set_gauge(f"traces {in_bytes(size_of(traces_folder()))} of {in_bytes(MOST_TRACE_BYTES)}")


def size_of(folder: Path) -> int:
    """How many bytes the files of a folder hold; 0 if it is not there."""
    try:
        with os.scandir(folder) as files:
            return sum(file.stat().st_size for file in files if file.is_file())
    except OSError:
        return 0


def in_bytes(count: int) -> str:
    """ "14 MB": a size in words."""
    for unit in ("bytes", "KB", "MB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count //= 1024
    return f"{count:.0f} GB"
