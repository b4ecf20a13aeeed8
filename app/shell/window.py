"""The window: joins bar, panels and sentence line, gives every command, and knows how to close."""

import base64
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMessageBox, QVBoxLayout, QWidget

from app.shell.actions import Actions, all_actions
from app.shell.bar import Bar
from app.shell.clock import Clock
from app.shell.commands_files import EXHIBIT_OPEN, exhibit_actions
from app.shell.exports import Exports
from app.shell.filing import Filing, ReadFigure
from app.shell.first_minute import train_quickly, train_several_quickly, walk_to_a_slot
from app.shell.homeless_keys import HomelessKeys
from app.shell.look import Look
from app.shell.overlays import Overlays
from app.shell.panels import Panels
from app.shell.room_for_two import RoomForTwo
from app.shell.rule import rule
from app.shell.status import StatusLine
from app.state import episodic_persistent
from app.state.app_state import AppState
from app.state.ports import OpenTrace

FIRST_SIZE = (1440, 900)
LEAST_SIZE = (1100, 700)


class Window(QWidget):
    """The whole frame; `perform` of its `actions` is what every key, button and menu entry calls."""

    painted_first = Signal()
    """The window is on screen, with everything in it."""
    painted = Signal()
    """What was changed is on screen."""
    closed = Signal()
    actions: Actions  # type: ignore[assignment]  # every command of ours, in the place of Qt's list of menu entries

    def __init__(self, state: AppState, open_trace: OpenTrace, read_figure: ReadFigure) -> None:
        super().__init__()
        self.setObjectName("ground")
        self.setWindowTitle("Slotscope")
        self.setAcceptDrops(True)
        self._state = state
        self._has_painted = False
        self.ask_whether_to_close: Callable[[], bool] = self._ask_whether_to_close
        self.look = Look(state.preferences, self)
        self.clock = Clock(state.playback, self)
        self.room = RoomForTwo(state.preferences, state.comparison)
        self.filing = Filing(self, state, open_trace, read_figure, self.room.take)
        self.actions = Actions(self, all_actions(self), state.preferences.kept.keys)
        self.panels = Panels(state, self.look.palette, self._title_of)
        self.bar = Bar(state)
        self.status = StatusLine(state)
        self.overlays = Overlays(self, state, self.actions)
        HomelessKeys(self, self.panels)
        self._lay_out()
        self._join()
        self._come_back()

    @property
    def state(self) -> AppState:
        """All that is shown."""
        return self._state

    # ---- what the commands ask for (Desk) ---------------------------------------------------------------------------------

    def show_tab(self, tab: str) -> None:
        """Learn or Explore."""
        self.state.preferences.change(left_open=True)
        self.panels.left.show_tab("learn" if tab == "learn" else "explore")

    def fold_left(self) -> None:
        """Fold the left panel, or unfold it."""
        self.state.preferences.change(left_open=not self.state.preferences.kept.left_open)

    def fold_inspector(self) -> None:
        """Fold the Inspector, or unfold it."""
        self.state.preferences.change(inspector_open=not self.state.preferences.kept.inspector_open)

    def show_search(self) -> None:
        """Open the search over all commands."""
        self.overlays.show_search()

    def show_keys(self) -> None:
        """Open the key map."""
        self.overlays.show_keys()

    def ask_where_to_go(self) -> None:
        """Ask for a step or a checkpoint."""
        self.overlays.ask_where_to_go()

    def offer_panes(self) -> None:
        """Offer the panes that can be added."""
        self.overlays.offer_panes()

    def offer_sides(self) -> None:
        """Offer what can be shown as B."""
        self.overlays.offer_sides()

    def compare_lifetimes(self) -> None:
        """Show a memory that is wiped beside one that lives on, on the same stream."""
        self.state.ideas.put_aside()
        episodic_persistent.show(self.state)
        self.room.take()

    def focus_pane(self, direction: int) -> None:
        """Give the keyboard to the next (1) or previous (-1) pane."""
        self.panels.focus_pane(direction)

    def explain_pane(self) -> None:
        """Open "How to read this" of the pane in question."""
        self.panels.explain_pane()

    def begin_edit(self, act: str) -> None:
        """Open the what-if part of the Inspector at this act; empty: at the first that fits the selection."""
        self.panels.begin_edit(act)

    def show_training_form(self) -> None:
        """Open the form for a new run."""
        self.panels.show_left("train")

    def train_quickly(self) -> None:
        """Start the small run that learns before the user's eyes, and follow it."""
        train_quickly(self.state)

    def train_several_quickly(self) -> None:
        """Start the small run from several seeds, and show their curves together."""
        train_several_quickly(self.state)

    def walk_to_a_slot(self) -> None:
        """Select a slot that was just written and open its what-if."""
        self.state.ideas.put_aside()
        if walk_to_a_slot(self.state):
            self.panels.show_inspector()

    def show_own_input(self) -> None:
        """Open the place where bits are drawn or a story is written."""
        self.panels.show_left("input")

    def learn(self, *, resume: bool) -> None:
        """Begin the lesson, or go on where it was left."""
        self.panels.learn(resume=resume)

    def show_idea(self, name: str) -> None:
        """Show an idea and measure it; empty: go back to the list."""
        self.panels.show_idea(name)

    def save_session(self, path: Path | None = None) -> None:
        """Write what is looked at to a file; None: ask which."""
        self.filing.save(path)

    def memory_file(self, what: str) -> None:
        """Save the memory of the stream, merge it with one in a file, or start with that."""
        self.filing.memory(what)

    def open_file(self, path: Path | None = None) -> None:
        """Open a session, a trace or a figure that carries its session; None: ask which."""
        self.filing.open(path)

    def open_last_session(self) -> None:
        """Come back to what was looked at when the window was last closed."""
        self.filing.restore_last()

    def copy_session(self) -> None:
        """Put the session as one line of text on the clipboard."""
        self.filing.copy()

    def export(self, what: str) -> None:
        """Export the pane, the stage, the trace, its data, an animation or the script of the edits."""
        self.exporting.export(what)

    @cached_property
    def exporting(self) -> Exports:
        """What writes figures and animations; its libraries take a quarter of a second that the start cannot spare."""
        from app.shell.exporting import Exporting  # with the first export

        return Exporting(self, self.state, lambda: self.panels.stage.current_pane)

    # ---- what Qt tells ----------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """After each paint the clock may tick again."""
        handled = super().event(event)
        if event.type() == QEvent.Type.UpdateRequest:
            self.painted.emit()
            if not self._has_painted and self.isVisible():
                self._has_painted = True
                self.painted_first.emit()
        return handled

    def closeEvent(self, event: QCloseEvent) -> None:
        """While a run trains, ask once; then remember the window's place and go."""
        if self.state.training.live is not None and not self.ask_whether_to_close():
            event.ignore()
            return
        self.state.playback.pause()
        self.room.leave()
        geometry = base64.b64encode(bytes(self.saveGeometry().data())).decode()
        self.state.preferences.change(geometry=geometry, splitters=self.panels.columns(), first_minute_done=True)
        event.accept()
        self.closed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped: a session, a trace, a figure."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.filing.open(Path(files[0]))

    # ---- the frame --------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part, stretch in ((self.bar, 0), (rule(), 0), (self.panels, 1), (rule(), 0), (self.status, 0)):
            column.addWidget(part, stretch)
        self.setMinimumSize(*LEAST_SIZE)

    def _join(self) -> None:
        for part in (self.bar, self.panels, self.overlays):
            part.wished.connect(self.actions.perform)
        self.bar.training_wished.connect(self._choose_training)
        self.actions.changed.connect(self._fill_menu)
        self._fill_menu()
        self.actions.refused.connect(self._say_what_is_missing)
        self.painted.connect(self.clock.painted)
        self.clock.paint_wanted.connect(self._paint_again)
        self.look.changed.connect(self.panels.set_palette)
        self.state.catalogue.changed.connect(self._renew_exhibits)
        self.state.comparison.changed.connect(self._show_title)
        self.state.a.changed.connect(self._show_title)

    def _come_back(self) -> None:
        kept = self.state.preferences.kept
        self.resize(*FIRST_SIZE)
        if kept.geometry:
            self.restoreGeometry(QByteArray(base64.b64decode(kept.geometry, validate=False)))
        self._show_title()
        self.panels.setFocus()

    def _paint_again(self) -> None:
        self.update(0, 0, 1, 1)

    def _say_what_is_missing(self, command: str, needs: str) -> None:
        self.state.notices.say("stage", needs or f"{self.actions.get(command).title}: not now.", is_error=False)

    def _choose_training(self, model: str, task: str) -> None:
        self.show_training_form()
        self.panels.form.choose(model, task)

    def _fill_menu(self) -> None:
        self.bar.fill_menu({action.id: action for action in self.actions.table}, self.actions.key_of)

    def _title_of(self, command: str) -> str:
        return self.actions.get(command).title.removesuffix(" ...")

    def _renew_exhibits(self) -> None:
        self.actions.replace(EXHIBIT_OPEN, exhibit_actions(self.state))

    def _show_title(self) -> None:
        trace = self.state.a.trace
        self.setWindowTitle(f"{trace.card.model.name} on {trace.card.task.name} – Slotscope" if trace else "Slotscope")

    def _ask_whether_to_close(self) -> bool:
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setText("A network is being trained.")
        box.setInformativeText("Closing saves a checkpoint; the run can be resumed from there.")
        leave = box.addButton("Save and close", QMessageBox.ButtonRole.AcceptRole)
        box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        box.exec()
        return box.clickedButton() is leave
