"""Sequence to sequence: what an episode is, how it is scored, and the sentence for each input that cannot be used."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.blocks.seeding import generator
from engine.contract.cards import Value, read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks.base import BEGIN, END, BadInputError, PairBatch
from engine.tasks.transduce import ENTRY, FIRST, Transduce, read_symbols


def task(**wished: Value) -> Transduce:
    return Transduce(read_settings(ENTRY.card.settings, wished))


def pairs(batch: object) -> PairBatch:
    assert isinstance(batch, PairBatch)
    return batch


def perfect(batch: PairBatch, symbols: int = FIRST + 10) -> torch.Tensor:
    return 40.0 * torch.nn.functional.one_hot(batch.target[1:], symbols).float()


def said(batch: PairBatch) -> str:
    return " ".join(task().names[symbol] for symbol in batch.target[:, 0].tolist())


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("reversal", "begin a j b c end"),
        ("identity", "begin c b j a end"),
        ("sort", "begin a b c j end"),
        ("successor", "begin d c a b end"),
    ],
)
def test_each_kind_has_its_rule(kind: str, target: str) -> None:
    assert said(pairs(task(kind=kind).episode(EpisodeWish(own="c b j a")))) == target


def test_a_source_that_is_read_backwards_has_the_same_target() -> None:
    usual, backwards = (pairs(task(reverse_source=on).episode(EpisodeWish(own="a b c"))) for on in (False, True))

    assert torch.equal(usual.source.flip(0), backwards.source)
    assert torch.equal(usual.target, backwards.target)


def test_training_feeds_the_true_target_and_testing_does_not() -> None:
    made = task()

    taught = [pairs(batch).taught for batch in (made.batch(2, generator("a")), made.held_out(), next(made.test(1, 7)))]

    assert taught == [True, False, False]


def test_all_targets_begin_and_end() -> None:
    batch = pairs(task(length=5).batch(4, generator("a")))

    assert batch.source.shape == (5, 4)
    assert batch.target.shape == (7, 4)
    assert batch.steps == 11
    assert set(batch.target[0].tolist()) == {BEGIN}
    assert set(batch.target[-1].tolist()) == {END}
    assert int(batch.source.min()) >= FIRST


def test_lengths_are_drawn_between_the_shortest_and_the_longest() -> None:
    made = task(min_length=2, max_length=4)

    lengths = {len(pairs(made.batch(1, generator("a", number))).source) for number in range(60)}

    assert lengths == {2, 3, 4}


def test_a_perfect_answer_costs_nothing() -> None:
    made = task(length=5)
    batch = pairs(made.batch(3, generator("a")))

    scores = made.score(perfect(batch), batch)

    assert scores["sequence_accuracy"].tolist() == [1, 1, 1]
    assert scores["token_accuracy"].tolist() == [1, 1, 1]
    assert made.cost(float(made.loss(perfect(batch), batch)), batch) < 1e-4


def test_guessing_costs_the_logarithm_of_the_alphabet_for_each_symbol() -> None:
    made = task(length=5)
    batch = pairs(made.batch(3, generator("a")))
    guess = torch.zeros_like(perfect(batch))

    bits = 6 * float(np.log2(FIRST + 10))
    assert made.cost(float(made.loss(guess, batch)), batch) == pytest.approx(bits)
    assert made.score(guess, batch)["bits_per_sequence"].tolist() == pytest.approx([bits] * 3)


def test_one_wrong_symbol_spoils_the_sequence_but_not_the_others() -> None:
    made = task(length=4)
    batch = pairs(made.batch(2, generator("a")))
    outputs = perfect(batch)
    outputs[2, 1] = outputs[2, 1].roll(1)

    scores = made.score(outputs, batch)

    assert scores["sequence_accuracy"].tolist() == [1, 0]
    assert scores["token_accuracy"].tolist() == pytest.approx([1, 0.8])


def test_a_test_has_as_many_episodes_as_asked_for_and_repeats() -> None:
    made = task(max_length=5)

    one, other = ([pairs(batch) for batch in made.test(120, 7)] for _ in range(2))

    assert sum(batch.size for batch in one) == 120
    assert all(torch.equal(a.source, b.source) for a, b in zip(one, other, strict=True))


def test_training_testing_and_holding_out_share_no_chance() -> None:
    made = task(length=12)

    trained, tested, shown = made.batch(1, generator("batch", 7, 1)), next(made.test(1, 7)), made.episode(EpisodeWish(seed=7))

    first = [pairs(batch).source[:, 0] for batch in (trained, tested, shown, made.held_out())]
    assert not any(torch.equal(a, b) for number, a in enumerate(first) for b in first[:number])


def test_the_tape_shows_the_source_then_what_was_said_as_the_next_input() -> None:
    made = task(kind="identity")
    batch = pairs(made.episode(EpisodeWish(own="a b")))
    outputs = perfect(batch)
    outputs[0, 0] = outputs[0, 0].roll(2)

    shown = made.show(batch, outputs)

    names = [made.names[int(symbol)] for symbol in shown.arrays["tape.input"]]
    assert names == ["a", "b", "begin", "c", "b"]
    assert shown.arrays["tape.target"].tolist() == [-1, -1, FIRST, FIRST + 1, END]
    assert shown.arrays["tape.output"].tolist() == [-1, -1, FIRST + 2, FIRST + 1, END]
    np.testing.assert_array_equal(shown.arrays["tape.error"], [np.nan, np.nan, 1, 0, 0])
    assert [(phase.name, phase.first, phase.last) for phase in shown.phases] == [("read", 0, 1), ("say", 2, 4)]
    assert [(event.step, event.says) for event in shown.events] == [(2, "says c where a is right")]
    assert shown.outcome["sequence_accuracy"] == 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a z", "symbol 2 (z): it is none of a to j"),
        ("a 4", "symbol 2 (4): it is none of a to j"),
        ("axb", "symbol 2 (x): it is none of a to j"),
        ("a " * 201, "201 symbols are too many; at most 200 can be read"),
    ],
)
def test_a_wrong_symbol_is_named(text: str, sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        task().episode(EpisodeWish(own=text))

    assert str(refused.value) == sentence


@pytest.mark.parametrize("text", ["a b", "ab", "A\nB"])
def test_blanks_and_capital_letters_make_no_difference(text: str) -> None:
    assert read_symbols(text, "abc").tolist() == [FIRST, FIRST + 1]


def test_a_shortest_length_above_the_longest_is_refused() -> None:
    with pytest.raises(BadInputError, match="min_length: 13 is more than max_length, which is 3"):
        task(min_length=13, max_length=3)


def test_a_folder_of_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="reads no data"):
        ENTRY.build(read_settings(ENTRY.card.settings, {}), {}, tmp_path)
