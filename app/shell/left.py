"""The left panel: the lesson, or the navigator with the forms that take its place; below it, how deep the texts go."""

from collections.abc import Callable
from typing import Literal, get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.state.preferences import Depth, Preferences
from app.widgets.buttons import button
from app.widgets.flow_layout import FlowLayout

Tab = Literal["learn", "explore"]
WORDS = {"plain": "everyday words", "technical": "the field's own words", "formula": "formulas with their numbers"}


class LeftPanel(QFrame):
    """A stack of pages, each of one tab. `show_page` brings one to the front; its tab comes with it."""

    wished = Signal(str)
    """The id of a command."""
    tab_changed = Signal(str)

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._preferences = preferences
        self._pages: dict[str, tuple[Tab, QWidget]] = {}
        self._front: dict[Tab, str] = {"learn": "", "explore": ""}
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(DepthSwitch(preferences, self.wished.emit))
        self.setMinimumWidth(220)

    @property
    def page(self) -> str:
        """The page in front."""
        return next((name for name, (_, widget) in self._pages.items() if self._holds(widget)), "")

    def add_page(self, name: str, tab: Tab, page: QWidget, *, scrolls: bool = True) -> None:
        """One more page; the first of a tab is what the tab shows at first."""
        holder = _scrolling(page) if scrolls else page
        self._pages[name] = tab, holder
        self._stack.addWidget(holder)
        self._front[tab] = self._front[tab] or name

    def show_page(self, name: str) -> None:
        """Bring a page to the front."""
        tab, holder = self._pages[name]
        self._front[tab] = name
        self._stack.setCurrentWidget(holder)
        if self._preferences.kept.tab != tab:
            self._preferences.change(tab=tab)
        self.tab_changed.emit(tab)

    def show_tab(self, tab: Tab) -> None:
        """Learn or Explore: the page that was last in front there; Explore once more leads from a form back to the navigator."""
        is_here = tab == "explore" and self._pages[self.page][0] == tab
        first = next(name for name, (of, _) in self._pages.items() if of == tab)
        self.show_page(first if is_here else self._front[tab])

    def give_keyboard(self) -> None:
        """Let the first field of the page in front have the keyboard."""
        page = self._stack.currentWidget()
        if page is None:
            return
        found = page.nextInFocusChain()
        while found is not None and found is not page and page.isAncestorOf(found):
            if found.focusPolicy() & Qt.FocusPolicy.TabFocus and found.isVisible() and found.isEnabled():
                found.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return
            found = found.nextInFocusChain()

    def _holds(self, widget: QWidget) -> bool:
        return self._stack.currentWidget() is widget


class DepthSwitch(QWidget):
    """Text: Plain · Technical · Formula."""

    def __init__(self, preferences: Preferences, perform: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        chips = QWidget()
        flow = FlowLayout(chips, 3)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 10)
        row.setSpacing(8)
        label = QLabel("Text")
        label.setProperty("tone", "muted")
        row.addWidget(label)
        row.addWidget(chips, 1)
        self._buttons: dict[str, QPushButton] = {}
        for depth in get_args(Depth):
            made = button(depth.capitalize(), "chip", tip=f"Explain everything in {WORDS[depth]}.")
            made.setObjectName(f"depth.{depth}")
            made.setAccessibleName(f"Text: {depth}")
            made.setCheckable(True)
            made.clicked.connect(lambda _=False, depth=depth: perform(f"depth.{depth}"))
            self._buttons[depth] = made
            flow.addWidget(made)
        preferences.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        for depth, made in self._buttons.items():
            made.setChecked(depth == self._preferences.kept.depth)


def _scrolling(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(16, 14, 16, 8)
    column.addWidget(page)
    area.setWidget(holder)
    holder.setAutoFillBackground(False)  # the scroll area asks for one
    area.viewport().setAutoFillBackground(False)
    return area
