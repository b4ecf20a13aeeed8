"""Every command of the window in one table: given by key, by button, or by name; the only way in for all three."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSlider, QApplication, QComboBox, QMenu, QWidget

from app.shell.base import Action, Desk
from app.shell.commands_files import file_actions
from app.shell.commands_ideas import idea_actions
from app.shell.commands_memory import memory_actions
from app.shell.commands_streams import stream_actions
from app.shell.commands_time import time_actions
from app.shell.commands_view import view_actions
from app.shell.commands_work import work_actions

ARROWS = ("Left", "Right", "Home", "End", "Space")
"""What a list or a slider needs for itself while it has the keyboard."""


def all_actions(desk: Desk) -> list[Action]:
    """The table, in the order in which the key map shows it."""
    return [
        *time_actions(desk), *view_actions(desk), *stream_actions(desk), *memory_actions(desk), *work_actions(desk),
        *idea_actions(desk), *file_actions(desk),
    ]  # fmt: skip


class Actions(QObject):
    """Performs commands by id, and owns their keys."""

    performed = Signal(str)
    refused = Signal(str, str)
    """The id, and the sentence that says what is missing."""
    changed = Signal()
    """The table or a key is another one."""

    def __init__(self, window: QWidget, table: Iterable[Action], keys: dict[str, str]) -> None:
        """`keys`: the keys that the user changed, by id; an empty text means: no key."""
        super().__init__(window)
        self._window = window
        self._table = {action.id: action for action in table}
        self._keys = {name: key for name, key in keys.items() if name in self._table}
        self._shortcuts: dict[str, list[QShortcut]] = {}
        for name in self._table:
            self._bind(name)
        QApplication.instance().focusChanged.connect(self._leave_keys_to)  # type: ignore[union-attr]  # an application there is

    @property
    def table(self) -> tuple[Action, ...]:
        """Every command."""
        return tuple(self._table.values())

    def get(self, name: str) -> Action:
        """The command of this id; KeyError if there is none."""
        return self._table[name]

    def perform(self, name: str) -> None:
        """Give a command; if it cannot be done now, `refused` says what is missing."""
        action = self._table[name]
        if not action.is_enabled():
            self.refused.emit(name, action.needs)
            return
        action.run()
        self.performed.emit(name)

    def keys_of(self, name: str) -> tuple[str, ...]:
        """The keys of a command, the shown one first."""
        if name in self._keys:
            return (self._keys[name],) if self._keys[name] else ()
        taken = set(self._keys.values())
        return tuple(key for key in self._table[name].keys if key not in taken)

    def key_of(self, name: str) -> str:
        """The key that is shown for a command, as this system writes it; empty if it has none."""
        keys = self.keys_of(name)
        return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    def holder_of(self, key: str) -> str:
        """The id of the command that has this key; empty if it is free."""
        wanted = QKeySequence(key)
        return next((name for name in self._table if any(QKeySequence(k) == wanted for k in self.keys_of(name))), "")

    def change_key(self, name: str, key: str) -> dict[str, str]:
        """Give a command another key; whoever had it loses it. Returns all changed keys, to be kept."""
        holder = self.holder_of(key) if key else ""
        if holder and holder != name:
            self._keys[holder] = ""
        self._keys[name] = key
        self._rebind()
        return dict(self._keys)

    def reset_keys(self) -> dict[str, str]:
        """Every command gets its first key back."""
        self._keys = {}
        self._rebind()
        return {}

    def replace(self, prefix: str, actions: Iterable[Action]) -> None:
        """Put these commands in the place of all whose id begins so."""
        for name in [name for name in self._table if name.startswith(prefix)]:
            self._release(name)
            del self._table[name]
        for action in actions:
            self._table[action.id] = action
            self._bind(action.id)
        self.changed.emit()

    def _rebind(self) -> None:
        for name in self._table:
            self._release(name)
            self._bind(name)
        self.changed.emit()

    def _bind(self, name: str) -> None:
        self._shortcuts[name] = []
        for key in self.keys_of(name):
            shortcut = QShortcut(QKeySequence(key), self._window)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.activated.connect(lambda name=name: self.perform(name))
            # "Shift+]" and "}" are one press on some keyboards: Qt then finds both, which is no doubt for us.
            shortcut.activatedAmbiguously.connect(lambda name=name: self.perform(name))
            self._shortcuts[name].append(shortcut)

    def _release(self, name: str) -> None:
        for shortcut in self._shortcuts.pop(name, []):
            shortcut.setEnabled(False)
            shortcut.deleteLater()

    def _leave_keys_to(self, _: QWidget | None, focused: QWidget | None) -> None:
        """A button keeps Space, a list or a slider also its arrows; text fields defend their keys themselves."""
        kept: tuple[str, ...] = ()
        if isinstance(focused, QAbstractItemView | QAbstractSlider | QComboBox | QMenu):
            kept = ARROWS
        elif isinstance(focused, QAbstractButton):
            kept = ("Space",)
        for shortcuts in self._shortcuts.values():
            for shortcut in shortcuts:
                shortcut.setEnabled(shortcut.key().toString() not in kept)
