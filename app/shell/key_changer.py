"""The key map, and the way to change a key: choose a command, press the new key."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.shell.actions import Actions
from app.state.preferences import Preferences
from app.widgets.buttons import button
from app.widgets.choice_list import Choice
from app.widgets.command_palette import CommandPalette
from app.widgets.key_map import KeyMap
from app.widgets.overlay import Overlay
from app.widgets.tokens import unit

GROUPS = (
    ("Time", ("play.", "step.", "micro.", "event.", "go.", "speed.", "loop.")),
    ("Training", ("checkpoint.", "live.", "train.", "run.", "engine.")),
    ("Stage", ("pane.", "layout.", "help.", "tab.", "fold.")),
    ("Selection and comparison", ("selection.", "history.", "compare.")),
    ("What if", ("edit.", "input.", "episode.")),
    ("Sessions and export", ("session.", "bookmark.", "export.", "app.")),
    ("Look and help", ("search", "keys.", "theme.", "scale.", "depth.")),
)
MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)


class KeyChanger(QObject):
    """Opens the key map; below it, two buttons change a key or bring all first keys back."""

    def __init__(self, window: QWidget, actions: Actions, preferences: Preferences) -> None:
        super().__init__(window)
        self._actions, self._preferences = actions, preferences
        self._changing = ""
        self.map = KeyMap(window)
        self.list = CommandPalette(window)
        self.catcher = KeyCatcher(window)
        row = QHBoxLayout()
        change, reset = button("Change a key ...", "chip"), button("All keys as at first", "chip")
        for made in (change, reset):
            row.addWidget(made)
        row.addStretch(1)
        layout = self.map.card.layout()
        if isinstance(layout, QVBoxLayout):
            layout.addLayout(row)
        change.clicked.connect(self._choose)
        reset.clicked.connect(self._reset)
        self.list.chosen.connect(self._catch)
        self.catcher.caught.connect(self._change)

    def show_keys(self) -> None:
        """Every command that has a key, by what it is for."""
        groups = []
        for heading, prefixes in GROUPS:
            held = [action for action in self._actions.table if action.id.startswith(prefixes)]
            rows = [(" or ".join(self._shown(action.id)), action.title.removesuffix(" ...")) for action in held]
            groups.append((heading, [(keys, title) for keys, title in rows if keys]))
        self.map.open_with(groups)

    def _shown(self, name: str) -> list[str]:
        """The key that is shown; keys that merely type the same sign otherwise are left out."""
        key = self._actions.key_of(name)
        return (
            [f"{key[:-2].replace('+', ' ')} +" if key.endswith("++") else key if key == "+" else key.replace("+", " ")]
            if key
            else []
        )

    def _choose(self) -> None:
        self.map.dismiss()
        actions = self._actions
        self.list.open_with([Choice(id=a.id, title=a.title, says=a.says, key=actions.key_of(a.id)) for a in actions.table])

    def _catch(self, name: str) -> None:
        self._changing = name
        self.catcher.ask(self._actions.get(name).title)

    def _change(self, key: str) -> None:
        self._preferences.change(keys=self._actions.change_key(self._changing, key))
        self.show_keys()

    def _reset(self) -> None:
        self._preferences.change(keys=self._actions.reset_keys())
        self.show_keys()


class KeyCatcher(Overlay):
    """Takes the next key that is pressed, whatever it means elsewhere. Esc gives up, Delete means: no key."""

    caught = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._says = QLabel()
        self._says.setWordWrap(True)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(16, 14, 16, 14)
        column.addWidget(self._says)

    def ask(self, title: str) -> None:
        """Wait for the key of this command."""
        self._says.setText(f"Press the new key for “{title}”. Esc leaves it as it is, Delete takes its key away.")
        self.open()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def place_card(self) -> None:
        """At the top, in the middle."""
        width, height = min(round(420 * unit(self)), self.width() - 40), round(84 * unit(self))
        self.card.setGeometry(QRect((self.width() - width) // 2, round(56 * unit(self)), width, height))

    def event(self, event: QEvent) -> bool:
        """No key is a command while one is waited for."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the key."""
        if event.key() in MODIFIERS:
            return
        self.dismiss()
        if event.key() == Qt.Key.Key_Delete:
            self.caught.emit("")
        elif event.key() != Qt.Key.Key_Escape:
            self.caught.emit(QKeySequence(event.keyCombination()).toString(QKeySequence.SequenceFormat.PortableText))
