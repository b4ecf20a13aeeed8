"""What the bundled networks for visual questions can do: the one with a memory knows rare names that the other does not."""

import pytest

import assets
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import ExhibitCard
from engine.contract.trace import Trace
from engine.recipes import RECIPES
from engine.recording import record
from engine.sources import EXHIBIT, exhibit_cards, open_source
from engine.training.evaluate import evaluate

NAMES = ("vqa-mann", "vqa-baseline")


def card_of(name: str) -> ExhibitCard:
    return next(card for card in exhibit_cards() if card.name == name)


def rows(name: str, place: int = 0) -> dict[str, float]:
    """The share of wrong answers by how often training had shown the right one, as the card says."""
    found = card_of(name).measured[place].metrics["by_count"]
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="module")
def stream() -> Trace:
    return record(open_source(Source(place=EXHIBIT + "vqa-mann")), EpisodeWish(seed=0))


@pytest.mark.parametrize("name", NAMES)
def test_the_card_is_that_of_its_recipe(name: str) -> None:
    card, recipe = card_of(name), RECIPES[name]

    assert (card.model, card.task, card.seed, card.updates) == (recipe.model, recipe.task, recipe.seed, recipe.updates)
    assert (card.title, card.says, card.episodes) == (recipe.title, recipe.says, recipe.episodes)
    assert all(card.settings[setting] == value for setting, value in recipe.settings.items())


@pytest.mark.parametrize("name", NAMES)
def test_its_card_says_what_an_evaluation_finds(name: str) -> None:
    said = card_of(name).measured[0]

    found = evaluate(open_source(Source(place=EXHIBIT + name)), said.episodes, said.seed, lambda done, total: True)

    assert found.metrics["error"] == pytest.approx(said.metrics["error"], abs=0.002)
    assert found.metrics["by_count"] == pytest.approx(said.metrics["by_count"], abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_it_stays_small_and_every_checkpoint_opens(name: str) -> None:
    card, folder = card_of(name), assets.path(f"exhibits/{name}")

    opened = [open_source(Source(place=EXHIBIT + name, update=update)) for update in card.checkpoints]

    assert len({each.weights_hash for each in opened}) == len(card.checkpoints)
    assert sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) < 600_000


def test_rare_answers_come_from_the_memory() -> None:
    remembered, switched_off, plain = rows("vqa-mann"), rows("vqa-mann", 1), rows("vqa-baseline")

    assert remembered["1-4"] < 0.75
    assert remembered["5-19"] < 0.25
    assert min(switched_off["1-4"], plain["1-4"]) > 0.95
    assert min(switched_off["5-19"], plain["5-19"]) > 0.75


def test_what_training_never_showed_nobody_knows() -> None:
    assert rows("vqa-mann")["0"] == rows("vqa-baseline")["0"] == 1.0


def test_its_memory_is_full_of_samples_and_goes_on_writing(stream: Trace) -> None:
    labels, written = stream.arrays["memory.label"], stream.arrays["memory.written"]

    assert (labels >= 0).all()
    assert len(set(labels[0].tolist())) > 50
    assert written[-1].max() == 16 * 1250 + stream.steps
    assert (stream.arrays["write.weighting"].sum((1, 2)) == 1).all()


def test_it_looks_at_the_place_that_the_question_names(stream: Trace) -> None:
    asked, looked = stream.arrays["picture.asked"], stream.arrays["look.regions"]
    named = asked.sum(-1) > 0

    assert float((asked * looked)[named].sum(-1).mean()) > 0.8
