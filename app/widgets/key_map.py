"""The key map: every key and what it does, on one page."""

from collections.abc import Sequence
from itertools import combinations, pairwise

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.widgets.buttons import IconButton
from app.widgets.keycap import Keycap
from app.widgets.overlay import Overlay
from app.widgets.section import Section
from app.widgets.tokens import unit

Group = tuple[str, Sequence[tuple[str, str]]]
"""A heading, and pairs of a key and what it does."""


class KeyMap(Overlay):
    """Groups of keys in three columns over the window; Esc closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(22, 14, 14, 14)
        head = QHBoxLayout()
        title = QLabel("Keys")
        title.setProperty("tone", "title")
        head.addWidget(title)
        head.addStretch(1)
        self._close = IconButton("close", "Close (Esc)")
        self._close.clicked.connect(self.dismiss)
        head.addWidget(self._close)
        column.addLayout(head)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        column.addWidget(self._area, 1)

    def open_with(self, groups: Sequence[Group]) -> None:
        """Show these groups."""
        page = QWidget()
        page.setObjectName("panel")
        columns = QHBoxLayout(page)
        columns.setContentsMargins(0, 4, 8, 4)
        columns.setSpacing(34)
        for part in _split(groups, 3):
            box = QVBoxLayout()
            box.setSpacing(6)
            for heading, keys in part:
                box.addWidget(Section(heading))
                box.addLayout(_table(keys))
                box.addSpacing(14)
            box.addStretch(1)
            columns.addLayout(box, 1)
        self._area.setWidget(page)
        self.open()
        self._close.setFocus(Qt.FocusReason.PopupFocusReason)

    def place_card(self) -> None:
        """In the middle, as large as the keys need."""
        em = unit(self)
        page = self._area.widget()
        needed = (page.sizeHint().height() if page is not None else 0) + round(76 * em)
        width, height = min(round(980 * em), self.width() - 40), min(needed, self.height() - 60)
        self.card.setGeometry(QRect((self.width() - width) // 2, (self.height() - height) // 2, width, height))


def _table(keys: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(5)
    for row, (key, says) in enumerate(keys):
        caps = QHBoxLayout()
        caps.setSpacing(3)
        for one in key.split(" or "):
            caps.addWidget(Keycap(one))
        caps.addStretch(1)
        grid.addLayout(caps, row, 0)
        label = QLabel(says)
        label.setWordWrap(True)
        grid.addWidget(label, row, 1)
    grid.setColumnStretch(1, 1)
    return grid


def _split(groups: Sequence[Group], columns: int) -> list[Sequence[Group]]:
    """Share the groups out, in order, so that the longest column is as short as can be."""
    ways = combinations(range(1, len(groups)), min(columns, len(groups)) - 1)
    cut = [[groups[first:last] for first, last in pairwise((0, *cuts, len(groups)))] for cuts in ways]
    return min(cut, key=lambda parts: max(sum(len(keys) + 2 for _, keys in part) for part in parts))
