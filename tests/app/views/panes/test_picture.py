"""What is seen, asked and remembered, on screen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QLabel
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.bars import Bars
from app.plots.picture import PicturePlot
from app.state.lens import Selection
from app.views.panes.picture import NO_MEMORY, NOTHING_READ, PictureAndQuestion
from engine.contract.trace import Trace
from fake_pictures import picture_trace
from fake_traces import ntm_trace


def _at(qtbot: QtBot, step: int = 0, trace: Trace | None = None, size: tuple[int, int] = (820, 480)) -> PictureAndQuestion:
    table = table_with(trace or picture_trace())
    table.state.playback.go_to(step)
    view = placed(qtbot, table.state, "Picture and question", size=size)
    assert isinstance(view, PictureAndQuestion)
    return view


def test_each_sample_has_its_picture_and_its_sources(qtbot: QtBot) -> None:
    view = _at(qtbot)
    bars = view.findChildren(Bars)[0]
    first = [(bar.name, bar.mark) for bar in bars._bars][0]

    view.state.playback.go_to(1)
    view.settle()
    second = [(bar.name, bar.mark) for bar in bars._bars][0]

    assert first == ("korlo · slot 0", "sample 12 · read 31 times")
    assert second == ("tavi · slot 2", "sample 40 · read 9 times")
    assert view.technical() == "Picture · sample 2"


def test_a_slot_that_holds_the_right_answer_stands_out(qtbot: QtBot) -> None:
    bars = _at(qtbot).findChildren(Bars)[0]._bars

    assert {bar.name.split(" ")[0] for bar in bars if not bar.is_pale} == {"korlo", "slot"}


def test_a_press_on_a_source_selects_its_slot(qtbot: QtBot) -> None:
    view = _at(qtbot)
    bars = view.findChildren(Bars)[0]

    bars.clicked.emit(0)
    view.settle()

    assert view.state.lens.selection == Selection(channel="memory.contents", slots=(0,))
    assert bars._bars[0].is_chosen


def test_hovering_names_region_and_source(qtbot: QtBot) -> None:
    view = _at(qtbot)

    view.findChildren(PicturePlot)[0].hovered.emit(0, 0)
    region = view.state.lens.hover_says
    view.findChildren(Bars)[0].hovered.emit(0)

    assert region == "top left: 0.79 of the attention, asked about"
    assert view.state.lens.hover_says == "slot 0, which holds “korlo”, written at sample 12, read 31 times"


def test_a_region_can_be_reached_by_keys(qtbot: QtBot) -> None:
    view = _at(qtbot)
    plot = view.findChildren(PicturePlot)[0]

    view.enter()
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    view.settle()

    assert view.state.lens.selection.channel == "look.regions"
    assert plot.marks.selected == (0, 1)


def test_the_attention_can_be_lifted_off_the_picture(qtbot: QtBot) -> None:
    view = _at(qtbot)
    plot = view.findChildren(PicturePlot)[0]
    before = plot.is_veiled

    view._veil._take(1)

    assert (before, plot.is_veiled) == (True, False)


def test_question_and_memory_stand_where_they_leave_the_larger_picture(qtbot: QtBot) -> None:
    ways = [_at(qtbot, size=size)._halves.direction() for size in ((820, 400), (300, 640))]

    assert ways == [QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom]


def test_a_model_without_memory_says_so(qtbot: QtBot) -> None:
    view = _at(qtbot, trace=picture_trace(has_memory=False, has_looks=False))

    assert NO_MEMORY in [label.text() for label in view.findChildren(QLabel)]
    assert not view.findChildren(Bars)[0].isVisibleTo(view)
    assert not view._veil.isVisibleTo(view)
    assert NOTHING_READ not in view.summary()


def test_the_table_has_regions_words_and_slots(qtbot: QtBot) -> None:
    headers, rows = _at(qtbot, 1).table()

    assert headers == ["what", "which", "share", "holds", "written at sample", "times read"]
    assert [sum(row[0] == what for row in rows) for what in ("region", "word", "slot")] == [9, 4, 6]


def test_a_task_without_pictures_says_so(qtbot: QtBot) -> None:
    assert _at(qtbot, trace=ntm_trace(length=4, slots=8)).summary() == PictureAndQuestion.ABSENT
