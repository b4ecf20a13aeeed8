"""What a side is, in words."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from staged import table_with

from app.views.compare_strip import CompareStrip, EmptySide, SideLine, side_in_words
from engine.contract.edits import Edit
from fake_traces import ntm_trace
from scripted import desk


def test_a_side_is_named_by_model_checkpoint_and_episode() -> None:
    state = table_with(ntm_trace(length=6, slots=16, seed=3)).state

    assert side_in_words(state, state.a) == "Neural Turing Machine · checkpoint 7,000 · episode 1"


def test_an_edited_copy_names_its_edits() -> None:
    edit = Edit(act="erase", channel="memory.contents", step=3, index=(2,))
    state = table_with(ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=16, edits=(edit,))).state

    assert side_in_words(state, state.b).endswith("with erase slot 2 at step 4")


def test_a_side_that_waits_says_so() -> None:
    table = desk()
    table.state.explorer.open("exhibit:ntm-copy")

    assert side_in_words(table.state, table.state.a) == "being recorded …"


def test_without_a_second_side_there_is_no_difference_to_show(qtbot: QtBot) -> None:
    strip = CompareStrip(table_with(ntm_trace(length=6, slots=16)).state)
    qtbot.addWidget(strip)

    strip.renew()

    assert not strip.difference.isEnabled()


def test_a_refused_second_side_says_why(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    empty = EmptySide(table.state)
    qtbot.addWidget(empty)

    table.state.explorer.compare_with("exhibit:memn2n-babi")
    table.refuse("A story cannot be copied.")
    empty.renew()

    assert empty._text.text() == "A story cannot be copied."


def test_what_came_of_an_edit_takes_as_many_lines_as_it_needs_and_no_more(qtbot: QtBot) -> None:
    edit = Edit(act="erase", channel="memory.contents", step=3, index=(2,))
    state = table_with(ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=16, edits=(edit,))).state
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    line, below = SideLine(state, state.b), QLabel("below")
    column.addWidget(line)
    column.addWidget(below, 1)
    line.renew()

    holder.resize(900, 300)
    holder.show()
    one = line.height()
    holder.resize(200, 300)

    qtbot.waitUntil(lambda: line.height() > one)
    assert one < 1.6 * line.letter.height()
