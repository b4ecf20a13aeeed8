"""One story, several readers: a row a fact, and for each reader a group of columns with what it takes of every fact."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from app.plots.canvas import draw_cross, draw_double_outline, draw_text, scaled_font, text_width, unit
from app.plots.colours import Palette, contrast, table
from app.plots.story_groups import ROOMY, TIGHT, Fact, Group, Room

_ROW, _SMALL_ROW = 22.0, 16.0
_WRITTEN_FROM = 0.005


class StoryTable(QScrollArea):
    """The table, scrolled where there is no room for all of it."""

    hovered = Signal(int, int, int)
    """Row, group and column under the pointer; -1 where there is none."""
    clicked = Signal(int, int, int, object)
    """The same, and the keyboard modifiers held."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = StoryPage(palette)
        self.page.hovered.connect(self.hovered)
        self.page.clicked.connect(self.clicked)
        self.setWidget(self.page)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setStyleSheet("background: transparent;")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._once_laid_out = QTimer(self, singleShot=True, interval=0)
        self._once_laid_out.timeout.connect(self._bring_what_matters)
        self.verticalScrollBar().valueChanged.connect(self.page.update)

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours."""
        self.page.set_palette(palette)

    def show_story(self, facts: tuple[Fact, ...], groups: tuple[Group, ...]) -> None:
        """Show these rows and groups."""
        self.page.show_story(facts, groups)
        self._once_laid_out.start()

    def _bring_what_matters(self) -> None:
        """Of a story that is longer than the pane, show the facts that the answer rests on."""
        for row, fact in enumerate(self.page.facts):
            if fact.is_needed and self.page.groups:
                where = self.page.cell_rect(row, 0, -1)
                x, y = self.horizontalScrollBar().value(), where.center().y()
                self.ensureVisible(x, round(y + self.page.foot_height()), 0, round(where.height()))
                self.ensureVisible(x, round(y - self.page.head_height()), 0, round(where.height()))


class StoryPage(QWidget):
    """The table itself."""

    hovered = Signal(int, int, int)
    clicked = Signal(int, int, int, object)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.colours = palette
        self.facts: tuple[Fact, ...] = ()
        self.groups: tuple[Group, ...] = ()
        self._selected = -1
        self._over = (-1, -1, -1)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours from now on."""
        self.colours = palette
        self.update()

    def show_story(self, facts: tuple[Fact, ...], groups: tuple[Group, ...]) -> None:
        """Take rows and groups; the size follows them."""
        self.facts, self.groups = facts, groups
        self.setMinimumSize(self.minimumSizeHint())
        self.update()

    def set_selected(self, row: int) -> None:
        """Outline a row; -1 for none."""
        if row != self._selected:
            self._selected = row
            self.update()

    # ---- geometry ----

    def minimumSizeHint(self) -> QSize:
        """Every group keeps its columns readable, and the facts a good part of their text."""
        height = self.head_height() + len(self.facts) * _ROW * unit(self.font()) + self.foot_height()
        return QSize(round(self._width_in(TIGHT)), round(height))

    @property
    def room(self) -> Room:
        """As much as fits."""
        return ROOMY if self._width_in(ROOMY) <= self.width() else TIGHT

    def _width_in(self, room: Room) -> float:
        em = unit(self.font())
        fact = min(self._text_needed(), room.fact * em)
        return fact + sum(self._group_width(group, room) + room.gap * em for group in self.groups)

    def cell_rect(self, row: int, group: int, column: int) -> QRectF:
        """Where a cell lies; a row or column of -1 means all of them."""
        em, left = unit(self.font()), self._group_left(group)
        count = max(len(self.groups[group].columns), 1)
        each = self._group_width(self.groups[group], self.room) / count
        x, width = (left, each * count) if column < 0 else (left + each * column, each)
        top = self.head_height() + max(row, 0) * _ROW * em
        return QRectF(x, top, width, _ROW * em * (len(self.facts) if row < 0 else 1))

    def _group_width(self, group: Group, room: Room) -> float:
        em, font = unit(self.font()), scaled_font(self.font(), 11 / 13)
        names = ("", *group.columns) if room is ROOMY else ("",)
        cell = max(room.cell * em, *(text_width(font, name) + 8 * em for name in (*names, "")))
        return max(cell * len(group.columns), room.group * em)

    def _text_needed(self) -> float:
        font = scaled_font(self.font(), 1.0, QFont.Weight.DemiBold)
        return max((text_width(font, fact.text) for fact in self.facts), default=0.0) + 52 * unit(self.font())

    def _text_width(self) -> float:
        """The facts get what the groups leave, as much as they need."""
        em, room = unit(self.font()), self.room
        groups = sum(self._group_width(group, room) + room.gap * em for group in self.groups)
        return min(self._text_needed(), max(self.width() - groups, room.fact * em))

    def _group_left(self, group: int) -> float:
        em, room = unit(self.font()), self.room
        before = sum(self._group_width(one, room) + room.gap * em for one in self.groups[:group])
        return self._text_width() + room.gap * em / 2 + before

    def head_height(self) -> float:
        """The names of the groups and of their columns; they stay in view."""
        return (20 + 2 * _SMALL_ROW + _SMALL_ROW + 4) * unit(self.font())

    def foot_height(self) -> float:
        """The answers, and who found what; they stay in view."""
        found = max((len(group.found) for group in self.groups), default=0)
        return (10 + 22 + found * _SMALL_ROW + 6) * unit(self.font())

    def _at(self, where: QPointF) -> tuple[int, int, int]:
        em = unit(self.font())
        row = int((where.y() - self.head_height()) // (_ROW * em))
        row = row if 0 <= row < len(self.facts) else -1
        for number, group in enumerate(self.groups):
            area = self.cell_rect(-1, number, -1)
            if area.left() <= where.x() < area.right():
                count = len(group.columns)
                return row, number, min(int((where.x() - area.left()) / area.width() * count), count - 1) if count else -1
        return row, -1, -1

    # ---- the pointer ----

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what lies under the pointer."""
        over = self._at(event.position())
        if over != self._over:
            self._over = over
            self.hovered.emit(*over)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing lies under it any more."""
        self._over = (-1, -1, -1)
        self.hovered.emit(-1, -1, -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a row."""
        row, group, column = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self.clicked.emit(row, group, column, event.modifiers())
        else:
            event.ignore()

    # ---- painting ----

    def paintEvent(self, event: QPaintEvent) -> None:
        """Texts, cells, answers."""
        painter = QPainter(self)
        self._paint_facts(painter)
        for number, group in enumerate(self.groups):
            if group.message:
                self._paint_message(painter, number, group)
            else:
                self._paint_cells(painter, number, group)
        if 0 <= self._selected < len(self.facts):
            top = self.head_height() + self._selected * _ROW * unit(self.font())
            right = self.cell_rect(0, len(self.groups) - 1, -1).right() if self.groups else self._text_width()
            draw_double_outline(painter, QRectF(2, top, right - 2, _ROW * unit(self.font())), self.colours)
        self._paint_what_stays(painter)
        painter.end()

    def _paint_what_stays(self, painter: QPainter) -> None:
        """The head at the upper edge of what is in view and the foot at the lower one, over rows that are scrolled."""
        panel, seen = self.colours.colour("panel"), self.parentWidget()
        above = max(-float(self.y()), 0.0) if seen is not None else 0.0
        rows = self.head_height() + len(self.facts) * _ROW * unit(self.font())
        foot = min(rows, above + seen.height() - self.foot_height()) if seen is not None else rows
        if seen is not None:
            painter.fillRect(QRectF(0, above, self.width(), self.head_height()), panel)
            painter.fillRect(QRectF(0, foot, self.width(), rows - foot + self.foot_height()), panel)
        painter.translate(0, above)
        for number, group in enumerate(self.groups):
            self._paint_head(painter, number, group)
        painter.translate(0, foot - rows - above)
        self._paint_questions(painter, self._text_width())
        for number, group in enumerate(self.groups):
            if not group.message:
                self._paint_foot(painter, number, group)

    def _paint_facts(self, painter: QPainter) -> None:
        em, width, ink = unit(self.font()), self._text_width(), self.colours.colour("ink")
        for row, fact in enumerate(self.facts):
            top = self.head_height() + row * _ROW * em
            painter.setFont(scaled_font(self.font(), 11 / 13))
            where = QRectF(0, top, 22 * em, _ROW * em)
            draw_text(painter, where, str(fact.number), Qt.AlignmentFlag.AlignRight, self.colours.colour("muted"))
            painter.setFont(scaled_font(self.font(), 1.0, QFont.Weight.DemiBold if fact.is_needed else QFont.Weight.Normal))
            draw_text(painter, QRectF(30 * em, top, width - 50 * em, _ROW * em), fact.text, Qt.AlignmentFlag.AlignLeft, ink)
            if fact.is_needed:
                self._dot(painter, QPointF(width - 10 * em, top + _ROW * em / 2), 3 * em, ink)

    def _paint_questions(self, painter: QPainter, width: float) -> None:
        """What the lines below the groups tell."""
        em, top = unit(self.font()), self.head_height() + len(self.facts) * _ROW * unit(self.font()) + 8 * unit(self.font())
        painter.setFont(scaled_font(self.font(), 11 / 13))
        found = any(group.found for group in self.groups)
        for says, where, height in (("answers", 0.0, 20.0), ("found first by" if found else "", 21.0, _SMALL_ROW)):
            place = QRectF(0, top + where * em, width - 8 * em, height * em)
            draw_text(painter, place, says, Qt.AlignmentFlag.AlignRight, self.colours.colour("muted"))

    def _paint_head(self, painter: QPainter, number: int, group: Group) -> None:
        em, area, muted = unit(self.font()), self.cell_rect(-1, number, -1), self.colours.colour("muted")
        painter.setFont(scaled_font(self.font(), 1.0, QFont.Weight.DemiBold))
        wide = area.adjusted(0, 0, self.room.gap * em * 0.7, 0)
        title = QRectF(wide.left(), 0, wide.width(), 20 * em)
        draw_text(painter, title, group.title, Qt.AlignmentFlag.AlignLeft, self.colours.colour("ink"))
        painter.setFont(scaled_font(self.font(), 11 / 13))
        painter.setPen(muted)
        says = QRectF(wide.left(), 20 * em, wide.width(), 2 * _SMALL_ROW * em)
        painter.drawText(
            says, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap), group.says
        )
        for column, name in enumerate(group.columns):
            cell = self.cell_rect(0, number, column)
            where = QRectF(cell.left(), self.head_height() - (_SMALL_ROW + 2) * em, cell.width(), _SMALL_ROW * em)
            fits = text_width(painter.font(), name) <= cell.width()
            draw_text(painter, where, name if fits else name.rpartition(" ")[2], Qt.AlignmentFlag.AlignHCenter, muted)

    def _paint_message(self, painter: QPainter, number: int, group: Group) -> None:
        area = self.cell_rect(-1, number, -1)
        area.setBottom(max(area.bottom(), float(self.height()) - 8))
        painter.setPen(self.colours.colour("muted"))
        painter.setFont(scaled_font(self.font(), 12 / 13))
        painter.drawText(
            area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap), group.message
        )

    def _paint_cells(self, painter: QPainter, number: int, group: Group) -> None:
        painter.setFont(scaled_font(self.font(), 11 / 13))
        for row in range(len(self.facts)):
            for column in range(len(group.columns)):
                cell = self.cell_rect(row, number, column).adjusted(0, 0, -1, -1)
                if row in group.gone:
                    draw_text(painter, cell, "gone", Qt.AlignmentFlag.AlignHCenter, self.colours.colour("muted"))
                elif group.is_choice:
                    self._paint_choice(painter, cell, float(group.values[row, column]))
                else:
                    self._paint_number(painter, cell, group, float(group.values[row, column]))

    def _paint_choice(self, painter: QPainter, cell: QRectF, value: float) -> None:
        painter.fillRect(cell, self.colours.colour("soft"))
        if value > 0.5:
            self._dot(painter, cell.center(), 5.5 * unit(self.font()), self.colours.colour("ink"))

    def _paint_number(self, painter: QPainter, cell: QRectF, group: Group, value: float) -> None:
        if not np.isfinite(value):
            painter.fillRect(cell, self.colours.colour("soft"))
            return
        share = min(max((value - group.low) / max(group.high - group.low, 1e-9), 0.0), 1.0)
        ground = "#{:02X}{:02X}{:02X}".format(*table(self.colours, group.scale)[round(share * 255)].tolist())
        painter.fillRect(cell, QColor(ground))
        if abs(value) >= _WRITTEN_FROM:
            ink = "ink" if contrast(ground, self.colours.ink) >= contrast(ground, self.colours.panel) else "panel"
            text = f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
            draw_text(painter, cell, text, Qt.AlignmentFlag.AlignHCenter, self.colours.colour(ink))

    def _paint_foot(self, painter: QPainter, number: int, group: Group) -> None:
        em, area = unit(self.font()), self.cell_rect(-1, number, -1)
        top = area.bottom() + 8 * em
        painter.setPen(self.colours.colour("line"))
        painter.drawLine(QPointF(area.left(), top - 4 * em), QPointF(area.right(), top - 4 * em))
        heavy = scaled_font(self.font(), 1.0, QFont.Weight.DemiBold)
        painter.setFont(heavy)
        wrong = group.is_right is False
        ink = self.colours.colour("live" if wrong else "ink")
        draw_text(painter, QRectF(area.left(), top, area.width(), 20 * em), group.answer, Qt.AlignmentFlag.AlignLeft, ink)
        after = area.left() + text_width(heavy, group.answer) + 8 * em
        painter.setFont(scaled_font(self.font(), 11 / 13))
        if wrong:
            draw_cross(painter, QPointF(after + 4 * em, top + 10 * em), 3.5 * em, ink)
            after += 14 * em
        said = " · ".join(word for word in (group.sure, "right" if group.is_right else "") if word)
        room = area.right() + self.room.gap * em - after
        said = said if text_width(painter.font(), said) <= room else group.sure
        muted = self.colours.colour("muted")
        draw_text(painter, QRectF(after, top, room, 20 * em), said, Qt.AlignmentFlag.AlignLeft, muted)
        for line, found in enumerate(group.found):
            where = QRectF(area.left(), top + (21 + line * _SMALL_ROW) * em, area.width() + 14 * em, _SMALL_ROW * em)
            draw_text(painter, where, found, Qt.AlignmentFlag.AlignLeft, muted)

    def _dot(self, painter: QPainter, centre: QPointF, reach: float, colour: QColor) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(centre, reach, reach)
        painter.restore()
