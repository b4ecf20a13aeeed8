"""A small table of measured figures: words at the left, numbers at the right; a row that opens something can be pressed."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.widgets.buttons import button
from app.widgets.section import Section

Cell = str | int | float

FEW = 4
"""Of more columns than that, each stands closer to the next."""
LONG = 18
"""A row whose name has more letters than that may break it."""


class FiguresTable(QWidget):
    """Filled anew with every result. The first column of a row that opens something is a link."""

    opened = Signal(str)
    """What the pressed row opens."""

    def __init__(self, parent: QWidget | None = None, *, is_narrow: bool = False) -> None:
        """`is_narrow`: each row stands below the other with its headers in words, for a place with no room for columns."""
        super().__init__(parent)
        self._is_narrow = is_narrow
        self._shown: tuple[object, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._title = Section()
        self._column.addWidget(self._title)
        self._body: QWidget | None = None

    def show_table(self, title: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]], opens: Sequence[str] = ()) -> None:
        """Show these rows; what has not changed is left alone."""
        shown = (title, tuple(headers), tuple(map(tuple, rows)), tuple(opens))
        if shown == self._shown:
            return
        self._shown = shown
        self._title.setText(title)
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = (self._below_each_other if self._is_narrow else self._in_columns)(headers, rows, opens)
        self._column.addWidget(self._body)

    def _in_columns(self, headers: Sequence[str], rows: Sequence[Sequence[Cell]], opens: Sequence[str]) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18 if len(headers) <= FEW else 10)
        grid.setVerticalSpacing(4)
        for column, text in enumerate(headers):
            grid.addWidget(_label(text, column, "muted"), 0, column, Qt.AlignmentFlag.AlignBottom)
        for number, row in enumerate(rows, 1):
            place = opens[number - 1] if number <= len(opens) else ""
            for column, cell in enumerate(row):
                made = self._link(str(cell), place) if place and column == 0 else _label(in_a_cell(cell), column)
                grid.addWidget(made, number, column)
        grid.setColumnStretch(len(headers), 1)
        return body

    def _below_each_other(self, headers: Sequence[str], rows: Sequence[Sequence[Cell]], opens: Sequence[str]) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for number, row in enumerate(rows):
            place = opens[number] if number < len(opens) else ""
            head = self._link(str(row[0]), place) if place else _label(in_a_cell(row[0]), 0, "heading")
            said = [f"{header} {in_a_cell(cell)}" for header, cell in zip(headers[1:], row[1:], strict=True) if cell != ""]
            told = _label(" · ".join(said), 0, "muted")
            told.setContentsMargins(0, 0, 0, 6)
            column.addWidget(head)
            column.addWidget(told)
        return body

    def _link(self, text: str, place: str) -> QPushButton:
        made = button(text, "link", f"Open {place.rpartition(':')[2]} on the stage.")
        made.setObjectName(f"opens.{place}")
        made.setAccessibleName(f"Open {place.rpartition(':')[2]}")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.clicked.connect(partial(self._open, place))
        return made

    def _open(self, place: str) -> None:
        self.opened.emit(place)


def in_a_cell(cell: Cell) -> str:
    """A number as it stands in a table: whole ones with their thousands apart."""
    if isinstance(cell, str):
        return cell
    return f"{cell:,}" if isinstance(cell, int) else f"{cell:,.6g}"


def _label(text: str, column: int, tone: str = "") -> QLabel:
    made = QLabel(text)
    made.setProperty("tone", tone)
    made.setWordWrap(tone == "muted" or (column == 0 and len(text) > LONG))
    across = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    made.setAlignment(across | Qt.AlignmentFlag.AlignVCenter)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
