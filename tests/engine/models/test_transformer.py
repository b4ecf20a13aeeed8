"""The Transformer: what its attention may see, that taking steps gives what all at once gives, and what edits of its cache do."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.blocks.encoding import sinusoids
from engine.blocks.probe import Editor, Recorder, silent
from engine.blocks.seeding import generator
from engine.contract.cards import Settings
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish
from engine.tasks.base import BadInputError, PairBatch, SequenceBatch
from engine.training.assemble import Assembled, assemble

SMALL: Settings = {"width": 16, "heads": 2, "inner": 24, "layers": 2}


def made(task: str, **settings: int | str) -> Assembled:
    found = assemble("transformer", task, SMALL | dict(settings), 0)
    found.model.eval()
    return found


def recorded(found: Assembled, edits: tuple[Edit, ...] = (), seed: int = 3) -> tuple[dict[str, np.ndarray], torch.Tensor]:
    episode, recorder = found.task.episode(EpisodeWish(seed=seed)), Recorder()
    with torch.no_grad():
        outputs = found.model.replay(episode, Editor(edits, recorder) if edits else recorder)
    return recorder.arrays(episode.steps), outputs


def test_what_is_not_yet_there_gets_exactly_no_attention() -> None:
    arrays, _ = recorded(made("copy", length=4))

    attention = arrays["attention.self"]  # (step, layer, head, position)
    later = np.triu(np.ones(attention.shape[::3], bool), 1)
    assert (attention.transpose(1, 2, 0, 3)[:, :, later] == 0).all()
    assert (attention.transpose(1, 2, 0, 3)[:, :, ~later] > 0).all()


def test_a_later_input_does_not_change_an_earlier_output() -> None:
    found = made("copy", length=4)
    batch = found.task.batch(3, generator("a"))
    assert isinstance(batch, SequenceBatch)
    inputs = batch.inputs.clone()
    inputs[5] = 1 - inputs[5]

    with torch.no_grad():
        before, after = found.model(batch), found.model(replace(batch, inputs=inputs))

    assert torch.equal(before[:5], after[:5])
    assert not torch.allclose(before[5:], after[5:])


@pytest.mark.parametrize("task", ["copy", "transduce", "algorithmic"])
def test_one_step_after_the_other_from_what_is_kept_gives_what_all_at_once_gives(task: str) -> None:
    found = made(task)
    batch = found.task.batch(3, generator("a"))
    by_steps, at_once = Recorder(), Recorder()

    with torch.no_grad():
        all_at_once, step_by_step = found.model(batch, at_once), found.model(batch, Editor((), by_steps))

    torch.testing.assert_close(step_by_step, all_at_once, atol=1e-5, rtol=1e-5)
    one, other = at_once.arrays(batch.steps), by_steps.arrays(batch.steps)  # type: ignore[union-attr]  # no story
    assert set(one) == set(other)
    for name, values in one.items():
        np.testing.assert_allclose(other[name], values, atol=1e-5, err_msg=name)


def test_a_decoder_hears_what_it_says_itself() -> None:
    found = made("transduce", length=5)
    batch = found.task.held_out()
    assert isinstance(batch, PairBatch)
    assert not batch.taught

    with torch.no_grad():
        alone = found.model(batch)
        fed = torch.cat((batch.target[:1], alone.argmax(-1)))
        told = found.model(replace(batch, target=fed, taught=True))

    torch.testing.assert_close(alone, told, atol=1e-5, rtol=1e-5)


def test_without_positions_the_encoder_does_not_care_for_order() -> None:
    found = made("transduce", length=6, positions="none")
    batch = found.task.batch(2, generator("a"))
    assert isinstance(batch, PairBatch)
    order = torch.tensor([3, 1, 5, 0, 2, 4])
    one, other = Recorder(), Recorder()

    with torch.no_grad():
        outputs = found.model(batch, one), found.model(replace(batch, source=batch.source[order]), other)

    torch.testing.assert_close(outputs[0], outputs[1], atol=1e-5, rtol=1e-5)
    streams = [recorder.arrays(batch.steps)["layers.output"][:6] for recorder in (one, other)]
    np.testing.assert_allclose(streams[0][order], streams[1], atol=1e-5)


def test_attention_to_the_source_exists_only_while_something_is_said_and_lies_on_the_source_only() -> None:
    arrays, _ = recorded(made("transduce", length=5))

    cross = arrays["attention.cross"]
    assert np.isnan(cross[:5]).all()
    np.testing.assert_allclose(cross[5:, :, :, :5].sum(-1), 1, atol=1e-5)
    assert (cross[5:, :, :, 5:] == 0).all()


def test_a_row_of_the_cache_is_written_once_and_stays() -> None:
    cache = recorded(made("copy", length=4))[0]["cache.contents"]

    rows = np.abs(cache).sum(-1) > 0
    assert (rows == np.tril(np.ones(rows.shape, bool))).all()
    assert (cache[-1][None] * rows[..., None] == cache).all()


def test_the_source_is_kept_once_all_of_it_is_read() -> None:
    cache = recorded(made("transduce", length=5))[0]["cache.contents"]

    assert not cache[:4].any()
    assert cache[4, :5].any(-1).all()
    assert not cache[4, 5:].any()


@pytest.mark.parametrize("task", ["copy", "transduce"])
def test_an_erased_position_is_looked_at_no_more_and_what_comes_later_changes(task: str) -> None:
    found = made(task, length=5)
    erase = Edit(act="erase", channel="cache.contents", step=6, index=(2,))

    (before, said), (after, changed) = recorded(found), recorded(found, (erase,))

    channel = "attention.self" if task == "copy" else "attention.cross"
    assert (after[channel][7:, :, :, 2] == 0).all()
    assert (before[channel][7:, :, :, 2] > 0).all()
    np.testing.assert_allclose(after["layers.output"][:7], before["layers.output"][:7], atol=1e-5)
    assert not after["cache.contents"][6:, 2].any()
    assert not torch.allclose(said, changed, atol=1e-3)


def test_forced_attention_changes_only_what_comes_from_that_step_on() -> None:
    found = made("copy", length=4)
    force = Edit(act="force", channel="attention.self", step=5, index=(0, 1, 2))

    (before, said), (after, changed) = recorded(found), recorded(found, (force,))

    assert after["attention.self"][5, 0, 1].tolist() == [0, 0, 1, *[0] * 6]
    np.testing.assert_allclose(after["attention.self"][5, 0, 0], before["attention.self"][5, 0, 0], atol=1e-5)
    torch.testing.assert_close(said[:5], changed[:5], atol=1e-5, rtol=1e-5)
    assert not torch.allclose(said[5:], changed[5:], atol=1e-4)


def test_positions_are_waves() -> None:
    waves = sinusoids(3, 2, 6)

    expected = [f(place / 10000 ** (2 * pair / 6)) for place in (3, 4) for pair in range(3) for f in (math.sin, math.cos)]
    torch.testing.assert_close(waves.flatten(), torch.tensor(expected))


def test_more_positions_need_no_more_parameters() -> None:
    assert made("copy", length=4).parameters == made("copy", length=40).parameters


def test_heads_that_cannot_share_the_width_are_refused() -> None:
    with pytest.raises(BadInputError, match="5 heads cannot share a width of 16; 1, 2, 4, 8, 16 could"):
        made("copy", heads=5)


def test_a_silent_probe_takes_no_steps() -> None:
    assert not silent.changes
