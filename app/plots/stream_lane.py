"""The lane of a stream: one mark for each sample (stored, refused, wiped), the phases of the stream, and the cursor."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from app.plots.canvas import draw_text, text_width
from app.plots.colours import Palette
from app.plots.lane import Lane
from app.plots.signs import draw_write
from engine.contract.trace import Phase

Places = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
"""A truth value for each sample."""
_TOP, _ROW = 18, 17
"""Where the first row of marks begins, and how high each is, at the standard size of type."""


@dataclass(frozen=True, slots=True, eq=False)
class Fate:
    """A row of marks: at each sample `(sample,)` a filled triangle where `large`, else a tick where `small`."""

    small: Flags
    large: Flags


class StreamLane(Lane):
    """One column for each sample. A press or drag goes to a sample; with Shift it chooses a range of them."""

    standard_height = 56

    sought = Signal(int)
    """The sample that the reader wants to stand at."""
    range_selected = Signal(int, int)
    """The first and last sample of a range, both included."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._samples, self._sample = 0, 0
        self._phases: tuple[Phase, ...] = ()
        self._rows: tuple[Fate, ...] = ()
        self._range: tuple[int, int] | None = None
        self._anchor: int | None = None

    # -- what to show ---------------------------------------------------------------------------------------------------------

    def show_stream(self, samples: int, phases: Sequence[Phase], rows: Sequence[Fate]) -> None:
        """Take another stream: how long it is, its phases (counted in samples), and a row of marks for each thing to tell."""
        self._samples, self._phases, self._rows = samples, tuple(phases), tuple(rows)
        self.redraw()

    def set_cursor(self, sample: int) -> None:
        """Stand the cursor on a sample."""
        if sample != self._sample:
            for place in (self._sample, sample):
                self.update_strip(self.x_of(place))
            self._sample = sample

    def set_range(self, chosen: tuple[int, int] | None) -> None:
        """Show a range of samples as selected, both ends included."""
        if chosen != self._range:
            self._range = chosen
            self.update()

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def x_of(self, sample: float) -> float:
        """The middle of a sample's column."""
        left, width = self.span()
        return left + (sample + 0.5) * width / max(self._samples, 1)

    def sample_at(self, x: float) -> int:
        """The sample whose column is nearest."""
        left, width = self.span()
        return min(max(int((x - left) / width * max(self._samples, 1)), 0), max(self._samples - 1, 0))

    def row_top(self, row: int) -> float:
        """Where a row of marks begins."""
        return (_TOP + row * _ROW) * self.em()

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint_still(self, painter: QPainter) -> None:
        """Phases and marks."""
        if not self._samples:
            return
        self._paint_phases(painter)
        for place, row in enumerate(self._rows):
            middle = self.row_top(place) + _ROW * self.em() / 2
            self._paint_ticks(painter, np.flatnonzero(row.small & ~row.large), middle)
            self._paint_triangles(painter, np.flatnonzero(row.large), middle)

    def paint_moving(self, painter: QPainter) -> None:
        """The range, and the cursor."""
        if self._range is not None and self._samples:
            half = self.span()[1] / self._samples / 2
            left, right = self.x_of(self._range[0]) - half, self.x_of(self._range[1]) + half
            ink = self.colours.colour("ink")
            ink.setAlphaF(0.10)
            painter.fillRect(QRectF(left, 2 * self.em(), right - left, self.height() - 6 * self.em()), ink)
        if self._samples:
            self.paint_cursor(painter, self.x_of(self._sample), 2 * self.em(), self.height() - 3 * self.em())

    def _paint_phases(self, painter: QPainter) -> None:
        em, half = self.em(), self.span()[1] / self._samples / 2
        for place, phase in enumerate(self._phases):
            left, right = round(self.x_of(phase.first) - half), round(self.x_of(phase.last) + half)
            if place % 2:
                painter.fillRect(QRectF(left, 0, right - left, self.height() - 3 * em), self.colours.colour("soft"))
            room = QRectF(left + 4, 2 * em, right - left - 6, 15 * em)
            if room.width() >= min(text_width(painter.font(), phase.name), 40 * em):
                draw_text(painter, room, phase.name, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))

    def _paint_ticks(self, painter: QPainter, samples: Places, middle: float) -> None:
        """One pixel wide; where several share a pixel there is one."""
        ink, half = self.colours.colour("muted"), 3.5 * self.em()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for x in sorted({round(self.x_of(sample)) for sample in samples.tolist()}):
            painter.fillRect(QRectF(x, round(middle - half), 1, round(2 * half)), ink)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _paint_triangles(self, painter: QPainter, samples: Places, middle: float) -> None:
        reach = 4.5 * self.em()
        for x in sorted({round(self.x_of(sample) * 2) / 2 for sample in samples.tolist()}):
            draw_write(painter, QPointF(x, middle), reach, self.colours.colour("ink"))

    # -- the pointer ----------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there, or begin a range."""
        if event.button() != Qt.MouseButton.LeftButton or not self._samples:
            event.ignore()
            return
        sample = self.sample_at(event.position().x())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._anchor = sample
            self.range_selected.emit(sample, sample)
        else:
            self._anchor = None
            self.sought.emit(sample)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        if not self.is_left(event) or not self._samples:
            return
        sample = self.sample_at(event.position().x())
        if self._anchor is None:
            self.sought.emit(sample)
        else:
            self.range_selected.emit(min(self._anchor, sample), max(self._anchor, sample))
