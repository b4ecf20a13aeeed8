"""A top, the pairs that it calls to mind, what is proposed of each, and the list of what is on offer: a sheet of pictures."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.plots.canvas import draw_double_outline, draw_text, scaled_font, text_width, unit
from app.plots.colours import Palette
from app.plots.heatmap import Array
from app.plots.outfit import PairRow, Sheet, Tile

_PALE = 0.28
_QUERY, _LEAST_QUERY, _WORN = 132.0, 84.0, 64.0
_ROW, _LEAST_ROW = 62.0, 32.0
_TILE = 64.0
_HEAD, _LINE = 22.0, 17.0
_GAP = 14.0
HEADS = ("Slot", "Likeness 0–1", "Remembered", "Proposed", "Success 0–1")
"""What the columns of the proposals are called."""
ROOM_BESIDE = 400
"""From this width the top stands beside the proposals, not above them."""
ROOM_FOR_LIST, ROWS_WIDE = 680, 400
"""From this width the list stands beside the proposals, which are then so wide."""


class GarmentSheet(QWidget):
    """Draws a `Sheet`; what does not fit in height is made smaller, down to what can be told apart."""

    row_clicked = Signal(int)
    row_hovered = Signal(int)
    tile_hovered = Signal(int)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = palette
        self._sheet = Sheet()
        self._rows: list[QRectF] = []
        self._tiles: list[QRectF] = []
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours from now on."""
        self.colours = palette
        self.update()

    def show_sheet(self, sheet: Sheet) -> None:
        """Draw this."""
        self._sheet = sheet
        self.setMinimumHeight(self.minimumSizeHint().height())
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Rows that are just large enough, and one row of the list."""
        em, rows = self._em(), max(len(self._sheet.rows), 1)
        above = 0 if self._is_beside() else (_WORN + _LINE + _GAP) * em
        listed = 0 if self._is_wide() else (_GAP + _HEAD + _TILE + 2 * _LINE) * em
        return QSize(220, round(above + (_HEAD + rows * _LEAST_ROW) * em + listed))

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt asks for the picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
        em = self._em()
        rows, tiles = self._areas()
        if self._is_beside():
            wide = self._query_width()
            self._paint_query(painter, QRectF(0, 0, wide, rows.height()))
            rows.setLeft(wide + 1.5 * _GAP * em)
        else:
            high = (_WORN + _LINE + _GAP) * em
            self._paint_query_above(painter, QRectF(0, 0, self.width(), high))
            rows.setTop(high)
        self._paint_rows(painter, rows)
        self._paint_list(painter, tiles)
        painter.end()

    def _paint_query(self, painter: QPainter, where: QRectF) -> None:
        """The top, large; below it what was worn."""
        em, sheet = self._em(), self._sheet
        y = self._paint_label(painter, where.left(), where.top(), where.width(), "For this top")
        below = (3 + _LINE + _GAP + _HEAD + _WORN + _LINE + 4) * em if sheet.worn is not None else 0.0
        side = max(min(where.width(), where.bottom() - y - below), _LEAST_QUERY * em)
        self._paint_picture(painter, QRectF(where.left(), y, side, side), sheet.top)
        y += side + 3 * em
        self._paint_name(painter, QRectF(where.left(), y, where.width(), _LINE * em), sheet.top_name, QFont.Weight.DemiBold)
        y += (_LINE + _GAP) * em
        if sheet.worn is None or y + (_HEAD + _WORN + _LINE) * em > where.bottom() + 1:
            return
        y = self._paint_label(painter, where.left(), y, where.width(), "Worn with it")
        self._paint_picture(painter, QRectF(where.left(), y, _WORN * em, _WORN * em), sheet.worn)
        name = QRectF(where.left(), y + (_WORN + 3) * em, where.width(), _LINE * em)
        self._paint_name(painter, name, sheet.worn_name)

    def _paint_query_above(self, painter: QPainter, where: QRectF) -> None:
        """The top and what was worn side by side, where the pane is narrow."""
        em, sheet = self._em(), self._sheet
        half = where.width() / 2
        for place, (picture, name) in enumerate(((sheet.top, sheet.top_name), (sheet.worn, sheet.worn_name))):
            if picture is None:
                continue
            left = where.left() + place * half
            self._paint_picture(painter, QRectF(left, where.top(), _WORN * em, _WORN * em), picture)
            told = QRectF(left, where.top() + (_WORN + 2) * em, half - 6 * em, _LINE * em)
            said = name if not place else f"worn: {name}"
            self._paint_name(painter, told, said, QFont.Weight.Normal if place else QFont.Weight.DemiBold)

    def _paint_rows(self, painter: QPainter, where: QRectF) -> None:
        """Slot, likeness, the remembered pair, and the proposal that comes of it."""
        em, sheet = self._em(), self._sheet
        self._rows = []
        self._paint_heads(painter, where)
        if not sheet.rows:
            painter.setFont(self._face())
            painter.setPen(self.colours.colour("muted"))
            told = where.adjusted(0, (_HEAD + 8) * em, 0, 0)
            painter.drawText(told, int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap), sheet.note)
            return
        high = min(max((where.height() - _HEAD * em) / len(sheet.rows), _LEAST_ROW * em), _ROW * em)
        for number, row in enumerate(sheet.rows):
            area = QRectF(where.left(), where.top() + _HEAD * em + number * high, where.width(), high)
            self._rows.append(area)
            painter.setOpacity(_PALE if row.is_pale else 1.0)
            self._paint_row(painter, area, row)
            painter.setOpacity(1.0)
            if set(row.slots) & set(sheet.chosen):
                draw_double_outline(painter, area.adjusted(2, 2, -2, -2), self.colours)

    def _columns(self, where: QRectF, high: float) -> tuple[float, float, float]:
        """Where the likeness, the pair and the proposal begin."""
        em = self._em()
        pairs = max((len(row.pairs) for row in self._sheet.rows), default=1)
        slot = (38 if pairs == 1 else 62) * em
        picture = high - 4
        wide = pairs * 2 * picture + (pairs - 1) * 6 * em
        bar = max(where.width() - slot - wide - max(picture, 52 * em) - 100 * em, 40 * em)
        bar = min(bar, 150 * em)
        pair = where.left() + slot + bar + 12 * em
        return where.left() + slot, pair, pair + wide + 30 * em

    def _success_at(self, proposal: float, high: float) -> float:
        return proposal + max(high + 6 * self._em(), 58 * self._em())

    def _paint_heads(self, painter: QPainter, where: QRectF) -> None:
        em, rows = self._em(), max(len(self._sheet.rows), 1)
        high = min(max((where.height() - _HEAD * em) / rows, _LEAST_ROW * em), _ROW * em)
        bar, pair, proposal = self._columns(where, high)
        success = self._success_at(proposal, high)
        edges = (where.left(), bar, pair, proposal, success, where.right())
        for left, right, text in zip(edges[:-1], edges[1:], HEADS, strict=True):
            self._paint_label(painter, left, where.top(), right - left, text)

    def _paint_row(self, painter: QPainter, area: QRectF, row: PairRow) -> None:
        em, ink, muted = self._em(), self.colours.colour("ink"), self.colours.colour("muted")
        bar, pair, proposal = self._columns(area, area.height())
        painter.setFont(self._face())
        text = ", ".join(map(str, row.slots))
        draw_text(
            painter, QRectF(area.left(), area.top(), bar - area.left() - 4, area.height()), text, Qt.AlignmentFlag.AlignLeft, ink
        )
        self._paint_bar(painter, QRectF(bar, area.top(), pair - bar - 12 * em, area.height()), row.likeness)
        side, x, y = area.height() - 4, pair, area.top() + 2
        for top, bottom in row.pairs:
            for picture in (top, bottom):
                self._paint_picture(painter, QRectF(x, y, side - 2, side), picture)
                x += side
            x += 6 * em
        self._paint_arrow(painter, QPointF(proposal - 26 * em, area.center().y()), QPointF(proposal - 9 * em, area.center().y()))
        self._paint_picture(painter, QRectF(proposal, y, side - 2, side), row.picture)
        start = self._success_at(proposal, area.height())
        told = QRectF(start, area.top(), max(area.right() - start, 0), area.height())
        if row.mark and told.width() > 24 * em:
            draw_text(painter, told, row.mark, Qt.AlignmentFlag.AlignLeft, muted)

    def _paint_bar(self, painter: QPainter, where: QRectF, likeness: float) -> None:
        """From 0 to 1, with the floor as a dashed line and the number below."""
        em, middle = self._em(), where.center().y() - 7 * self._em()
        ground = QRectF(where.left(), middle - 3 * em, where.width(), 6 * em)
        painter.fillRect(ground, self.colours.colour("soft"))
        if np.isfinite(likeness):
            painter.fillRect(
                QRectF(ground.left(), ground.top(), ground.width() * min(max(likeness, 0.0), 1.0), 6 * em),
                self.colours.colour("ink"),
            )
        if self._sheet.floor > 0:
            x = ground.left() + ground.width() * min(self._sheet.floor, 1.0)
            painter.setPen(QPen(self.colours.colour("muted"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, ground.top() - 5 * em), QPointF(x, ground.bottom() + 5 * em))
        painter.setFont(self._face())
        text = f"{likeness:.3f}" if np.isfinite(likeness) else ""
        number = QRectF(where.left(), ground.bottom() + 2 * em, where.width(), _LINE * em)
        draw_text(painter, number, text, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))

    def _paint_list(self, painter: QPainter, where: QRectF) -> None:
        """The first of the list, as many as there is room for, in one or two rows."""
        em, sheet = self._em(), self._sheet
        self._tiles = []
        if not sheet.tiles:
            return
        edge = 0.0 if self._is_wide() else 4 * em
        if not self._is_wide():
            painter.fillRect(QRectF(where.left(), where.top(), where.width(), 1), self.colours.colour("line"))
        y = self._paint_label(painter, where.left(), where.top() + edge, where.width(), "The list: every proposal has its turn")
        wide, high = (_TILE + 14) * em, (_TILE + 2 * _LINE + 4) * em
        across = max(int(where.width() // wide), 1)
        rows = max(int((where.bottom() - y + 4) // high), 1)
        for place, tile in enumerate(sheet.tiles[: across * rows]):
            area = QRectF(where.left() + place % across * wide, y + place // across * high, wide - 14 * em, high)
            self._tiles.append(area)
            self._paint_tile(painter, area, place + 1, tile)

    def _paint_tile(self, painter: QPainter, area: QRectF, place: int, tile: Tile) -> None:
        em = self._em()
        picture = QRectF(area.left() + 2, area.top() + 2, _TILE * em - 4, _TILE * em - 4)
        self._paint_picture(painter, picture, tile.picture)
        if tile.is_worn:
            draw_double_outline(painter, picture.adjusted(1, 1, -1, -1), self.colours)
        painter.setFont(self._face(QFont.Weight.DemiBold))
        number = QRectF(picture.left() + 3 * em, picture.top() + 1, 20 * em, 14 * em)
        painter.setPen(Qt.GlobalColor.black)
        painter.drawText(number, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), str(place))
        painter.setFont(self._face())
        said = tile.goes or ("worn" if tile.is_worn else "")
        under = QRectF(area.left(), area.top() + _TILE * em + 1, area.width() + 12 * em, _LINE * em)
        draw_text(painter, under, said or "–", Qt.AlignmentFlag.AlignLeft, self.colours.colour("ink" if said else "muted"))
        draw_text(
            painter, under.translated(0, (_LINE - 2) * em), tile.name, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted")
        )

    def _paint_picture(self, painter: QPainter, where: QRectF, pixels: Array | None) -> None:
        """On white, as pictures of garments are; a quiet border."""
        high = min(where.height(), where.width())
        place = QRectF(where.left(), where.center().y() - high / 2, high, high)
        painter.fillRect(place, Qt.GlobalColor.white)
        if pixels is not None:
            painter.drawImage(place.adjusted(1, 1, -1, -1), _image(pixels))
        painter.setPen(QPen(self.colours.colour("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_arrow(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        em = self._em()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(self.colours.colour("muted"), 1.4))
        painter.drawLine(start, end)
        for sign in (-1, 1):
            painter.drawLine(end, QPointF(end.x() - 4 * em, end.y() + sign * 4 * em))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_label(self, painter: QPainter, left: float, top: float, width: float, text: str) -> float:
        """A small heading; gives where its content begins."""
        em = self._em()
        painter.setFont(self._face())
        draw_text(
            painter, QRectF(left, top, width, (_HEAD - 4) * em), text, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted")
        )
        return top + _HEAD * em

    def _paint_name(self, painter: QPainter, where: QRectF, name: str, weight: QFont.Weight = QFont.Weight.Normal) -> None:
        painter.setFont(scaled_font(self.font(), 1.0, weight))
        if text_width(painter.font(), name) > where.width():
            painter.setFont(self._face(weight))
        draw_text(painter, where, name, Qt.AlignmentFlag.AlignLeft, self.colours.colour("ink"))

    # ---- geometry and the pointer ----

    def _em(self) -> float:
        return unit(self.font())

    def _face(self, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        return scaled_font(self.font(), 11 / 13, weight)

    def _is_beside(self) -> bool:
        return self.width() >= ROOM_BESIDE * self._em()

    def _query_width(self) -> float:
        em = self._em()
        return min(max(self.width() * 0.22, _LEAST_QUERY * em), _QUERY * em)

    def _is_wide(self) -> bool:
        """Whether the list stands beside the proposals."""
        return self.width() >= ROOM_FOR_LIST * self._em()

    def _areas(self) -> tuple[QRectF, QRectF]:
        """Where top and proposals lie, and where the list: beside them, or below in one row or two."""
        em, wide, high = self._em(), float(self.width()), float(self.height())
        if not self._sheet.tiles:
            return QRectF(0, 0, wide, high), QRectF()
        if self._is_wide():
            left = self._query_width() + ROWS_WIDE * em
            return QRectF(0, 0, left, high), QRectF(left + 2 * _GAP * em, 0, wide - left - 2 * _GAP * em, high)
        one, another = (_HEAD + 8 + _TILE + 2 * _LINE) * em, (_TILE + 2 * _LINE + 4) * em
        above = (_HEAD + max(len(self._sheet.rows), 1) * _ROW) * em
        query = (_HEAD + _QUERY + _LINE + _GAP + _HEAD + _WORN + _LINE) * em if self._is_beside() else 0.0
        listed = one + another if high - max(above, query) - 8 * em >= one + another else one
        return QRectF(0, 0, wide, high - listed), QRectF(0, high - listed, wide, listed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Qt tells where the pointer is."""
        self.row_hovered.emit(_under(self._rows, event.position()))
        self.tile_hovered.emit(_under(self._tiles, event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Qt tells that the pointer is gone."""
        self.row_hovered.emit(-1)
        self.tile_hovered.emit(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt tells of a press."""
        number = _under(self._rows, event.position())
        if number >= 0:
            self.row_clicked.emit(number)


def _under(places: Sequence[QRectF], point: QPointF) -> int:
    return next((number for number, place in enumerate(places) if place.contains(point)), -1)


def _image(pixels: Array) -> QImage:
    values = np.ascontiguousarray(np.rint(np.clip(np.nan_to_num(pixels), 0, 1) * 255).astype(np.uint8))
    high, wide, _ = values.shape
    return QImage(values.data, wide, high, wide * 3, QImage.Format.Format_RGB888).copy()
