"""What the bundled DMN must be able to do, on stories that it has never seen: the published test files among them."""

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

FOLDER = assets.path("exhibits/dmn-babi")
EXHIBIT = Source(place="exhibit:dmn-babi")
STORY = "Mary went to the garden.\nMary got the milk there.\nMary moved to the office.\nWhere is the milk?\toffice"


@pytest.fixture(scope="module")
def card() -> ExhibitCard:
    return read_card(FOLDER / "card.json", ExhibitCard)


def test_its_card_says_that_its_gates_were_taught(card: ExhibitCard) -> None:
    assert card.settings["gate_supervision"] is True
    assert "strongly supervised" in card.says


def test_its_card_tells_the_published_files_from_generated_stories(card: ExhibitCard) -> None:
    assert [measured.settings.get("data", "") for measured in card.measured] == ["", "published test files, never trained on"]


def test_it_is_small_and_its_episode_opens_at_once(card: ExhibitCard) -> None:
    traces = [read_trace(FOLDER / "traces" / f"episode-{seed}.safetensors") for seed in card.episodes]

    assert [trace.card.outcome["error"] for trace in traces] == [0.0] * len(traces)
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 600_000


def test_its_first_pass_finds_the_thing_and_its_second_who_has_it() -> None:
    trace = record(open_source(EXHIBIT), EpisodeWish(own=STORY))

    gates = np.asarray(trace.arrays["hop.attention"])[3]

    assert gates[0].argmax() == 1
    assert gates[1].argmax() == 2
    assert trace.label("answer", int(trace.arrays["tape.output"][3])) == "office"


def test_without_the_fact_that_it_looks_at_its_answer_changes() -> None:
    edit = Edit(act="erase", channel="memory.contents", step=3, index=(2,))

    after = record(open_source(EXHIBIT), EpisodeWish(own=STORY), (edit,))

    assert after.label("answer", int(after.arrays["tape.output"][3])) == "garden"
