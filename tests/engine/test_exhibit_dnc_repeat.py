"""The bundled Differentiable Neural Computer that repeats: it gives nothing back, follows the order of writing, jumps back."""

import pytest

import assets
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import ExhibitCard
from engine.contract.trace import Trace
from engine.recording import record
from engine.sources import open_source
from engine.training.evaluate import evaluate
from engine.training.folder import read_card

EXHIBIT = Source(place="exhibit:dnc-repeat-copy")


@pytest.fixture(scope="module")
def trace() -> Trace:
    return record(open_source(EXHIBIT, {"length": 4, "repeats": 4}), EpisodeWish(seed=3))


def repeats(trace: Trace) -> list[range]:
    return [range(p.first, p.last + 1) for p in trace.card.phases if p.name.startswith("repeat")]


def test_it_repeats_what_it_was_trained_on() -> None:
    found = evaluate(open_source(EXHIBIT), 200, 7, lambda done, total: True)

    assert float(str(found.metrics["exact"])) >= 0.98


def test_its_card_says_what_an_evaluation_finds() -> None:
    said = read_card(assets.path("exhibits/dnc-repeat-copy") / "card.json", ExhibitCard).measured[0]

    found = evaluate(open_source(EXHIBIT), said.episodes, said.seed, lambda done, total: True)

    assert found.metrics == pytest.approx(said.metrics, abs=0.02)


def test_it_gives_nothing_back_that_is_needed_again(trace: Trace) -> None:
    steps = [step for part in repeats(trace) for step in part]

    assert trace.arrays["free.gate"][steps].max() < 0.05


def test_every_repeat_reads_the_slots_that_were_written_in_their_order(trace: Trace) -> None:
    written = trace.arrays["write.weighting"][:4, 0].argmax(-1).tolist()

    read = [trace.arrays["read.weighting"][list(part), 0].argmax(-1).tolist() for part in repeats(trace)]

    assert all(slots[1:] == written[1:] for slots in read)


def test_within_a_repeat_it_follows_the_order_of_writing(trace: Trace) -> None:
    inner = [step for part in repeats(trace) for step in part[2:]]

    assert trace.arrays["read.modes"][inner, 0, 2].min() > 0.9
