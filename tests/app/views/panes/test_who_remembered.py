"""The pane "Who remembered?": the memory's name, bars for this answer and for a set, and the two buttons."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from staged import placed

from app.plots.bars import Bars
from app.views.pane_view import PaneView
from engine.contract.edits import Edit
from engine.contract.messages import Cancel, Remember, Remembered
from fake_remembering import remembering
from fake_traces import ntm_trace
from scripted import Desk, desk


@pytest.fixture
def seen(qtbot: QtBot) -> tuple[Desk, PaneView]:
    """The pane of a network of one memory, on an episode."""
    table = desk()
    table.show(ntm_trace())
    return table, placed(qtbot, table.state, "Who remembered?", size=(640, 360), trained=False)


def _wish(table: Desk) -> Remember:
    return next(command for command in reversed(table.engine.sent) if isinstance(command, Remember))


def _bring(seen: tuple[Desk, PaneView], **given: object) -> None:
    table, view = seen
    table.state.apply(Remembered(request=_wish(table).request, found=remembering(**given)))
    view.settle()


def _words(view: PaneView) -> str:
    return " ".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def _bars(view: PaneView) -> list[list[str]]:
    return [[bar.name for bar in bars._bars] for bars in view.findChildren(Bars) if bars.isVisible()]


def _button(view: PaneView) -> QPushButton:
    return view.findChildren(QPushButton)[0]


def test_this_episode_is_measured_at_once(seen: tuple[Desk, PaneView]):
    _bring(seen, count=1, one=True)

    assert _bars(seen[1]) == [["everything", "episodic cleared"]]
    assert "which memory it is for sure, a set of episodes says" in _words(seen[1])
    assert "this one episode. Not read off attention." in _words(seen[1])


def test_the_set_names_the_memory_with_its_interval(seen: tuple[Desk, PaneView]):
    _bring(seen, count=1, one=True)
    _button(seen[1]).click()
    _bring(seen, count=64)

    assert "The episodic memory remembered. Without it: " in _words(seen[1])
    assert "n = 64 episodes, 95 % interval. Not read off attention." in _words(seen[1])
    assert "It has no persistent memory." in _words(seen[1])
    assert _bars(seen[1]) == [["everything", "episodic cleared"]] * 2
    intervals = [bar.interval is not None for bars in seen[1].findChildren(Bars) if bars.isVisible() for bar in bars._bars]
    assert intervals == [False, False, True, True]


def test_a_network_of_both_kinds_has_four_bars(seen: tuple[Desk, PaneView]):
    _bring(seen, count=64, kinds=("episode", "persistent"), needs=("persistent",), one=True)

    assert _bars(seen[1]) == [["everything", "episodic cleared", "persistent cleared", "both cleared"]]
    assert "The persistent memory remembered" in _words(seen[1])


def test_the_button_measures_a_set_and_cancels_it(seen: tuple[Desk, PaneView]):
    table, view = seen
    _bring(seen, count=1, one=True)

    _button(view).click()
    view.settle()
    asked, while_it_runs = _wish(table), _button(view).text()
    _button(view).click()
    view.settle()

    assert asked.episodes == 64
    assert while_it_runs == "Cancel"
    assert Cancel(request=asked.request) in table.engine.sent
    assert _button(view).text() == "Measure 64 episodes"


def test_the_answer_follows_the_cursor(seen: tuple[Desk, PaneView]):
    _bring(seen, count=3, one=True, unit="question")
    bars = next(bars for bars in seen[1].findChildren(Bars) if bars.isVisible())
    first = bars._bars[0].value

    seen[0].state.playback.go_to(15)
    seen[1].settle()

    assert bars._bars[0].value != first
    assert "This question (2 of 3)" in _words(seen[1])


def test_the_table_has_each_figure_under_each_condition(seen: tuple[Desk, PaneView]):
    _bring(seen, count=1, one=True)
    _button(seen[1]).click()
    _bring(seen, count=64)

    headers, rows = seen[1].table()

    assert headers == ["figure", "condition", "this answer", "mean of the set", "95 % from", "95 % to"]
    assert [row[1] for row in rows] == ["everything", "episodic cleared"] * 2


def test_in_words_it_says_all_that_is_seen(seen: tuple[Desk, PaneView]):
    _bring(seen, count=1, one=True)

    assert "This episode, loss, bits per sequence: everything " in seen[1].summary()


def test_an_edited_copy_says_that_its_edits_are_left_out(seen: tuple[Desk, PaneView], qtbot: QtBot):
    table, _ = seen
    table.state.what_if.add(Edit(act="erase", channel="memory.contents", step=3, index=(1,)))
    table.state.explorer.rerun()
    table.bring(ntm_trace())

    view = placed(qtbot, table.state, "Who remembered?", "B", size=(640, 360))

    assert "These runs are made without the edits of B." in _words(view)
