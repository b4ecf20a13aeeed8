"""What opens over the window and closes with Esc: the search, lists to choose from, the key map, "go to"."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.shell.actions import Actions
from app.shell.going import go_to
from app.shell.key_changer import KeyChanger
from app.shell.prompt import Prompt
from app.state.app_state import AppState
from app.state.offers import Offer, side_offers
from app.state.panes import pane
from app.widgets.choice_list import Choice
from app.widgets.command_palette import CommandPalette


class Overlays(QObject):
    """Made when they are first asked for; at most one is open."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, window: QWidget, state: AppState, actions: Actions) -> None:
        super().__init__(window)
        self._state, self._actions = state, actions
        self.search = CommandPalette(window)
        self.list = CommandPalette(window, "Search")
        self.prompt = Prompt(window)
        self.keys = KeyChanger(window, actions, state.preferences)
        self._take: Callable[[str], None] = self._add_pane
        self.search.chosen.connect(self.wished)
        self.list.chosen.connect(self._chosen)
        self.prompt.answered.connect(self._go)

    def show_search(self) -> None:
        """All commands, with their keys; one that cannot be given now says what it needs when it is chosen."""
        self.search.open_with(
            [
                Choice(
                    id=action.id,
                    title=action.title,
                    says=action.says,
                    key=self._actions.key_of(action.id),
                    note="" if action.is_enabled() else "not now",
                )
                for action in self._actions.table
            ]
        )

    def show_keys(self) -> None:
        """Every key."""
        self.keys.show_keys()

    def ask_where_to_go(self) -> None:
        """A step or a checkpoint."""
        self.prompt.ask("Go to", "12, or checkpoint 3000")

    def offer_panes(self) -> None:
        """The panes that can be added."""
        trace = self._state.a.trace
        if trace is None:
            return
        cards = [pane(name) for name in self._state.stage.offered(trace)]
        self._take = self._add_pane
        self._offer("Which question?", [Choice(id=card.name, title=card.question, note=card.technical) for card in cards])

    def offer_sides(self) -> None:
        """What can be shown as B."""
        self._take = self._compare
        self._offer("Compare with which?", [_choice(offer) for offer in side_offers(self._state)])

    def _offer(self, asks: str, choices: list[Choice]) -> None:
        if choices:
            self.list.ask(asks)
            self.list.open_with(choices)
        else:
            self._state.notices.say("stage", "There is nothing more to choose from.", is_error=False)

    def _chosen(self, choice: str) -> None:
        self._take(choice)

    def _add_pane(self, name: str) -> None:
        self._state.stage.add(name)

    def _compare(self, place: str) -> None:
        where, at, update = place.rpartition("@")
        if at and update.isdigit():
            self._state.explorer.compare_with(where, int(update))
        else:
            self._state.explorer.compare_with(place)

    def _go(self, typed: str) -> None:
        self.prompt.conclude(go_to(self._state, typed))


def _choice(offer: Offer) -> Choice:
    return Choice(id=offer.id, title=offer.title, says=offer.detail, note=offer.section)
