"""Copy: show some random bit vectors, then ask for the same vectors in the same order.

Graves, Wayne & Danihelka, "Neural Turing Machines" (2014), section 4.1.
"""

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


class CopyRules:
    """Present, delimiter, then as many blank steps: T = 2 L + 1."""

    def __init__(self, settings: Settings) -> None:
        self.outputs = int(settings["bits"])
        self.inputs = self.outputs + 1  # one more for the delimiter
        self._length = int(settings["length"])
        self._shortest, self._longest = int(settings["min_length"]), int(settings["max_length"])
        check_range(self._length, self._shortest, self._longest, ("min_length", "max_length"))

    @property
    def largest(self) -> Size:
        """The longest."""
        return (self._length or self._longest,)

    def draw_size(self, chance: torch.Generator) -> Size:
        """The length."""
        return (draw_between(self._length, self._shortest, self._longest, chance),)

    def draw(self, size: Size, count: int, chance: torch.Generator) -> SequenceBatch:
        """Random vectors."""
        return self._lay_out(draw_vectors(size[0], self.outputs, count, chance))

    def read(self, own: str, chance: torch.Generator) -> SequenceBatch:
        """The user's vectors."""
        return self._lay_out(read_vectors(own, self.outputs).unsqueeze(1))

    def scores(self, bits: Tensor, batch: SequenceBatch) -> dict[str, Tensor]:
        """Nothing but what all these tasks have."""
        return {}

    def notes(self, episode: SequenceBatch) -> Notes:
        """Three phases."""
        length = int(episode.scored.sum())
        return Notes(
            phases=(
                Phase(name="present", first=0, last=length - 1),
                Phase(name="delimiter", first=length, last=length),
                Phase(name="recall", first=length + 1, last=2 * length),
            ),
            rows=(*bit_names(self.outputs), "delimiter"),
            own=written(episode.inputs[:length, 0, : self.outputs]),
        )

    def _lay_out(self, vectors: Tensor) -> SequenceBatch:
        """`(L, B, bits)` -> the episodes that show and ask for these vectors."""
        length, size, bits = vectors.shape
        inputs, targets = torch.zeros(2 * length + 1, size, bits + 1), torch.zeros(2 * length + 1, size, bits)
        scored = torch.zeros(2 * length + 1)
        inputs[:length, :, :bits] = vectors
        inputs[length, :, bits] = 1.0
        targets[length + 1 :] = vectors
        scored[length + 1 :] = 1.0
        return SequenceBatch(inputs=inputs, targets=targets, scored=scored)


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> SequenceTask:
    """The task. BadInputError if a folder of data is given: copy draws its own."""
    refuse_data("copy", data)
    return SequenceTask("copy", CopyRules(settings))


ENTRY = TaskEntry(
    card=TaskCard(
        id="copy",
        name="Copy",
        form="sequence",
        idea="Some random bit vectors are shown, then a delimiter; the network must say the same vectors again, in order.",
        settings=(
            Setting(name="length", default=0, low=0, high=LONGEST, title="Length",
                    says="How many vectors an episode has; 0 draws it between the shortest and the longest."),
            Setting(name="min_length", default=1, low=1, high=LONGEST, title="Shortest", says="The fewest vectors drawn."),
            Setting(name="max_length", default=20, low=1, high=LONGEST, title="Longest", says="The most vectors drawn."),
            Setting(name="bits", default=8, low=1, high=64, title="Bits", says="How many bits a vector has."),
        ),
        channels=tape_channels("What the network sees: the vectors, then the delimiter in the last row, then nothing."),
        metrics=METRICS,
        own_input="bits",
        loss_unit="bits per sequence",
        solved_below=1.0,
    ),
    build=build,
)  # fmt: skip
