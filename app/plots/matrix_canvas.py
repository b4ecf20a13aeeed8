"""A matrix with axes in words, a colour bar and marks: everything of a matrix plot but the pointer."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QWidget

from app.plots.axes import TICK_ROW, TITLE_ROW, Axis, paint_x_numbers, paint_y_numbers, paint_y_title
from app.plots.canvas import Canvas, draw_text, text_width
from app.plots.colour_bar import ColourBar
from app.plots.colours import Palette, Scale, table
from app.plots.heatmap import Array, Gathering, Heatmap
from app.plots.matrix_marks import Cell, MatrixMarks, Pin


class MatrixCanvas(Canvas):
    """Rows x columns as colours.

    The values are uploaded by `show_values` alone: cursors, selections and hovers only repaint what they cover.
    """

    note_changed = Signal(str)
    """How the picture departs from one cell a value: "max of 4x4", or nothing."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._x_axis, self._y_axis = Axis(title=""), Axis(title="")
        self._bar = ColourBar()
        self._shows_bar, self._message, self._note = True, "", ""
        self._window: QRectF | None = None
        self._field = QGraphicsRectItem()
        self._field.setPen(Qt.PenStyle.NoPen)
        self._field.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape)
        self.heatmap = Heatmap(table(palette, "ramp"))
        self.heatmap.setParentItem(self._field)
        self.scene().addItem(self._field)
        self.marks = MatrixMarks()

    # -- what to show ---------------------------------------------------------------------------------------------------------

    def set_axes(self, x: Axis, y: Axis) -> None:
        """Say in words what the columns and the rows are."""
        if (x, y) != (self._x_axis, self._y_axis):
            self._x_axis, self._y_axis = x, y
            self.refresh()

    def set_scale(self, low: float, high: float, scale: Scale = "ramp", unit: str = "", badge: str = "") -> None:
        """Fix the limits and the colours; `show_values` draws on them from the next call on."""
        bar = ColourBar(low, high, scale, unit, badge)
        if bar != self._bar:
            self._bar = bar
            self.heatmap.set_table(table(self.colours, scale))
            self.viewport().update()

    def set_bar_visible(self, visible: bool) -> None:
        """Leave the colour bar out, where one for several plots stands elsewhere."""
        self._shows_bar = visible
        self.refresh()

    def set_gathering(self, gathering: Gathering) -> None:
        """What stands for cells that are too small to draw: "max" for weightings, "mean" for values."""
        self.heatmap.set_gathering(gathering)
        self.place_items()

    def show_values(self, values: Array, rows: Array | None = None) -> None:
        """Draw `(row, column)` values on the limits of `set_scale`; NaN is absent. `rows`: the only ones that changed since."""
        reshaped = values.shape != (self.heatmap.rows, self.heatmap.columns)
        self.heatmap.show_values(values, self._bar.low, self._bar.high, rows)
        self._message = ""
        if reshaped:
            self._window = None
            self.refresh()

    def show_message(self, text: str) -> None:
        """Show a sentence instead of a matrix: why there is nothing to see, and what to do."""
        self.heatmap.show_values(np.zeros((0, 0), np.float32), 0.0, 1.0)
        self._message = text
        self.refresh()

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """What the columns and the rows are."""
        return self._x_axis, self._y_axis

    @property
    def colour_bar(self) -> ColourBar:
        """The limits and the scale, as they are shown."""
        return self._bar

    @property
    def note(self) -> str:
        """How the picture departs from one cell a value: "max of 4x4", or nothing."""
        return self._note

    # -- marks ----------------------------------------------------------------------------------------------------------------

    def set_cursor(self, column: int | None) -> None:
        """Stand the step cursor on a column; only the two strips that it covers are painted."""
        self._move_mark(lambda: self.marks.set_cursor(column), self.marks.cursor_area)

    def set_present_row(self, row: int | None) -> None:
        """Mark a row as the present one, in a picture whose rows are steps; only what the mark covers is painted."""
        self._move_mark(lambda: self.marks.set_present_row(row), self.marks.present_row_area)

    def set_row_cursor(self, row: int | None) -> None:
        """Stand a second cursor on a row, where the rows are a time too."""
        self._move_mark(lambda: self.marks.set_row_cursor(row), self.marks.row_cursor_area)

    def set_selected(self, row: int | None = None, column: int | None = None) -> None:
        """Outline one cell, a whole row (no column), a whole column (no row), or nothing."""
        chosen = None if row is None and column is None else (-1 if row is None else row, -1 if column is None else column)
        self._move_mark(lambda: self.marks.set_selected(chosen), self.marks.selected_area)

    def set_selected_cells(self, cells: tuple[Cell, ...]) -> None:
        """Outline several cells (row, column; -1 stands for all): neighbours in one column share an outline."""
        self._move_mark(lambda: self.marks.set_selected_cells(cells), self.marks.selected_area)

    def set_hovered(self, row: int = -1, column: int = -1) -> None:
        """Outline thinly what the reader hovers over here or in another pane; -1 stands for a whole row or column, or nothing."""
        chosen = None if row < 0 and column < 0 else (row, column)
        self._move_mark(lambda: self.marks.set_hovered(chosen), self.marks.hovered_area)

    def set_changed(self, cells: Array | None) -> None:
        """Outline the cells (a boolean matrix) that changed at this step."""
        if self.marks.set_changed(cells):
            self.viewport().update()

    def set_hatched(self, strength: Array | None) -> None:
        """Hatch cells (a matrix in 0..1, of the shape of the values): what is erased."""
        if self.marks.set_hatched(strength):
            self.viewport().update()

    def set_crosses(self, cells: tuple[tuple[int, int], ...]) -> None:
        """Cross out cells (row, column): errors."""
        if self.marks.set_crosses(cells):
            self.viewport().update()

    def set_pins(self, pins: tuple[Pin, ...]) -> None:
        """Keep letters at pinned rows or cells."""
        if self.marks.set_pins(pins):
            self.viewport().update()

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def cell_at(self, position: QPointF) -> tuple[int, int] | None:
        """Row and column at a position in the widget; None beside the matrix."""
        plot, window = self.plot_rect(), self.window_shown()
        if not plot.contains(position) or not self.heatmap.rows:
            return None
        column = window.left() + (position.x() - plot.left()) / plot.width() * window.width()
        row = window.top() + (position.y() - plot.top()) / plot.height() * window.height()
        return min(int(row), self.heatmap.rows - 1), min(int(column), self.heatmap.columns - 1)

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell lies in the widget; -1 stands for the whole row or column."""
        return self.marks.cell_rect(row, column)

    def window_shown(self) -> QRectF:
        """The part of the matrix in view, in rows and columns."""
        return QRectF(self._window) if self._window is not None else self.full_window()

    def full_window(self) -> QRectF:
        """The whole matrix, in rows and columns."""
        return QRectF(0, 0, max(self.heatmap.columns, 1), max(self.heatmap.rows, 1))

    def show_window(self, window: QRectF | None) -> None:
        """Zoom to a part of the matrix, in rows and columns; None shows everything."""
        full = self.full_window()
        if window is not None:
            window.setSize(window.size().boundedTo(full.size()))
            window.moveLeft(min(max(window.left(), 0.0), full.width() - window.width()))
            window.moveTop(min(max(window.top(), 0.0), full.height() - window.height()))
        self._window = None if window is None or window == full else window
        self.refresh()

    def margins(self) -> tuple[float, float, float, float]:
        """Room for the names of rows, the numbers of columns, and the colour bar below."""
        em, font = self.em(), self.face()
        left = self._y_axis.widest(self.heatmap.rows, font) + 8 if self._y_axis.title or self._y_axis.names else 2
        left += 18 * em if self._y_axis.title else 0
        bottom = (TICK_ROW + 4) * em if self._x_axis.title or self._x_axis.names else 6 * em if self._shows_bar else 2
        bottom += TITLE_ROW * em if self._x_axis.title or self._shows_bar else 0
        return left, 4.0, 8.0, bottom

    def place_items(self) -> None:
        """Fit the image to the plot rectangle, and gather cells that would be too small."""
        plot, window = self.plot_rect(), self.window_shown()
        self._field.setRect(window)
        self._field.setTransform(self._to_pixels())
        if self.heatmap.rows:
            self.heatmap.fit(plot.width() / window.width(), plot.height() / window.height())
        self.marks.place(plot, self._to_pixels(), (self.heatmap.rows, self.heatmap.columns), window)
        rows, columns = self.heatmap.block
        note = f"{self.heatmap.gathering} of {rows}x{columns}" if (rows, columns) != (1, 1) and self.heatmap.rows else ""
        if note != self._note:
            self._note = note
            self.note_changed.emit(note)

    def recolour(self) -> None:
        """Take the table of the palette."""
        self.heatmap.set_table(table(self.colours, self._bar.scale))

    def _to_pixels(self) -> QTransform:
        plot, window = self.plot_rect(), self.window_shown()
        across, down = plot.width() / window.width(), plot.height() / window.height()
        return QTransform(across, 0, 0, down, plot.left() - window.left() * across, plot.top() - window.top() * down)

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """Draw axes where they are exposed, and all marks over the image."""
        plot = self.plot_rect()
        if not plot.adjusted(0, -4, 0, 4).contains(exposed):
            self._paint_axes(painter, plot)
        if self._message:
            painter.setFont(self.face(small=False))
            painter.setPen(self.colours.colour("muted"))
            painter.drawText(plot, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), self._message)
        elif self.heatmap.rows:
            self.marks.paint(painter, exposed, self.colours, self.face())

    def _paint_axes(self, painter: QPainter, plot: QRectF) -> None:
        painter.setFont(self.face())
        painter.setPen(self.colours.colour("muted"))
        window, below = self.window_shown(), 4 * self.em()
        if (self._y_axis.title or self._y_axis.names) and self.heatmap.rows:
            paint_y_numbers(painter, plot, (window.top(), window.bottom()), self.heatmap.rows, self._y_axis)
        if self._y_axis.title:
            paint_y_title(painter, plot, self._y_axis.title, self.colours.colour("muted"))
        if (self._x_axis.title or self._x_axis.names) and self.heatmap.rows:
            paint_x_numbers(painter, plot, (window.left(), window.right()), self.heatmap.columns, self._x_axis)
            below += TICK_ROW * self.em()
        self._paint_foot(painter, plot, below)

    def _paint_foot(self, painter: QPainter, plot: QRectF, below: float) -> None:
        """The title of the columns and the colour bar, so far below the plot."""
        painter.setFont(self.face())
        painter.setPen(self.colours.colour("muted"))
        foot = QRectF(plot.left(), plot.bottom() + below, self.width() - 2 - plot.left(), TITLE_ROW * self.em())
        foot.setRight(max(plot.right(), min(foot.right(), plot.left() + 150 * self.em())))
        bar = replace(self._bar, badge=", ".join(word for word in (self._bar.badge, self._note) if word))
        named = text_width(painter.font(), self._x_axis.title) + 8
        if self._shows_bar and not self._message:  # where the badge has no room the title makes some, up to the pane's edge
            foot.setLeft(max(foot.left() - max(named + bar.width(self.face()) - foot.width(), 0.0), min(foot.left(), 2.0)))
        draw_text(painter, foot, self._x_axis.title, Qt.AlignmentFlag.AlignLeft)
        if self._shows_bar and not self._message:
            foot.setLeft(foot.left() + named)
            bar.paint(painter, foot, self.colours, self.face())

    def _move_mark(self, move: Callable[[], bool], area: Callable[[], QRectF]) -> None:
        before = area()
        if move():
            for part in (before, area()):
                if not part.isEmpty():
                    self.viewport().update(part.toAlignedRect())
