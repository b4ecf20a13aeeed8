"""The bundled Differentiable Neural Computer: what it must be able to do, by giving slots back and by following their order."""

import numpy as np
import pytest

import assets
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import ExhibitCard
from engine.contract.trace import Trace
from engine.contract.trace_file import read_trace
from engine.recording import record
from engine.sources import open_source
from engine.training.evaluate import evaluate
from engine.training.folder import read_card

FOLDER = assets.path("exhibits/dnc-copy-reuse")
EXHIBIT = Source(place="exhibit:dnc-copy-reuse")


@pytest.fixture(scope="module")
def card() -> ExhibitCard:
    return read_card(FOLDER / "card.json", ExhibitCard)


@pytest.fixture(scope="module")
def trace() -> Trace:
    """Five rounds, with more vectors in all than there are slots."""
    return record(open_source(EXHIBIT, {"rounds": 5}), EpisodeWish(seed=4))


def steps(trace: Trace, phase: str) -> np.ndarray:
    return np.array([step for p in trace.card.phases if p.name == phase for step in range(p.first, p.last + 1)])


def test_it_copies_as_many_rounds_as_it_was_trained_on() -> None:
    found = evaluate(open_source(EXHIBIT), 100, 7, lambda done, total: True)

    assert float(str(found.metrics["exact"])) >= 0.95


def test_its_card_says_what_an_evaluation_finds(card: ExhibitCard) -> None:
    said = card.measured[0]

    found = evaluate(open_source(EXHIBIT), said.episodes, said.seed, lambda done, total: True)

    assert found.metrics == pytest.approx(said.metrics, abs=0.05)


def test_its_bundled_episodes_are_what_its_weights_do(card: ExhibitCard) -> None:
    seed = card.episodes[0]

    bundled = read_trace(FOLDER / "traces" / f"episode-{seed}.safetensors")

    again = record(open_source(EXHIBIT), EpisodeWish(seed=seed))
    assert abs(bundled.arrays["tape.output"] - again.arrays["tape.output"]).max() < 1e-3


def test_slots_are_written_more_than_once_in_an_episode(trace: Trace) -> None:
    present = steps(trace, "present")

    written = trace.arrays["write.weighting"][present, 0].argmax(-1).tolist()

    assert len(present) > trace.card.slots
    assert max(written.count(slot) for slot in range(trace.card.slots)) >= 2


def test_vectors_are_written_to_slots_that_are_free(trace: Trace) -> None:
    present = steps(trace, "present")

    slots = trace.arrays["write.weighting"][present, 0].argmax(-1)
    usage = trace.arrays["usage.level"][present, slots]

    assert trace.arrays["write.allocation_gate"][present].min() > 0.8
    assert usage.max() < 0.5


def test_usage_falls_where_a_slot_was_read(trace: Trace) -> None:
    recalled = steps(trace, "recall")[:-1]  # what is read at the last step would be given back at the next
    slots = trace.arrays["read.weighting"][recalled - 1, 0].argmax(-1)

    before, after = (trace.arrays["usage.level"][recalled + later, slots] for later in (-1, 0))

    assert np.mean(before) > 0.5
    assert np.mean(after) < 0.3
    assert np.mean(after < before) > 0.9


def test_reads_follow_the_order_of_writing(trace: Trace) -> None:
    recalled = steps(trace, "recall")

    modes = trace.arrays["read.modes"][recalled, 0]

    assert np.mean(modes[:, 2] > 0.5) > 0.8


def test_without_giving_slots_back_the_later_rounds_go_wrong(trace: Trace) -> None:
    shut = Edit(act="set", channel="free.gate", step=0, until=-1, index=(0,), values=(0.0,))

    kept = record(open_source(EXHIBIT, {"rounds": 5}), EpisodeWish(seed=4), (shut,))

    assert trace.card.outcome["wrong_bits"] == 0
    assert kept.card.outcome["wrong_bits"] > 10


def test_without_following_the_order_only_first_vectors_can_come_right(trace: Trace) -> None:
    by_content = Edit(act="set", channel="read.modes", step=0, until=-1, index=(0,), values=(0.0, 1.0, 0.0))

    lost = record(open_source(EXHIBIT, {"rounds": 5}), EpisodeWish(seed=4), (by_content,))

    assert lost.card.outcome["wrong_bits"] > 10
