"""What the two buttons in a pane's corner open: how to read the pane, and its menu."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.state.panes import PaneCard
from app.state.stage import Stage
from app.widgets.help_card import HelpCard
from app.widgets.pane_frame import PaneFrame

_ROOM_FOR_HELP = (320, 360)
"""Width and height from which a pane has room for its own help card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaneHelp:
    """How to read a pane, in four plain texts."""

    what_you_see: str
    what_to_look_for: str
    formula: str
    what_it_does_not_show: str


class HelpCorner:
    """Opens and closes "How to read this": over the pane, or over the whole stage where the pane is small."""

    def __init__(self, pane: QWidget, frame: PaneFrame, question: str, told: PaneHelp) -> None:
        self._pane, self._frame, self._question, self._told = pane, frame, question, told
        self.stage: QWidget | None = None
        self._card: HelpCard | None = None

    def toggle(self) -> None:
        """Open the card, or close it."""
        if self._card is not None:
            self._card.dismiss()
            return
        is_roomy = self._pane.width() >= _ROOM_FOR_HELP[0] and self._pane.height() >= _ROOM_FOR_HELP[1]
        told, card = self._told, HelpCard(self._pane if is_roomy or self.stage is None else self.stage)
        card.setAccessibleName(f"How to read “{self._question}”")
        card.show_help(told.what_you_see, told.what_to_look_for, told.formula, told.what_it_does_not_show)
        card.closed.connect(self._closed)
        self._card = card
        card.open()

    def close(self) -> None:
        """Close the card, if it is open."""
        if self._card is not None:
            self._card.dismiss()

    def _closed(self) -> None:
        if self._card is not None:
            self._card.deleteLater()
            self._card = None
            self._frame.setFocus(Qt.FocusReason.PopupFocusReason)


def open_menu(
    pane: QWidget, card: PaneCard, stage: Stage, wish: Callable[[str], None], copy: Callable[[], None], at: QPoint
) -> None:
    """Open the menu of a pane."""
    menu = QMenu(pane)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction("Export this pane …", lambda: wish("export.pane"))
    menu.addAction("Copy data as table", copy)
    menu.addSeparator()
    if card.name in stage.panes:
        menu.addAction("Back to the grid" if stage.large == card.name else "Enlarge", lambda: stage.enlarge(card.name))
        menu.addAction("Close pane", lambda: stage.remove(card.name))
    menu.addAction("Add a pane …", lambda: wish("pane.add"))
    menu.popup(at)
