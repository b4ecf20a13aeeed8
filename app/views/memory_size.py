"""How many slots the trained weights run with, and how many parameters they have all the same."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.state.app_state import AppState
from app.widgets.buttons import button
from app.widgets.section import Section

SLOTS = "slots"
SIZES = (32, 64, 128, 256, 512)


class MemorySize(QWidget):
    """The slots control. Shown for models that have the setting; the weights stay the same, only the memory grows."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("memory-size")
        self._state = state
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 12)
        column.setSpacing(6)
        column.addWidget(Section("Slots of this trained network"))
        row = QHBoxLayout()
        row.setSpacing(4)
        self._buttons = {size: self._button(size) for size in SIZES}
        for made in self._buttons.values():
            row.addWidget(made)
        row.addStretch(1)
        column.addLayout(row)
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

    def _show(self) -> None:
        trace = self._state.a.trace
        has_slots = trace is not None and any(setting.name == SLOTS for setting in trace.card.model.settings)
        self.setVisible(has_slots)
        if trace is None or not has_slots:
            return
        showing = self._state.a.showing
        wished = showing.settings.get(SLOTS, trace.card.slots) if showing else trace.card.slots
        for size, made in self._buttons.items():
            made.setChecked(size == wished)
        coming = " Recording ..." if self._state.a.is_waiting and wished != trace.card.slots else ""
        self._says.setText(f"{trace.card.parameters:,} parameters, the same for any number of slots.{coming}")
