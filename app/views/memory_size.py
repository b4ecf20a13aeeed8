"""How many slots the trained weights run with, and how many parameters they have all the same."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.state.app_state import AppState
from app.state.describe import parameters_in_words
from app.widgets.buttons import button
from app.widgets.flow_layout import FlowLayout
from app.widgets.section import Section

SLOTS = "slots"
SIZES = (32, 64, 128, 256, 512)
WITH_SLOTS, WITHOUT = "Slots, with the same weights", "Size of the network"


class MemorySize(QWidget):
    """The parameter count, and where the model has that setting the slots: the weights stay the same, only the memory grows."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("memory-size")
        self._state = state
        self._own = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(6)
        self._title = Section(WITH_SLOTS)
        column.addWidget(self._title)
        chips = QWidget()
        self._row = FlowLayout(chips, 4)
        self._buttons = {size: self._button(size) for size in SIZES}
        for made in self._buttons.values():
            self._row.addWidget(made)
        column.addWidget(chips)
        self._says = QLabel()
        self._says.setObjectName("parameter-count")
        self._says.setProperty("tone", "muted")
        self._says.setWordWrap(True)
        column.addWidget(self._says)
        state.a.changed.connect(self._show)
        self._show()

    def choose(self, size: int) -> None:
        """Run the same weights with this many slots."""
        self._state.explorer.change_setting(SLOTS, size)

    def _button(self, size: int) -> QPushButton:
        made = button(str(size), "chip", tip=f"Run the same weights with {size} slots.")
        made.setObjectName(f"slots.{size}")
        made.setAccessibleName(f"{size} slots")
        made.setCheckable(True)
        made.clicked.connect(lambda: self.choose(size))
        return made

    def _trained_with(self) -> int:
        """How many slots the network was trained with; 0 if that is not known."""
        place = self._state.a.showing.source.place if self._state.a.showing else ""
        made = self._state.catalogue.exhibit(place) or self._state.training.at(place)
        return int(made.settings.get(SLOTS, 0)) if made is not None else 0

    def _offer(self, trained: int) -> None:
        """The usual sizes, and the one of the training where it is another."""
        if self._own not in (0, trained):
            gone = self._buttons.pop(self._own)
            gone.hide()
            gone.deleteLater()
            self._own = 0
        if trained not in self._buttons:
            self._own = trained
            self._buttons[trained] = self._button(trained)
            for _, made in sorted(self._buttons.items()):
                self._row.removeWidget(made)
                self._row.addWidget(made)

    def _show(self) -> None:
        trace, showing = self._state.a.trace, self._state.a.showing
        self.setVisible(trace is not None)
        if trace is None:
            return
        can_grow = trace.card.model.memory != "persistent"  # else what lies in the slots came with the weights
        offered = next((setting for setting in trace.card.model.settings if setting.name == SLOTS and can_grow), None)
        has_slots = offered is not None
        wished = showing.settings.get(SLOTS, trace.card.slots) if showing else trace.card.slots
        self._title.setText(WITH_SLOTS if has_slots else WITHOUT)
        self._offer(self._trained_with() or trace.card.slots)
        for size, made in self._buttons.items():
            made.setVisible(offered is not None and (offered.low or 0) <= size <= (offered.high or size))
            made.setChecked(size == wished)
        is_coming = has_slots and self._state.a.is_waiting and wished != trace.card.slots
        self._says.setText(f"{parameters_in_words(trace.card)}.{f' Recording {wished} slots ...' if is_coming else ''}")
