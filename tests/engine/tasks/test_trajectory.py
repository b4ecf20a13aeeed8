"""What all tasks of trajectories share: the loss, the figures of the card, and what a trace shows of each sample."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.blocks.seeding import generator
from engine.contract.cards import read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks import junctions, social
from engine.tasks.base import TrajectoryBatch
from engine.tasks.trajectory import TrajectoryTask, trajectories


def crossing(**settings: int | bool) -> TrajectoryTask:
    wished = read_settings(social.ENTRY.card.settings, {"length": 4, "samples": 60, "agents": 5, "varied": True, **settings})
    return social.build(wished, {}, None)


def cars(**settings: int) -> TrajectoryTask:
    return junctions.build(read_settings(junctions.ENTRY.card.settings, {"length": 4, "samples": 200, **settings}), {}, None)


def guesses(batch: TrajectoryBatch, count: int) -> torch.Tensor:
    """The true future, and worse and worse ones after it."""
    off = torch.arange(count).reshape(-1, 1, 1) * torch.tensor([3.0, 4.0])
    return batch.future.unsqueeze(2) + off


def test_the_true_future_among_the_candidates_costs_nothing_wherever_it_stands() -> None:
    task = crossing()
    batch = trajectories(task.held_out())

    assert task.loss(guesses(batch, 3).flip(2), batch).item() == 0.0


def test_only_agents_that_are_there_are_counted_and_only_the_best_is_taught() -> None:
    task = crossing()
    batch = trajectories(task.held_out())
    outputs = (guesses(batch, 2) + 1.0).requires_grad_()

    task.loss(outputs, batch).backward()

    assert outputs.grad is not None
    taught = outputs.grad.abs().sum((-2, -1)) > 0
    assert (taught[:, :, 0] == batch.present).all()
    assert not taught[:, :, 1].any()


def test_the_loss_is_the_mean_square_of_the_distance() -> None:
    task = cars()
    batch = trajectories(task.held_out())

    assert task.loss(guesses(batch, 2)[:, :, 1:], batch).item() == pytest.approx(25.0, rel=1e-4)


def test_figures_are_those_of_each_agent_and_absent_ones_are_no_numbers() -> None:
    task = crossing()
    batch = trajectories(task.held_out())

    scores = task.score(guesses(batch, 5).flip(2), batch)

    assert scores["ade"].shape == (batch.present.numel(),)
    assert (scores["ade"].isnan() == ~batch.present.flatten()).all()


def test_the_table_by_the_number_of_futures_ends_where_the_model_does() -> None:
    task = cars()
    batch = trajectories(task.held_out())

    rows = {name.split(".")[1] for name in task.score(guesses(batch, 12), batch) if name.startswith("by_k.")}

    assert rows == {"1", "5", "10"}


def test_more_futures_are_never_worse_and_the_first_are_the_likeliest() -> None:
    task = cars()
    batch = trajectories(task.held_out())

    scores = task.score(guesses(batch, 20).flip(2), batch)
    ade = [scores[f"by_k.{count}.ade"].mean().item() for count in (1, 5, 10, 20)]

    assert ade == pytest.approx([95.0, 75.0, 50.0, 0.0], rel=1e-4)
    assert scores["ade"].mean().item() == pytest.approx(75.0, rel=1e-4)
    assert scores["mean_of_k.ade"].mean().item() == pytest.approx(85.0, rel=1e-4)


def test_what_comes_near_nobodys_end_is_missed() -> None:
    task = cars()
    batch = trajectories(task.held_out())

    near, far = guesses(batch, 1), guesses(batch, 2)[:, :, 1:]

    assert task.score(near, batch)["missed"].mean() == 0
    assert task.score(far, batch)["missed"].mean() == 1


def test_the_whole_table_by_time_is_of_one_future() -> None:
    task = cars()
    batch = trajectories(task.held_out())

    scores = task.score(guesses(batch, 5), batch)

    assert scores["by_horizon.4 s.ade"].tolist() == scores["ade"].tolist()
    assert scores["by_horizon.4 s.fde"].tolist() == scores["fde"].tolist()


def test_every_figure_has_its_place_on_the_card() -> None:
    for entry, task in ((junctions.ENTRY, cars()), (social.ENTRY, crossing())):
        batch = trajectories(task.held_out())

        scores = task.score(guesses(batch, 20), batch)

        assert {name.split(".")[0] for name in scores} <= {metric.name for metric in entry.card.metrics}
        assert next(iter(scores)) == entry.card.metrics[0].name


def test_a_version_without_memory_is_measured_in_brief() -> None:
    task = cars()
    batch = trajectories(task.held_out())

    brief, scores = task.brief(guesses(batch, 7), batch), task.score(guesses(batch, 7), batch)

    assert {name: values.tolist() for name, values in brief.items()} == {name: scores[name].tolist() for name in ("ade", "fde")}


def test_a_trace_shows_each_sample_with_all_its_futures() -> None:
    task = crossing()
    episode = task.episode(EpisodeWish(seed=2))

    shown = task.show(episode, guesses(episode.batch, 5))

    there = episode.batch.present.numpy()
    assert {name: array.shape for name, array in shown.arrays.items()} == {
        "scene.past": (4, 5, 20, 2), "scene.future": (4, 5, 40, 2), "scene.foreseen": (4, 5, 5, 40, 2),
        "scene.present": (4, 5), "scene.error": (4,), "scene.kind": (4,), "scene.waits": (4, 5),
    }  # fmt: skip
    assert (np.isnan(shown.arrays["scene.past"]).any((2, 3)) == ~there).all()
    assert shown.outcome["ade"] == 0.0
    assert len(shown.labels["sample"]) == 4


def test_where_nobody_knows_what_came_nothing_is_measured_and_nothing_is_shown_as_truth() -> None:
    task = cars()
    episode = task.episode(EpisodeWish(own="0,0 0,5; 0,0 1,1"))

    shown = task.show(episode, torch.zeros(2, 1, 5, 40, 2))

    assert np.isnan(shown.arrays["scene.future"]).all()
    assert np.isnan(shown.arrays["scene.error"]).all()
    assert shown.outcome == {}
    assert not np.isnan(shown.arrays["scene.past"]).any()


def test_training_draws_from_the_training_set_and_names_each_sample() -> None:
    for task in (cars(), crossing()):
        batch, training = trajectories(task.batch(16, generator("some"))), task.training()

        assert (training.past[batch.number] == batch.past).all()
        assert (trajectories(task.held_out()).number == -1).all()


def test_the_regression_is_fitted_to_the_training_set_once() -> None:
    task = cars()
    batch = trajectories(task.held_out())
    one = task.score(guesses(batch, 1), batch)["linear_regression.ade"]

    other = task.score(guesses(batch, 1), replace(batch, past=batch.past + 500, future=batch.future + 500))[
        "linear_regression.ade"
    ]

    torch.testing.assert_close(one, other, atol=0.05, rtol=0.0)
    assert 3 < float(one.mean()) < 5
