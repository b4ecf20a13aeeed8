"""How it is wired: blocks with the values of the step, ways, and the arithmetic that opens in place."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.wiring import WiringPlot
from app.state.lens import Selection
from app.views.pane_view import PaneView
from app.views.panes.architecture import Architecture
from fake_traces import lstm_trace, memn2n_trace, ntm_trace
from scripted import Desk


def _at(qtbot: QtBot, step: int = 3, micro: int | None = None, heads: int = 1) -> tuple[Desk, Architecture, WiringPlot]:
    table = table_with(ntm_trace(length=6, slots=16, heads=heads))
    table.state.playback.go_to(step, micro)
    view = placed(qtbot, table.state, "Architecture")
    assert isinstance(view, Architecture)
    return table, view, view.findChildren(WiringPlot)[0]


def _values(plot: WiringPlot, block: str, strip: int) -> np.ndarray:
    values = next(b for b in plot._blocks if b.name == block).strips[strip].values
    assert values is not None
    return values


def test_every_block_shows_the_values_of_the_step(qtbot: QtBot) -> None:
    table, view, plot = _at(qtbot)
    trace = table.state.a.trace
    assert trace is not None

    np.testing.assert_array_equal(_values(plot, "write", 0), trace.at("write.weighting", 3))
    np.testing.assert_array_equal(_values(plot, "memory", 0), trace.at("memory.contents", 3))
    np.testing.assert_array_equal(_values(plot, "input", 0)[0], trace.at("tape.input", 3))


def test_the_ways_tell_how_much_flows(qtbot: QtBot) -> None:
    _, _, plot = _at(qtbot)

    assert next(wire.words for wire in plot._wires if wire.says == "writes") == "writes 0.92"


def test_at_a_stage_its_blocks_strips_and_ways_are_the_present_ones(qtbot: QtBot) -> None:
    _, view, plot = _at(qtbot, micro=4)

    assert [block.name for block in plot._blocks if block.is_present] == ["read"]
    assert [s.name for b in plot._blocks for s in b.strips if s.is_present] == ["vector"]
    assert [wire.says for wire in plot._wires if wire.is_present] == ["reads", "r"]
    assert view.technical() == "Architecture · step 4 · read"
    assert "At this stage: The read heads mix the slots where they stand." in view.summary()


def test_before_the_write_the_memory_is_as_the_step_before_left_it(qtbot: QtBot) -> None:
    table, view, plot = _at(qtbot, micro=4)
    trace = table.state.a.trace
    assert trace is not None
    before = _values(plot, "memory", 0).copy()

    table.state.playback.go_to(3, 6)
    view.settle()

    np.testing.assert_array_equal(before, trace.at("memory.contents", 2))
    np.testing.assert_array_equal(_values(plot, "memory", 0), trace.at("memory.contents", 3))


def test_opening_a_block_shows_its_formulas_with_this_step_s_numbers(qtbot: QtBot) -> None:
    table, view, plot = _at(qtbot)

    plot.opened.emit("memory")
    opened = view.card_shown.formulas
    table.state.playback.go_to(4)
    view.settle()

    assert opened[0].startswith("M[3] = M before[3]·(1 − 0.92·e) + 0.92·a")
    assert view.card_shown.formulas[0].startswith("M[4] = ")
    assert view._body.rect().contains(view.card_shown.geometry())


def test_enter_and_arrows_open_a_block_without_a_mouse_and_escape_closes_it(qtbot: QtBot) -> None:
    _, view, plot = _at(qtbot)

    view.enter()
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    is_open = not view.card_shown.isHidden()
    qtbot.keyClick(view.card_shown, Qt.Key.Key_Escape)

    assert plot.chosen == "controller"
    assert is_open
    assert view.card_shown.isHidden()


def test_of_what_comes_from_outside_nothing_is_worked_out(qtbot: QtBot) -> None:
    _, view, plot = _at(qtbot)

    plot.opened.emit("input")

    assert view.card_shown.formulas == []
    assert "nothing to work out" in view.card_shown._says.text()


def test_a_press_on_a_cell_selects_what_it_is(qtbot: QtBot) -> None:
    table, view, plot = _at(qtbot, heads=2)

    plot.cell_clicked.emit("write", 0, 1, 4)
    head = table.state.lens.selection
    plot.cell_clicked.emit("controller", 0, 0, 7)

    assert head == Selection(channel="write.weighting", head=1, slots=(4,))
    assert table.state.lens.selection == Selection(channel="controller.hidden", unit=7)


def test_what_is_selected_elsewhere_is_outlined(qtbot: QtBot) -> None:
    table, view, plot = _at(qtbot)

    table.state.lens.show(Selection(channel="read.weighting", head=0))
    view.settle()
    final = plot._selected
    table.state.lens.show(Selection(channel="read.gate", head=0))
    view.settle()

    assert final == ("read", 0)
    assert plot._selected == ("read", -1)


def test_hovering_tells_the_cell_the_block_and_the_way(qtbot: QtBot) -> None:
    table, view, plot = _at(qtbot)

    plot.hovered.emit("write", 0, 0, 3)
    cell = table.state.lens.hover_says
    plot.hovered.emit("memory", -1, -1, -1)
    block = table.state.lens.hover_says
    plot.wire_hovered.emit(8)

    assert cell == "write weighting, head 1, slot 3: 0.92"
    assert block.startswith("Rows are slots.")
    assert table.state.lens.hover_says == "reads: read vector"


def test_the_table_is_every_formula_with_its_numbers(qtbot: QtBot) -> None:
    headers, rows = _at(qtbot)[1].table()

    assert headers == ["block", "quantity", "formula"]
    assert ["memory", "memory, slot 3"] in [row[:2] for row in rows]
    assert not [row for row in rows if "\n" in str(row[2])]


def test_of_a_model_that_says_nothing_of_its_wiring_its_organs_are_drawn(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(lstm_trace(length=4)).state, "Architecture")

    assert [block.name for block in view.findChildren(WiringPlot)[0]._blocks] == ["input", "state", "output"]


def test_the_line_of_a_story_and_the_answer_stand_as_text(qtbot: QtBot) -> None:
    table = table_with(memn2n_trace())
    table.state.playback.go_to(2)
    view = placed(qtbot, table.state, "Architecture")

    blocks = {block.name: block for block in view.findChildren(WiringPlot)[0]._blocks}

    assert blocks["input"].strips[0].text == "Where is Mary?"
    assert blocks["output"].strips[0].text == "bathroom"


def test_the_difference_of_two_sides_is_drawn_in_its_own_colours(qtbot: QtBot) -> None:
    a, b = ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=16, seed=5, update=100)
    table = table_with(a, b, "difference")
    table.state.playback.go_to(3)
    view = placed(qtbot, table.state, "Architecture", "B")
    plot = view.findChildren(WiringPlot)[0]

    wanted = b.at("write.erase", 3) - a.at("write.erase", 3)

    np.testing.assert_allclose(_values(plot, "write", 1), wanted)
    assert {s.scale for block in plot._blocks for s in block.strips} == {"difference"}
    assert [bar.scale for bar in plot.colour_bars] == ["difference"]


@pytest.mark.parametrize("size", [(400, 420), (1200, 800), (300, 170)])
def test_at_every_size_the_open_arithmetic_stays_in_the_pane(qtbot: QtBot, size: tuple[int, int]) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view: PaneView = placed(qtbot, table.state, "Architecture", size=size)
    assert isinstance(view, Architecture)

    view.open_block("memory")
    QGuiApplication.processEvents()

    assert view._body.rect().contains(view.card_shown.geometry())
