"""The button in the bar that says what is open and opens the list of what else there is."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.widgets.choice_list import Choice, ChoiceList
from app.widgets.icons import draw_icon
from app.widgets.tokens import colour, sized, unit


class Picker(QAbstractButton):
    """Small muted label, the value in semibold, a chevron: "Model **Neural Turing Machine** v". Opens a searchable list."""

    chosen = Signal(str)
    """The id of the choice that the reader wants; `set_value` makes it so."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label, self._value, self._second = label, "", ""
        self._choices: tuple[Choice, ...] = ()
        self._current = ""
        self._popup: QFrame | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open_list)
        self._say()

    @property
    def value(self) -> str:
        """What is shown as the present value."""
        return self._value

    def set_value(self, value: str, second: str = "", choice: str = "") -> None:
        """Show what is open; `second` stands small beside it, `choice` is its id in the list."""
        if (value, second, choice) != (self._value, self._second, self._current):
            self._value, self._second, self._current = value, second, choice
            self._say()
            self.updateGeometry()
            self.update()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """What the list offers."""
        self._choices = tuple(choices)
        self.setEnabled(bool(choices))

    def open_list(self) -> None:
        """Open the list below the button."""
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setObjectName("popup")
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        popup.destroyed.connect(self._forget_popup)
        found = ChoiceList(f"Search {self._label.lower()}", popup)
        found.show_choices(self._choices, self._current)
        found.chosen.connect(self._take)
        found.cancelled.connect(popup.close)
        column = QVBoxLayout(popup)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(found)
        em = unit(self)
        popup.resize(max(self.width(), round(360 * em)), min(found.content_height() + 4, round(460 * em)))
        popup.move(self.mapToGlobal(QPoint(0, self.height() + 4)))
        self._popup = popup
        popup.show()
        found.field.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def list_shown(self) -> ChoiceList | None:
        """The list, while it is open."""
        return self._popup.findChild(ChoiceList) if self._popup is not None else None

    def _take(self, choice: str) -> None:
        if self._popup is not None:
            self._popup.close()
        self.chosen.emit(choice)

    def _forget_popup(self) -> None:
        self._popup = None

    def _say(self) -> None:
        self.setAccessibleName(f"{self._label}: {self._value} {self._second}".strip())
        self.setToolTip(f"{self._label}: {self._value}")

    def _words(self) -> list[tuple[str, QFont, str]]:
        found = [(self._label, sized(self, 11), "muted"), (self._value, sized(self, 13, QFont.Weight.DemiBold), "ink")]
        return found + ([(self._second, sized(self, 11), "muted")] if self._second else [])

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        width = sum(QFontMetricsF(font).horizontalAdvance(text) + 7 for text, font, _ in self._words())
        return QSize(round(width + 34 * unit(self)), round(28 * unit(self)))

    def minimumSizeHint(self) -> QSize:
        """May be cut down to a few letters of its value."""
        return QSize(round(90 * unit(self)), round(28 * unit(self)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Border, words, chevron."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colour("focus"), 2) if self.hasFocus() else QPen(colour("line"), 1))
        painter.setBrush(colour("soft") if self.underMouse() and self.isEnabled() else colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
        em = unit(self)
        left, right = 11.0, self.width() - 25 * em
        base = (self.height() + QFontMetricsF(sized(self, 13)).capHeight()) / 2
        for text, font, token in self._words():
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            painter.setPen(colour("ink" if token == "ink" and self.isEnabled() else "muted"))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(right - left, 0))
            painter.drawText(QRectF(left, base - metrics.ascent(), right - left + 4, metrics.height() + 2), shown)
            left += metrics.horizontalAdvance(shown) + 7
        side = 14 * em
        where = QRectF(self.width() - side - 8 * em, (self.height() - side) / 2 + 0.5, side, side)
        draw_icon(painter, "chevron", where, colour("ink" if self.isEnabled() else "line"))
        painter.end()
