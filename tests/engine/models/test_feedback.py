"""The Feedback Transformer: what its memory mixes, how far back it reaches, and what edits of it do."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.blocks.probe import Editor, Recorder
from engine.blocks.seeding import generator
from engine.contract.cards import Settings
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish
from engine.models.feedback import Feedback
from engine.tasks.base import SequenceBatch
from engine.training.assemble import Assembled, assemble

SMALL: Settings = {"width": 16, "heads": 2, "inner": 24, "layers": 2}
MEMORIES = ("mixture", "last", "same", "embedding", "none")


def made(**settings: int | str) -> Assembled:
    return assemble("feedback", "copy", SMALL | dict(settings), 0)


def recorded(found: Assembled, edits: tuple[Edit, ...] = ()) -> tuple[dict[str, np.ndarray], torch.Tensor]:
    episode, recorder = found.task.episode(EpisodeWish(seed=3)), Recorder()
    with torch.no_grad():
        outputs = found.model.replay(episode, Editor(edits, recorder) if edits else recorder)
    return recorder.arrays(episode.steps), outputs


def changed_from(found: Assembled, step: int) -> list[bool]:
    """At which steps the output changes when the input of one step does."""
    batch = found.task.batch(3, generator("a"))
    assert isinstance(batch, SequenceBatch)
    inputs = batch.inputs.clone()
    inputs[step] = 1 - inputs[step]
    with torch.no_grad():
        before, after = found.model(batch), found.model(replace(batch, inputs=inputs))
    found_changes: list[bool] = ((before - after).abs().amax((1, 2)) > 0).tolist()
    return found_changes


@pytest.mark.parametrize("memory", MEMORIES)
@pytest.mark.parametrize("window", [3, 100])
def test_the_quick_path_gives_the_outputs_and_gradients_of_the_loop(memory: str, window: int) -> None:
    found = made(memory=memory, window=window, length=4)
    batch = found.task.batch(3, generator("a"))
    weights = [weight for weight in found.model.parameters() if weight.requires_grad]

    loop, quick = found.model(batch), found.model.fused(batch)
    wanted = torch.autograd.grad(found.task.loss(loop, batch), weights, allow_unused=True)
    got = torch.autograd.grad(found.task.loss(quick, batch), weights, allow_unused=True)

    torch.testing.assert_close(quick, loop, atol=1e-5, rtol=1e-5)
    assert [one is None for one in got] == [other is None for other in wanted]
    for one, other in zip(got, wanted, strict=True):
        assert one is None or other is None or float((one - other).norm()) <= 1e-4 * float(other.norm()) + 1e-7


def test_the_hand_written_gradient_is_the_numerical_one() -> None:
    found = made(layers=1, width=4, inner=5, length=2, bits=2)
    batch = found.task.batch(2, generator("a"))
    assert isinstance(batch, SequenceBatch)
    model = found.model.double()
    exact = replace(batch, inputs=batch.inputs.double(), targets=batch.targets.double())
    weight = model.get_parameter("layers.0.distance")
    loss = found.task.loss(model.fused(exact), exact)

    (by_hand,) = torch.autograd.grad(loss, weight)

    nudge = 1e-6
    with torch.no_grad():
        weight[0, 1] += nudge
        up = found.task.loss(model.fused(exact), exact)
        weight[0, 1] -= 2 * nudge
        down = found.task.loss(model.fused(exact), exact)
    assert float(by_hand[0, 1]) == pytest.approx(float((up - down) / (2 * nudge)), rel=1e-5)


def test_no_step_sees_itself_or_what_comes_later_and_the_first_sees_nothing() -> None:
    attention = recorded(made(length=4))[0]["attention.past"]

    assert np.isnan(attention[0]).all()
    later = np.triu(np.ones(attention.shape[::3], bool))[1:]
    assert (attention[1:].transpose(1, 2, 0, 3)[:, :, later] == 0).all()
    np.testing.assert_allclose(attention[1:].sum(-1), 1, atol=1e-5)


@pytest.mark.parametrize("memory", ["mixture", "last"])
def test_through_the_memory_every_later_step_hears_of_a_step_however_small_the_window(memory: str) -> None:
    assert changed_from(made(memory=memory, window=2, length=8), 3) == [False] * 3 + [True] * 14


def test_with_a_memory_of_the_same_layer_nothing_older_than_layers_times_window_is_heard() -> None:
    assert changed_from(made(memory="same", window=2, layers=3, length=8), 3) == [False] * 3 + [True] * 7 + [False] * 7


def test_with_a_memory_of_the_embedding_nothing_older_than_the_window_is_heard() -> None:
    assert changed_from(made(memory="embedding", window=2, layers=3, length=8), 3) == [False] * 3 + [True] * 3 + [False] * 11


def test_without_a_memory_only_the_step_itself_is_heard() -> None:
    assert changed_from(made(memory="none", length=4), 3) == [step == 3 for step in range(9)]


def test_the_memory_is_the_mixture_of_all_layers_by_their_shares() -> None:
    found = made(length=4)
    assert isinstance(found.model, Feedback)
    with torch.no_grad():
        found.model.mixture.copy_(torch.tensor([0.0, 0.0, 30.0]))

    arrays, _ = recorded(found)

    np.testing.assert_allclose(arrays["memory.layer_weights"].sum(-1), 1, atol=1e-6)
    np.testing.assert_allclose(arrays["memory.contribution"].sum(-1), 1, atol=1e-6)
    top = arrays["layers.output"][:, -1]
    steps = np.arange(len(top))
    np.testing.assert_allclose(arrays["memory.contents"][steps, steps], top, atol=1e-5)


def test_beyond_the_window_a_step_is_forgotten() -> None:
    contents = recorded(made(length=4, window=3))[0]["memory.contents"]

    places = np.arange(9)
    ago = places[:, None] - places
    assert (contents.any(-1) == ((ago >= 0) & (ago < 3))).all()


def test_an_erased_step_is_looked_at_no_more_and_what_comes_later_changes() -> None:
    found = made(length=4)
    erase = Edit(act="erase", channel="memory.contents", step=4, index=(1,))

    (before, said), (after, changed) = recorded(found), recorded(found, (erase,))

    assert (after["attention.past"][5:, :, :, 1] == 0).all()
    assert (before["attention.past"][5:, :, :, 1] > 0).all()
    assert not after["memory.contents"][4:, 1].any()
    torch.testing.assert_close(said[:5], changed[:5])
    assert not torch.allclose(said[5:], changed[5:], atol=1e-4)


def test_the_shares_can_be_changed_while_it_runs() -> None:
    found = made(length=4)
    upper = Edit(act="set", channel="memory.layer_weights", step=0, index=(), values=(0.0, 0.0, 1.0), until=-1)
    mixed, last = made(length=4), made(length=4, memory="last")

    _, changed = recorded(found, (upper,))

    torch.testing.assert_close(changed, recorded(last)[1], atol=1e-5, rtol=1e-5)
    assert not torch.allclose(changed, recorded(mixed)[1], atol=1e-4)


def test_every_memory_has_the_same_parameters() -> None:
    names = [{name: tuple(w.shape) for name, w in made(memory=memory).model.named_parameters()} for memory in MEMORIES]

    assert all(other == names[0] for other in names)
