"""The card with a block's arithmetic."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.widgets.arithmetic_card import ArithmeticCard, FormulaShown

FORMULAS = [
    FormulaShown(title="read vector", terms=(("r = 0.98·", -1), ("M[0]", 0))),
    FormulaShown(title="gate", terms=(("g", -1),)),
]


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    return made


def test_it_opens_over_the_block_and_within_the_pane(host: QWidget) -> None:
    card = ArithmeticCard(host)
    card.show_block("Read heads", "Choose a slot.", FORMULAS)

    card.open(QRect(420, 350, 60, 40))

    assert host.rect().contains(card.geometry())
    assert card.geometry().intersects(QRect(420, 350, 60, 40))
    assert card.width() >= 250


def test_each_formula_is_shown_and_told(host: QWidget) -> None:
    card = ArithmeticCard(host)

    card.show_block("Read heads", "", FORMULAS)
    card.open(QRect(0, 0, 100, 100))
    all_of_them = card.formulas
    card.show_block("Read heads", "", FORMULAS[:1])

    assert all_of_them == ["r = 0.98·M[0]", "g"]
    assert card.formulas == ["r = 0.98·M[0]"]
    assert card.accessibleDescription() == "r = 0.98·M[0]"


def test_escape_closes_it(host: QWidget, qtbot: QtBot) -> None:
    card = ArithmeticCard(host)
    card.open(QRect(0, 0, 100, 100))

    with qtbot.waitSignal(card.closed):
        qtbot.keyClick(card, Qt.Key.Key_Escape)

    assert card.isHidden()


def test_the_formula_of_the_present_stage_comes_into_view(host: QWidget, qtbot: QtBot) -> None:
    card = ArithmeticCard(host)
    many = [FormulaShown(title=f"line {i}", terms=((f"{i}", -1),), is_present=i == 15) for i in range(20)]

    card.open(QRect(0, 0, 100, 100))
    card.show_block("Write heads", "", many)

    qtbot.waitUntil(lambda: card._area.verticalScrollBar().value() > 200)
