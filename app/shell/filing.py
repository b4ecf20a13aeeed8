"""Sessions and files: what is looked at goes to disk or to the clipboard, and comes back from either."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.state.app_state import AppState
from app.state.ports import OpenTrace
from app.state.session import Session, read_session, to_json, to_line
from engine.contract.files import BadFileError, write_whole
from engine.contract.places import memories_folder, sessions_folder

SESSION = ".slotscope"
TRACE = ".safetensors"
FIGURES = (".png", ".svg", ".pdf")
TO_OPEN = "Sessions, traces and figures (*.slotscope *.txt *.safetensors *.png *.svg *.pdf);;All files (*)"
TO_SAVE = "Sessions (*.slotscope)"
MEMORY = ".safetensors"
MEMORIES = "Memories (*.safetensors)"
LARGEST_SESSION = 16 * 2**20

ReadFigure = Callable[[Path], Session | None]
"""Reads the session out of an exported figure; None if it carries none. BadFileError if it is damaged."""


class Filing:
    """Opens and saves. The choosers may be replaced: a test has no one to click."""

    def __init__(
        self,
        window: QWidget,
        state: AppState,
        open_trace: OpenTrace,
        read_figure: ReadFigure,
        make_room: Callable[[], None] = lambda: None,
    ) -> None:
        """`make_room`: what two streams beside each other need when a session brings them back."""
        self._window, self._make_room = window, make_room
        self._state = state
        self._open_trace = open_trace
        self._read_figure = read_figure
        self._wanted_weights = ""
        state.a.trace_changed.connect(self._compare_weights)

    def choose_file(self) -> str:
        """Ask which file to open; empty if none."""
        return QFileDialog.getOpenFileName(self._window, "Open", str(sessions_folder()), TO_OPEN)[0]

    def choose_memory(self) -> str:
        """Ask for a saved memory; empty if none."""
        return QFileDialog.getOpenFileName(self._window, "A saved memory", str(memories_folder()), MEMORIES)[0]

    def choose_place(self, name: str, kinds: str) -> str:
        """Ask where to save; empty if nowhere."""
        return QFileDialog.getSaveFileName(self._window, "Save", name, kinds)[0]

    def open(self, path: Path | None) -> None:
        """Open a session, a trace, or a figure that carries its session; a file that cannot be used is answered in a sentence."""
        chosen = path or Path(self.choose_file() or ".")
        if path is None and chosen == Path("."):
            return
        try:
            if chosen.suffix.lower() == TRACE:
                self._state.explorer.show_trace(self._open_trace(str(chosen)))
            else:
                self.restore(self._session_in(chosen))
        except BadFileError as error:
            self._state.notices.say("session", f"{error}.")
            return
        self._state.notices.clear("session")

    def restore(self, session: Session) -> None:
        """Come back to the picture of a session, and say so if its weights are others here."""
        self._wanted_weights = session.weights
        self._state.preferences.change(depth=session.depth)
        self._state.restore(session)
        if self._state.stage.is_for_two:
            self._make_room()

    def restore_last(self) -> None:
        """Come back to what was looked at when the window was last closed."""
        self.open(Path(self._state.preferences.kept.last_session))

    def paste(self, text: str) -> None:
        """Open a session from one line of text."""
        try:
            self.restore(read_session(text))
        except ValueError as error:
            self._state.notices.say("session", f"The text cannot be opened: {error}.")

    def save(self, path: Path | None) -> None:
        """Write the session to a file."""
        session = self._state.session()
        if session is None:
            return
        if path is None:
            sessions_folder().mkdir(parents=True, exist_ok=True)
            chosen = self.choose_place(str(sessions_folder() / f"session{SESSION}"), TO_SAVE)
            if not chosen:
                return
            path = Path(chosen)
        path = path if path.suffix else path.with_suffix(SESSION)
        try:
            write_whole(path, to_json(session))
        except OSError as error:
            self._state.notices.say("session", f"{path} cannot be written ({error.strerror}).", "session.save")
            return
        self._state.notices.say("session", f"The session is saved in {path}.", is_error=False)

    def memory(self, what: str) -> None:
        """The memory of the stream: "save" it, "merge" it with a saved one, or let the stream start with that ("load")."""
        files = self._state.memory_files
        if what == "save":
            memories_folder().mkdir(parents=True, exist_ok=True)
            if chosen := self.choose_place(str(memories_folder() / f"memory{MEMORY}"), MEMORIES):
                files.save(chosen if Path(chosen).suffix else f"{chosen}{MEMORY}")
            return
        if chosen := self.choose_memory():
            if what == "load":
                files.start_with(chosen)
            else:
                files.merge(chosen, str(_free(memories_folder(), f"merged{MEMORY}")))

    def copy(self) -> None:
        """Put the session on the clipboard as one line of text."""
        session = self._state.session()
        if session is not None:
            QGuiApplication.clipboard().setText(to_line(session))
            self._state.notices.say("session", "The session is on the clipboard, as one line of text.", is_error=False)

    def _session_in(self, path: Path) -> Session:
        if path.suffix.lower() in FIGURES:
            session = self._read_figure(path)
            if session is None:
                raise BadFileError(f"{path}: this picture carries no session of Slotscope")
            return session
        try:
            with path.open("rb") as file:
                return read_session(file.read(LARGEST_SESSION))
        except OSError as error:
            raise BadFileError(f"{path}: cannot be read ({error.strerror})") from error
        except ValueError as error:
            raise BadFileError(f"{path}: {error}") from error

    def _compare_weights(self) -> None:
        trace, wanted = self._state.a.trace, self._wanted_weights
        if trace is None or not wanted or self._state.a.is_waiting:
            return
        self._wanted_weights = ""
        if trace.card.weights != wanted:
            self._state.notices.say("session", "The weights here are not those of the session: the picture may differ.")


def _free(folder: Path, name: str) -> Path:
    """This name in the folder, or with a number where it is taken."""
    wished = folder / name
    number = 2
    while wished.exists():
        wished = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
        number += 1
    return wished
