"""What every pane promises."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.bars import Bars
from app.plots.colours import DARK, LIGHT
from app.plots.curve import CurvePlot
from app.plots.garment_sheet import HEADS, GarmentSheet
from app.plots.matrix_canvas import MatrixCanvas
from app.plots.stages import StagesPlot
from app.plots.story_table import StoryTable
from app.plots.tape import TapePlot
from app.plots.trajectories import TrajectoriesPlot
from app.plots.wiring import WiringPlot
from app.state.lens import Selection
from app.state.panes import PANES, pane
from app.views.pane_registry import PANE_VIEWS
from app.views.pane_view import PaneView
from app.views.panes.memory import Memory
from app.widgets.help_card import HelpCard
from engine.contract.trace import Trace
from fake_attention import dnc_trace, feedback_trace, transformer_trace
from fake_bank import bank_trace
from fake_garments import garment_trace
from fake_growing import growing_trace
from fake_pictures import picture_trace
from fake_stream import persistent_stream
from fake_traces import lstm_trace, memn2n_trace, ntm_trace
from fake_trajectories import junction_trace, social_trace
from scripted import desk

EVERY = tuple(card.name for card in PANES)
ABBREVIATIONS = ("NTM", "LSTM", "RNN", "GRU", "MANN", "DNC", "bAbI")


def _fitting(name: str) -> Trace:
    made_up = (
        ntm_trace(length=6, slots=16),
        memn2n_trace(),
        lstm_trace(length=4),
        transformer_trace(),
        feedback_trace(),
        dnc_trace(),
        picture_trace(),
        bank_trace(),
        growing_trace(),
        garment_trace(),
        junction_trace(),
        social_trace(),
        persistent_stream(),
    )
    return next(trace for trace in made_up if pane(name).fits(trace))


def test_every_pane_of_the_state_is_drawn_by_a_class() -> None:
    assert set(PANE_VIEWS) == set(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_every_pane_explains_itself_in_four_parts(name: str) -> None:
    told = PANE_VIEWS[name].HELP

    assert min(map(len, (told.what_you_see, told.what_to_look_for, told.formula, told.what_it_does_not_show))) > 20


@pytest.mark.parametrize("name", EVERY)
def test_no_pane_uses_an_abbreviation_that_it_does_not_expand(name: str) -> None:
    told = PANE_VIEWS[name].HELP
    text = " ".join((told.what_you_see, told.what_to_look_for, told.formula, told.what_it_does_not_show))

    assert [word for word in ABBREVIATIONS if word in text and f"{word} stands for" not in text] == []


@pytest.mark.parametrize("name", EVERY)
def test_every_pane_has_a_summary_and_its_data_as_a_table(qtbot: QtBot, name: str) -> None:
    table = table_with(_fitting(name))
    table.state.playback.last()

    view = placed(qtbot, table.state, name)

    assert view.summary().startswith(pane(name).question)
    headers, rows = view.table()
    assert rows
    assert {len(row) for row in rows} == {len(headers)}


@pytest.mark.parametrize("name", EVERY)
def test_every_pane_names_its_axes_and_the_limits_of_its_colours(qtbot: QtBot, name: str) -> None:
    table = table_with(_fitting(name))
    table.state.playback.last()
    view = placed(qtbot, table.state, name)

    matrices = [plot for plot in view.findChildren(MatrixCanvas) if plot.isVisibleTo(view)]
    stages, curves, tapes = view.findChildren(StagesPlot), view.findChildren(CurvePlot), view.findChildren(TapePlot)

    wirings = view.findChildren(WiringPlot)
    stories = [group.says for table in view.findChildren(StoryTable) for group in table.page.groups]
    ways, sheets = view.findChildren(TrajectoriesPlot), view.findChildren(GarmentSheet)
    assert matrices or stages or curves or tapes or wirings or view.findChildren(Bars) or stories or ways or sheets
    assert all("0–1" in head for head in HEADS if head.startswith(("Likeness", "Success")))
    assert all(plot.scale_bar[0] > 0 and plot.scale_bar[1] and len(plot.key) > 1 for plot in ways)
    assert all(stories)
    assert all(bar.high > bar.low for plot in wirings for bar in plot.colour_bars)
    assert not matrices or any(plot.axes[0].title for plot in matrices)
    assert all(plot.axes[1].title or plot.axes[1].names or name in ("Hops", "Keys and values") for plot in matrices)
    assert all(plot.colour_bar.high > plot.colour_bar.low for plot in (*matrices, *stages))
    assert all(plot.axis.title for plot in stages)
    assert name != "Readout" or any("to 1" in label.text() or "Nothing" in label.text() for label in view.findChildren(QLabel))


@pytest.mark.parametrize("name", EVERY)
def test_every_pane_can_be_drawn_in_another_theme(qtbot: QtBot, name: str) -> None:
    table = table_with(_fitting(name))
    table.state.playback.last()
    view = placed(qtbot, table.state, name)
    QGuiApplication.processEvents()
    before = view.grab().toImage()

    view.set_palette(DARK)
    view.settle()

    assert view.grab().toImage() != before


@pytest.mark.parametrize("name", EVERY)
def test_a_pane_without_a_trace_says_so_in_one_sentence(qtbot: QtBot, name: str) -> None:
    view = placed(qtbot, desk().state, name)

    assert view.summary() == "Nothing is open on this side."
    assert view.table() == ([], [])


@pytest.mark.parametrize(
    "name",
    ["Writes", "Reads", "Memory", "Addressing", "Hops", "Keys and values", "Attention", "Order and usage", "Layer mixture"],
)
def test_a_pane_that_does_not_fit_the_model_says_why(qtbot: QtBot, name: str) -> None:
    view = placed(qtbot, table_with(lstm_trace(length=4)).state, name)

    assert view.summary() == PANE_VIEWS[name].ABSENT


def test_a_pane_that_waits_says_so(qtbot: QtBot) -> None:
    table = desk()
    table.state.explorer.open("exhibit:ntm-copy")

    assert placed(qtbot, table.state, "Memory").summary() == "Recording this episode …"


def test_a_refused_wish_is_told_in_the_pane(qtbot: QtBot) -> None:
    table = desk()
    table.state.explorer.open("exhibit:ntm-copy")
    view = placed(qtbot, table.state, "Memory")

    table.refuse("slots: 3 is not between 4 and 4096")

    assert view.summary() == "slots: 3 is not between 4 and 4096"


def test_the_old_picture_stays_until_the_new_trace_is_there(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Memory")

    table.state.explorer.choose_episode(9)

    assert view.summary().startswith("What is stored?")


class _Counting(Memory):
    def __init__(self, *args: object) -> None:
        self.drawn: list[int] = []
        super().__init__(*args)  # type: ignore[arg-type]  # handed on as they are

    def show_step(self, trace: Trace, step: int) -> None:
        self.drawn.append(step)
        super().show_step(trace, step)


def _counting(qtbot: QtBot) -> tuple[_Counting, object]:
    table = table_with(ntm_trace(length=6, slots=16))
    view = _Counting(table.state, table.state.a, pane("Memory"), LIGHT)
    qtbot.addWidget(view)
    view.show()
    view.settle()
    view.drawn.clear()
    return view, table.state


def test_many_moves_in_one_turn_are_drawn_once(qtbot: QtBot) -> None:
    view, state = _counting(qtbot)

    for step in range(1, 9):
        view.state.playback.go_to(step)
    qtbot.waitUntil(lambda: bool(view.drawn))

    assert view.drawn == [8]


def test_a_hidden_pane_does_no_work_until_it_is_seen(qtbot: QtBot) -> None:
    view, state = _counting(qtbot)
    view.hide()

    view.state.playback.go_to(5)
    QGuiApplication.processEvents()
    hidden = list(view.drawn)
    view.show()

    assert hidden == []
    assert view.drawn == [5]


def test_a_pane_that_has_left_the_stage_listens_no_more(qtbot: QtBot) -> None:
    view, state = _counting(qtbot)

    view.close_down()
    view.state.playback.go_to(5)
    QGuiApplication.processEvents()

    assert view.drawn == []


def test_one_step_back_undoes_a_click_that_selects_and_moves(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Writes")

    view.choose(Selection(channel="write.weighting", head=0, slots=(3,)), Qt.KeyboardModifier.NoModifier, 7)
    assert (table.state.playback.step, table.state.lens.selection.slots) == (7, (3,))
    table.state.explorer.back()

    assert table.state.playback.step == 0
    assert table.state.lens.selection.is_empty


def test_ctrl_click_adds_a_slot(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Memory")

    view.choose(Selection(channel="memory.contents", slots=(3,)), Qt.KeyboardModifier.NoModifier)
    view.choose(Selection(channel="memory.contents", slots=(5,)), Qt.KeyboardModifier.ControlModifier)

    assert table.state.lens.selection.slots == (3, 5)


def test_the_question_mark_opens_how_to_read_this_and_esc_closes_it(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace(length=6, slots=16)).state, "Memory")

    view.frame.help_wanted.emit()
    card = view.findChild(HelpCard)
    assert isinstance(card, HelpCard)
    assert card.isVisible()
    qtbot.keyClick(card, Qt.Key.Key_Escape)

    assert not card.isVisible()


def test_the_menu_enlarges_closes_and_wishes(qtbot: QtBot) -> None:
    table = table_with(ntm_trace(length=6, slots=16))
    view = placed(qtbot, table.state, "Memory")
    view.frame.menu_wanted.emit(view.mapToGlobal(view.rect().center()))
    menu = view.findChild(QMenu)
    assert isinstance(menu, QMenu)
    entries = {action.text(): action for action in menu.actions()}

    with qtbot.waitSignal(view.wished) as wished:
        entries["Export this pane …"].trigger()
    entries["Enlarge"].trigger()
    large = table.state.stage.large
    entries["Close pane"].trigger()
    menu.close()

    assert wished.args == ["export.pane"]
    assert large == "Memory"
    assert "Memory" not in table.state.stage.panes


def test_the_data_is_copied_as_a_table(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace(length=6, slots=16, width=4)).state, "Memory")

    view.copy_table()
    lines = QGuiApplication.clipboard().text().split("\n")

    assert lines[0] == "slot\tfeature 0\tfeature 1\tfeature 2\tfeature 3"
    assert len(lines) == 17


def test_a_pane_says_who_it_is_to_screen_readers(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace(length=6, slots=16)).state, "Memory")

    qtbot.waitUntil(lambda: view.frame.accessibleDescription().startswith("What is stored?"))

    assert view.accessibleName() == "What is stored? (Memory, side A)"


def test_every_view_is_a_pane_view() -> None:
    assert all(issubclass(kind, PaneView) for kind in PANE_VIEWS.values())


@pytest.mark.parametrize("name", EVERY)
def test_beyond_the_end_of_a_shorter_side_a_pane_still_has_words_and_data(qtbot: QtBot, name: str) -> None:
    short = _fitting(name)
    table = table_with(ntm_trace(length=30, slots=16), short)
    view = placed(qtbot, table.state, name, "B")

    table.state.playback.last()

    assert table.state.playback.step >= short.steps
    assert f"The episode on side B ended at step {short.steps}." in view.summary()
    view.table()


def _point_and_press(view: PaneView) -> None:
    """The pointer over all of the pane, as it is painted now, before anything else can happen."""
    for widget in (w for w in view.findChildren(QWidget) if w.isVisible()):
        for x in range(2, widget.width(), 23):
            for y in range(2, widget.height(), 17):
                where = QPointF(x, y)
                for kind in (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
                    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
                    at = QPointF(widget.mapToGlobal(where))
                    event = QMouseEvent(kind, where, at, button, button, Qt.KeyboardModifier.NoModifier)
                    QApplication.sendEvent(widget, event)


@pytest.mark.parametrize(
    "other", [memn2n_trace(), lstm_trace(length=2), ntm_trace(length=2, slots=4)], ids=lambda t: t.card.model.id
)
@pytest.mark.parametrize("name", EVERY)
def test_the_pointer_over_a_picture_of_the_trace_before_does_no_harm(qtbot: QtBot, name: str, other: Trace) -> None:
    table = table_with(_fitting(name))
    table.state.playback.last()
    view = placed(qtbot, table.state, name)
    table.state.a.take(None, other)
    table.state.playback.load(other.steps)

    _point_and_press(view)

    assert view.is_behind
