"""The tape: what goes into an episode, what should come out, and what does, one column for each step."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QWidget

from app.plots.canvas import Canvas, draw_cross, draw_text, sharp_pen, text_width
from app.plots.colour_bar import ColourBar
from app.plots.colours import Palette, ramp
from app.plots.heatmap import Array, Heatmap
from app.plots.tape_story import Story, StoryTape
from app.plots.tape_words import SMALLEST, paint_word
from engine.contract.trace import Phase

__all__ = ["Story", "StoryTape", "TapePlot", "TapeRow"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TapeRow:
    """One line of the tape: a bit pattern `(step, bit)` in 0..1, or one word a step; NaN and "" where there is none."""

    title: str
    values: Array | None = None
    words: tuple[str, ...] = ()


class TapePlot(Canvas):
    """Bits as small cells, the first bit on top; words as text in their columns. Errors are crossed; a wrong word beside it.

    A press or drag scrubs; on the row named by `set_editable` it draws bits instead.
    """

    scrubbed = Signal(int)
    """The step that the reader wants to stand at."""
    hovered = Signal(int, int, int)
    """Row, step and bit under the pointer; -1, -1, -1 when it leaves."""
    bit_drawn = Signal(int, int, bool)
    """Step, bit, and whether it is now on: a wish, for the owner to put into the row."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._rows: tuple[TapeRow, ...] = ()
        self._maps: list[tuple[QGraphicsRectItem, Heatmap]] = []
        self._shares: list[float] = [0.0]
        self._steps, self._cursor = 0, -1
        self._phases: tuple[Phase, ...] = ()
        self._delimiters: tuple[int, ...] = ()
        self._errors: tuple[tuple[int, int, int], ...] = ()
        self._editable: int | None = None
        self._drawing: bool | None = None
        self._over = (-1, -1, -1)

    # -- what to show ---------------------------------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[TapeRow], steps: int | None = None) -> None:
        """Show these rows; `steps` defaults to the longest of them."""
        self._rows = tuple(rows)
        lengths = [len(row.words) if row.values is None else len(row.values) for row in rows]
        self._steps = steps if steps is not None else max(lengths, default=0)
        self._shares = _shares([self._bits(row) for row in range(len(rows))])
        self._make_maps()
        for row, (_, image) in zip(self._rows, self._maps, strict=True):
            if row.values is not None:
                image.show_values(row.values.T, 0.0, 1.0)
        self.refresh()

    def set_phases(self, phases: Sequence[Phase]) -> None:
        """Write the names of phases below their steps."""
        if tuple(phases) != self._phases:
            self._phases = tuple(phases)
            self.refresh()

    def set_delimiters(self, steps: Sequence[int]) -> None:
        """Stand a bar at the steps that only separate."""
        if tuple(steps) != self._delimiters:
            self._delimiters = tuple(steps)
            self.viewport().update()

    def set_errors(self, cells: Sequence[tuple[int, int, int]]) -> None:
        """Cross out wrong bits: (row, step, bit); bit -1 crosses the whole column of the row."""
        if tuple(cells) != self._errors:
            self._errors = tuple(cells)
            self.viewport().update()

    def set_cursor(self, step: int) -> None:
        """Stand the cursor on a step; only the two strips that it covers are painted."""
        if step != self._cursor:
            for place in (self._cursor, step):
                strip = QRectF(self.x_of(place) - 4, 0, 8, self.height())
                for row in range(len(self._rows)):  # a word is framed whole
                    strip = strip.united(self.framed_rect(row, place).adjusted(-3, 0, 3, 0))
                self.viewport().update(strip.toAlignedRect())
            self._cursor = step

    def set_editable(self, row: int | None) -> None:
        """Let the reader draw bits into one row, or into none."""
        self._editable = row
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if row is not None else Qt.CursorShape.ArrowCursor)
        self.viewport().update()

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def margins(self) -> tuple[float, float, float, float]:
        """Room for the names of the rows at the left and of the phases below."""
        left = max((text_width(self.face(), row.title) for row in self._rows), default=0.0) + 12
        return left, 4.0, 8.0, 18 * self.em()

    def x_of(self, step: float) -> float:
        """The middle of a step's column."""
        plot = self.plot_rect()
        return plot.left() + (step + 0.5) * plot.width() / max(self._steps, 1)

    def row_rect(self, row: int) -> QRectF:
        """Where one row lies."""
        plot, gap, count = self.plot_rect(), 6.0 * self.em(), max(len(self._rows), 1)
        inside = plot.height() - gap * (count - 1)
        above, below = (self._shares[min(edge, len(self._shares) - 1)] for edge in (row, row + 1))
        height = max(round(inside * (below - above)), 4)
        return QRectF(plot.left(), plot.top() + round(inside * above + row * gap), plot.width(), height)

    def bit_rect(self, row: int, step: int, bit: int) -> QRectF:
        """Where one bit lies; bit -1 stands for the whole column of the row."""
        where, bits = self.row_rect(row), self._bits(row)
        wide, high = where.width() / max(self._steps, 1), where.height() / bits
        return QRectF(where.left() + step * wide, where.top() + max(bit, 0) * high, wide, high if bit >= 0 else where.height())

    def framed_rect(self, row: int, step: int) -> QRectF:
        """Where the word at the cursor stands: in its column, or across it where the column is too narrow to read anything."""
        words = self._rows[row].words
        if not 0 <= step < len(words) or not words[step]:
            return QRectF()
        where, plot, needed = self.bit_rect(row, step, -1), self.plot_rect(), text_width(self.face(), words[step]) + 12
        if where.width() >= needed * SMALLEST:
            return where
        left = min(max(where.center().x() - needed / 2, plot.left()), max(plot.right() - needed, plot.left()))
        return QRectF(left, where.top(), min(needed, plot.width()), where.height())

    def place_items(self) -> None:
        """Fit each row's image to its place."""
        for row, (field, image) in enumerate(self._maps):
            where, bits = self.row_rect(row), self._bits(row)
            across, down = where.width() / max(self._steps, 1), where.height() / bits
            field.setRect(QRectF(0, 0, max(self._steps, 1), bits))
            field.setTransform(QTransform(across, 0, 0, down, where.left(), where.top()))
            if image.rows:
                image.fit(across, SMALLEST_BIT if down < SMALLEST_BIT else down)

    def recolour(self) -> None:
        """Take the table of the palette."""
        for _, image in self._maps:
            image.set_table(ramp(self.colours))

    def _bits(self, row: int) -> int:
        values = self._rows[row].values if row < len(self._rows) else None
        return 1 if values is None else max(int(values.shape[1]), 1)

    def _make_maps(self) -> None:
        while len(self._maps) > len(self._rows):
            self.scene().removeItem(self._maps.pop()[0])
        while len(self._maps) < len(self._rows):
            field = QGraphicsRectItem()
            field.setPen(Qt.PenStyle.NoPen)
            field.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape)
            image = Heatmap(ramp(self.colours), gathering="max")
            image.setParentItem(field)
            self.scene().addItem(field)
            self._maps.append((field, image))
        for (field, _), row in zip(self._maps, self._rows, strict=True):
            field.setVisible(row.values is not None)
            field.setBrush(self.colours.faint("soft", 0.5))

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Row names, gaps, words, delimiters, crosses, phases and the cursor."""
        if not self._steps:
            return
        painter.setFont(self.face())
        plot = self.plot_rect()
        for index, row in enumerate(self._rows):
            where = self.row_rect(index)
            if exposed.left() < plot.left():
                name = QRectF(0, where.top(), plot.left() - 9, where.height()).adjusted(0, -4, 0, 4)
                draw_text(painter, name, row.title, Qt.AlignmentFlag.AlignRight, self.colours.colour("muted"))
            if row.values is None:
                self._paint_words(painter, index, row.words)
        self._paint_gaps(painter, exposed)
        for step in self._delimiters:
            if not exposed.intersects(self.bit_rect(0, step, -1)):
                continue
            painter.fillRect(self.bit_rect(0, step, -1).adjusted(1, 0, -1, 0), self.colours.faint("soft", 0.5))
            painter.fillRect(
                QRectF(round(self.x_of(step)) - 1, self.row_rect(0).top(), 2, self.row_rect(0).height()),
                self.colours.colour("muted"),
            )
        self._paint_phases(painter, exposed)
        self._paint_cursor(painter)
        for cell in self._errors:
            if (
                cell[0] < len(self._rows)
                and not self._rows[cell[0]].words
                and exposed.intersects(where := self.bit_rect(*cell).adjusted(-4, -4, 4, 4))
            ):
                self._paint_error(painter, where.adjusted(4, 4, -4, -4))

    def _paint_error(self, painter: QPainter, where: QRectF) -> None:
        reach = min(max(where.width() * 0.22, 2.6), 4.0)
        draw_cross(painter, where.center(), reach + 0.6, self.colours.colour("panel"))
        draw_cross(painter, where.center(), reach, self.colours.colour("live"))

    def _paint_gaps(self, painter: QPainter, exposed: QRectF) -> None:
        plot = self.plot_rect()
        each = plot.width() / self._steps
        painter.setPen(sharp_pen(self.colours.colour("panel"), 1))
        for row in range(len(self._rows)):
            where = self.row_rect(row)
            if each >= 5:
                first, last = int((exposed.left() - plot.left()) / each), int((exposed.right() - plot.left()) / each) + 1
                for step in range(max(first, 1), min(last + 1, self._steps)):
                    x = round(plot.left() + step * each)
                    painter.drawLine(QPointF(x, where.top()), QPointF(x, where.bottom() - 1))
            bits = self._bits(row)
            if where.height() / bits >= 5:
                for bit in range(1, bits):
                    y = round(where.top() + bit * where.height() / bits)
                    painter.drawLine(QPointF(where.left(), y), QPointF(where.right() - 1, y))
        if self._editable is not None and self._editable < len(self._rows):
            painter.setPen(sharp_pen(self.colours.colour("focus"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.row_rect(self._editable).adjusted(-1.5, -1.5, 1.5, 1.5))

    def _paint_words(self, painter: QPainter, row: int, words: Sequence[str]) -> None:
        wrong = {step for place, step, _ in self._errors if place == row}
        for step, word in enumerate(words):
            if word:
                paint_word(painter, self.bit_rect(row, step, -1), word, step in wrong, self.colours)

    def _paint_phases(self, painter: QPainter, exposed: QRectF) -> None:
        plot = self.plot_rect()
        top, em, muted = plot.bottom() + 2, self.em(), self.colours.colour("muted")
        name, bar = QRectF(0, top, plot.left() - 9, 16 * em), QRectF(plot.right() - 110 * em, top, 110 * em, 16 * em)
        if exposed.intersects(name):
            draw_text(painter, name, "step", Qt.AlignmentFlag.AlignRight, muted)
        has_bar = any(row.values is not None for row in self._rows)
        if exposed.intersects(bar) and has_bar:
            BAR.paint(painter, bar, self.colours, self.face())
        end = bar.left() - 4 * em if has_bar else plot.right()
        for phase, where in self.phase_places(top, end, lambda name: text_width(painter.font(), name)):
            if exposed.intersects(where):
                draw_text(painter, where, phase, Qt.AlignmentFlag.AlignHCenter, muted)

    def phase_places(self, top: float, end: float, width_of: Callable[[str], float]) -> Iterator[tuple[str, QRectF]]:
        """Where the name of each phase stands: below its steps, left of `end`; without those that there is no room for."""
        em, taken = self.em(), 0.0
        for phase in self._phases:
            left, right = self.bit_rect(0, phase.first, -1).left(), self.bit_rect(0, phase.last, -1).right()
            needed = width_of(phase.name)
            where = QRectF(left, top, min(right, end) - left, 16 * em)
            if where.width() + 2 < needed <= right - left + 2:  # it would stand on the scale of colours: it stands before it
                where.setLeft(where.right() - needed)
            begins = where.center().x() - needed / 2
            if needed <= where.width() + 2 and begins >= taken:
                taken = begins + needed + 6 * em
                yield phase.name, where

    def _paint_cursor(self, painter: QPainter) -> None:
        if not 0 <= self._cursor < self._steps:
            return
        plot = self.plot_rect()
        line = QRectF(round(self.x_of(self._cursor)) - 0.5, 0, 1.5, plot.bottom() + 3)
        painter.fillRect(line.adjusted(-1, 0, 1, 0), self.colours.colour("panel"))
        painter.fillRect(line, self.colours.colour("ink"))
        for index, row in enumerate(self._rows):
            if self._cursor < len(row.words) and row.words[self._cursor]:
                is_wrong = any(cell[:2] == (index, self._cursor) for cell in self._errors)
                where, word = self.framed_rect(index, self._cursor), row.words[self._cursor]
                paint_word(painter, where, word, is_wrong, self.colours, is_framed=True)

    # -- the pointer ----------------------------------------------------------------------------------------------------------

    def _place_at(self, position: QPointF) -> tuple[int, int, int]:
        plot = self.plot_rect()
        if not plot.left() <= position.x() < plot.right() or not self._steps:
            return -1, -1, -1
        step = min(int((position.x() - plot.left()) / plot.width() * self._steps), self._steps - 1)
        for row in range(len(self._rows)):
            where = self.row_rect(row)
            if where.top() <= position.y() < where.bottom():
                return row, step, min(int((position.y() - where.top()) / where.height() * self._bits(row)), self._bits(row) - 1)
        return -1, step, -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw or to scrub."""
        row, step, bit = self._place_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or step < 0:
            event.ignore()
            return
        values = self._rows[row].values if row >= 0 else None
        if row == self._editable and values is not None:
            self._drawing = not values[step, bit] > 0.5
            self.bit_drawn.emit(step, bit, self._drawing)
        else:
            self._drawing = None
            self.scrubbed.emit(step)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover, or go on drawing or scrubbing."""
        place = self._place_at(event.position())
        if place == self._over:
            return
        self._over = place
        self.hovered.emit(*place)
        if not event.buttons() & Qt.MouseButton.LeftButton or place[1] < 0:
            return
        if self._drawing is None:
            self.scrubbed.emit(place[1])
        elif place[0] == self._editable:
            self.bit_drawn.emit(place[1], place[2], self._drawing)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        if self._over != (-1, -1, -1):
            self._over = (-1, -1, -1)
            self.hovered.emit(-1, -1, -1)


def _shares(bits: Sequence[int]) -> list[float]:
    """Where the rows begin and end, as shares of the height: by their bits, but no row under half of the largest."""
    sizes = [max(count, max(bits) / 2) for count in bits]
    return [sum(sizes[:row]) / max(sum(sizes), 1) for row in range(len(sizes) + 1)]


BAR = ColourBar(0.0, 1.0)
"""What the colours of the bits mean: off to on, and the probability of each in between."""

SMALLEST_BIT = 3.0
"""Bits are never gathered: below this many pixels they are drawn as they are, for the pattern is what is looked at."""
