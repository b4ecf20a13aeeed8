"""A run as the window knows it: its curve, its checkpoints, what the user wishes of it, and how it ends."""

import pytest

from app.state.training import MOST_POINTS, Run, Training
from engine.contract.messages import (
    CheckpointSaved,
    GoOnRun,
    PauseRun,
    Progress,
    RunEnded,
    RunId,
    RunPaused,
    RunStarted,
    SetLearningRate,
    StopRun,
)
from scripted import Desk, desk

NAME = RunId("runs/ntm-copy-1")


def _running() -> Desk:
    table = desk()
    table.state.trainer.start("ntm", "copy", {"slots": 16}, seed=3, updates=100)
    table.state.apply(RunStarted(run=NAME, update=0, parameters=1234, learning_rate=1e-3))
    return table


def _progress(update: int, *points: tuple[int, float]) -> Progress:
    return Progress(run=NAME, update=update, points=points, updates_per_second=51.0, saving_share=0.02)


def _run(table: Desk) -> Run:
    found = table.state.training.get(NAME)
    assert found is not None
    return found


def test_a_started_run_goes_to_a_process_of_its_own() -> None:
    table = _running()

    (command,) = table.engine.started
    assert (command.model, command.task, command.settings, command.seed, command.updates) == (
        "ntm",
        "copy",
        {"slots": 16},
        3,
        100,
    )
    assert not command.resume
    assert _run(table).parameters == 1234


def test_progress_makes_the_curve_and_the_badge() -> None:
    table = _running()

    table.state.apply(_progress(20, (10, 3.0), (20, 2.0)))

    assert _run(table).points == [(10, 3.0), (20, 2.0)]
    assert table.state.training.badge == "update 20 · 51/s"
    assert _run(table).saving_share == 0.02


def test_a_long_curve_is_thinned_but_keeps_its_newest_points() -> None:
    table = _running()
    for start in range(0, 3 * MOST_POINTS, 100):
        table.state.apply(_progress(start + 100, *((u, 1.0) for u in range(start, start + 100))))

    updates = [update for update, _ in _run(table).points]
    assert len(updates) <= MOST_POINTS
    assert updates[-100:] == list(range(3 * MOST_POINTS - 100, 3 * MOST_POINTS))
    assert updates == sorted(updates)


def test_checkpoints_are_kept_in_order_without_those_thinned_out_and_the_best_is_known() -> None:
    table = _running()
    for update, held_out, best, dropped in ((10, 3.0, True, ()), (20, 1.0, True, ()), (30, 2.0, False, (10,))):
        table.state.apply(CheckpointSaved(run=NAME, update=update, held_out=held_out, is_best=best, dropped=dropped))

    run = _run(table)
    assert run.checkpoints == [20, 30]
    assert run.best == 20
    assert run.held_out[30] == 2.0


def test_pause_and_go_on_are_sent_to_the_run() -> None:
    table = _running()
    trainer = table.state.trainer

    trainer.toggle()
    table.state.apply(RunPaused(run=NAME, update=5))
    trainer.go_on(100)
    table.state.apply(RunPaused(run=NAME, update=105))
    trainer.toggle()

    assert [command for _, command in table.engine.to_runs] == [
        PauseRun(run=NAME), GoOnRun(run=NAME, updates=100), GoOnRun(run=NAME),
    ]  # fmt: skip
    assert _run(table).status == "running"


def test_stopping_saves_and_the_run_can_be_resumed() -> None:
    table = _running()
    table.state.trainer.stop()
    stopping = _run(table).status
    table.state.apply(RunEnded(run=NAME, reason="stopped", update=40))

    table.state.trainer.resume(_run(table))

    assert stopping == "stopping"
    assert (NAME, StopRun(run=NAME)) in table.engine.to_runs
    assert table.engine.started[-1].resume
    assert table.state.training.live is _run(table)


def test_another_learning_rate_leaves_a_note_on_the_lane() -> None:
    table = _running()
    table.state.apply(_progress(20, (20, 2.0)))

    table.state.trainer.set_learning_rate(1e-4)

    assert table.engine.to_runs[-1][1] == SetLearningRate(run=NAME, learning_rate=1e-4)
    assert _run(table).notes == [(20, "rate 1e-03 → 1e-04")]


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
def test_a_learning_rate_that_is_no_rate_is_not_sent(rate: float) -> None:
    table = _running()

    table.state.trainer.set_learning_rate(rate)

    assert table.engine.to_runs == []


def test_a_failed_run_says_why_and_offers_the_last_good_checkpoint() -> None:
    table = _running()
    sentence = "NaN first in write.gate, step 11, at update 57."

    table.state.apply(RunEnded(run=NAME, reason="failed", update=57, detail=sentence, last_good=50))

    notice = table.state.notices.at("training")
    assert notice is not None
    assert (notice.sentence, notice.actions) == (sentence, ("run.last_good",))
    assert _run(table).last_good == 50
    assert table.state.training.live is None


def test_a_run_that_ended_well_names_no_last_good_checkpoint() -> None:
    table = _running()

    table.state.apply(RunEnded(run=NAME, reason="finished", update=1000, last_good=1000))

    assert _run(table).last_good is None


def test_a_run_whose_process_died_can_go_on_from_its_last_checkpoint() -> None:
    table = _running()
    table.state.apply(CheckpointSaved(run=NAME, update=1500, held_out=1.0, is_best=True))

    table.state.run_died(NAME, "killed")

    notice = table.state.notices.at("training")
    assert notice is not None
    assert "checkpoint 1,500" in notice.sentence
    assert notice.actions == ("run.resume",)
    assert table.state.training.resumable is _run(table)


def test_a_run_that_had_ended_does_not_die_again() -> None:
    table = _running()
    table.state.apply(RunEnded(run=NAME, reason="finished", update=100))

    table.state.run_died(NAME, "exit code 0")

    assert _run(table).status == "finished"
    assert table.state.notices.at("training") is None


def test_events_of_an_unknown_run_are_ignored() -> None:
    training = Training()

    training.apply(RunPaused(run=RunId("nowhere"), update=1))
    training.mark(RunId("nowhere"), "died")

    assert training.runs == ()


def test_wishes_without_a_live_run_do_nothing() -> None:
    table = desk()
    trainer = table.state.trainer

    trainer.pause()
    trainer.toggle()
    trainer.go_on()
    trainer.stop()
    trainer.set_learning_rate(0.1)

    assert table.engine.to_runs == []
    assert table.state.training.badge == ""


def test_following_counts_no_missed_checkpoints_and_detaching_does() -> None:
    table = _running()
    table.state.training.detach()
    for update in (10, 20, 30):
        table.state.apply(CheckpointSaved(run=NAME, update=update, held_out=1.0, is_best=False))
    detached = table.state.training.badge

    table.state.training.follow()

    assert detached == "detached, 3 newer checkpoints (End follows)"
    assert table.state.training.missed == 0
