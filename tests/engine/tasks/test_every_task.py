"""Every task of the registry at the ends of its settings: it draws episodes that hold together, or refuses in one sentence."""

import contextlib
from collections.abc import Iterator

import pytest
import torch
from watched_files import folder_for

from engine.blocks.seeding import generator
from engine.contract.cards import Setting, Value, read_settings
from engine.contract.messages import EpisodeWish
from engine.registry import TASKS
from engine.tasks.base import BadInputError, Batch, GarmentBatch, PairBatch, SequenceBatch, Task, TaskEntry, TrajectoryBatch

every_task = pytest.mark.parametrize("entry", TASKS, ids=lambda entry: entry.card.id)


def ends(setting: Setting) -> Iterator[Value]:
    """The least values that the setting lets through, and one further on; of a choice, all."""
    if isinstance(setting.default, str | bool):
        yield from setting.choices
        return
    low, high = setting.low or 0, setting.high or 0
    step = 1 if isinstance(setting.default, int) else (high - low) / 100
    yield from (low, low + step, min(high, low + 12 * step))


def built(entry: TaskEntry) -> Iterator[Task]:
    """The task at each end of each setting, but for those that it refuses."""
    for setting in entry.card.settings:
        for value in ends(setting):
            wished = {setting.name: int(value) if isinstance(setting.default, int) else value}
            with contextlib.suppress(BadInputError):
                yield entry.build(read_settings(entry.card.settings, wished), {}, folder_for(entry.card.id))


@every_task
def test_at_the_ends_of_its_settings_a_task_draws_or_refuses_in_a_sentence(entry: TaskEntry) -> None:
    for task in built(entry):
        outputs = [_guess(task, batch) for batch in (task.batch(2, generator("ends")), task.held_out())]

        assert all(bool(loss.isfinite()) for loss in outputs)


@every_task
def test_the_same_seed_draws_the_same_episodes(entry: TaskEntry) -> None:
    task = entry.build(read_settings(entry.card.settings, {}), {}, folder_for(entry.card.id))

    one, same, other = (_costs(task, seed) for seed in (3, 3, 4))

    assert one == same
    assert one != other


@every_task
def test_an_evaluation_has_as_many_episodes_as_are_wished(entry: TaskEntry) -> None:
    task = entry.build(read_settings(entry.card.settings, {}), {}, folder_for(entry.card.id))

    assert sum(batch.size for batch in task.test(20, seed=1)) == 20


@every_task
def test_what_is_no_input_of_its_own_is_refused_in_a_sentence(entry: TaskEntry) -> None:
    task = entry.build(read_settings(entry.card.settings, {}), {}, folder_for(entry.card.id))

    for nonsense in ("\x00", "٣", "{}", "-1", "nan", "1e400", "?" * 5000, "; ; ;"):
        with pytest.raises(BadInputError) as refused:
            task.episode(EpisodeWish(own=nonsense))
        assert 0 < len(str(refused.value)) < 400


def _guess(task: Task, batch: Batch) -> torch.Tensor:
    """What it costs to say nothing definite."""
    return task.loss(_undecided(task, batch), batch)


def _costs(task: Task, seed: int) -> list[float]:
    """What a fixed answer of chance costs on the test episodes of a seed."""
    batches = list(task.test(20, seed))
    torch.manual_seed(0)
    return [float(task.loss(torch.randn_like(_undecided(task, batch)), batch)) for batch in batches]


def _undecided(task: Task, batch: Batch) -> torch.Tensor:
    if isinstance(batch, SequenceBatch):
        return torch.zeros_like(batch.targets)
    if isinstance(batch, PairBatch):
        return torch.zeros(len(batch.target) - 1, batch.size, task.interface["symbols"])
    if isinstance(batch, TrajectoryBatch):
        return torch.zeros(*batch.present.shape, 5, task.interface["future"], 2)
    if isinstance(batch, GarmentBatch):
        return torch.zeros(batch.size, task.interface["catalogue"])
    return torch.zeros(batch.size, task.interface["answers"])
