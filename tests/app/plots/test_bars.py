"""Bars tell which one is pressed and keep one scale."""

import pytest
from PySide6.QtCore import QPoint, Qt

from app.plots.bars import Bar, Bars
from app.plots.colours import LIGHT


@pytest.fixture
def bars(qtbot) -> Bars:
    made = Bars(LIGHT)
    qtbot.addWidget(made)
    made.resize(300, 80)
    made.show()
    return made


def test_a_press_names_the_bar(bars: Bars, qtbot) -> None:
    bars.show_bars([Bar(name="garden", value=0.6), Bar(name="office", value=0.4)])
    with qtbot.waitSignal(bars.clicked) as clicked:
        qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(50, round(bars.sizeHint().height() * 0.75)))

    assert clicked.args == [1]


def test_the_height_follows_the_number_of_bars(bars: Bars) -> None:
    bars.show_bars([Bar(name="a", value=1.0)])
    one = bars.sizeHint().height()
    bars.show_bars([Bar(name=str(i), value=i / 10) for i in range(10)])

    assert bars.sizeHint().height() > 8 * one


@pytest.mark.parametrize("value", [-0.7, 0.0, 5.0, float("nan")])
def test_every_value_can_be_drawn(bars: Bars, value: float) -> None:
    bars.show_bars([Bar(name="x", value=value, interval=(0.1, 0.2), mark="target", is_pale=True)], low=-1, high=1)

    assert not bars.grab().isNull()


def test_a_value_is_written_with_a_true_minus_or_as_it_is_told() -> None:
    assert Bar(name="x", value=-0.5).written == "\N{MINUS SIGN}0.50"
    assert Bar(name="x", value=1, text="3.6 m").written == "3.6 m"
