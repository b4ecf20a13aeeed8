"""What is answered, how sure."""

from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QLabel
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


def test_scores_stand_from_the_highest_down_and_are_called_scores(qtbot: QtBot) -> None:
    view, bars = _at(qtbot, scored(memn2n_trace(wrong=True)), 5)

    values = [bar.value for bar in bars._bars]
    assert values == sorted(values, reverse=True)
    assert [bar.mark for bar in bars._bars if bar.mark] == ["✕ wrong", "right"]
    assert "score" in view.findChildren(QLabel)[-1].text()
    assert "(score 1.80)" in view.summary()
    assert view.as_table(scored(memn2n_trace()), 5)[0] == ["answer", "score", "is right"]


def test_scores_below_zero_run_to_the_left_of_the_zero_line(qtbot: QtBot) -> None:
    _, bars = _at(qtbot, scored(memn2n_trace()), 5)

    assert min(bar.value for bar in bars._bars) < 0
    assert bars._limits[0] <= min(bar.value for bar in bars._bars)


def test_at_a_micro_step_the_scores_after_that_lookup_are_shown(qtbot: QtBot) -> None:
    _, bars = _at(qtbot, scored(memn2n_trace()), 5, micro=0)

    assert bars._bars[0].value == 0.0


def scored(trace: Trace) -> Trace:
    """The same answers, scored: 4 times the probability, less 2, below probability one half less than 0."""
    names = ("answer.probability", "hop.answer")
    arrays = trace.arrays | {name: trace.arrays[name] * 4 - 2 for name in names}
    arrays["answer.probability"] = np.where(trace.arrays[names[0]] == 0.9, 1.8, arrays[names[0]]).astype(np.float32)
    cards = tuple(
        replace(channel, kind="vector", sums_to_one=False, bounded=False, low=-1.0) if channel.name in names else channel
        for channel in trace.card.model.channels
    )
    return replace(trace, arrays=arrays, card=replace(trace.card, model=replace(trace.card.model, channels=cards)))
