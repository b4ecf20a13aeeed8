"""A reader at the real window: clicks where things are seen, presses keys, and waits until something is true."""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.main import Program
from app.plots.matrix_plot import MatrixPlot
from app.shell.window import Window
from app.state.app_state import AppState
from app.views.pane_view import PaneView
from engine.contract.trace import Trace

PATIENCE = 60_000
NO_KEYS = Qt.KeyboardModifier.NoModifier
LEFT_BUTTON = Qt.MouseButton.LeftButton
HARMLESS = ("propagateSizeHints", "This plugin does not support", "occurs outside target window")
"""What the offscreen screen and the made-up pointer say of themselves."""


@dataclass
class Reader:
    """Does to a program what a user would do to it, through the window's own events."""

    program: Program
    qtbot: QtBot
    said: list[str] = field(default_factory=list)
    """Every sentence that was ever on screen as a notice, in order."""
    has_ended: bool = False

    def __post_init__(self) -> None:
        self.state.notices.changed.connect(self._hear)

    @property
    def window(self) -> Window:
        return self.program.window

    @property
    def state(self) -> AppState:
        return self.program.state

    @property
    def trace(self) -> Trace:
        trace = self.state.a.trace
        assert trace is not None, "nothing is open"
        return trace

    # ---- hands ----

    def press(self, *keys: str) -> None:
        """Press keys, written as Qt writes them, one after the other; they go where the keyboard is."""
        for key in keys:
            combination = QKeySequence(key)[0]
            QTest.keyPress(self.front(), combination.key(), combination.keyboardModifiers())
            QTest.keyRelease(self.front(), combination.key(), combination.keyboardModifiers())
        self.look()

    def type(self, text: str) -> None:
        """Type letters where the keyboard is."""
        for letter in text:
            QTest.keyClick(self.front(), letter)
        self.look()

    def click(self, widget: QWidget, where: QPointF | None = None, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Click on what is seen at this place of a widget: the window decides who gets it."""
        self._bring_into_view(widget)
        assert widget.isVisible(), f"{widget.objectName() or widget!r} is not to be seen"
        middle = QPointF(widget.rect().center())
        QTest.mouseClick(widget.window().windowHandle(), LEFT_BUTTON, keys, self._in_window(widget, where or middle))
        self.look()

    def drag(self, widget: QWidget, start: QPointF, end: QPointF) -> None:
        """Press, move, release."""
        handle = widget.window().windowHandle()
        first, last = self._in_window(widget, start), self._in_window(widget, end)
        QTest.mousePress(handle, LEFT_BUTTON, NO_KEYS, first)
        for part in (0.25, 0.5, 0.75, 1.0):
            QTest.mouseMove(handle, first + (last - first) * part)
        QTest.mouseRelease(handle, LEFT_BUTTON, NO_KEYS, last)
        self.look()

    def click_button(self, name: str, within: QWidget | None = None) -> None:
        """Click the visible button of this object name, or with these words."""
        self.click(self.button(name, within))

    def click_slot(self, slot: int, feature: int = 0, side: str = "A", keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        """Click a cell of the Memory pane."""
        plot = self.plot("Memory", side)
        self.click(plot, plot.cell_rect(slot, feature).center(), keys)

    def command(self, title: str) -> None:
        """Find a command by its title, through the search, by keys alone."""
        self.press("Ctrl+K")
        self.type(title)
        self.press("Return")

    def open_exhibit(self, name: str) -> None:
        """Open a bundled network through the search, and wait for its episode."""
        self.command(self.window.actions.get(f"exhibit.open.{name}").title)
        self.wait(lambda: self.state.a.trace is not None and not self.state.a.is_waiting)

    # ---- eyes ----

    def look(self) -> None:
        """Let everything that is due happen and be painted."""
        QApplication.processEvents()

    def wait(self, truth: Callable[[], bool], patience: int = PATIENCE) -> None:
        """Wait until something is true."""
        self.qtbot.waitUntil(truth, timeout=patience)

    def button(self, name: str, within: QWidget | None = None) -> QAbstractButton:
        """The visible button of this object name, or with these words."""
        all_of = (within or self.window).findChildren(QAbstractButton)
        found = [b for b in all_of if b.isVisible() and name in (b.objectName(), b.text(), b.accessibleName())]
        assert found, f"no button {name!r} is to be seen"
        return found[0]

    def pane(self, name: str, side: str = "A") -> PaneView:
        found = self.window.panels.stage.pane(name, side)
        assert found is not None, f"the pane {name} does not stand on side {side}"
        return found

    def plot(self, name: str, side: str = "A") -> MatrixPlot:
        """The matrix of a pane."""
        return next(made for made in self.pane(name, side).findChildren(MatrixPlot) if made.isVisible())

    def words(self) -> str:
        """All that the window says in labels that are seen."""
        return "\n".join(made.text() for made in self.window.findChildren(QLabel) if made.isVisible())

    def pixels(self, widget: QWidget | None = None) -> bytes:
        """What is painted, as bytes that can be compared."""
        image = (widget or self.window.panels.stage).grab().toImage()
        return bytes(image.constBits())

    def front(self) -> QWindow:
        """Where keys go: an open list or menu first, else the window."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window
        handle = top.windowHandle()
        assert handle is not None
        return handle

    def _hear(self) -> None:
        for notice in self.state.notices.all:
            if notice.sentence not in self.said[-8:]:
                self.said.append(notice.sentence)

    def _bring_into_view(self, widget: QWidget) -> None:
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                self.look()
                parent.ensureWidgetVisible(widget)
            parent = parent.parentWidget()
        self.look()

    def _in_window(self, widget: QWidget, where: QPointF) -> QPoint:
        return widget.mapTo(widget.window(), where).toPoint()

    # ---- the engine's processes ----

    def wait_for_engine(self) -> None:
        """Wait until the explorer has greeted."""
        self.wait(lambda: self.state.catalogue.engine_is_ready)

    def wait_for_traces(self) -> None:
        """Wait until nothing is on its way any more."""
        self.wait(lambda: not self.state.a.is_waiting and not self.state.b.is_waiting)

    def kill(self, number: int = 0) -> None:
        """Kill a process of the engine: 0 is the explorer, the others are runs."""
        os.kill(self.program.engine.process_ids[number], signal.SIGKILL)


Launch = Callable[..., Reader]
"""Starts the program, on a file if one is given."""


def end(reader: Reader) -> None:
    """Close the window and end the program, as `app.main.main` does; once is enough."""
    if reader.has_ended:
        return
    reader.has_ended = True
    window = reader.program.window
    window.close()
    reader.program.end()
    window.deleteLater()
    QApplication.processEvents()


def processes() -> list[psutil.Process]:
    """The living children of this process, but for the one with which Python itself watches over shared resources."""
    return [child for child in psutil.Process().children(recursive=True) if _is_ours(child)]


def _is_ours(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and "resource_tracker" not in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False
