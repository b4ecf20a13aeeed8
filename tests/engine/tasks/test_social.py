"""Agents that wait for each other, as a task: the order of crossing, for whom each waits, and what its own past cannot say."""

import pytest
import torch

from engine.contract.cards import Value, read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks import social
from engine.tasks.base import BadInputError, TrajectoryBatch
from engine.tasks.social import Social
from engine.tasks.trajectory import trajectories


def task(**wished: Value) -> Social:
    return social.build(read_settings(social.ENTRY.card.settings, {"samples": 200, **wished}), {}, None)


def held_out(made: Social) -> TrajectoryBatch:
    return trajectories(made.held_out())


def test_the_true_futures_cross_in_the_true_order() -> None:
    made = task(agents=6, varied=True)
    batch = held_out(made)

    assert made.score(batch.future.unsqueeze(2), batch)["kendall"].tolist() == [1.0] * batch.size


def test_futures_that_say_nothing_are_in_no_order() -> None:
    made = task()
    batch = held_out(made)

    still = batch.past[:, :, -1:].expand(-1, -1, 40, -1).unsqueeze(2)

    assert made.score(still, batch)["kendall"].abs().max() == 0


def test_to_cross_as_they_came_is_right_in_some_scenes_and_wrong_in_the_reversed_ones() -> None:
    made, plain = task(), task(rule="as they came")
    batch, easy = held_out(made), held_out(plain)

    order = made.score(easy.future.unsqueeze(2), batch)["kendall"]

    assert (batch.past == easy.past).all()
    assert order[batch.kind == 0].tolist() == [1.0] * int((batch.kind == 0).sum())
    assert (order[batch.kind == 1] < 0).all()


def test_by_the_rule_nothing_is_left_to_chance() -> None:
    for made in (task(), task(agents=6, varied=True), task(rule="as they came")):
        batch = held_out(made)

        far = made.score(batch.future.unsqueeze(2), batch)["by_the_rule.ade"]

        assert float(far.nan_to_num().max()) < 1e-4


def test_a_weighted_sum_of_its_own_past_is_far_off() -> None:
    made = task(samples=2000)
    batch = held_out(made)

    scores = made.score(batch.future.unsqueeze(2), batch)

    assert scores["linear_regression.fde"].nanmean() > 0.5


def test_each_scene_says_for_whom_each_agent_waits() -> None:
    batch = held_out(task(agents=5, varied=True))
    assert batch.waits is not None

    crosses = social.order_of_crossing(batch.future, batch.past)
    row, agent = (batch.waits >= 0).nonzero().unbind(1)

    assert (crosses[row, batch.waits[row, agent]] <= crosses[row, agent]).all()
    assert ((batch.waits >= 0).sum(1) == batch.present.sum(1) - 1).all()


def test_a_stream_is_tested_by_other_scenes() -> None:
    episode = task(length=7).episode(EpisodeWish(seed=4))

    assert episode.steps == 7
    assert [test.size for test in episode.tests] == [50]
    assert "they go" in episode.texts[0]


def test_scenes_of_ones_own_have_several_agents() -> None:
    made = task()

    episode = made.episode(EpisodeWish(own="1,0 0.45,0 | 0,1 0,0.45; 0,2 0,0.45"))

    assert episode.batch.present.tolist() == [[True, True], [True, False]]
    assert made.show(episode, torch.zeros(2, 2, 1, 40, 2)).outcome == {}
    with pytest.raises(BadInputError, match="at most 4 agents"):
        made.episode(EpisodeWish(own="|".join(["0,0 1,1"] * 5)))


def test_a_folder_of_data_is_refused(tmp_path) -> None:
    with pytest.raises(BadInputError, match="draws its own scenes"):
        social.build(read_settings(social.ENTRY.card.settings, {}), {}, tmp_path)
