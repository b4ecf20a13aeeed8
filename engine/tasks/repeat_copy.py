"""Repeat copy: show some random bit vectors and a number; the vectors must be said so many times, and then an end marker.

Graves, Wayne & Danihelka, "Neural Turing Machines" (2014), section 4.2.
"""

import math
import re
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
    bit_names,
    check_range,
    draw_between,
    draw_vectors,
    read_vectors,
    refuse_data,
    tape_channels,
    written,
)

MOST = 100
"""The most vectors, and the most repeats, that can be asked for."""

_TIMES = re.compile(r"\s+[x×]\s*([0-9]+)\s*$")


class RepeatCopyRules:
    """Present, delimiter, the number of repeats, then blank steps for the repeats and the end marker: T = L + 2 + L P + 1."""

    def __init__(self, settings: Settings) -> None:
        self.bits = int(settings["bits"])
        self.inputs, self.outputs = self.bits + 2, self.bits + 1  # delimiter and number; end marker
        self._length, self._repeats = int(settings["length"]), int(settings["repeats"])
        self._shortest, self._longest = int(settings["min_length"]), int(settings["max_length"])
        self._fewest, self._most = int(settings["min_repeats"]), int(settings["max_repeats"])
        check_range(self._length, self._shortest, self._longest, ("min_length", "max_length"))
        check_range(0, self._fewest, self._most, ("min_repeats", "max_repeats"))

    @property
    def largest(self) -> Size:
        """The longest, as often as possible."""
        return self._length or self._longest, self._repeats or self._most

    def draw_size(self, chance: torch.Generator) -> Size:
        """Length and repeats."""
        length = draw_between(self._length, self._shortest, self._longest, chance)
        return length, draw_between(self._repeats, self._fewest, self._most, chance)

    def draw(self, size: Size, count: int, chance: torch.Generator) -> SequenceBatch:
        """Random vectors."""
        return self._lay_out(draw_vectors(size[0], self.bits, count, chance), size[1])

    def read(self, own: str, chance: torch.Generator) -> SequenceBatch:
        """The user's vectors; "×3" at their end says how often, else it is drawn."""
        repeats = self.draw_size(chance)[1]
        if (said := _TIMES.search(own)) is not None:
            own, repeats = own[: said.start()], int(said[1][:6])
            if not 1 <= repeats <= MOST:
                raise BadInputError(f"×{repeats}: the vectors can be asked for between 1 and {MOST} times")
        vectors = read_vectors(own, self.bits, most=MOST)
        if not len(vectors):
            raise BadInputError(f"there is no vector to repeat; give at least one of {self.bits} bits")
        return self._lay_out(vectors.unsqueeze(1), repeats)

    def number(self, repeats: int) -> float:
        """How the network is told the number: so that what training draws has mean 0 and variance 1."""
        choices = self._most - self._fewest + 1
        spread = math.sqrt((choices**2 - 1) / 12) or 1.0
        return (repeats - (self._fewest + self._most) / 2) / spread

    def scores(self, bits: Tensor, batch: SequenceBatch) -> dict[str, Tensor]:
        """Nothing but what all these tasks have."""
        return {}

    def notes(self, episode: SequenceBatch) -> Notes:
        """A phase for each repeat."""
        length = int(episode.inputs[:, 0, self.bits].argmax())
        repeats = (int(episode.scored.sum()) - 1) // length
        said = (
            Phase(name=f"repeat {number + 1} of {repeats}", first=start, last=start + length - 1)
            for number, start in enumerate(range(length + 2, length + 2 + length * repeats, length))
        )
        last = episode.steps - 1
        return Notes(
            phases=(
                Phase(name="present", first=0, last=length - 1),
                Phase(name="delimiter", first=length, last=length),
                Phase(name=f"how often: {repeats} times", first=length + 1, last=length + 1),
                *said,
                Phase(name="end", first=last, last=last),
            ),
            rows=(*bit_names(self.bits), "delimiter; in target and output the end marker"),
            own=written(episode.inputs[:length, 0, : self.bits]),
        )

    def _lay_out(self, vectors: Tensor, repeats: int) -> SequenceBatch:
        """`(L, B, bits)` -> the episodes that show these vectors and ask for them so often."""
        length, size, bits = vectors.shape
        steps, answer = length + 2 + length * repeats + 1, length + 2
        inputs, targets, scored = torch.zeros(steps, size, bits + 2), torch.zeros(steps, size, bits + 1), torch.zeros(steps)
        inputs[:length, :, :bits] = vectors
        inputs[length, :, bits] = 1.0
        inputs[length + 1, :, bits + 1] = self.number(repeats)
        targets[answer:-1, :, :bits] = vectors.repeat(repeats, 1, 1)
        targets[-1, :, bits] = 1.0
        scored[answer:] = 1.0
        return SequenceBatch(inputs=inputs, targets=targets, scored=scored)


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> SequenceTask:
    """The task. BadInputError if a folder of data is given: repeat copy draws its own."""
    refuse_data("repeat-copy", data)
    return SequenceTask("repeat-copy", RepeatCopyRules(settings))


ENTRY = TaskEntry(
    card=TaskCard(
        id="repeat-copy",
        name="Repeat copy",
        form="sequence",
        idea="Some random bit vectors are shown, then a number; the network must say the vectors so many times, and then that it "
        "has ended. It must count.",
        settings=(
            Setting(name="length", default=0, low=0, high=MOST, title="Length",
                    says="How many vectors an episode shows; 0 draws it between the shortest and the longest."),
            Setting(name="min_length", default=1, low=1, high=MOST, title="Shortest", says="The fewest vectors drawn."),
            Setting(name="max_length", default=10, low=1, high=MOST, title="Longest", says="The most vectors drawn."),
            Setting(name="repeats", default=0, low=0, high=MOST, title="Repeats",
                    says="How often the vectors must be said; 0 draws it between the fewest and the most."),
            Setting(name="min_repeats", default=1, low=1, high=MOST, title="Fewest repeats",
                    says="The fewest repeats drawn. The network is told the number on a scale that these two set, so a trained "
                    "one keeps them."),
            Setting(name="max_repeats", default=10, low=1, high=MOST, title="Most repeats", says="The most repeats drawn."),
            Setting(name="bits", default=8, low=1, high=64, title="Bits", says="How many bits a vector has."),
        ),
        channels=tape_channels("What the network sees: the vectors, then the delimiter in the last row, then a step with the "
                               "number of repeats (not drawn here: the phases say it), then nothing."),
        metrics=METRICS,
        own_input="bits",
        own_says="How often they are to be said stays as in the episode.",
        loss_unit="bits per sequence",
        solved_below=1.0,
    ),
    build=build,
)  # fmt: skip
