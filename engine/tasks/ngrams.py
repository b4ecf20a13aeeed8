"""Dynamic N-grams: random bits whose chances depend on the bits just before; the network must guess each next bit.

Graves, Wayne & Danihelka, "Neural Turing Machines" (2014), section 4.4. Each episode draws its own table of chances, one for each
pattern of the last five bits, from Beta(1/2, 1/2). Nobody can know the table; the best guess follows from counting, and its cost
stands beside the network's.
"""

from pathlib import Path

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
    counted,
    first,
    refuse_data,
    short,
    tape_channels,
)

LONGEST = 2000
"""The most bits that an episode can have."""


class NgramRules:
    """One bit a step, the next one to be said: T = length - 1. Scored from the first bit that has a whole context before it."""

    inputs = outputs = 1

    def __init__(self, settings: Settings) -> None:
        self._length, self._context = int(settings["length"]), int(settings["context"])
        if self._length <= self._context:
            raise BadInputError(f"length: of {self._length} bits none has {self._context} before it; more bits are needed")

    @property
    def largest(self) -> Size:
        """All episodes have one length."""
        return (self._length,)

    def draw_size(self, chance: torch.Generator) -> Size:
        """The length."""
        return (self._length,)

    def draw(self, size: Size, count: int, chance: torch.Generator) -> SequenceBatch:
        """A table of chances and then bits by it, for one episode after the other."""
        tables, luck = [], []
        for _ in range(count):
            tables.append(torch.rand(2**self._context, generator=chance, dtype=torch.float64))
            luck.append(torch.rand(size[0], generator=chance, dtype=torch.float64))
        table = torch.sin(torch.pi / 2 * torch.stack(tables)) ** 2  # a uniform number made one of Beta(1/2, 1/2)
        return self._lay_out(self._follow(table, torch.stack(luck, dim=1)))

    def read(self, own: str, chance: torch.Generator) -> SequenceBatch:
        """The user's bits, parted or not."""
        bits = "".join(own.split())
        strange = next((letter for letter in bits if letter not in "01"), None)
        if strange is not None:
            raise BadInputError(f"{short(bits)}: {strange!r} is neither 0 nor 1")
        if not self._context < len(bits) <= LONGEST:
            raise BadInputError(f"{counted(len(bits), 'bit')} cannot be used; give between {self._context + 1} and {LONGEST}")
        return self._lay_out(torch.tensor([[float(bit)] for bit in bits]))

    def scores(self, bits: Tensor, batch: SequenceBatch) -> dict[str, Tensor]:
        """What the best guess costs on the same bits, and how much more the network's costs."""
        chances, counts = self.optimal(batch), batch.scored > 0
        wanted = batch.targets[counts, :, 0]
        right = torch.where(wanted > 0.5, chances[counts], 1 - chances[counts])
        optimal = -right.double().log2().sum(0).float()
        return {"optimal_bits_per_sequence": optimal, "over_optimal": bits / optimal - 1}

    def optimal(self, batch: SequenceBatch) -> Tensor:
        """The chance that the next bit is 1, from all that was seen: (N1 + 1/2) / (N0 + N1 + 1), `(T, B)`.

        N0 and N1 count how often the pattern of the last bits was followed by 0 and by 1. NaN where the pattern is not whole.
        """
        seen, coming = batch.inputs[..., 0].long(), batch.targets[..., 0].long()
        steps, size = seen.shape
        counts, rows = torch.zeros(size, 2**self._context, 2), torch.arange(size)
        chances = torch.full((steps, size), torch.nan)
        pattern = torch.zeros(size, dtype=torch.long)
        for step in range(steps):
            pattern = (2 * pattern + seen[step]) % 2**self._context
            if step < self._context - 1:
                continue
            zeros, ones = counts[rows, pattern].unbind(-1)
            chances[step] = (ones + 0.5) / (zeros + ones + 1)
            counts[rows, pattern, coming[step]] += 1
        return chances

    def notes(self, episode: SequenceBatch) -> Notes:
        """The best guess beside the network's."""
        start = self._context - 1
        waits = (Phase(name="context", first=0, last=start - 1),) if start else ()
        return Notes(
            phases=(*waits, Phase(name="guess the next bit", first=start, last=episode.steps - 1)),
            rows=("bit",),
            own=tuple(str(int(bit)) for bit in (*episode.inputs[:, 0, 0].tolist(), float(episode.targets[-1, 0, 0]))),
            arrays={"tape.optimal": first(self.optimal(episode).unsqueeze(-1))},
            marks_errors=False,
        )

    def _follow(self, table: Tensor, luck: Tensor) -> Tensor:
        """Bits `(length, B)` by the table `(B, patterns)` and uniform numbers `(length, B)`; the first ones are fair coins."""
        bits = torch.zeros(luck.shape, dtype=torch.long)
        pattern, rows = torch.zeros(luck.shape[1], dtype=torch.long), torch.arange(luck.shape[1])
        for place in range(len(luck)):
            chance = table[rows, pattern] if place >= self._context else 0.5
            bits[place] = luck[place] < chance
            pattern = (2 * pattern + bits[place]) % 2**self._context
        return bits.float()

    def _lay_out(self, bits: Tensor) -> SequenceBatch:
        """`(length, B)` -> each bit, and the next one as its target."""
        scored = torch.zeros(len(bits) - 1)
        scored[self._context - 1 :] = 1.0
        return SequenceBatch(inputs=bits[:-1].unsqueeze(-1), targets=bits[1:].unsqueeze(-1), scored=scored)


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> SequenceTask:
    """The task. BadInputError if a folder of data is given: N-grams draws its own."""
    refuse_data("ngrams", data)
    return SequenceTask("ngrams", NgramRules(settings))


ENTRY = TaskEntry(
    card=TaskCard(
        id="ngrams",
        name="Dynamic N-grams",
        form="sequence",
        idea="Random bits, whose chances depend on the five bits before by a table that is new in each episode; the network must "
        "guess each next bit, and so must count what followed what.",
        settings=(
            Setting(name="length", default=200, low=2, high=LONGEST, title="Length", says="How many bits an episode has."),
            Setting(name="context", default=5, low=1, high=10, title="Context",
                    says="How many bits the chance of the next one depends on."),
        ),
        channels=(
            *tape_channels("What the network sees: one bit."),
            Channel(name="tape.optimal", axes=("bit",), kind="bits", role="output", title="best guess", symbol="p*",
                    formula="p* = (N1 + 1/2) / (N0 + N1 + 1)",
                    says="How probable a 1 is by counting what followed the last five bits so far: no guess can be better."),
        ),
        metrics=(
            *METRICS,
            Metric(name="optimal_bits_per_sequence", title="cost of the best guess", unit="bits per sequence",
                   says="What the best possible guesses cost on the same episodes."),
            Metric(name="over_optimal", title="above the best guess",
                   says="By which share the network's cost lies above that of the best guesses, mean over the episodes."),
        ),
        own_input="bits",
        own_says="Each is the target of the one before.",
        loss_unit="bits per sequence",
    ),
    build=build,
)  # fmt: skip
