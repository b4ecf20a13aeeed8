"""The window as a whole: it opens, follows the state, asks before it leaves a run, and remembers its place."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from engine.contract.cards import Setting
from engine.contract.messages import CheckpointSaved, Progress, RunId, RunStarted
from engine.contract.trace import Trace
from fake_traces import memn2n_trace, ntm_trace
from shown import Shown


def _train(shown: Shown) -> RunId:
    shown.perform("train.quick")
    run = shown.desk.engine.started[-1].run
    shown.desk.state.apply(RunStarted(run=run, update=0, parameters=9000, learning_rate=1e-3))
    shown.desk.state.apply(Progress(run=run, update=3120, points=((3120, 4.0),), updates_per_second=51.0))
    return run


def _with_slots_setting(trace: Trace, high: float = 1024) -> Trace:
    slots = Setting(name="slots", default=128, low=4, high=high, says="How many slots the memory has.")
    model = replace(trace.card.model, settings=(slots,), parameter_formula="a count without them")
    return replace(trace, card=replace(trace.card, model=model))


def test_the_sentence_line_says_what_happens_at_the_step(shown: Shown) -> None:
    shown.perform("step.next")

    assert shown.window.status.line.text.startswith("Step 2 of 41 (present). Write head 1 writes slot 1 (0.92).")


def test_the_bar_names_model_task_and_episode(shown: Shown) -> None:
    bar = shown.window.bar

    assert (bar.model.value, bar.task.value) == ("Neural Turing Machine", "Copy")


def test_the_bar_lists_trained_networks_first_and_then_what_can_be_trained(shown: Shown) -> None:
    shown.window.bar.model.open_list()
    found = shown.window.bar.model.list_shown

    assert found is not None
    assert found.ids_shown() == ["exhibit:ntm-copy", "exhibit:memn2n-babi", "train:ntm:", "train:memn2n:"]


def test_the_first_minute_offers_three_things(shown: Shown) -> None:
    words = [made.text() for made in shown.window.panels.welcome.findChildren(QPushButton)]

    assert words == ["Explain this", "Train one yourself", "Change a memory slot"]


def test_where_a_pressed_row_is_folded_away_space_plays_and_presses_no_button(shown: Shown, qtbot: QtBot) -> None:
    window, playback = shown.window, shown.desk.state.playback
    window.activateWindow()
    window.panels.welcome.lifetimes.setFocus()

    shown.perform("fold.left")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)

    assert QApplication.focusWidget() is window.panels
    assert playback.is_playing


def test_while_another_episode_is_recorded_the_foot_of_the_window_says_so(shown: Shown, qtbot: QtBot) -> None:
    news, side = shown.window.status.news, shown.desk.state.a

    shown.desk.state.explorer.choose_episode(77)
    assert side.is_waiting
    assert not news.isVisible()
    qtbot.waitUntil(news.isVisible)
    assert news.text() == "Recording the next episode ..."

    side.refuse(side.awaited, "There is none.")
    assert not news.isVisible()


def test_what_two_streams_have_folded_away_is_there_again_at_the_next_launch(shown: Shown) -> None:
    kept = shown.desk.state.preferences
    shown.desk.state.comparison.show("split", edited_copy=False)
    shown.window.room.take()
    assert (kept.kept.left_open, kept.kept.inspector_open) == (False, False)

    shown.window.close()

    assert (kept.kept.left_open, kept.kept.inspector_open) == (True, True)


def test_the_lesson_takes_the_left_panel_and_can_be_gone_on_with(shown: Shown, qtbot: QtBot) -> None:
    panels = shown.window.panels
    begin = panels.welcome.findChild(QPushButton, "lesson.start")

    qtbot.mouseClick(begin, Qt.MouseButton.LeftButton)

    assert panels.left.page == "lesson"
    assert panels.lesson is not None
    assert panels.lesson.learning.has_begun
    assert begin.text() == "Go on with the lesson"


def test_the_panes_that_the_lesson_speaks_of_are_pointed_at(shown: Shown) -> None:
    stage = shown.window.panels.stage
    stage.arrange()

    shown.window.panels.lesson.highlighted.emit(("Memory",))  # type: ignore[union-attr]

    assert [view.card.name for view in stage.shown_panes if view.frame.is_pointed_at] == ["Memory"]


def test_panels_fold_and_come_back(shown: Shown) -> None:
    shown.perform("fold.left")
    shown.perform("fold.inspector")
    assert not shown.window.panels.left.isVisible()
    assert not shown.window.panels.right.isVisible()

    shown.perform("fold.left")
    assert shown.window.panels.left.isVisible()


def test_the_badge_follows_the_training_and_says_when_it_is_detached(shown: Shown) -> None:
    run = _train(shown)
    badge = shown.window.bar.badge
    assert (badge.follows, badge.words) == ("live", "update 3,120 · 51/s")

    shown.desk.state.training.detach()
    shown.desk.state.apply(CheckpointSaved(run=run, update=3120, held_out=4.0, is_best=True))

    assert (badge.follows, badge.words) == ("detached", "detached, 1 newer checkpoint (End follows)")
    assert badge.isVisible()


def test_the_learning_rate_is_changed_while_it_trains(shown: Shown, qtbot: QtBot) -> None:
    _train(shown)
    rate = shown.window.bar.rate

    rate.setFocus()
    rate.setText("0.0005")
    qtbot.keyClick(rate, Qt.Key.Key_Return)

    assert shown.desk.engine.to_runs[-1][1].learning_rate == pytest.approx(0.0005)  # type: ignore[union-attr]


@pytest.mark.parametrize("typed", ["0", "-1", "fast", "nan", "inf", ""])
def test_a_learning_rate_that_is_none_is_answered_in_a_sentence(shown: Shown, qtbot: QtBot, typed: str) -> None:
    _train(shown)
    sent = len(shown.desk.engine.to_runs)

    shown.window.bar.rate.setText(typed)
    qtbot.keyClick(shown.window.bar.rate, Qt.Key.Key_Return)

    assert len(shown.desk.engine.to_runs) == sent
    assert "The learning rate is a number above 0" in shown.said()


def test_the_same_weights_run_with_more_slots_and_no_more_parameters(shown: Shown, qtbot: QtBot) -> None:
    shown.desk.show(_with_slots_setting(ntm_trace()))
    made = shown.window.panels.memory_size
    button = made.findChild(QPushButton, "slots.512")

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    assert shown.desk.engine.asked.settings == {"slots": 512}
    label = made.findChild(QLabel, "parameter-count")
    assert label.text() == "62,860 parameters, the same for any number of slots. Recording 512 slots ..."


def test_sizes_that_the_model_does_not_offer_are_no_choice(shown: Shown) -> None:
    shown.desk.show(_with_slots_setting(ntm_trace(), high=256))

    buttons = {size: shown.window.panels.memory_size.findChild(QPushButton, f"slots.{size}") for size in (256, 512)}

    assert {size: button.isHidden() for size, button in buttons.items()} == {256: False, 512: True}


def test_closing_asks_once_while_a_network_trains(shown: Shown) -> None:
    _train(shown)
    asked: list[bool] = []

    def stay() -> bool:
        asked.append(True)
        return False

    shown.window.ask_whether_to_close = stay
    assert not shown.window.close()
    assert asked == [True]
    assert shown.window.isVisible()

    shown.window.ask_whether_to_close = lambda: True
    assert shown.window.close()


def test_closing_without_a_run_asks_nothing_and_remembers_the_window(shown: Shown) -> None:
    shown.window.ask_whether_to_close = lambda: pytest.fail("nothing trains")  # type: ignore[assignment]

    assert shown.window.close()

    kept = shown.window.state.preferences.kept
    assert kept.geometry
    assert kept.splitters["columns"]
    assert kept.first_minute_done


def test_a_command_that_cannot_be_given_says_what_is_missing(shown: Shown) -> None:
    shown.perform("edit.erase")

    assert shown.said() == "Select something first: click a slot or a head in a pane."


def test_a_notice_stands_in_the_place_it_concerns_with_its_buttons(shown: Shown, qtbot: QtBot) -> None:
    shown.desk.state.explorer_died("its process was killed by SIGKILL")

    button = shown.window.findChild(QPushButton, "engine.restart")
    assert button is not None
    assert button.text() == "Restart the engine"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert shown.desk.engine.restarts == 1


def test_a_dropped_file_is_opened(shown: Shown, tmp_path: object) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/nowhere/one.slotscope")])
    position, drop = QPointF(5, 5), Qt.DropAction.CopyAction

    shown.window.dropEvent(QDropEvent(position, drop, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))

    assert "/nowhere/one.slotscope: cannot be read" in shown.said()


def test_another_model_takes_the_place_of_the_first(shown: Shown) -> None:
    shown.perform("exhibit.open.memn2n-babi")
    shown.desk.bring(memn2n_trace())

    assert shown.window.bar.model.value == "End-to-End Memory Network"
    assert "9,000 parameters" in shown.window.panels.memory_size.findChild(QLabel, "parameter-count").text()
    assert "Memory Network" in shown.window.windowTitle()


@pytest.mark.parametrize("theme", ["light", "dark", "contrast", "system"])
def test_the_theme_changes_while_the_window_is_open(shown: Shown, theme: str) -> None:
    shown.perform(f"theme.{theme}")

    assert shown.window.look.palette.name in ("light" if theme == "system" else theme, "dark" if theme == "system" else theme)


def test_type_grows_to_twice_its_size_and_no_further(shown: Shown) -> None:
    for _ in range(12):
        shown.perform("scale.bigger")

    assert shown.window.state.preferences.kept.scale == 2.0
    shown.perform("scale.reset")
