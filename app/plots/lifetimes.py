"""Lives over steps: a bar from the write to the end, as thick and dark as it is strong, with a tick wherever it is read."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPolygonF
from PySide6.QtWidgets import QWidget

from app.plots.canvas import draw_text, text_width
from app.plots.colours import Palette, contrast, table
from app.plots.heatmap import Array
from app.plots.matrix_plot import MatrixPlot
from app.plots.signs import draw_bracket

MOST_PIECES = 8000
"""More pieces of bars than this are drawn as a picture of cells instead, gathered where they are small."""
LEAST_ROW = 3.0
"""Pixels: bars of lower rows are drawn as a picture too."""
ROOM_FOR_READS = 6.0
"""Pixels of a row from which there is room for ticks over its bar."""
LEVELS = 20
"""So many strengths are told apart in bars."""
_PALE = 0.35
"""A bar weaker than this has a line along its middle, so that it is seen."""
_THICKEST, _THICKEST_WITH_WORDS, _LEAST_FOR_WORDS = 9.0, 15.0, 13.0
_OUT_LEFT, _OUT_RIGHT = 5.0, 10.0
"""Pixels by which a bar points beyond the first and the last step, where its life began before or goes on after."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifeBars:
    """Bars in rows, from step `first` to step `last`, both included; `older` ones began before, `stays`: it goes on."""

    row: Array
    first: Array
    last: Array
    older: Array
    stays: Array
    texts: tuple[str, ...] = ()
    """What each bar holds, to be written into it where there is room."""


class LifetimesPlot(MatrixPlot):
    """Rows of bars on a common scale of steps; the matrix behind them answers pointer and keyboard, cell by cell."""

    mode_changed = Signal(bool)
    """Whether bars are drawn now, not the picture of cells."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        none: Array = np.zeros(0, int)
        self._bars = LifeBars(row=none, first=none, last=none, older=none, stays=none)
        self._pieces: tuple[Array, ...] = (none, none, none, none)
        self._is_too_much, self._has_bars = False, False
        self._read_row: Array = none
        self._read_step: Array = none
        self._ends: tuple[int, ...] = ()
        self._ends_say, self._is_wiped = "", True
        self.marks.shows_gaps = False
        self.set_gathering("max")

    @property
    def draws_bars(self) -> bool:
        """Whether the bars have room, and are few enough to be drawn as bars."""
        return self._has_bars

    def show_lives(self, strength: Array, bars: LifeBars, reads: tuple[Array, Array]) -> None:
        """Draw `(row, step)` strengths in 0..1, NaN where nothing lives, as these bars; `reads` are (row, step)."""
        self._bars, (self._read_row, self._read_step) = bars, reads
        strength = np.rint(strength * LEVELS) / LEVELS
        begins = _begins(strength, bars)
        self._is_too_much = int(begins.sum()) > MOST_PIECES
        self._pieces = _pieces(strength, begins) if not self._is_too_much else (np.zeros(0, int),) * 4
        self.show_values(strength)
        self.refresh()

    def set_ends(self, steps: tuple[int, ...], says: str, is_wiped: bool) -> None:
        """Mark the steps after which an episode ends; a bracket where the memory ends with it."""
        if (steps, says, is_wiped) != (self._ends, self._ends_say, self._is_wiped):
            self._ends, self._ends_say, self._is_wiped = steps, says, is_wiped
            self.refresh()

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def margins(self) -> tuple[float, float, float, float]:
        """Some room above for the words at the ends, and at the right for bars that go on."""
        left, _, right, bottom = super().margins()
        return left, 17 * self.em(), right + _OUT_RIGHT, bottom

    def place_items(self) -> None:
        """Choose between bars and the picture of cells."""
        super().place_items()
        high = self.plot_rect().height() / self.window_shown().height()
        has_bars = not self._is_too_much and high >= LEAST_ROW
        self.heatmap.setVisible(not has_bars)
        if has_bars and self._note:
            self._note = ""
            self.note_changed.emit("")
        if has_bars != self._has_bars:
            self._has_bars = has_bars
            self.mode_changed.emit(has_bars)

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Bars, then what belongs to every matrix, then the ends of episodes."""
        if self.heatmap.rows:
            painter.save()
            painter.setClipRect(self.plot_rect().adjusted(-_OUT_LEFT - 1, -2, _OUT_RIGHT + 1, 2))
            if self._has_bars:
                self._paint_rules(painter)
                self._paint_bars(painter, exposed)
                self._paint_reads(painter, exposed)
            painter.restore()
            self._paint_ends(painter)
        super().paint_marks(painter, exposed)

    def _paint_rules(self, painter: QPainter) -> None:
        """A hairline along each row, so that bars far apart can be followed to their slot."""
        window, plot = self.window_shown(), self.plot_rect()
        if plot.height() / window.height() < 8:
            return
        for row in range(int(window.top()), min(int(window.bottom()) + 1, self.heatmap.rows)):
            y = self._middle(self.cell_rect(row, 0))
            painter.fillRect(QRectF(plot.left(), y, plot.width(), 1), self.colours.colour("line"))

    def _paint_bars(self, painter: QPainter, exposed: QRectF) -> None:
        inks = [QColor(*entry) for entry in table(self.colours, "ramp").tolist()]
        row, first, last, value = self._pieces
        for index in self._seen(row, first, last, exposed):
            where = self._piece(int(row[index]), int(first[index]), int(last[index]), float(value[index]))
            painter.fillRect(where, inks[round(float(value[index]) * 255)])
            if value[index] < _PALE:
                middle = QRectF(where.left(), where.top() + where.height() // 2, where.width(), 1)
                painter.fillRect(middle, self.colours.colour("muted"))
        bars = self._bars
        painter.setFont(self.face())
        for index in self._seen(bars.row, bars.first, bars.last, exposed):
            self._paint_edges(painter, index, inks)

    def _paint_edges(self, painter: QPainter, index: int, inks: list[QColor]) -> None:
        """The birth of a bar as a line across its row, the points of one that goes beyond the record, and what it holds."""
        bars = self._bars
        row, first, last = int(bars.row[index]), int(bars.first[index]), int(bars.last[index])
        begun, over = self._value(row, first), self._value(row, last)
        start, end = self._piece(row, first, first, begun), self._piece(row, last, last, over)
        if bars.older[index]:
            _paint_point(painter, start.left(), start, -_OUT_LEFT, inks[round(begun * 255)])
        else:
            high = self._thickest() + (2 if self._row_height() >= ROOM_FOR_READS else 0)
            line = QRectF(start.left(), round(start.center().y() - high / 2), 2, round(high))
            painter.fillRect(line.adjusted(-2, 0, 0, 0), self.colours.colour("panel"))
            painter.fillRect(line, self.colours.colour("ink"))
        if bars.stays[index]:
            _paint_point(painter, end.right(), end, _OUT_RIGHT, inks[round(over * 255)])
        text = bars.texts[index] if index < len(bars.texts) else ""
        if text and start.height() >= _LEAST_FOR_WORDS * self.em() - 1:
            where = QRectF(start.left() + 6, start.top(), end.right() - start.left() - 10, start.height())
            ground = inks[round(begun * 255)].name()
            ink = "ink" if contrast(ground, self.colours.ink) >= contrast(ground, self.colours.panel) else "panel"
            if text_width(painter.font(), text) <= where.width():
                draw_text(painter, where, text, Qt.AlignmentFlag.AlignLeft, self.colours.colour(ink))

    def _paint_reads(self, painter: QPainter, exposed: QRectF) -> None:
        """A tick that stands on the bar."""
        seen = self._seen(self._read_row, self._read_step, self._read_step, exposed)
        if len(seen) > MOST_PIECES or self._row_height() < ROOM_FOR_READS:
            return
        ink, high = self.colours.colour("ink"), self._tick()
        for index in seen:
            cell = self.cell_rect(int(self._read_row[index]), int(self._read_step[index]))
            foot = self._middle(cell) - round(self._thickest() / 2) - 1
            painter.fillRect(QRectF(round(cell.center().x()) - 0.5, foot - high, 1.5, high), ink)

    def _paint_ends(self, painter: QPainter) -> None:
        """A bracket where the memory is wiped, a fine line where only the episode ends; the word where there is room."""
        plot, window, em = self.plot_rect(), self.window_shown(), self.em()
        painter.setFont(self.face())
        taken, wide = plot.right() + 90 * em, text_width(painter.font(), self._ends_say)
        for step in reversed(self._ends):
            if not window.left() < step + 1 <= window.right():
                continue
            x = round(self.cell_rect(0, step).right())
            if self._is_wiped:
                draw_bracket(painter, x + 1, plot.top() - 3, plot.bottom() + 2, False, self.colours.colour("ink"))
            else:
                painter.fillRect(QRectF(x - 0.5, plot.top() - 3, 1, plot.height() + 5), self.colours.colour("muted"))
            right = min(x + 2.0, self.width() - 2.0)
            if right < taken - 8 and right - wide > 0:
                where = QRectF(right - wide - 2, 0, wide + 2, 13 * em)
                draw_text(painter, where, self._ends_say, Qt.AlignmentFlag.AlignRight, self.colours.colour("muted"))
                taken = where.left()

    # -- the inside -----------------------------------------------------------------------------------------------------------

    def _row_height(self) -> float:
        return self.plot_rect().height() / self.window_shown().height()

    def _thickest(self) -> float:
        high = self._row_height()
        if self._bars.texts and high * 0.7 >= _LEAST_FOR_WORDS * self.em():
            return min(high * 0.7, _THICKEST_WITH_WORDS * self.em())
        return max(min(high * 0.55, _THICKEST * self.em()), 2.0)

    def _tick(self) -> int:
        """How high the tick of a read is; nothing where rows are low."""
        high = self._row_height()
        return round(min(max(high - self._thickest() - 3, 2.0), 6.0)) if high >= ROOM_FOR_READS else 0

    def _middle(self, cell: QRectF) -> float:
        """The middle of a bar: as much below that of its row as the ticks above need."""
        return round(cell.center().y() + self._tick() / 2)

    def _value(self, row: int, step: int) -> float:
        """The strength of the piece at a cell."""
        rows, firsts, _, values = self._pieces
        low, high = np.searchsorted(rows, [row, row + 1])
        return float(values[low + max(int(np.searchsorted(firsts[low:high], step, side="right")) - 1, 0)])

    def _piece(self, row: int, first: int, last: int, value: float) -> QRectF:
        """Where a piece of a bar lies: as thick as it is strong, a third of the thickest at least."""
        start, end = self.cell_rect(row, first), self.cell_rect(row, last)
        high = max(round(self._thickest() * (0.34 + 0.66 * value)), 2)
        left, right = round(start.left()), round(end.right())
        return QRectF(left, self._middle(start) - round(high / 2), max(right - left, 1), high)

    def _seen(self, row: Array, first: Array, last: Array, exposed: QRectF) -> list[int]:
        """Which of these have something in what is exposed."""
        window, plot = self.window_shown(), self.plot_rect()
        each = plot.width() / window.width()
        left = window.left() + (exposed.left() - plot.left() - _OUT_RIGHT) / each
        right = window.left() + (exposed.right() - plot.left() + _OUT_LEFT) / each
        here = (row >= int(window.top())) & (row < window.bottom()) & (first <= right) & (last + 1 >= left)
        found: list[int] = np.flatnonzero(here).tolist()
        return found


def _begins(strength: Array, bars: LifeBars) -> Array:
    """Where in each row something begins: another strength, nothing, or another bar."""
    found = np.ones(strength.shape, np.bool_)
    left, right = strength[:, :-1], strength[:, 1:]
    found[:, 1:] = (left != right) & ~(np.isnan(left) & np.isnan(right))
    found[bars.row, bars.first] = True
    return found


def _pieces(strength: Array, begins: Array) -> tuple[Array, ...]:
    """Row, first, last and strength of each stretch of one strength."""
    row, first = np.nonzero(begins)
    last = np.full(len(row), strength.shape[1] - 1)
    same = row[1:] == row[:-1]
    last[:-1][same] = first[1:][same] - 1
    value = strength[row, first]
    there = np.isfinite(value)
    return row[there], first[there], last[there], np.clip(value[there], 0.0, 1.0)


def _paint_point(painter: QPainter, x: float, bar: QRectF, reach: float, ink: QColor) -> None:
    """The end of a bar that goes on beyond the record."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([QPointF(x, bar.top()), QPointF(x + reach, bar.center().y()), QPointF(x, bar.bottom())]))
    painter.restore()
