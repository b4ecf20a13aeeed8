"""The transport: first, previous, play or pause, next, last; speed, loop and pace beside them."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.widgets.buttons import IconButton, TextButton

_LOOPS = {"off": "loop off", "selection": "loop selection", "all": "loop all"}
_LOOPS_IN_SHORT = {"off": "once", "selection": "part", "all": "loop"}
"""Beside the pace there is less room."""


class Transport(QWidget):
    """Buttons that ask for another step; what they show is set from outside by `show_state`."""

    first_wanted = Signal()
    previous_wanted = Signal()
    play_wanted = Signal()
    """Play or pause, whichever is not the case."""
    next_wanted = Signal()
    last_wanted = Signal()
    speed_wanted = Signal(float)
    loop_wanted = Signal(str)
    """"off", "selection" or "all"."""
    pace_wanted = Signal()
    """By samples instead of steps, or back."""

    def __init__(self, speeds: tuple[float, ...] = (0.25, 0.5, 1, 2, 4, 8, 16), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._speeds, self._each = speeds, "step"
        self.first = IconButton("first", "First step (Home)", self, 23)
        self.previous = IconButton("previous", "Previous step (Left)", self, 23)
        self.play = IconButton("play", "Play (Space)", self, 23, "ink")
        self.next = IconButton("next", "Next step (Right)", self, 23)
        self.last = IconButton("last", "Last step (End)", self, 23)
        self.speed = TextButton("1x", "Steps a second (comma: slower, period: faster)", self)
        self.loop = TextButton("loop off", "What happens at the end (L)", self)
        self.pace = TextButton("steps", "Go on by steps, or by whole samples of the stream (U)", self)
        self.pace.setVisible(False)
        self._arrange()
        for source, wish in (
            (self.first, self.first_wanted),
            (self.previous, self.previous_wanted),
            (self.play, self.play_wanted),
            (self.next, self.next_wanted),
            (self.last, self.last_wanted),
        ):
            source.clicked.connect(wish)
        self.speed.clicked.connect(self._offer_speeds)
        self.loop.clicked.connect(self._offer_loops)
        self.pace.clicked.connect(self.pace_wanted)

    def show_pace(self, pace: str) -> None:
        """Show what one press goes on by: "step" or "sample"; empty: there is no choice."""
        self._each = pace or "step"
        self.pace.set_text(f"{self._each}s")
        self.pace.setVisible(bool(pace))
        for word in (self.speed, self.loop, self.pace):  # three of them stand closer together
            word.air = 4 if pace else 10
            word.updateGeometry()
        self.previous.setToolTip(f"Previous {self._each} (Left)")
        self.next.setToolTip(f"Next {self._each} (Right)")

    def show_state(self, is_playing: bool, speed: float, loop: str, at_start: bool = False, at_end: bool = False) -> None:
        """Show where time stands: the play button, the speed, the loop, and which ways are open."""
        self.play.set_icon("pause" if is_playing else "play", "Pause (Space)" if is_playing else "Play (Space)")
        self.speed.set_text(speed_text(speed))
        self.loop.set_text((_LOOPS if self.pace.isHidden() else _LOOPS_IN_SHORT).get(loop, loop))
        for back in (self.first, self.previous):
            back.setEnabled(not at_start)
        for on in (self.next, self.last):
            on.setEnabled(not at_end)

    def _arrange(self) -> None:
        upper, lower = QHBoxLayout(), QHBoxLayout()
        for row in (upper, lower):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(0)
        for widget in (self.first, self.previous, self.play, self.next, self.last):
            upper.addWidget(widget)
        lower.addWidget(self.speed)
        lower.addWidget(self.loop)
        lower.addWidget(self.pace)
        upper.addStretch(1)
        lower.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper)
        column.addLayout(lower)

    def _offer_speeds(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for speed in self._speeds:
            action = menu.addAction(f"{speed_text(speed)}   {speed:g} {self._each}{'s' if speed != 1 else ''} a second")
            action.setCheckable(True)
            action.setChecked(speed_text(speed) == self.speed.text())
            action.triggered.connect(lambda _=False, wanted=speed: self.speed_wanted.emit(wanted))
        menu.popup(self.speed.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _offer_loops(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for loop, words in _LOOPS.items():
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(self.loop.text() in (words, _LOOPS_IN_SHORT[loop]))
            action.triggered.connect(lambda _=False, wanted=loop: self.loop_wanted.emit(wanted))
        menu.popup(self.loop.mapToGlobal(QPoint(0, -menu.sizeHint().height())))


def speed_text(speed: float) -> str:
    """ "1x", "0.25x"."""
    return f"{speed:.3g}x"
