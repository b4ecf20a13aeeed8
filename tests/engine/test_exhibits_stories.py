"""What each bundled network that reads stories must be able to do, on stories that it has never seen: the published test files
among them."""

from pathlib import Path

import pytest

import assets
from engine.contract.messages import Source
from engine.contract.results import ExhibitCard
from engine.sources import open_source
from engine.training.evaluate import evaluate
from engine.training.folder import read_card

MOST_WRONG = {
    "memn2n-babi": {1: 0.02, 2: 0.05, 3: 0.3, 6: 0.1, 15: 0.02},
    "memnn-babi": {1: 0.01, 2: 0.01, 3: 0.05, 6: 0.05, 15: 0.01},
    "kv-babi": {1: 0.01, 2: 0.03, 3: 0.33, 6: 0.06, 15: 0.01},
    "dmn-babi": {1: 0.01, 2: 0.05, 3: 0.2, 6: 0.03, 15: 0.01},
}
"""Wrong answers on each published test file at most."""


@pytest.mark.parametrize(("name", "task"), [(name, task) for name, tasks in MOST_WRONG.items() for task in tasks])
def test_it_answers_the_published_test_files(name: str, task: int, babi_folder: Path) -> None:
    opened = open_source(Source(place=f"exhibit:{name}"), {"tasks": str(task)}, babi_folder)

    found = evaluate(opened, 10**6, 0, lambda done, total: True)

    assert found.episodes == 1000
    assert 0 <= float(str(found.metrics["error"])) <= MOST_WRONG[name][task]


@pytest.mark.parametrize("name", sorted(MOST_WRONG))
def test_its_card_says_what_an_evaluation_finds(name: str) -> None:
    card = read_card(assets.path(f"exhibits/{name}/card.json"), ExhibitCard)
    said = next(measured for measured in card.measured if "data" not in measured.settings)

    found = evaluate(open_source(Source(place=f"exhibit:{name}")), said.episodes, said.seed, lambda done, total: True)

    assert found.metrics["error"] == pytest.approx(said.metrics["error"], abs=0.002)
    assert found.metrics["by_task"] == pytest.approx(said.metrics["by_task"], abs=0.002)
