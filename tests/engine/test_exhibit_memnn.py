"""What the bundled Memory Network must be able to do, on stories that it has never seen: the published test files among them."""

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

FOLDER = assets.path("exhibits/memnn-babi")
EXHIBIT = Source(place="exhibit:memnn-babi")
STORY = "Mary went to the garden.\nMary got the milk there.\nMary moved to the office.\nWhere is the milk?\toffice"


@pytest.fixture(scope="module")
def card() -> ExhibitCard:
    return read_card(FOLDER / "card.json", ExhibitCard)


def test_it_looks_up_as_many_facts_as_the_answer_rests_on() -> None:
    found = record(open_source(EXHIBIT), EpisodeWish(own=STORY))

    chosen = np.nan_to_num(np.asarray(found.arrays["hop.chosen"])[3])

    assert [found.card.labels["slot"][int(slot)] for slot in chosen.argmax(-1)[:2]] == [
        "Mary got the milk there.",
        "Mary moved to the office.",
    ]
    assert chosen.sum() == 2


def test_without_the_fact_that_it_looks_up_its_answer_changes() -> None:
    opened = open_source(EXHIBIT)

    before = record(opened, EpisodeWish(own=STORY))
    after = record(opened, EpisodeWish(own=STORY), (Edit(act="erase", channel="memory.contents", step=3, index=(2,)),))

    answers = [trace.label("answer", int(trace.arrays["tape.output"][3])) for trace in (before, after)]
    assert answers == ["office", "garden"]


def test_another_choice_of_a_lookup_changes_what_follows_from_it() -> None:
    opened = open_source(EXHIBIT)
    second = Edit(act="force", channel="hop.chosen", step=3, index=(1, 0))

    changed = record(opened, EpisodeWish(own=STORY), (second,))

    assert np.asarray(changed.arrays["hop.chosen"])[3, 1].argmax() == 0
    assert changed.label("answer", int(changed.arrays["tape.output"][3])) == "garden"


def test_its_training_can_be_scrubbed_and_its_episodes_open_at_once(card: ExhibitCard) -> None:
    assert len(card.checkpoints) >= 5
    traces = [read_trace(FOLDER / "traces" / f"episode-{seed}.safetensors") for seed in card.episodes]
    assert len(traces) >= 1
    assert [trace.card.outcome["error"] for trace in traces] == [0.0] * len(traces)
    assert sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file()) < 600_000
