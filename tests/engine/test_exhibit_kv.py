"""What the bundled Key-Value Memory Network must be able to do, on banks that it has never seen."""

import numpy as np
import pytest

import assets
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import ExhibitCard
from engine.contract.trace_file import read_trace
from engine.recipes import RECIPES
from engine.recording import record
from engine.sources import open_source
from engine.training.evaluate import evaluate
from engine.training.folder import read_card

FOLDER = assets.path("exhibits/kv-facts")
EXHIBIT = Source(place="exhibit:kv-facts")
OWN = "Ambergate was directed by Ashberg.\nAmbergate was written by Osini.\nOsini wrote Ambergate.\n"


@pytest.fixture(scope="module")
def card() -> ExhibitCard:
    return read_card(FOLDER / "card.json", ExhibitCard)


@pytest.mark.parametrize("films", [1, 2, 4])
def test_it_answers_questions_about_banks_of_any_size(films: int) -> None:
    found = evaluate(open_source(EXHIBIT, {"films": films}), 1000, 11, lambda done, total: True)

    assert float(str(found.metrics["error"])) <= 0.01


def test_its_card_says_what_an_evaluation_finds_and_what_its_recipe_says(card: ExhibitCard) -> None:
    said, recipe = card.measured[0], RECIPES["kv-facts"]

    found = evaluate(open_source(EXHIBIT), said.episodes, said.seed, lambda done, total: True)

    assert found.metrics["error"] == pytest.approx(said.metrics["error"], abs=0.002)
    assert (card.says, card.seed, card.updates, card.episodes) == (recipe.says, recipe.seed, recipe.updates, recipe.episodes)


def test_its_episodes_open_at_once_and_are_what_its_weights_do(card: ExhibitCard) -> None:
    opened = open_source(EXHIBIT)
    for seed in card.episodes:
        bundled, again = read_trace(FOLDER / "traces" / f"episode-{seed}.safetensors"), record(opened, EpisodeWish(seed=seed))

        assert bundled.card.weights == opened.weights_hash
        assert set(bundled.arrays) == set(again.arrays)
        assert bundled.card.outcome == {"error": 0.0}
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 700_000


def test_a_fact_of_ones_own_that_is_changed_changes_the_answer() -> None:
    question = "Who wrote Ambergate?\t"

    said = [_answers(OWN.replace("Osini", person) + question) for person in ("Osini", "Velmar")]

    assert said == [["Osini"], ["Velmar"]]


def test_a_question_about_a_film_that_the_bank_does_not_know_finds_no_candidate() -> None:
    trace = record(open_source(EXHIBIT), EpisodeWish(own=OWN + "Who wrote Nightfield?\t"))

    assert not trace.arrays["hash.candidates"][-1].any()
    assert not trace.arrays["hop.attention"][-1].any()


def test_without_the_fact_that_it_looks_at_its_answer_changes() -> None:
    opened, wish = open_source(EXHIBIT), EpisodeWish(seed=3)
    whole = record(opened, wish)
    step = int(np.flatnonzero(np.isfinite(whole.arrays["tape.error"]))[0])
    looked_at = int(whole.arrays["hop.attention"][step, -1].argmax())

    without = record(opened, wish, (Edit(act="erase", channel="memory.contents", step=step, index=(looked_at,)),))

    assert without.arrays["tape.output"][step] != whole.arrays["tape.output"][step]


def _answers(own: str) -> list[str]:
    trace = record(open_source(EXHIBIT), EpisodeWish(own=own))
    asked = trace.arrays["tape.output"][np.asarray([line.endswith("?") for line in trace.card.labels["step"]])]
    return [trace.label("tape.output", int(token)) for token in asked]
