"""Where the blocks, strips and ways of a wiring lie, in much room and in little."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont

from app.plots.canvas import text_width
from app.plots.wiring_parts import BlockShown, Route, WireShown

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
_CHOICES = ((9, 12.0, 36.0), (9, 8.0, 34.0), (9, 5.0, 30.0), (9, 3.2, 11.0), (3, 1.8, 11.0), (2, 1.8, 11.0), (1, 1.8, 11.0))
"""From much room to little: the most strips of a block, how much higher than a strip of one row a matrix may be, and how high a
strip has to be for it."""
_ROOMY = 230.0
"""The width of a block from which its strips bear their names in full."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies, in the widget's pixels."""

    blocks: dict[str, QRectF] = field(default_factory=dict)
    strips: dict[tuple[str, int], QRectF] = field(default_factory=dict)
    is_wide: dict[str, bool] = field(default_factory=dict)
    """Whether a block's strips bear their names in full."""
    routes: dict[int, Route] = field(default_factory=dict)
    is_close: bool = False
    """Whether there is hardly any room: each block is one line."""

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
    """Place the blocks on their grid: rows as high as what they show wishes, with gaps for the arrows between them.

    Where there is little room, blocks show their first strips only; where there is hardly any, one beside their name.
    """
    made = Layout()
    if not blocks:
        return made
    rows = sorted({block.row for block in blocks})
    gap = min(max(room.height() * 0.08, 20 * em), 60 * em) if len(rows) > 1 else 0.0
    fixed = len(rows) * (_TITLE + _PAD) * em + (len(rows) - 1) * gap
    for most, matrix, least in _CHOICES:
        wishes = [max(_wish(block, most, matrix) for block in blocks if block.row == row) for row in rows]
        each = min((room.height() - fixed) / max(sum(wishes), 1), _TALLEST * em)
        if each >= least * em:
            break
    else:
        return _close_layout(blocks, wires, rows, room, em, font)
    top = room.top() + max((room.height() - fixed - each * sum(wishes)) / 2, 0.0)
    for row, wish in zip(rows, wishes, strict=True):
        height = (_TITLE + _PAD) * em + each * wish
        for block in (b for b in blocks if b.row == row):
            made.blocks[block.name] = _block_rect(block, room, top, height, em)
            _place_strips(made, block, most, matrix, em, font)
        top += height + gap
    _place_wires(made, wires, em, font)
    return made


def _wish(block: BlockShown, most: int, matrix: float) -> float:
    return sum(strip.weight(matrix) for strip in block.strips[:most])


def _close_layout(
    blocks: Sequence[BlockShown], wires: Sequence[WireShown], rows: Sequence[int], room: QRectF, em: float, font: QFont
) -> Layout:
    """A line for each block: its name, and beside it its first strip."""
    made = Layout(is_close=True)
    pitch = room.height() / len(rows)
    height = min(pitch * 0.68, 26 * em)
    for place, row in enumerate(rows):
        for block in (b for b in blocks if b.row == row):
            where = _block_rect(block, room, room.top() + place * pitch, height, em)
            made.blocks[block.name], made.is_wide[block.name] = where, False
            left = where.left() + 9 + text_width(font, block.title) * 1.3 + 8
            if block.strips and where.right() - 8 - left >= 16 * em:
                inset = 5 if block.strips[0].values is not None else 0
                made.strips[block.name, 0] = QRectF(left, where.top(), where.right() - 8 - left, height).adjusted(
                    0, inset, 0, -min(inset, height - inset - 3)
                )
    _place_wires(made, wires, em, font)
    return made


def _block_rect(block: BlockShown, room: QRectF, top: float, height: float, em: float) -> QRectF:
    gap = min(max(room.width() * 0.03, 11 * em), 34 * em)
    first, last = block.columns
    left = room.left() + room.width() * first / COLUMNS + (gap if first > 0 else 0)
    right = room.left() + room.width() * last / COLUMNS - (gap if last < COLUMNS else 0)
    return QRectF(round(left), round(top), round(right - left), round(height))


def _place_strips(made: Layout, block: BlockShown, most: int, matrix: float, em: float, font: QFont) -> None:
    where, strips = made.blocks[block.name], block.strips[:most]
    is_wide = made.is_wide[block.name] = where.width() >= _ROOMY * em
    labels = [strip.label(is_wide) for strip in strips] if len(block.strips) > 1 else []
    names = max((text_width(font, label) for label in labels), default=0.0)
    left = where.left() + 9 + (min(names, where.width() * 0.42) + 8 if names else 0)
    room = where.height() - (_TITLE + _PAD) * em
    wish = max(_wish(block, most, matrix), 1.0)
    share = min(room / wish, _TALLEST * em)
    top = where.top() + _TITLE * em + max((room - share * wish) / 2, 0.0)
    for number, strip in enumerate(strips):
        height = share * strip.weight(matrix)
        width = round(where.right() - 9 - left)
        made.strips[block.name, number] = QRectF(round(left), round(top + 1), width, max(round(height - 3), 3))
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
    right = max((where.right() for where in made.blocks.values()), default=0.0)
    beyond = QRectF(right + 1, -1e4, 1e4, 2e4)
    taken = [beyond, *made.blocks.values(), *(_around(*way) for way in ways.values())]
    for index, (start, end) in ways.items():
        wide = text_width(font, wires[index].words) + 4
        words = QRectF() if made.is_close else _words_beside(start, end, wide, taken, em)
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
