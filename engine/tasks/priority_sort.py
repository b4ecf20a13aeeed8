"""Priority sort: show random bit vectors, each with a priority; the network must say those of highest priority, highest first.

Graves, Wayne & Danihelka, "Neural Turing Machines" (2014), section 4.5. The paper does not print how wide the vectors are; ours
have 8 bits.
"""

import re
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from engine.contract.cards import Channel, Metric, Setting, Settings, TaskCard
from engine.contract.trace import Phase
from engine.tasks.base import BadInputError, SequenceBatch, TaskEntry
from engine.tasks.sequence import (
    METRICS,
    Notes,
    SequenceTask,
    Size,
    bit_names,
    draw_vectors,
    first,
    read_vectors,
    refuse_data,
    short,
    tape_channels,
    written,
)

MOST = 200
"""The most vectors that can be shown."""


class SortRules:
    """K vectors with their priorities, a delimiter, then blank steps for the best A of them: T = K + 1 + A."""

    def __init__(self, settings: Settings) -> None:
        self.outputs = int(settings["bits"])
        self.inputs = self.outputs + 2  # delimiter, priority
        self._items, self._answers = int(settings["items"]), int(settings["answers"])
        if self._answers > self._items:
            raise BadInputError(f"answers: {self._answers} vectors cannot be said of {self._items} that are shown")

    @property
    def largest(self) -> Size:
        """All episodes have one size."""
        return self._items, self._answers

    def draw_size(self, chance: torch.Generator) -> Size:
        """How many are shown and how many asked for."""
        return self._items, self._answers

    def draw(self, size: Size, count: int, chance: torch.Generator) -> SequenceBatch:
        """Priorities between -1 and 1, then random vectors, for one episode after the other."""
        drawn = [(self._draw_priorities(size[0], chance), draw_vectors(size[0], self.outputs, 1, chance)) for _ in range(count)]
        priorities, vectors = (torch.cat(parts, dim=1) for parts in zip(*drawn, strict=True))
        return self._lay_out(vectors, priorities, size[1])

    def read(self, own: str, chance: torch.Generator) -> SequenceBatch:
        """The user's vectors, each perhaps with its priority, "10110010@0.5"; the other priorities are drawn."""
        words = own.split()
        bits = read_vectors(" ".join(word.partition("@")[0] for word in words), self.outputs, MOST, "sorted")
        if len(bits) < 2:
            raise BadInputError("one vector alone has no order; give at least two")
        priorities = self._draw_priorities(len(bits), chance)
        for number, word in enumerate(words):
            if "@" in word:
                priorities[number] = _priority(number + 1, word)
        answers = max(1, round(len(bits) * self._answers / self._items))
        return self._lay_out(bits.unsqueeze(1), priorities, answers)

    def scores(self, bits: Tensor, batch: SequenceBatch) -> dict[str, Tensor]:
        """Nothing but what all these tasks have; where a memory writes, it does not see."""
        return {}

    def notes(self, episode: SequenceBatch) -> Notes:
        """The priorities, and which place each of them has."""
        items = int(episode.inputs[:, 0, self.outputs].argmax())
        priorities = first(episode.inputs[..., self.outputs + 1])
        priorities[items:] = np.nan
        return Notes(
            phases=(
                Phase(name="present", first=0, last=items - 1),
                Phase(name="delimiter", first=items, last=items),
                Phase(name="highest priority first", first=items + 1, last=episode.steps - 1),
            ),
            rows=(*bit_names(self.outputs), "delimiter"),
            own=written(episode.inputs[:items, 0, : self.outputs]),
            arrays={"tape.priority": priorities},
        )

    def _draw_priorities(self, items: int, chance: torch.Generator) -> Tensor:
        """`(K, 1)`, uniform between -1 and 1."""
        return 2 * torch.rand(items, 1, generator=chance) - 1

    def _lay_out(self, vectors: Tensor, priorities: Tensor, answers: int) -> SequenceBatch:
        """Vectors `(K, B, bits)` and priorities `(K, B)` -> the episodes that show these and ask for the highest."""
        items, size, bits = vectors.shape
        steps = items + 1 + answers
        inputs, targets, scored = torch.zeros(steps, size, bits + 2), torch.zeros(steps, size, bits), torch.zeros(steps)
        inputs[:items, :, :bits], inputs[:items, :, bits + 1] = vectors, priorities
        inputs[items, :, bits] = 1.0
        order = priorities.argsort(dim=0, descending=True, stable=True)[:answers]
        targets[items + 1 :] = vectors[order, torch.arange(size)]
        scored[items + 1 :] = 1.0
        return SequenceBatch(inputs=inputs, targets=targets, scored=scored)


_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]+")


def _priority(number: int, word: str) -> float:
    said = word.partition("@")[2]
    if not _NUMBER.fullmatch(said[:40]) or not -1 <= float(said[:40]) <= 1:
        raise BadInputError(f"vector {number} ({short(word)}): its priority, after the @, should be a number between -1 and 1")
    return float(said[:40])


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> SequenceTask:
    """The task. BadInputError if a folder of data is given: priority sort draws its own."""
    refuse_data("priority-sort", data)
    return SequenceTask("priority-sort", SortRules(settings))


ENTRY = TaskEntry(
    card=TaskCard(
        id="priority-sort",
        name="Priority sort",
        form="sequence",
        idea="Random bit vectors are shown, each with a priority; the network must say those with the highest priorities, the "
        "highest first. It must sort.",
        settings=(
            Setting(name="items", default=20, low=2, high=MOST, title="Items", says="How many vectors are shown."),
            Setting(name="answers", default=16, low=1, high=MOST, title="Answers",
                    says="How many of them must be said, those with the highest priorities."),
            Setting(name="bits", default=8, low=1, high=64, title="Bits", says="How many bits a vector has."),
        ),
        channels=(
            *tape_channels("What the network sees: the vectors (and with each its priority, not drawn here), then the delimiter "
                           "in the last row, then nothing."),
            Channel(name="tape.priority", axes=(), kind="scalar", role="priority", low=-1.0, title="priority", symbol="π",
                    says="How early the vector shown at this step must be said: the highest priority first."),
        ),
        metrics=(
            *METRICS,
            Metric(name="priority_correlation", title="write place and priority",
                   says="How far the slot that is written to is a straight line of the priority: 1 or -1 wholly, 0 not at all. "
                   "Of several write heads the one in which it is strongest. Only for networks that write to slots."),
            Metric(name="reads_by_priority", title="read where it was written",
                   says="The share of the answers at which a read head stands on the slot that was written to when the vector "
                   "was shown: then the network sorts while it reads. Only for networks that write to slots."),
        ),
        own_input="bits",
        own_says="The priorities stay as in the episode.",
        loss_unit="bits per sequence",
    ),
    build=build,
)  # fmt: skip
