"""Where the keyboard goes when what had it disappears: to the stage, not to whichever button comes next in the order of Tab."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class HomelessKeys(QObject):
    """Qt hands the keyboard of a hidden widget on to the next one; Space would then press a button that nobody chose."""

    def __init__(self, window: QWidget, home: QWidget) -> None:
        super().__init__(window)
        self._window, self._home = window, home
        QApplication.instance().focusChanged.connect(self._moved)  # type: ignore[union-attr]  # an application there is

    def _moved(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is None or now is None or now is self._home or not isValid(before) or not isValid(self._window):
            return
        is_gone = self._window.isAncestorOf(before) and not before.isVisible() and self._window.isVisible()
        if is_gone and now.window() is self._window:
            self._home.setFocus(Qt.FocusReason.OtherFocusReason)
