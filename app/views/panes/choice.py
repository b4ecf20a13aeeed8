"""A word in a pane's header that opens a short list: which head, which bank, which quantity."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.widgets.buttons import TextButton


class Choice(TextButton):
    """One of a few names; hidden while there is nothing to choose between."""

    chosen = Signal(int)
    """The index of the name that the reader chose."""

    def __init__(self, tip: str, parent: QWidget | None = None) -> None:
        super().__init__("", tip, parent)
        self._names: tuple[str, ...] = ()
        self._index = 0
        self.clicked.connect(self._open)
        self.hide()

    @property
    def index(self) -> int:
        """The chosen one."""
        return self._index

    @property
    def names(self) -> tuple[str, ...]:
        """What is offered."""
        return self._names

    def offer(self, names: tuple[str, ...]) -> None:
        """Offer these names; the one that was chosen stays chosen if it is still there."""
        before = self._names[self._index] if self._index < len(self._names) else ""
        self._names = names
        self.choose(names.index(before) if before in names else 0)
        self.setVisible(len(names) > 1)

    def choose(self, index: int) -> None:
        """Show one as chosen; asks nobody."""
        self._index = index
        self.set_text(f"{self._names[index]} ▾" if index < len(self._names) else "")

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for index, name in enumerate(self._names):
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(index == self._index)
            action.triggered.connect(lambda _=False, wanted=index: self._take(wanted))
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _take(self, index: int) -> None:
        self.choose(index)
        self.chosen.emit(index)
