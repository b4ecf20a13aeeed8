"""The list of edits: each can be switched off, renamed, and removed; one that does not fit the episode says why."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from app.state.app_state import AppState
from app.state.editing import misfit
from app.state.what_if import edit_in_words
from app.widgets.buttons import IconButton
from app.widgets.elided_label import ElidedLabel
from app.widgets.switch import Switch
from engine.contract.edits import Edit
from engine.contract.trace import Trace


class EditList(QWidget):
    """One row an edit, in the order in which they are made."""

    def __init__(self, state: AppState) -> None:
        super().__init__()
        self._state = state
        self.rows: list[EditRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        state.what_if.changed.connect(self._show)
        state.a.trace_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        edits = self._state.what_if.edits
        while len(self.rows) > len(edits):
            row = self.rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(edits):
            self._add_row(len(self.rows))
        for row, edit in zip(self.rows, edits, strict=True):
            row.show_edit(edit, self._state.a.trace)
        self.setVisible(bool(edits))

    def _add_row(self, place: int) -> None:
        what_if, row = self._state.what_if, EditRow()
        row.switched.connect(lambda: what_if.switch(place))
        row.renamed.connect(lambda name: what_if.rename(place, name))
        row.removed.connect(lambda: what_if.remove(place))
        row.visited.connect(lambda: self._state.explorer.jump(what_if.edits[place].step))
        self._column.addWidget(row)
        self.rows.append(row)


class EditRow(QWidget):
    """Switch, words, pencil, cross."""

    switched = Signal()
    renamed = Signal(str)
    removed = Signal()
    visited = Signal()
    """The words were pressed: go to the edit's step."""

    def __init__(self) -> None:
        super().__init__()
        self.switch = Switch()
        self.words = ElidedLabel()
        self.field = QLineEdit()
        self.pencil = IconButton("pencil", "Give this edit a name", self, 22)
        self.cross = IconButton("close", "Remove this edit", self, 22)
        self.misfit = QLabel()
        self.misfit.setProperty("tone", "live")
        self.misfit.setWordWrap(True)
        self.switch.toggled.connect(lambda _: self.switched.emit())
        self.words.pressed.connect(self.visited)
        self.pencil.clicked.connect(self._rename)
        self.cross.clicked.connect(self.removed)
        self.field.editingFinished.connect(self._renamed)
        self.field.installEventFilter(self)
        self._lay_out()

    def show_edit(self, edit: Edit, trace: Trace | None) -> None:
        """Show this edit, and why it cannot act on the present episode, if so."""
        axes = {name: channel.axes for name, channel in trace.channels.items()} if trace else {}
        said = edit_in_words(edit, axes)
        said = said[:1].upper() + said[1:]
        self.switch.set_on(edit.enabled)
        self.switch.setAccessibleName(f"{said}: {'on' if edit.enabled else 'off'}")
        self.switch.setToolTip("Switch this edit off" if edit.enabled else "Switch this edit on")
        self.words.set_text(said, muted=not edit.enabled)
        self.cross.setAccessibleName(f"Remove: {said}")
        self.pencil.setAccessibleName(f"Rename: {said}")
        if not self.field.hasFocus():
            self.field.setText(edit.name or said)
            self._stack.setCurrentWidget(self.words)
        why = misfit(trace, edit) if trace is not None else ""
        self.misfit.setText(why)
        self.misfit.setVisible(bool(why))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves the name as it was."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.field.setText(self.words.text())
                self._stack.setCurrentWidget(self.words)
                self.pencil.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _rename(self) -> None:
        self._stack.setCurrentWidget(self.field)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    def _renamed(self) -> None:
        name = self.field.text().strip()
        self._stack.setCurrentWidget(self.words)
        if name != self.words.text():
            self.renamed.emit(name)

    def _lay_out(self) -> None:
        holder = QWidget(self)  # a stack without a widget would show its first page as a window of its own
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.words)
        self._stack.addWidget(self.field)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.switch)
        row.addWidget(holder, 1)
        row.addWidget(self.pencil)
        row.addWidget(self.cross)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.misfit)
