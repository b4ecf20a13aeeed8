"""Panes in rows: as many beside each other as fit well, every row filled."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.views.pane_view import PaneView

GAP = 8
WELL = (225, 215)
"""A pane of this width and height is large enough to read."""


class StageGrid(QWidget):
    """Holds some panes and places them; a pane's own wish for width counts within its row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panes: list[PaneView] = []

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
            pane.setParent(self)
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
        counts = rows_for(len(self._panes), self.width(), self.height())
        top = 0
        for number, count in enumerate(counts):
            bottom = round((number + 1) * (self.height() + GAP) / len(counts)) - GAP
            row = [next(panes) for _ in range(count)]
            shares, room, left = [pane.WIDTH for pane in row], self.width() - GAP * (count - 1), 0
            for place, pane in enumerate(row):
                right = round(room * sum(shares[: place + 1]) / sum(shares)) + GAP * place
                pane.setGeometry(QRect(left, top, right - left, bottom - top))
                left = right + GAP
            top = bottom + GAP


def rows_for(count: int, width: int, height: int) -> list[int]:
    """How many panes each row has: the most readable split, and of equally readable ones the one with the fewest rows."""

    def legibility(rows: int) -> tuple[float, int]:
        widest = -(-count // rows)
        wide = (width - GAP * (widest - 1)) / widest / WELL[0]
        high = (height - GAP * (rows - 1)) / rows / WELL[1]
        return round(min(wide, high, 1.0), 2), -rows

    if not count:
        return []
    rows = max(range(1, count + 1), key=legibility)
    return [count // rows + (number < count % rows) for number in range(rows)]
