"""What stands in the picture of a wiring: strips, blocks and ways as they are now, and how a way is drawn."""

from dataclasses import dataclass
from math import hypot

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from app.plots.canvas import draw_text, text_width
from app.plots.colours import Palette, Scale
from app.plots.heatmap import Array, Gathering


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StripShown:
    """A quantity in a block: its cells, or a text in place of them."""

    name: str
    symbol: str
    values: Array | None = None
    low: float = 0.0
    high: float = 1.0
    scale: Scale = "ramp"
    gathering: Gathering = "mean"
    """What stands for cells that are too small to be drawn."""
    text: str = ""
    is_present: bool = False

    def weight(self, most: float) -> float:
        """How much height it wishes, against a strip of one row; `most` is what a matrix may have."""
        rows = 1 if self.values is None else len(self.values)
        return min(1.0 + 0.4 * (rows - 1), most)

    def label(self, is_wide: bool) -> str:
        """What stands before it."""
        return self.name if is_wide else self.symbol


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BlockShown:
    """A block with what is seen in it now."""

    name: str
    title: str
    row: int
    columns: tuple[int, int]
    strips: tuple[StripShown, ...]
    is_present: bool = False

    @property
    def place(self) -> tuple[object, ...]:
        """All that decides where it and its parts lie."""
        shapes = tuple((s.name, s.values.shape if s.values is not None else ()) for s in self.strips)
        return self.name, self.title, self.row, self.columns, shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class WireShown:
    """A way as it is now: the words beside it, and how much flows (0..1, None where nothing tells)."""

    source: str
    target: str
    says: str
    strength: float | None = None
    is_present: bool = False
    is_faded: bool = False
    """Whether the stage that is looked at is another's."""
    is_later: bool = False

    @property
    def place(self) -> tuple[object, ...]:
        """All that decides where it and its words lie."""
        return self.source, self.target, self.says, self.strength is None

    @property
    def words(self) -> str:
        """ "keeps 0.92"."""
        return self.says if self.strength is None else f"{self.says} {self.strength:.2f}"


@dataclass(frozen=True, slots=True)
class Route:
    """A straight way from one point to another, and the room for its words."""

    start: QPointF
    end: QPointF
    words: QRectF


def draw_wire(painter: QPainter, wire: WireShown, route: Route, colours: Palette, font: QFont, em: float) -> None:
    """An arrow: the stronger what flows, the darker; dashed what arrives at the next step; thick at the present stage."""
    ink = _ink(wire, colours)
    width = 2.6 if wire.is_present else 1.4
    pen = QPen(ink, width)
    if wire.is_later:
        pen.setDashPattern([3.2, 2.4])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(pen)
    way = route.end - route.start
    length = max(hypot(way.x(), way.y()), 1.0)
    step = way / length
    tip, reach = route.end - step, (5.0 if wire.is_present else 4.2) * max(em, 1.0)
    painter.drawLine(route.start + step, tip - step * reach)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    side = QPointF(-step.y(), step.x()) * reach * 0.72
    painter.drawPolygon(QPolygonF([tip, tip - step * reach * 1.6 + side, tip - step * reach * 1.6 - side]))
    painter.restore()
    if not route.words.isEmpty():
        painter.setFont(font)
        draw_text(
            painter, route.words, wire.words, Qt.AlignmentFlag.AlignLeft, colours.colour("ink" if wire.is_present else "muted")
        )


def draw_loop(painter: QPainter, wire: WireShown, title: QRectF, named: float, colours: Palette, font: QFont, em: float) -> float:
    """A way of a block to itself, right in its title, of which the name takes `named`. Returns where the title has to end."""
    wide = text_width(font, wire.words) + 2
    side = 11 * em
    if wide + side + 13 + named > title.width():
        wide = 0.0
    ring = QRectF(title.right() - wide - (5 if wide else 0) - side, title.center().y() - side / 2, side, side)
    ink = _ink(wire, colours)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(ink, 2.0 if wire.is_present else 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(ring, 60 * 16, 300 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    tip = QPointF(ring.right() - side * 0.06, ring.center().y() - side * 0.02)
    painter.drawPolygon(QPolygonF([tip + QPointF(-3.4, -4) * em, tip + QPointF(3.4, -4) * em, tip + QPointF(0.4, 1.6) * em]))
    painter.restore()
    if wide:
        painter.setFont(font)
        where = QRectF(title.right() - wide, title.top(), wide, title.height())
        draw_text(painter, where, wire.words, Qt.AlignmentFlag.AlignLeft, colours.colour("ink" if wire.is_present else "muted"))
    return ring.left() - 8


def _ink(wire: WireShown, colours: Palette) -> QColor:
    strength = 0.6 if wire.strength is None else float(np.clip(wire.strength, 0.0, 1.0))
    share = 1.0 if wire.is_present else 0.22 if wire.is_faded else 0.25 + 0.6 * strength
    return colours.faint("ink", share)
