"""Where the blocks, strips and ways of a wiring lie, and how a way is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from app.plots.canvas import draw_text, text_width
from app.plots.colours import Palette, Scale
from app.plots.heatmap import Array

COLUMNS = 6
ARROWS = {
    int(Qt.Key.Key_Left): (-1, 0),
    int(Qt.Key.Key_Right): (1, 0),
    int(Qt.Key.Key_Up): (0, -1),
    int(Qt.Key.Key_Down): (0, 1),
}
_TITLE, _PAD = 21.0, 8.0
_TALLEST = 40.0
"""Pixels of the tallest strip of one row."""
_MATRIX = 3.2
"""How much more height a matrix gets than a strip of one row."""
_ROOMY = 230.0
"""The width of a block from which its strips bear their names in full."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StripShown:
    """A quantity in a block: its cells, or a text in place of them."""

    name: str
    symbol: str
    values: Array | None = None
    low: float = 0.0
    high: float = 1.0
    scale: Scale = "ramp"
    text: str = ""
    is_present: bool = False

    @property
    def weight(self) -> float:
        """How much height it wishes, against a strip of one row."""
        rows = 1 if self.values is None else len(self.values)
        return 1.0 if rows == 1 else min(1.0 + 0.4 * (rows - 1), _MATRIX)

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


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies, in the widget's pixels."""

    blocks: dict[str, QRectF] = field(default_factory=dict)
    strips: dict[tuple[str, int], QRectF] = field(default_factory=dict)
    is_wide: dict[str, bool] = field(default_factory=dict)
    """Whether a block's strips bear their names in full."""
    routes: dict[int, Route] = field(default_factory=dict)
    note: str = ""

    def wire_at(self, position: QPointF) -> int:
        """The way within a few pixels of a place; -1 for none."""
        for index, route in self.routes.items():
            if _distance(position, route.start, route.end) <= 6 or route.words.contains(position):
                return index
        return -1

    def next_to(self, name: str, way: tuple[int, int]) -> str:
        """The nearest block in a direction; the same one at the edge."""
        here = self.blocks.get(name, QRectF())
        others = [(other, where) for other, where in self.blocks.items() if other != name]
        ahead = [(other, where) for other, where in others if _ahead(here, where, way) >= 0]
        return min(ahead, key=lambda o: _ahead(here, o[1], way) + 3 * _aside(here, o[1], way), default=(name, here))[0]


def layout(blocks: Sequence[BlockShown], wires: Sequence[WireShown], room: QRectF, em: float, font: QFont) -> Layout:
    """Place the blocks on their grid: rows as high as what they show wishes, with gaps for the arrows between them."""
    made = Layout()
    if not blocks:
        return made
    rows = sorted({block.row for block in blocks})
    wishes = [max(sum(s.weight for s in b.strips) for b in blocks if b.row == row) for row in rows]
    gap = min(max(room.height() * 0.08, 20 * em), 60 * em) if len(rows) > 1 else 0.0
    fixed = len(rows) * (_TITLE + _PAD) * em + (len(rows) - 1) * gap
    each = min(max((room.height() - fixed) / max(sum(wishes), 1), 5.0), _TALLEST * em)
    used = fixed + each * sum(wishes)
    top = room.top() + max((room.height() - used) / 2, 0.0)
    for row, wish in zip(rows, wishes, strict=True):
        height = (_TITLE + _PAD) * em + each * wish
        for block in (b for b in blocks if b.row == row):
            made.blocks[block.name] = _block_rect(block, room, top, height, em)
            _place_strips(made, block, each, em, font)
        top += height + gap
    _place_wires(made, wires, em, font)
    return made


def _block_rect(block: BlockShown, room: QRectF, top: float, height: float, em: float) -> QRectF:
    gap = min(max(room.width() * 0.03, 11 * em), 34 * em)
    first, last = block.columns
    left = room.left() + room.width() * first / COLUMNS + (gap if first > 0 else 0)
    right = room.left() + room.width() * last / COLUMNS - (gap if last < COLUMNS else 0)
    return QRectF(round(left), round(top), round(right - left), round(height))


def _place_strips(made: Layout, block: BlockShown, each: float, em: float, font: QFont) -> None:
    where = made.blocks[block.name]
    is_wide = made.is_wide[block.name] = where.width() >= _ROOMY * em
    labels = [strip.label(is_wide) for strip in block.strips] if len(block.strips) > 1 else []
    names = max((text_width(font, label) for label in labels), default=0.0)
    left = where.left() + 9 + (min(names, where.width() * 0.42) + 8 if names else 0)
    total = sum(strip.weight for strip in block.strips)
    share = min((where.height() - (_TITLE + _PAD) * em) / max(total, 1), _TALLEST * em)
    top = where.top() + _TITLE * em + max((where.height() - (_TITLE + _PAD) * em - share * total) / 2, 0.0)
    for number, strip in enumerate(block.strips):
        height = share * strip.weight
        made.strips[block.name, number] = QRectF(
            round(left), round(top + 1), round(where.right() - 9 - left), max(round(height - 3), 3)
        )
        top += height


def _place_wires(made: Layout, wires: Sequence[WireShown], em: float, font: QFont) -> None:
    pairs: dict[tuple[str, ...], list[int]] = {}
    for index, wire in enumerate(wires):
        if wire.source != wire.target and wire.source in made.blocks and wire.target in made.blocks:
            pairs.setdefault(tuple(sorted((wire.source, wire.target))), []).append(index)
    ways: dict[int, tuple[QPointF, QPointF]] = {}
    for between in pairs.values():
        for place, index in enumerate(between):
            share = 0.5 + (place - (len(between) - 1) / 2) * min(0.24, 0.8 / len(between))
            ways[index] = _way(made.blocks[wires[index].source], made.blocks[wires[index].target], share)
    taken = [*made.blocks.values(), *(_around(*way) for way in ways.values())]
    for index, (start, end) in ways.items():
        words = _words_beside(start, end, text_width(font, wires[index].words) + 4, taken, em)
        taken.append(words)
        made.routes[index] = Route(start, end, words)


def _way(one: QRectF, other: QRectF, share: float) -> tuple[QPointF, QPointF]:
    """From one block straight to another: sideways in a row, else up or down where they overlap."""
    if one.top() == other.top():
        y = round(one.top() + one.height() * share) + 0.5
        ends = (one.right(), other.left()) if one.left() < other.left() else (one.left(), other.right())
        return QPointF(ends[0], y), QPointF(ends[1], y)
    left, right = max(one.left(), other.left()), min(one.right(), other.right())
    x = round(left + (right - left) * share) + 0.5
    ends = (one.bottom(), other.top()) if one.top() < other.top() else (one.top(), other.bottom())
    return QPointF(x, ends[0]), QPointF(x, ends[1])


def _words_beside(start: QPointF, end: QPointF, wide: float, taken: Sequence[QRectF], em: float) -> QRectF:
    """Where the words of a way have room: at its right, at its left, over it; nowhere where everything is taken."""
    middle, high = (start + end) / 2, 15 * em
    if start.y() == end.y():
        places = [QRectF(middle.x() - wide / 2, middle.y() - 4 - high, wide, high)]
    else:
        beside = (middle.x() + 6, middle.x() - 6 - wide)
        places = [QRectF(left, middle.y() - high / 2, wide, high) for left in beside]
    free = (where for where in places if where.left() >= 0 and not any(other.intersects(where) for other in taken))
    return next(free, QRectF())


def _around(start: QPointF, end: QPointF) -> QRectF:
    return QRectF(start, end).normalized().adjusted(-3.5, -2, 3.5, 2)


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


def draw_loop(painter: QPainter, wire: WireShown, title: QRectF, colours: Palette, font: QFont, em: float) -> float:
    """A way of a block to itself, in its title: a round arrow and its words. Returns where the title now has to end."""
    wide = text_width(font, wire.words) + 2
    side = 11 * em
    if wide + side + 40 * em > title.width():
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


def _distance(point: QPointF, start: QPointF, end: QPointF) -> float:
    way = end - start
    length = max(way.x() ** 2 + way.y() ** 2, 1e-9)
    along = min(max(((point - start).x() * way.x() + (point - start).y() * way.y()) / length, 0.0), 1.0)
    off = point - (start + way * along)
    return hypot(off.x(), off.y())


def _ahead(here: QRectF, other: QRectF, way: tuple[int, int]) -> float:
    """How far the other begins beyond the end of this one in this direction; negative where it does not."""
    if way[0]:
        return other.left() - here.right() if way[0] > 0 else here.left() - other.right()
    return other.top() - here.bottom() if way[1] > 0 else here.top() - other.bottom()


def _aside(here: QRectF, other: QRectF, way: tuple[int, int]) -> float:
    """How far it lies beside the way there; a hundredth of the distance of the middles where it lies on the way."""
    off = other.center() - here.center()
    across, reach = (abs(off.y()), here.height() + other.height()) if way[0] else (abs(off.x()), here.width() + other.width())
    return max(across - reach / 2, 0.0) + across * 0.01
