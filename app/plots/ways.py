"""The parts of a picture of trajectories: lines and how each kind looks, where names find room, which line the pointer means."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QTransform

from app.plots.heatmap import Array

Kind = Literal["past", "foreseen", "best", "truth"]
LineToken = Literal["ink", "live"]

FAINT = 0.32
"""How strong a line is where it has not come yet."""
MOST_NAMES = 8
"""More names than this would hide the picture; the pointer still tells every one."""
_GAP = 5.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Way:
    """A line: `points (T, 2)` in metres. `name` stands at its end; `starts` is the point in time of its first point."""

    points: Array
    kind: Kind
    agent: int = 0
    future: int = -1
    """Which of the futures it is; -1: none."""
    name: str = ""
    starts: int = 0

    @property
    def layer(self) -> int:
        """What is drawn first lies below."""
        return {"foreseen": 0, "past": 1, "best": 2, "truth": 3}[self.kind]

    @property
    def rank(self) -> int:
        """Whose name is placed first: the best future's, then what happened, then the others as they were foreseen."""
        return {"best": 0, "truth": 1, "past": 2, "foreseen": 3 + self.future}[self.kind]

    def done(self, at: int | None, points: int) -> int:
        """How many of its points have come by a point in time (None: all of them)."""
        return points if at is None else min(max(at - self.starts + 1, 0), points)

    def point_now(self, at: int | None, points: int) -> int | None:
        """The number of the point at which the agent is on this line now; None if it is on another one."""
        if not points or self.kind == "foreseen":
            return None
        if at is None:
            return points - 1 if self.kind == "past" else None
        number = at - self.starts
        return number if (self.kind == "past" or number > 0) and 0 <= number < points else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a kind of line is drawn; never told apart by its colour alone."""

    token: LineToken = "ink"
    width: float = 1.3
    line: Qt.PenStyle = Qt.PenStyle.SolidLine
    cap: Qt.PenCapStyle = Qt.PenCapStyle.RoundCap
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Key:
    """A kind of line and what it means."""

    way: Way
    says: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroundLook:
    """A map, `(row, column)` from 0 to 1 with the north in its first row, and where it lies in the picture, in metres."""

    picture: Array | None = None
    middle: tuple[float, float] = (0.0, 0.0)
    reach: float = 1.0
    """From the middle to an edge."""
    turn: float = 0.0
    """Degrees to the left by which its rows are turned."""

    def is_same(self, other: "GroundLook") -> bool:
        """Whether it looks the same."""
        mine, theirs = (self.middle, self.reach, self.turn), (other.middle, other.reach, other.turn)
        return self.picture is other.picture and mine == theirs

    def place(self) -> QTransform:
        """From its columns, and its rows counted from the south, to metres."""
        rows, columns = self.picture.shape if self.picture is not None else (1, 1)
        found = QTransform().translate(*self.middle).rotate(self.turn)
        return found.translate(-self.reach, -self.reach).scale(2 * self.reach / columns, 2 * self.reach / rows)


_FLAT = Qt.PenCapStyle.FlatCap
_LOOKS: dict[Kind, Look] = {
    "past": Look(width=2.6),
    "foreseen": Look(width=1.2, line=Qt.PenStyle.CustomDashLine, cap=_FLAT, dashes=(4.0, 3.0)),
    "best": Look(width=2.6, cap=_FLAT),
    "truth": Look(token="live", width=2.2, line=Qt.PenStyle.CustomDashLine, cap=_FLAT, dashes=(1.2, 1.4)),
}
_SAYS: dict[Kind, str] = {
    "past": "seen",
    "best": "closest",
    "foreseen": "also foreseen",
    "truth": "what happened",
}


EVERY_KEY = tuple(Key(way=Way(points=np.zeros((0, 2)), kind=kind), says=says) for kind, says in _SAYS.items())
"""The longest key that there can be."""


def look_of(way: Way) -> Look:
    """How a line of this kind is drawn."""
    return _LOOKS[way.kind]


def key_of(ways: Sequence[Way]) -> tuple[Key, ...]:
    """What the kinds of lines that are there mean, in a fixed order; without a truth, what stands first is the likeliest."""
    there = {way.kind: way for way in ways if np.isfinite(way.points).all(-1).sum() > 1}
    says = dict(_SAYS)
    if "truth" not in there:
        says["best"] = "likeliest"
    if "foreseen" not in there:
        says["best"] = "foreseen"
    return tuple(Key(way=there[kind], says=says[kind]) for kind in says if kind in there)


def scale_length(pixels_a_unit: float, room: float) -> float:
    """The longest round length, 1, 2 or 5 times a power of ten, that takes at most so many pixels."""
    most = max(room / max(pixels_a_unit, 1e-12), 1e-12)
    power = 10.0 ** math.floor(math.log10(most))
    return float(next(power * factor for factor in (5, 2, 1) if power * factor <= most * (1 + 1e-9)))


def label_places(
    lines: Sequence[Array], widths: Sequence[float], high: float, within: QRectF, kept: QRectF | None = None
) -> list[QRectF | None]:
    """Where each name stands beside its line's end, in pixels: where it covers least of all lines, and no name placed before it.

    None for a name that finds no room, for no name (of width 0), and for those after the first `MOST_NAMES`. `kept`: a place that
    is kept free.
    """
    lines = [points[np.isfinite(points).all(-1)] for points in lines]
    every = np.concatenate([line[:: max(len(line) // 20, 1)] for line in lines]) if lines else np.zeros((0, 2))
    taken: list[QRectF] = [kept] if kept is not None else []
    most = MOST_NAMES + len(taken)
    found: list[QRectF | None] = []
    for points, wide in zip(lines, widths, strict=True):
        is_named = bool(wide) and len(taken) < most
        free = [spot for spot in _spots(points, wide, high, within) if not _is_taken(spot, taken)] if is_named else []
        where = min(free, key=lambda spot: _covered(spot, every), default=None)
        found.append(where)
        if where is not None:
            taken.append(where)
    return found


def nearest_way(placed: Sequence[tuple[Way, Array]], at: tuple[float, float], most: float) -> Way | None:
    """The line that comes nearest to a place, in pixels; None if none comes within `most`. What lies above wins."""
    best, nearest = None, most
    for way, points in sorted(placed, key=lambda pair: -pair[0].layer):
        away = _distance(points[np.isfinite(points).all(-1)], np.asarray(at, float))
        if away < nearest - 1e-9:
            best, nearest = way, away
    return best


def _spots(points: Array, wide: float, high: float, within: QRectF) -> list[QRectF]:
    """Places for a name: on from the line's end in its own direction, around the end, beside the line; all inside."""
    inside = np.flatnonzero(
        (points[:, 0] >= within.left())
        & (points[:, 0] <= within.right())
        & (points[:, 1] >= within.top())
        & (points[:, 1] <= within.bottom())
    )
    if not len(inside):
        return []
    end, beside = int(inside[-1]), int(inside[(2 * len(inside)) // 3])
    turns = [(end, 0.0), (end, 0.7), (end, -0.7), (end, 1.5), (end, -1.5), (beside, 1.5), (beside, -1.5)]
    return [_spot(points, number, turn, wide, high, within) for number, turn in turns]


def _spot(points: Array, number: int, turn: float, wide: float, high: float, within: QRectF) -> QRectF:
    """A name beside a point of a line, so far turned from its direction."""
    x, y = points[number].tolist()
    before_x, before_y = points[max(number - 3, 0)].tolist()
    angle = math.atan2(y - before_y, x - before_x) + turn
    left = x + math.cos(angle) * (wide / 2 + _GAP) - wide / 2
    top = y + math.sin(angle) * (high / 2 + _GAP) - high / 2
    left = min(max(left, within.left() + 3), max(within.right() - wide - 3, within.left()))
    return QRectF(left, min(max(top, within.top() + 1), within.bottom() - high - 1), wide, high)


def _covered(spot: QRectF, points: Array) -> int:
    """How many points lie under a name."""
    x, y = points[:, 0], points[:, 1]
    return int(((x > spot.left() - 2) & (x < spot.right() + 2) & (y > spot.top()) & (y < spot.bottom())).sum())


def _is_taken(spot: QRectF, taken: list[QRectF]) -> bool:
    return any(spot.adjusted(-3, -1, 3, 1).intersects(other) for other in taken)


def _distance(points: Array, at: Array) -> float:
    """From a place to a line of points."""
    if len(points) < 2:
        return float(np.hypot(*(points[0] - at))) if len(points) else math.inf
    start, way = points[:-1], np.diff(points, axis=0)
    along = ((at - start) * way).sum(-1) / np.maximum((way**2).sum(-1), 1e-12)
    nearest = start + way * np.clip(along, 0, 1)[:, None]
    return float(np.hypot(*(nearest - at).T).min())
