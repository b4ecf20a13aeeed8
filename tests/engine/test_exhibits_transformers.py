"""The exhibits of Transformers: they open, do what their cards say, and show what they are there to show."""

import numpy as np
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

NAMES = (
    "transformer-copy",
    "transformer-reverse",
    "transformer-algorithmic",
    "feedback-algorithmic",
    "transformer-corridor",
    "feedback-corridor",
)

every_exhibit = pytest.mark.parametrize("name", NAMES)


def card_of(name: str) -> ExhibitCard:
    return next(card for card in exhibit_cards() if card.name == name)


def figure(name: str, metric: str, settings: Settings) -> float:
    """What the card says was measured under these settings."""
    found = card_of(name).measured[RECIPES[name].measured.index(settings)]
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
    assert set(bundled.arrays) == set(again.arrays)
    for channel, values in bundled.arrays.items():
        np.testing.assert_allclose(again.arrays[channel], values, atol=1e-3, err_msg=channel)


@every_exhibit
def test_every_bundled_checkpoint_opens(name: str) -> None:
    card = card_of(name)

    opened = [open_source(Source(place=EXHIBIT + name, update=update)) for update in card.checkpoints]

    assert [each.update for each in opened] == list(card.checkpoints)


def test_a_transformer_copies_as_far_as_its_places_were_trained_and_not_beyond() -> None:
    opened = open_source(Source(place=f"{EXHIBIT}transformer-copy"), {"length": 30})

    found = evaluate(opened, 50, 7, lambda done, total: True)

    assert figure("transformer-copy", "exact", {"length": 20}) >= 0.95
    assert found.metrics["wrong_bits"] == pytest.approx(figure("transformer-copy", "wrong_bits", {"length": 30}), abs=6)
    assert figure("transformer-copy", "wrong_bits", {"length": 30}) > 0.4 * 30 * 8


def test_letters_are_said_backwards_as_the_card_says() -> None:
    opened = open_source(Source(place=f"{EXHIBIT}transformer-reverse"), {"length": 12})

    found = evaluate(opened, 200, 7, lambda done, total: True)

    assert found.metrics["sequence_accuracy"] == pytest.approx(
        figure("transformer-reverse", "sequence_accuracy", {"length": 12}), abs=0.01
    )
    assert figure("transformer-reverse", "sequence_accuracy", {}) >= 0.98


def test_some_head_runs_backwards_through_the_source() -> None:
    trace = record(open_source(Source(place="exhibit:transformer-reverse")), EpisodeWish(seed=4))
    length = (trace.steps - 1) // 2
    cross = trace.arrays["attention.cross"][length:-1, :, :, :length]  # (said, layer, head, position)

    looked_at = cross.argmax(-1)

    backwards = np.arange(length - 1, -1, -1)[:, None, None]
    assert (looked_at == backwards).mean(0).max() > 0.9


@pytest.mark.parametrize("settings", RECIPES["feedback-algorithmic"].measured, ids=str)
def test_on_programs_feedback_costs_less_than_a_transformer_of_the_same_depth(settings: Settings) -> None:
    feedback, plain = (figure(name, "bits_per_answer", settings) for name in ("feedback-algorithmic", "transformer-algorithmic"))

    assert feedback < plain


def test_programs_are_followed_as_the_card_says() -> None:
    opened = open_source(Source(place=f"{EXHIBIT}feedback-algorithmic"), {"statements": 12})

    found = evaluate(opened, 200, 7, lambda done, total: True)

    wanted = figure("feedback-algorithmic", "accuracy", {"statements": 12})
    assert found.metrics["accuracy"] == pytest.approx(wanted, abs=0.01)


@pytest.mark.parametrize(
    ("name", "length", "knows"),
    [
        ("feedback-corridor", 7, True),
        ("feedback-corridor", 24, True),
        ("transformer-corridor", 7, True),
        ("transformer-corridor", 8, False),
        ("transformer-corridor", 24, False),
    ],
)
def test_a_window_without_feedback_reaches_two_windows_back_and_not_one_step_further(name: str, length: int, knows: bool) -> None:
    opened = open_source(Source(place=EXHIBIT + name), {"length": length})

    found = evaluate(opened, 200, 7, lambda done, total: True)

    accuracy = found.metrics["accuracy"]
    assert isinstance(accuracy, float)
    assert accuracy == 1.0 if knows else accuracy < 0.4  # one colour of four
