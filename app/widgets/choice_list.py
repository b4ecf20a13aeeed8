"""A list to search and choose from: title, key or note at the right, a second line of explanation; all by keyboard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.widgets.keycap import draw_keycap, keycap_width
from app.widgets.tokens import colour, sized, unit

_WALKS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing to choose. `note` stands small at the right, `key` as a key; `says` below the title."""

    id: str
    title: str
    says: str = ""
    key: str = ""
    note: str = ""
    enabled: bool = True


class ChoiceList(QWidget):
    """A search field over a list. Typing filters, arrows walk, Enter chooses, Esc gives up."""

    chosen = Signal(str)
    cancelled = Signal()

    def __init__(self, prompt: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: tuple[Choice, ...] = ()
        self._current = ""
        self.field = QLineEdit()
        self.field.setPlaceholderText(prompt)
        self.field.setAccessibleName(prompt)
        self.field.setClearButtonEnabled(False)
        self.list = QListWidget()
        self.list.setItemDelegate(_Row(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._choose)

    def show_choices(self, choices: Sequence[Choice], current: str = "") -> None:
        """Offer these, from an empty search; `current` is marked and stands selected."""
        self._choices, self._current = tuple(choices), current
        self.field.clear()
        self._filter("")

    def ids_shown(self) -> list[str]:
        """The ids that pass the filter, best first."""
        return [self.list.item(row).data(Qt.ItemDataRole.UserRole).id for row in range(self.list.count())]

    def content_height(self) -> int:
        """The height at which the whole list is in view."""
        rows = sum(self.list.sizeHintForRow(row) for row in range(self.list.count()))
        return rows + self.field.sizeHint().height() + 24

    def _filter(self, text: str) -> None:
        scored = [(fuzzy_score(text, choice.title, choice.says), order) for order, choice in enumerate(self._choices)]
        kept = sorted((score, order) for score, order in scored if score is not None)
        self.list.clear()
        for _, order in kept:
            choice = self._choices[order]
            item = QListWidgetItem(choice.title)
            item.setData(Qt.ItemDataRole.UserRole, choice)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, f"{choice.says} {choice.key}".strip())
            self.list.addItem(item)
        shown = self.ids_shown()
        self.list.setCurrentRow(shown.index(self._current) if not text and self._current in shown else 0)

    def _choose(self, item: QListWidgetItem | None) -> None:
        choice = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if choice is not None and choice.enabled:
            self.chosen.emit(choice.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the walking keys of the field to the list."""
        if event.type() == QEvent.Type.KeyPress:
            key = cast(QKeyEvent, event).key()
            if key in _WALKS:
                self._walk({Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8}.get(Qt.Key(key), 8))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentItem())
                return True
            if key == Qt.Key.Key_Escape:
                self.cancelled.emit()
                return True
        return super().eventFilter(watched, event)

    def _walk(self, rows: int) -> None:
        self.list.setCurrentRow(min(max(self.list.currentRow() + rows, 0), self.list.count() - 1))


def fuzzy_score(wanted: str, title: str, says: str = "") -> int | None:
    """How far a title is from what was typed (less is better); None if its letters do not occur in order.

    A word's beginning beats the middle of a word, which beats scattered letters, which beat the explanation.
    """
    wanted, title, says = wanted.lower().strip(), title.lower(), says.lower()
    if not wanted:
        return 0
    if title.startswith(wanted):
        return 0
    if f" {wanted}" in title:
        return 10
    if wanted in title:
        return 20
    words = wanted.split()
    if len(words) > 1 and all(word in title for word in words):
        return 25
    gaps = _gaps(wanted.replace(" ", ""), title)
    if gaps is not None:
        return 30 + gaps
    return 200 if all(word in says for word in words) else None


def _gaps(wanted: str, title: str) -> int | None:
    place, gaps = -1, 0
    for letter in wanted:
        found = title.find(letter, place + 1)
        if found < 0:
            return None
        gaps += found - place - 1
        place = found
    return gaps


class _Row(QStyledItemDelegate):
    """Paints one choice."""

    def __init__(self, view: QListWidget) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        choice = index.data(Qt.ItemDataRole.UserRole)
        return QSize(100, round((42 if choice.says else 28) * unit(self._view)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        choice, where, em = index.data(Qt.ItemDataRole.UserRole), QRectF(option.rect), unit(self._view)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("line" if is_selected else "soft"))
            painter.drawRoundedRect(where.adjusted(1, 1, -1, -1), 5, 5)
        right = where.right() - 8
        if choice.key:
            width = keycap_width(self._view, choice.key)
            high = 20 * em
            top = where.top() + (28 * em - high) / 2 + (2 if choice.says else 0)
            draw_keycap(self._view, painter, QRectF(right - width, top, width, high), choice.key)
            right -= width + 8
        title = QRectF(where.left() + 10, where.top() + (4 if choice.says else 0), right - where.left() - 10, 24 * em)
        if not choice.says:
            title.setHeight(where.height())
        if choice.note:
            self._line(painter, title, choice.note, "muted", 11, QFont.Weight.Normal, Qt.AlignmentFlag.AlignRight)
        self._line(painter, title, choice.title, "ink" if choice.enabled else "muted", 13, QFont.Weight.Medium)
        if choice.says:
            below = QRectF(title.left(), title.bottom() - 4 * em, where.right() - 10 - title.left(), 18 * em)
            self._line(painter, below, choice.says, "ink" if choice.enabled else "muted", 11.5, QFont.Weight.Normal)
        painter.restore()

    def _line(
        self,
        painter: QPainter,
        where: QRectF,
        text: str,
        token: str,
        pixels: float,
        weight: QFont.Weight,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        font = sized(self._view, pixels, weight)
        painter.setFont(font)
        ink = colour("ink" if token == "ink" else "muted")
        if pixels < 12 and token == "ink":
            ink.setAlphaF(0.78)
        painter.setPen(ink)
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, where.width())
        painter.drawText(where, side | Qt.AlignmentFlag.AlignVCenter, shown)
