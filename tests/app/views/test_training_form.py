"""Training from the window: a form that sends only what fits, and a run that is shown as it is."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.plots.colours import DARK, LIGHT
from app.views.training_form import TrainingForm
from app.views.training_new import TrainingNew
from engine.contract.cards import Setting
from engine.contract.messages import (
    PROTOCOL,
    CheckpointSaved,
    EstimateRun,
    Progress,
    Ready,
    Request,
    RunEnded,
    RunEstimated,
    RunId,
    RunPaused,
    RunStarted,
    SetLearningRate,
)
from fake_traces import COPY, MEMN2N, NTM, STORIES
from scripted import Desk, desk

NAME = RunId("runs/ntm-copy-1")
RECIPE = (
    Setting(name="learning_rate", default=3e-4, low=0.0, high=10.0, live=True, title="Learning rate", says="How far."),
    Setting(name="batch", default=4, low=1, high=4096, title="Batch", says="How many."),
    Setting(name="updates", default=10_000, low=1, high=10**8, title="Updates", says="How long."),
)
GREETING = Ready(
    protocol=PROTOCOL, models=(NTM, MEMN2N), tasks=(COPY, STORIES), exhibits=(),
    training={"ntm/copy": RECIPE, "memn2n/babi": RECIPE},
)  # fmt: skip


@pytest.fixture
def opened(qtbot: QtBot) -> tuple[Desk, TrainingForm]:
    table = desk(ready=False)
    form = TrainingForm(table.state, LIGHT)
    qtbot.addWidget(form)
    form.resize(260, 900)
    form.show()
    table.state.apply(GREETING)
    return table, form


def _type(qtbot: QtBot, field: object, text: str) -> None:
    assert isinstance(field, QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, text)
    field.editingFinished.emit()


def _started(table: Desk, form: TrainingForm) -> None:
    form.new.start.click()
    table.state.apply(RunStarted(run=NAME, update=0, parameters=1234, learning_rate=3e-4))


def test_before_the_engine_is_ready_it_says_so(qtbot: QtBot) -> None:
    form = TrainingForm(desk(ready=False).state, LIGHT)
    qtbot.addWidget(form)

    assert not form.new.start.isEnabled()
    assert form.new.problem.text().startswith("The engine is starting")


def test_it_offers_the_models_with_their_own_tasks_and_recipes(opened: tuple[Desk, TrainingForm]) -> None:
    _, form = opened

    form.choose("memn2n")

    assert [form.new.model.itemText(i) for i in range(2)] == ["Neural Turing Machine", "End-to-End Memory Network"]
    assert [form.new.task.itemText(i) for i in range(form.new.task.count())] == ["bAbI"]
    assert form.new.training.values() == {"updates": 10_000, "learning_rate": 3e-4, "batch": 4}


def test_start_trains_in_a_process_of_its_own_and_shows_it(opened: tuple[Desk, TrainingForm], qtbot: QtBot) -> None:
    table, form = opened
    _type(qtbot, form.new.training.field("updates"), "500")
    _type(qtbot, form.new.seed.field("seed"), "7")

    qtbot.mouseClick(form.new.start, Qt.MouseButton.LeftButton)

    (command,) = table.engine.started
    assert (command.model, command.task, command.seed, command.updates) == ("ntm", "copy", 7, 500)
    assert command.settings == {"learning_rate": 3e-4, "batch": 4}
    assert not form.new.isVisible()


def test_a_field_that_does_not_fit_is_said_beside_it_and_nothing_starts(opened: tuple[Desk, TrainingForm], qtbot: QtBot) -> None:
    table, form = opened
    _type(qtbot, form.new.training.field("batch"), "0")

    qtbot.mouseClick(form.new.start, Qt.MouseButton.LeftButton)

    assert table.engine.started == []
    assert form.new.problem.text() == "Batch: 0 is not between 1 and 4096."
    assert form.new.training.field("batch").property("wrong")
    assert form.new.training.error("batch") == "0 is not between 1 and 4096."


def test_a_field_set_right_takes_the_refusal_below_start_back(opened: tuple[Desk, TrainingForm], qtbot: QtBot) -> None:
    _, form = opened
    _type(qtbot, form.new.training.field("batch"), "0")
    qtbot.mouseClick(form.new.start, Qt.MouseButton.LeftButton)

    _type(qtbot, form.new.training.field("batch"), "4")

    assert form.new.problem.text() == ""


def test_what_the_engine_blames_stands_at_its_field_and_below_start(opened: tuple[Desk, TrainingForm], qtbot: QtBot) -> None:
    table, form = opened
    asked = _asked(table, qtbot)
    table.state.apply(RunEstimated(request=asked, refused="batch: 7 is too odd", setting="batch"))

    qtbot.mouseClick(form.new.start, Qt.MouseButton.LeftButton)

    assert form.new.training.error("batch") == "7 is too odd."
    assert form.new.problem.text().endswith(": 7 is too odd.")
    assert table.engine.started == []


def test_what_it_would_cost_is_not_told_of_a_field_that_does_not_fit(opened: tuple[Desk, TrainingForm], qtbot: QtBot) -> None:
    table, form = opened
    table.state.apply(RunEstimated(request=_asked(table, qtbot), parameters=9, megabytes=1, update_ms=2500, seconds=60))
    assert "about 2.5 s an update" in form.new.estimate.text()

    _type(qtbot, form.new.training.field("batch"), "0")

    qtbot.waitUntil(lambda: form.new.estimate.text() == "")


def _asked(table: Desk, qtbot: QtBot) -> Request:
    """What the form asks the engine, as soon as it has rested."""
    qtbot.waitUntil(lambda: any(isinstance(command, EstimateRun) for command in table.engine.sent))
    return next(command.request for command in reversed(table.engine.sent) if isinstance(command, EstimateRun))


def test_a_folder_of_real_files_goes_with_a_story_task_only(opened: tuple[Desk, TrainingForm]) -> None:
    table, form = opened
    is_there = form.new._data_row.isVisible()
    form.choose("memn2n", "babi")
    form.new.ask_folder = lambda: "stories/en"
    form.new._choose_folder()

    form.new.start.click()

    assert not is_there
    assert table.engine.started[0].data == "stories/en"


def test_a_task_that_needs_real_files_says_which_and_does_not_start_without(opened: tuple[Desk, TrainingForm]) -> None:
    table, form = opened
    crowds = replace(COPY, id="crowds", reads="the text files of ETH and UCY", needs_files=True)
    table.state.apply(replace(GREETING, tasks=(COPY, STORIES, crowds), training={"ntm/crowds": RECIPE}))
    form.choose("ntm", "crowds")

    form.new.start.click()
    said = form.new.problem.text()
    form.new.data.setText("eth_ucy")
    form.new.start.click()

    assert form.new.data.placeholderText() == "needed: the text files of ETH and UCY"
    assert said == "This task needs real files: choose a folder with the text files of ETH and UCY."
    assert [command.data for command in table.engine.started] == ["eth_ucy"]


def test_a_model_starts_as_suits_the_task_that_is_chosen(opened: tuple[Desk, TrainingForm]) -> None:
    table, form = opened
    slots = Setting(name="slots", default=16, low=1, high=99, title="Slots", says="How many.")
    model, other = replace(NTM, settings=(slots,)), replace(COPY, id="other", name="Other")
    suited = (replace(slots, default=7), *RECIPE)
    training = {"ntm/copy": (slots, *RECIPE), "ntm/other": suited}
    table.state.apply(replace(GREETING, models=(model,), tasks=(COPY, other), training=training))

    form.choose("ntm", "other")
    there = form.new.settings()
    form.choose("ntm", "copy")
    back = form.new.settings()

    assert back["slots"] == 16
    assert there == back | {"slots": 7}
    assert "slots" not in form.new.training.values()  # it is asked for once, with the model


def test_while_it_trains_curve_and_progress_follow(opened: tuple[Desk, TrainingForm]) -> None:
    table, form = opened
    _started(table, form)
    table.state.apply(Progress(run=NAME, update=20, points=((10, 3.0), (20, 2.0)), updates_per_second=51.0, saving_share=0.031))
    table.state.apply(CheckpointSaved(run=NAME, update=20, held_out=1.5, is_best=True))

    form.live.settle()

    np.testing.assert_array_equal(form.live.curve._lines[0].y, [3.0, 2.0])
    assert form.live.progress.text() == "Update 20 of 10,000 · 51/s"
    assert form.live.kept.text() == "1 checkpoint, the best at update 20 (loss 1.5)."
    assert form.live.cost.text() == "Checkpoints and measuring take 3.1 % of the time."
    assert form.live.rate.text() == "0.0003"


def test_progress_is_drawn_by_itself(opened: tuple[Desk, TrainingForm], qtbot: QtBot) -> None:
    table, form = opened
    _started(table, form)

    table.state.apply(Progress(run=NAME, update=30, points=((30, 2.0),), updates_per_second=51.0))

    qtbot.waitUntil(lambda: form.live.progress.text() == "Update 30 of 10,000 · 51/s")


def test_its_buttons_are_commands_of_the_window(opened: tuple[Desk, TrainingForm], qtbot: QtBot) -> None:
    table, form = opened
    _started(table, form)
    form.live.settle()
    wishes: list[str] = []
    form.wished.connect(wishes.append)

    for name in ("train.toggle", "train.one", "train.hundred", "train.stop"):
        qtbot.mouseClick(form.live._buttons[name], Qt.MouseButton.LeftButton)

    assert wishes == ["train.toggle", "train.one", "train.hundred", "train.stop"]


def test_a_paused_run_offers_to_continue(opened: tuple[Desk, TrainingForm]) -> None:
    table, form = opened
    _started(table, form)
    table.state.apply(RunPaused(run=NAME, update=5))

    form.live.settle()

    assert form.live._buttons["train.toggle"].text() == "Continue"


def test_another_learning_rate_is_sent_by_enter(opened: tuple[Desk, TrainingForm], qtbot: QtBot) -> None:
    table, form = opened
    _started(table, form)
    form.live.settle()
    form.live.rate.setText("1e-4")

    qtbot.keyClick(form.live.rate, Qt.Key.Key_Return)

    assert table.engine.to_runs[-1][1] == SetLearningRate(run=NAME, learning_rate=1e-4)


def test_a_learning_rate_that_is_none_is_answered_and_stays_in_the_field(opened: tuple[Desk, TrainingForm], qtbot: QtBot) -> None:
    table, form = opened
    _started(table, form)
    form.live.settle()
    form.live.rate.setText("fast")

    qtbot.keyClick(form.live.rate, Qt.Key.Key_Return)
    form.live.settle()

    assert form.live.wrong_rate.text() == "fast: a learning rate is a number such as 0.0003 or 3e-4."
    assert form.live.rate.text() == "fast"
    assert table.engine.to_runs == []


def test_a_failed_run_says_why_and_offers_the_last_good_checkpoint(opened: tuple[Desk, TrainingForm], qtbot: QtBot) -> None:
    table, form = opened
    _started(table, form)
    said = "NaN first in write.gate, step 11, at update 57."
    table.state.apply(RunEnded(run=NAME, reason="failed", update=57, detail=said, last_good=50))
    form.live.settle()

    with qtbot.waitSignal(form.wished) as wish:
        qtbot.mouseClick(form.live._buttons["run.last_good"], Qt.MouseButton.LeftButton)

    assert form.live.detail.text() == said
    assert form.live.detail.property("tone") == "live"
    assert wish.args == ["run.last_good"]
    assert form.new.isVisible()


def test_a_press_on_the_curve_goes_to_the_nearest_checkpoint(opened: tuple[Desk, TrainingForm]) -> None:
    table, form = opened
    _started(table, form)
    for update in (0, 100, 200):
        table.state.apply(CheckpointSaved(run=NAME, update=update, held_out=1.0, is_best=False))

    form.live.curve.clicked.emit(130.0)

    assert table.engine.asked.source.update == 100


def test_another_theme_reaches_the_curve(opened: tuple[Desk, TrainingForm]) -> None:
    _, form = opened

    form.set_palette(DARK)

    assert form.live.curve.colours is DARK


def test_several_seeds_train_the_same_with_the_tasks_goal_and_their_pane_fills_the_stage(
    opened: tuple[Desk, TrainingForm], qtbot: QtBot
) -> None:
    table, form = opened
    table.state.catalogue.tasks = (replace(COPY, solved_below=1.0), STORIES)
    numbers = itertools.count(1)
    table.state.trainer.new_folder = lambda name: f"runs/{name}-{next(numbers)}"
    _type(qtbot, form.new.seed.field("seed"), "5")
    _type(qtbot, form.new.count.field("count"), "3")

    form.new.several.click()

    assert [entry.seed for entry in table.state.seeds.entries] == [5, 6, 7]
    assert [(command.seed, command.settings["stop_below"]) for command in table.engine.started] == [(5, 1.0), (6, 1.0)]
    assert table.state.stage.large == "Seeds"


def test_no_second_panel_begins_while_something_trains(opened: tuple[Desk, TrainingForm]) -> None:
    _, form = opened

    form.new.start.click()

    assert not form.new.several.isEnabled()
    assert not form.new.quick_several.isEnabled()


def test_restarts_train_side_by_side_and_are_wished_again_at_the_next_launch(
    opened: tuple[Desk, TrainingForm], qtbot: QtBot
) -> None:
    table, form = opened
    numbers = itertools.count(1)
    table.state.trainer.new_folder = lambda name: f"runs/{name}-{next(numbers)}"
    _type(qtbot, form.new.restarts.field("restarts"), "3")

    form.new.start.click()

    assert [entry.seed for entry in table.state.seeds.entries] == [0, 1, 2]
    assert table.state.seeds.is_restarts
    assert [command.seed for command in table.engine.started] == [0, 1]
    assert "stop_below" not in table.engine.started[0].settings or not table.engine.started[0].settings["stop_below"]
    assert table.state.stage.large == "Seeds"
    assert table.state.preferences.kept.restarts == 3
    assert TrainingNew(table.state).restarts.values() == {"restarts": 3}
