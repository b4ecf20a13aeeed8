"""Symbols of one's own are typed or pressed, and go to the engine when the network knows them."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.plots.colours import LIGHT
from app.views.own_input import OwnInput
from engine.contract.messages import Record
from engine.contract.trace import Trace
from fake_pairs import pairs_trace
from scripted import Desk, desk

Make = Callable[[Trace], tuple[Desk, OwnInput]]


@pytest.fixture
def open_on(qtbot: QtBot) -> Make:
    def build(trace: Trace) -> tuple[Desk, OwnInput]:
        table = desk()
        table.show(trace)
        view = OwnInput(table.state, LIGHT)
        qtbot.addWidget(view)
        view.resize(260, 700)
        view.show()
        return table, view

    return build


def press(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def asked(table: Desk) -> list[str]:
    return [wish.episode.own for wish in table.engine.sent if isinstance(wish, Record) and wish.episode.own]


@pytest.mark.parametrize("backwards", [False, True])
def test_it_begins_with_the_symbols_on_screen_in_the_order_in_which_they_were_given(open_on: Make, backwards: bool) -> None:
    _, view = open_on(pairs_trace("c a b", backwards=backwards))

    assert view.kind == "symbols"
    assert view.symbols.isVisible()
    assert view.symbols.field.text() == "c a b"


def test_the_alphabet_is_that_of_the_network(open_on: Make) -> None:
    _, view = open_on(pairs_trace())

    assert "".join(key.text() for key in view.symbols.letters) == "abcdefghij"


def test_a_letter_that_is_pressed_goes_to_the_end(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(pairs_trace("c a b"))

    press(qtbot, view.symbols.letters[9])

    assert view.symbols.field.text() == "c a b j"
    assert view.symbols.is_touched


def test_the_last_is_removed_and_all_are_cleared(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(pairs_trace("c a b"))

    press(qtbot, view.symbols.shorter)
    shorter = view.symbols.field.text()
    press(qtbot, view.symbols.clear)

    assert (shorter, view.symbols.field.text()) == ("c a", "")


def test_what_is_typed_without_blanks_is_run_with_them(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(pairs_trace())
    view.symbols.field.clear()

    qtbot.keyClicks(view.symbols.field, "Bad")
    qtbot.keyClick(view.symbols.field, Qt.Key.Key_Return)

    assert asked(table) == ["b a d"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Type at least one symbol, such as a b c."),
        ("a z", "Symbol 2 (“z”) is none that the network knows: a to j."),
        ("a" * 201, "201 symbols are too many; at most 200 can be read."),
    ],
)
def test_what_does_not_fit_is_said_in_place_and_not_sent(open_on: Make, qtbot: QtBot, typed: str, sentence: str) -> None:
    table, view = open_on(pairs_trace())
    view.symbols.field.setText(typed)

    press(qtbot, view.symbols.go)

    assert view.symbols.error.text() == sentence
    assert asked(table) == []


def test_as_on_screen_takes_back_what_was_typed(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(pairs_trace("c a b"))
    press(qtbot, view.symbols.clear)

    press(qtbot, view.symbols.again)

    assert view.symbols.field.text() == "c a b"
    assert not view.symbols.is_touched
