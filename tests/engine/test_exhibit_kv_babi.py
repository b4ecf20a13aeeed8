"""What the bundled key-value memory must be able to do on stories that it has never seen: the published test files among them."""

from pathlib import Path

import numpy as np
import pytest

import assets
from engine.contract.cards import ExhibitCard
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.trace_file import read_trace
from engine.recording import record
from engine.sources import open_source
from engine.training.evaluate import evaluate
from engine.training.folder import read_card

FOLDER = assets.path("exhibits/kv-babi")
EXHIBIT = Source(place="exhibit:kv-babi")
MOST_WRONG = {1: 0.01, 2: 0.03, 3: 0.33, 6: 0.06, 15: 0.01}
STORY = "Mary went to the garden.\nJohn went to the hallway.\nMary moved to the office.\nWhere is Mary?\toffice"


@pytest.fixture(scope="module")
def card() -> ExhibitCard:
    return read_card(FOLDER / "card.json", ExhibitCard)


@pytest.mark.parametrize("task", sorted(MOST_WRONG))
def test_it_answers_the_published_test_files(task: int, babi_folder: Path) -> None:
    opened = open_source(EXHIBIT, {"tasks": str(task)}, babi_folder)

    found = evaluate(opened, 10**6, 0, lambda done, total: True)

    assert found.episodes == 1000
    assert 0 <= float(str(found.metrics["error"])) <= MOST_WRONG[task]


def test_its_card_says_what_an_evaluation_finds(card: ExhibitCard) -> None:
    said = next(measured for measured in card.measured if "data" not in measured.settings)

    found = evaluate(open_source(EXHIBIT), said.episodes, said.seed, lambda done, total: True)

    assert found.metrics["error"] == pytest.approx(said.metrics["error"], abs=0.002)
    assert found.metrics["by_task"] == pytest.approx(said.metrics["by_task"], abs=0.002)


def test_without_the_pair_that_it_reads_its_answer_changes() -> None:
    opened = open_source(EXHIBIT)

    before = record(opened, EpisodeWish(own=STORY))
    looked_at = int(np.asarray(before.arrays["hop.attention"])[3].max(0).argmax())
    after = record(opened, EpisodeWish(own=STORY), (Edit(act="erase", channel="memory.contents", step=3, index=(looked_at,)),))

    answers = [trace.label("answer", int(trace.arrays["tape.output"][3])) for trace in (before, after)]
    assert before.card.labels["slot"][looked_at] == "Mary moved to the office."
    assert answers == ["office", "garden"]


def test_its_training_can_be_scrubbed_and_its_episodes_open_at_once(card: ExhibitCard) -> None:
    assert len(card.checkpoints) >= 5
    traces = [read_trace(FOLDER / "traces" / f"episode-{seed}.safetensors") for seed in card.episodes]
    assert [trace.card.outcome["error"] for trace in traces] == [0.0, 0.0]
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 700_000
