"""How well the network does that A shows, row by row, as it was measured when it was made."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.state.app_state import AppState
from app.state.measured import MeasuredTable, measured_tables
from app.widgets.figures_table import FiguresTable


class MeasuredPart(QWidget):
    """A small table for each; absent where nothing was measured row by row. It changes only with what is shown."""

    def __init__(self, state: AppState) -> None:
        super().__init__()
        self._state = state
        self._shown: tuple[MeasuredTable, ...] = ()
        self._tables: list[tuple[FiguresTable, QLabel]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.hide()

    def settle(self) -> None:
        """Show what there is now."""
        found = measured_tables(self._state)
        if found == self._shown:
            return
        self._shown = found
        while len(self._tables) < len(found):
            self._add()
        for number, (table, note) in enumerate(self._tables):
            table.setVisible(number < len(found))
            note.setVisible(number < len(found) and bool(found[number].note))
            if number < len(found):
                table.show_table(found[number].title, found[number].headers, found[number].rows)
                note.setText(found[number].note)
        self.setVisible(bool(found))

    def _add(self) -> None:
        table, note = FiguresTable(), QLabel()
        note.setProperty("tone", "muted")
        note.setWordWrap(True)
        for widget in (table, note):
            self._column.addWidget(widget)
        self._tables.append((table, note))
