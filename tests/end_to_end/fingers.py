"""Keys and the pointer, without waiting: some through the window system, most straight to the widget that would get them."""

import random
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

LEFT, RIGHT, MIDDLE, NONE = (
    Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton,
)  # fmt: skip
PLAIN = Qt.KeyboardModifier.NoModifier
PRESS, MOVE, RELEASE, TWICE = (
    QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick,
)  # fmt: skip
THROUGH_THE_SYSTEM = 0.06
"""Share of what goes through the window system. There each event is painted by itself; straight to a widget, each action is."""


class Fingers:
    """Whatever is in front takes what is done: an open list or menu, else the window. Either may close at any moment."""

    def __init__(self, chance: random.Random, window: Callable[[], QWidget]) -> None:
        self._chance, self._window = chance, window

    @property
    def front(self) -> QWidget:
        """What takes a press."""
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self._window()

    def come_back(self) -> None:
        """Make the window active again after a list has closed, as every desktop does; the offscreen one leaves it so."""
        if QApplication.activeWindow() is None and self.front is self._window():
            self._window().activateWindow()

    def key(self, key: str) -> None:
        """Press a combination as Qt writes it, and let it go."""
        combination = QKeySequence(key)[0]
        self._tap(combination.key(), combination.keyboardModifiers())

    def letter(self, letter: str) -> None:
        """Type one letter."""
        self._tap(letter, PLAIN)

    def click(self, where: QPoint, button: Qt.MouseButton = LEFT, held: Qt.KeyboardModifier = PLAIN, twice: bool = False) -> None:
        """Press and let go at this place of what is in front."""
        if not twice and self._goes_through_the_system():
            QTest.mousePress(self.front.windowHandle(), button, held, where)
            if self.front is self._window():
                QTest.mouseRelease(self.front.windowHandle(), button, held, where)
            return
        under = self._under(where)
        for kind in (PRESS, RELEASE, TWICE, RELEASE) if twice else (PRESS, RELEASE):
            self._send(under, kind, where, button, held)

    def move(self, where: QPoint) -> None:
        """Move the pointer there."""
        if self._goes_through_the_system():
            QTest.mouseMove(self.front.windowHandle(), where)
        else:
            self._send(self._under(where), MOVE, where, NONE, PLAIN)

    def pull(self, start: QPoint, end: QPoint, button: Qt.MouseButton = LEFT, held: Qt.KeyboardModifier = PLAIN) -> None:
        """Press, move in three strides, let go: what was pressed takes it all."""
        under = self._under(start)
        self._send(under, PRESS, start, button, held)
        for part in (0.3, 0.7, 1.0):
            self._send(under, MOVE, start + (end - start) * part, button, held)
        self._send(under, RELEASE, end, button, held)

    def wheel(self, where: QPoint, turn: int, held: Qt.KeyboardModifier) -> None:
        """Turn the wheel there."""
        under = self._under(where)
        place = QPointF(under.mapFrom(under.window(), where))
        far = under.mapToGlobal(place)
        event = QWheelEvent(place, far, QPoint(), QPoint(0, turn), NONE, held, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(under, event)

    def _tap(self, key: Qt.Key | str, held: Qt.KeyboardModifier) -> None:
        for act in (QTest.keyPress, QTest.keyRelease):
            top = self.front
            is_ours = top is self._window()
            through = is_ours and self._chance.random() < THROUGH_THE_SYSTEM
            act(top.windowHandle() if through else top.focusWidget() or top, key, held)

    def _goes_through_the_system(self) -> bool:
        return self.front is self._window() and self._chance.random() < THROUGH_THE_SYSTEM

    def _under(self, where: QPoint) -> QWidget:
        return self.front.childAt(where) or self.front

    def _send(self, under: QWidget, kind: QEvent.Type, where: QPoint, button: Qt.MouseButton, held: Qt.KeyboardModifier) -> None:
        if not isValid(under):
            return
        place = QPointF(under.mapFrom(under.window(), where))
        pressed = button if kind in (PRESS, MOVE, TWICE) else NONE
        said = NONE if kind == MOVE else button
        QApplication.sendEvent(under, QMouseEvent(kind, place, under.mapToGlobal(place), said, pressed, held))
