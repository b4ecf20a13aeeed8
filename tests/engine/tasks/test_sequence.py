"""What every task of bit vectors promises, whatever its protocol."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.blocks.seeding import generator
from engine.contract.cards import read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks import associative_recall, copy, ngrams, priority_sort, repeat_copy
from engine.tasks.base import BadInputError, SequenceBatch, TaskEntry
from engine.tasks.sequence import SequenceTask

ENTRIES = [module.ENTRY for module in (copy, repeat_copy, associative_recall, ngrams, priority_sort)]
every_task = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.card.id)


def task(entry: TaskEntry) -> SequenceTask:
    made = entry.build(read_settings(entry.card.settings, {}), {}, None)
    assert isinstance(made, SequenceTask)
    return made


def sequence(batch: object) -> SequenceBatch:
    assert isinstance(batch, SequenceBatch)
    return batch


def perfect(batch: SequenceBatch) -> torch.Tensor:
    return 60.0 * (batch.targets - 0.5)


@every_task
def test_a_batch_has_the_sizes_that_the_interface_says(entry: TaskEntry) -> None:
    made = task(entry)

    batch = sequence(made.batch(3, generator("a")))

    assert batch.inputs.shape == (batch.steps, 3, made.interface["inputs"])
    assert batch.targets.shape == (batch.steps, 3, made.interface["outputs"])
    assert set(batch.scored.tolist()) == {0.0, 1.0}
    assert set(batch.targets.unique().tolist()) == {0.0, 1.0}


@every_task
def test_the_same_chance_draws_the_same_batch_and_another_chance_another(entry: TaskEntry) -> None:
    made = task(entry)

    one, again, other = (sequence(made.batch(2, generator("a", number))).inputs for number in (1, 1, 2))

    assert torch.equal(one, again)
    assert one.shape != other.shape or not torch.equal(one, other)


@every_task
def test_a_right_answer_costs_nothing_and_a_guess_one_for_each_scored_bit(entry: TaskEntry) -> None:
    made = task(entry)
    batch = sequence(made.batch(2, generator("a")))
    bits = float(batch.scored.sum()) * made.interface["outputs"]

    right = made.score(perfect(batch), batch)["bits_per_sequence"]
    guessed = made.cost(float(made.loss(torch.zeros_like(batch.targets), batch)), batch)

    assert right.max() < 1e-3
    assert guessed == pytest.approx(bits, rel=1e-5)


@every_task
def test_an_answer_counts_only_where_it_is_asked_for(entry: TaskEntry) -> None:
    made = task(entry)
    batch = sequence(made.batch(2, generator("a")))
    outputs = perfect(batch)
    outputs[batch.scored == 0] = 100.0

    assert made.score(outputs, batch)["wrong_bits"].tolist() == [0, 0]


@every_task
def test_an_evaluation_has_as_many_episodes_as_asked_for_and_repeats(entry: TaskEntry) -> None:
    made = task(entry)

    one, other = ([sequence(batch) for batch in made.test(60, 7)] for _ in range(2))

    assert sum(batch.size for batch in one) == 60
    assert all(torch.equal(a.inputs, b.inputs) for a, b in zip(one, other, strict=True))


@every_task
def test_training_testing_showing_and_holding_out_share_no_chance(entry: TaskEntry) -> None:
    made = task(entry)
    drawn = made.batch(1, generator("batch", 7, 1)), next(made.test(1, 7)), made.episode(EpisodeWish(seed=7)), made.held_out()

    shown = [sequence(batch).inputs[:, 0] for batch in drawn]

    alike = [a.shape == b.shape and torch.equal(a, b) for number, a in enumerate(shown) for b in shown[:number]]
    assert not any(alike)


@every_task
def test_the_tape_has_the_channels_of_the_card_and_phases_that_cover_the_episode(entry: TaskEntry) -> None:
    made = task(entry)
    episode = sequence(made.episode(EpisodeWish(seed=3)))

    shown = made.show(episode, perfect(episode))

    assert set(shown.arrays) == {channel.name for channel in entry.card.channels}
    assert {name: len(array) for name, array in shown.arrays.items()} == dict.fromkeys(shown.arrays, episode.steps)
    covered = sorted(step for phase in shown.phases for step in range(phase.first, phase.last + 1))
    assert covered == sorted(set(covered))
    assert set(np.flatnonzero(episode.scored.numpy()).tolist()) <= set(covered)
    assert shown.outcome["wrong_bits"] == 0


@every_task
def test_the_task_s_own_channels_lie_in_the_range_that_the_card_says(entry: TaskEntry) -> None:
    made = task(entry)
    episode = sequence(made.episode(EpisodeWish(seed=3)))

    shown = made.show(episode, perfect(episode))

    outside = [
        channel.name
        for channel in entry.card.channels
        if channel.bounded
        and not (channel.low <= np.nanmin(shown.arrays[channel.name]) <= np.nanmax(shown.arrays[channel.name]) <= channel.high)
    ]
    assert outside == []


@every_task
def test_an_episode_s_own_vectors_make_that_episode_again(entry: TaskEntry) -> None:
    made = task(entry)
    episode = sequence(made.episode(EpisodeWish(seed=3)))
    words = made.show(episode, perfect(episode)).labels["own"]

    again = sequence(made.episode(EpisodeWish(seed=3, own=" ".join(words))))

    assert torch.equal(again.inputs, episode.inputs)
    assert torch.equal(again.targets, episode.targets)


@every_task
def test_every_metric_of_an_episode_is_on_the_card(entry: TaskEntry) -> None:
    made = task(entry)
    batch = sequence(made.batch(2, generator("a")))

    named = {metric.name for metric in entry.card.metrics}

    assert set(made.score(perfect(batch), batch)) <= named


@every_task
def test_a_folder_of_data_is_refused(entry: TaskEntry, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="draws its own episodes and reads no data"):
        entry.build(read_settings(entry.card.settings, {}), {}, tmp_path)
