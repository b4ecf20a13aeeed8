"""A run ends when it has learnt enough, and a resumed one knows that it has."""

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.contract.cards import Settings
from engine.contract.results import GOAL_SEQUENCES, RunCard
from engine.tasks.base import BadInputError
from engine.training.folder import RunFolder
from engine.training.goal import Goal
from engine.training.run import TrainingRun

EASY: Settings = {
    "bits": 1, "max_length": 1, "slots": 4, "slot_width": 3, "hidden": 8, "batch": 50, "learning_rate": 0.02,
    "optimiser": "adam", "stop_below": 0.3,
}  # fmt: skip
LONG = 2000


def begin(folder: Path, **settings: float) -> TrainingRun:
    return TrainingRun.start(folder, RunCard(model="ntm", task="copy", settings={**EASY, **settings}, seed=1, updates=LONG))


def train(run: TrainingRun, until: int = LONG) -> list[float]:
    costs = []
    while not run.is_over and run.update < until:
        if run.checkpoint_due:
            run.save()
        costs.append(run.advance()[1])
    return costs


def test_without_a_goal_none_is_reached() -> None:
    goal = Goal(0.0, 1000)

    goal.note(0.0)

    assert not goal.is_reached


@given(st.lists(st.floats(0, 4), max_size=40), st.sampled_from([50, 100, 300, 1000, 4096]), st.floats(0.1, 3))
def test_the_goal_is_reached_when_the_mean_of_the_last_thousand_is_below_it(costs: list[float], batch: int, below: float) -> None:
    goal = Goal(below, batch)
    for cost in costs:
        goal.note(cost)

    count = max(-(-GOAL_SEQUENCES // batch), 1)
    newest = costs[-count:]
    mean = sum(newest) / count
    assume(abs(mean - below) > 1e-9)
    assert goal.is_reached == (len(newest) == count and mean < below)


def test_a_run_ends_at_its_goal_with_a_checkpoint_and_its_card_says_so(tmp_path: Path) -> None:
    run = begin(tmp_path)

    costs = train(run)
    run.finish()

    assert len(costs) < LONG
    assert sum(costs[-20:]) / 20 < 0.3
    assert sum(costs[-21:-1]) / 20 >= 0.3
    assert RunFolder(tmp_path).read_card().solved == run.update
    assert RunFolder(tmp_path).kept()[-1] == run.update
    assert "its goal reached" in (tmp_path / "log.txt").read_text()


def test_a_run_that_is_resumed_on_its_way_ends_at_the_same_update(tmp_path: Path) -> None:
    whole = begin(tmp_path / "whole")
    train(whole)
    whole.finish()
    first = begin(tmp_path / "parted")
    train(first, until=whole.update - 10)
    first.finish()

    second = TrainingRun.resume(tmp_path / "parted")
    train(second)
    second.finish()

    assert second.update == whole.update


def test_a_solved_run_that_is_resumed_is_over_and_another_length_makes_it_go_on(tmp_path: Path) -> None:
    run = begin(tmp_path)
    train(run)
    run.finish()

    again = TrainingRun.resume(tmp_path)
    is_over = again.is_over
    again.release()
    longer = TrainingRun.resume(tmp_path, updates=LONG + 1)
    costs = train(longer, until=run.update + 3)
    longer.release()

    assert is_over
    assert len(costs) == 3
    assert RunFolder(tmp_path).read_card().solved is None


def test_a_goal_below_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="stop_below"):
        begin(tmp_path, stop_below=-1.0)
