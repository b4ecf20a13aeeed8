"""What the tasks of words and answers share: one word a step, and at some steps an answer out of a few.

A task's own file says only what its protocol says: a `Rules` object that draws episodes. `WordTask` does the rest.
Shapes: T words of the longest episode, B episodes, I words that there are, V answers that there are.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks import seeding
from engine.contract.cards import Channel, Metric
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Event, Phase
from engine.tasks.base import Batch, Episode, SequenceBatch, Shown
from engine.tasks.sequence import first

HELD_OUT = 100
"""How many episodes choose the best checkpoint."""

AT_ONCE = 50
"""How many episodes of one size are tested together."""


class Told(NamedTuple):
    """An episode in words: one a step, and what should be said at which steps."""

    words: Sequence[str]
    answers: dict[int, str]


class Rules(Protocol):
    """How a task draws its episodes."""

    @property
    def words(self) -> tuple[str, ...]:
        """All words that there are."""

    @property
    def answers(self) -> tuple[str, ...]:
        """All that can be said."""

    @property
    def largest(self) -> int:
        """The size of the longest episodes that training draws."""

    def draw_size(self, chance: torch.Generator) -> int:
        """Draw the size that all episodes of a batch share."""

    def draw(self, size: int, count: int, chance: torch.Generator) -> list[Told]:
        """Draw so many episodes of this size."""

    def read(self, own: str) -> Told:
        """An episode of the user's own. BadInputError if it cannot be used."""

    def phases(self, words: Sequence[str]) -> tuple[Phase, ...]:
        """The stretches of an episode that have a name."""


class WordTask:
    """A task of form "sequence", made of its rules: words go in one-hot, and only answers count."""

    def __init__(self, name: str, rules: Rules) -> None:
        self._name, self._rules = name, rules

    @property
    def interface(self) -> dict[str, int]:
        """One input for each word, one output for each answer."""
        return {"inputs": len(self._rules.words), "outputs": len(self._rules.answers)}

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Episodes of one size, drawn anew for each batch; behind those of fewer words the input is blank."""
        return self._batch(self._rules.draw(self._rules.draw_size(generator), size, generator))

    def held_out(self) -> Batch:
        """The longest episodes that training draws, always the same ones."""
        return self._batch(self._rules.draw(self._rules.largest, HELD_OUT, seeding.generator("held out")))

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """Episodes of one size go together; which are drawn does not depend on how they are grouped."""
        chance = seeding.generator("test", seed)
        sizes = [self._rules.draw_size(chance) for _ in range(episodes)]
        for size in sorted(set(sizes)):
            drawn = self._rules.draw(size, sizes.count(size), chance)
            for begin in range(0, len(drawn), AT_ONCE):
                yield self._batch(drawn[begin : begin + AT_ONCE])

    def episode(self, wish: EpisodeWish) -> Episode:
        """The user's own words, or an episode drawn from the seed."""
        if wish.own.strip():
            return self._batch([self._rules.read(wish.own)])
        chance = seeding.generator("episode", wish.seed)
        return self._batch(self._rules.draw(self._rules.draw_size(chance), 1, chance))

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Mean cross-entropy of the answers, in nats."""
        counts, wanted = self._wanted(batch)
        return F.cross_entropy(outputs[counts], wanted[counts])

    def cost(self, loss: float, batch: Batch) -> float:
        """Bits for each answer."""
        return loss / math.log(2)

    def judge(self, outputs: Tensor, batch: Batch) -> float:
        """The cost."""
        return self.cost(float(self.loss(outputs, batch)), batch)

    def score(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """The three metrics, `(B,)` each."""
        counts, wanted = self._wanted(batch)
        answers = counts.sum(0)
        right = ((outputs.argmax(-1) == wanted) & counts).sum(0)
        bits = F.cross_entropy(outputs.movedim(-1, 1), wanted, reduction="none") * counts / math.log(2)
        return {"accuracy": right / answers, "bits_per_answer": bits.sum(0) / answers, "exact": (right == answers).float()}

    def show(self, episode: Episode, outputs: Tensor) -> Shown:
        """The words, what should be said and what is, and how probable the network thinks each answer where one counts."""
        counts, wanted = self._wanted(episode)
        said, chances = outputs.argmax(-1), torch.softmax(outputs, -1)
        wrong = ((said != wanted) & counts).float().masked_fill(~counts, math.nan)
        words = self._sequence(episode).inputs.argmax(-1)
        names, answers = self._rules.words, self._rules.answers
        return Shown(
            arrays={
                "tape.input": first(words.float()),
                "tape.target": first(wanted.masked_fill(~counts, -1).float()),
                "tape.output": first(said.masked_fill(~counts, -1).float()),
                "tape.error": first(wrong),
                "said.probability": first(chances.masked_fill(~counts.unsqueeze(-1), math.nan)),
            },
            phases=self._rules.phases([names[number] for number in words[:, 0].tolist()]),
            events=tuple(
                Event(
                    kind="error", step=step, amount=1.0,
                    says=f"says {answers[int(said[step, 0])]} where {answers[int(wanted[step, 0])]} is right",
                )
                for step in (wrong[:, 0] > 0).nonzero().flatten().tolist()
            ),
            labels={"tape.input": names, "answer": answers},
            outcome={name: float(value[0]) for name, value in self.score(outputs, self._sequence(episode)).items()},
        )  # fmt: skip

    def state(self) -> dict[str, list[str]]:
        """Nothing to keep."""
        return {}

    def _batch(self, told: Sequence[Told]) -> SequenceBatch:
        """One-hot words; a target row is one-hot where an answer counts, and zero elsewhere."""
        words = {word: number for number, word in enumerate(self._rules.words)}
        answers = {answer: number for number, answer in enumerate(self._rules.answers)}
        steps = max(len(episode.words) for episode in told)
        heard, wanted = torch.full((2, steps, len(told)), -1).unbind(0)
        for column, episode in enumerate(told):
            heard[: len(episode.words), column] = torch.tensor([words[word] for word in episode.words])
            for step, answer in episode.answers.items():
                wanted[step, column] = answers[answer]
        targets = _one_hot(wanted, len(answers))
        return SequenceBatch(inputs=_one_hot(heard, len(words)), targets=targets, scored=targets.amax((1, 2)))

    def _sequence(self, batch: Batch | Episode) -> SequenceBatch:
        if not isinstance(batch, SequenceBatch):
            raise TypeError(f"{self._name} has no {type(batch).__name__}")
        return batch

    def _wanted(self, batch: Batch | Episode) -> tuple[Tensor, Tensor]:
        """Where an answer counts, and which is right (as its number), `(T, B)` each."""
        targets = self._sequence(batch).targets
        return targets.sum(-1) > 0, targets.argmax(-1)


def _one_hot(numbers: Tensor, many: int) -> Tensor:
    """A row of zeros where the number is -1: `(T, B)` -> `(T, B, many)`."""
    return F.one_hot(numbers + 1, many + 1)[..., 1:].float()


def tape_channels(hears: str, answer: str) -> tuple[Channel, ...]:
    """The tape's channels; `hears` says what the words are, `answer` what an answer is called."""
    return (
        Channel(name="tape.input", axes=(), kind="tokens", role="input", bounded=False, low=-1.0, title="input", symbol="x",
                says=hears),
        Channel(name="tape.target", axes=(), kind="tokens", role="target", bounded=False, low=-1.0, title="target", symbol="y",
                says=f"The {answer} that is right, where one counts."),
        Channel(name="tape.output", axes=(), kind="tokens", role="output", bounded=False, low=-1.0, title="output", symbol="ŷ",
                says=f"The {answer} that the network thinks most probable."),
        Channel(name="tape.error", axes=(), kind="scalar", role="error", title="wrong", symbol="wrong",
                says=f"1 where the {answer} said is wrong, 0 where it is right."),
        Channel(name="said.probability", axes=("answer",), kind="probability", role="answer", sums_to_one=True, title="answer",
                symbol="p", formula="p = softmax(what is said)",
                says=f"How probable the network thinks each {answer}, where one counts."),
    )  # fmt: skip


def metrics(answer: str, many: int) -> tuple[Metric, ...]:
    """The metrics; `answer` is what an answer is called, `many` how many there are."""
    return (
        Metric(name="accuracy", title=f"{answer}s right", says=f"The share of {answer}s that are right, over episodes."),
        Metric(name="bits_per_answer", title="cost", unit=f"bits per {answer}",
               says=f"Cross-entropy of each {answer}; guessing among {many} costs {math.log2(many):.2g}."),
        Metric(name="exact", title="all right", says=f"The share of episodes whose every {answer} is right."),
    )  # fmt: skip
