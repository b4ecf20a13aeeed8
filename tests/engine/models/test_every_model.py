"""One set of promises, held by every model of the registry on every task that it can learn."""

import contextlib
import itertools

import numpy as np
import torch
from pairing import PAIRS, Pair, every_model, every_pair, flat, only, recorded, replayed, small, steps_of

from engine.blocks.probe import Recorder
from engine.blocks.seeding import generator
from engine.contract.cards import Block, Settings
from engine.contract.messages import EpisodeWish
from engine.models.base import ModelEntry
from engine.tasks.base import BadInputError, PairBatch, SequenceBatch, StoryEpisode
from engine.training.settings import complete, offered_settings, training_settings


@every_pair
def test_no_channel_is_recorded_but_as_it_is_declared(pair: Pair) -> None:
    made, recorder = small(pair), Recorder()

    replayed(made, recorder)

    declared = {channel.name: channel for channel in made.model_entry.card.channels}
    arrays = recorder.arrays(steps_of(made))
    assert set(arrays) <= set(declared)
    assert {name: array.ndim for name, array in arrays.items()} == {name: 1 + len(declared[name].axes) for name in arrays}


@every_model
def test_every_declared_channel_is_recorded_on_some_task_and_in_some_version_of_the_model(entry: ModelEntry) -> None:
    versions: list[Settings] = [{}, *({setting.name: choice} for setting in entry.card.settings for choice in setting.choices)]
    shown = set()
    for pair, version in itertools.product((pair for pair in PAIRS if pair[0] is entry), versions):
        with contextlib.suppress(BadInputError):  # not every task has what a version needs, a map for instance, and says so
            shown |= set(recorded(pair, **version))

    assert shown == {channel.name for channel in entry.card.channels}


@every_pair
def test_every_value_lies_in_the_range_that_its_card_says(pair: Pair) -> None:
    made, recorder = small(pair), Recorder()

    replayed(made, recorder)

    arrays = recorder.arrays(steps_of(made))
    bounded = [channel for channel in made.model_entry.card.channels if channel.bounded and channel.name in arrays]
    outside = [c.name for c in bounded if np.nanmin(arrays[c.name]) < c.low - 1e-6 or np.nanmax(arrays[c.name]) > c.high + 1e-5]
    assert outside == []


@every_pair
def test_what_is_called_positive_is_never_below_what_its_card_says(pair: Pair) -> None:
    arrays = recorded(pair)

    positive = [channel for channel in pair[0].card.channels if channel.kind == "positive" and channel.name in arrays]
    assert [channel.name for channel in positive if np.nanmin(arrays[channel.name]) < max(channel.low, 0.0) - 1e-6] == []


@every_pair
def test_every_distribution_sums_to_one(pair: Pair) -> None:
    made, recorder = small(pair), Recorder()

    replayed(made, recorder)

    arrays = recorder.arrays(steps_of(made))
    sums = {c.name: arrays[c.name].sum(-1) for c in made.model_entry.card.channels if c.sums_to_one and c.name in arrays}
    off = [name for name, total in sums.items() if np.nanmax(np.abs(total - 1)) > 1e-4]
    assert off == []


@every_pair
def test_every_memory_is_shown_as_it_was_before_the_first_step(pair: Pair) -> None:
    made, recorder = small(pair), Recorder()

    replayed(made, recorder)

    memories = {channel.name for channel in made.model_entry.card.channels if channel.kind == "memory"}
    episodic = {c.name for c in made.model_entry.card.channels if c.kind == "memory" and c.lifetime == "episode"}
    assert episodic <= set(recorder.initial()) <= memories


@every_pair
def test_recording_changes_nothing(pair: Pair) -> None:
    made = small(pair)
    batch = made.task.batch(4, generator("a"))

    with torch.no_grad():
        silent, watched = made.model(batch), made.model(batch, Recorder())

    assert torch.equal(silent, watched)


@every_pair
def test_episodes_of_one_batch_do_not_touch_each_other(pair: Pair) -> None:
    made = small(pair)
    batch = made.task.batch(5, generator("a"))

    with torch.no_grad():
        together, alone = made.model(batch), made.model(only(batch, 2))

    axis = 1 if isinstance(batch, SequenceBatch | PairBatch) else 0
    torch.testing.assert_close(together.select(axis, 2), alone.select(axis, 0), atol=1e-5, rtol=1e-4)


@every_pair
def test_replaying_an_episode_gives_what_running_it_gives(pair: Pair) -> None:
    made = small(pair)
    episode = made.task.episode(EpisodeWish(seed=3))

    with torch.no_grad():
        run = made.model(episode.batch if isinstance(episode, StoryEpisode) else episode)

    torch.testing.assert_close(replayed(made, None), run, atol=1e-5, rtol=1e-4)


@every_pair
def test_every_parameter_gets_a_gradient(pair: Pair) -> None:
    made = small(pair)
    batch = made.task.batch(4, generator("a"))

    made.model.loss_of(batch, made.model(batch), lambda outputs: made.task.loss(outputs, batch)).backward()

    assert [name for name, p in made.model.named_parameters() if p.grad is None or not torch.isfinite(p.grad).all()] == []


@every_pair
def test_the_quick_path_gives_the_outputs_and_gradients_of_the_readable_one(pair: Pair) -> None:
    made = small(pair)
    batch = made.task.batch(4, generator("a"))

    readable = made.model(batch)
    lowered = made.model.loss_of(batch, readable, lambda outputs: made.task.loss(outputs, batch))
    wanted = torch.autograd.grad(lowered, list(made.model.parameters()))
    with torch.no_grad():
        quick = made.model.fused(batch)  # before it learns, for by that a memory that lasts is written
    loss = made.model.learn(batch, lambda outputs: made.task.loss(outputs, batch))

    torch.testing.assert_close(quick, readable, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(loss, lowered.detach(), atol=1e-5, rtol=1e-5)
    for parameter, other in zip(made.model.parameters(), wanted, strict=True):
        assert parameter.grad is not None
        assert float((parameter.grad - other).norm()) <= 1e-4 * float(other.norm()) + 1e-7


@every_pair
def test_the_same_seed_makes_the_same_weights_and_another_seed_others(pair: Pair) -> None:
    first, again, other = (flat(small(pair, seed).model) for seed in (0, 0, 1))

    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@every_pair
def test_what_a_recipe_sets_is_offered_and_a_wish_comes_before_it(pair: Pair) -> None:
    model, task = pair
    recipe = model.recipe(task.card.id)
    offered = {setting.name: setting for setting in offered_settings(model, task)}

    assert {name: offered[name].default for name in recipe.settings} == recipe.settings
    for setting in (*model.card.settings, *task.card.settings):
        assert complete(tuple(offered.values()), {setting.name: setting.default})[setting.name] == setting.default


@every_pair
def test_no_two_settings_have_one_name(pair: Pair) -> None:
    model, task = pair
    offered = (*model.card.settings, *task.card.settings, *training_settings(model.recipe(task.card.id)))

    names = [setting.name for setting in offered]

    assert len(names) == len(set(names))


@every_model
def test_a_card_names_only_its_own_channels(entry: ModelEntry) -> None:
    card = entry.card
    known = {channel.name for channel in card.channels}

    named = {name for micro_step in card.micro_steps for name in micro_step.channels}

    assert named <= known
    assert all(channel.says.endswith(".") and channel.title for channel in card.channels)


@every_model
def test_a_picture_of_the_wiring_names_only_what_is_there_and_joins_only_neighbours(entry: ModelEntry) -> None:
    card = entry.card
    known, blocks = {channel.name for channel in card.channels}, {block.name: block for block in card.wiring}

    named = {name for block in card.wiring for name in (*block.shows, *block.works) if not name.startswith("role:")}
    flowing = {name for wire in card.wires for name in (*wire.channels, *filter(None, (wire.gate,)))}
    ends = [(blocks[wire.source], blocks[wire.target]) for wire in card.wires]

    assert named | flowing <= known
    assert all(0 <= block.columns[0] < block.columns[1] <= 6 for block in card.wiring)
    assert all(_are_neighbours(one, other) for one, other in ends if one is not other)
    assert not [(a.name, b.name) for a in card.wiring for b in card.wiring if a is not b and a.row == b.row and _overlap(a, b)]


def _are_neighbours(one: Block, other: Block) -> bool:
    return one.row == other.row or (abs(one.row - other.row) == 1 and _overlap(one, other))


def _overlap(one: Block, other: Block) -> bool:
    return max(one.columns[0], other.columns[0]) < min(one.columns[1], other.columns[1])
