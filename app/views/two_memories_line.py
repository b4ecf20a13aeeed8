"""Beside the caption of two streams: that no weights move, and what can be switched in either memory."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.state.app_state import AppState
from app.state.two_memories import FROZEN, FROZEN_SAYS, switches
from app.widgets.buttons import button
from app.widgets.lifetime_tag import LifetimeTag


class TwoMemories(QWidget):
    """A tag, and a button that opens the list of what can be done to the memories."""

    switched = Signal(str, str, bool)
    """The side, the setting, and its new value."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.frozen = LifetimeTag()
        self.frozen.show_lifetime("weights", FROZEN)
        self.frozen.setToolTip(FROZEN_SAYS)
        self.what_if = button("What if …", "chip", "Switch something in one of the memories, and run the stream again")
        self.what_if.clicked.connect(self._open)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.frozen)
        row.addWidget(self.what_if)

    def renew(self) -> None:
        """Offer what can be switched now."""
        self.what_if.setVisible(bool(self._offers()))

    def menu(self) -> QMenu:
        """What can be switched, each with what it does."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for side, name, value, words, says in self._offers():
            action = menu.addAction(words)
            action.setToolTip(f"{says} The stream is run again.")
            action.triggered.connect(lambda _=False, wish=(side, name, value): self.switched.emit(*wish))
        return menu

    def _open(self) -> None:
        self.menu().popup(self.what_if.mapToGlobal(QPoint(0, self.what_if.height() + 2)))

    def _offers(self) -> list[tuple[str, str, bool, str, str]]:
        sides = (self._state.a, self._state.b)
        return [
            (side.name, name, value, words, says)
            for side in sides
            if side.trace is not None
            for name, value, words, says in switches(side.trace, side.name)
        ]
