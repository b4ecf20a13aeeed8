"""The search over all commands: type a few letters, see the key, press Enter."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.widgets.choice_list import Choice, ChoiceList
from app.widgets.overlay import Overlay
from app.widgets.tokens import unit


class CommandPalette(Overlay):
    """Opens over the window's upper part; `chosen` names the command, after the palette has closed."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, asks: str = "Search all commands") -> None:
        super().__init__(parent)
        self.list = ChoiceList(asks, self.card)
        self._needed = 0
        column = QVBoxLayout(self.card)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.list)
        self.list.chosen.connect(self._take)
        self.list.cancelled.connect(self.dismiss)

    def ask(self, asks: str) -> None:
        """What stands in the empty field."""
        self.list.field.setPlaceholderText(asks)
        self.list.field.setAccessibleName(asks)

    def open_with(self, commands: Sequence[Choice]) -> None:
        """Offer these commands, from an empty search."""
        self.list.show_choices(commands)
        self._needed = self.list.content_height() + 8
        self.open()
        self.list.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def place_card(self) -> None:
        """At the top, in the middle."""
        em = unit(self)
        width = min(round(560 * em), self.width() - 40)
        height = min(max(self._needed, round(160 * em)), round(460 * em), self.height() - 100)
        self.card.setGeometry(QRect((self.width() - width) // 2, round(56 * em), width, height))

    def _take(self, command: str) -> None:
        self.dismiss()
        self.chosen.emit(command)
