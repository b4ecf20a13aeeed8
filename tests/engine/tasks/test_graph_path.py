"""Follow a path: what a graph is, and that the answer is the way through it that was asked for."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks.seeding import generator
from engine.contract.cards import Value, read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks.base import BadInputError, SequenceBatch
from engine.tasks.graph_path import EDGE_BITS, ENTRY, LABEL_BITS, NODE_BITS, QUERY, build
from engine.tasks.sequence import SequenceTask

Edge = tuple[int, int, int]


def task(**wished: Value) -> SequenceTask:
    return build(read_settings(ENTRY.card.settings, wished), {}, None)


def sequence(batch: object) -> SequenceBatch:
    assert isinstance(batch, SequenceBatch)
    return batch


def number(bits: list[float]) -> int:
    return int("".join(str(int(bit)) for bit in bits), 2)


def edge(bits: torch.Tensor) -> Edge:
    told = bits.tolist()
    return number(told[:NODE_BITS]), number(told[NODE_BITS : NODE_BITS + LABEL_BITS]), number(told[NODE_BITS + LABEL_BITS :])


def taken_apart(batch: SequenceBatch, row: int = 0) -> tuple[list[Edge], torch.Tensor, list[Edge]]:
    """The graph, the steps of the query and the path of one episode."""
    asks = batch.inputs[:, row, QUERY] > 0
    first = int(asks.nonzero()[0])
    graph = [edge(bits) for bits in batch.inputs[:first, row, :EDGE_BITS]]
    return graph, batch.inputs[asks, row, :EDGE_BITS], [edge(bits) for bits in batch.targets[batch.scored > 0, row]]


@given(st.integers(0, 10_000), st.integers(2, 8), st.integers(1, 3), st.integers(1, 6))
def test_the_answer_is_the_one_way_through_the_graph_that_the_labels_name(seed: int, nodes: int, ways: int, path: int) -> None:
    batch = sequence(task(nodes=nodes, ways=ways, path=path).batch(2, generator("a", seed)))

    graph, query, answer = taken_apart(batch, 1)

    where, way = edge(query[0])[0], {(source, label): target for source, label, target in graph}
    walked = []
    for asked in query:
        label = edge(asked)[1]
        walked.append((where, label, way[where, label]))
        where = way[where, label]
    assert len(way) == len(graph) == nodes * ways
    assert len({source for source, _, _ in graph}) == nodes
    assert all(source != target for source, _, target in graph)
    assert answer == walked


def test_the_query_tells_the_start_once_and_then_only_labels() -> None:
    _, query, answer = taken_apart(sequence(task(nodes=5, path=3).batch(1, generator("a", 4))))

    assert edge(query[0])[0] == answer[0][0]
    assert query[1:, :NODE_BITS].sum() == query[:, NODE_BITS + LABEL_BITS :].sum() == 0


def test_nothing_is_shown_while_the_answer_is_due() -> None:
    batch = sequence(task(nodes=4, path=2).batch(3, generator("a")))

    assert batch.steps == 8 + 2 + 2
    assert batch.inputs[batch.scored > 0].abs().sum() == 0
    assert batch.scored.tolist() == [0.0] * 10 + [1.0] * 2


def test_the_edges_come_in_an_order_of_their_own_in_every_episode() -> None:
    batch = sequence(task(nodes=5).batch(2, generator("a")))

    assert taken_apart(batch, 0)[0] != taken_apart(batch, 1)[0]


def test_the_tape_names_the_three_phases_and_the_parts_of_an_edge() -> None:
    made = task(nodes=3, path=2)

    shown = made.show(episode := made.episode(EpisodeWish(seed=1)), torch.zeros_like(sequence(episode).targets))

    assert [(p.name, p.first, p.last) for p in shown.phases] == [("graph", 0, 5), ("query", 6, 7), ("answer", 8, 9)]
    assert shown.labels["bit"][:4] == ("from 1", "from 2", "from 3", "label 1")


def test_a_graph_of_ones_own_is_refused() -> None:
    with pytest.raises(BadInputError, match="graph-path draws its own graphs; choose a seed instead"):
        task().episode(EpisodeWish(own="101"))


def test_fewest_nodes_above_the_most_are_refused() -> None:
    with pytest.raises(BadInputError, match="min_nodes: 7 is more than max_nodes, which is 5"):
        task(min_nodes=7)
