"""What is kept on disk between launches: the preferences and the last session, every half minute and on leaving."""

import contextlib
import dataclasses
from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from app.state.app_state import AppState
from app.state.preferences import Kept
from app.state.session import to_json
from engine.contract.files import write_whole
from engine.contract.places import preferences_file, sessions_folder

SECONDS_BETWEEN_SAVES = 30
FORMAT = 1
LAST_SESSION = "last.slotscope"
PREVIOUS_SESSION = "previous.slotscope"


def read_preferences(path: Path | None = None) -> tuple[Kept, str]:
    """The kept preferences, and a sentence if they could not be read (then all are as at the first launch)."""
    path = path or preferences_file()
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Kept(), ""
    except OSError as error:
        return Kept(), f"The preferences {path} cannot be read ({error.strerror}); the standard ones are used."
    try:
        written = msgspec.json.decode(raw, type=dict[str, object]).get("format", 0)
        if isinstance(written, int) and written > FORMAT:
            return Kept(), f"The preferences {path} were written by a newer Slotscope; the standard ones are used."
        kept = msgspec.json.decode(raw, type=Kept)
    except (msgspec.MsgspecError, ValueError):
        return Kept(), f"The preferences {path} are damaged; the standard ones are used."
    return dataclasses.replace(kept, scale=min(max(kept.scale, 0.8), 2.0)), ""


class Keeper(QObject):
    """Writes what has changed; a disk that refuses is said once, and tried again."""

    refused = Signal(str)

    def __init__(self, state: AppState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._written: dict[Path, bytes] = {}
        self._told = ""
        self._put_the_last_session_aside()
        self._timer = QTimer(self)
        self._timer.setInterval(SECONDS_BETWEEN_SAVES * 1000)
        self._timer.timeout.connect(self.save)
        self._timer.start()

    def save(self) -> bool:
        """Write the session and the preferences, where they differ from what lies on disk; False if the disk refused."""
        session = self._state.session()
        whole = True
        if session is not None:
            place = sessions_folder() / LAST_SESSION
            whole = self._write(place, to_json(session))
        kept = msgspec.json.format(msgspec.json.encode(self._state.preferences.kept), indent=1)
        return self._write(preferences_file(), kept) and whole

    def _put_the_last_session_aside(self) -> None:
        """What was looked at when the window was last closed can be opened again while a new session is kept."""
        last, previous = sessions_folder() / LAST_SESSION, sessions_folder() / PREVIOUS_SESSION
        with contextlib.suppress(OSError):
            last.replace(previous)
        self._state.preferences.kept.last_session = str(previous) if previous.exists() else ""

    def _write(self, path: Path, content: bytes) -> bool:
        if self._written.get(path) == content:
            return True
        try:
            write_whole(path, content)
        except OSError as error:
            sentence = f"{path} cannot be written ({error.strerror}); what you look at is not kept."
            if sentence != self._told:
                self._told = sentence
                self.refused.emit(sentence)
            return False
        self._written[path] = content
        self._told = ""
        return True
