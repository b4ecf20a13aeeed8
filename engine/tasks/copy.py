"""Copy: show some random bit vectors, then ask for the same vectors in the same order.

Graves, Wayne & Danihelka, "Neural Turing Machines" (2014), section 4.1.
"""

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks import seeding
from engine.contract.cards import Channel, Metric, Setting, Settings, TaskCard
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Array, Event, Phase
from engine.tasks.base import BadInputError, Batch, Episode, SequenceBatch, Shown, TaskEntry

HELD_OUT = 16
"""How many episodes choose the best checkpoint."""

AT_ONCE = 50
"""How many episodes of one length are tested together."""

LONGEST = 1000


class Copy:
    """The task with its settings in place."""

    def __init__(self, settings: Settings) -> None:
        self.bits = int(settings["bits"])
        self._length = int(settings["length"])
        self._shortest, self._longest = int(settings["min_length"]), int(settings["max_length"])
        if self._length == 0 and self._shortest > self._longest:
            raise BadInputError(f"min_length: {self._shortest} is more than max_length, which is {self._longest}")

    @property
    def interface(self) -> dict[str, int]:
        """One input more than there are bits: the delimiter."""
        return {"inputs": self.bits + 1, "outputs": self.bits}

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Episodes of one length, drawn anew for each batch."""
        return self._batch(self._vectors(self._draw_length(generator), size, generator))

    def held_out(self) -> Batch:
        """The longest episodes that training draws, always the same ones."""
        return self._batch(self._vectors(self._length or self._longest, HELD_OUT, seeding.generator("held out")))

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """Episodes of one length go together; which bits are drawn does not depend on how they are grouped."""
        chance = seeding.generator("test", seed)
        lengths = [self._draw_length(chance) for _ in range(episodes)]
        for length in sorted(set(lengths)):
            left = lengths.count(length)
            while left:
                yield self._batch(self._vectors(length, min(left, AT_ONCE), chance))
                left -= min(left, AT_ONCE)

    def episode(self, wish: EpisodeWish) -> Episode:
        """The user's own vectors, or an episode drawn from the seed."""
        if wish.own.strip():
            return self._batch(read_vectors(wish.own, self.bits).unsqueeze(1))
        chance = seeding.generator("episode", wish.seed)
        return self._batch(self._vectors(self._draw_length(chance), 1, chance))

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Mean cross-entropy of the scored bits, in nats."""
        said, wanted = _scored(outputs, batch)
        return F.binary_cross_entropy_with_logits(said, wanted)

    def cost(self, loss: float, batch: Batch) -> float:
        """Bits per sequence; guessing costs one for each bit to copy."""
        return loss / math.log(2) * float(_sequence(batch).scored.sum()) * self.bits

    def judge(self, outputs: Tensor, batch: Batch) -> float:
        """The cost."""
        return self.cost(float(self.loss(outputs, batch)), batch)

    def score(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """The three metrics, `(B,)` each."""
        said, wanted = _scored(outputs, batch)
        bits = F.binary_cross_entropy_with_logits(said, wanted, reduction="none").sum((0, 2)) / math.log(2)
        wrong = ((said > 0) != (wanted > 0.5)).sum((0, 2)).float()
        return {"bits_per_sequence": bits, "wrong_bits": wrong, "exact": (wrong == 0).float()}

    def show(self, episode: Episode, outputs: Tensor) -> Shown:
        """The tape: input, target, the probability of each bit, wrong bits a step."""
        sequence = _sequence(episode)
        length = int(sequence.scored.sum())
        inputs, target = _array(sequence.inputs), _array(sequence.targets)
        output = _array(torch.sigmoid(outputs))
        wrong = ((output > 0.5) != (target > 0.5)).sum(-1).astype(np.float32)
        unscored = np.asarray(sequence.scored.numpy() == 0)
        target[unscored], wrong[unscored] = np.nan, np.nan
        return Shown(
            arrays={"tape.input": inputs, "tape.target": target, "tape.output": output, "tape.error": wrong},
            phases=(
                Phase(name="present", first=0, last=length - 1),
                Phase(name="delimiter", first=length, last=length),
                Phase(name="recall", first=length + 1, last=2 * length),
            ),
            events=tuple(_error_event(step, wrong[step], self.bits) for step in np.flatnonzero(wrong > 0).tolist()),
            labels={"bit": (*(f"bit {number + 1}" for number in range(self.bits)), "delimiter")},
            outcome={name: float(value[0]) for name, value in self.score(outputs, sequence).items()},
        )

    def state(self) -> dict[str, list[str]]:
        """Nothing to keep."""
        return {}

    def _draw_length(self, chance: torch.Generator) -> int:
        drawn = int(torch.randint(self._shortest, max(self._longest, self._shortest) + 1, (), generator=chance))
        return self._length or drawn

    def _vectors(self, length: int, size: int, chance: torch.Generator) -> Tensor:
        episodes = [torch.randint(2, (length, self.bits), generator=chance) for _ in range(size)]
        return torch.stack(episodes, dim=1).float()

    def _batch(self, vectors: Tensor) -> SequenceBatch:
        """Present, delimiter, then as many blank steps: `(L, B, bits)` -> T = 2 L + 1 steps."""
        length, size, bits = vectors.shape
        inputs, targets = torch.zeros(2 * length + 1, size, bits + 1), torch.zeros(2 * length + 1, size, bits)
        scored = torch.zeros(2 * length + 1)
        inputs[:length, :, :bits] = vectors
        inputs[length, :, bits] = 1.0
        targets[length + 1 :] = vectors
        scored[length + 1 :] = 1.0
        return SequenceBatch(inputs=inputs, targets=targets, scored=scored)


def read_vectors(text: str, bits: int) -> Tensor:
    """Bit vectors from text such as "10010110 01101001", `(L, bits)`; BadInputError names the vector that does not fit."""
    words = text.split()
    if len(words) > LONGEST:
        raise BadInputError(f"{len(words)} vectors are too many; at most {LONGEST} can be copied")
    for number, word in enumerate(words, start=1):
        strange = next((letter for letter in word if letter not in "01"), None)
        if strange is not None:
            raise BadInputError(f"vector {number} ({_short(word)}): {strange!r} is neither 0 nor 1")
        if len(word) != bits:
            raise BadInputError(f"vector {number} ({_short(word)}): it has {len(word)} bits, and should have {bits}")
    return torch.tensor([[float(letter) for letter in word] for word in words])


def _short(word: str) -> str:
    return word if len(word) <= 24 else f"{word[:24]}…"


def _sequence(batch: Batch | Episode) -> SequenceBatch:
    if not isinstance(batch, SequenceBatch):
        raise TypeError(f"copy has no {type(batch).__name__}")
    return batch


def _scored(outputs: Tensor, batch: Batch | Episode) -> tuple[Tensor, Tensor]:
    counts = _sequence(batch).scored > 0
    return outputs[counts], _sequence(batch).targets[counts]


def _array(value: Tensor) -> Array:
    """The first element of a batch, as an array of its own."""
    array: Array = value[:, 0].detach().cpu().numpy().astype(np.float32, copy=True)
    return array


def _error_event(step: int, wrong: float, bits: int) -> Event:
    count = int(wrong)
    return Event(
        kind="error", step=step, amount=count / bits, says=f"{count} of {bits} bits {'is' if count == 1 else 'are'} wrong"
    )


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> Copy:
    """The task. BadInputError if a folder of data is given: copy draws its own."""
    if data is not None:
        raise BadInputError(f"{data}: copy draws its own episodes and reads no data")
    return Copy(settings)


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
        channels=(
            Channel(name="tape.input", axes=("bit",), kind="bits", role="input", title="input", symbol="x",
                    says="What the network sees: the vectors, then the delimiter in the last row, then nothing."),
            Channel(name="tape.target", axes=("bit",), kind="bits", role="target", title="target", symbol="y",
                    says="What should be said while the answer counts."),
            Channel(name="tape.output", axes=("bit",), kind="bits", role="output", title="output", symbol="p",
                    says="How probable the network thinks it that each bit is 1."),
            Channel(name="tape.error", axes=(), kind="scalar", role="error", bounded=False, title="wrong bits", symbol="wrong",
                    says="How many bits are wrong at this step, counting those above one half as 1."),
        ),
        metrics=(
            Metric(name="bits_per_sequence", title="cost", unit="bits per sequence",
                   says="Cross-entropy of the bits to copy, summed over an episode; guessing costs one for each bit."),
            Metric(name="wrong_bits", title="wrong bits", unit="bits per sequence", says="Bits on the wrong side of one half."),
            Metric(name="exact", title="exact", says="The share of episodes copied without a single wrong bit."),
        ),
        own_input="bits",
        loss_unit="bits per sequence",
    ),
    build=build,
)  # fmt: skip
