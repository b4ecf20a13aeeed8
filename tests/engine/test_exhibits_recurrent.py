"""The exhibits of recurrent nets: they open, do what their cards say, and show what they are there to show."""

import pytest

import assets
from engine.contract.cards import Settings
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import ExhibitCard
from engine.contract.trace_file import read_trace
from engine.recipes import RECIPES
from engine.recording import record
from engine.sources import EXHIBIT, exhibit_cards, open_source
from engine.training.evaluate import evaluate

NAMES = ("rnn-copy", "gru-copy", "lstm-copy", "seq2seq-reverse")

every_exhibit = pytest.mark.parametrize("name", NAMES)


def card_of(name: str) -> ExhibitCard:
    return next(card for card in exhibit_cards() if card.name == name)


def figure(name: str, metric: str, settings: Settings) -> float:
    """What the card says was measured under these settings."""
    card, default = card_of(name), {"length": 0}
    wished = default | settings
    found = next(m for m in card.measured if all(m.settings[key] == value for key, value in wished.items()))
    value = found.metrics[metric]
    assert isinstance(value, float)
    return value


@every_exhibit
def test_the_card_is_that_of_its_recipe(name: str) -> None:
    card, recipe = card_of(name), RECIPES[name]

    assert (card.model, card.task, card.seed, card.updates) == (recipe.model, recipe.task, recipe.seed, recipe.updates)
    assert (card.title, card.says, card.episodes) == (recipe.title, recipe.says, recipe.episodes)
    assert len(card.measured) == len(recipe.measured)


@every_exhibit
def test_the_bundled_traces_are_what_the_bundled_weights_do(name: str) -> None:
    opened, card = open_source(Source(place=EXHIBIT + name)), card_of(name)

    bundled = read_trace(assets.path(f"exhibits/{name}/traces/episode-{card.episodes[0]}.safetensors"))
    again = record(opened, EpisodeWish(seed=card.episodes[0]))

    assert bundled.card.weights == opened.weights_hash
    assert {n: a.shape for n, a in bundled.arrays.items()} == {n: a.shape for n, a in again.arrays.items()}
    assert abs(bundled.arrays["tape.output"] - again.arrays["tape.output"]).max() < 1e-3


@every_exhibit
def test_every_bundled_checkpoint_opens(name: str) -> None:
    card = card_of(name)

    opened = [open_source(Source(place=EXHIBIT + name, update=update)) for update in card.checkpoints]

    assert [each.update for each in opened] == list(card.checkpoints)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("rnn-copy", {"length": 5}),
        ("lstm-copy", {"length": 10}),
        ("gru-copy", {"length": 10}),
        ("seq2seq-reverse", {"length": 12}),
    ],
)
def test_what_the_card_says_can_be_measured_again(name: str, settings: Settings) -> None:
    metric = "sequence_accuracy" if name == "seq2seq-reverse" else "wrong_bits"

    again = evaluate(open_source(Source(place=EXHIBIT + name), settings), 200, 7, lambda done, total: True).metrics[metric]

    assert again == pytest.approx(figure(name, metric, settings), abs=0.011)


@pytest.mark.parametrize("length", [10, 20, 30, 50, 120])
@pytest.mark.parametrize("name", ["rnn-copy", "gru-copy", "lstm-copy"])
def test_nets_that_copy_are_measured_at_the_same_lengths(name: str, length: int) -> None:
    assert 0 <= figure(name, "wrong_bits", {"length": length}) <= 8 * length


def test_a_plain_net_copies_five_vectors_and_guesses_at_ten() -> None:
    assert figure("rnn-copy", "exact", {"length": 5}) >= 0.99
    assert figure("rnn-copy", "wrong_bits", {"length": 10}) > 30


def test_seq2seq_is_right_in_its_range_and_not_far_beyond_it() -> None:
    assert figure("seq2seq-reverse", "sequence_accuracy", {}) >= 0.98
    assert figure("seq2seq-reverse", "sequence_accuracy", {"length": 24}) < 0.1
