"""The exhibits of the Neural Turing Machine beyond copy: they open, and do what their cards say."""

import pytest

import assets
from engine.contract.cards import Settings
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import ExhibitCard, Measurement
from engine.contract.trace_file import read_trace
from engine.recipes import RECIPES
from engine.recording import record
from engine.sources import EXHIBIT, exhibit_cards, open_source
from engine.training.evaluate import evaluate

NAMES = ("ntm-repeat-copy", "ntm-recall", "ntm-ngrams", "ntm-sort")

every_exhibit = pytest.mark.parametrize("name", NAMES)


def card_of(name: str) -> ExhibitCard:
    return next(card for card in exhibit_cards() if card.name == name)


def measured(name: str, settings: Settings) -> Measurement:
    """What the card says was measured under the settings of its recipe at this place."""
    return card_of(name).measured[RECIPES[name].measured.index(settings)]


@every_exhibit
def test_the_card_is_that_of_its_recipe(name: str) -> None:
    card, recipe = card_of(name), RECIPES[name]

    assert (card.model, card.task, card.seed, card.updates) == (recipe.model, recipe.task, recipe.seed, recipe.updates)
    assert (card.title, card.says, card.episodes) == (recipe.title, recipe.says, recipe.episodes)
    assert [{n: m.settings[n] for n in wished} for m, wished in zip(card.measured, recipe.measured, strict=True)] == list(
        recipe.measured
    )


@every_exhibit
def test_the_bundled_traces_are_what_the_bundled_weights_do(name: str) -> None:
    opened, card = open_source(Source(place=EXHIBIT + name)), card_of(name)

    for file in assets.path(f"exhibits/{name}/traces").glob("*"):  # an episode that is large is not bundled
        bundled = read_trace(file)
        again = record(opened, EpisodeWish(seed=bundled.card.seed))

        assert bundled.card.seed in card.episodes
        assert bundled.card.weights == opened.weights_hash
        assert {n: a.shape for n, a in bundled.arrays.items()} == {n: a.shape for n, a in again.arrays.items()}
        assert abs(bundled.arrays["tape.output"] - again.arrays["tape.output"]).max() < 1e-3


@every_exhibit
def test_every_bundled_checkpoint_opens(name: str) -> None:
    card = card_of(name)

    opened = [open_source(Source(place=EXHIBIT + name, update=update)) for update in card.checkpoints]

    assert [each.update for each in opened] == list(card.checkpoints)


@pytest.mark.parametrize(
    ("settings", "least", "most"),
    [({}, 0.95, 1.0), ({"length": 20, "repeats": 10, "slots": 256}, 0.9, 1.0), ({"length": 10, "repeats": 20}, 0.0, 0.1)],
)
def test_the_machine_repeats_more_vectors_than_in_training_but_not_more_often(
    settings: Settings, least: float, most: float
) -> None:
    again = evaluate(open_source(Source(place=EXHIBIT + "ntm-repeat-copy"), settings), 50, 7, lambda done, total: True)

    assert least <= again.metrics["exact"] <= most  # type: ignore[operator]  # this metric is a number
    assert least <= measured("ntm-repeat-copy", settings).metrics["exact"] <= most  # type: ignore[operator]


@pytest.mark.parametrize("settings", RECIPES["ntm-recall"].measured, ids=str)
def test_the_machine_recalls_from_more_items_than_it_was_trained_with(settings: Settings) -> None:
    again = evaluate(open_source(Source(place=EXHIBIT + "ntm-recall"), settings), 50, 7, lambda done, total: True)

    assert again.metrics["bits_per_sequence"] <= 1  # type: ignore[operator]  # this metric is a number
    assert measured("ntm-recall", settings).metrics["bits_per_sequence"] <= 1  # type: ignore[operator]


def test_the_machine_sorts_as_it_reads_and_costs_far_less_than_a_recurrent_net() -> None:
    again = evaluate(open_source(Source(place=EXHIBIT + "ntm-sort")), 50, 7, lambda done, total: True).metrics

    assert again["bits_per_sequence"] < 28 / 4  # type: ignore[operator]  # these metrics are numbers
    assert again["reads_by_priority"] > 0.95  # type: ignore[operator]
    assert abs(again["priority_correlation"]) < 0.2  # type: ignore[arg-type]  # it writes in the order of arrival


@pytest.mark.parametrize(("settings", "most"), [({}, 0.06), ({"slots": 128}, 0.035)])
def test_the_machine_guesses_nearly_as_well_as_counting_allows_and_better_with_more_slots(
    settings: Settings, most: float
) -> None:
    again = evaluate(open_source(Source(place=EXHIBIT + "ntm-ngrams"), settings), 50, 7, lambda done, total: True).metrics

    assert 0 < again["over_optimal"] < most  # type: ignore[operator]  # this metric is a number
