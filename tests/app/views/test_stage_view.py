"""The stage: panes, sides, the large pane, and what it says while there is nothing."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from staged import table_with

from app.plots.colours import DARK, LIGHT
from app.plots.matrix_canvas import MatrixCanvas
from app.state.app_state import AppState
from app.views.stage_view import StageView
from app.widgets.help_card import HelpCard
from engine.contract.edits import Edit
from fake_traces import lstm_trace, memn2n_trace, ntm_trace
from scripted import desk

ERASE = Edit(act="erase", channel="memory.contents", step=3, index=(2,))


def _stage(qtbot: QtBot, state: AppState, size: tuple[int, int] = (840, 700)) -> StageView:
    view = StageView(state, LIGHT)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    view.settle()
    return view


def _names(view: StageView) -> list[tuple[str, str]]:
    return [(pane.card.name, pane.side.name) for pane in view.shown_panes]


def test_the_panes_of_the_model_open_below_the_tape(qtbot: QtBot) -> None:
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16)).state)

    assert _names(view) == [("Tape", "A"), ("Writes", "A"), ("Memory", "A"), ("Reads", "A")]


def test_another_model_brings_its_own_panes(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = _stage(qtbot, table.state)

    table.show(memn2n_trace())
    view.settle()

    assert _names(view) == [("Tape", "A"), ("Hops", "A"), ("Readout", "A"), ("Memory", "A")]


def test_a_pane_that_is_kept_is_the_same_one(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = _stage(qtbot, table.state)
    before = view.pane("Memory")

    table.state.stage.add("Curves")
    view.settle()

    assert view.pane("Memory") is before
    assert view.pane("Curves") is not None


def test_a_pane_can_be_closed(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = _stage(qtbot, table.state)

    table.state.stage.remove("Memory")
    view.settle()

    assert view.pane("Memory") is None


def test_one_pane_fills_the_stage_and_the_grid_comes_back(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = _stage(qtbot, table.state)

    table.state.stage.enlarge("Memory")
    view.settle()
    large = _names(view)
    table.state.stage.enlarge("")
    view.settle()

    assert large == [("Tape", "A"), ("Memory", "A")]
    assert len(_names(view)) == 4


def test_two_sides_show_the_same_panes_with_equal_limits(qtbot: QtBot) -> None:
    b = ntm_trace(length=6, slots=16, update=100)
    b.arrays["memory.contents"][:] *= 30
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16), b).state)

    names = ("Writes", "Memory", "Reads")
    one, other = ([view.pane(name, side) for name in names] for side in "AB")

    assert None not in (*one, *other)
    limits = [
        [(plot.colour_bar.low, plot.colour_bar.high) for pane in side if pane for plot in pane.findChildren(MatrixCanvas)]
        for side in (one, other)
    ]
    assert limits[0] == limits[1]


def test_what_differs_and_how_the_sides_are_aligned_stands_between_them(qtbot: QtBot) -> None:
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=16, update=100)).state)

    assert view._strip.label.text() == (
        "differs: weights, checkpoint; same: model, task, episode, slots  ·  aligned by step, 13 each"
    )


def test_another_model_as_b_shows_panes_that_fit_it(qtbot: QtBot) -> None:
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16), lstm_trace(length=6)).state)

    assert [name for name, side in _names(view) if side == "B"] == ["Tape", "State and gates", "Curves"]


def test_d_replaces_b_by_the_difference(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=16, update=100))
    view = _stage(qtbot, table.state)

    table.state.explorer.set_mode("difference")
    view.settle()
    pane = view.pane("Memory", "B")

    assert pane is not None
    assert pane.findChildren(MatrixCanvas)[0].colour_bar.scale == "difference"
    assert view._lines["B"].letter.accessibleName() == "side B \N{MINUS SIGN} A"


def test_a_difference_between_models_is_refused_in_each_pane(qtbot: QtBot) -> None:
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16), lstm_trace(length=6), "difference").state)
    pane = view.pane("Memory", "B")

    assert pane is not None
    assert pane.summary()


def test_an_empty_b_says_how_to_fill_it(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = _stage(qtbot, table.state)

    table.state.explorer.set_mode("split")
    view.settle()
    buttons = {b.text(): b for b in view._empty.findChildren(QPushButton) if b.isVisibleTo(view)}

    assert list(buttons) == ["Compare with …"]
    with qtbot.waitSignal(view.wished) as wished:
        buttons["Compare with …"].click()
    assert wished.args == ["compare.with"]


def test_an_empty_b_offers_to_run_again_where_there_are_edits(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = _stage(qtbot, table.state)
    table.state.what_if.add(ERASE)
    table.state.explorer.set_mode("split")
    view.settle()
    again = next(b for b in view._empty.findChildren(QPushButton) if b.text().startswith("Run A again"))

    assert again.isVisibleTo(view)
    with qtbot.waitSignal(view.wished) as wished:
        again.click()
    assert wished.args == ["edit.rerun"]


def test_the_first_line_of_an_edited_copy_says_what_came_of_it(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = _stage(qtbot, table.state)
    table.state.what_if.add(ERASE)
    table.state.explorer.rerun()

    table.bring(ntm_trace(length=6, slots=16, wrong=4, edits=(ERASE,)))
    view.settle()

    assert "Output changed: wrong bits 0 to 4." in view._lines["B"].label.text()


def test_the_strip_closes_the_comparison_and_shows_the_difference(qtbot: QtBot) -> None:
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=16, update=100)).state)

    with qtbot.waitSignal(view.wished) as wished:
        view._strip.difference.click()

    assert wished.args == ["compare.difference"]


@pytest.mark.parametrize("mode", ["split", "difference"])
def test_leaving_the_comparison_hides_the_second_side(qtbot: QtBot, mode: str) -> None:
    table = table_with(ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=16, update=100))
    view = _stage(qtbot, table.state)

    table.state.explorer.close_b()
    view.settle()

    assert {side for _, side in _names(view)} == {"A"}


def test_before_anything_is_open_the_stage_says_what_to_do(qtbot: QtBot) -> None:
    view = _stage(qtbot, desk().state)

    assert view._sentence.isVisible()
    assert view._sentence.text().startswith("Nothing is open.")
    assert view.current_pane is None


def test_while_the_first_episode_is_recorded_the_stage_says_so(qtbot: QtBot) -> None:
    table = desk()
    table.state.explorer.open("exhibit:ntm-copy")

    view = _stage(qtbot, table.state)

    assert "Recording the episode …" in [label.text() for label in view.findChildren(QLabel)]


def test_tab_goes_from_pane_to_pane_and_round(qtbot: QtBot) -> None:
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16)).state)
    view.activateWindow()

    seen = []
    for _ in range(5):
        view.focus_pane(1)
        assert view.current_pane is not None
        seen.append(view.current_pane.card.name)

    assert seen == ["Tape", "Writes", "Memory", "Reads", "Tape"]


def test_the_pane_that_is_worked_in_is_the_current_one_and_looks_so(qtbot: QtBot) -> None:
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16)).state)
    reads = view.pane("Reads")
    assert reads is not None

    reads.activated.emit()

    assert view.current_pane is reads
    assert reads.frame._is_present


def test_the_first_pane_is_current_before_any_was_chosen(qtbot: QtBot) -> None:
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16)).state)

    assert view.current_pane is view.pane("Writes")


def test_f1_explains_the_current_pane(qtbot: QtBot) -> None:
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16)).state)

    view.explain_pane()
    card = view.findChild(HelpCard)

    assert isinstance(card, HelpCard)
    assert card.accessibleName() == "How to read “Where is it writing?”"
    view.explain_pane()
    assert not card.isVisible()


def test_another_theme_reaches_every_pane(qtbot: QtBot) -> None:
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16)).state)
    QGuiApplication.processEvents()

    view.set_palette(DARK)
    view.settle()

    assert {plot.colours for plot in view.findChildren(MatrixCanvas)} == {DARK}


def test_the_second_tape_is_short_where_only_the_output_differs(qtbot: QtBot) -> None:
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16), lstm_trace(length=6)).state)
    one, other = view.pane("Tape", "A"), view.pane("Tape", "B")

    assert one is not None
    assert other is not None
    assert other.height() < one.height()


def test_the_whole_stage_has_a_summary(qtbot: QtBot) -> None:
    view = _stage(qtbot, table_with(ntm_trace(length=6, slots=16)).state)

    assert "Where is it writing? Write head 1 writes slot 0 (0.92)." in view.summary()


def test_while_two_streams_are_recorded_one_sentence_says_so(qtbot: QtBot) -> None:
    made = table_with(ntm_trace())
    state = made.state
    state.explorer.compare_streams(state.a.showing, state.a.showing)
    state.stage.arrange_for_two(("Memory", "Reads"))
    stage = StageView(state, LIGHT)
    qtbot.addWidget(stage)
    stage.show()

    assert stage.shown_panes == []
    assert "Recording the stream on both sides" in " ".join(label.text() for label in stage.findChildren(QLabel))
