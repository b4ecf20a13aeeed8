"""What is answered, how sure."""

from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.bars import Bars
from app.state.lens import Selection
from app.views.pane_view import PaneView
from engine.contract.trace import Trace
from fake_traces import memn2n_trace, ntm_trace


def _at(qtbot: QtBot, trace: Trace, step: int, micro: int | None = None) -> tuple[PaneView, Bars]:
    table = table_with(trace)
    table.state.playback.go_to(step, micro)
    view = placed(qtbot, table.state, "Readout")
    return view, view.findChildren(Bars)[0]


def test_the_most_probable_answers_stand_first_and_the_right_one_is_marked(qtbot: QtBot) -> None:
    _, bars = _at(qtbot, memn2n_trace(), 5)

    assert (bars._bars[0].name, bars._bars[0].mark) == ("hallway", "right")


def test_a_wrong_answer_is_crossed_and_the_right_one_still_shown(qtbot: QtBot) -> None:
    view, bars = _at(qtbot, memn2n_trace(wrong=True), 5)

    assert (bars._bars[0].name, bars._bars[0].mark) == ("garden", "✕ wrong")
    assert "right" in [bar.mark for bar in bars._bars]
    assert view.summary() == "What does it answer, how sure? It answers garden (0.90). Right: hallway."


def test_each_bit_stands_against_its_target_and_wrong_ones_are_crossed(qtbot: QtBot) -> None:
    trace = ntm_trace(length=6, slots=16, wrong=1)
    step = int(trace.card.events[-1].step)

    _, bars = _at(qtbot, trace, step)

    assert len(bars._bars) == 8
    assert [bar.mark.startswith("✕ should be") for bar in bars._bars].count(True) == 1


def test_bits_that_do_not_count_have_no_target(qtbot: QtBot) -> None:
    _, bars = _at(qtbot, ntm_trace(length=6, slots=16), 0)

    assert {bar.mark for bar in bars._bars} == {""}


def test_at_a_micro_step_the_answer_after_that_hop_is_shown(qtbot: QtBot) -> None:
    view, bars = _at(qtbot, memn2n_trace(), 5, micro=0)

    assert bars._bars[0].value == 0.5
    assert view.technical() == "Readout · step 6, after hop 1"


def test_a_step_without_an_answer_says_so(qtbot: QtBot) -> None:
    view, bars = _at(qtbot, memn2n_trace(), 0)

    assert view.summary() == "Nothing is answered at this step."
    assert not bars.isVisible()


def test_a_press_selects_the_answer(qtbot: QtBot) -> None:
    view, bars = _at(qtbot, memn2n_trace(), 5)

    bars.clicked.emit(0)

    assert view.state.lens.selection == Selection(channel="answer.probability", answer=1)


def test_in_the_difference_view_bars_run_both_ways(qtbot: QtBot) -> None:
    table = table_with(memn2n_trace(), memn2n_trace(wrong=True), "difference")
    table.state.playback.go_to(5)

    bars = placed(qtbot, table.state, "Readout", "B").findChildren(Bars)[0]

    assert min(bar.value for bar in bars._bars) < 0 < max(bar.value for bar in bars._bars)


def test_the_table_has_every_answer(qtbot: QtBot) -> None:
    headers, rows = _at(qtbot, memn2n_trace(), 5)[0].table()

    assert headers == ["answer", "probability", "is right"]
    assert [row[2] for row in rows] == [0, 1, 0, 0, 0, 0]
