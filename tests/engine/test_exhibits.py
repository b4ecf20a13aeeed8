"""How a run becomes an exhibit; and what the bundled ones must be able to do."""

from dataclasses import replace
from pathlib import Path

import pytest

import assets
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import ExhibitCard
from engine.contract.trace_file import read_trace
from engine.exhibits import build, choose_checkpoints, thin_curve
from engine.recipes import RECIPES, ExhibitRecipe
from engine.recording import record
from engine.registry import model_entry, task_entry
from engine.sources import EXHIBIT, exhibit_cards, open_source
from engine.tasks.base import BadInputError
from engine.training.evaluate import Cancelled, evaluate
from engine.training.folder import read_card

TINY = ExhibitRecipe(
    title="Tiny",
    says="A tiny machine.",
    model="ntm",
    task="copy",
    seed=3,
    updates=90,
    checkpoints=4,
    episodes=(0, 1),
    test_episodes=4,
    measured=({"length": 1}, {"slots": 9}),
    settings={"bits": 2, "max_length": 3, "slots": 5, "slot_width": 3, "hidden": 6, "batch": 2},
)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RECIPES, "tiny", TINY)


@pytest.mark.usefixtures("tiny")
def test_an_exhibit_is_built_from_its_recipe(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    build("tiny", tmp_path / "tiny", lambda done, total: told.append((done, total)) or True)

    card = read_card(tmp_path / "tiny" / "card.json", ExhibitCard)
    assert (card.name, card.seed, card.updates, len(card.checkpoints)) == ("tiny", 3, 90, 4)
    assert (card.checkpoints[0], card.checkpoints[-1], told[-1]) == (0, 90, (90, 90))
    assert [measured.slots for measured in card.measured] == [5, 9]
    assert card.recipe.startswith("slotscope train ntm copy --set bits=2 ")
    traces = sorted(file.name for file in (tmp_path / "tiny" / "traces").iterdir())
    assert traces == ["episode-0.safetensors", "episode-1.safetensors"]
    assert read_trace(tmp_path / "tiny" / "traces" / "episode-1.safetensors").card.source == "exhibit:tiny"


@pytest.mark.usefixtures("tiny")
def test_a_training_that_was_cut_short_goes_on_and_gives_the_same_exhibit(tmp_path: Path) -> None:
    build("tiny", tmp_path / "whole", lambda done, total: True)

    with pytest.raises(Cancelled):
        build("tiny", tmp_path / "cut", lambda done, total: done < 50)
    build("tiny", tmp_path / "cut", lambda done, total: True)

    whole, cut = (read_card(tmp_path / name / "card.json", ExhibitCard) for name in ("whole", "cut"))
    assert cut.measured == whole.measured
    assert cut.losses == whole.losses


@pytest.mark.usefixtures("tiny")
def test_a_run_by_another_recipe_is_not_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Cancelled):
        build("tiny", tmp_path / "tiny", lambda done, total: done < 5)
    monkeypatch.setitem(RECIPES, "tiny", replace(TINY, seed=4))

    with pytest.raises(BadInputError, match="a run by another recipe lies here"):
        build("tiny", tmp_path / "tiny", lambda done, total: True)


def test_an_unknown_exhibit_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"no-such: no such exhibit; there are .*ntm-copy"):
        build("no-such", tmp_path, lambda done, total: True)


def test_checkpoints_are_chosen_evenly_on_a_logarithmic_scale() -> None:
    chosen = choose_checkpoints(tuple(range(0, 10_001, 10)), 10)

    assert (chosen[0], chosen[-1], len(chosen)) == (0, 10_000, 10)
    ratios = [later / earlier for earlier, later in zip(chosen[1:], chosen[2:], strict=False)]
    assert max(ratios) / min(ratios) < 1.3


def test_of_two_checkpoints_one_is_the_first_and_the_other_the_last() -> None:
    assert choose_checkpoints((0, 30, 60, 90), 2) == (0, 90)


def test_a_curve_is_thinned_by_means() -> None:
    assert thin_curve(((1, 2.0), (2, 4.0), (3, 6.0), (4, 8.0)), points=2) == ((2, 3.0), (4, 7.0))
    assert len(thin_curve(tuple((update, 1.0) for update in range(1, 9_998)))) <= 400


@pytest.mark.parametrize("name", ["ntm-copy", "lstm-copy"])
def test_the_bundled_traces_are_what_the_bundled_weights_do(name: str) -> None:
    opened = open_source(Source(place=EXHIBIT + name))
    card = next(card for card in exhibit_cards() if card.name == name)

    bundled = read_trace(assets.path(f"exhibits/{name}/traces/episode-{card.episodes[0]}.safetensors"))
    again = record(opened, EpisodeWish(seed=card.episodes[0]))

    assert bundled.card.weights == opened.weights_hash
    assert {n: a.shape for n, a in bundled.arrays.items()} == {n: a.shape for n, a in again.arrays.items()}
    assert abs(bundled.arrays["tape.output"] - again.arrays["tape.output"]).max() < 1e-3


@pytest.mark.parametrize("name", ["ntm-copy", "lstm-copy"])
def test_the_card_of_an_exhibit_is_that_of_its_recipe(name: str) -> None:
    card, recipe = next(card for card in exhibit_cards() if card.name == name), RECIPES[name]

    assert (card.model, card.task, card.seed, card.updates) == (recipe.model, recipe.task, recipe.seed, recipe.updates)
    assert (card.title, card.says, card.episodes) == (recipe.title, recipe.says, recipe.episodes)


@pytest.mark.parametrize("name", ["ntm-copy", "lstm-copy"])
def test_every_bundled_checkpoint_opens(name: str) -> None:
    card = next(card for card in exhibit_cards() if card.name == name)

    opened = [open_source(Source(place=EXHIBIT + name, update=update)) for update in card.checkpoints]

    assert [each.update for each in opened] == list(card.checkpoints)
    assert len({each.weights_hash for each in opened}) == len(card.checkpoints)


@pytest.mark.parametrize(
    ("settings", "metric", "least", "most"),
    [
        ({"length": 20}, "exact", 0.99, 1.0),
        ({"length": 50}, "wrong_bits", 0.0, 1.0),
        ({"length": 120, "slots": 256}, "wrong_bits", 0.0, 5.0),
    ],
)
def test_the_trained_machine_copies_far_beyond_its_training(
    settings: dict[str, int], metric: str, least: float, most: float
) -> None:
    opened = open_source(Source(place=EXHIBIT + "ntm-copy"), dict(settings))

    found = evaluate(opened, 40, 7, lambda done, total: True)

    assert least <= found.metrics[metric] <= most  # type: ignore[operator]  # the metrics of copy are numbers
    assert found.parameters == 62_860


@pytest.mark.parametrize(
    "file", sorted(assets.path("exhibits").glob("*/traces/*")), ids=lambda file: f"{file.parts[-3]}-{file.stem}"
)
def test_a_bundled_episode_carries_the_cards_of_today(file: Path) -> None:
    card = read_trace(file).card

    assert card.model == model_entry(card.model.id).card
    assert card.task == task_entry(card.task.id).card


def test_what_is_bundled_is_no_heavier_than_promised() -> None:
    heavy = sum(file.stat().st_size for file in assets.path("").rglob("*") if file.is_file())

    assert heavy <= 40e6
