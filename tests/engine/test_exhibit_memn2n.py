"""What the bundled MemN2N must be able to do, on stories that it has never seen: the published test files among them."""

import time

import numpy as np
import pytest

import assets
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import ExhibitCard
from engine.contract.trace_file import read_trace
from engine.recording import record
from engine.sources import open_source
from engine.training.folder import read_card

FOLDER = assets.path("exhibits/memn2n-babi")
EXHIBIT = Source(place="exhibit:memn2n-babi")
MOST_WRONG = {1: 0.02, 2: 0.05, 3: 0.3, 6: 0.1, 15: 0.02}
STORY = "Mary went to the garden.\nMary got the milk there.\nMary moved to the office.\nWhere is the milk?\toffice"


@pytest.fixture(scope="module")
def card() -> ExhibitCard:
    return read_card(FOLDER / "card.json", ExhibitCard)


def test_its_card_tells_the_published_files_from_generated_stories(card: ExhibitCard) -> None:
    assert [measured.settings.get("data", "") for measured in card.measured] == ["", "published test files, never trained on"]
    generated, published = (measured.metrics["by_task"] for measured in card.measured)
    assert isinstance(generated, dict)
    assert isinstance(published, dict)
    assert set(generated) == {str(task) for task in range(1, 21)}
    assert set(published) == {str(task) for task in MOST_WRONG}


def test_its_training_can_be_scrubbed_and_its_episodes_open_at_once(card: ExhibitCard) -> None:
    """The first lies there; the others, too large to bundle, are recorded in a moment when they are asked for."""
    assert len(card.checkpoints) >= 8
    assert len(card.episodes) >= 3
    opened, began = open_source(EXHIBIT), time.process_time()
    traces = [record(opened, EpisodeWish(seed=seed)) for seed in card.episodes[1:]]
    spent = time.process_time() - began
    traces.append(read_trace(FOLDER / "traces" / f"episode-{card.episodes[0]}.safetensors"))
    assert [trace.card.outcome["error"] for trace in traces] == [0.0] * len(traces)
    assert spent < 0.5 * len(card.episodes)
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 3_000_000


def test_without_the_fact_that_it_looks_at_its_answer_changes() -> None:
    opened = open_source(EXHIBIT)

    before = record(opened, EpisodeWish(own=STORY))
    looked_at = int(np.asarray(before.arrays["hop.attention"])[3, -1].argmax())
    edit = Edit(act="erase", channel="memory.contents", step=3, index=(looked_at,))
    after = record(opened, EpisodeWish(own=STORY), (edit,))

    answers = [trace.label("answer", int(trace.arrays["tape.output"][3])) for trace in (before, after)]
    assert before.card.labels["slot"][looked_at] == "Mary moved to the office."
    assert answers == ["office", "garden"]
