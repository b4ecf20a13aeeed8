"""Follow a path: the edges of a small graph in random order, then a start and the labels to follow; say each edge on the way.

After the graph traversal of Graves et al., "Hybrid computing using a neural network with dynamic external memory" (2016), which
was trained on random graphs and tested on the London Underground; the sizes and codes are ours, small enough for a laptop.
"""

from pathlib import Path

import torch
from torch import Tensor

from engine.contract.cards import Setting, Settings, TaskCard
from engine.contract.trace import Phase
from engine.tasks.base import BadInputError, SequenceBatch, TaskEntry
from engine.tasks.sequence import (
    METRICS,
    Notes,
    SequenceTask,
    Size,
    check_range,
    draw_between,
    refuse_data,
    tape_channels,
)

NODE_BITS, LABEL_BITS = 3, 2
"""A node is one of 8 codes, drawn anew for every graph, and an edge's label one of 4."""

EDGE_BITS = 2 * NODE_BITS + LABEL_BITS
QUERY = EDGE_BITS
"""The input that says: this is no edge of the graph, but where to go."""

Edge = tuple[int, int, int]
"""From, label, to."""


class GraphPathRules:
    """V x D edges, one a step, then P steps of query, then P blank steps in which the edges of the path are to be said."""

    inputs, outputs = EDGE_BITS + 1, EDGE_BITS

    def __init__(self, settings: Settings) -> None:
        self._ways = int(settings["ways"])
        self._nodes, self._path = int(settings["nodes"]), int(settings["path"])
        self._fewest, self._most = int(settings["min_nodes"]), int(settings["max_nodes"])
        self._shortest, self._longest = int(settings["min_path"]), int(settings["max_path"])
        if self._nodes == 1:
            raise BadInputError("nodes: from one node alone no edge leads to another; at least 2 are needed, or 0 to draw them")
        check_range(self._nodes, self._fewest, self._most, ("min_nodes", "max_nodes"))
        check_range(self._path, self._shortest, self._longest, ("min_path", "max_path"))

    @property
    def largest(self) -> Size:
        """The most nodes and the longest path."""
        return self._nodes or self._most, self._path or self._longest

    def draw_size(self, chance: torch.Generator) -> Size:
        """How many nodes, and how long a path."""
        nodes = draw_between(self._nodes, self._fewest, self._most, chance)
        return nodes, draw_between(self._path, self._shortest, self._longest, chance)

    def draw(self, size: Size, count: int, chance: torch.Generator) -> SequenceBatch:
        """Random graphs, and a random path through each."""
        nodes, length = size
        episodes = []
        for _ in range(count):
            edges = self._graph(nodes, chance)
            episodes.append((edges, _walk(edges, length, chance)))
        return _lay_out(episodes)

    def read(self, own: str, chance: torch.Generator) -> SequenceBatch:
        """Not offered."""
        raise BadInputError("graph-path draws its own graphs; choose a seed instead")

    def scores(self, bits: Tensor, batch: SequenceBatch) -> dict[str, Tensor]:
        """Nothing but what all these tasks have."""
        return {}

    def notes(self, episode: SequenceBatch) -> Notes:
        """Three phases."""
        queries = torch.nonzero(episode.inputs[:, 0, QUERY])[:, 0].tolist()
        first, last = queries[0], queries[-1]
        return Notes(
            phases=(
                Phase(name="graph", first=0, last=first - 1),
                Phase(name="query", first=first, last=last),
                Phase(name="answer", first=last + 1, last=episode.steps - 1),
            ),
            rows=ROWS,
        )

    def _graph(self, nodes: int, chance: torch.Generator) -> list[Edge]:
        """From every node so many ways to other nodes, each with a label of its own; in random order."""
        codes = torch.randperm(2**NODE_BITS, generator=chance)[:nodes].tolist()
        edges: list[Edge] = []
        for node, code in enumerate(codes):
            labels = torch.randperm(2**LABEL_BITS, generator=chance)[: self._ways].tolist()
            hops = torch.randint(1, nodes, (self._ways,), generator=chance).tolist()
            edges += [(code, label, codes[(node + hop) % nodes]) for label, hop in zip(labels, hops, strict=True)]
        return [edges[place] for place in torch.randperm(len(edges), generator=chance).tolist()]


def _walk(edges: list[Edge], length: int, chance: torch.Generator) -> list[Edge]:
    """A random path of so many edges."""
    path = [edges[int(torch.randint(len(edges), (), generator=chance))]]
    while len(path) < length:
        ways = [edge for edge in edges if edge[0] == path[-1][2]]
        path.append(ways[int(torch.randint(len(ways), (), generator=chance))])
    return path


def _lay_out(episodes: list[tuple[list[Edge], list[Edge]]]) -> SequenceBatch:
    """Graphs of one size, each with a path of one length."""
    shown, asked = len(episodes[0][0]), len(episodes[0][1])
    steps = shown + 2 * asked
    inputs, targets = torch.zeros(steps, len(episodes), EDGE_BITS + 1), torch.zeros(steps, len(episodes), EDGE_BITS)
    for number, (edges, path) in enumerate(episodes):
        inputs[:shown, number, :EDGE_BITS] = _bits(edges)
        targets[shown + asked :, number] = _bits(path)
    way = targets[shown + asked :]
    inputs[shown, :, :NODE_BITS] = way[0, :, :NODE_BITS]  # the start is told once, and then only which way to go
    inputs[shown : shown + asked, :, NODE_BITS : -NODE_BITS - 1] = way[..., NODE_BITS:-NODE_BITS]
    inputs[shown : shown + asked, :, QUERY] = 1.0
    scored = torch.zeros(steps)
    scored[shown + asked :] = 1.0
    return SequenceBatch(inputs=inputs, targets=targets, scored=scored)


def _bits(edges: list[Edge]) -> Tensor:
    """The codes of some edges, `(edges, EDGE_BITS)`."""
    sizes = (NODE_BITS, LABEL_BITS, NODE_BITS)
    rows = [
        [float(value >> place & 1) for value, size in zip(edge, sizes, strict=True) for place in reversed(range(size))]
        for edge in edges
    ]
    return torch.tensor(rows)


ROWS = (
    *(f"from {bit + 1}" for bit in range(NODE_BITS)), *(f"label {bit + 1}" for bit in range(LABEL_BITS)),
    *(f"to {bit + 1}" for bit in range(NODE_BITS)), "query",
)  # fmt: skip


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> SequenceTask:
    """The task. BadInputError if a folder of data is given: it draws its own."""
    refuse_data("graph-path", data)
    return SequenceTask("graph-path", GraphPathRules(settings))


ENTRY = TaskEntry(
    card=TaskCard(
        id="graph-path",
        name="Follow a path",
        form="sequence",
        idea="The edges of a random graph are shown one by one, then a start and the labels to follow; the network must say each "
        "edge on the way.",
        settings=(
            Setting(name="nodes", default=0, low=0, high=2**NODE_BITS, title="Nodes",
                    says="How many nodes a graph has; 0 draws it between the fewest and the most."),
            Setting(name="min_nodes", default=3, low=2, high=2**NODE_BITS, title="Fewest nodes", says="The fewest nodes drawn."),
            Setting(name="max_nodes", default=5, low=2, high=2**NODE_BITS, title="Most nodes", says="The most nodes drawn."),
            Setting(name="ways", default=2, low=1, high=2**LABEL_BITS, title="Ways", says="How many edges leave each node."),
            Setting(name="path", default=0, low=0, high=50, title="Path",
                    says="How many edges the path has; 0 draws it between the shortest and the longest."),
            Setting(name="min_path", default=1, low=1, high=50, title="Shortest path", says="The shortest path drawn."),
            Setting(name="max_path", default=3, low=1, high=50, title="Longest path", says="The longest path drawn."),
        ),
        channels=tape_channels("What the network sees: an edge a step (from, label, to), then the way to follow, then nothing."),
        metrics=METRICS,
        loss_unit="bits per sequence",
    ),
    build=build,
)  # fmt: skip
