"""Ways over ground: lines in metres at one scale, a map below them, names at their ends, a scale bar and a key to the lines."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QWidget

from app.plots.canvas import Canvas, draw_text, text_width
from app.plots.colours import Palette, Table
from app.plots.heatmap import Array, Heatmap
from app.plots.ways import EVERY_KEY, FAINT, GroundLook, Key, Way, key_of, label_places, look_of, scale_length

MOST_FORESEEN = 60
"""Of more futures than this, beside the best ones, only those of the chosen agents are drawn."""
_LEGEND = 18.0
_ROOM_FOR_ROWS = 200.0
"""The height from which the key may take more than one row."""
_DISC = 7.5
"""The reach of a dot that bears a number."""


class TrajectoriesCanvas(Canvas):
    """Arrays in, pixels out; metres are as long across as upwards, and the part of the world that is shown stays."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(palette, parent)
        self._ways: tuple[Way, ...] = ()
        self._agents: tuple[tuple[int, str], ...] = ()
        self._frame, self._view = QRectF(-1, -1, 2, 2), QRectF()
        self._at: int | None = None
        self._unit, self._caption = "m", ""
        self._chosen: frozenset[tuple[int, int]] = frozenset()
        self._over = (-1, -1)
        self._field = QGraphicsRectItem()
        self._field.setPen(Qt.PenStyle.NoPen)
        self._field.setFlag(QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape)
        self.scene().addItem(self._field)
        self._ground = GroundLook()
        self._map = _Ground(_ground_table(palette))
        self._map.setParentItem(self._field)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)  # a map is turned with the agent

    # -- what to show ---------------------------------------------------------------------------------------------------------

    @property
    def ways(self) -> tuple[Way, ...]:
        """The lines that are drawn."""
        return self._ways

    @property
    def scale_bar(self) -> tuple[float, str]:
        """How long the scale bar is, and in which unit."""
        return scale_length(self.pixels_a_unit, 90 * self.em()), self._unit

    @property
    def key(self) -> tuple[Key, ...]:
        """What the kinds of lines mean, in words."""
        return key_of(self._ways)

    def set_frame(self, low: tuple[float, float], high: tuple[float, float], unit: str = "m") -> None:
        """Show the part of the world between two corners, at every step; another frame takes back a zoom."""
        frame = QRectF(low[0], low[1], high[0] - low[0], high[1] - low[1])
        if frame != self._frame or unit != self._unit:
            self._frame, self._unit, self._view = frame, unit, QRectF()
            self.refresh()

    def show_ways(
        self,
        ways: Sequence[Way],
        agents: Sequence[tuple[int, str]],
        ground: GroundLook,
        at: int | None = None,
        caption: str = "",
    ) -> None:
        """Draw these lines over the ground; `agents` are told apart by number and name; `at`: the point in time that is now.

        `caption`: a few words in the corner.
        """
        self._ways, self._agents, self._at, self._caption = tuple(ways), tuple(agents), at, caption
        if not ground.is_same(self._ground):
            self._ground = ground
            self._map.setVisible(ground.picture is not None)
            if ground.picture is not None:
                self._map.show_values(ground.picture[::-1], 0.0, 1.0)
            self.place_items()
        self.viewport().update()

    def set_at(self, at: int | None) -> None:
        """Another point in time of the same sample."""
        if at != self._at:
            self._at = at
            self.viewport().update()

    def set_chosen(self, chosen: Sequence[tuple[int, int]]) -> None:
        """Set off futures (agent, future), or agents (future -1)."""
        if frozenset(chosen) != self._chosen:
            self._chosen = frozenset(chosen)
            self.viewport().update()

    def set_hovered(self, agent: int, future: int) -> None:
        """Set off what the pointer is over, here or in another pane."""
        if (agent, future) != self._over:
            self._over = agent, future
            self.viewport().update()

    def recolour(self) -> None:
        """The map takes the colours of the palette."""
        self._map.set_table(_ground_table(self.colours))

    # -- geometry -------------------------------------------------------------------------------------------------------------

    def margins(self) -> tuple[float, float, float, float]:
        """Room below for the scale bar and the key, in as many rows as the longest key needs: a scale does not change with it."""
        return 4.0, 4.0, 4.0, 5 + len(self._key_rows(EVERY_KEY)) * _LEGEND * self.em()

    def to_pixels(self) -> QTransform:
        """From metres, y upwards, to the widget's pixels: the same scale both ways, the frame in the middle."""
        plot, shown = self.plot_rect(), self.view
        scale = min(plot.width() / max(shown.width(), 1e-9), plot.height() / max(shown.height(), 1e-9))
        middle, centre = shown.center(), plot.center()
        return QTransform(scale, 0, 0, -scale, centre.x() - middle.x() * scale, centre.y() + middle.y() * scale)

    def place_items(self) -> None:
        """Lay the map under the lines."""
        self._field.setRect(self.plot_rect())
        if self._ground.picture is not None:
            self._map.setTransform(self._ground.place() * self.to_pixels())

    @property
    def pixels_a_unit(self) -> float:
        """How many pixels a metre takes."""
        return float(self.to_pixels().m11())

    # -- painting -------------------------------------------------------------------------------------------------------------

    def paint_marks(self, painter: QPainter, exposed: QRectF) -> None:
        """The lines, the agents, the names, the key."""
        plot, across = self.plot_rect(), self.to_pixels()
        painter.save()
        painter.setClipRect(plot)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        placed = [(way, mapped(way.points, across)) for way in sorted(self._seen_ways(), key=lambda way: way.layer)]
        for way, points in placed:
            self._paint_way(painter, way, points)
        self._paint_agents(painter, placed)
        self._paint_names(painter, placed, plot)
        painter.restore()
        self._paint_foot(painter, plot)

    def _paint_way(self, painter: QPainter, way: Way, points: Array) -> None:
        """What has not come yet is faint; what is chosen lies on a band of the panel's colour between two lines of ink."""
        there = np.isfinite(points).all(-1)
        if there.sum() < 2:
            return
        points = points[there]
        look, is_chosen = look_of(way), self._is_chosen(way)
        width = look.width * self.em()
        if is_chosen and way.future >= 0:
            for token, extra in (("ink", 5.0), ("panel", 3.0)):
                painter.setPen(QPen(self.colours.colour(token), width + extra, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawPath(_path(points))
        elif self._is_over(way):
            width += 1.0
        done = way.done(self._at, len(points))
        pen = QPen(self.colours.colour(look.token), width, look.line, look.cap)
        if look.dashes:
            pen.setDashPattern(look.dashes)
        if done < len(points):
            faint = QPen(pen)
            faint.setColor(self.colours.faint(look.token, FAINT))
            painter.setPen(faint)
            painter.drawPath(_path(points[max(done - 1, 0) :]))
        if done > 1:
            painter.setPen(pen)
            painter.drawPath(_path(points[:done]))

    def _paint_agents(self, painter: QPainter, placed: list[tuple[Way, Array]]) -> None:
        """A dot where each agent is now, on what it did and on what was foreseen, with its number where there are several.

        Where the dots would cover each other they are small, and the numbers stand where the agents came from.
        """
        names = dict(self._agents)
        found = [(way, points, way.point_now(self._at, len(points))) for way, points in placed if way.agent in names]
        now = [(way, points, points[at]) for way, points, at in found if at is not None and np.isfinite(points[at]).all()]
        places = np.array([place for way, _, place in now if way.kind != "truth"]).reshape(-1, 2)
        apart = np.linalg.norm(places[:, None] - places[None], axis=-1) + 1e9 * np.eye(len(places))
        has_numbers, em = len(names) > 1, self.em()
        has_room = has_numbers and apart.min(initial=1e9) > 2 * _DISC * em
        for way, _, place in sorted(now, key=lambda each: each[0].kind != "truth"):
            reach = (3.5 if way.kind == "truth" else _DISC if has_room else 4.5) * em
            self._paint_dot(painter, way, QPointF(*place.tolist()), reach, names[way.agent] if has_room else "")
        for way, points in placed if has_numbers and not has_room else ():
            if way.kind == "past" and way.agent in names and len(points) > 1:
                self._paint_number(painter, points, names[way.agent])

    def _paint_dot(self, painter: QPainter, way: Way, where: QPointF, reach: float, name: str) -> None:
        if (way.agent, -1) in self._chosen or self._over == (way.agent, -1):
            painter.setPen(QPen(self.colours.colour("ink"), 1.5))
            painter.setBrush(self.colours.colour("panel"))
            painter.drawEllipse(where, reach + 3, reach + 3)
        painter.setPen(QPen(self.colours.colour("panel"), 1))
        painter.setBrush(self.colours.colour("live" if way.kind == "truth" else "ink"))
        painter.drawEllipse(where, reach, reach)
        if name and way.kind != "truth":
            painter.setFont(self.face(weight=QFont.Weight.DemiBold))
            box = QRectF(where.x() - reach, where.y() - reach, 2 * reach, 2 * reach)
            draw_text(painter, box, name, Qt.AlignmentFlag.AlignHCenter, self.colours.colour("panel"))

    def _paint_number(self, painter: QPainter, points: Array, name: str) -> None:
        """An agent's number beyond the first point of what was seen of it."""
        away = points[0] - points[-1]
        size = float(np.hypot(*away))
        x, y = points[0] + (away / size * 9 * self.em() if size > 1 else (0.0, -9 * self.em()))
        painter.setFont(self.face(weight=QFont.Weight.DemiBold))
        plot, high = self.plot_rect(), 16 * self.em()
        box = QRectF(x - 12, min(max(y - high / 2, plot.top()), plot.bottom() - high), 24, high)
        draw_text(painter, box, name, Qt.AlignmentFlag.AlignHCenter, self.colours.colour("ink"))

    def _paint_names(self, painter: QPainter, placed: list[tuple[Way, Array]], plot: QRectF) -> None:
        """Names at the ends of lines, as many as find room; on a strip of the panel's colour, so that they can be read."""
        painter.setFont(self.face())
        placed = sorted(placed, key=lambda pair: (not self._is_over(pair[0]), not self._is_chosen(pair[0]), pair[0].rank))
        widths = [text_width(painter.font(), way.name) if way.name else 0.0 for way, _ in placed]
        veil = self.colours.colour("panel")
        veil.setAlphaF(0.8)
        corner = QRectF(plot.left(), plot.top(), text_width(painter.font(), self._caption) + 4, 16 * self.em())
        places = label_places([points for _, points in placed], widths, 13 * self.em(), plot, corner if self._caption else None)
        draw_text(painter, corner, self._caption, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))
        for (way, _), where in zip(placed, places, strict=True):
            if where is not None:
                painter.fillRect(where.adjusted(-2, 0, 2, 0), veil)
                token = "live" if way.kind == "truth" else "ink" if way.kind == "best" or self._is_chosen(way) else "muted"
                draw_text(painter, where, way.name, Qt.AlignmentFlag.AlignHCenter, self.colours.colour(token))

    def _paint_foot(self, painter: QPainter, plot: QRectF) -> None:
        """The scale bar at the left, the key to the lines at the right of it and below."""
        em, muted = self.em(), self.colours.colour("muted")
        painter.setFont(self.face())
        long, unit = self.scale_bar
        wide = long * self.pixels_a_unit
        y = round(plot.bottom() + 5 + _LEGEND * em / 2)
        painter.fillRect(QRectF(plot.left() + 2, y - 0.5, round(wide), 1.5), muted)
        for x in (plot.left() + 2, plot.left() + 1 + round(wide)):
            painter.fillRect(QRectF(x, y - 3, 1, 6), muted)
        text = QRectF(plot.left() + wide + 8, y - 8 * em, 80 * em, 16 * em)
        draw_text(painter, text, f"{long:g} {unit}", Qt.AlignmentFlag.AlignLeft, muted)
        for row, keys in enumerate(self._key_rows(self.key)):
            top = plot.bottom() + 5 + row * _LEGEND * em
            x = plot.right() - sum(self._key_width(key) for key in keys) + 10 * em
            for key in keys:
                self._paint_key(painter, key, QRectF(x, top, self._key_width(key), _LEGEND * em))
                x += self._key_width(key)

    def _paint_key(self, painter: QPainter, key: Key, where: QRectF) -> None:
        look, em, y = look_of(key.way), self.em(), where.center().y()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        pen = QPen(self.colours.colour(look.token), look.width * em, look.line, look.cap)
        if look.dashes:
            pen.setDashPattern(look.dashes)
        painter.setPen(pen)
        end = QPointF(where.left() + 16 * em, y)
        painter.drawLine(QPointF(where.left(), y), end)
        if key.way.kind == "past":  # it ends where the agent is
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.colours.colour("ink"))
            painter.drawEllipse(end - QPointF(2 * em, 0), 3.5 * em, 3.5 * em)
        painter.restore()
        text = where.adjusted(21 * em, 0, 0, 0)
        token = "live" if key.way.kind == "truth" else "muted"
        draw_text(painter, text, key.says, Qt.AlignmentFlag.AlignLeft, self.colours.colour(token))

    def _key_width(self, key: Key) -> float:
        return text_width(self.face(), key.says) + 33 * self.em()

    def _key_rows(self, every: Sequence[Key]) -> list[list[Key]]:
        """The key in rows, the first of which leaves room for the scale bar."""
        rows: list[list[Key]] = [[]]
        room = self.width() - 8 - 130 * self.em()
        for key in every:
            if rows[-1] and sum(map(self._key_width, (*rows[-1], key))) > room or not rows[-1] and self._key_width(key) > room:
                rows.append([])
                room = self.width() - 8
            rows[-1].append(key)
        return rows if self.height() >= _ROOM_FOR_ROWS * self.em() else rows[:1]

    def _seen_ways(self) -> list[Way]:
        """All lines; of very many futures only the best, and those of agents that are chosen or under the pointer."""
        if sum(way.kind == "foreseen" for way in self._ways) <= MOST_FORESEEN:
            return list(self._ways)
        agents = {agent for agent, _ in (*self._chosen, self._over)}
        return [way for way in self._ways if way.kind != "foreseen" or way.agent in agents]

    def _is_chosen(self, way: Way) -> bool:
        return (way.agent, way.future) in self._chosen or (way.future >= 0 and (-1, way.future) in self._chosen)

    def _is_over(self, way: Way) -> bool:
        return way.future >= 0 and self._over in ((way.agent, way.future), (-1, way.future))

    def look_at(self, view: QRectF) -> None:
        """Show this part of the world for now, in metres; an empty one shows the whole frame again."""
        self._view = view
        self.refresh()

    @property
    def frame(self) -> QRectF:
        """The part of the world that the whole stream needs, in metres."""
        return QRectF(self._frame)

    @property
    def view(self) -> QRectF:
        """The part of the world that is to be seen, in metres."""
        return QRectF(self._frame if self._view.isEmpty() else self._view)


class _Ground(Heatmap):
    """A map in colours that can be turned and smoothed quickly."""

    def render(self) -> None:
        """Change the bytes into colours once, not at each painting."""
        super().render()
        if not self._unrenderable:
            self.qimage = self.qimage.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def mapped(points: Array, across: QTransform) -> Array:
    """Points `(T, 2)` in metres as pixels."""
    found: Array = np.asarray(points, float) * (across.m11(), across.m22()) + (across.dx(), across.dy())
    return found


def _path(points: Array) -> QPainterPath:
    found: QPainterPath = pg.arrayToQPath(np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1]), connect="all")
    return found


def _ground_table(colours: Palette) -> Table:
    """From the panel to soft, so that roads lie quietly under everything."""
    low, high = (np.array([c.red(), c.green(), c.blue()], float) for c in (colours.colour("panel"), colours.colour("soft")))
    found: Table = np.rint(low + (high - low) * np.linspace(0, 1, 256)[:, None]).astype(np.uint8)
    return found
