"""The wardrobe: what it draws, how it counts, and what it refuses."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from engine.blocks.seeding import generator
from engine.contract.cards import Value, read_settings
from engine.contract.files import BadFileError
from engine.contract.messages import EpisodeWish
from engine.tasks.base import BadInputError, GarmentBatch, GarmentEpisode
from engine.tasks.wardrobe import ENTRY, Wardrobe, build


def made(**wished: Value) -> Wardrobe:
    """The task, small."""
    return build(read_settings(ENTRY.card.settings, {"pairs": 200, "length": 10, **wished}), {}, None)


def drawn(task: Wardrobe, count: int = 40) -> GarmentBatch:
    """Test pairs."""
    return next(task.test(count, 3))


def perfect(task: Wardrobe, batch: GarmentBatch) -> torch.Tensor:
    """A list that begins with one bottom of every style."""
    modes = task.closet.modes_of(batch.top)
    firsts = torch.stack([((modes == mode).cumsum(-1) == 1) & (modes == mode) for mode in range(3)]).any(0)
    return firsts.float() + 0.5 * F.one_hot(batch.bottom, modes.shape[1])


def test_a_list_that_knows_the_rules_scores_best() -> None:
    task = made()
    batch = drawn(task)

    best = {name: float(value.mean()) for name, value in task.score(perfect(task, batch), batch).items()}
    chance = {name: float(value.mean()) for name, value in task.score(torch.rand(40, 192), batch).items()}

    assert best["by_k.3.coverage"] == best["by_k.5.hit"] == 1
    assert best["auc"] > 0.99
    assert abs(chance["auc"] - 0.5) < 0.1
    assert best["precision"] > 5 * chance["precision"]
    assert task.judge(perfect(task, batch), batch) == 0


def test_every_metric_of_the_card_is_scored_or_is_of_a_version_of_the_model() -> None:
    task = made()
    batch = drawn(task)

    tables = {name.partition(".")[0] for name in task.score(torch.rand(40, 192), batch)}

    of_the_model = {"memory_off", "memory_shuffled", "random_memory", "whole_memory", "memory_rows", "samples_presented",
                    "rows_by_half"}  # fmt: skip
    assert tables | of_the_model == {metric.name for metric in ENTRY.card.metrics}
    assert set(task.brief(torch.rand(40, 192), batch)) == {
        "hit", "precision", "coverage", "precision_at_1", "precision_at_3"
    }  # fmt: skip


def test_a_linear_regression_is_better_than_chance_and_far_from_the_rules() -> None:
    task = made(pairs=800)
    batch = drawn(task, 200)

    found = {name: float(value.mean()) for name, value in task.score(torch.rand(200, 192), batch).items()}

    assert found["regression.precision"] > 3 * found["precision"]
    assert found["regression.coverage"] < 0.8


def test_a_stream_has_a_phase_and_held_out_pairs_for_old_and_for_new_hues() -> None:
    task = made(length=11)
    episode = task.episode(EpisodeWish(seed=5))

    assert isinstance(episode, GarmentEpisode)
    shown = task.show(episode, torch.rand(11, 192))

    assert [phase.name for phase in shown.phases] == ["hues of the training", "new hues"]
    assert [(phase.first, phase.last) for phase in shown.phases] == [(0, 5), (6, 10)]
    assert [batch.size for batch in episode.tests] == [40, 40]
    assert len(shown.labels["sample"]) == 11
    assert " with " in shown.labels["sample"][0]
    assert shown.arrays["scene.catalogue"].shape == (11, 192, 48, 48, 3)
    assert set(shown.arrays) == {channel.name for channel in ENTRY.card.channels}


def test_without_new_hues_a_stream_has_one_phase() -> None:
    episode = made(new_hues=0).episode(EpisodeWish(seed=5))

    assert isinstance(episode, GarmentEpisode)
    assert len(episode.tests) == 1


def test_training_draws_from_a_finite_set() -> None:
    task = made(pairs=20)

    batch = task.batch(200, generator("a"))

    assert isinstance(batch, GarmentBatch)
    assert set(batch.number.tolist()) <= set(range(20))
    same = batch.number == batch.number[0]
    assert torch.equal(batch.tops[same], batch.tops[:1].expand(int(same.sum()), -1, -1, -1))


def test_what_is_typed_in_is_refused() -> None:
    with pytest.raises(BadInputError, match="cannot be typed in"):
        made().episode(EpisodeWish(own="a red tee"))


def test_a_folder_that_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="there is no such file"):
        build(read_settings(ENTRY.card.settings, {}), {}, tmp_path / "nowhere")


def test_one_catalogue_serves_all() -> None:
    task = made()
    one, other = drawn(task, 3), drawn(task, 5)

    assert one.catalogue is other.catalogue
    assert one.pool is not None
    np.testing.assert_array_equal(one.pool.number, np.arange(200))
