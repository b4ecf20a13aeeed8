"""Algorithmic: follow a small program word by word, and say each value that it prints.

Fan, Lavril, Grave, Joulin & Sukhbaatar, "Addressing Some Limitations of Transformers with Feedback Memory" (2020), section 4.1.
Shapes: T words of the longest program, B programs, I words of the language, V values.
"""

import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks import seeding
from engine.contract.cards import Channel, Metric, Setting, Settings, TaskCard
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Event, Phase
from engine.tasks import programs
from engine.tasks.base import BadInputError, Batch, Episode, SequenceBatch, Shown, TaskEntry
from engine.tasks.sequence import check_range, draw_between, first, refuse_data

HELD_OUT = 100
"""How many programs choose the best checkpoint."""

AT_ONCE = 50
"""How many programs are tested together."""

MOST_STATEMENTS = 200


class Algorithmic:
    """The task with its settings in place."""

    def __init__(self, settings: Settings) -> None:
        self.variables, self._statements = int(settings["variables"]), int(settings["statements"])
        self._fewest, self._most = int(settings["min_statements"]), int(settings["max_statements"])
        if self._statements == 1:
            raise BadInputError("statements: 1 is too few; a program needs a value and a print, so 2, or 0 to draw it")
        check_range(self._statements, self._fewest, self._most, ("min_statements", "max_statements"))
        self._words = (*programs.SIGNS, *programs.VALUES, *programs.VARIABLES[: self.variables])

    @property
    def interface(self) -> dict[str, int]:
        """One input for each word of the language, one output for each value."""
        return {"inputs": len(self._words), "outputs": len(programs.VALUES)}

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Programs of as many statements, drawn anew for each batch; behind those of fewer words the input is blank."""
        return self._batch(self._programs(self._draw_statements(generator), size, generator))

    def held_out(self) -> Batch:
        """The longest programs that training draws, always the same ones."""
        return self._batch(self._programs(self._statements or self._most, HELD_OUT, seeding.generator("held out")))

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """Programs of as many statements go together; which are drawn does not depend on how they are grouped."""
        chance = seeding.generator("test", seed)
        sizes = [self._draw_statements(chance) for _ in range(episodes)]
        for size in sorted(set(sizes)):
            drawn = self._programs(size, sizes.count(size), chance)
            for begin in range(0, len(drawn), AT_ONCE):
                yield self._batch(drawn[begin : begin + AT_ONCE])

    def episode(self, wish: EpisodeWish) -> Episode:
        """The user's own program, or one drawn from the seed."""
        if not wish.own.strip():
            chance = seeding.generator("episode", wish.seed)
            return self._batch(self._programs(self._draw_statements(chance), 1, chance))
        try:
            program = programs.read(wish.own, self.variables)
            printed = programs.outcome(program)
        except programs.BadProgramError as error:
            raise BadInputError(str(error)) from None
        if len(program) > MOST_STATEMENTS:
            raise BadInputError(f"{len(program)} statements are too many; at most {MOST_STATEMENTS} can be followed")
        if all(value is None for value in printed):
            raise BadInputError("the program prints nothing; end it with a print, such as ? x ;")
        return self._batch([program])

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Mean cross-entropy of the printed values, in nats."""
        counts, wanted = _wanted(batch)
        return F.cross_entropy(outputs[counts], wanted[counts])

    def cost(self, loss: float, batch: Batch) -> float:
        """Bits for each printed value."""
        return loss / math.log(2)

    def judge(self, outputs: Tensor, batch: Batch) -> float:
        """The cost."""
        return self.cost(float(self.loss(outputs, batch)), batch)

    def score(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """The three metrics, `(B,)` each."""
        counts, wanted = _wanted(batch)
        prints = counts.sum(0)
        right = (outputs.argmax(-1) == wanted) & counts
        bits = F.cross_entropy(outputs.movedim(-1, 1), wanted, reduction="none") * counts / math.log(2)
        return {
            "accuracy": right.sum(0) / prints,
            "bits_per_value": bits.sum(0) / prints,
            "exact": (right.sum(0) == prints).float(),
        }

    def show(self, episode: Episode, outputs: Tensor) -> Shown:
        """The program word by word, what it prints, and how probable the network thinks each value there."""
        counts, wanted = _wanted(episode)
        said, chances = outputs.argmax(-1), torch.softmax(outputs, -1)
        wrong = ((said != wanted) & counts).float().masked_fill(~counts, math.nan)
        words = _sequence(episode).inputs.argmax(-1)
        return Shown(
            arrays={
                "tape.input": first(words.float()),
                "tape.target": first(wanted.masked_fill(~counts, -1).float()),
                "tape.output": first(said.masked_fill(~counts, -1).float()),
                "tape.error": first(wrong),
                "value.probability": first(chances.masked_fill(~counts.unsqueeze(-1), math.nan)),
            },
            phases=_phases([self._words[number] for number in words[:, 0].tolist()]),
            events=tuple(
                Event(
                    kind="error", step=step, amount=1.0, says=f"says {_name(said, step)} where {_name(wanted, step)} is printed"
                )
                for step in (wrong[:, 0] > 0).nonzero().flatten().tolist()
            ),
            labels={"tape.input": self._words, "answer": programs.VALUES},
            outcome={name: float(value[0]) for name, value in self.score(outputs, _sequence(episode)).items()},
        )

    def state(self) -> dict[str, list[str]]:
        """Nothing to keep."""
        return {}

    def _draw_statements(self, chance: torch.Generator) -> int:
        return draw_between(self._statements, self._fewest, self._most, chance)

    def _programs(self, statements: int, count: int, chance: torch.Generator) -> list[list[programs.Statement]]:
        seeds = torch.randint(2**62, (count,), generator=chance).tolist()
        return [programs.draw(statements, self.variables, random.Random(seed)) for seed in seeds]

    def _batch(self, drawn: Sequence[list[programs.Statement]]) -> SequenceBatch:
        """One-hot words; a target row is one-hot at the end of a statement that prints, and zero elsewhere."""
        numbers = {word: number for number, word in enumerate(self._words)}
        steps = max(sum(len(statement) for statement in program) for program in drawn)
        words, printed = torch.full((steps, len(drawn)), -1), torch.full((steps, len(drawn)), -1)
        for column, program in enumerate(drawn):
            step = -1
            for statement, value in zip(program, programs.outcome(program), strict=True):
                for word in statement:
                    step += 1
                    words[step, column] = numbers[word]
                if value is not None:
                    printed[step, column] = value - 1
        targets = _one_hot(printed, len(programs.VALUES))
        return SequenceBatch(inputs=_one_hot(words, len(self._words)), targets=targets, scored=(targets.sum((1, 2)) > 0).float())


def _one_hot(numbers: Tensor, many: int) -> Tensor:
    """A row of zeros where the number is -1: `(T, B)` -> `(T, B, many)`."""
    return F.one_hot(numbers + 1, many + 1)[..., 1:].float()


def _sequence(batch: Batch | Episode) -> SequenceBatch:
    if not isinstance(batch, SequenceBatch):
        raise TypeError(f"algorithmic has no {type(batch).__name__}")
    return batch


def _wanted(batch: Batch | Episode) -> tuple[Tensor, Tensor]:
    """Where a value is printed, and which (as its number among the values), `(T, B)` each."""
    targets = _sequence(batch).targets
    return targets.sum(-1) > 0, targets.argmax(-1)


def _phases(words: Sequence[str]) -> tuple[Phase, ...]:
    """Each statement is a stretch of the episode, named as it is written."""
    found, begin = [], 0
    for step, word in enumerate(words):
        if word == ";":
            found.append(Phase(name=" ".join(words[begin:step]), first=begin, last=step))
            begin = step + 1
    return tuple(found)


def _name(values: Tensor, step: int) -> str:
    return programs.VALUES[int(values[step, 0])]


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> Algorithmic:
    """The task. BadInputError if a folder of data is given: it draws its own."""
    refuse_data("algorithmic", data)
    return Algorithmic(settings)


ENTRY = TaskEntry(
    card=TaskCard(
        id="algorithmic",
        name="Algorithmic",
        form="sequence",
        idea="A small program passes by, word by word: variables get values, go one up (+) or one down (-), at times only on a "
        "condition. Wherever it prints a variable (? x), the network must say its value, so it must keep track of all of them.",
        settings=(
            Setting(name="statements", default=0, low=0, high=MOST_STATEMENTS, title="Statements",
                    says="How many statements a program has, the last one a print; 0 draws it between the fewest and the most."),
            Setting(name="min_statements", default=2, low=2, high=MOST_STATEMENTS, title="Fewest",
                    says="The fewest statements drawn."),
            Setting(name="max_statements", default=16, low=2, high=MOST_STATEMENTS, title="Most",
                    says="The most statements drawn."),
            Setting(name="variables", default=2, low=1, high=programs.MOST_VARIABLES, title="Variables",
                    says="How many variables a program may use."),
        ),
        channels=(
            Channel(name="tape.input", axes=(), kind="tokens", role="input", bounded=False, low=-1.0, title="program",
                    symbol="x", says="The words of the program, one a step: + and - step a variable up or down, ? prints it."),
            Channel(name="tape.target", axes=(), kind="tokens", role="target", bounded=False, low=-1.0, title="prints",
                    symbol="y", says="The value that the statement prints, at its end."),
            Channel(name="tape.output", axes=(), kind="tokens", role="output", bounded=False, low=-1.0, title="output",
                    symbol="ŷ", says="The value that the network thinks most probable."),
            Channel(name="tape.error", axes=(), kind="scalar", role="error", title="wrong", symbol="wrong",
                    says="1 where the value said is wrong, 0 where it is right."),
            Channel(name="value.probability", axes=("answer",), kind="probability", role="answer", sums_to_one=True,
                    title="value", symbol="p", formula="p = softmax(linear(top layer))",
                    says="How probable the network thinks each value, where one is printed."),
        ),
        metrics=(
            Metric(name="accuracy", title="values right", says="The share of printed values that are right, over programs."),
            Metric(name="bits_per_value", title="cost", unit="bits per value",
                   says="Cross-entropy of each printed value; guessing among ten costs 3.3."),
            Metric(name="exact", title="whole programs right", says="The share of programs whose every printed value is right."),
        ),
        loss_unit="bits per value",
    ),
    build=build,
)  # fmt: skip
