"""The navigator by mouse and by keyboard."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.plots.colours import LIGHT
from app.state.session import Bookmark
from app.views.navigator import Navigator
from engine.contract.messages import Source
from fake_traces import ntm_trace
from scripted import STORY_PLACE, Desk, desk


@pytest.fixture
def opened(qtbot: QtBot) -> tuple[Desk, Navigator]:
    table = desk()
    table.show(ntm_trace(length=3, slots=8, seed=4))
    view = Navigator(table.state, LIGHT)
    qtbot.addWidget(view)
    view.resize(250, 800)
    view.show()
    return table, view


def _titles(view: Navigator) -> list[str]:
    return [row.text() for row in view.rows()]


def test_a_press_opens_what_the_row_says(opened: tuple[Desk, Navigator], qtbot: QtBot) -> None:
    table, view = opened

    qtbot.mouseClick(view.rows()[1], Qt.MouseButton.LeftButton)

    assert table.engine.asked.source == Source(place=STORY_PLACE)
    assert view.rows()[1].is_current


def test_typing_filters_and_enter_opens_the_first_row(opened: tuple[Desk, Navigator], qtbot: QtBot) -> None:
    table, view = opened

    qtbot.keyClicks(view.filter, "update 1,000")
    shown = _titles(view)
    qtbot.keyClick(view.filter, Qt.Key.Key_Return)

    assert shown == ["Update 1,000"]
    assert table.engine.asked.source.update == 1000


def test_escape_empties_the_filter(opened: tuple[Desk, Navigator], qtbot: QtBot) -> None:
    _, view = opened
    everything = _titles(view)
    qtbot.keyClicks(view.filter, "nothing like this")
    is_said = view.nothing.isVisible()

    qtbot.keyClick(view.filter, Qt.Key.Key_Escape)

    assert is_said
    assert _titles(view) == everything


def test_the_arrows_walk_from_the_filter_through_the_rows(opened: tuple[Desk, Navigator], qtbot: QtBot) -> None:
    table, view = opened
    qtbot.waitExposed(view)
    view.filter.setFocus()

    qtbot.keyClick(view.filter, Qt.Key.Key_Down)
    first = view.focusWidget()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    second = view.focusWidget()
    qtbot.keyClick(second, Qt.Key.Key_Return)

    assert [first, second] == view.rows()[:2]
    assert table.engine.asked.source == Source(place=STORY_PLACE)


def test_a_bookmark_is_removed_by_the_delete_key(opened: tuple[Desk, Navigator], qtbot: QtBot) -> None:
    table, view = opened
    showing = table.state.a.showing
    assert showing is not None
    table.state.stage.bookmark(Bookmark(name="the write", a=showing, step=4))
    view.settle()
    row = view.rows()[-1]

    qtbot.keyClick(row, Qt.Key.Key_Delete)

    assert row.text() == "the write"
    assert table.state.stage.bookmarks == ()
    assert "the write" not in _titles(view)


def test_ones_own_input_and_a_new_training_are_wished_from_the_window(opened: tuple[Desk, Navigator], qtbot: QtBot) -> None:
    _, view = opened
    wishes: list[str] = []
    view.wished.connect(wishes.append)

    qtbot.mouseClick(next(row for row in view.rows() if row.text().startswith("Your own")), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(view.train, Qt.MouseButton.LeftButton)

    assert wishes == ["input.own", "train.start"]


def test_a_run_that_trains_appears_by_itself(opened: tuple[Desk, Navigator], qtbot: QtBot) -> None:
    table, view = opened

    table.state.trainer.start("ntm", "copy", {}, seed=1, updates=100)

    qtbot.waitUntil(lambda: "NTM on Copy, run 1" in _titles(view))


def test_rows_keep_their_widgets_so_that_the_keyboard_keeps_its_place(opened: tuple[Desk, Navigator]) -> None:
    table, view = opened
    before = view.rows()

    table.state.explorer.choose_episode(5)
    view.settle()

    assert view.rows()[:6] == before[:6]


def test_every_row_says_its_words_to_a_screen_reader(opened: tuple[Desk, Navigator]) -> None:
    _, view = opened

    assert view.rows()[0].accessibleName() == "NTM copies, wrong bits 0.02 at length 20, shown now"
