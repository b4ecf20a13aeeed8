"""What matched, and what was returned."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.canvas import text_width
from app.plots.colours import DARK
from app.plots.pairs import PairMatrix, PairsPlot
from app.state.lens import Selection
from app.views.pane_view import PaneView
from fake_bank import bank_trace


def _at(qtbot: QtBot, step: int = 4, **wished: bool) -> tuple[PaneView, PairsPlot]:
    table = table_with(bank_trace(**wished))
    table.state.playback.go_to(step)
    view = placed(qtbot, table.state, "Keys and values")
    return view, view.findChildren(PairsPlot)[0]


def _rows(matrix: PairMatrix) -> list[tuple[int, bool]]:
    return [(row.number, row.is_candidate) for row in matrix.rows]


def test_candidates_stand_first_and_a_caption_counts_what_was_set_aside(qtbot: QtBot) -> None:
    _, plot = _at(qtbot)

    assert _rows(plot.matrix) == [(0, True), (1, True), (-1, True), (2, False), (3, False)]
    assert plot.matrix.rows[2].key == "2 pairs set aside: no rare word of the question in the key"


def test_the_pair_that_the_answer_rests_on_bears_a_dot(qtbot: QtBot) -> None:
    _, plot = _at(qtbot)

    assert [row.number for row in plot.matrix.rows if row.is_needed] == [1]


def test_pairs_that_are_set_aside_have_no_share(qtbot: QtBot) -> None:
    _, plot = _at(qtbot)

    assert plot.matrix.weights[:2].sum(0) == pytest.approx([1.0, 1.0, 1.0])
    assert bool((plot.matrix.weights[2:] != plot.matrix.weights[2:]).all())  # absent


def test_the_sentence_says_what_matched_and_what_it_returned(qtbot: QtBot) -> None:
    view, _ = _at(qtbot)

    assert "2 of 4 pairs are candidates. Hop 3 takes most of “Wintergate written by” (0.90) and gets “Tamson”." in view.summary()


def test_a_question_about_nobody_that_is_known_returns_nothing(qtbot: QtBot) -> None:
    view, plot = _at(qtbot, step=5)

    assert "No pair is a candidate: no key shares a rare word with the question. Nothing is returned." in view.summary()
    assert plot.matrix.strongest() == -1


def test_while_facts_are_told_the_bank_grows_and_nothing_is_compared(qtbot: QtBot) -> None:
    view, plot = _at(qtbot, step=2)

    assert [row.number for row in plot.matrix.rows] == [0, 1, 2]
    assert "3 pairs so far" in view.summary()


def test_of_a_story_nothing_is_shown_until_a_question_is_asked(qtbot: QtBot) -> None:
    view, _ = _at(qtbot, step=2, is_told=False)

    assert view.summary() == "A fact is told at this step. Keys are compared when a question is asked."


def test_of_a_story_the_values_are_what_they_would_answer(qtbot: QtBot) -> None:
    _, plot = _at(qtbot, is_told=False)

    assert plot.matrix.rows[1].value == "Tamson"
    assert plot.matrix._heads == ("key: what is matched", "value: what it says alone")


def test_the_hop_of_the_present_micro_step_is_marked(qtbot: QtBot) -> None:
    view, plot = _at(qtbot)
    stages = [stage.name for stage in bank_trace().card.model.micro_steps]

    view.state.playback.go_to(4, stages.index("hop 1"))
    view.settle()

    assert plot.matrix.hop == 0
    view.state.playback.go_to(4, stages.index("hash"))
    view.settle()
    assert plot.matrix.hop is None


def test_a_press_selects_the_pair_for_the_hop_and_the_caption_selects_nothing(qtbot: QtBot) -> None:
    view, plot = _at(qtbot)

    plot.clicked.emit(2, 0, Qt.KeyboardModifier.NoModifier)
    assert view.state.lens.selection.is_empty
    plot.clicked.emit(3, 1, Qt.KeyboardModifier.NoModifier)
    view.settle()

    assert view.state.lens.selection == Selection(channel="hop.attention", hop=1, slots=(2,))
    assert plot.matrix.marks.selected == (3, 1)


def test_hovering_names_pair_hop_and_share(qtbot: QtBot) -> None:
    view, plot = _at(qtbot)

    plot.hovered.emit(1, 2)
    assert view.state.lens.hover_says == "Wintergate written by → Tamson, hop 3: 0.90"
    plot.hovered.emit(4, 2)
    assert view.state.lens.hover_says == "Velmar directed → Wintergate, hop 3: set aside"
    plot.hovered.emit(2, 2)
    assert view.state.lens.hover_says == ""


def test_a_slot_that_is_selected_elsewhere_is_outlined(qtbot: QtBot) -> None:
    view, plot = _at(qtbot)

    view.state.lens.show(Selection(channel="memory.contents", slots=(3,)))
    view.settle()

    assert plot.matrix.marks.selected == (4, -1)


def test_the_table_tells_both_sides_and_every_hop(qtbot: QtBot) -> None:
    headers, rows = _at(qtbot)[0].table()

    assert headers == ["slot", "key", "value", "candidate", "needed", "hop 1", "hop 2", "hop 3"]
    assert rows[1][:5] == [1, "Wintergate written by", "Tamson", 1, 1]
    assert rows[1][5:] == pytest.approx([0.6, 0.8, 0.9])
    assert [row[3] for row in rows] == [1, 1, 0, 0]


def test_the_difference_of_two_records_is_shown_between_the_same_pairs(qtbot: QtBot) -> None:
    table = table_with(bank_trace(), bank_trace(tilt=0.3), "difference")
    table.state.playback.go_to(4)
    view = placed(qtbot, table.state, "Keys and values", "B")
    plot = view.findChildren(PairsPlot)[0]

    assert plot.matrix.weights[:2, 2] == pytest.approx([0.3, -0.3], abs=1e-6)
    assert view.technical() == "Keys and values · step 5 · B − A"


def test_both_lists_keep_their_room_when_the_pane_is_narrow(qtbot: QtBot) -> None:
    table = table_with(bank_trace())
    table.state.playback.go_to(4)
    view = placed(qtbot, table.state, "Keys and values", size=(400, 300))
    matrix = view.findChildren(PairsPlot)[0].matrix

    key, value = matrix._texts(matrix.cell_rect(0, -1))
    assert key.width() >= 100
    wanted = text_width(matrix.face(small=False, weight=QFont.Weight.DemiBold), matrix.rows[0].value)
    assert value.width() >= min(wanted, 60)
    assert matrix.plot_rect().width() >= 3 * 42 * matrix.em() - 1


def test_it_can_be_drawn_in_the_dark(qtbot: QtBot) -> None:
    view, plot = _at(qtbot)

    view.set_palette(DARK)
    view.settle()

    assert plot.matrix.colours is DARK
    assert not view.grab().toImage().isNull()
