"""A message in the place it concerns: one sentence, and what can be done about it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.widgets.buttons import IconButton, button
from app.widgets.icons import draw_icon
from app.widgets.tokens import colour, unit


class Banner(QWidget):
    """A strip with a sentence and buttons; an error carries the colour of errors and a sign."""

    action_wanted = Signal(str)
    """The id of the button that was pressed."""
    closed = Signal()
    """The reader has read it."""

    def __init__(self, parent: QWidget | None = None, *, is_narrow: bool = False) -> None:
        """`is_narrow`: the buttons stand below the sentence, for a place with no room beside it."""
        super().__init__(parent)
        self._is_error = False
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._buttons: list[QPushButton] = []
        self._close = IconButton("close", "Close this message", self, 24)
        self._close.clicked.connect(self.closed)
        self._row, head, self._column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        self._make_room()
        for row in (self._row, head, self._column):
            row.setSpacing(8)
        head.addWidget(self._label, 1)
        self._column.addLayout(head)
        if is_narrow:
            self._row.addStretch(1)
            self._column.addLayout(self._row)
        else:
            head.addLayout(self._row)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop if is_narrow else Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    @property
    def sentence(self) -> str:
        """What it says."""
        return self._label.text()

    @property
    def buttons(self) -> list[QPushButton]:
        """What can be done about it, as buttons."""
        return list(self._buttons)

    def show_notice(self, sentence: str, actions: Sequence[tuple[str, str]] = (), is_error: bool = False) -> None:
        """Say a sentence; `actions` are pairs of an id and the words on the button."""
        self._is_error = is_error
        self._label.setText(sentence)
        self.setAccessibleName(f"Error: {sentence}" if is_error else sentence)
        for old in self._buttons:
            self._row.removeWidget(old)
            old.deleteLater()
        self._buttons = []
        for place, (name, words) in enumerate(actions):
            made = button(words, "chip")
            made.setObjectName(name)
            made.clicked.connect(lambda _=False, wanted=name: self.action_wanted.emit(wanted))
            self._row.insertWidget(place, made)
            self._buttons.append(made)
        self.updateGeometry()
        self.update()

    def _make_room(self) -> None:
        em = unit(self)
        self._column.setContentsMargins(round(38 * em), round(7 * em), round(8 * em), round(7 * em))

    def changeEvent(self, event: QEvent) -> None:
        """Larger type needs more room for the sign."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_column"):
            self._make_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Panel, border, sign."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        ink = colour("live" if self._is_error else "muted")
        painter.setPen(QPen(ink if self._is_error else colour("line"), 1))
        painter.setBrush(colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        side = 18 * unit(self)
        draw_icon(
            painter, "warning" if self._is_error else "info", QRectF(11 * unit(self), (self.height() - side) / 2, side, side), ink
        )
        painter.end()
