"""Panes in rows: as many beside each other as fit well, every row filled; too many for the room, and they scroll."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.views.pane_view import PaneView

GAP = 8
WELL_HIGH = 215
"""A pane of this height is high enough to read."""
LEAST_HIGH = 150
"""Below this height a picture says nothing any more: the rows are scrolled instead."""


class StageGrid(QScrollArea):
    """Holds some panes and places them; a pane's own wish for width counts within its row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panes: list[PaneView] = []
        self.least_high = 0
        """Below this height a row is scrolled; 0: as its panes wish."""
        self.most_rows = 0
        """Into how many rows the panes are split at most; 0: as many as are read well."""
        self._floor = QWidget()
        self._floor.setObjectName("ground")
        self.setWidget(self._floor)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def panes(self) -> list[PaneView]:
        """The panes that are seen, in their order."""
        return list(self._panes)

    def show_panes(self, panes: Sequence[PaneView]) -> None:
        """Place these panes, and hide the ones that were here before."""
        for pane in self._panes:
            if pane not in panes:
                pane.hide()
        self._panes = list(panes)
        self._place()
        for pane in self._panes:
            pane.setParent(self._floor)
            pane.show()

    def minimumSizeHint(self) -> QSize:
        """The grid may become small: its panes leave out what does not fit."""
        return QSize(160, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt tells of another size."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        panes = iter(self._panes)
        wishes = [pane.wish for pane in self._panes]
        counts = rows_for(wishes, self.width(), self.height(), self.most_rows)
        least = self.least_high or max((pane.least_high for pane in self._panes), default=LEAST_HIGH)
        height = max(self.height(), len(counts) * (least + GAP) - GAP)
        width = self.width() - (self.verticalScrollBar().sizeHint().width() if height > self.height() else 0)
        self._floor.resize(width, height)
        top = 0
        for number, count in enumerate(counts):
            bottom = round((number + 1) * (height + GAP) / len(counts)) - GAP
            row = [next(panes) for _ in range(count)]
            shares, room, left = [pane.wish for pane in row], width - GAP * (count - 1), 0
            for place, pane in enumerate(row):
                right = round(room * sum(shares[: place + 1]) / sum(shares)) + GAP * place
                pane.setGeometry(QRect(left, top, right - left, bottom - top))
                left = right + GAP
            top = bottom + GAP


def rows_for(wishes: Sequence[int], width: int, height: int, most: int = 0) -> list[int]:
    """How many panes each row has: the most readable split (in at most `most` rows), and of equals that with the fewest rows."""

    def legibility(rows: int) -> tuple[float, int]:
        counts, first, wide = _split(len(wishes), rows), 0, 1.0
        for count in counts:
            wide = min(wide, (width - GAP * (count - 1)) / sum(wishes[first : first + count]))
            first += count
        high = max((height - GAP * (rows - 1)) / rows, LEAST_HIGH) / WELL_HIGH
        return round(min(wide, high, 1.0), 2), -rows

    return _split(len(wishes), max(range(1, min(len(wishes), most or len(wishes)) + 1), key=legibility)) if wishes else []


def _split(count: int, rows: int) -> list[int]:
    return [count // rows + (number < count % rows) for number in range(rows)]
