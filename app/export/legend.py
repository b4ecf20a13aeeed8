"""The legend of a figure: each sign that stands in it, with its meaning."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.export.shot import Shot
from app.plots.canvas import draw_cross, draw_double_outline, sharp_pen
from app.plots.colours import Palette
from app.plots.signs import draw_bracket
from app.state.lifetimes import memory_channels
from engine.contract.trace import Trace

Sign = Literal["cursor", "outline", "changed", "hatch", "cross", "underline", "tick", "bracket"]
OVER_STEPS = frozenset(["Tape", "Reads", "Writes", "Provenance", "State and gates", "Curves", "Lifetimes"])
_SIDE, _GAP, _BETWEEN = 12, 6, 18


@dataclass(frozen=True, slots=True)
class Entry:
    """A sign and what it means."""

    sign: Sign
    says: str


def entries(shot: Shot, panes: tuple[str, ...]) -> tuple[Entry, ...]:
    """What a reader of these panes has to be told."""
    session, trace = shot.session, shot.a
    found = []
    is_story = bool(trace.card.labels.get("step"))
    if OVER_STEPS.intersection(panes) - ({"Tape"} if is_story else set()):
        found.append(Entry("cursor", f"step {session.step + 1}"))
    elif "Tape" in panes:
        found.append(Entry("outline", f"step {session.step + 1}"))
    if is_story and "Tape" in panes and any(c.axes == ("slot",) and c.kind == "gate" for c in trace.channels.values()):
        found.append(Entry("underline", "the answer needs this"))
    if session.selection.slots:
        slots = ", ".join(str(slot) for slot in session.selection.slots)
        found.append(Entry("outline", f"selected: slot{'s' if len(session.selection.slots) > 1 else ''} {slots}"))
    if "Memory" in panes and any(channel.lifetime != "step" for channel in trace.of_kind("memory")):
        found.append(Entry("changed", "changed at this step"))
    if "Writes" in panes and trace.of_role("erase"):
        found.append(Entry("hatch", "erased"))
    if "Lifetimes" in panes:
        found.append(Entry("tick", "read"))
        if any(memory.lifetime == "episode" for memory in memory_channels(trace)):
            found.append(Entry("bracket", "the memory is wiped"))
    if "Tape" in panes and _has_errors(trace, shot.b):
        found.append(Entry("cross", "error"))
    return tuple(found)


class Legend(QWidget):
    """The entries in a line, on as many lines as they need."""

    def __init__(self, colours: Palette) -> None:
        super().__init__()
        self._colours = colours
        self._entries: tuple[Entry, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_entries(self, found: tuple[Entry, ...]) -> None:
        """Show these."""
        self._entries = found
        self.setVisible(bool(found))
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """A narrower place needs more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All lines."""
        places = self._places(width)
        return round(places[-1].bottom()) if places else 0

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(100, self.heightForWidth(max(self.width(), 100)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Signs and words."""
        painter = QPainter(self)
        painter.setFont(self.font())
        for entry, place in zip(self._entries, self._places(self.width()), strict=True):
            sign = QRectF(place.left(), place.center().y() - _SIDE / 2, _SIDE, _SIDE)
            self._draw(painter, entry, sign)
            painter.setPen(self._colours.colour("muted"))
            words = place.adjusted(_SIDE + _GAP, 0, 2, 0)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), entry.says)
        painter.end()

    def _places(self, width: int) -> list[QRectF]:
        metrics = QFontMetricsF(self.font())
        x, y, high, found = 0.0, 0.0, metrics.height() + 4, []
        for entry in self._entries:
            wide = _SIDE + _GAP + metrics.horizontalAdvance(entry.says)
            if x > 0 and x + wide > width:
                x, y = 0.0, y + high
            found.append(QRectF(x, y, wide, high))
            x += wide + _BETWEEN
        return found

    def _draw(self, painter: QPainter, entry: Entry, where: QRectF) -> None:
        ink = self._colours.colour("ink")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        match entry.sign:
            case "cursor":
                painter.setPen(sharp_pen(ink, 1))
                painter.drawLine(QPointF(where.center().x(), where.top()), QPointF(where.center().x(), where.bottom()))
            case "outline":
                draw_double_outline(painter, where.adjusted(2, 2, -2, -2), self._colours)
            case "changed":
                painter.setPen(sharp_pen(ink, 1))
                painter.drawRect(where.adjusted(2, 2, -2, -2))
            case "hatch":
                painter.setPen(QPen(self._colours.colour("line"), 1))
                painter.setBrush(QBrush(ink, Qt.BrushStyle.BDiagPattern))
                painter.drawRect(where.adjusted(1, 1, -1, -1))
            case "tick":
                painter.fillRect(QRectF(where.center().x() - 0.5, where.top(), 1.5, where.height() / 2 - 1), ink)
                painter.fillRect(QRectF(where.left(), where.center().y(), where.width(), 4), ink)
            case "bracket":
                draw_bracket(painter, where.center().x() + 2, where.top(), where.bottom(), False, ink)
            case "cross":
                draw_cross(painter, where.center(), 4, self._colours.colour("live"))
            case "underline":
                painter.fillRect(QRectF(where.left(), where.bottom() - 3, where.width(), 2), ink)


def _has_errors(*traces: Trace | None) -> bool:
    return any(event.kind == "error" for trace in traces if trace is not None for event in trace.card.events)
