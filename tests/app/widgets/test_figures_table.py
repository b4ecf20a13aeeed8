"""A table of figures: numbers with their thousands apart, and rows that open something."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.widgets.figures_table import FiguresTable, in_a_cell

HEADERS = ("network", "parameters", "wrong")
ROWS = (("NTM", 62860, "0.0%"), ("LSTM", 275464, ""))


def words(table: FiguresTable) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in table.findChildren(QLabel) if label.isVisibleTo(table)]


@pytest.fixture(params=[False, True], ids=["wide", "narrow"])
def table(request: pytest.FixtureRequest, qtbot: QtBot) -> FiguresTable:
    made = FiguresTable(is_narrow=request.param)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_row_that_opens_something_is_a_link(table: FiguresTable, qtbot: QtBot) -> None:
    table.show_table("Networks", HEADERS, ROWS, ("exhibit:ntm-copy", ""))
    QApplication.processEvents()
    link = table.findChild(QPushButton, "opens.exhibit:ntm-copy")
    assert isinstance(link, QPushButton)

    with qtbot.waitSignal(table.opened) as opened:
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)

    assert opened.args == ["exhibit:ntm-copy"]
    assert "LSTM" in words(table)


def test_a_newer_result_takes_the_place_of_the_old_one(table: FiguresTable) -> None:
    table.show_table("Networks", HEADERS, ROWS)

    table.show_table("Networks", HEADERS, ROWS[:1])

    assert "LSTM" not in words(table)


def test_in_a_narrow_place_the_headers_stand_before_their_numbers(qtbot: QtBot) -> None:
    table = FiguresTable(is_narrow=True)
    qtbot.addWidget(table)
    table.show()

    table.show_table("Networks", HEADERS, ROWS)

    assert "parameters 62,860 · wrong 0.0%" in words(table)
    assert "parameters 275,464" in words(table)


@pytest.mark.parametrize(("cell", "text"), [(62860, "62,860"), (0.5, "0.5"), ("best guess 131", "best guess 131")])
def test_numbers_have_their_thousands_apart(cell: str | float, text: str) -> None:
    assert in_a_cell(cell) == text
