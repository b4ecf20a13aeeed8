"""What the bundled key-value memory must be able to do on stories that it has never seen: the published test files among them."""

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

FOLDER = assets.path("exhibits/kv-babi")
EXHIBIT = Source(place="exhibit:kv-babi")
STORY = "Mary went to the garden.\nJohn went to the hallway.\nMary moved to the office.\nWhere is Mary?\toffice"


@pytest.fixture(scope="module")
def card() -> ExhibitCard:
    return read_card(FOLDER / "card.json", ExhibitCard)


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
