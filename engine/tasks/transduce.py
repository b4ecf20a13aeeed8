"""Sequence to sequence: read some symbols, then say them in another order or in another form.

The toys on which Sutskever, Vinyals & Le, "Sequence to Sequence Learning with Neural Networks" (2014) can be tried by hand.
Shapes: S symbols of the source, T = S + 1 of the target (the last says that it ends), B batch, V symbols that there are.
"""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks import seeding
from engine.contract.cards import Channel, Metric, Setting, Settings, TaskCard
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Array, Event, Phase
from engine.tasks.base import BEGIN, END, BadInputError, Batch, Episode, PairBatch, Shown, TaskEntry

HELD_OUT = 32
"""How many episodes choose the best checkpoint."""

AT_ONCE = 50
"""How many episodes of one length are tested together."""

LONGEST = 200

FIRST = END + 1
"""The index of the first symbol that has a content."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"

RULES: dict[str, Callable[[Tensor, int], Tensor]] = {
    "reversal": lambda source, symbols: source.flip(0),
    "identity": lambda source, symbols: source,
    "sort": lambda source, symbols: source.sort(0).values,
    "successor": lambda source, symbols: (source - FIRST + 1) % symbols + FIRST,
}
"""What each kind makes of a source `(S, B)`."""


class Transduce:
    """The task with its settings in place."""

    def __init__(self, settings: Settings) -> None:
        self.symbols = int(settings["symbols"])
        self._rule, self._backwards = RULES[str(settings["kind"])], bool(settings["reverse_source"])
        self._length = int(settings["length"])
        self._shortest, self._longest = int(settings["min_length"]), int(settings["max_length"])
        if self._length == 0 and self._shortest > self._longest:
            raise BadInputError(f"min_length: {self._shortest} is more than max_length, which is {self._longest}")

    @property
    def interface(self) -> dict[str, int]:
        """The symbols with a content, and those that begin, end and stand for nothing."""
        return {"symbols": FIRST + self.symbols}

    @property
    def names(self) -> tuple[str, ...]:
        """What each symbol is called."""
        return ("nothing", "begin", "end", *LETTERS[: self.symbols])

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Episodes of one length, drawn anew for each batch; the decoder is fed the true target."""
        return self._batch(self._sources(self._draw_length(generator), size, generator), taught=True)

    def held_out(self) -> Batch:
        """The longest episodes that training draws, always the same ones; the decoder is on its own."""
        return self._batch(self._sources(self._length or self._longest, HELD_OUT, seeding.generator("held out")))

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """Episodes of one length go together; which symbols are drawn does not depend on how they are grouped."""
        chance = seeding.generator("test", seed)
        lengths = [self._draw_length(chance) for _ in range(episodes)]
        for length in sorted(set(lengths)):
            left = lengths.count(length)
            while left:
                yield self._batch(self._sources(length, min(left, AT_ONCE), chance))
                left -= min(left, AT_ONCE)

    def episode(self, wish: EpisodeWish) -> Episode:
        """The user's own symbols, or an episode drawn from the seed."""
        if wish.own.strip():
            return self._batch(read_symbols(wish.own, LETTERS[: self.symbols]).unsqueeze(1))
        chance = seeding.generator("episode", wish.seed)
        return self._batch(self._sources(self._draw_length(chance), 1, chance))

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Mean cross-entropy of the target's symbols, in nats."""
        return F.cross_entropy(outputs.flatten(0, 1), _wanted(batch).flatten())

    def cost(self, loss: float, batch: Batch) -> float:
        """Bits per sequence."""
        return loss / math.log(2) * len(_wanted(batch))

    def judge(self, outputs: Tensor, batch: Batch) -> float:
        """The cost."""
        return self.cost(float(self.loss(outputs, batch)), batch)

    def score(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """The three metrics, `(B,)` each."""
        wanted = _wanted(batch)
        right = (outputs.argmax(-1) == wanted).float()
        bits = F.cross_entropy(outputs.movedim(-1, 1), wanted, reduction="none").sum(0) / math.log(2)
        return {"sequence_accuracy": right.amin(0), "token_accuracy": right.mean(0), "bits_per_sequence": bits}

    def show(self, episode: Episode, outputs: Tensor) -> Shown:
        """The source as it is read, then what is said: each symbol said is the next input."""
        pairs = _pairs(episode)
        source, wanted, said = pairs.source[:, 0], pairs.target[1:, 0], outputs[:, 0].argmax(-1)
        fed = pairs.target[:-1, 0] if pairs.taught else torch.cat((torch.tensor([BEGIN]), said[:-1].cpu()))
        wrong = (said.cpu() != wanted.cpu()).float()
        ahead, length = torch.full((len(source),), -1.0), len(source)
        return Shown(
            arrays={
                "tape.input": _array(torch.cat((source.cpu(), fed.cpu()))),
                "tape.target": _array(torch.cat((ahead, wanted.cpu()))),
                "tape.output": _array(torch.cat((ahead, said.cpu()))),
                "tape.error": _array(torch.cat((ahead * math.nan, wrong))),
            },
            phases=(
                Phase(name="read", first=0, last=length - 1),
                Phase(name="say", first=length, last=2 * length),
            ),
            events=tuple(
                Event(
                    kind="error", step=length + place, amount=1.0,
                    says=f"says {self.names[int(said[place])]} where {self.names[int(wanted[place])]} is right",
                )
                for place in wrong.nonzero().flatten().tolist()
            ),
            labels={"answer": self.names},
            outcome={name: float(value[0]) for name, value in self.score(outputs, pairs).items()},
        )  # fmt: skip

    def state(self) -> dict[str, list[str]]:
        """Nothing to keep."""
        return {}

    def _draw_length(self, chance: torch.Generator) -> int:
        drawn = int(torch.randint(self._shortest, max(self._longest, self._shortest) + 1, (), generator=chance))
        return self._length or drawn

    def _sources(self, length: int, size: int, chance: torch.Generator) -> Tensor:
        """Each symbol is drawn alone, every one as likely as another: `(S, B)`."""
        return torch.randint(FIRST, FIRST + self.symbols, (size, length), generator=chance).T

    def _batch(self, source: Tensor, taught: bool = False) -> PairBatch:
        edge = torch.ones(1, source.shape[1], dtype=torch.long)
        target = torch.cat((BEGIN * edge, self._rule(source, self.symbols), END * edge))
        return PairBatch(source=source.flip(0) if self._backwards else source, target=target, taught=taught)


def read_symbols(text: str, letters: str) -> Tensor:
    """Symbols from text such as "a b c" or "abc", `(S,)`; BadInputError names the one that there is not."""
    symbols = "".join(text.lower().split())
    if len(symbols) > LONGEST:
        raise BadInputError(f"{len(symbols)} symbols are too many; at most {LONGEST} can be read")
    for number, symbol in enumerate(symbols, start=1):
        if symbol not in letters:
            raise BadInputError(f"symbol {number} ({symbol}): it is none of {letters[0]} to {letters[-1]}")
    return torch.tensor([FIRST + letters.index(symbol) for symbol in symbols])


def _pairs(batch: Batch | Episode) -> PairBatch:
    if not isinstance(batch, PairBatch):
        raise TypeError(f"transduce has no {type(batch).__name__}")
    return batch


def _wanted(batch: Batch | Episode) -> Tensor:
    """What should be said, `(T, B)`."""
    return _pairs(batch).target[1:]


def _array(value: Tensor) -> Array:
    array: Array = value.detach().numpy().astype(np.float32, copy=True)
    return array


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> Transduce:
    """The task. BadInputError if a folder of data is given: it draws its own."""
    if data is not None:
        raise BadInputError(f"{data}: transduce draws its own episodes and reads no data")
    return Transduce(settings)


ENTRY = TaskEntry(
    card=TaskCard(
        id="transduce",
        name="Sequence to sequence",
        form="pairs",
        idea="Some symbols are read, one a step; then the network must say them backwards, as they were, sorted, or each one "
        "further in the alphabet, and then that it ends.",
        settings=(
            Setting(name="kind", default="reversal", choices=tuple(RULES), title="Kind",
                    says="What becomes of the source: reversal says it backwards, identity says it as it was, sort puts it in "
                    "the order of the alphabet, successor says the next letter for each."),
            Setting(name="reverse_source", default=False, title="Read backwards",
                    says="The network reads the source from its end, as Sutskever's did: then the first symbols of source and "
                    "target stand near each other."),
            Setting(name="length", default=0, low=0, high=LONGEST, title="Length",
                    says="How many symbols an episode has; 0 draws it between the shortest and the longest."),
            Setting(name="min_length", default=3, low=1, high=LONGEST, title="Shortest", says="The fewest symbols drawn."),
            Setting(name="max_length", default=12, low=1, high=LONGEST, title="Longest", says="The most symbols drawn."),
            Setting(name="symbols", default=10, low=2, high=len(LETTERS), title="Symbols",
                    says="How many letters the alphabet has."),
        ),
        channels=(
            Channel(name="tape.input", axes=(), kind="tokens", role="input", bounded=False, low=-1.0, title="input", symbol="x",
                    says="What the network sees: the source, then “begin”, then what it said itself the step before."),
            Channel(name="tape.target", axes=(), kind="tokens", role="target", bounded=False, low=-1.0, title="target",
                    symbol="y", says="The symbol that should be said."),
            Channel(name="tape.output", axes=(), kind="tokens", role="output", bounded=False, low=-1.0, title="output",
                    symbol="ŷ", says="The symbol that the network thinks most probable."),
            Channel(name="tape.error", axes=(), kind="scalar", role="error", title="wrong", symbol="wrong",
                    says="1 where the symbol said is wrong, 0 where it is right."),
        ),
        metrics=(
            Metric(name="sequence_accuracy", title="whole sequences right",
                   says="The share of episodes in which every symbol is right, fed with its own output."),
            Metric(name="token_accuracy", title="symbols right", says="The share of symbols that are right."),
            Metric(name="bits_per_sequence", title="cost", unit="bits per sequence",
                   says="Cross-entropy of the target's symbols, summed over an episode; each is judged after what the network "
                   "said itself before it."),
        ),
        own_input="symbols",
        loss_unit="bits per sequence",
    ),
    build=build,
)  # fmt: skip
