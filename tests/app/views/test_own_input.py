"""One's own bits and stories go to the engine when they fit, and are answered in place when they do not."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.plots.colours import LIGHT
from app.views.own_input import OwnInput
from engine.contract.messages import Record
from engine.contract.trace import Trace
from fake_traces import FACTS, PLACES, lstm_trace, memn2n_trace, ntm_trace
from scripted import Desk, desk

Make = Callable[[Trace | None], tuple[Desk, OwnInput]]


@pytest.fixture
def open_on(qtbot: QtBot) -> Make:
    def build(trace: Trace | None) -> tuple[Desk, OwnInput]:
        table = desk()
        if trace is not None:
            table.show(trace)
        view = OwnInput(table.state, LIGHT)
        qtbot.addWidget(view)
        view.resize(260, 700)
        view.show()
        return table, view

    return build


def _knowing(view: OwnInput, *words: str) -> None:
    story = " ".join(FACTS).lower().replace(".", "").replace("?", "").split()
    view.story._known = tuple(sorted({*story, *words}))


def test_without_an_episode_it_says_what_to_do(open_on: Make) -> None:
    _, view = open_on(None)

    assert view.absent.text() == "Open a network first."


def test_it_begins_with_the_vectors_on_screen(open_on: Make) -> None:
    trace = ntm_trace(length=3, slots=8)
    _, view = open_on(trace)

    np.testing.assert_array_equal(view.bits.grid.bits(), trace.arrays["tape.input"][:3, :8] > 0.5)
    assert len(view.bits.field.text().split()) == 3


def test_what_is_drawn_is_written_and_what_is_typed_is_drawn(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(ntm_trace(length=1, slots=8))
    first = view.bits.field.text()[0]

    qtbot.mouseClick(view.bits.grid, Qt.MouseButton.LeftButton, pos=view.bits.grid.cell_rect(0, 0).center().toPoint())
    drawn = view.bits.field.text()[0]
    view.bits.field.clear()
    qtbot.keyClicks(view.bits.field, "11110000 00001111")

    assert drawn == ("0" if first == "1" else "1")
    assert view.bits.grid.bits().astype(int).tolist() == [[1, 1, 1, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1, 1, 1]]


def test_enter_runs_the_bits_in_place_of_the_episode(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(ntm_trace(length=2, slots=8))
    view.bits.field.setText("10110010  01101111")

    qtbot.keyClick(view.bits.field, Qt.Key.Key_Return)

    assert table.engine.asked.episode.own == "10110010 01101111"
    assert view.waiting.text() == "Running …"


def test_run_as_b_leaves_a_alone(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(ntm_trace(length=2, slots=8))

    qtbot.mouseClick(view.bits.beside, Qt.MouseButton.LeftButton)

    assert table.state.b.is_waiting
    assert not table.state.a.is_waiting


def test_wrong_bits_are_answered_in_place_and_nothing_typed_is_lost(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(ntm_trace(length=2, slots=8))
    before = len(table.engine.sent)
    view.bits.field.setText("10110010 012")

    qtbot.mouseClick(view.bits.go, Qt.MouseButton.LeftButton)

    assert view.bits.error.text() == "Vector 2 (012): “2” is neither 0 nor 1."
    assert view.bits.field.text() == "10110010 012"
    assert len(table.engine.sent) == before


def test_vectors_are_added_removed_and_cleared(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(ntm_trace(length=2, slots=8))
    for press in (view.bits.longer, view.bits.longer, view.bits.shorter, view.bits.clear):
        qtbot.mouseClick(press, Qt.MouseButton.LeftButton)

    assert view.bits.field.text() == "00000000 00000000 00000000"


def test_what_is_being_drawn_is_not_overwritten_by_a_newer_episode(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(ntm_trace(length=2, slots=8))
    qtbot.mouseClick(view.bits.longer, Qt.MouseButton.LeftButton)

    table.show(ntm_trace(length=5, slots=8, seed=4))
    kept = len(view.bits.grid.bits())
    qtbot.mouseClick(view.bits.again, Qt.MouseButton.LeftButton)

    assert (kept, len(view.bits.grid.bits())) == (3, 5)


def test_a_story_begins_with_the_lines_on_screen_and_its_last_question_below(open_on: Make) -> None:
    _, view = open_on(memn2n_trace())

    told, question = view.story.editor.story()

    assert told == FACTS[:-1]
    assert question == FACTS[-1]


def test_a_changed_fact_is_run_as_b_without_the_answers_that_no_longer_hold(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(memn2n_trace())
    _knowing(view)
    view.story.editor.fields()[3].setText("Daniel went back to the office.")

    qtbot.mouseClick(view.story.beside, Qt.MouseButton.LeftButton)

    own = table.engine.asked.episode.own.split("\n")
    assert own[2] == "Where is Mary?\tbathroom\t1"
    assert own[3] == "Daniel went back to the office."
    assert own[5] == "Where is Daniel?"
    assert table.state.b.is_waiting


def test_ctrl_enter_in_a_line_runs_the_story(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(memn2n_trace())
    _knowing(view)

    qtbot.keyClick(view.story.editor.fields()[0], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    assert isinstance(table.engine.sent[-1], Record)
    assert table.engine.asked.episode.own.startswith("Mary moved to the bathroom.")


def test_an_unknown_word_is_answered_beside_its_line_and_not_sent(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(memn2n_trace())
    _knowing(view)
    before = len(table.engine.sent)
    field = view.story.editor.fields()[1]
    field.setText("John went to the hall.")

    qtbot.mouseClick(view.story.go, Qt.MouseButton.LeftButton)

    assert view.story.editor._rows[1]._error.text() == "The network does not know “hall”; it knows hallway."
    assert field.text() == "John went to the hall."
    assert len(table.engine.sent) == before


def test_a_word_that_is_begun_is_completed_from_those_the_network_knows(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(memn2n_trace())
    _knowing(view)
    field = view.story.editor.fields()[1]
    qtbot.waitExposed(view)
    field.setFocus()
    field.clear()
    qtbot.keyClicks(field, "John went to the hal")

    offered = [chip.text() for chip in view.story._suggested if chip.isVisible()]
    qtbot.mouseClick(view.story._suggested[0], Qt.MouseButton.LeftButton)

    assert offered == ["hallway"]
    assert field.text() == "John went to the hallway"


def test_what_the_engine_refuses_is_said_beside_the_line_it_names(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(memn2n_trace())
    _knowing(view)
    qtbot.mouseClick(view.story.go, Qt.MouseButton.LeftButton)

    table.refuse("line 2: it has 9 words; this model reads at most 7 in a line")

    assert view.story.editor._rows[1]._error.text().startswith("line 2: it has 9 words")
    assert not view.story.error.isVisible()


def test_what_the_engine_refuses_of_the_whole_is_said_below(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(memn2n_trace())
    _knowing(view)
    qtbot.mouseClick(view.story.go, Qt.MouseButton.LeftButton)

    table.refuse("the story is too long")

    assert view.story.error.text() == "the story is too long"


def test_an_empty_story_says_what_is_missing(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(memn2n_trace())
    view.story.editor.set_story((), "")

    qtbot.mouseClick(view.story.go, Qt.MouseButton.LeftButton)

    assert view.story.error.text().startswith("The story is empty")


def test_a_question_without_its_mark_is_a_question_all_the_same(open_on: Make) -> None:
    _, view = open_on(memn2n_trace())
    view.story.editor.set_story(("Mary moved to the garden.",), "Where is Mary")

    assert view.story.lines()[-1].asks


def test_lines_are_moved_by_alt_and_the_arrows(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(memn2n_trace())

    qtbot.keyClick(view.story.editor.fields()[0], Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

    assert view.story.editor.story()[0][:2] == (FACTS[1], FACTS[0])


def test_what_an_answer_rests_on_is_marked_until_a_line_before_it_changes(open_on: Make) -> None:
    _, view = open_on(memn2n_trace())
    rows = view.story.editor._rows
    before = [row.field.accessibleDescription() for row in rows]
    rows[3].field.setText("Daniel went back to the office.")
    view.story._edited()

    assert [place for place, said in enumerate(before) if "rests" in said] == [6]
    assert not any("rests" in row.field.accessibleDescription() for row in rows)
    assert "not as in the episode" in rows[3].field.accessibleDescription()


def test_the_known_answer_goes_with_a_changed_fact_and_comes_back_with_it(open_on: Make) -> None:
    _, view = open_on(memn2n_trace())
    field = view.story.editor.fields()[0]
    told = [view.story.editor.answer()]
    for text in ("Mary moved to the garden.", FACTS[0]):
        field.setText(text)
        view.story._edited()
        told.append(view.story.editor.answer())

    assert told == ["office", "", "office"]


def test_an_answer_of_ones_own_stays_and_one_that_cannot_be_said_is_refused(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(memn2n_trace())
    _knowing(view)
    sent = len(table.engine.sent)
    answer = view.story.editor._answer
    qtbot.waitExposed(view)
    answer.setFocus()
    answer.clear()
    qtbot.keyClicks(answer, "moon")
    qtbot.keyClick(answer, Qt.Key.Key_Return)
    refused = view.story.editor._question._error.text()
    answer.clear()
    qtbot.keyClicks(answer, "garden")
    qtbot.keyClick(answer, Qt.Key.Key_Return)

    assert refused.startswith("The network has no word “moon” to answer with")
    assert len(table.engine.sent) == sent + 1
    assert table.engine.asked.episode.own.endswith("Where is John?\tgarden")


def test_a_published_story_is_pasted_with_its_answers_and_what_they_rest_on(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(memn2n_trace())
    _knowing(view)
    QGuiApplication.clipboard().setText("1 John went to the hallway.\n2 Mary moved to the office.\n3 Where is Mary?\toffice\t2")
    field = view.story.editor.fields()[0]
    qtbot.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view.story.editor.fields()[-1], Qt.Key.Key_Return)

    assert table.engine.asked.episode.own == ("John went to the hallway.\nMary moved to the office.\nWhere is Mary?\toffice\t2")


def test_a_story_that_is_longer_than_the_memory_says_what_is_dropped(open_on: Make) -> None:
    _, view = open_on(memn2n_trace())
    before = view.story.memory.text()
    view.story.editor.set_story([f"Mary moved to the {PLACES[n % 6]}." for n in range(12)], "Where is Mary?")
    view.story._edited()

    assert before == ""
    assert view.story.memory.text().endswith("the newest 10: lines 1 to 2 are gone when the last question is asked.")
    assert "dropped" in view.story.editor._rows[1].field.accessibleDescription()


def test_every_word_that_is_known_can_be_seen(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(memn2n_trace())
    _knowing(view)
    qtbot.mouseClick(view.story.words, Qt.MouseButton.LeftButton)

    assert view.story.vocabulary.text().startswith("It knows ")
    assert "hallway, " in view.story.vocabulary.text()


def test_tab_takes_the_first_word_that_fits_and_escape_sends_the_words_away(open_on: Make, qtbot: QtBot) -> None:
    _, view = open_on(memn2n_trace())
    _knowing(view)
    field = view.story.editor.fields()[1]
    qtbot.waitExposed(view)
    field.setFocus()
    field.clear()
    qtbot.keyClicks(field, "John went to the hal")
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    taken = field.text()
    qtbot.keyClicks(field, " gar")
    qtbot.keyClick(field, Qt.Key.Key_Escape)

    assert taken == "John went to the hallway"
    assert view.story.near.first == ""


def test_who_asks_is_taken_to_the_answer(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(memn2n_trace())
    _knowing(view)
    table.state.playback.go_to(0)
    qtbot.mouseClick(view.story.go, Qt.MouseButton.LeftButton)
    trace = memn2n_trace()

    table.bring(Trace(card=replace(trace.card, own="a story"), arrays=trace.arrays, initial=trace.initial))

    assert table.state.playback.step == 7


def test_the_answer_that_moved_is_said_in_words(open_on: Make, qtbot: QtBot) -> None:
    table, view = open_on(memn2n_trace())
    _knowing(view)
    qtbot.mouseClick(view.story.beside, Qt.MouseButton.LeftButton)
    other = memn2n_trace(wrong=True)
    own = Trace(card=replace(other.card, own="a story"), arrays=other.arrays, initial=other.initial)

    table.bring(own)

    assert view.result.text().startswith("From A to B: answer changed from hallway to garden")


def test_another_task_shows_another_editor(open_on: Make) -> None:
    table, view = open_on(ntm_trace(length=2, slots=8))
    first = view.kind

    table.show(memn2n_trace())

    assert (first, view.kind) == ("bits", "story")
    assert view.story.isVisible()


def test_a_recurrent_net_on_the_same_task_takes_bits_too(open_on: Make) -> None:
    _, view = open_on(lstm_trace(length=2))

    assert view.kind == "bits"


def test_what_the_vectors_mean_in_this_task_stands_above_the_grid(open_on: Make) -> None:
    trace = ntm_trace(length=5, slots=8)
    task = replace(trace.card.task, own_says="Three vectors make an item.")

    _, view = open_on(replace(trace, card=replace(trace.card, task=task)))

    assert view.bits._says.text().startswith("One column is one vector of 8 bits. Three vectors make an item. Press or drag")
