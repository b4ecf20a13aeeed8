"""Copy: what an episode is, how it is scored, and the sentence for each input that cannot be used."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.blocks.seeding import generator
from engine.contract.cards import Value, read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks.base import BadInputError, SequenceBatch
from engine.tasks.copy import ENTRY
from engine.tasks.sequence import SequenceTask, read_vectors


def task(**wished: Value) -> SequenceTask:
    made = ENTRY.build(read_settings(ENTRY.card.settings, wished), {}, None)
    assert isinstance(made, SequenceTask)
    return made


def perfect(batch: SequenceBatch) -> torch.Tensor:
    return 40.0 * (batch.targets - 0.5)


def sequence(batch: object) -> SequenceBatch:
    assert isinstance(batch, SequenceBatch)
    return batch


def test_an_episode_presents_then_delimits_then_recalls() -> None:
    batch = sequence(task(length=3, bits=2).batch(4, generator("a")))

    assert batch.inputs.shape == (7, 4, 3)
    assert torch.equal(batch.inputs[:3, :, :2], batch.targets[4:])
    assert batch.inputs[3].tolist() == [[0, 0, 1]] * 4
    assert batch.inputs[4:].abs().sum() == 0
    assert batch.inputs[:3, :, 2].abs().sum() == 0
    assert batch.scored.tolist() == [0, 0, 0, 0, 1, 1, 1]


def test_lengths_are_drawn_between_the_shortest_and_the_longest() -> None:
    made = task(min_length=2, max_length=4)

    lengths = {int(sequence(made.batch(1, generator("a", number))).scored.sum()) for number in range(60)}

    assert lengths == {2, 3, 4}


def test_the_same_seed_draws_the_same_episode_whatever_the_number_of_slots() -> None:
    one, other = (sequence(task().episode(EpisodeWish(seed=5))).inputs for _ in range(2))

    assert torch.equal(one, other)


def test_a_perfect_answer_costs_nothing_and_has_no_wrong_bit() -> None:
    made = task(length=5)
    batch = sequence(made.batch(3, generator("a")))

    scores = made.score(perfect(batch), batch)

    assert scores["wrong_bits"].tolist() == [0, 0, 0]
    assert scores["exact"].tolist() == [1, 1, 1]
    assert scores["bits_per_sequence"].max() < 1e-4
    assert made.cost(float(made.loss(perfect(batch), batch)), batch) < 1e-4


def test_guessing_costs_one_for_each_bit() -> None:
    made = task(length=5)
    batch = sequence(made.batch(3, generator("a")))
    guess = torch.zeros_like(batch.targets)

    assert made.cost(float(made.loss(guess, batch)), batch) == pytest.approx(40)
    assert made.score(guess, batch)["bits_per_sequence"].tolist() == pytest.approx([40, 40, 40])


def test_what_is_said_before_recall_does_not_count() -> None:
    made = task(length=5)
    batch = sequence(made.batch(3, generator("a")))
    outputs = perfect(batch)
    outputs[:6] = 100.0

    assert made.score(outputs, batch)["exact"].tolist() == [1, 1, 1]


def test_a_test_has_as_many_episodes_as_asked_for_and_repeats() -> None:
    made = task(max_length=4)

    one, other = ([sequence(batch) for batch in made.test(120, 7)] for _ in range(2))

    assert sum(batch.size for batch in one) == 120
    assert all(torch.equal(a.inputs, b.inputs) for a, b in zip(one, other, strict=True))


def test_training_testing_and_holding_out_share_no_chance() -> None:
    made = task(length=10)

    trained, tested, shown = made.batch(1, generator("batch", 7, 1)), next(made.test(1, 7)), made.episode(EpisodeWish(seed=7))

    first = [sequence(batch).inputs[:10, 0] for batch in (trained, tested, shown, made.held_out())]
    assert not any(torch.equal(a, b) for number, a in enumerate(first) for b in first[:number])


def test_the_tape_shows_wrong_bits_only_where_they_count() -> None:
    made = task(length=2, bits=3)
    batch = sequence(made.episode(EpisodeWish(own="101 010")))
    outputs = perfect(batch)
    outputs[4, 0, :2] *= -1

    shown = made.show(batch, outputs)

    np.testing.assert_array_equal(shown.arrays["tape.error"], [np.nan, np.nan, np.nan, 0, 2])
    assert np.isnan(shown.arrays["tape.target"][:3]).all()
    assert [(phase.name, phase.first, phase.last) for phase in shown.phases] == [
        ("present", 0, 1),
        ("delimiter", 2, 2),
        ("recall", 3, 4),
    ]
    assert [(event.kind, event.step, event.says) for event in shown.events] == [("error", 4, "2 of 3 bits are wrong")]
    assert shown.outcome["wrong_bits"] == 2


def test_the_users_own_vectors_are_read_row_by_row() -> None:
    assert read_vectors("10\n01  11", 2).tolist() == [[1, 0], [0, 1], [1, 1]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("10 12", "vector 2 (12): '2' is neither 0 nor 1"),
        ("10 011", "vector 2 (011): it has 3 bits, and should have 2"),
        ("1", "vector 1 (1): it has 1 bit, and should have 2"),
        ("10 " * 1001, "1001 vectors are too many; at most 1000 can be copied"),
    ],
)
def test_a_wrong_vector_is_named(text: str, sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        task(bits=2).episode(EpisodeWish(own=text))

    assert str(refused.value) == sentence


def test_a_shortest_length_above_the_longest_is_refused() -> None:
    with pytest.raises(BadInputError, match="min_length: 9 is more than max_length, which is 3"):
        task(min_length=9, max_length=3)


def test_a_folder_of_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="reads no data"):
        ENTRY.build(read_settings(ENTRY.card.settings, {}), {}, tmp_path)
