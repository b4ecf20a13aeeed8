"""What may come of what: no output knows a later input, no episode another; the same seed gives the same numbers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from pairing import PAIRS, Pair, every_pair, named, only, recorded, small

from engine.blocks.seeding import generator
from engine.tasks.base import Batch, PairBatch, SequenceBatch
from engine.training.assemble import Assembled
from engine.training.checkpoint import read_weights, write_weights

IN_TIME = [pair for pair in PAIRS if pair[1].card.form in ("sequence", "pairs")]
AT = 3

every_pair_in_time = pytest.mark.parametrize("pair", IN_TIME, ids=named)


@every_pair_in_time
def test_what_comes_in_later_changes_no_output_before_it(pair: Pair) -> None:
    made = small(pair)
    held_out = made.task.held_out()
    batch = replace(held_out, taught=True) if isinstance(held_out, PairBatch) else held_out

    first, other = (said_of(made, each) for each in (batch, changed(batch)))

    for one, two in zip(first, other, strict=True):
        torch.testing.assert_close(one[:AT], two[:AT], atol=1e-5, rtol=1e-5)
        assert not torch.equal(one[AT:], two[AT:])


@every_pair
def test_the_quick_path_too_keeps_episodes_apart(pair: Pair) -> None:
    made = small(pair)
    batch = made.task.batch(5, generator("a"))

    with torch.no_grad():
        together, alone = made.model.fused(batch), made.model.fused(only(batch, 2))

    axis = 1 if isinstance(batch, SequenceBatch | PairBatch) else 0
    torch.testing.assert_close(together.select(axis, 2), alone.select(axis, 0), atol=1e-5, rtol=1e-4)


@every_pair
def test_the_same_seed_gives_the_same_costs_and_gradients(pair: Pair) -> None:
    first, again = (learnt(small(pair, seed=5)) for _ in range(2))

    assert first[0] == again[0]
    assert all(torch.equal(one, two) for one, two in zip(first[1], again[1], strict=True))


@every_pair
def test_weights_that_were_written_and_read_again_say_the_same(pair: Pair, tmp_path: Path) -> None:
    written, read = small(pair, seed=1), small(pair, seed=2)
    batch = written.task.batch(3, generator("a"))
    write_weights(tmp_path / "weights.safetensors", written.model, update=0)

    read_weights(tmp_path / "weights.safetensors", read.model)

    assert all(torch.equal(one, two) for one, two in zip(said_of(written, batch), said_of(read, batch), strict=True))


@every_pair
def test_no_head_reads_or_writes_more_than_the_whole(pair: Pair) -> None:
    arrays = recorded(pair)

    shares = [c.name for c in pair[0].card.channels if c.role in ("read", "write", "allocation") and c.name in arrays]
    assert [name for name in shares if np.nanmin(arrays[name]) < 0 or np.nanmax(arrays[name].sum(-1)) > 1 + 1e-4] == []


@every_pair
def test_no_slot_follows_itself_or_more_than_the_whole(pair: Pair) -> None:
    arrays = recorded(pair)

    links = [arrays[channel.name] for channel in pair[0].card.channels if channel.role == "link" and channel.name in arrays]
    assert all((np.diagonal(link, axis1=-2, axis2=-1) == 0).all() for link in links)
    assert all(link.sum(axis).max() <= 1 + 1e-4 for link in links for axis in (-1, -2))


def said_of(made: Assembled, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """By the readable path and by the quick one."""
    with torch.no_grad():
        return made.model(batch), made.model.fused(batch)


def changed(batch: Batch) -> Batch:
    """Another input at step AT and at all later ones; of pairs, what the decoder is fed from there on."""
    if isinstance(batch, PairBatch):
        target = batch.target.clone()
        target[AT:-1] = batch.target[AT:-1].flip(1)
        return replace(batch, target=target)
    assert isinstance(batch, SequenceBatch)
    inputs = batch.inputs.clone()
    inputs[AT:] = 1 - inputs[AT:]
    return replace(batch, inputs=inputs)


def learnt(made: Assembled) -> tuple[list[float], list[torch.Tensor]]:
    """The costs of three batches, and the gradients that they leave."""
    batches = [made.task.batch(3, generator("b", number)) for number in range(3)]
    costs = [float(made.model.learn(batch, lambda outputs, batch=batch: made.task.loss(outputs, batch))) for batch in batches]
    return costs, [parameter.grad for parameter in made.model.parameters() if parameter.grad is not None]
