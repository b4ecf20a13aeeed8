"""What was kept in a slot, drawn into a rectangle: a past and what came of it, as paths on one scale or as two pictures."""

from functools import cache
from typing import Protocol

import numpy as np
from pyqtgraph import functions
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from app.plots.colours import Palette
from app.plots.heatmap import Array

MOST_LOOKED_AT = 2000
"""Of so many slots the common scale is found; of more, of every so manieth."""
WITHIN = 0.98
"""The share of the paths that lies wholly inside its rectangle: a few that go very far do not make all others small."""
_SMALL_POINTS = 12


class Kept(Protocol):
    """What can be drawn of each slot."""

    @property
    def shape(self) -> float:
        """Width against height of a rectangle that fits."""

    def paint(self, painter: QPainter, where: QRectF, slot: int, colours: Palette, is_large: bool) -> None:
        """Draw one slot; `is_large`: with every point, and with what is decoded."""


class KeptPaths:
    """Paths in metres: `past (N, P, 2)` and `truth (N, F, 2)` as they were, `decoded (N, F, 2)` as the model has them."""

    def __init__(self, past: Array | None, truth: Array | None, decoded: Array | None = None) -> None:
        self._parts = (past, truth, decoded)
        self.box = _box([part for part in self._parts[:2] if part is not None])

    @property
    def shape(self) -> float:
        """All slots share one box."""
        return self.box.width() / self.box.height()

    def box_of(self, slot: int) -> QRectF:
        """The box of one slot's own paths, for the large picture."""
        parts = [part[slot][None] for part in self._parts if part is not None]
        return _box(parts, 1.0)

    def paint(self, painter: QPainter, where: QRectF, slot: int, colours: Palette, is_large: bool) -> None:
        """The past thick, what came of it thin, what is decoded dashed; a dot is the present."""
        past, truth, decoded = self._parts
        box = self.box_of(slot) if is_large else self.box
        painter.save()
        painter.setClipRect(where, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        thick = 2.6 if is_large else 2.0
        if past is not None:
            _draw(painter, _points(past[slot], where, box, is_large), colours.colour("ink"), thick)
        present = past[slot][-1:] if past is not None else np.zeros((1, 2), np.float32)
        if truth is not None:
            points = _points(np.concatenate((present, truth[slot])), where, box, is_large)
            _draw(painter, points, colours.colour("ink") if is_large else colours.colour("muted"), 1.6 if is_large else 1.3)
        if decoded is not None and is_large:
            points = _points(np.concatenate((present, decoded[slot])), where, box, is_large)
            _draw(painter, points, colours.colour("ink"), 1.4, Qt.PenStyle.DashLine)
        if is_large:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("ink"))
            painter.drawEllipse(_points(present, where, box, True).at(0), 4, 4)
        painter.restore()


class KeptPictures:
    """Two pictures side by side: `past (N, row, column, 3)` and `truth (N, row, column, 3)` in 0..1."""

    def __init__(self, past: Array | None, truth: Array | None) -> None:
        self._parts = [part for part in (past, truth) if part is not None]

    @property
    def shape(self) -> float:
        """Both beside each other."""
        return sum(part.shape[2] / part.shape[1] for part in self._parts)

    def paint(self, painter: QPainter, where: QRectF, slot: int, colours: Palette, is_large: bool) -> None:
        """Every pixel sharp, as far as there is room for it."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        high = min(where.height(), where.width() / self.shape)
        left = where.center().x() - high * self.shape / 2
        for part in self._parts:
            wide = high * part.shape[2] / part.shape[1]
            painter.drawImage(
                QRectF(left, where.center().y() - high / 2, wide, high).adjusted(0.5, 0, -0.5, 0), _image(part[slot])
            )
            left += wide
        painter.restore()


def metres_a_pixel(box: QRectF, where: QRectF) -> float:
    """How much a pixel is, where a box is drawn into a rectangle."""
    return float(max(box.width() / max(where.width(), 1.0), box.height() / max(where.height(), 1.0)))


def _points(path: Array, where: QRectF, box: QRectF, is_large: bool) -> QPolygonF:
    """Metres to pixels: x to the right, y upwards, the box in the middle of the rectangle."""
    if not is_large and len(path) > _SMALL_POINTS:
        path = path[_some_of(len(path))]
    each, middle = 1 / metres_a_pixel(box, where), box.center()
    x = where.center().x() + (path[:, 0] - middle.x()) * each
    y = where.center().y() - (path[:, 1] - middle.y()) * each
    points: QPolygonF = functions.arrayToQPolygonF(x, y)
    return points


@cache
def _some_of(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """So many places as a small picture shows, from the first to the last."""
    return np.linspace(0, count - 1, _SMALL_POINTS).round().astype(np.int64)


def _draw(painter: QPainter, points: QPolygonF, ink: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> None:
    painter.setPen(QPen(ink, width, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(points)


def _image(pixels: Array) -> QImage:
    values = np.ascontiguousarray(np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8))
    high, wide, _ = values.shape
    return QImage(values.data, wide, high, wide * 3, QImage.Format.Format_RGB888).copy()


def _box(parts: list[Array], within: float = WITHIN) -> QRectF:
    """The box that nearly all paths lie in, with y upwards and the present, at 0, in it; of many paths, in the middle across."""
    some = [np.asarray(part[:: max(1, len(part) // MOST_LOOKED_AT)]) for part in parts if part.size]
    if not some:
        return QRectF(-1, -1, 2, 2)
    right, up = (max(_within(part[..., axis].max(-1), within) for part in some) for axis in (0, 1))
    left, down = (-max(_within(-part[..., axis].min(-1), within) for part in some) for axis in (0, 1))
    right, up, left, down = max(right, 0.25), max(up, 0.25), min(left, -0.25), min(down, -0.25)
    if within < 1:
        right = max(right, -left, (up - down) / 4)
        left = -right
    edge = 0.06 * max(right - left, up - down)
    return QRectF(left, down, right - left, up - down).adjusted(-edge, -edge, edge, edge)


def _within(values: Array, share: float) -> float:
    return float(values.max() if share >= 1 else np.quantile(values, share))
