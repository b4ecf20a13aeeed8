"""The map of training time against episode time: what is asked of the engine, and what comes of the answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.time_map import FIRST_ROWS, SECONDS_A_ROW, TimeMap, coarse_to_fine, round_top
from engine.contract.messages import Cancel, CheckpointSaved, Course, Mapped, MapRow, MapTime, Progress, Refused, RunEnded, RunId
from fake_traces import ntm_trace
from scripted import Desk, desk

RUN = RunId("runs/ntm-copy-1")


def course(*values: float, name: str = "error", top: float = 8.0) -> Course:
    return Course(name=name, title="wrong bits", says="Bits that are wrong.", values=np.array(values, np.float32), top=top)


def opened() -> tuple[Desk, TimeMap]:
    table = desk()
    table.show(ntm_trace(length=2, slots=8))
    return table, table.state.time_maps["A"]


def asked(table: Desk) -> list[MapTime]:
    return [command for command in table.engine.sent if isinstance(command, MapTime)]


def rows_of(table: Desk, place: str) -> list[int]:
    return [update for wish in asked(table) if wish.place == place for update in wish.updates]


def answer(table: Desk, wish: MapTime, update: int, *courses: Course, sentence: str = "") -> None:
    table.state.apply(MapRow(request=wish.request, update=update, courses=courses, sentence=sentence))


def test_nothing_is_asked_while_nobody_looks() -> None:
    table, _ = opened()

    assert asked(table) == []


def test_all_checkpoints_are_asked_for_the_newest_first() -> None:
    table, time_map = opened()

    time_map.watch()

    (wish,) = asked(table)
    assert wish.place == "exhibit:ntm-copy"
    assert wish.updates == (7000, 0, 1000, 3500)
    assert wish.episode.seed == 0


def test_the_grid_has_a_row_for_each_checkpoint_and_gaps_where_none_has_come() -> None:
    table, time_map = opened()
    time_map.watch()
    (wish,) = asked(table)

    answer(table, wish, 7000, course(0, 0, 1))
    answer(table, wish, 0, course(4, 3, 5))

    grid = time_map.grid("error")
    assert grid is not None
    assert grid.updates == (0, 1000, 3500, 7000)
    assert grid.top == 8
    nothing = [np.nan] * 3
    np.testing.assert_array_equal(grid.values, np.array([[4, 3, 5], nothing, nothing, [0, 0, 1]], np.float32))
    assert (time_map.known, time_map.is_waiting) == (2, True)


def test_a_quantity_without_a_limit_gets_a_round_one_that_holds_all() -> None:
    table, time_map = opened()
    time_map.watch()

    answer(table, asked(table)[0], 7000, course(0.2, 4.1, np.nan, top=0.0))

    grid = time_map.grid("error")
    assert grid is not None
    assert grid.top == 5


def test_another_episode_is_another_map_and_the_first_is_kept() -> None:
    table, time_map = opened()
    time_map.watch()
    (first,) = asked(table)
    answer(table, first, 7000, course(1, 1, 1))

    table.state.explorer.choose_episode(9)
    second = asked(table)[-1]

    assert Cancel(request=first.request) in table.engine.sent
    assert (second.episode.seed, time_map.known) == (9, 0)
    table.state.explorer.choose_episode(0)
    assert time_map.known == 1
    assert asked(table)[-1].updates == (0, 1000, 3500)


def test_another_checkpoint_of_the_same_episode_asks_nothing_again() -> None:
    table, time_map = opened()
    time_map.watch()

    table.state.explorer.choose_checkpoint(1000)

    assert len(asked(table)) == 1


def test_while_a_run_trains_each_checkpoint_is_asked_for() -> None:
    table, time_map = opened()
    run = table.state.trainer.start("ntm", "copy", {}, seed=0, updates=100)
    table.state.explorer.open_run(run)
    time_map.watch()

    for update in (0, 20):
        table.state.apply(CheckpointSaved(run=RUN, update=update, held_out=1.0, is_best=True))

    assert [wish.updates for wish in asked(table) if wish.place == run.place] == [(0,), (20,)]


def test_while_a_run_trains_rows_are_asked_for_at_a_pace_and_the_rest_when_it_has_ended() -> None:
    table, time_map = opened()
    now = [50.0]
    time_map._clock = lambda: now[0]
    run = table.state.trainer.start("ntm", "copy", {}, seed=0, updates=1000)
    table.state.explorer.open_run(run)
    time_map.watch()
    for update in range(0, 400, 20):
        table.state.apply(CheckpointSaved(run=RUN, update=update, held_out=1.0, is_best=True))
    at_once = len(rows_of(table, run.place))

    now[0] += 2 * SECONDS_A_ROW
    table.state.apply(Progress(run=RUN, update=400, points=(), updates_per_second=900.0))
    a_little_later = len(rows_of(table, run.place))
    table.state.apply(RunEnded(run=RUN, reason="finished", update=400))

    assert (at_once, a_little_later) == (FIRST_ROWS, FIRST_ROWS + 2)
    assert sorted(rows_of(table, run.place)) == list(range(0, 400, 20))


def test_a_checkpoint_that_was_thinned_out_leaves_the_map() -> None:
    table, time_map = opened()
    run = table.state.trainer.start("ntm", "copy", {}, seed=0, updates=100)
    table.state.explorer.open_run(run)
    time_map.watch()
    for update in (0, 20, 40):
        table.state.apply(CheckpointSaved(run=RUN, update=update, held_out=1.0, is_best=True))
        answer(table, asked(table)[-1], update, course(update))

    table.state.apply(CheckpointSaved(run=RUN, update=60, held_out=1.0, is_best=True, dropped=(20,)))

    grid = time_map.grid("error")
    assert grid is not None
    assert grid.updates == (0, 40, 60)
    np.testing.assert_array_equal(grid.values[:2, 0], [0, 40])


def test_a_row_that_failed_is_not_asked_for_again_and_says_why() -> None:
    table, time_map = opened()
    time_map.watch()
    (wish,) = asked(table)

    for update in wish.updates:
        answer(table, wish, update, sentence="the weights are damaged")
    table.state.apply(Mapped(request=wish.request))
    time_map.catch_up()

    assert len(asked(table)) == 1
    assert time_map.failure == "the weights are damaged"
    assert time_map.courses == ()


def test_the_last_who_looks_ends_the_work() -> None:
    table, time_map = opened()
    time_map.watch()
    time_map.watch()
    (wish,) = asked(table)

    time_map.leave()
    assert Cancel(request=wish.request) not in table.engine.sent
    time_map.leave()

    assert Cancel(request=wish.request) in table.engine.sent


def test_an_answer_that_nobody_waits_for_is_dropped() -> None:
    table, time_map = opened()
    time_map.watch()
    (wish,) = asked(table)
    table.state.explorer.choose_episode(9)

    answer(table, wish, 7000, course(1))
    table.state.apply(Refused(request=wish.request, sentence="cancelled"))

    assert time_map.known == 0
    assert not table.state.notices.all


def test_an_engine_that_comes_back_is_asked_for_what_is_missing() -> None:
    table, time_map = opened()
    time_map.watch()
    answer(table, asked(table)[0], 7000, course(1))

    time_map.engine_is_ready(is_ready=False)
    time_map.engine_is_ready(is_ready=True)

    assert asked(table)[-1].updates == (0, 1000, 3500)


@given(st.lists(st.integers(0, 10_000), unique=True).map(lambda found: tuple(sorted(found))))
def test_from_coarse_to_fine_every_checkpoint_comes_once(updates: tuple[int, ...]) -> None:
    order = coarse_to_fine(updates)

    assert sorted(order) == list(updates)
    assert order[:2] == [*updates[-1:], *updates[:1]][: len(updates)] or len(updates) == 1


@pytest.mark.parametrize(("most", "top"), [(0.0, 0.001), (0.7, 0.7), (0.71, 1.0), (4.1, 5.0), (36.0, 50.0)])
def test_a_round_limit(most: float, top: float) -> None:
    assert round_top(np.array([[0, most, np.nan]], np.float32)) == pytest.approx(top)
