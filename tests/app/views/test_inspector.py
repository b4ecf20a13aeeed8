"""The Inspector says what is selected, with the trace's own numbers, and follows cursor, side and pins."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.plots.colours import DARK, LIGHT
from app.state.lens import Selection
from app.views.inspector import Inspector
from app.views.inspector_history import with_dashes
from engine.contract.cards import Metric
from engine.contract.results import Measurement
from engine.contract.trace import Trace
from fake_traces import STORIES, lstm_trace, memn2n_trace, ntm_trace
from scripted import Desk, desk, exhibit

WRITE = Selection(channel="write.weighting", head=0, slots=(3,))
SLOT = Selection(channel="memory.contents", slots=(3,))
Make = Callable[[Trace | None], tuple[Desk, Inspector]]


@pytest.fixture
def open_on(qtbot: QtBot) -> Make:
    def build(trace: Trace | None) -> tuple[Desk, Inspector]:
        table = desk()
        if trace is not None:
            table.show(trace)
        inspector = Inspector(table.state, LIGHT)
        qtbot.addWidget(inspector)
        inspector.resize(320, 860)
        inspector.show()
        return table, inspector

    return build


def _select(table: Desk, selection: Selection, step: int = 3) -> None:
    table.state.playback.go_to(step)
    table.state.lens.select(selection, table.state.explorer.here)


def test_without_an_episode_it_says_what_to_do(open_on: Make) -> None:
    _, inspector = open_on(None)

    inspector.settle()

    assert inspector.thing.title == "Nothing to look at yet"
    assert inspector.what_if.isHidden()


def test_the_selected_head_is_named_with_its_step_its_stages_and_its_formula(open_on: Make) -> None:
    trace = ntm_trace(length=6, slots=16)
    table, inspector = open_on(trace)
    _select(table, WRITE)

    inspector.settle()

    gate = float(trace.arrays["write.gate"][3, 0])
    assert inspector.thing.title == "Write head 1, step 4"
    assert inspector.thing.bars.accessibleName().startswith("slot 3 0.92; slot 4 0.08")
    assert "sharpen" in inspector.address.plot.accessibleName()
    assert inspector.formula.box.plain_text.startswith(f"w = sharpen(shift({gate:.2f}·content")
    assert inspector.history.steps.accessibleName() == "write weighting, slot 3 over 13 steps"


def test_moving_the_cursor_shows_the_next_step_in_the_next_turn(open_on: Make, qtbot: QtBot) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))
    _select(table, WRITE)

    table.state.playback.move(1)

    qtbot.waitUntil(lambda: inspector.thing.title == "Write head 1, step 5")


def test_with_nothing_selected_the_events_of_the_step_are_shown(open_on: Make) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))

    table.state.playback.go_to(2)
    inspector.settle()
    writing = inspector.thing.title
    table.state.playback.go_to(9)
    inspector.settle()

    assert (writing, inspector.thing.title) == ("Write head 1, step 3", "Read head 1, step 10")


def test_plain_words_have_no_formula_and_formula_words_have_the_symbols_too(open_on: Make) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))
    _select(table, WRITE)
    shown = {}

    for depth in ("plain", "technical", "formula"):
        table.state.preferences.change(depth=depth)
        inspector.settle()
        shown[depth] = (inspector.formula.isVisible(), inspector.formula._symbols.isVisible())

    assert shown == {"plain": (False, False), "technical": (True, False), "formula": (True, True)}


def test_a_pressed_term_selects_its_slot(open_on: Make) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))
    _select(table, Selection(channel="read.vector", head=0), step=9)
    inspector.settle()

    inspector.formula.box.term_clicked.emit(2)

    assert table.state.lens.selection.slots == (2,)


def test_a_pressed_bar_and_a_pressed_stage_select_their_slot(open_on: Make) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))
    _select(table, WRITE)
    inspector.settle()

    inspector.thing.bars.clicked.emit(1)
    by_bar = table.state.lens.selection
    inspector.address.plot.slot_clicked.emit(7)

    assert by_bar == Selection(channel="write.weighting", head=0, slots=(4,))
    assert table.state.lens.selection.slots == (7,)


def test_the_numbers_can_be_copied(open_on: Make) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))
    _select(table, SLOT)
    inspector.settle()

    inspector.thing._copy.click()

    assert len(QGuiApplication.clipboard().text().split("\t")) == 20


def test_what_the_mouse_is_over_is_said_in_the_first_line(open_on: Make) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))

    table.state.lens.point_at(SLOT, "slot 3, feature 5: −0.25")

    assert inspector.thing._hover.text() == "slot 3, feature 5: −0.25"


def test_a_value_that_stands_alone_between_gaps_is_seen_as_a_dash() -> None:
    x, y = with_dashes(np.array([np.nan, 0.5, np.nan, 0.25, 0.75]))

    assert x[2] < 1 < x[3]
    assert y[2] == y[3] == 0.5
    assert x[6] == x[7] == 3


def test_each_pin_adds_a_curve_and_can_be_let_go(open_on: Make, qtbot: QtBot) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))
    for slot in (1, 2):
        _select(table, Selection(channel="write.weighting", head=0, slots=(slot,)))
        table.state.lens.pin()
    inspector.settle()
    before = len(inspector.history.steps._lines)

    qtbot.mouseClick(inspector.history._chips.itemAt(0).widget(), Qt.MouseButton.LeftButton)
    inspector.settle()

    assert before == 3
    assert [pin.letter for pin in table.state.lens.pins] == ["P2"]
    assert len(inspector.history.steps._lines) == 2


def test_the_history_over_training_is_drawn_from_the_checkpoints_seen(open_on: Make) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))
    _select(table, WRITE)
    inspector.settle()
    before = inspector.history.training.isVisible()
    table.state.explorer.choose_checkpoint(1000)
    table.bring(ntm_trace(length=6, slots=16, update=1000))

    inspector.settle()

    assert not before
    assert inspector.history.training.isVisible()
    assert list(inspector.history.training._lines[0].x) == [1000, 7000]


def test_a_press_in_the_history_moves_the_cursors(open_on: Make) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))
    _select(table, WRITE)
    inspector.settle()

    inspector.history.steps.clicked.emit(8.4)

    assert table.state.playback.step == 8


def test_a_selection_that_is_not_in_this_network_is_said(open_on: Make) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))
    _select(table, Selection(slots=(900,)))

    inspector.settle()

    assert inspector.thing.title == "Not in this network"


def test_side_b_is_looked_at_when_it_was_clicked_there(open_on: Make) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))
    table.state.explorer.compare_with("exhibit:lstm-copy")
    table.bring(lstm_trace(length=4))
    _select(table, Selection(side="B", channel="state.cell", layer=1, unit=5))
    inspector.settle()
    title = inspector.thing.title
    table.state.playback.last()
    inspector.settle()

    assert title == "Cell, layer 2, unit 5, step 4"
    assert "has ended" in inspector.thing._says.text()


def test_a_hop_and_a_fact_of_a_story_are_described_too(open_on: Make) -> None:
    table, inspector = open_on(memn2n_trace())
    _select(table, Selection(slots=(0,)), step=7)
    inspector.settle()
    said = inspector.thing._says.text()
    _select(table, Selection(channel="hop.attention", hop=1), step=7)
    inspector.settle()

    assert "Mary moved to the bathroom." in said
    assert inspector.thing.title == "Hop 2, step 8"


def test_the_foot_names_the_paper(open_on: Make) -> None:
    _, inspector = open_on(ntm_trace(length=6, slots=16))

    inspector.settle()

    assert "Graves et al. 2014" in inspector.foot.text()


def test_hidden_it_draws_nothing_and_shown_again_it_catches_up(open_on: Make) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))
    inspector.settle()
    inspector.hide()

    _select(table, WRITE, step=5)
    before = inspector.thing.title
    inspector.show()

    assert before == "Write head 1, step 1"
    assert inspector.thing.title == "Write head 1, step 6"


def test_another_theme_reaches_every_plot(open_on: Make) -> None:
    _, inspector = open_on(ntm_trace(length=6, slots=16))

    inspector.set_palette(DARK)

    plots = (inspector.thing.bars, inspector.address.plot, inspector.history.steps, inspector.history.training)
    assert {plot.colours.name for plot in plots} == {"dark"}


def test_an_edit_begun_by_key_opens_its_form(open_on: Make) -> None:
    table, inspector = open_on(ntm_trace(length=6, slots=16))
    _select(table, SLOT)

    inspector.begin_edit("set")

    assert inspector.what_if.form.isVisible()
    assert inspector.what_if.form.question.text() == "Set slot 3 to one number, or 20 numbers"


def test_what_was_measured_of_an_exhibit_row_by_row_stands_at_its_end(qtbot: QtBot) -> None:
    table = desk()
    rows = {"1": 0.01, "2": 0.125}
    found = Measurement(
        model="memn2n", task="babi", settings={"tasks": "1,2", "questions": 1000, "hops": 3}, parameters=9, slots=50,
        episodes=2000, seed=7, metrics={"error": 0.06, "by_task": {**rows}},
    )  # fmt: skip
    card = exhibit("memn2n-babi", "memn2n", "babi", measured=(found,), settings=found.settings)
    by_task = Metric(name="by_task", title="wrong answers by task", says="The same among the questions of each task.")
    table.state.catalogue.exhibits = (card,)
    table.state.catalogue.tasks = (replace(STORIES, metrics=(*STORIES.metrics, by_task)),)
    inspector = Inspector(table.state, LIGHT)
    qtbot.addWidget(inspector)
    inspector.settle()
    assert inspector.measured.isHidden()

    table.state.explorer.open("exhibit:memn2n-babi")
    inspector.settle()

    words = [label.text() for label in inspector.measured.findChildren(QLabel)]
    assert not inspector.measured.isHidden()
    assert words[:1] == ["wrong answers by task"]
    assert {"here", "paper", "12.5 %", "11.4 %", "mean"} <= set(words)
