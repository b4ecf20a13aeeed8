"""Beside the caption of two streams: that no weights move, and what can be switched in either memory."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.state.app_state import AppState
from app.state.two_memories import FROZEN, FROZEN_SAYS, changes, switches
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
        traces = [side.trace for side in (self._state.a, self._state.b) if side.trace is not None]
        self.what_if.setVisible(bool(self._offers()) or any(trace.of_role("alive") for trace in traces))

    def menu(self) -> QMenu:
        """What can be switched, each with what it does."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for side, name, value, words, says in self._offers():
            action = menu.addAction(words)
            action.setToolTip(f"{says} The stream is run again.")
            action.triggered.connect(lambda _=False, wish=(side, name, value): self.switched.emit(*wish))
        menu.addSeparator()
        state = self._state
        for changed in (state.a, state.b):
            step = state.comparison.step_of(changed, state.playback.step)
            for change in changes(changed, state.lens.selection, step):
                action = menu.addAction(change.title)
                action.setToolTip(f"{change.says} The stream is run again.")
                action.triggered.connect(lambda _=False, side=changed, edits=change.edits: state.explorer.edit_side(side, edits))
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
