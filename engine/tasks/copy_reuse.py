"""Copy with reuse: copy again and again without a fresh memory, more vectors in all than there are slots.

After Graves et al., "Hybrid computing using a neural network with dynamic external memory" (2016), who show the allocation of
memory on such a sequence and 10 slots; the sizes are ours.
"""

from itertools import accumulate
from pathlib import Path

import torch
from torch import Tensor

from engine.contract.cards import Setting, Settings, TaskCard
from engine.contract.trace import Phase
from engine.tasks.base import SequenceBatch, TaskEntry
from engine.tasks.sequence import (
    LONGEST,
    METRICS,
    Notes,
    SequenceTask,
    Size,
    bit_names,
    check_range,
    draw_between,
    draw_vectors,
    read_vectors,
    refuse_data,
    tape_channels,
    written,
)


class CopyReuseRules:
    """Each round presents L vectors, a delimiter, and L blank steps; a size is the length of each round in turn."""

    def __init__(self, settings: Settings) -> None:
        self.outputs = int(settings["bits"])
        self.inputs = self.outputs + 1  # one more for the delimiter
        self._length, self._rounds = int(settings["length"]), int(settings["rounds"])
        self._shortest, self._longest = int(settings["min_length"]), int(settings["max_length"])
        self._fewest, self._most = int(settings["min_rounds"]), int(settings["max_rounds"])
        check_range(self._length, self._shortest, self._longest, ("min_length", "max_length"))
        check_range(self._rounds, self._fewest, self._most, ("min_rounds", "max_rounds"))

    @property
    def largest(self) -> Size:
        """The most rounds, each of the longest."""
        return (self._length or self._longest,) * (self._rounds or self._most)

    def draw_size(self, chance: torch.Generator) -> Size:
        """How many rounds, and the length of each."""
        rounds = draw_between(self._rounds, self._fewest, self._most, chance)
        return tuple(draw_between(self._length, self._shortest, self._longest, chance) for _ in range(rounds))

    def draw(self, size: Size, count: int, chance: torch.Generator) -> SequenceBatch:
        """Random vectors."""
        return self._lay_out([draw_vectors(length, self.outputs, count, chance) for length in size])

    def read(self, own: str, chance: torch.Generator) -> SequenceBatch:
        """The user's vectors, in rounds as long as the longest; the last round may be shorter."""
        vectors = read_vectors(own, self.outputs).unsqueeze(1)
        return self._lay_out(list(torch.split(vectors, self._length or self._longest)))

    def scores(self, bits: Tensor, batch: SequenceBatch) -> dict[str, Tensor]:
        """Nothing but what all these tasks have."""
        return {}

    def notes(self, episode: SequenceBatch) -> Notes:
        """Three phases for each round."""
        phases: list[Phase] = []
        delimiters = torch.nonzero(episode.inputs[:, 0, self.outputs])[:, 0].tolist()
        first = 0
        for delimiter in delimiters:
            last = 2 * delimiter - first
            phases += (
                Phase(name="present", first=first, last=delimiter - 1),
                Phase(name="delimiter", first=delimiter, last=delimiter),
                Phase(name="recall", first=delimiter + 1, last=last),
            )
            first = last + 1
        shown = torch.cat([episode.inputs[p.first : p.last + 1, 0, : self.outputs] for p in phases if p.name == "present"])
        return Notes(phases=tuple(phases), rows=(*bit_names(self.outputs), "delimiter"), own=written(shown))

    def _lay_out(self, rounds: list[Tensor]) -> SequenceBatch:
        """The vectors of each round, `(L, B, bits)` -> the episodes that show and ask for them, round after round."""
        size, bits = rounds[0].shape[1:]
        ends = list(accumulate(2 * len(vectors) + 1 for vectors in rounds))
        inputs, targets = torch.zeros(ends[-1], size, bits + 1), torch.zeros(ends[-1], size, bits)
        scored = torch.zeros(ends[-1])
        for vectors, end in zip(rounds, ends, strict=True):
            delimiter = end - len(vectors) - 1
            inputs[delimiter - len(vectors) : delimiter, :, :bits] = vectors
            inputs[delimiter, :, bits] = 1.0
            targets[delimiter + 1 : end] = vectors
            scored[delimiter + 1 : end] = 1.0
        return SequenceBatch(inputs=inputs, targets=targets, scored=scored)


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> SequenceTask:
    """The task. BadInputError if a folder of data is given: it draws its own."""
    refuse_data("copy-reuse", data)
    return SequenceTask("copy-reuse", CopyReuseRules(settings))


ENTRY = TaskEntry(
    card=TaskCard(
        id="copy-reuse",
        name="Copy with reuse",
        form="sequence",
        idea="Copy some vectors, then some more, and more, without a fresh memory: with few slots, each must be given back after "
        "it was read and be written again.",
        settings=(
            Setting(name="rounds", default=0, low=0, high=100, title="Rounds",
                    says="How often an episode shows and asks; 0 draws it between the fewest and the most."),
            Setting(name="min_rounds", default=1, low=1, high=100, title="Fewest rounds", says="The fewest rounds drawn."),
            Setting(name="max_rounds", default=5, low=1, high=100, title="Most rounds", says="The most rounds drawn."),
            Setting(name="length", default=0, low=0, high=LONGEST, title="Length",
                    says="How many vectors a round has; 0 draws it between the shortest and the longest."),
            Setting(name="min_length", default=2, low=1, high=LONGEST, title="Shortest", says="The fewest vectors of a round."),
            Setting(name="max_length", default=6, low=1, high=LONGEST, title="Longest", says="The most vectors of a round."),
            Setting(name="bits", default=6, low=1, high=64, title="Bits", says="How many bits a vector has."),
        ),
        channels=tape_channels("What the network sees: some vectors, a delimiter in the last row, nothing, and again."),
        metrics=METRICS,
        own_input="bits",
        loss_unit="bits per sequence",
    ),
    build=build,
)  # fmt: skip
