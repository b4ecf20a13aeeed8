"""Stories as tensors: a vocabulary, and the questions of many stories, of which any may be drawn as a batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.stories.text import Question, Story, words_of


class Vocabulary:
    """All words, in the order of their indices from 1 (0 is no word), and how many a sentence may have."""

    def __init__(self, words: Iterable[str], longest: int) -> None:
        self.words = tuple(words)
        self.longest = longest
        self._index = {word: number for number, word in enumerate(self.words, 1)}

    def __contains__(self, word: str) -> bool:
        return word in self._index

    def row(self, words: Sequence[str]) -> list[int]:
        """The indices of a sentence's words, filled up with 0. KeyError for an unknown word."""
        return [self._index[word] for word in words] + [0] * (self.longest - len(words))

    def answer(self, answer: str) -> int:
        """The index of an answer, from 0; -1 for the empty one. An answer of several words is one whole. KeyError for an unknown
        one."""
        return self._index[answer.lower()] - 1 if answer else -1

    def strange(self, stories: Iterable[Story]) -> list[str]:
        """The words and answers of the stories that are not in the vocabulary, sorted."""
        return sorted(word for word in words_in(stories) if word not in self._index)


def words_in(stories: Iterable[Story]) -> set[str]:
    """Every word of the stories' statements and questions, and every answer, all lower-cased."""
    lines = [line for story in stories for line in story.lines]
    words: set[str] = set()
    for text in {line.text for line in lines}:
        words.update(words_of(text))
    return words | {line.answer.lower() for line in lines if isinstance(line, Question) and line.answer}


def longest_in(stories: Iterable[Story]) -> int:
    """How many words the longest sentence has."""
    return max((len(words_of(text)) for text in {line.text for story in stories for line in story.lines}), default=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class QuestionSet:
    """The questions of many stories. `facts (F + 1, J)` are all statements, row 0 none; question q was asked when the facts
    `first[q]` to `last[q] - 1` had been told (from 1); `question (Q, J)`, `answer (Q,)`, `group (Q,)`; `supports (Q, S)` are the
    rows of the facts that the answer rests on, 0 for no further one."""

    facts: Tensor
    first: Tensor
    last: Tensor
    question: Tensor
    answer: Tensor
    group: Tensor
    supports: Tensor

    def __len__(self) -> int:
        return len(self.answer)

    def told(self, rows: Tensor, slots: int) -> tuple[Tensor, Tensor, Tensor]:
        """Memories of at most `slots` for these questions: sentences `(B, N, J)`, ages `(B, N)`, present `(B, N)`.

        Fact f of a story lies in slot f mod N, so that the newest ones stay.
        """
        told = (self.last[rows] - self.first[rows])[:, None]
        count = max(1, min(slots, int(told.max())))
        age = 1 + (told - 1 - torch.arange(count)) % count
        present = age <= told
        fact = torch.where(present, self.last[rows][:, None] - age, 0)
        return self.facts[fact], torch.where(present, age, 0), present

    def supported(self, rows: Tensor, slots: int) -> Tensor:
        """The slots of the supporting facts in those memories, `(B, S)`; -1 where there is no further one, or it is gone."""
        told = (self.last[rows] - self.first[rows])[:, None]
        count = max(1, min(slots, int(told.max())))
        fact = self.supports[rows] - self.first[rows][:, None]
        return torch.where((self.supports[rows] > 0) & (told - fact <= count), fact % count, -1)


def encode(stories: Iterable[tuple[int, Story]], vocabulary: Vocabulary) -> QuestionSet:
    """The questions of the stories, each given with the number of its task. KeyError for an unknown word."""
    rows: dict[str, list[int]] = {}
    facts: list[list[int]] = [[0] * vocabulary.longest]
    questions: list[list[int]] = []
    places: list[tuple[int, int, int, int]] = []
    rests: list[list[int]] = []
    for group, story in stories:
        first = len(facts)
        fact_of: dict[int, int] = {}
        for number, line in enumerate(story.lines, 1):
            row = rows.get(line.text)
            if row is None:
                row = rows[line.text] = vocabulary.row(words_of(line.text))
            if isinstance(line, Question):
                questions.append(row)
                places.append((first, len(facts), vocabulary.answer(line.answer), group))
                rests.append([fact_of[support] for support in line.supports])
            else:
                fact_of[number] = len(facts)
                facts.append(row)
    most = max(1, *map(len, rests))
    supports = torch.tensor([[*rest, *[0] * (most - len(rest))] for rest in rests], dtype=torch.long).reshape(-1, most)
    first_fact, last_fact, answer, task = torch.tensor(places, dtype=torch.long).reshape(-1, 4).unbind(1)
    question = torch.tensor(questions, dtype=torch.long).reshape(-1, vocabulary.longest)
    return QuestionSet(
        facts=torch.tensor(facts), first=first_fact, last=last_fact, question=question, answer=answer, group=task,
        supports=supports,
    )  # fmt: skip


def jittered(ages: Tensor, noise: float, oldest: int, generator: torch.Generator) -> Tensor:
    """Ages with gaps, as if up to a share `noise` of empty slots lay between the sentences: order and sentences stay.

    Of n sentences the ages become n different ones out of 1 to n + r, with r drawn up to ceil(noise n); none beyond `oldest`.
    """
    present = ages > 0
    count = present.sum(1, keepdim=True)
    most = torch.ceil(noise * count) + 1
    reach = count + (torch.rand(len(ages), 1, generator=generator) * most).long()
    age = torch.arange(1, int(reach.max()) + 1)
    chance = torch.rand(len(ages), len(age), generator=generator).masked_fill(age > reach, 2.0)
    enough = chance.sort(1).values.gather(1, (count - 1).clamp(min=0))
    kept = torch.where(chance <= enough, age, len(age) + 1).sort(1).values
    moved = kept.gather(1, (ages - 1).clamp(min=0)).clamp(max=oldest)
    return torch.where(present, moved, 0)
