"""The navigator: exhibits, runs, checkpoints, episodes and bookmarks, each one press away."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.state.app_state import AppState
from app.state.navigation import NavigatorGroup, NavigatorRow, forget_row, navigator_groups, open_row
from app.widgets.buttons import button
from app.widgets.list_row import ListRow
from app.widgets.section import Section

_MOST_OFTEN = 200
"""Milliseconds between two looks at a run that trains."""


class Navigator(QWidget):
    """A filter, then groups of rows. Rows are made once and filled anew, so that the keyboard keeps its place."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._shown: tuple[NavigatorGroup, ...] = ()
        self._groups: dict[str, _Group] = {}
        self._turn = QTimer(self, singleShot=True, interval=_MOST_OFTEN)
        self._turn.timeout.connect(self.settle)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filter")
        self.filter.setAccessibleName("Filter what is listed")
        self.filter.setClearButtonEnabled(False)
        self.filter.textChanged.connect(self.settle)
        self.filter.installEventFilter(self)
        self.nothing = QLabel("Nothing here has these words.")
        self.nothing.setProperty("tone", "muted")
        self.nothing.setWordWrap(True)
        self.train = button("Train a new network …", "chip", "Choose a model, a task and their settings.")
        self.train.clicked.connect(lambda: self.wished.emit("train.start"))
        self._lay_out()
        for signal in (
            state.catalogue.changed, state.training.changed, state.a.changed, state.a.trace_changed, state.stage.changed,
        ):  # fmt: skip
            signal.connect(self._invalidate)
        self.settle()

    def set_palette(self, palette: Palette) -> None:
        """The rows find their colours in the application's palette."""
        self.update()

    def rows(self) -> list[ListRow]:
        """Every row that is listed, from top to bottom."""
        return [row for group in self._shown for row in self._groups[group.title].rows[: len(group.rows)]]

    def settle(self) -> None:
        """List what there is now."""
        found = navigator_groups(self._state, self.filter.text())
        if found == self._shown:
            return
        self._shown = found
        titles = {group.title for group in found}
        for group in found:
            if group.title not in self._groups:
                self._add_group(group.title)
            self._groups[group.title].show_group(group)
        for title, group_view in self._groups.items():
            group_view.setVisible(title in titles)
        self.nothing.setVisible(not found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down goes from the filter to the first row, Enter opens it, Esc empties the filter."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            rows = self.rows()
            if event.key() == Qt.Key.Key_Down and rows:
                rows[0].setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and rows and self.filter.text():
                rows[0].click()
                return True
            if event.key() == Qt.Key.Key_Escape and self.filter.text():
                self.filter.clear()
                return True
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        """Brought to the front: list what was missed."""
        super().showEvent(event)
        self.settle()

    def _invalidate(self) -> None:
        if self.isVisible() and not self._turn.isActive():
            self._turn.start()

    def _open(self, row: NavigatorRow) -> None:
        command = open_row(self._state, row.id)
        if command:
            self.wished.emit(command)
        self.settle()

    def _forget(self, row: NavigatorRow) -> None:
        forget_row(self._state, row.id)
        self.settle()

    def _add_group(self, title: str) -> None:
        group = _Group(title)
        group.opened.connect(self._open)
        group.forgotten.connect(self._forget)
        order = ("Exhibits", "Your runs", "Checkpoints", "Episodes", "Bookmarks")
        before = [self._groups[name] for name in order[: order.index(title)] if name in self._groups]
        self._groups[title] = group
        self._list.insertWidget(len(before), group)
        if title == "Your runs":
            group.add_foot(self.train)

    def _lay_out(self) -> None:
        self.setObjectName("navigator")
        self._list = QVBoxLayout()
        self._list.setSpacing(14)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addWidget(self.filter)
        column.addWidget(self.nothing)
        column.addLayout(self._list)
        column.addStretch(1)


class _Group(QWidget):
    opened = Signal(object)
    forgotten = Signal(object)

    def __init__(self, title: str) -> None:
        super().__init__()
        self.rows: list[ListRow] = []
        self._said: tuple[NavigatorRow, ...] = ()
        self._hint = QLabel()
        self._hint.setProperty("tone", "muted")
        self._hint.setWordWrap(True)
        self._foot = QHBoxLayout()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._column.addWidget(Section(title))
        self._column.addSpacing(3)
        self._column.addWidget(self._hint)
        self._column.addLayout(self._foot)

    def add_foot(self, widget: QWidget) -> None:
        self._foot.setContentsMargins(0, 5, 0, 0)
        self._foot.addWidget(widget)
        self._foot.addStretch(1)

    def show_group(self, group: NavigatorGroup) -> None:
        self._said = group.rows
        while len(self.rows) < len(group.rows):
            self._add_row(len(self.rows))
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(group.rows))
            if place < len(group.rows):
                said = group.rows[place]
                row.setObjectName(f"navigator.{said.id}")
                row.show_row(
                    said.title, said.note, said.below, said.mark, said.says, is_current=said.is_current, can_go=said.can_go
                )
        self._hint.setText("" if group.rows else group.hint)
        self._hint.setVisible(not group.rows and bool(group.hint))

    def _add_row(self, place: int) -> None:
        row = ListRow()
        row.clicked.connect(lambda: self.opened.emit(self._said[place]))
        row.removed.connect(lambda: self.forgotten.emit(self._said[place]))
        self.rows.append(row)
        self._column.insertWidget(self._column.count() - 2, row)
