"""Copy with reuse: rounds of copying that follow each other in one episode."""

import pytest
import torch

from engine.blocks.seeding import generator
from engine.contract.cards import Value, read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks import copy
from engine.tasks.base import BadInputError, SequenceBatch
from engine.tasks.copy_reuse import ENTRY, build
from engine.tasks.sequence import SequenceTask


def task(**wished: Value) -> SequenceTask:
    return build(read_settings(ENTRY.card.settings, wished), {}, None)


def sequence(batch: object) -> SequenceBatch:
    assert isinstance(batch, SequenceBatch)
    return batch


def perfect(batch: SequenceBatch) -> torch.Tensor:
    return 40.0 * (batch.targets - 0.5)


def test_every_round_presents_then_delimits_then_recalls() -> None:
    batch = sequence(task(rounds=2, length=2, bits=3).batch(4, generator("a")))

    assert batch.inputs.shape == (10, 4, 4)
    assert batch.scored.tolist() == [0, 0, 0, 1, 1, 0, 0, 0, 1, 1]
    assert torch.equal(batch.inputs[:, 0, 3], torch.tensor([0.0, 0, 1, 0, 0, 0, 0, 1, 0, 0]))
    assert torch.equal(batch.inputs[[0, 1, 5, 6], :, :3], batch.targets[[3, 4, 8, 9]])
    assert batch.inputs[[3, 4, 8, 9]].abs().sum() == 0


def test_a_single_round_is_laid_out_as_copy_is() -> None:
    own = "101 010 111"

    alone = sequence(task(bits=3).episode(EpisodeWish(own=own)))
    copied = sequence(copy.build(read_settings(copy.ENTRY.card.settings, {"bits": 3}), {}, None).episode(EpisodeWish(own=own)))

    assert torch.equal(alone.inputs, copied.inputs)
    assert torch.equal(alone.targets, copied.targets)
    assert torch.equal(alone.scored, copied.scored)


def test_rounds_and_lengths_are_drawn_between_their_limits() -> None:
    made = task(min_rounds=1, max_rounds=3, min_length=2, max_length=3)

    drawn = [sequence(made.batch(1, generator("a", number))) for number in range(300)]

    assert {int(batch.inputs[..., -1].sum()) for batch in drawn} == {1, 2, 3}
    assert {int(batch.scored.sum()) for batch in drawn} == {2, 3, 4, 5, 6, 7, 8, 9}


def test_the_held_out_episodes_have_the_most_rounds_of_the_longest_kind() -> None:
    held_out = sequence(task(max_rounds=4, max_length=5).held_out())

    assert held_out.steps == 4 * 11


def test_the_users_vectors_are_asked_for_in_rounds_of_the_longest_kind() -> None:
    made = task(bits=2, max_length=3)

    shown = made.show(episode := made.episode(EpisodeWish(own="10 01 11 00")), perfect(sequence(episode)))

    assert [(phase.name, phase.first, phase.last) for phase in shown.phases] == [
        ("present", 0, 2), ("delimiter", 3, 3), ("recall", 4, 6), ("present", 7, 7), ("delimiter", 8, 8), ("recall", 9, 9),
    ]  # fmt: skip
    assert shown.labels["own"] == ("10", "01", "11", "00")
    assert shown.outcome["exact"] == 1


def test_guessing_costs_one_for_each_bit_of_every_round() -> None:
    made = task(rounds=3, length=4, bits=5)
    batch = sequence(made.batch(2, generator("a")))

    assert made.score(torch.zeros_like(batch.targets), batch)["bits_per_sequence"].tolist() == pytest.approx([60, 60])


@pytest.mark.parametrize(
    ("wished", "sentence"),
    [
        ({"min_rounds": 6}, "min_rounds: 6 is more than max_rounds, which is 5"),
        ({"min_length": 9}, "min_length: 9 is more than max_length, which is 6"),
    ],
)
def test_fewest_above_most_is_refused(wished: dict[str, Value], sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        task(**wished)
