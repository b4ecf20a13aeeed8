"""The bundled Differentiable Neural Computer that follows paths: what it must be able to do, and how it finds the next edge."""

from typing import NamedTuple

import numpy as np
import pytest

import assets
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import ExhibitCard
from engine.contract.trace import Trace
from engine.recording import record
from engine.sources import open_source
from engine.training.evaluate import evaluate
from engine.training.folder import read_card

EXHIBIT = Source(place="exhibit:dnc-graph-path")
LONGEST = {"nodes": 5, "path": 3}


class Answer(NamedTuple):
    """One step of an answer: the slot that its edge was written to, and that of the question's next word (-1: there is none)."""

    step: int
    edge_slot: int
    next_slot: int


@pytest.fixture(scope="module")
def card() -> ExhibitCard:
    return read_card(assets.path("exhibits/dnc-graph-path") / "card.json", ExhibitCard)


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    opened = open_source(EXHIBIT, dict(LONGEST))
    return [record(opened, EpisodeWish(seed=seed)) for seed in range(12)]


def answers(trace: Trace) -> list[Answer]:
    graph, query, answer = trace.card.phases
    slots = trace.arrays["write.weighting"][:, 0].argmax(-1).tolist()
    shown, wanted = trace.arrays["tape.input"][: graph.last + 1, :8], trace.arrays["tape.target"]
    found = []
    for step in range(answer.first, answer.last + 1):
        asked = query.first + step - answer.first + 1
        edge = int(np.flatnonzero((shown == wanted[step]).all(-1))[0])
        found.append(Answer(step, slots[edge], slots[asked] if asked <= query.last else -1))
    return found


def test_it_walks_the_graphs_that_it_was_trained_on() -> None:
    found = evaluate(open_source(EXHIBIT), 200, 7, lambda done, total: True)

    assert float(str(found.metrics["exact"])) >= 0.98


def test_with_more_slots_the_same_weights_walk_larger_graphs() -> None:
    larger = {"nodes": 8, "path": 3}

    few, many = (evaluate(open_source(EXHIBIT, larger | {"slots": n}), 100, 7, lambda done, total: True) for n in (16, 32))

    assert few.parameters == many.parameters
    assert float(str(few.metrics["exact"])) < 0.2
    assert float(str(many.metrics["exact"])) >= 0.9


def test_its_card_says_what_an_evaluation_finds(card: ExhibitCard) -> None:
    said = card.measured[1]

    found = evaluate(open_source(EXHIBIT, dict(LONGEST)), said.episodes, said.seed, lambda done, total: True)

    assert found.metrics == pytest.approx(said.metrics, abs=0.02)


def test_by_content_it_finds_the_edge_that_leads_on(traces: list[Trace]) -> None:
    found = [(trace.arrays["read.content"][a.step, 0].argmax(), a.edge_slot) for trace in traces for a in answers(trace)]

    assert np.mean([looked == wanted for looked, wanted in found]) >= 0.95


def test_by_the_order_of_writing_it_finds_the_next_word_of_the_question(traces: list[Trace]) -> None:
    asked = [(trace, answer) for trace in traces for answer in answers(trace) if answer.next_slot >= 0]

    found = [trace.arrays["read.forward"][answer.step, 0].argmax() == answer.next_slot for trace, answer in asked]

    assert np.mean(found) >= 0.95


def test_its_one_read_head_does_both_at_once(traces: list[Trace]) -> None:
    modes = np.stack([trace.arrays["read.modes"][answer.step, 0] for trace in traces for answer in answers(trace)])

    assert modes[:, 1].mean() > 0.25
    assert modes[:, 2].mean() > 0.25
