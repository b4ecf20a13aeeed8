"""The marks over a matrix: gaps between cells, the step cursor, outlines, hatching, crosses, pins."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPaintEngine, QPainter, QPen, QPixmap, QTransform

from app.plots.canvas import draw_cross, draw_double_outline, draw_text, sharp_pen, text_width
from app.plots.colours import Palette
from app.plots.heatmap import Array

_GAP_FROM = 4.0
"""Pixels: from this size on, cells keep a gap."""
_GAP = 0.6
_MOST_HATCHED = 6000

Cell = tuple[int, int]
"""Row and column; -1 stands for all of them."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A letter that stays at a row (column -1) or a cell."""

    row: int
    column: int
    letter: str
    colour: str


class MatrixMarks:
    """What is drawn over a matrix. Knows where a cell lies; every setter says whether anything changed."""

    def __init__(self) -> None:
        self.shows_gaps = True
        """Whether cells of some size are kept apart by a gap."""
        self.cursor: int | None = None
        self.row_cursor: int | None = None
        self.present_row: int | None = None
        self.selected: Cell | None = None
        self._blocks: tuple[tuple[int, int, int], ...] = ()
        self.hovered: Cell | None = None
        self._changed: list[QLineF] = []
        self._changed_cells: Array | None = None
        self._hatched: Array | None = None
        self._hatched_cells: list[list[int]] = []
        self._crosses: tuple[Cell, ...] = ()
        self._pins: tuple[Pin, ...] = ()
        self._gaps: list[QLineF] = []
        self._sheet: QPixmap | None = None
        self._sheet_key = (0, 0.0)
        self._plot, self._window, self._shape = QRectF(), QRectF(), (0, 0)
        self._to_pixels = QTransform()

    # -- setters --------------------------------------------------------------------------------------------------------------

    def set_cursor(self, column: int | None) -> bool:
        """Stand the cursor on a column, or nowhere."""
        changed = column != self.cursor
        self.cursor = column
        return changed

    def set_present_row(self, row: int | None) -> bool:
        """Mark a row as the present one, or none."""
        changed = row != self.present_row
        self.present_row = row
        return changed

    def set_row_cursor(self, row: int | None) -> bool:
        """Stand a second cursor on a row, where the rows are a time too."""
        changed = row != self.row_cursor
        self.row_cursor = row
        return changed

    def set_selected(self, cell: Cell | None) -> bool:
        """Select a cell, row or column."""
        changed = cell != self.selected
        self.selected = cell
        self._blocks = _blocks((cell,)) if cell is not None else ()
        return changed

    def set_selected_cells(self, cells: tuple[Cell, ...]) -> bool:
        """Select several cells or rows: neighbours in one column share an outline; the arrows walk from the first."""
        blocks = _blocks(cells)
        changed = self.set_selected(cells[0] if cells else None) or blocks != self._blocks
        self._blocks = blocks
        return changed

    def set_hovered(self, cell: Cell | None) -> bool:
        """Outline a cell, row or column thinly."""
        changed = cell != self.hovered
        self.hovered = cell
        return changed

    def set_changed(self, cells: Array | None) -> bool:
        """Outline the cells of a boolean matrix."""
        if cells is None and self._changed_cells is None:
            return False
        self._changed_cells = None if cells is None else np.array(cells, bool)
        self._outline_changes()
        return True

    def set_hatched(self, strength: Array | None) -> bool:
        """Hatch cells by strength."""
        if strength is None and self._hatched is None:
            return False
        self._hatched = None if strength is None else np.array(strength, np.float32)
        self._hatched_cells = [] if self._hatched is None else np.argwhere(self._hatched >= 0.1)[:_MOST_HATCHED].tolist()
        return True

    def set_crosses(self, cells: tuple[Cell, ...]) -> bool:
        """Cross out cells."""
        changed = cells != self._crosses
        self._crosses = cells
        return changed

    def set_pins(self, pins: tuple[Pin, ...]) -> bool:
        """Keep letters at rows or cells."""
        changed = pins != self._pins
        self._pins = pins
        return changed

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def place(self, plot: QRectF, to_pixels: QTransform, shape: tuple[int, int], window: QRectF) -> None:
        """Say where the matrix lies, how large it is, and which part of it is in view."""
        self._plot, self._to_pixels, self._shape, self._window = plot, to_pixels, shape, window
        self._gaps, self._sheet = self._find_gaps(), None
        self._outline_changes()

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell lies, on whole pixels; -1 stands for the whole row or column."""
        left, wide = (float(column), 1.0) if column >= 0 else (self._window.left(), self._window.width())
        top, high = (float(row), 1.0) if row >= 0 else (self._window.top(), self._window.height())
        found = self._to_pixels.mapRect(QRectF(left, top, wide, high))
        return QRectF(QPointF(round(found.left()), round(found.top())), QPointF(round(found.right()), round(found.bottom())))

    def cursor_area(self) -> QRectF:
        """What the cursor covers."""
        if self.cursor is None:
            return QRectF()
        x = self.cell_rect(-1, self.cursor).center().x()
        return QRectF(x - 4, self._plot.top() - 4, 8, self._plot.height() + 8)

    def present_row_area(self) -> QRectF:
        """What the mark of the present row covers."""
        return QRectF() if self.present_row is None else self.cell_rect(self.present_row, -1).adjusted(-6, -4, 4, 4)

    def row_cursor_area(self) -> QRectF:
        """What the cursor on a row covers."""
        if self.row_cursor is None:
            return QRectF()
        y = self.cell_rect(self.row_cursor, -1).center().y()
        return QRectF(self._plot.left() - 4, y - 4, self._plot.width() + 8, 8)

    def selected_area(self) -> QRectF:
        """What the selection covers."""
        found = QRectF()
        for where in self.selected_rects():
            found = found.united(where.adjusted(-5, -5, 5, 5))
        return found

    def selected_rects(self) -> list[QRectF]:
        """Where each block of selected cells lies."""
        return [self.cell_rect(first, column).united(self.cell_rect(last, column)) for first, last, column in self._blocks]

    def hovered_area(self) -> QRectF:
        """What the hover covers."""
        return QRectF() if self.hovered is None else self.cell_rect(*self.hovered).adjusted(-3, -3, 3, 3)

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, exposed: QRectF, colours: Palette, font: QFont) -> None:
        """Draw every mark that the exposed rectangle touches."""
        self._paint_gaps(painter, colours)
        painter.setClipRect(self._plot.adjusted(-6, -6, 6, 6))
        self._paint_hatching(painter, exposed, colours)
        if self._changed:
            painter.setPen(sharp_pen(colours.colour("ink"), 1))
            painter.drawLines(self._changed)
        for row, column in self._crosses:
            where = self.cell_rect(row, column)
            reach = min(max(min(where.width(), where.height()) * 0.3, 2.5), 4.5)
            draw_cross(painter, where.center(), reach, colours.colour("live"))
        self._paint_cursor(painter, colours)
        self._paint_present_row(painter, colours)
        if self.hovered is not None and self.hovered != self.selected:
            painter.setPen(sharp_pen(colours.colour("ink"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.cell_rect(*self.hovered).adjusted(-0.5, -0.5, 0.5, 0.5))
        for where in self.selected_rects():
            draw_double_outline(painter, where, colours)
        self._paint_pins(painter, colours, font)
        painter.setClipping(False)

    def _paint_gaps(self, painter: QPainter, colours: Palette) -> None:
        """On a screen the gaps are one translucent picture, made once for a size: blending lines costs ten times as much."""
        if not self._gaps or not self.shows_gaps:
            return
        ratio = painter.device().devicePixelRatio()
        gap = colours.colour("panel")
        gap.setAlphaF(min(_GAP * ratio, 1.0))
        pen = sharp_pen(gap, 1 / ratio)
        engine = painter.paintEngine()
        if engine is None or engine.type() != QPaintEngine.Type.Raster:
            painter.setPen(pen)
            painter.drawLines(self._gaps)
            return
        key = (gap.rgba(), ratio)
        if self._sheet is None or self._sheet_key != key:
            self._sheet, self._sheet_key = self._draw_sheet(pen, ratio), key
        painter.drawPixmap(self._plot.topLeft(), self._sheet)

    def _draw_sheet(self, pen: QPen, ratio: float) -> QPixmap:
        sheet = QPixmap((self._plot.size() * ratio).toSize())
        sheet.setDevicePixelRatio(ratio)
        sheet.fill(Qt.GlobalColor.transparent)
        painter = QPainter(sheet)
        painter.translate(-self._plot.topLeft())
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.setPen(pen)
        painter.drawLines(self._gaps)
        painter.end()
        return sheet

    def _paint_cursor(self, painter: QPainter, colours: Palette) -> None:
        lines = []
        if self.row_cursor is not None and 0 <= self.row_cursor < self._shape[0]:
            y = round(self.cell_rect(self.row_cursor, -1).center().y())
            lines.append((QRectF(self._plot.left() - 3, y - 0.5, self._plot.width() + 6, 1.5), (0, -1, 0, 1)))
        if self.cursor is not None and 0 <= self.cursor < self._shape[1]:
            x = round(self.cell_rect(-1, self.cursor).center().x())
            lines.append((QRectF(x - 0.5, self._plot.top() - 3, 1.5, self._plot.height() + 6), (-1, 0, 1, 0)))
        for line, rim in lines:
            painter.fillRect(line.adjusted(*rim), colours.colour("panel"))
        for line, _ in lines:
            painter.fillRect(line, colours.colour("ink"))

    def _paint_present_row(self, painter: QPainter, colours: Palette) -> None:
        """A rail above and below the row, so that its cells stay free; a point at the left shows where it is."""
        if self.present_row is None or not self._window.top() <= self.present_row < self._window.bottom():
            return
        where = self.cell_rect(self.present_row, -1)
        thin = where.height() < _GAP_FROM
        for y in (where.center().y(),) if thin else (where.top() - 1, where.bottom()):
            line = QRectF(where.left() - 3, round(y), where.width() + 5, 1)
            painter.fillRect(line.adjusted(0, -1, 0, 1), colours.colour("panel"))
            painter.fillRect(line, colours.colour("ink"))
        y, left = where.center().y(), where.left() - 1
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("ink"))
        painter.drawPolygon([QPointF(left - 5, y - 4), QPointF(left, y), QPointF(left - 5, y + 4)])
        painter.restore()

    def _paint_hatching(self, painter: QPainter, exposed: QRectF, colours: Palette) -> None:
        if self._hatched is None or self._hatched.shape != self._shape:
            return
        ink = colours.colour("muted")
        seen = self._to_pixels.inverted()[0].mapRect(exposed)
        first, last = seen.left() - 1, seen.right() + 1
        for row, column in self._hatched_cells:
            if not first <= column <= last:
                continue
            ink.setAlphaF(float(min(self._hatched[row, column], 1.0)))
            painter.fillRect(self.cell_rect(row, column), QBrush(ink, Qt.BrushStyle.BDiagPattern))

    def _paint_pins(self, painter: QPainter, colours: Palette, font: QFont) -> None:
        painter.setFont(font)
        for pin in self._pins:
            where = self.cell_rect(pin.row, pin.column)
            high, wide = max(min(where.height(), 14.0), 11.0), text_width(font, pin.letter) + 6
            tag = QRectF(where.right() - wide, round(where.center().y() - high / 2), wide, high)
            painter.fillRect(tag, QColor(pin.colour))
            draw_text(painter, tag, pin.letter, Qt.AlignmentFlag.AlignCenter, colours.colour("panel"))

    # -- lines that are found once ----------------------------------------------------------------------------------------------

    def _find_gaps(self) -> list[QLineF]:
        rows, columns = self._shape
        if not rows or not columns:
            return []
        lines: list[QLineF] = []
        if self._to_pixels.m11() >= _GAP_FROM:
            first, last = int(self._window.left()), min(int(self._window.right()) + 1, columns)
            for x in (round(self._to_pixels.map(QPointF(c, 0)).x()) for c in range(first + 1, last)):
                lines.append(QLineF(x, self._plot.top(), x, self._plot.bottom() - 1))
        if self._to_pixels.m22() >= _GAP_FROM:
            first, last = int(self._window.top()), min(int(self._window.bottom()) + 1, rows)
            for y in (round(self._to_pixels.map(QPointF(0, r)).y()) for r in range(first + 1, last)):
                lines.append(QLineF(self._plot.left(), y, self._plot.right() - 1, y))
        return lines

    def _outline_changes(self) -> None:
        self._changed = []
        cells = self._changed_cells
        if cells is None or cells.shape != self._shape or min(self._to_pixels.m11(), self._to_pixels.m22()) < 2:
            return
        first = max(int(self._window.top()) - 1, 0)  # a row more at each end, so that no line is drawn where the view ends
        around = np.pad(cells[first : int(self._window.bottom()) + 2], 1).astype(np.int8)
        rows, columns = np.nonzero(np.diff(around, axis=0)[:, 1:-1])
        self._changed = self._lines(first + rows, columns, first + rows, columns + 1)
        rows, columns = np.nonzero(np.diff(around, axis=1)[1:-1])
        self._changed += self._lines(first + rows, columns, first + rows + 1, columns)

    def _lines(self, top: Array, left: Array, bottom: Array, right: Array) -> list[QLineF]:
        """Lines between the corners of cells, on whole pixels."""
        to = self._to_pixels
        ends = [np.rint(x * to.m11() + to.dx()).tolist() for x in (left, right)]
        ends += [np.rint(y * to.m22() + to.dy()).tolist() for y in (top, bottom)]
        return [QLineF(x, y, far, low) for x, far, y, low in zip(*ends, strict=True)]


def _blocks(cells: tuple[Cell, ...]) -> tuple[tuple[int, int, int], ...]:
    """Neighbouring rows of one column as (first row, last row, column)."""
    found: list[tuple[int, int, int]] = []
    for row, column in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if found and found[-1][2] == column and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row, column)
        else:
            found.append((row, row, column))
    return tuple(found)
