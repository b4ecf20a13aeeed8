"""Associative recall: show a list of items, then one of them again; the network must say the item that came after it.

Graves, Wayne & Danihelka, "Neural Turing Machines" (2014), section 4.3. The paper leaves open how many delimiter steps there are;
ours has one before each item, one before the query and one after it.
"""

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
    counted,
    draw_between,
    draw_vectors,
    read_vectors,
    refuse_data,
    tape_channels,
    written,
)

MOST = 200
"""The most items that can be shown."""

_ASKED = re.compile(r"\s+\?\s*([0-9]+)\s*$")


class RecallRules:
    """K items of V vectors: K (1 + V) + 1 + V + 1 steps to show and to ask, V to answer. (V = 3: T = 4 K + 8.)"""

    def __init__(self, settings: Settings) -> None:
        self.outputs, self._vectors = int(settings["bits"]), int(settings["item_length"])
        self.inputs = self.outputs + 2  # before an item; before and after the query
        self._items, self._fewest, self._most = (int(settings[name]) for name in ("items", "min_items", "max_items"))
        check_range(self._items, self._fewest, self._most, ("min_items", "max_items"))
        if self._items == 1:
            raise BadInputError("items: of one item alone none comes after another; at least 2 are needed, or 0 to draw them")

    @property
    def largest(self) -> Size:
        """The most items."""
        return (self._items or self._most,)

    def draw_size(self, chance: torch.Generator) -> Size:
        """How many items."""
        return (draw_between(self._items, self._fewest, self._most, chance),)

    def draw(self, size: Size, count: int, chance: torch.Generator) -> SequenceBatch:
        """Which item is asked for, then random items, for one episode after the other."""
        drawn = [(self._draw_asked(size[0], chance), self._draw_items(size[0], chance)) for _ in range(count)]
        return self._lay_out(torch.stack([items for _, items in drawn]), [asked for asked, _ in drawn])

    def read(self, own: str, chance: torch.Generator) -> SequenceBatch:
        """The user's vectors, item after item; "?2" at their end asks what came after the second, else it is drawn."""
        self.draw_size(chance)
        said = _ASKED.search(own)
        vectors = read_vectors(own if said is None else own[: said.start()], self.outputs, MOST * self._vectors, "shown")
        items, left = divmod(len(vectors), self._vectors)
        if left or items < 2:
            raise BadInputError(
                f"{counted(len(vectors), 'vector')} cannot be parted into items of {self._vectors}, at least two of them"
            )
        asked = self._draw_asked(items, chance) if said is None else int(said[1][:6]) - 1
        if not 0 <= asked < items - 1:
            raise BadInputError(f"?{asked + 1}: only an item with another after it can be asked for, 1 to {items - 1}")
        return self._lay_out(vectors.view(1, items, self._vectors, self.outputs), [asked])

    def scores(self, bits: Tensor, batch: SequenceBatch) -> dict[str, Tensor]:
        """Nothing but what all these tasks have."""
        return {}

    def notes(self, episode: SequenceBatch) -> Notes:
        """A phase for each item, for the query and for the answer."""
        each, bits = 1 + self._vectors, self.outputs
        items = int(episode.inputs[:, 0, bits].sum())
        shown = (Phase(name=f"item {n + 1}", first=n * each + 1, last=(n + 1) * each - 1) for n in range(items))
        ask, last = items * each, episode.steps - 1
        own = [written(episode.inputs[n * each + 1 : (n + 1) * each, 0, :bits]) for n in range(items)]
        return Notes(
            phases=(
                *shown,
                Phase(name="ask", first=ask, last=ask + self._vectors + 1),
                Phase(name="answer", first=last - self._vectors + 1, last=last),
            ),
            rows=(*bit_names(bits), "item begins", "query begins or ends"),
            own=tuple(vector for item in own for vector in item),
        )

    def _draw_asked(self, items: int, chance: torch.Generator) -> int:
        return int(torch.randint(items - 1, (), generator=chance))

    def _draw_items(self, items: int, chance: torch.Generator) -> Tensor:
        return draw_vectors(items * self._vectors, self.outputs, 1, chance).view(items, self._vectors, self.outputs)

    def _lay_out(self, items: Tensor, asked: list[int]) -> SequenceBatch:
        """Items `(B, K, V, bits)` and which of them each episode asks for -> episodes."""
        size, count, vectors, bits = items.shape
        each, ask = 1 + vectors, count * (1 + vectors)
        steps = ask + 2 * vectors + 2
        inputs, targets, scored = torch.zeros(steps, size, bits + 2), torch.zeros(steps, size, bits), torch.zeros(steps)
        inputs[:ask:each, :, bits] = 1.0
        for number in range(count):
            inputs[number * each + 1 : (number + 1) * each, :, :bits] = items[:, number].transpose(0, 1)
        inputs[ask, :, bits + 1] = inputs[ask + vectors + 1, :, bits + 1] = 1.0
        rows, these = torch.arange(size), torch.tensor(asked)
        inputs[ask + 1 : ask + 1 + vectors, :, :bits] = items[rows, these].transpose(0, 1)
        targets[-vectors:] = items[rows, these + 1].transpose(0, 1)
        scored[-vectors:] = 1.0
        return SequenceBatch(inputs=inputs, targets=targets, scored=scored)


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> SequenceTask:
    """The task. BadInputError if a folder of data is given: associative recall draws its own."""
    refuse_data("associative-recall", data)
    return SequenceTask("associative-recall", RecallRules(settings))


ENTRY = TaskEntry(
    card=TaskCard(
        id="associative-recall",
        name="Associative recall",
        form="sequence",
        idea="A list of items is shown, each of a few bit vectors, then one of the items again; the network must say the item "
        "that came after it.",
        settings=(
            Setting(name="items", default=0, low=0, high=MOST, title="Items",
                    says="How many items are shown; 0 draws it between the fewest and the most."),
            Setting(name="min_items", default=2, low=2, high=MOST, title="Fewest items", says="The fewest items drawn."),
            Setting(name="max_items", default=6, low=2, high=MOST, title="Most items", says="The most items drawn."),
            Setting(name="item_length", default=3, low=1, high=20, title="Item length", says="How many vectors an item has."),
            Setting(name="bits", default=6, low=1, high=64, title="Bits", says="How many bits a vector has."),
        ),
        channels=tape_channels("What the network sees: before each item a mark in the last row but one, then the item's vectors; "
                               "the item that is asked for stands between two marks in the last row."),
        metrics=METRICS,
        own_input="bits",
        own_says="So many vectors as an item has make one item; which item is asked for stays as in the episode.",
        loss_unit="bits per sequence",
        solved_below=1.0,
    ),
    build=build,
)  # fmt: skip
