"""What Reads, Writes and State have in common: strips of rows over steps, one below the other, on one scale."""

from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QGraphicsItem, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.plots.axes import Axis, step_axis
from app.plots.colours import categories
from app.plots.matrix_marks import Pin
from app.plots.matrix_plot import MatrixPlot
from app.plots.row_bars import RowBars
from app.state.describe import number
from app.state.lens import Selection
from app.views.pane_view import PaneView, Table
from app.widgets.tokens import sized
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One channel, or one head or layer of it, as rows over steps."""

    channel: Channel
    part: int = -1
    """The head or layer; -1 where the channel has none."""
    title: str = ""


class _Row(QWidget):
    """A strip on screen: the matrix, and at its right the present step as bars."""

    def __init__(self, plot: MatrixPlot, bars: RowBars) -> None:
        super().__init__()
        self.plot, self.bars = plot, bars
        self.strip: Strip | None = None
        self.uploaded: object = None
        self.title = QLabel()
        self.title.setProperty("tone", "muted")
        self.title.setFont(sized(self, 11.5))
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addWidget(plot, 1)
        line.addWidget(bars)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addLayout(line, 1)


ROOM_FOR_BARS = 220
"""The width of a pane from which the bars at the margin leave enough to the matrix."""


def show_first_rows(plot: MatrixPlot, rows: int) -> None:
    """Begin with the first rows of a matrix; a double click shows them all."""
    full = plot.full_window()
    plot.show_window(QRectF(0, 0, full.width(), rows) if 0 < rows < full.height() else None)


def say_how_many(plot: MatrixPlot, rows: int, total: int) -> None:
    """Say at the colour bar that only the first rows are in view."""
    bar = plot.colour_bar
    kept = "clipped" if "clipped" in bar.badge else ""
    badge = ", ".join(word for word in (kept, f"0–{rows - 1} of {total}" if 0 < rows < total else "") if word)
    plot.set_scale(bar.low, bar.high, bar.scale, bar.unit, badge)


class OverSteps(PaneView):
    """A matrix for each strip; only the lowest one says what its columns are. Uploaded once, then only the cursor moves."""

    ROWS = "slot"
    LEAST_HEIGHT = 80
    """Pixels below which a further strip is left for the large pane."""
    HAS_BARS = True
    """Whether the present step stands as bars at the right."""

    def strips(self, trace: Trace) -> list[Strip]:
        """What is shown, from the top."""
        return [
            Strip(channel=channel, part=part, title=f"{channel.organ} head {part + 1}")
            for channel in self.channels
            for part in range(trace.arrays[channel.name].shape[1])
        ]

    def selection_of(self, strip: Strip, row: int) -> Selection:
        """What a click on a row selects."""
        return Selection(side=self.side.name, channel=strip.channel.name, head=strip.part, slots=(row,))

    def row_of(self, strip: Strip, selection: Selection) -> int:
        """The row that a selection means; -1 if none."""
        return selection.slots[0] if selection.slots else -1

    def names(self, trace: Trace) -> tuple[str, ...]:
        """Names of the rows; empty for numbers."""
        return ()

    def room(self) -> int:
        """Pixels that the strips may take, one below the other."""
        return self.height() - 40 - self.below()

    def below(self) -> int:
        """Pixels that something else takes below the strips."""
        return 0

    def keep_pixels(self) -> None:
        """On a screen, keep each picture as the pixels it was drawn in: the cursor then costs next to nothing."""
        self._cache = QGraphicsItem.CacheMode.DeviceCoordinateCache
        for row in self._rows:
            row.plot.heatmap.setCacheMode(self._cache)

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """A column of strips."""
        self._rows: list[_Row] = []
        self._cache = QGraphicsItem.CacheMode.NoCache
        self._left_out = 0
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 2, 0, 0)
        self._column.setSpacing(4)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Upload each strip whose values or limits are others than before."""
        strips = self.strips(trace)
        fit = max(1, self.room() // self.LEAST_HEIGHT) if self.isVisible() else len(strips)
        self._left_out = max(len(strips) - fit, 0)
        strips = strips[:fit]
        while len(self._rows) < len(strips):
            self._add_row()
        for index, row in enumerate(self._rows):
            row.setVisible(index < len(strips))
            row.bars.setVisible(self.HAS_BARS and self.width() >= ROOM_FOR_BARS)
            row.strip = strips[index] if index < len(strips) else None
            if row.strip is not None:
                self._show_strip(trace, row, row.strip, strips[index + 1] if index + 1 < len(strips) else None)

    def show_step(self, trace: Trace, step: int) -> None:
        """Move the cursor; the bars at the right follow."""
        inside = step < trace.steps
        for row in self._shown():
            row.plot.set_cursor(step if inside else None)
            if row.strip is not None:
                row.bars.show_row(self._part(row.strip, self.reading.at(row.strip.channel, step)) if inside else None)

    def show_marks(self, trace: Trace) -> None:
        """Outline the selected rows at the present step, and what is hovered anywhere."""
        lens, step = self.state.lens, self.step
        for row in self._shown():
            strip = row.strip
            if strip is None:
                continue
            organ = strip.channel.organ
            here = _concerns(lens.selection, strip.part, organ)
            rows = lens.selection.slots if here and self.ROWS == "slot" else ()
            first = self.row_of(strip, lens.selection) if here else -1
            count = row.plot.heatmap.rows
            chosen = [r for r in (rows or ((first,) if first >= 0 else ())) if 0 <= r < count]
            row.plot.set_selected_cells(tuple((r, step) for r in chosen))
            hover = lens.hover
            over = self.row_of(strip, hover) if hover is not None and _concerns(hover, strip.part, organ) else -1
            row.plot.set_hovered(over if over < count else -1, -1)
            row.bars.set_chosen(tuple(chosen))
            row.plot.set_pins(self._pins(strip, count))

    def technical(self) -> str:
        """The pane's name, the head where there is only one, and what does not fit."""
        shown = self._shown()
        words = [self.card.technical]
        if len(shown) == 1 and shown[0].strip is not None and shown[0].strip.title:
            words.append(shown[0].strip.title.removeprefix(f"{shown[0].strip.channel.organ} "))
        if self._left_out:
            words.append(f"{self._left_out} more where there is room")
        if self.is_difference:
            words.append("B \N{MINUS SIGN} A")
        return " · ".join(words)

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each row of each strip, a column for each step."""
        rows: list[list[object]] = []
        for strip in self.strips(trace):
            values = self._matrix(strip)
            for index, line in enumerate(values):
                rows.append([strip.title or strip.channel.title, index, *(float(value) for value in line)])
        return ["strip", self.ROWS, *(f"step {t + 1}" for t in range(trace.steps))], rows

    def enter(self) -> None:
        """The arrows walk through the first strip."""
        if self._shown():
            plot = self._shown()[0].plot
            if plot.marks.selected is None:
                plot.set_selected(0, min(self.step, plot.heatmap.columns - 1))
            plot.enter()

    # ---- the inside ----

    def _shown(self) -> list[_Row]:
        return [row for row in self._rows if row.strip is not None]

    def _pins(self, strip: Strip, count: int) -> tuple[Pin, ...]:
        """Letters at the rows of kept selections."""
        marks = []
        for pin, look in zip(self.state.lens.pins, categories(self.colours), strict=False):
            row = self.row_of(strip, pin.selection) if _concerns(pin.selection, strip.part, strip.channel.organ) else -1
            if 0 <= row < count:
                marks.append(Pin(row, -1, pin.letter, look.colour))
        return tuple(marks)

    def _part(self, strip: Strip, value: Array) -> Array:
        part: Array = np.asarray(value[strip.part] if strip.part >= 0 else value)
        return part

    def _matrix(self, strip: Strip) -> Array:
        values = self.reading.whole(strip.channel)
        matrix: Array = (values[:, strip.part] if strip.part >= 0 else values).T
        return matrix

    def _add_row(self) -> None:
        row = _Row(MatrixPlot(self.colours), RowBars(self.colours))
        row.plot.heatmap.setCacheMode(self._cache)
        row.bars.follow(row.plot)
        row.plot.clicked.connect(partial(self._clicked, row))
        row.plot.dragged.connect(partial(self._dragged, row))
        row.plot.hovered.connect(partial(self._hovered, row))
        self._rows.append(row)
        self._column.addWidget(row, 1)

    def _show_strip(self, trace: Trace, row: _Row, strip: Strip, below: Strip | None) -> None:
        low, high, scale = self.reading.scale(strip.channel)
        is_last = below is None
        title, is_one_of_many = self.ROWS, len(self.strips(trace)) > 1
        row.title.setText(strip.title[:1].upper() + strip.title[1:])
        row.title.setVisible(is_one_of_many)
        bottom = step_axis() if is_last else Axis(title="")
        row.plot.set_axes(bottom, Axis(title=title, names=self.names(trace)))
        row.plot.set_bar_visible(below is None or self.reading.scale(below.channel) != (low, high, scale))
        key = (id(trace), id(self.state.a.trace) if self.is_difference else 0, strip, low, high, scale)
        row.bars.set_limits(low, high)
        if row.uploaded != key:
            row.uploaded = key
            row.plot.set_gathering("max" if strip.channel.kind in ("weighting", "attention") else "mean")
            row.plot.set_scale(low, high, scale, badge=self.reading.badge(strip.channel))
            row.plot.show_values(self._matrix(strip))
            if self.ROWS == "slot":
                shown = self.reading.slots_shown()
                say_how_many(row.plot, shown, row.plot.heatmap.rows)
                show_first_rows(row.plot, shown)
            self.decorate(trace, row.plot, strip)

    def decorate(self, trace: Trace, plot: MatrixPlot, strip: Strip) -> None:
        """Add what a kind of pane shows besides the values."""

    def _clicked(self, row: _Row, index: int, step: int, modifiers: Qt.KeyboardModifier) -> None:
        if row.strip is not None and not self.is_behind:
            self.choose(self.selection_of(row.strip, index), modifiers, step)

    def _dragged(self, row: _Row, first: int, _first_step: int, last: int, _step: int) -> None:
        if row.strip is None or self.ROWS != "slot" or first == last or self.is_behind:
            return
        low, high = sorted((first, last))
        chosen = Selection(
            side=self.side.name, channel=row.strip.channel.name, head=row.strip.part, slots=tuple(range(low, high + 1))
        )
        self.state.lens.show(chosen)

    def _hovered(self, row: _Row, index: int, step: int) -> None:
        if row.strip is None or index < 0 or self.is_behind:
            self.point(None)
            return
        value = float(self._part(row.strip, self.reading.at(row.strip.channel, step))[index])
        self.point(self.selection_of(row.strip, index), f"{self.ROWS} {index}, step {step + 1}: {number(value)}")


def _concerns(selection: Selection, head: int, organ: str) -> bool:
    """Whether a selection means something to a head's strip: another head of the same organ does not."""
    same_organ = bool(organ) and selection.channel.partition(".")[0] == organ
    return not (same_organ and selection.head >= 0 and head >= 0 and selection.head != head)
