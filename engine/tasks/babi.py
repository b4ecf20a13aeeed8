"""bAbI: short stories about people, places and things, and questions whose answer must be found in what was told.

Weston, Bordes, Chopra & Mikolov, "Towards AI-Complete Question Answering: A Set of Prerequisite Toy Tasks" (2015). The stories
are those of the published files where a folder of them is given, else our own generator tells them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.contract.cards import Channel, Metric, Setting, Settings, TaskCard
from engine.contract.messages import EpisodeWish
from engine.stories import world
from engine.stories.published import Part, has_published, published_stories
from engine.stories.questions import QuestionSet, Vocabulary, encode, jittered, longest_in, words_in
from engine.stories.text import Story
from engine.tasks.babi_episode import build_episode, show_episode
from engine.tasks.base import BadInputError, Batch, Episode, Shown, StoryBatch, StoryEpisode, TaskEntry
from engine.tasks.own_story import read_own_story

GENERATED = tuple(sorted(world.TELLERS))
HELD_OUT = 10
"""Every so-manieth story is never trained on; by these the best checkpoint is chosen."""

MOST_HELD_OUT = 4000
"""More questions than this are not held out together."""

AT_ONCE = 200
"""How many questions are tested together."""

TRAINING_SEED = -1
"""The generator's seed for training; an evaluation draws other stories from its own seed, which is 0 or more."""

Told = list[tuple[int, Story]]


class Babi:
    """The task with its settings, its vocabulary and perhaps a folder of published files in place."""

    def __init__(self, settings: Settings, state: dict[str, list[str]], data: Path | None) -> None:
        self.tasks = read_tasks(str(settings["tasks"]))
        self.slots = int(settings["slots"])
        self._questions, self._noise, self._data = int(settings["questions"]), float(settings["noise"]), data
        self.vocabulary = _kept_vocabulary(state) if state else self._whole_vocabulary()

    @property
    def interface(self) -> dict[str, int]:
        """`words` counts the empty one; each other word may be an answer."""
        words = len(self.vocabulary.words)
        return {"words": words + 1, "answers": words, "longest": self.vocabulary.longest, "slots": self.slots}

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Questions drawn with replacement, the ages of their sentences jittered."""
        questions = self._training
        batch = self._asked(questions, torch.randint(len(questions), (size,), generator=generator))
        if not self._noise:
            return batch
        return replace(batch, ages=jittered(batch.ages, self._noise, self.slots, generator))

    def held_out(self) -> Batch:
        """The questions of every tenth story, or as many of them, drawn once and for all, as are measured in a moment."""
        questions = self._encoded(_every_tenth(self._training_stories, held_out=True))
        drawn = torch.randperm(len(questions), generator=torch.Generator().manual_seed(0))[:MOST_HELD_OUT]
        return self._asked(questions, drawn.sort().values)

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """Questions of the test files that there are, or of generated stories; each task has the same share of `episodes`."""
        share = -(-episodes // len(self._testable))
        for task in self._testable:
            questions = self._encoded([(task, story) for story in self._test_stories(task, share, seed)])
            count = min(share, len(questions))
            for first in range(0, count, AT_ONCE):
                yield self._asked(questions, torch.arange(first, min(first + AT_ONCE, count)))

    def episode(self, wish: EpisodeWish) -> Episode:
        """The user's own story, or one drawn from the seed; tasks take turns from seed to seed."""
        if wish.own.strip():
            return build_episode(-1, read_own_story(wish.own, self.vocabulary), self.vocabulary, self.slots)
        tasks = self._testable
        task = tasks[wish.seed % len(tasks)]
        stories = self._test_stories(task, 5, wish.seed)
        story = stories[wish.seed // len(tasks) % len(stories)] if self._data else stories[0]
        self._refuse_strange([story])
        return build_episode(task, story, self.vocabulary, self.slots)

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Cross-entropy summed over the questions, not averaged: the published learning rate is meant for the sum."""
        return F.cross_entropy(outputs, _asked(batch).answer, reduction="sum")

    def cost(self, loss: float, batch: Batch) -> float:
        """Nats per question."""
        return loss / _asked(batch).size

    def judge(self, outputs: Tensor, batch: Batch) -> float:
        """The share of wrong answers, and only among equals the cost: a model that has learnt its stories by heart is too sure
        of its few wrong answers, so that the cost alone would choose one that answers worse."""
        wrong = float(self.score(outputs, batch)["error"].mean())
        cost = self.cost(float(self.loss(outputs, batch)), batch)
        return wrong + 0.005 * cost / (1 + cost)

    def score(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """1 where the answer is wrong: over all tasks, and for each one, where questions of other tasks are NaN."""
        asked = _asked(batch)
        wrong = (outputs.argmax(-1) != asked.answer).float()
        by_task = {f"by_task.{task}": torch.where(asked.group == task, wrong, torch.nan) for task in self.tasks}
        return {"error": wrong} | by_task

    def show(self, episode: Episode, outputs: Tensor) -> Shown:
        """The tape: the words of each line, the right answer and the one given; which facts are right to look at."""
        if not isinstance(episode, StoryEpisode):
            raise TypeError(f"babi has no {type(episode).__name__}")
        return show_episode(episode, outputs, self.vocabulary)

    def state(self) -> dict[str, list[str]]:
        """The vocabulary."""
        return {"words": list(self.vocabulary.words), "longest": [str(self.vocabulary.longest)]}

    @property
    def times_as_long(self) -> float:
        """Up to three tasks are learnt together in the usual time."""
        return max(1.0, len(self.tasks) / 3)

    def untested(self) -> str:
        """Which tasks have no test file in the folder."""
        missing = [str(task) for task in self.tasks if task not in self._testable]
        return f"not tested, for there is no test file of it here: task {', '.join(missing)}" if missing else ""

    @cached_property
    def _testable(self) -> tuple[int, ...]:
        """Those with a test file in the folder; if it has none of any, the first says so when it is read."""
        if not self._data:
            return self.tasks
        return tuple(task for task in self.tasks if has_published(self._data, task, "test")) or self.tasks

    @cached_property
    def _training_stories(self) -> Told:
        told: Told = []
        for task in self.tasks:
            stories = self._published(task, "train") or world.generate(task, self._questions, TRAINING_SEED)
            told += [(task, story) for story in stories]
        return told

    @cached_property
    def _training(self) -> QuestionSet:
        return self._encoded(_every_tenth(self._training_stories, held_out=False))

    def _test_stories(self, task: int, questions: int, seed: int) -> list[Story]:
        return self._published(task, "test") or world.generate(task, questions, seed)

    def _published(self, task: int, part: Part) -> list[Story]:
        return published_stories(self._data, task, part) if self._data else []

    def _encoded(self, told: Told) -> QuestionSet:
        self._refuse_strange([story for _, story in told])
        return encode(told, self.vocabulary)

    def _refuse_strange(self, stories: list[Story]) -> None:
        if strange := self.vocabulary.strange(stories):
            shown = ", ".join(strange[:8]) + (" ..." if len(strange) > 8 else "")
            raise BadInputError(f"the stories have words that this model never learnt: {shown}")
        if longest_in(stories) > self.vocabulary.longest:
            raise BadInputError(
                f"a sentence has {longest_in(stories)} words; this model reads at most {self.vocabulary.longest} in a line"
            )

    def _whole_vocabulary(self) -> Vocabulary:
        """Words of training and test files together, so that no test answer is beyond reach; or all that the generator knows."""
        if self._data:
            parts: tuple[Part, Part] = "train", "test"
            stories = [story for task in self.tasks for part in parts for story in self._published(task, part)]
            return Vocabulary(sorted(words_in(stories)), longest_in(stories))
        words = set().union(*(world.vocabulary(task) for task in self.tasks))
        return Vocabulary(sorted(words), max(world.LONGEST[task] for task in self.tasks))

    def _asked(self, questions: QuestionSet, rows: Tensor) -> StoryBatch:
        sentences, ages, present = questions.told(rows, self.slots)
        return StoryBatch(
            sentences=sentences, present=present, ages=ages, question=questions.question[rows], answer=questions.answer[rows],
            group=questions.group[rows], supports=questions.supported(rows, self.slots),
        )  # fmt: skip


def read_tasks(text: str) -> tuple[int, ...]:
    """Task numbers from "1,2,3"; BadInputError names what is no task that can be told."""
    offered = f"there are {', '.join(map(str, GENERATED))}, parted by commas"
    tasks: list[int] = []
    for word in text.replace(",", " ").split():
        if not word.isdecimal() or int(word[:6]) not in GENERATED:
            raise BadInputError(f"tasks: {word[:24]!r} is no task that can be told; {offered}")
        tasks.append(int(word))
    if not tasks:
        raise BadInputError(f"tasks: none is named; {offered}")
    return tuple(sorted(set(tasks)))


def _kept_vocabulary(state: dict[str, list[str]]) -> Vocabulary:
    words, longest = state.get("words", []), "".join(state.get("longest", []))
    if not words or not longest.isdecimal() or not 1 <= int(longest[:6]) <= 1000:
        raise BadInputError("the vocabulary that was kept with the weights is damaged")
    return Vocabulary(words, int(longest))


def _every_tenth(told: Told, held_out: bool) -> Told:
    """The stories held out, or all others; at least one of each."""
    if len(told) < HELD_OUT:
        return told[-1:] if held_out else told[: max(1, len(told) - 1)]
    return [story for number, story in enumerate(told) if (number % HELD_OUT == HELD_OUT - 1) == held_out]


def _asked(batch: Batch | Iterable[object]) -> StoryBatch:
    if not isinstance(batch, StoryBatch):
        raise TypeError(f"babi has no {type(batch).__name__}")
    return batch


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> Babi:
    """The task; BadInputError or BadFileError if the settings or the folder cannot be used."""
    return Babi(settings, state, data)


ENTRY = TaskEntry(
    card=TaskCard(
        id="babi",
        name="bAbI stories",
        form="story",
        idea="A short story is told, sentence by sentence, and questions are asked whose answer follows from one, two or three "
        "of its sentences.",
        settings=(
            Setting(name="tasks", default=",".join(map(str, GENERATED)), title="Tasks",
                    says="Numbers of the published tasks, parted by commas: 1 one supporting fact, 2 two, 3 three, 6 yes or no, "
                    "15 deduction."),
            Setting(name="slots", default=50, low=1, high=1000, title="Slots",
                    says="How many facts are kept; of a longer story the newest ones."),
            Setting(name="questions", default=1000, low=1, high=1_000_000, title="Questions",
                    says="How many training questions of each task are generated; published files are taken whole."),
            Setting(name="noise", default=0.1, low=0.0, high=1.0, title="Noise in ages",
                    says="In training, up to this share of empty places is imagined between the facts, so that ages are not "
                    "learnt by heart."),
        ),
        channels=(
            Channel(name="tape.input", axes=("word",), kind="tokens", role="input", bounded=False, low=-1.0, title="line",
                    symbol="x", says="The words of the line that is told or asked."),
            Channel(name="tape.target", axes=(), kind="tokens", role="target", bounded=False, low=-1.0, title="right answer",
                    symbol="a", says="The right answer, where a question is asked."),
            Channel(name="tape.output", axes=(), kind="tokens", role="output", bounded=False, low=-1.0, title="answer given",
                    symbol="â", says="The answer that the network thinks most probable."),
            Channel(name="tape.error", axes=(), kind="scalar", role="error", title="wrong", symbol="wrong",
                    says="1 where the answer is wrong, 0 where it is right."),
            Channel(name="story.supports", axes=("slot",), kind="gate", title="supporting facts", symbol="sup",
                    says="1 at the facts that the right answer rests on; the network is never told them."),
            Channel(name="story.fact", axes=("slot",), kind="tokens", role="holds", bounded=False, low=-1.0,
                    title="fact in each slot", symbol="n", says="Which line of the story lies in each slot after this step."),
        ),
        metrics=(
            Metric(name="error", title="wrong answers", says="The share of questions answered wrongly."),
            Metric(name="by_task", title="wrong answers by task", says="The same among the questions of each task."),
        ),
        own_input="story",
        loss_unit="nats per question",
        is_judged_by_metric=True,
    ),
    build=build,
)  # fmt: skip
