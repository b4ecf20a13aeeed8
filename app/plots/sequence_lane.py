"""The lane of one episode: step ruler, what happened at each step, phases, micro-steps, and the sequence cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QWidget

from app.plots.canvas import draw_cross, draw_text, sharp_pen, text_width, ticks
from app.plots.colours import Palette
from app.plots.heatmap import Array
from app.plots.lane import Lane
from app.plots.signs import draw_bracket, draw_pencil, draw_read, draw_write
from engine.contract.trace import Event, Phase


@dataclass(frozen=True, slots=True)
class EditMark:
    """A change of the reader's at one step; pale while it is switched off."""

    step: int
    name: str = ""
    enabled: bool = True


class SequenceLane(Lane):
    """One column for each step. A press or drag scrubs; with Shift it selects a range; a press on a micro-step chooses it."""

    standard_height = 72

    scrubbed = Signal(int)
    """The step that the reader wants to stand at."""
    range_selected = Signal(int, int)
    """The first and last step of a range, both included."""
    micro_chosen = Signal(int)
    """The index of the micro-step that was pressed."""
    edit_chosen = Signal(int)
    """The index of the edit mark that was pressed."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._steps, self._step = 0, 0
        self._phases: tuple[Phase, ...] = ()
        self._end_says = ""
        self._events: tuple[Event, ...] = ()
        self._density: Array | None = None
        self._edits: tuple[EditMark, ...] = ()
        self._range: tuple[int, int] | None = None
        self._micro: tuple[str, ...] = ()
        self._present: int | None = None
        self._anchor: int | None = None

    # -- what to show ---------------------------------------------------------------------------------------------------------

    def show_episode(self, steps: int, phases: Sequence[Phase] = (), events: Sequence[Event] = (), end_says: str = "") -> None:
        """Take another episode: how long it is, its phases, and what happened in it.

        `end_says` stands at both ends, under the brackets; the names of the phases then stand in their bands.
        """
        self._steps, self._phases, self._events, self._end_says = steps, tuple(phases), tuple(events), end_says
        self._range = None
        self.redraw()

    def set_density(self, activity: Array | None) -> None:
        """Draw a thin curve of some activity, one number a step, scaled to its own largest."""
        self._density = activity
        self.redraw()

    def set_edits(self, edits: Sequence[EditMark]) -> None:
        """Mark the steps that the reader changed."""
        if tuple(edits) != self._edits:
            self._edits = tuple(edits)
            self.redraw()

    def set_cursor(self, step: int) -> None:
        """Stand the cursor on a step."""
        if step != self._step:
            self.update_strip(self.x_of(self._step))
            self.update_strip(self.x_of(step))
            self._step = step
            if self._micro or self._phases:
                self.update()

    def set_micro_steps(self, names: Sequence[str], present: int | None = None) -> None:
        """Open the micro-steps under the present step; `present` is the one that is shown."""
        if (tuple(names), present) != (self._micro, self._present):
            self._micro, self._present = tuple(names), present
            self.update()

    def set_range(self, chosen: tuple[int, int] | None) -> None:
        """Show a range of steps as selected, both ends included."""
        self._range = chosen
        self.update()

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def x_of(self, step: float) -> float:
        """The middle of a step's column."""
        left, width = self.span()
        return left + (step + 0.5) * width / max(self._steps, 1)

    def step_at(self, x: float) -> int:
        """The step whose column is nearest."""
        left, width = self.span()
        return min(max(int((x - left) / width * max(self._steps, 1)), 0), max(self._steps - 1, 0))

    def micro_rects(self) -> list[QRectF]:
        """Where the micro-steps lie: centred under the cursor, kept within the lane, or with the present one in sight where the
        lane is too short for all."""
        widths, em = self._micro_widths(), self.em()
        last, place = self.width() - 4 - sum(widths), self._present or 0
        left = max(min(self.x_of(self._step) - sum(widths) / 2, last), 2.0)
        if last < 0:
            left = min(max(self.width() / 2 - sum(widths[:place]) - widths[place] / 2, last), 2.0)
        found = []
        for width in widths:
            found.append(QRectF(round(left), round(52 * em), round(width) - 2, round(16 * em)))
            left += width
        return found

    def _micro_widths(self) -> list[float]:
        """Alike as far as their names are; closer together where room is short."""
        em = self.em()
        texts = [text_width(self.face(), name) for name in self._micro]
        alike = min(max(texts) + 14 * em, 52 * em)
        widths = [max(text + 14 * em, alike) for text in texts]
        if sum(widths) <= self.width() - 6:
            return widths
        spare = min(max((self.width() - 6 - sum(texts)) / len(texts), 6 * em), 14 * em)
        return [text + spare for text in texts]

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint_still(self, painter: QPainter) -> None:
        """Ruler, phases, density, events and edits."""
        if not self._steps:
            return
        self._paint_phases(painter)
        self._paint_ruler(painter)
        self._paint_density(painter)
        self._paint_events(painter)
        for index in range(len(self._edits)):
            self._paint_edit(painter, index)

    def paint_moving(self, painter: QPainter) -> None:
        """The range, the cursor, and the micro-steps of the present step."""
        em = self.em()
        if self._range is not None:
            self._paint_range(painter, *self._range)
        if not self._steps:
            return
        self.paint_cursor(painter, self.x_of(self._step), 3 * em, 49 * em)
        places = self.micro_rects() if self._micro else []
        taken = places[0].united(places[-1]).adjusted(-6, 0, 6, 0) if places else QRectF()
        if self._end_says:
            self._paint_ends(painter, taken)
        else:
            self._paint_phase_names(painter, taken)
        for index, (name, where) in enumerate(zip(self._micro, places, strict=True)):
            chosen = index == self._present
            painter.fillRect(where, self.colours.colour("ink" if chosen else "soft"))
            ink = self.colours.colour("panel" if chosen else "ink")
            draw_text(painter, where, name, Qt.AlignmentFlag.AlignHCenter, ink)

    def _paint_ruler(self, painter: QPainter) -> None:
        em, (_, width) = self.em(), self.span()
        each = width / self._steps
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        labelled = set(ticks(self._steps, width, text_width(painter.font(), str(self._steps)) + 26 * em, base=1))
        fine = max(1, round(4 / each)) if each < 4 else 1
        for step in range(0, self._steps, fine):
            painter.fillRect(QRectF(round(self.x_of(step)), 16 * em, 1, 4 * em), self.colours.colour("muted"))
        for step in labelled:
            painter.fillRect(QRectF(round(self.x_of(step)), 15 * em, 1, 6 * em), self.colours.colour("muted"))
            where = QRectF(self.x_of(step) - 40, 0, 80, 15 * em)
            draw_text(painter, where, str(step + 1), Qt.AlignmentFlag.AlignHCenter, self.colours.colour("muted"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

    def _paint_phases(self, painter: QPainter) -> None:
        em = self.em()
        half = self.span()[1] / self._steps / 2
        for phase in self._phases:
            left, right = round(self.x_of(phase.first) - half) + 1, round(self.x_of(phase.last) + half) - 1
            band = QRectF(left, 24 * em, max(right - left, 1), 24 * em)
            painter.fillRect(band, self.colours.colour("soft"))
            if self._end_says:
                muted = self.colours.colour("muted")
                draw_text(painter, band.adjusted(12 * em, 0, -4, 0), phase.name, Qt.AlignmentFlag.AlignLeft, muted)

    def _paint_ends(self, painter: QPainter, taken: QRectF) -> None:
        """What the brackets mean, in a word under each, where the micro-steps leave room."""
        em, (left, width) = self.em(), self.span()
        wide, muted = text_width(painter.font(), self._end_says) + 4, self.colours.colour("muted")
        for x, side in ((left - 2, Qt.AlignmentFlag.AlignLeft), (left + width + 2 - wide, Qt.AlignmentFlag.AlignRight)):
            where = QRectF(x, 52 * em, wide, 16 * em)
            if not taken.intersects(where):
                draw_text(painter, where, self._end_says, side, muted)

    def _paint_phase_names(self, painter: QPainter, taken: QRectF) -> None:
        half, em = self.span()[1] / self._steps / 2, self.em()
        for phase in self._phases:
            width = text_width(painter.font(), phase.name) + 4
            left = self.x_of(phase.first) - half
            room = QRectF(left, 52 * em, self.x_of(phase.last) + half - left, 16 * em)
            if taken.intersects(room):
                before, after = taken.left() - room.left(), room.right() - taken.right()
                room.setLeft(room.left() if before >= width else taken.right() + 4)
                room.setRight(taken.left() - 4 if before >= width else room.right())
                if max(before, after - 4) < width:
                    continue
            if room.width() >= min(width, 40 * em):  # of less than some letters nobody can tell the word
                draw_text(painter, room, phase.name, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))

    def _paint_density(self, painter: QPainter) -> None:
        if self._density is None or not len(self._density):
            return
        em, values = self.em(), np.nan_to_num(np.asarray(self._density, float))
        top = float(values.max()) or 1.0
        pieces = np.array_split(values, max(min(len(values), int(self.span()[1])), 1))
        place = np.cumsum([0, *(len(piece) for piece in pieces)])
        line = [
            QPointF(self.x_of(float(place[i])), (48 - 22 * max(float(piece.max()) / top, 0.0)) * em)
            for i, piece in enumerate(pieces)
        ]
        painter.setPen(sharp_pen(self.colours.colour("muted"), 1))
        painter.drawPolyline(QPolygonF(line))

    def _paint_events(self, painter: QPainter) -> None:
        em, ink = self.em(), self.colours.colour("ink")
        each = self.span()[1] / self._steps
        reach = max(min(each * 0.32, 5.0), 2.0) * em
        drawn: set[tuple[str, int]] = set()
        places = {kind: {event.step for event in self._events if event.kind == kind} for kind in ("write", "read")}
        apart = 6 * em if places["write"] & places["read"] else 0.0
        for event in self._events:
            x = self.x_of(event.step)
            key = (event.kind, round(x / 2) if each < 4 else event.step)
            if key in drawn:
                continue
            drawn.add(key)
            if event.kind == "write":
                draw_write(painter, QPointF(x, 35 * em - apart), reach if not apart else min(reach, 4 * em), ink)
            elif event.kind == "read":
                draw_read(painter, QPointF(x, 35 * em + apart), reach if not apart else min(reach, 4 * em), ink)
            elif event.kind == "error":
                draw_cross(painter, QPointF(x, 46 * em), max(min(reach * 0.6, 3.0), 2.0), self.colours.colour("live"))
        self._paint_resets(painter, sorted({event.step for event in self._events if event.kind == "wipe"}))

    def _paint_resets(self, painter: QPainter, steps: list[int]) -> None:
        """A bracket round each stretch whose memory is its own: it opens blank, and is wiped after the last step."""
        em, ink = self.em(), self.colours.colour("ink")
        half = self.span()[1] / self._steps / 2
        for before, last in pairwise([-1, *steps]):
            draw_bracket(painter, self.x_of(before + 1) - half, 24 * em, 48 * em, True, ink)
            draw_bracket(painter, self.x_of(last) + half, 24 * em, 48 * em, False, ink)

    def _edit_rect(self, index: int) -> QRectF:
        em = self.em()
        return QRectF(round(self.x_of(self._edits[index].step) - 8 * em), 0, round(16 * em), round(15 * em))

    def _paint_edit(self, painter: QPainter, index: int) -> None:
        where, ink = self._edit_rect(index).adjusted(0.5, 0.5, -0.5, -0.5), self.colours.colour("ink")
        if not self._edits[index].enabled:
            ink = self.colours.colour("muted")
        painter.setPen(sharp_pen(ink, 1))
        painter.setBrush(self.colours.colour("panel"))
        painter.drawRoundedRect(where, 4, 4)
        draw_pencil(painter, where.adjusted(3, 2, -3, -2), ink)

    def _paint_range(self, painter: QPainter, first: int, last: int) -> None:
        half = self.span()[1] / max(self._steps, 1) / 2
        left, right = self.x_of(first) - half, self.x_of(last) + half
        ink = self.colours.colour("ink")
        ink.setAlphaF(0.10)
        painter.fillRect(QRectF(left, 16 * self.em(), right - left, 34 * self.em()), ink)
        for edge in (left, right - 1):
            painter.fillRect(QRectF(round(edge), 16 * self.em(), 1, 34 * self.em()), self.colours.colour("ink"))

    # -- the pointer ----------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to scrub or to select; a press on a chip chooses it."""
        if event.button() != Qt.MouseButton.LeftButton or not self._steps:
            event.ignore()
            return
        for index in range(len(self._edits)):
            if self._edit_rect(index).contains(event.position()):
                self.edit_chosen.emit(index)
                return
        for index, where in enumerate(self.micro_rects() if self._micro else ()):
            if where.contains(event.position()):
                self.micro_chosen.emit(index)
                return
        step = self.step_at(event.position().x())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._anchor = step
            self.range_selected.emit(step, step)
        else:
            self._anchor = None
            self.scrubbed.emit(step)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on scrubbing or selecting."""
        if not self.is_left(event) or not self._steps:
            return
        step = self.step_at(event.position().x())
        if self._anchor is None:
            self.scrubbed.emit(step)
        else:
            self.range_selected.emit(min(self._anchor, step), max(self._anchor, step))
