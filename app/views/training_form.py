"""Training: the run that works, live, and the form for a new one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.state.app_state import AppState
from app.views.training_live import TrainingLive
from app.views.training_new import TrainingNew
from app.widgets.buttons import TextButton


class TrainingForm(QWidget):
    """Above, the newest run of this launch; below it, what the next one shall be."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training-form")
        self._state = state
        self.back = TextButton("Back", "Back to the navigator")
        self.back.clicked.connect(lambda: self.wished.emit("tab.explore"))
        self.live = TrainingLive(state, palette)
        self.new = TrainingNew(state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.live)
        column.addWidget(self.new)
        column.addStretch(1)
        column.insertWidget(0, self.back, 0, Qt.AlignmentFlag.AlignRight)  # last, so that the keyboard comes to the form first
        for part in (self.live, self.new):
            part.wished.connect(self.wished)
        state.training.changed.connect(self._show)
        self._show()

    def set_palette(self, palette: Palette) -> None:
        """Another theme."""
        self.live.set_palette(palette)

    def choose(self, model: str, task: str = "") -> None:
        """Begin with this model, and this task where one is named, with the keyboard on Start."""
        self.new.choose(model, task)
        self.new.show()
        self.new.start.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        """While a run trains, the form for another one is out of the way."""
        self.new.setVisible(self._state.training.live is None)
