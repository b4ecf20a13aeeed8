"""What the tasks of bit vectors share: drawing batches, holding out, testing, cost in bits, and the tape.

A task's own file says only what its paper's protocol says: a `Rules` object that lays out episodes. `SequenceTask` does the rest.
Shapes: T steps, B episodes, I inputs, O outputs, L vectors.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks import seeding
from engine.contract.cards import Channel, Metric
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Array, Event, Phase
from engine.tasks.base import BadInputError, Batch, Episode, SequenceBatch, Shown

HELD_OUT = 16
"""How many episodes choose the best checkpoint."""

AT_ONCE = 50
"""How many episodes of one size are tested together."""

LONGEST = 1000
"""The most vectors that an episode can show."""

Size = tuple[int, ...]
"""What fixes the number of steps of an episode: its length, its number of items and of repeats ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What the trace of one episode says besides input, target and output."""

    phases: tuple[Phase, ...]
    rows: tuple[str, ...]
    """Names of the inputs that the tape shows as bits; inputs beyond them are not drawn there."""
    own: tuple[str, ...] = ()
    """The vectors shown, as the text from which `Rules.read` makes them again."""
    arrays: dict[str, Array] = field(default_factory=dict)
    """The task's own channels."""
    marks_errors: bool = True
    """Whether a wrong bit is a mistake worth a mark; not where chance decides the bit."""


class Rules(Protocol):
    """How a task lays out its episodes."""

    @property
    def inputs(self) -> int:
        """How many numbers the network sees at each step."""

    @property
    def outputs(self) -> int:
        """How many bits it says at each step."""

    @property
    def largest(self) -> Size:
        """The longest episode that training draws."""

    def draw_size(self, chance: torch.Generator) -> Size:
        """Draw the size that all episodes of a batch share."""

    def draw(self, size: Size, count: int, chance: torch.Generator) -> SequenceBatch:
        """Draw so many episodes of this size, one after the other."""

    def read(self, own: str, chance: torch.Generator) -> SequenceBatch:
        """One episode of the user's own vectors, chance for what they leave open. BadInputError if they cannot be used."""

    def scores(self, bits: Tensor, batch: SequenceBatch) -> dict[str, Tensor]:
        """Metrics of this task alone, `(B,)` each; `bits (B,)` is what each episode cost."""

    def notes(self, episode: SequenceBatch) -> Notes:
        """What to say of an episode, `B = 1`."""


class SequenceTask:
    """A task of form "sequence", made of its rules."""

    def __init__(self, name: str, rules: Rules) -> None:
        self._name, self._rules = name, rules

    @property
    def interface(self) -> dict[str, int]:
        """The sizes that the rules say."""
        return {"inputs": self._rules.inputs, "outputs": self._rules.outputs}

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Episodes of one size, drawn anew for each batch."""
        return self._rules.draw(self._rules.draw_size(generator), size, generator)

    def held_out(self) -> Batch:
        """The longest episodes that training draws, always the same ones."""
        return self._rules.draw(self._rules.largest, HELD_OUT, seeding.generator("held out"))

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """Episodes of one size go together; which bits are drawn does not depend on how they are grouped."""
        chance = seeding.generator("test", seed)
        sizes = [self._rules.draw_size(chance) for _ in range(episodes)]
        for size in sorted(set(sizes)):
            left = sizes.count(size)
            while left:
                yield self._rules.draw(size, min(left, AT_ONCE), chance)
                left -= min(left, AT_ONCE)

    def episode(self, wish: EpisodeWish) -> Episode:
        """The user's own vectors, or an episode drawn from the seed."""
        chance = seeding.generator("episode", wish.seed)
        if wish.own.strip():
            return self._rules.read(wish.own, chance)
        return self._rules.draw(self._rules.draw_size(chance), 1, chance)

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Mean cross-entropy of the scored bits, in nats."""
        said, wanted = self._scored(outputs, batch)
        return F.binary_cross_entropy_with_logits(said, wanted)

    def cost(self, loss: float, batch: Batch) -> float:
        """Bits per sequence; guessing costs one for each scored bit."""
        return loss / math.log(2) * float(self._sequence(batch).scored.sum()) * self._rules.outputs

    def judge(self, outputs: Tensor, batch: Batch) -> float:
        """The cost."""
        return self.cost(float(self.loss(outputs, batch)), batch)

    def score(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """The metrics that all these tasks have, and the task's own, `(B,)` each."""
        said, wanted = self._scored(outputs, batch)
        bits = F.binary_cross_entropy_with_logits(said, wanted, reduction="none").sum((0, 2)) / math.log(2)
        wrong = ((said > 0) != (wanted > 0.5)).sum((0, 2)).float()
        shared = {"bits_per_sequence": bits, "wrong_bits": wrong, "exact": (wrong == 0).float()}
        return shared | self._rules.scores(bits, self._sequence(batch))

    def show(self, episode: Episode, outputs: Tensor) -> Shown:
        """The tape: input, target, the probability of each bit, wrong bits a step."""
        sequence = self._sequence(episode)
        notes = self._rules.notes(sequence)
        inputs, target = first(sequence.inputs[..., : len(notes.rows)]), first(sequence.targets)
        output = first(torch.sigmoid(outputs))
        wrong = ((output > 0.5) != (target > 0.5)).sum(-1).astype(np.float32)
        unscored = np.asarray(sequence.scored.numpy() == 0)
        target[unscored], wrong[unscored] = np.nan, np.nan
        mistakes = np.flatnonzero(wrong > 0).tolist() if notes.marks_errors else []
        return Shown(
            arrays={"tape.input": inputs, "tape.target": target, "tape.output": output, "tape.error": wrong} | notes.arrays,
            phases=notes.phases,
            events=tuple(_error_event(step, wrong[step], self._rules.outputs) for step in mistakes),
            labels={"bit": notes.rows} | ({"own": notes.own} if notes.own else {}),
            outcome={name: float(value[0]) for name, value in self.score(outputs, sequence).items()},
        )

    def state(self) -> dict[str, list[str]]:
        """Nothing to keep."""
        return {}

    def _sequence(self, batch: Batch | Episode) -> SequenceBatch:
        if not isinstance(batch, SequenceBatch):
            raise TypeError(f"{self._name} has no {type(batch).__name__}")
        return batch

    def _scored(self, outputs: Tensor, batch: Batch | Episode) -> tuple[Tensor, Tensor]:
        """Output and target where they count: where that is one stretch, as views, which is quicker both ways."""
        sequence = self._sequence(batch)
        steps = np.flatnonzero(sequence.scored.numpy())
        if len(steps) and steps[-1] - steps[0] + 1 == len(steps):
            stretch = slice(int(steps[0]), int(steps[-1]) + 1)
            return outputs[stretch], sequence.targets[stretch]
        return outputs[steps], sequence.targets[steps]


# ---- for the rules --------------------------------------------------------------------------------------------------------


def draw_between(fixed: int, least: int, most: int, chance: torch.Generator) -> int:
    """`fixed`, or where that is 0 a number between `least` and `most`; chance is used up alike in both cases."""
    drawn = int(torch.randint(least, max(most, least) + 1, (), generator=chance))
    return fixed or drawn


def check_range(fixed: int, least: int, most: int, names: tuple[str, str]) -> None:
    """BadInputError if numbers are to be drawn between two settings of these names, and the first is the larger."""
    if fixed == 0 and least > most:
        raise BadInputError(f"{names[0]}: {least} is more than {names[1]}, which is {most}")


def draw_vectors(length: int, bits: int, count: int, chance: torch.Generator) -> Tensor:
    """Random bit vectors of so many episodes, drawn one episode after the other: `(L, B, bits)`."""
    episodes = [torch.randint(2, (length, bits), generator=chance) for _ in range(count)]
    return torch.stack(episodes, dim=1).float()


def read_vectors(text: str, bits: int, most: int = LONGEST, use: str = "copied") -> Tensor:
    """Bit vectors from text such as "10010110 01101001", `(L, bits)`; BadInputError names the vector that does not fit."""
    words = text.split()
    if len(words) > most:
        raise BadInputError(f"{len(words)} vectors are too many; at most {most} can be {use}")
    for number, word in enumerate(words, start=1):
        strange = next((letter for letter in word if letter not in "01"), None)
        if strange is not None:
            raise BadInputError(f"vector {number} ({short(word)}): {strange!r} is neither 0 nor 1")
        if len(word) != bits:
            raise BadInputError(f"vector {number} ({short(word)}): it has {counted(len(word), 'bit')}, and should have {bits}")
    return torch.tensor([[float(letter) for letter in word] for word in words])


def written(vectors: Tensor) -> tuple[str, ...]:
    """Bit vectors `(L, bits)` as the words that `read_vectors` reads."""
    return tuple("".join("1" if bit > 0.5 else "0" for bit in vector) for vector in vectors.tolist())


def short(word: str) -> str:
    """A word of the user's, cut where it is too long for a sentence."""
    return word if len(word) <= 24 else f"{word[:24]}…"


def counted(number: int, thing: str) -> str:
    """ "1 bit", "2 bits"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def first(value: Tensor) -> Array:
    """The first episode of a batch `(T, B, ...)`, as an array of its own."""
    array: Array = value[:, 0].detach().cpu().numpy().astype(np.float32, copy=True)
    return array


def bit_names(bits: int) -> tuple[str, ...]:
    """ "bit 1", "bit 2" ..."""
    return tuple(f"bit {number + 1}" for number in range(bits))


def refuse_data(name: str, data: Path | None) -> None:
    """BadInputError if a folder of data is given to a task that draws its own."""
    if data is not None:
        raise BadInputError(f"{data}: {name} draws its own episodes and reads no data")


def tape_channels(sees: str) -> tuple[Channel, ...]:
    """The tape's channels; `sees` says what the rows of the input are."""
    return (
        Channel(name="tape.input", axes=("bit",), kind="bits", role="input", title="input", symbol="x", says=sees),
        Channel(name="tape.target", axes=("bit",), kind="bits", role="target", title="target", symbol="y",
                says="What should be said while the answer counts."),
        Channel(name="tape.output", axes=("bit",), kind="bits", role="output", title="output", symbol="p",
                says="How probable the network thinks it that each bit is 1."),
        Channel(name="tape.error", axes=(), kind="scalar", role="error", bounded=False, title="wrong bits", symbol="wrong",
                says="How many bits are wrong at this step, counting those above one half as 1."),
    )  # fmt: skip


METRICS: tuple[Metric, ...] = (
    Metric(name="bits_per_sequence", title="cost", unit="bits per sequence",
           says="Cross-entropy of the bits to say, summed over an episode; guessing costs one for each bit."),
    Metric(name="wrong_bits", title="wrong bits", unit="bits per sequence", says="Bits on the wrong side of one half."),
    Metric(name="exact", title="exact", says="The share of episodes without a single wrong bit."),
)  # fmt: skip


def _error_event(step: int, wrong: float, bits: int) -> Event:
    count = int(wrong)
    return Event(
        kind="error", step=step, amount=count / bits, says=f"{count} of {bits} bits {'is' if count == 1 else 'are'} wrong"
    )
