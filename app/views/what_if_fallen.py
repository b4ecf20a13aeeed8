"""The samples that an edit made worse, each a row that leads there."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.state.app_state import AppState
from app.state.fallen import MOST, Fallen, fallen, fallen_in_words, unit_of_error
from app.widgets.list_row import ListRow
from app.widgets.section import Section
from engine.contract.trace import Trace


class FallenList(QWidget):
    """Hidden while nothing fell."""

    def __init__(self, state: AppState) -> None:
        super().__init__()
        self._state = state
        self._both: tuple[Trace | None, Trace | None] = (None, None)
        self.found: tuple[Fallen, ...] = ()
        self._title = Section()
        self.rows = [ListRow() for _ in range(MOST)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title)
        for place, row in enumerate(self.rows):
            row.clicked.connect(partial(self._go_to, place))
            column.addWidget(row)
        self.hide()

    def show_between(self, before: Trace | None, after: Trace | None) -> None:
        """Show what fell from one record to the other; found once for two records."""
        if (before, after) == self._both:
            return
        self._both = before, after
        self.found = fallen(before, after) if before is not None and after is not None else ()
        unit = unit_of_error(before) if before is not None else ""
        self._title.setText(fallen_in_words(self.found))
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(self.found))
            if place < len(self.found):
                one = self.found[place]
                row.show_row(one.title, note=f"{one.before:.2f} to {one.after:.2f} {unit}".strip(), says="Go to this sample.")
        self.setVisible(bool(self.found))

    def _go_to(self, place: int, _checked: bool = False) -> None:
        self._state.playback.pause()
        self._state.explorer.jump(
            self._state.comparison.clock_at(self._state.a, self.found[place].step, self._state.playback.step)
        )
