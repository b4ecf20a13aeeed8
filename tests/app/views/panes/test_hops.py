"""How an answer formed."""

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.hops import HopsPlot
from app.state.lens import Selection
from app.views.pane_view import PaneView
from engine.contract.trace import Trace
from fake_traces import memn2n_trace
from story_traces import linear_start, read_by


def _at_question(qtbot: QtBot, step: int = 5, trace: Trace | None = None) -> tuple[PaneView, HopsPlot]:
    table = table_with(trace or memn2n_trace())
    table.state.playback.go_to(step)
    view = placed(qtbot, table.state, "Hops")
    return view, view.findChildren(HopsPlot)[0]


def test_each_fact_that_is_told_has_a_row_with_its_text_and_slot(qtbot: QtBot) -> None:
    _, plot = _at_question(qtbot)

    assert plot.matrix._items == (
        "Mary moved to the bathroom.",
        "John went to the hallway.",
        "Daniel went back to the hallway.",
        "Sandra moved to the garden.",
    )
    assert plot.matrix._numbers == (0, 1, 2, 3)


def test_the_facts_that_the_answer_needs_bear_a_dot(qtbot: QtBot) -> None:
    view, plot = _at_question(qtbot)

    assert plot.matrix._supports == frozenset({2})
    assert "The answer needs: Daniel went back to the hallway." in view.summary()


def test_at_a_statement_the_pane_says_that_the_hops_come_later(qtbot: QtBot) -> None:
    view, plot = _at_question(qtbot, step=1)

    assert view.summary() == "A fact is told at this step. The hops begin when a question is asked."
    assert view.table() == ([], [])


def test_the_hop_of_the_present_micro_step_is_marked(qtbot: QtBot) -> None:
    view, plot = _at_question(qtbot)

    view.state.playback.go_to(5, 1)
    view.settle()

    assert plot.matrix._hop == 1


def test_a_press_selects_the_fact_for_the_hop(qtbot: QtBot) -> None:
    view, plot = _at_question(qtbot)

    plot.clicked.emit(2, 1, Qt.KeyboardModifier.NoModifier)
    view.settle()

    assert view.state.lens.selection == Selection(channel="hop.attention", hop=1, slots=(2,))
    assert plot.matrix.marks.selected == (2, 1)


def test_hovering_names_the_share(qtbot: QtBot) -> None:
    view, plot = _at_question(qtbot)

    plot.hovered.emit(2, 0)

    assert view.state.lens.hover_says.startswith("slot 2, hop 1: 0.")


def test_a_slot_that_is_selected_elsewhere_is_outlined(qtbot: QtBot) -> None:
    view, plot = _at_question(qtbot)

    view.state.lens.show(Selection(channel="memory.contents", slots=(1,)))
    view.settle()

    assert plot.matrix.marks.selected == (1, -1)


def test_the_table_tells_slot_fact_need_and_every_hop(qtbot: QtBot) -> None:
    headers, rows = _at_question(qtbot)[0].table()

    assert headers == ["slot", "fact", "needed", "hop 1", "hop 2", "hop 3"]
    assert [row[2] for row in rows] == [0, 0, 1, 0]


def test_shares_say_what_they_add_up_to_and_how_widely_they_are_spread(qtbot: QtBot) -> None:
    _, plot = _at_question(qtbot)
    foot = dict(plot.matrix._foot)

    assert foot["sum over facts"] == ("1.00", "1.00", "1.00")
    assert all(0 < float(text) < 1.4 for text in foot["spread, nats"])


def test_it_says_which_hop_first_found_what_the_answer_rests_on(qtbot: QtBot) -> None:
    view, _ = _at_question(qtbot)

    assert view._found.text() == "Found first: fact 2 by hop 1."


def test_a_story_that_is_longer_than_the_memory_is_told_with_what_is_gone(qtbot: QtBot) -> None:
    trace = memn2n_trace()
    note = "The story tells 12 facts and the memory keeps the newest 10: by its end the first 2 are gone."
    longer = replace(trace, card=replace(trace.card, labels={**trace.card.labels, "note": (note,)}))
    view, _ = _at_question(qtbot, trace=longer)

    assert view._found.text() == f"Found first: fact 2 by hop 1. {note}"


def test_passes_of_gates_are_called_so_and_have_no_spread(qtbot: QtBot) -> None:
    view, plot = _at_question(qtbot, trace=read_by("gate"))

    assert plot.matrix._names == ("pass 1", "pass 2")
    assert [title for title, _ in plot.matrix._foot] == ["sum (gates are independent)"]
    assert view.technical() == "Passes · step 6 · independent gates"
    assert view.table()[0] == ["slot", "fact", "needed", "pass 1", "pass 2"]
    assert "Pass 1 lets in most of slot 2 (gate " in view.summary()


def test_a_hard_choice_is_a_choice(qtbot: QtBot) -> None:
    view, plot = _at_question(qtbot, trace=read_by("decision", "choice"))

    assert view.technical() == "Choices · step 6 · a hard choice"
    assert "Choice 1 chooses slot 2." in view.summary()
    assert plot.matrix._foot == ()


def test_the_linear_start_is_drawn_on_a_signed_scale_and_says_what_it_is(qtbot: QtBot) -> None:
    view, plot = _at_question(qtbot, trace=linear_start())

    bar = plot.matrix.colour_bar
    assert (bar.scale, bar.low, bar.badge) == ("signed", -bar.high, "linear weights, not a distribution")
    assert plot.matrix._foot == ()
    assert "Hop 1 scores slot " in view.summary()


def test_before_a_question_the_passes_are_announced_as_such(qtbot: QtBot) -> None:
    view, _ = _at_question(qtbot, step=1, trace=read_by("gate"))

    assert view.summary() == "A fact is told at this step. The passes begin when a question is asked."
