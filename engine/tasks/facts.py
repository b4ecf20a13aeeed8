"""Facts about films: a small knowledge base is told, fact by fact, and questions are asked whose answer is in one of them.

Every fact has two sides, a key (whom or what it is about, and in which way) and a value. Films, people, years and kinds are the
same in training and in testing, but who made which film is drawn anew for each bank: so the answer must be read from memory,
and can be in nobody's weights.
"""

from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks.seeding import derive, generator
from engine.contract.cards import Channel, Metric, Setting, Settings, TaskCard
from engine.contract.messages import EpisodeWish
from engine.stories.film_banks import Asked, Banks, Wording, draw_banks, draw_questions, filled
from engine.stories.films import FORMS, spelled, vocabulary
from engine.stories.text import Line, Question, Statement, Story
from engine.tasks.base import BadInputError, Batch, Episode, Shown, StoryBatch, StoryEpisode, TaskEntry
from engine.tasks.facts_episode import build_bank, read_own_bank, show_bank

HELD_OUT = 500
AT_ONCE = 200
"""How many questions are tested together."""


class Facts:
    """The task with its settings in place."""

    def __init__(self, settings: Settings) -> None:
        self.films, self.slots, self._asks = int(settings["films"]), int(settings["slots"]), int(settings["asks"])
        if self.films * len(FORMS) > self.slots:
            raise BadInputError(
                f"films: {self.films} films are told in {self.films * len(FORMS)} facts, and there are {self.slots} slots; "
                f"at most {self.slots // len(FORMS)} films fit"
            )
        self.vocabulary = vocabulary()
        self.wording = Wording(self.vocabulary)

    @property
    def interface(self) -> dict[str, int]:
        """`words` counts the empty one; each other word may be an answer."""
        words = len(self.vocabulary.words)
        return {"words": words + 1, "answers": words, "longest": self.vocabulary.longest, "slots": self.slots}

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """A bank for each question, all drawn anew."""
        banks = draw_banks(size, self.films, self.wording, generator)
        return self._asked(banks, draw_questions(banks, self.wording, generator))

    def held_out(self) -> Batch:
        """Questions about other banks."""
        return self.batch(HELD_OUT, generator("facts held out"))

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """One question of each of so many banks."""
        chance = generator("facts test", seed)
        for first in range(0, episodes, AT_ONCE):
            yield self.batch(min(AT_ONCE, episodes - first), chance)

    def episode(self, wish: EpisodeWish) -> Episode:
        """The user's own facts and questions, or one bank with several questions."""
        if wish.own.strip():
            return build_bank(read_own_bank(wish.own, self.vocabulary, self.slots), self.vocabulary, self.slots)
        chance = generator("facts episode", derive("facts", wish.seed))
        bank = draw_banks(1, self.films, self.wording, chance)
        asked = [draw_questions(bank, self.wording, chance) for _ in range(self._asks)]
        return build_bank(self._story(bank, asked), self.vocabulary, self.slots)

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Cross-entropy summed over the questions."""
        return F.cross_entropy(outputs, _story_batch(batch).answer, reduction="sum")

    def cost(self, loss: float, batch: Batch) -> float:
        """Nats per question."""
        return loss / _story_batch(batch).size

    def judge(self, outputs: Tensor, batch: Batch) -> float:
        """The cost."""
        return self.cost(float(self.loss(outputs, batch)), batch)

    def score(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """1 where the answer is wrong: over all questions, and for each way of telling, where the others are NaN."""
        asked = _story_batch(batch)
        wrong = (outputs.argmax(-1) != asked.answer).float()
        rows = {f"by_relation.{form.name}": torch.where(asked.group == n, wrong, torch.nan) for n, form in enumerate(FORMS)}
        return {"error": wrong} | rows

    def show(self, episode: Episode, outputs: Tensor) -> Shown:
        """The tape: the words of each line, the right answer and the one given; key, value and sentence of each slot."""
        if not isinstance(episode, StoryEpisode):
            raise TypeError(f"facts has no {type(episode).__name__}")
        return show_bank(episode, outputs, self.vocabulary)

    def state(self) -> dict[str, list[str]]:
        """Nothing: the names are always the same."""
        return {}

    def _asked(self, banks: Banks, asked: Asked) -> StoryBatch:
        wording, at = self.wording, asked.fact[:, None]
        form, subject, of = (of_bank.gather(1, at)[:, 0] for of_bank in (banks.form, banks.subject, banks.of))
        values = F.pad(banks.of[..., None], (0, self.vocabulary.longest - 1))
        return StoryBatch(
            sentences=filled(wording.sentence[banks.form], banks.subject, banks.of),
            present=torch.ones_like(banks.form).bool(),
            ages=torch.zeros_like(banks.form),
            question=filled(wording.question[form, asked.wording], subject, of),
            answer=of - 1,
            group=form,
            supports=at,
            keys=filled(wording.key[banks.form], banks.subject, banks.of),
            values=values,
        )

    def _story(self, bank: Banks, asked: list[Asked]) -> Story:
        """One bank as text, its facts in the order of their slots."""
        names = ("", *spelled(self.vocabulary.words))
        rows = zip(bank.form[0].tolist(), bank.subject[0].tolist(), bank.of[0].tolist(), strict=True)
        facts = [(FORMS[form], names[subject], names[of]) for form, subject, of in rows]
        lines: list[Line] = [Statement(form.sentence.format(s=subject, o=of)) for form, subject, of in facts]
        for one in asked:
            form, subject, of = facts[int(one.fact)]
            text = form.questions[int(one.wording)].format(s=subject)
            lines.append(Question(text, of.lower(), (int(one.fact) + 1,)))
        return Story(tuple(lines))


def _story_batch(batch: Batch) -> StoryBatch:
    if not isinstance(batch, StoryBatch):
        raise TypeError(f"facts has no {type(batch).__name__}")
    return batch


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> Facts:
    """The task; BadInputError if the films do not fit, or a folder of data is given: the films are our own."""
    if data is not None:
        raise BadInputError("facts: this task tells of its own films; it reads no folder of data")
    return Facts(settings)


_MOST_FILMS = 24

ENTRY = TaskEntry(
    card=TaskCard(
        id="facts",
        name="Facts about films",
        form="story",
        idea="A small knowledge base of invented films is told, fact by fact: who made them, when, of what kind. Who made what "
        "is drawn anew for every bank, so that a question can be answered from the bank only.",
        settings=(
            Setting(name="films", default=6, low=1, high=_MOST_FILMS, title="Films",
                    says="How many films a bank tells of; of each film there are eight facts."),
            Setting(name="slots", default=48, low=8, high=1000, title="Slots", says="How many facts the bank can hold."),
            Setting(name="asks", default=6, low=1, high=100, title="Questions",
                    says="How many questions are asked of the bank that is shown."),
        ),
        channels=(
            Channel(name="tape.input", axes=("word",), kind="tokens", role="input", bounded=False, low=-1.0, title="line",
                    symbol="x", says="The words of the fact that is told, or of the question."),
            Channel(name="tape.target", axes=(), kind="tokens", role="target", bounded=False, low=-1.0, title="right answer",
                    symbol="a", says="The right answer, where a question is asked."),
            Channel(name="tape.output", axes=(), kind="tokens", role="output", bounded=False, low=-1.0, title="answer given",
                    symbol="â", says="The answer that the network thinks most probable."),
            Channel(name="tape.error", axes=(), kind="scalar", role="error", title="wrong", symbol="wrong",
                    says="1 where the answer is wrong, 0 where it is right."),
            Channel(name="story.supports", axes=("slot",), kind="gate", title="the fact that answers", symbol="sup",
                    says="1 at the fact that holds the right answer; the network is never told it."),
            Channel(name="story.fact", axes=("slot",), kind="tokens", role="holds", bounded=False, low=-1.0,
                    title="fact in each slot", symbol="n", says="Which fact lies in each slot after this step."),
            Channel(name="facts.key", axes=("slot",), kind="tokens", role="key", bounded=False, low=-1.0, title="key", symbol="k",
                    says="The words by which the fact in each slot is found."),
            Channel(name="facts.value", axes=("slot",), kind="tokens", role="value", bounded=False, low=-1.0, title="value",
                    symbol="v", says="What is read from the fact in each slot."),
        ),
        metrics=(
            Metric(name="error", title="wrong answers", says="The share of questions answered wrongly."),
            Metric(name="by_relation", title="wrong answers by relation", says="The same among the questions of each relation."),
        ),
        own_input="story",
        own_says="Facts in the words of the bank, and questions about them.",
        loss_unit="nats per question",
    ),
    build=build,
)  # fmt: skip
