"""What goes in, what comes out."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.tape import StoryTape, TapePlot
from app.state.looks import supporting_slots
from app.views.pane_view import PaneView
from app.views.panes.tape import Tape, has_same_questions, wrong_bits, wrong_tokens
from engine.contract.cards import Channel
from engine.contract.trace import Trace
from fake_pairs import pairs_trace
from fake_traces import lstm_trace, memn2n_trace, ntm_trace


def _plot(view: PaneView) -> TapePlot:
    return view.findChildren(TapePlot)[0]


def test_wrong_bits_are_crossed(qtbot: QtBot) -> None:
    trace = ntm_trace(length=6, slots=16, wrong=3)
    view = placed(qtbot, table_with(trace).state, "Tape", size=(700, 116))

    assert len(wrong_bits(trace)) == 3
    assert {row for row, _, _ in _plot(view)._errors} == {2}


def test_the_delimiter_is_a_bar_and_no_row_of_bits(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace(length=6, slots=16)).state, "Tape", size=(700, 116))

    assert _plot(view)._delimiters == (6,)
    assert view.technical() == "Tape · 8 bits × 13 steps"


def test_a_press_goes_to_the_step(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Tape", size=(700, 116))
    table.state.playback.play()

    place = _plot(view).bit_rect(0, 4, 2).center().toPoint()
    qtbot.mouseClick(_plot(view).viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert table.state.playback.step == 4
    assert not table.state.playback.is_playing


def test_back_returns_to_before_a_whole_scrub(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Tape", size=(700, 116))
    for step in (3, 4, 9):
        _plot(view).scrubbed.emit(step)

    table.state.explorer.back()

    assert table.state.playback.step == 0


def test_hovering_names_the_bit(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Tape", size=(700, 116))

    _plot(view).hovered.emit(0, 6, 1)

    assert table.state.lens.hover_says == "input, step 7, bit 2: 0.00"


def test_a_second_tape_leaves_out_what_is_the_same_as_above(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16), lstm_trace(length=6))
    view = placed(qtbot, table.state, "Tape", "B", size=(700, 80))

    assert len(_plot(view)._rows) == 1
    assert view.technical() == "B: Tape · 8 bits × 13 steps, input and target as in A"


def test_a_second_tape_of_another_episode_is_whole(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=16, seed=3, update=100))

    assert len(_plot(placed(qtbot, table.state, "Tape", "B"))._rows) == 3


def test_both_tapes_have_as_many_columns_as_the_longer_episode(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16), ntm_trace(length=3, slots=16, update=100))
    one, other = (placed(qtbot, table.state, "Tape", side, size=(700, 116)) for side in "AB")

    assert _plot(one)._steps == _plot(other)._steps == 13


def test_questions_are_the_same_only_if_input_and_target_are() -> None:
    one = ntm_trace(length=6, slots=16)

    assert has_same_questions(one, lstm_trace(length=6))
    assert not has_same_questions(one, ntm_trace(length=6, slots=16, seed=1))
    assert not has_same_questions(one, None)


def test_a_story_is_told_line_by_line_with_the_answers_so_far(qtbot: QtBot) -> None:
    table = table_with(memn2n_trace(wrong=True))
    view = placed(qtbot, table.state, "Tape", size=(900, 150))

    table.state.playback.go_to(5)
    view.settle()
    story = view.findChildren(StoryTape)[0]._page.story

    assert story.sentences[2] == "Where is Mary?  bathroom"
    assert story.sentences[5] == "Where is Daniel?  garden ✕ hallway"
    assert story.sentences[7] == "Where is John?"
    assert (story.target, story.output) == ("hallway", "garden")


def test_the_facts_that_an_answer_needs_are_marked(qtbot: QtBot) -> None:
    trace = memn2n_trace()
    table = table_with(trace)
    view = placed(qtbot, table.state, "Tape", size=(900, 150))

    table.state.playback.go_to(5)
    view.settle()

    assert supporting_slots(trace, 5) == [2]
    assert view.findChildren(StoryTape)[0]._page.story.supports == (3,)


def test_a_press_on_a_line_goes_there(qtbot: QtBot) -> None:
    table = table_with(memn2n_trace())
    view = placed(qtbot, table.state, "Tape", size=(900, 150))

    view.findChildren(StoryTape)[0].sentence_chosen.emit(4)

    assert table.state.playback.step == 4


def test_hovering_over_a_line_shows_the_slot_that_keeps_it(qtbot: QtBot) -> None:
    table = table_with(memn2n_trace())
    view = placed(qtbot, table.state, "Tape", size=(900, 150))

    view.findChildren(StoryTape)[0].sentence_hovered.emit(3)

    assert table.state.lens.hover is not None
    assert table.state.lens.hover.slots == (2,)
    assert table.state.lens.hover_says == "line 4, kept in slot 2"


def test_a_story_wishes_for_the_height_that_its_lines_need(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(memn2n_trace()).state, "Tape", size=(420, 150))

    assert isinstance(view, Tape)
    assert 96 <= view.height_wished() <= 176


def test_the_table_has_a_row_for_each_step(qtbot: QtBot) -> None:
    trace = ntm_trace(length=6, slots=16)
    headers, rows = placed(qtbot, table_with(trace).state, "Tape").table()

    assert headers[:2] == ["step", "input bit 1"]
    assert len(rows) == 13
    np.testing.assert_allclose([row[1] for row in rows], trace.arrays["tape.input"][:, 0])  # type: ignore[arg-type]  # numbers


def test_the_tape_is_no_difference(qtbot: QtBot) -> None:
    a, b = ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=32, update=100)
    view = placed(qtbot, table_with(a, b, "difference").state, "Tape", "B")

    assert view.summary().startswith("What goes in")


def test_a_bit_that_the_task_calls_no_mistake_is_not_crossed() -> None:
    trace = ntm_trace(length=6, slots=16, wrong=3)
    chance = replace(trace, card=replace(trace.card, events=tuple(e for e in trace.card.events if e.kind != "error")))

    assert wrong_bits(chance) == []


def test_priorities_are_a_row_of_their_own_from_pale_to_dark(qtbot: QtBot) -> None:
    trace = with_priorities(ntm_trace(length=6, slots=16), [-1.0, 0.0, 1.0])

    view = placed(qtbot, table_with(trace).state, "Tape", size=(700, 146))

    assert [row.title for row in _plot(view)._rows] == ["input", "priority", "target", "output"]
    drawn = _plot(view)._rows[1].values
    assert drawn is not None
    assert drawn[:3, 0].tolist() == [0.0, 0.5, 1.0]
    assert np.isnan(drawn[3:]).all()
    assert isinstance(view, Tape)
    assert view.height_wished() > 116


def with_priorities(trace: Trace, priorities: list[float]) -> Trace:
    channel = Channel(
        name="tape.priority", axes=(), kind="scalar", role="priority", low=-1.0, title="priority", says="How early."
    )
    values = np.full(trace.steps, np.nan, np.float32)
    values[: len(priorities)] = priorities
    task = replace(trace.card.task, channels=(*trace.card.task.channels, channel))
    return replace(trace, card=replace(trace.card, task=task), arrays={**trace.arrays, channel.name: values})


def test_wrong_symbols_are_marked_on_the_row_of_the_output(qtbot: QtBot) -> None:
    trace = pairs_trace("c a b d", wrong=2)
    view = placed(qtbot, table_with(trace).state, "Tape", size=(700, 116))

    assert wrong_tokens(trace) == [4, 5]
    assert _plot(view)._errors == ((2, 4, -1), (2, 5, -1))


def test_symbols_are_shown_by_their_names(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(pairs_trace("c a")).state, "Tape", size=(700, 116))

    assert [row.words for row in _plot(view)._rows] == [
        ("c", "a", "begin", "a", "c"),
        ("", "", "a", "c", "end"),
        ("", "", "a", "c", "end"),
    ]
