"""The lane of one run: the loss over updates, its checkpoints, notes, the live head, and the training cursor."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from app.plots.canvas import draw_text, text_width
from app.plots.colours import Palette
from app.plots.heatmap import Array
from app.plots.lane import Lane


class TrainingLane(Lane):
    """A place for each update. A press or drag chooses the nearest checkpoint."""

    standard_height = 64

    checkpoint_chosen = Signal(int)
    """The update of the checkpoint that the reader wants to look at."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._updates, self._losses = np.zeros(0), np.zeros(0)
        self._held_out: tuple[Array, Array] | None = None
        self._checkpoints: tuple[int, ...] = ()
        self._notes: tuple[tuple[int, str], ...] = ()
        self._stages: tuple[tuple[int, str], ...] = ()
        self._cursor: int | None = None
        self._live: int | None = None
        self._reach, self._is_log, self._asked = 0, False, -1

    # -- what to show ---------------------------------------------------------------------------------------------------------

    def show_curve(self, updates: Array, losses: Array, held_out: tuple[Array, Array] | None = None) -> None:
        """Draw the loss against the update; `held_out` (updates, losses) is drawn dashed beside it."""
        self._updates, self._losses = np.asarray(updates, float), np.asarray(losses, float)
        self._held_out = held_out
        self.redraw()

    def set_log(self, is_log: bool) -> None:
        """Draw the loss on a logarithmic scale."""
        if is_log != self._is_log:
            self._is_log = is_log
            self.redraw()

    def set_checkpoints(self, updates: Sequence[int]) -> None:
        """Mark the updates whose weights are kept."""
        if tuple(updates) != self._checkpoints:
            self._checkpoints = tuple(updates)
            self.redraw()

    def set_notes(self, notes: Sequence[tuple[int, str]]) -> None:
        """Stand notes at updates: "rate 3e-4 -> 1e-4"."""
        if tuple(notes) != self._notes:
            self._notes = tuple(notes)
            self.redraw()

    def set_stages(self, stages: Sequence[tuple[int, str]]) -> None:
        """Part the curve at the last update of each stage, with its name: each part is another quantity, on its own scale."""
        if tuple(stages) != self._stages:
            self._stages = tuple(stages)
            self.redraw()

    def set_reach(self, updates: int) -> None:
        """The update at the right end; 0 lets it follow the newest."""
        if updates != self._reach:
            self._reach = updates
            self.redraw()

    def set_live(self, update: int | None) -> None:
        """Put the live head at the newest update, or take it away."""
        if update != self._live:
            self._live = update
            self.redraw()

    def set_cursor(self, update: int | None) -> None:
        """Stand the cursor on an update."""
        if update != self._cursor:
            self._cursor = update
            self.update()

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def reach(self) -> int:
        """The update at the right end of the lane."""
        newest = (*self._checkpoints[-1:], *self._updates[-1:].astype(int).tolist(), self._live or 0, 1)
        return self._reach or max(newest)

    def x_of(self, update: float) -> float:
        """Where an update lies."""
        left, width = self.span()
        return left + min(max(update / self.reach(), 0.0), 1.0) * width

    def checkpoint_at(self, x: float) -> int | None:
        """The checkpoint that lies nearest."""
        return min(self._checkpoints, key=lambda update: abs(self.x_of(update) - x), default=None)

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint_still(self, painter: QPainter) -> None:
        """Notes, curves, checkpoints and the live head."""
        em = self.em()
        if not len(self._updates) and not self._checkpoints:
            left, width = self.span()
            where = QRectF(left, 0, width, self.height())
            draw_text(painter, where, "No training yet.", Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))
            return
        for update, text in self._notes:
            self._paint_note(painter, update, text)
        for first, last in self._parts():
            self._paint_part(painter, first, last)
        self._paint_stages(painter)
        for update in self._checkpoints:
            painter.fillRect(QRectF(round(self.x_of(update)) - 0.5, 54 * em, 1.5, 5 * em), self.colours.colour("muted"))
        if self._live is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colours.colour("live"))
            painter.drawEllipse(QPointF(self.x_of(self._live), 53 * em), 4.5 * em, 4.5 * em)

    def paint_moving(self, painter: QPainter) -> None:
        """The cursor, with the loss where it stands."""
        if self._cursor is None:
            return
        em, x = self.em(), self.x_of(self._cursor)
        self.paint_cursor(painter, x, 3 * em, (48 if self._live == self._cursor else 59) * em)
        loss = self._loss_at(self._cursor)
        if loss is None:
            return
        text = "<0.001" if 0 < loss < 0.001 else f"{loss:.3g}"
        width = text_width(painter.font(), text) + 8
        left = x + 5 if x + 5 + width < self.width() else x - 5 - width
        where = QRectF(left, 19 * em, width, 15 * em)
        painter.fillRect(where, self.colours.colour("ground"))
        draw_text(painter, where, text, Qt.AlignmentFlag.AlignHCenter, self.colours.colour("ink"))

    def _loss_at(self, update: int) -> float | None:
        if not len(self._updates):
            return None
        found = float(self._losses[min(int(np.searchsorted(self._updates, update)), len(self._updates) - 1)])
        return found if np.isfinite(found) else None

    def _parts(self) -> list[tuple[float, float]]:
        """The first update of each stage and that after its last; all of them where it was trained in one go."""
        ends = [float(last) + 0.5 for last, _ in self._stages[:-1]]
        return list(zip([-1.0, *ends], [*ends, np.inf], strict=True))

    def _paint_stages(self, painter: QPainter) -> None:
        """A thin upright where another stage begins, and its name where it fits."""
        if not self._stages:
            return
        em, muted, right = self.em(), self.colours.colour("muted"), self.span()[0] + self.span()[1]
        firsts = [0, *(last for last, _ in self._stages[:-1])]
        for number, (first, (_, name)) in enumerate(zip(firsts, self._stages, strict=True)):
            x = self.x_of(first)
            end = self.x_of(firsts[number + 1]) if number + 1 < len(firsts) else right
            if number:
                painter.fillRect(QRectF(round(x), 4 * em, 1, 50 * em), self.colours.colour("line"))
            width = text_width(painter.font(), name) + 6
            if first <= self.reach() and width + 24 * em <= end - x:  # clear of the curve's fall at its beginning
                where = QRectF(x + 20 * em, 2 * em, width, 14 * em)
                painter.fillRect(where, self.colours.colour("ground"))
                draw_text(painter, where, name, Qt.AlignmentFlag.AlignHCenter, muted)

    def _paint_part(self, painter: QPainter, first: float, last: float) -> None:
        """The curves of one stage, on the limits of their own values."""
        curves = [(self._updates, self._losses, QPen(self.colours.colour("ink"), 1.4))]
        if self._held_out is not None:
            pen = QPen(self.colours.colour("muted"), 1.2, Qt.PenStyle.DashLine)
            curves.insert(0, (np.asarray(self._held_out[0], float), np.asarray(self._held_out[1], float), pen))
        cut = [(u[(u > first) & (u < last)], losses[(u > first) & (u < last)], pen) for u, losses, pen in curves]
        limits = self._limits(np.concatenate([losses for _, losses, _ in cut]))
        for updates, losses, pen in cut:
            self._paint_curve(painter, pen, updates, losses, limits)

    def _limits(self, losses: Array) -> tuple[float, float]:
        losses = losses[np.isfinite(losses)]
        if not losses.size:
            return 0.0, 1.0
        if self._is_log:
            positive = losses[losses > 0]
            return (float(np.log10(positive.min())), float(np.log10(losses.max()))) if positive.size else (0.0, 1.0)
        return min(0.0, float(losses.min())), float(losses.max())

    def _paint_curve(self, painter: QPainter, pen: QPen, updates: Array, losses: Array, limits: tuple[float, float]) -> None:
        low, high = limits
        heights = np.log10(np.maximum(losses, 10.0**low)) if self._is_log else losses
        heights = (heights - low) / max(high - low, 1e-12)
        em, line = self.em(), QPolygonF()
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for update, height in zip(*_thinned(updates, heights, int(self.span()[1])), strict=True):
            if np.isfinite(height):
                line.append(QPointF(self.x_of(float(update)), (50 - 42 * float(height)) * em))
            else:
                painter.drawPolyline(line)
                line = QPolygonF()
        painter.drawPolyline(line)

    def _paint_note(self, painter: QPainter, update: int, text: str) -> None:
        em, x = self.em(), round(self.x_of(update))
        painter.fillRect(QRectF(x, 4 * em, 1, 50 * em), self.colours.colour("muted"))
        width = text_width(painter.font(), text) + 2
        left = x + 5 if x + 5 + width < self.width() else x - 5 - width
        draw_text(painter, QRectF(left, 3 * em, width, 15 * em), text, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))

    # -- the pointer ----------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the nearest checkpoint."""
        self._asked = -1
        self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on choosing while the button is held."""
        self._choose(event)

    def _choose(self, event: QMouseEvent) -> None:
        if not self.is_left(event):
            return
        found = self.checkpoint_at(event.position().x())
        if found is not None and found != self._asked:
            self._asked = found
            self.checkpoint_chosen.emit(found)


def _thinned(updates: Array, heights: Array, pixels: int) -> tuple[Array, Array]:
    """At most the smallest and the largest value of each pixel, in order: what a denser line would show."""
    if len(updates) <= 2 * pixels:
        return updates, heights
    kept: list[int] = []
    for part in np.array_split(np.arange(len(updates)), pixels):
        values = np.where(np.isfinite(heights[part]), heights[part], 0.0)
        kept += sorted({int(part[values.argmin()]), int(part[values.argmax()])})
    return updates[kept], heights[kept]
