"""Dynamic N-grams: the chances of an episode, and the best guess held against counting by hand."""

import math
from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks.seeding import generator
from engine.contract.cards import Value, read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks.base import BadInputError, SequenceBatch
from engine.tasks.ngrams import ENTRY, NgramRules
from engine.tasks.sequence import SequenceTask


def rules(**wished: Value) -> NgramRules:
    return NgramRules(read_settings(ENTRY.card.settings, wished))


def own(text: str, **wished: Value) -> SequenceBatch:
    episode = SequenceTask("ngrams", rules(**wished)).episode(EpisodeWish(own=text))
    assert isinstance(episode, SequenceBatch)
    return episode


def counted_by_hand(bits: str, context: int) -> dict[int, float]:
    """Step -> (N1 + 1/2) / (N0 + N1 + 1), from the text alone."""
    followed: Counter[tuple[str, str]] = Counter()
    chances = {}
    for place in range(context, len(bits)):
        pattern = bits[place - context : place]
        zeros, ones = followed[pattern, "0"], followed[pattern, "1"]
        chances[place - 1] = (ones + 0.5) / (zeros + ones + 1)
        followed[pattern, bits[place]] += 1
    return chances


def test_each_bit_is_shown_and_the_next_one_asked_for() -> None:
    batch = own("0110 10", context=2)

    assert batch.inputs[:, 0, 0].tolist() == [0, 1, 1, 0, 1]
    assert batch.targets[:, 0, 0].tolist() == [1, 1, 0, 1, 0]
    assert batch.scored.tolist() == [0, 1, 1, 1, 1]


def test_of_two_hundred_bits_all_but_the_first_five_are_guessed() -> None:
    batch = rules().draw((200,), 1, generator("a"))

    assert batch.steps == 199
    assert int(batch.scored.sum()) == 195


@given(bits=st.text("01", min_size=4, max_size=60), context=st.integers(1, 3))
def test_the_best_guess_is_what_counting_by_hand_gives(bits: str, context: int) -> None:
    batch = own(bits, context=context)

    chances = rules(context=context).optimal(batch)[:, 0]

    by_hand = counted_by_hand(bits, context)
    assert chances[batch.scored > 0].tolist() == pytest.approx(list(by_hand.values()))
    assert chances[batch.scored == 0].isnan().all()


def test_the_cost_of_the_best_guess_is_the_sum_of_its_surprises() -> None:
    bits = "0010110111010010"
    batch = own(bits, context=2)

    cost = rules(context=2).scores(torch.ones(1), batch)["optimal_bits_per_sequence"]

    surprises = [-math.log2(p if bits[step + 1] == "1" else 1 - p) for step, p in counted_by_hand(bits, 2).items()]
    assert float(cost) == pytest.approx(sum(surprises), rel=1e-5)


def test_a_network_that_guesses_best_is_not_above_the_best_guess() -> None:
    made, law = SequenceTask("ngrams", rules()), rules()
    batch = law.draw((200,), 5, generator("a"))
    outputs = torch.logit(law.optimal(batch).nan_to_num(0.5)).unsqueeze(-1)

    scores = made.score(outputs, batch)

    torch.testing.assert_close(scores["bits_per_sequence"], scores["optimal_bits_per_sequence"], rtol=1e-4, atol=0)
    assert scores["over_optimal"].abs().max() < 1e-4


def test_on_average_the_best_guess_costs_what_the_paper_s_figure_shows() -> None:
    batch = rules().draw((200,), 300, generator("a"))

    cost = rules().scores(torch.ones(300), batch)["optimal_bits_per_sequence"]

    assert 129 < float(cost.mean()) < 134


def test_the_chances_of_a_context_are_those_of_beta_one_half_one_half() -> None:
    batch = rules(context=1, length=1500).draw((1500,), 120, generator("a"))
    seen, coming = batch.inputs[..., 0], batch.targets[..., 0]

    shares = ((seen * coming).sum(0) / seen.sum(0).clamp(min=1)).numpy()

    usual = shares[seen.sum(0).numpy() > 50]
    assert np.mean(usual < 0.1) + np.mean(usual > 0.9) == pytest.approx(0.41, abs=0.14)


def test_the_tape_shows_the_best_guess_and_marks_no_mistakes() -> None:
    made = SequenceTask("ngrams", rules(context=2))
    batch = own("00100100", context=2)

    shown = made.show(batch, torch.zeros_like(batch.targets))

    assert shown.arrays["tape.optimal"][1:, 0].tolist() == pytest.approx(list(counted_by_hand("00100100", 2).values()))
    assert shown.events == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0120", "0120: '2' is neither 0 nor 1"),
        ("01", "2 bits cannot be used; give between 3 and 2000"),
    ],
)
def test_an_input_that_cannot_be_used_is_named(text: str, sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        own(text, context=2)

    assert str(refused.value) == sentence


def test_an_episode_no_longer_than_its_context_is_refused() -> None:
    with pytest.raises(BadInputError, match="length: of 5 bits none has 5 before it; more bits are needed"):
        rules(length=5)
