"""A switch between a few words that exclude each other: Learn | Explore, A | A | B."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.widgets.tokens import colour, sized, unit


class Segmented(QWidget):
    """One border around all words; the chosen one is ink. Arrows change it."""

    chosen = Signal(str)
    """The id of the word that the reader wants; `set_chosen` makes it so."""

    def __init__(self, options: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`options` are pairs of an id and the word that is shown."""
        super().__init__(parent)
        self._options = tuple(options)
        self._chosen = self._options[0][0]
        self._disabled: frozenset[str] = frozenset()
        self._over = ""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._say()

    @property
    def current(self) -> str:
        """The id that is shown as chosen."""
        return self._chosen

    def set_chosen(self, option: str) -> None:
        """Show an option as chosen; emits nothing."""
        if option != self._chosen:
            self._chosen = option
            self._say()
            self.update()

    def set_disabled(self, options: Sequence[str]) -> None:
        """Show options that cannot be had now as pale."""
        self._disabled = frozenset(options)
        self.update()

    def _say(self) -> None:
        self.setAccessibleName(", ".join(word + (" (chosen)" if name == self._chosen else "") for name, word in self._options))

    def _rects(self) -> list[tuple[str, str, QRectF]]:
        metrics, left, found = QFontMetricsF(sized(self, 13, QFont.Weight.Medium)), 1.0, []
        for name, word in self._options:
            width = round(metrics.horizontalAdvance(word) + 22 * unit(self))
            found.append((name, word, QRectF(left, 1, width, self.height() - 2)))
            left += width
        return found

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        metrics = QFontMetricsF(sized(self, 13, QFont.Weight.Medium))
        width = sum(round(metrics.horizontalAdvance(word) + 22 * unit(self)) for _, word in self._options)
        return QSize(width + 2, round(28 * unit(self)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The border, the chosen part, the words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        around = QPainterPath()
        around.addRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
        painter.fillPath(around, colour("panel"))
        painter.setClipPath(around)
        painter.setFont(sized(self, 13, QFont.Weight.Medium))
        for name, word, where in self._rects():
            is_chosen = name == self._chosen
            if is_chosen or (name == self._over and name not in self._disabled):
                painter.fillRect(where, colour("ink" if is_chosen else "soft"))
            pale = name in self._disabled or not self.isEnabled()
            painter.setPen(colour("panel" if is_chosen else "muted" if pale else "ink"))
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, word)
        painter.setClipping(False)
        painter.setPen(QPen(colour("focus"), 2) if self.hasFocus() else QPen(colour("line"), 1))
        painter.drawPath(around)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the word under the pointer."""
        self._ask(next((name for name, _, where in self._rects() if where.contains(event.position())), ""))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a word can be pressed."""
        over = next((name for name, _, where in self._rects() if where.contains(event.position())), "")
        if over != self._over:
            self._over = over
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._over = ""
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the neighbouring word."""
        way = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}.get(event.key())
        if way is None:
            event.ignore()
            return
        names = [name for name, _ in self._options if name not in self._disabled]
        place = names.index(self._chosen) if self._chosen in names else 0
        self._ask(names[min(max(place + way, 0), len(names) - 1)])

    def event(self, event: QEvent) -> bool:
        """Keep the arrows from the window while the switch has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._needs(event):
            event.accept()
            return True
        return super().event(event)

    def _needs(self, event: QKeyEvent) -> bool:
        return event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not event.modifiers()

    def _ask(self, name: str) -> None:
        if name and name != self._chosen and name not in self._disabled:
            self.chosen.emit(name)
