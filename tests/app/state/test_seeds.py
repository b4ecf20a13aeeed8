"""The same training from several seeds: one begins when another ends, and each says whether it has learnt."""

import itertools
from dataclasses import dataclass, field

import numpy as np
import pytest

from app.state.seeds import SeedRun, Seeds
from engine.contract.messages import CheckpointSaved, Progress, RunEnded, RunId, RunStarted, StopRun
from engine.contract.restarts import Restarts
from scripted import Desk, desk


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Panel:
    """Four seeds, two at a time, on an engine that answers nothing by itself."""

    desk: Desk
    seeds: Seeds
    clock: Clock = field(default_factory=Clock)

    @property
    def begun(self) -> list[int]:
        return [command.seed for command in self.desk.engine.started]

    def run(self, seed: int) -> RunId:
        return next(command.run for command in self.desk.engine.started if command.seed == seed)

    def end(self, seed: int, reason: str = "finished", is_solved: bool = True, seconds: float = 4.0) -> None:
        self.desk.state.apply(
            RunEnded(run=self.run(seed), reason=reason, update=300, is_solved=is_solved, seconds=seconds)  # type: ignore[arg-type]
        )

    def entry(self, seed: int) -> SeedRun:
        return next(entry for entry in self.seeds.entries if entry.seed == seed)

    def how(self, seed: int) -> str:
        return self.seeds.how(self.entry(seed))


@pytest.fixture
def panel() -> Panel:
    table = desk()
    numbers = itertools.count(1)
    table.state.trainer.new_folder = lambda name: f"runs/{name}-{next(numbers)}"
    clock = Clock()
    table.state.seeds._clock = clock
    settings = {"stop_below": 1.0, "batch": 100}
    table.state.seeds.start("ntm", "copy", settings, seeds=(3, 4, 5, 6), updates=500, at_once=2)
    return Panel(table, table.state.seeds, clock)


def test_two_begin_at_once_and_the_others_wait(panel: Panel) -> None:
    assert panel.begun == [3, 4]
    assert [panel.how(seed) for seed in (3, 4, 5, 6)] == ["training", "training", "waiting", "waiting"]
    assert all(command.settings["stop_below"] == 1.0 for command in panel.desk.engine.started)


def test_when_one_ends_the_next_begins(panel: Panel) -> None:
    panel.end(4)

    assert panel.begun == [3, 4, 5]
    assert panel.how(4) == "solved"


def test_the_panel_is_over_when_all_are_and_knows_how_long_it_took(panel: Panel) -> None:
    for seed in (3, 4, 5, 6):
        panel.clock.now += 5
        panel.end(seed, is_solved=seed != 5)
    panel.clock.now += 100

    assert not panel.seeds.is_live
    assert [panel.how(seed) for seed in (3, 4, 5, 6)] == ["solved", "solved", "not solved", "solved"]
    assert panel.seeds.count("solved") == 3
    assert panel.seeds.seconds == 20


def test_a_seed_that_fails_does_not_keep_the_others_from_training(panel: Panel) -> None:
    panel.end(3, reason="failed", is_solved=False)
    panel.desk.state.run_died(panel.run(4), "its process was killed")

    assert panel.how(3) == "failed"
    assert panel.how(4) == "failed"
    assert panel.begun == [3, 4, 5, 6]


def test_stopping_ends_all_of_it(panel: Panel) -> None:
    panel.desk.state.trainer.stop()
    stopped = [run for run, command in panel.desk.engine.to_runs if isinstance(command, StopRun)]
    for seed in (3, 4):
        panel.end(seed, reason="stopped", is_solved=False)

    assert stopped == [panel.run(3), panel.run(4)]
    assert panel.begun == [3, 4]
    assert not panel.seeds.is_live
    assert {panel.how(seed) for seed in (3, 4, 5, 6)} == {"stopped"}


def test_the_view_does_not_go_after_a_run_of_several(panel: Panel) -> None:
    state = panel.desk.state
    state.training.detach()
    state.apply(RunStarted(run=panel.run(3), update=0, parameters=10, learning_rate=0.1))

    state.apply(CheckpointSaved(run=panel.run(3), update=20, held_out=1.0, is_best=True))

    assert not state.training.is_following
    assert state.training.missed == 0
    assert state.training.badge.startswith("several seeds")


def test_the_curve_is_the_mean_of_the_last_thousand_sequences(panel: Panel) -> None:
    points = tuple((update, float(update % 7)) for update in range(1, 31))
    panel.desk.state.apply(Progress(run=panel.run(3), update=30, points=points, updates_per_second=1.0))

    updates, means = panel.seeds.curve(panel.entry(3))

    costs = np.array([cost for _, cost in points])
    np.testing.assert_array_equal(updates, np.arange(1, 31))
    np.testing.assert_allclose(means, [costs[max(n - 10, 0) : n].mean() for n in range(1, 31)], rtol=1e-5)


def test_the_curve_of_a_seed_that_waits_is_empty(panel: Panel) -> None:
    updates, means = panel.seeds.curve(panel.entry(6))

    assert updates.size == means.size == 0


def test_runs_that_are_none_of_the_panel_change_nothing_in_it(panel: Panel) -> None:
    for seed in (3, 4, 5, 6):
        panel.end(seed)
    alone = panel.desk.state.trainer.start("ntm", "copy", {}, seed=9, updates=5)

    panel.desk.state.apply(RunEnded(run=alone.run, reason="stopped", update=2))

    assert panel.seeds.count("solved") == 4
    assert len(panel.seeds.entries) == 4


def test_without_a_goal_a_run_is_finished_and_nothing_is_said_of_solving(panel: Panel) -> None:
    for seed in (3, 4, 5, 6):
        panel.end(seed)

    panel.seeds.start("ntm", "copy", {}, seeds=(1,), updates=5)
    panel.end(1, is_solved=False)

    assert panel.how(1) == "finished"


# ---- restarts -------------------------------------------------------------------------------------------------------------


@dataclass
class Kept:
    """What was noted in the folder."""

    noted: list[tuple[str, Restarts]] = field(default_factory=list)

    def __call__(self, folder: str, restarts: Restarts) -> None:
        self.noted.append((folder, restarts))


@pytest.fixture
def restarts() -> tuple[Panel, Kept]:
    """Four restarts, two at a time."""
    table, numbers, kept = desk(), itertools.count(1), Kept()
    table.state.trainer.new_folder = lambda name: f"runs/{name}-{next(numbers)}"
    table.state.seeds.keep = kept
    table.state.seeds.start("ntm", "copy", {"batch": 100}, seeds=(3, 4, 5, 6), updates=500, at_once=2, keeps_best=True)
    return Panel(table, table.state.seeds), kept


def save(panel: Panel, seed: int, judged: float, cost: float = 0.5) -> None:
    run = panel.run(seed)
    panel.desk.state.apply(Progress(run=run, update=9, points=((9, cost),), updates_per_second=1.0))
    panel.desk.state.apply(CheckpointSaved(run=run, update=9, held_out=cost, is_best=True, judged=judged, figure=judged))


def test_restarts_lie_in_one_folder_and_the_best_of_them_is_kept_and_opened(restarts: tuple[Panel, Kept]) -> None:
    panel, kept = restarts
    for seed, judged in ((3, 0.4), (4, 0.2), (5, 0.1), (6, 0.3)):
        save(panel, seed, judged)
        panel.end(seed, is_solved=False)

    chosen = panel.seeds.chosen
    assert chosen is panel.entry(5)
    assert chosen.run is not None
    assert chosen.run.folder.replace("\\", "/") == "runs/ntm-copy-1/seed=5"
    assert chosen.run.chosen_of == 4
    assert panel.desk.engine.asked.source.place == chosen.run.folder
    assert panel.desk.engine.asked.source.update == 9
    assert any("Seed 5 is kept, the best of 4" in notice.sentence for notice in panel.desk.state.notices.all)
    folder, noted = kept.noted[-1]
    assert (folder, noted.chosen, len(noted.tried)) == ("runs/ntm-copy-1", "seed=5", 4)


def test_one_that_leaves_nothing_to_choose_ends_those_after_it_and_not_those_before(restarts: tuple[Panel, Kept]) -> None:
    panel, _ = restarts
    save(panel, 4, 0.0, cost=0.001)
    panel.end(4, is_solved=False)

    assert panel.begun == [3, 4]
    assert [panel.how(seed) for seed in (3, 4, 5, 6)] == ["training", "finished", "not needed", "not needed"]
    assert panel.seeds.is_live
    save(panel, 3, 0.2)
    panel.end(3, is_solved=False)
    assert not panel.seeds.is_live
    assert panel.seeds.chosen is panel.entry(4)


def test_one_that_trains_after_it_is_stopped_and_that_ends_nothing_else(restarts: tuple[Panel, Kept]) -> None:
    panel, _ = restarts
    save(panel, 3, 0.0, cost=0.001)
    panel.end(3, is_solved=False)

    assert [run for run, command in panel.desk.engine.to_runs if isinstance(command, StopRun)] == [panel.run(4)]
    assert panel.seeds.is_live
    panel.end(4, reason="stopped", is_solved=False)
    assert panel.how(4) == "not needed"
    assert not panel.seeds.is_live
    assert panel.seeds.chosen is panel.entry(3)


def test_a_panel_that_is_stopped_keeps_the_best_of_what_there_is(restarts: tuple[Panel, Kept]) -> None:
    panel, _ = restarts
    save(panel, 3, 0.4)
    save(panel, 4, 0.3)
    panel.desk.state.trainer.stop()
    panel.end(3, reason="stopped", is_solved=False)
    assert panel.seeds.is_live

    panel.end(4, reason="stopped", is_solved=False)

    assert panel.begun == [3, 4]
    assert panel.seeds.chosen is panel.entry(4)


def test_where_every_run_fails_nothing_is_kept(restarts: tuple[Panel, Kept]) -> None:
    panel, _ = restarts
    for seed in (3, 4, 5, 6):
        panel.end(seed, reason="failed", is_solved=False)

    assert panel.seeds.chosen is None
    assert not panel.seeds.is_live


def test_seeds_that_are_no_restarts_have_no_best(panel: Panel) -> None:
    save(panel, 3, 0.0, cost=0.001)
    panel.end(3)

    assert panel.seeds.chosen is None
    assert panel.begun == [3, 4, 5]
