"""Shape names: questions about pictures of a few things, whose names must be learnt by heart, and most of them are rare.

The long tail of Ma et al., "Visual Question Answering with Memory-Augmented Networks" (2018), in a world small enough to be seen
whole: every kind of thing (a shape of a colour) has an invented name, and few kinds are met often.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.contract.cards import Channel, Metric, Setting, Settings, TaskCard
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Array, Event
from engine.pictures.drawing import CELLS, SIDE
from engine.pictures.samples import ASKED, LONGEST, PLACES, WORDS, Samples, World
from engine.tasks.base import BadInputError, Batch, Episode, PictureBatch, PictureEpisode, Shown, TaskEntry

HELD_OUT = 300
"""How many samples choose the best checkpoint."""

AT_ONCE = 200
"""How many samples are tested together."""

OFTEN = {"0": 0, "1-4": 1, "5-19": 5, "20-99": 20, "100+": 100}
"""How often an answer was given in training: the rows of a table, each from so many on."""


class Shapes:
    """The task with its settings in place. Training draws from a finite set of samples; a test shows all kinds equally often."""

    def __init__(self, settings: Settings) -> None:
        self.world = World(int(settings["world"]), float(settings["skew"]))
        self._questions, self._length = int(settings["questions"]), int(settings["length"])

    @property
    def interface(self) -> dict[str, int]:
        """`words` counts the empty one."""
        answers = len(self.world.answers)
        return {"words": len(WORDS) + 1, "answers": answers, "longest": LONGEST, "side": SIDE, "regions": CELLS}

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Samples of the training set, drawn with replacement: `questions / size` updates are, on average, once through it."""
        return _batch(self._training, torch.randint(len(self._training), (size,), generator=generator))

    def held_out(self) -> Batch:
        """Samples that are never trained on, every kind as frequent as another."""
        return self._held_out

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """New samples, every kind as frequent as another, so that rare names count."""
        samples = self.world.draw(episodes, "test", seed, skewed=False)
        for first in range(0, episodes, AT_ONCE):
            yield _strange(samples, torch.arange(first, min(first + AT_ONCE, episodes)))

    def episode(self, wish: EpisodeWish) -> Episode:
        """A stream of new samples drawn from the seed, every kind as frequent as another. BadInputError for the user's own."""
        if wish.own.strip():
            raise BadInputError("pictures cannot be typed in; each seed draws another stream of them")
        samples = self.world.draw(self._length, "episode", wish.seed, skewed=False)
        batch = _strange(samples, torch.arange(len(samples)))
        return PictureEpisode(batch=batch, texts=samples.texts(), places=torch.from_numpy(samples.place))

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Mean cross-entropy, in nats."""
        return F.cross_entropy(outputs, _pictured(batch).answer)

    def cost(self, loss: float, batch: Batch) -> float:
        """Nats per question."""
        return loss

    def judge(self, outputs: Tensor, batch: Batch) -> float:
        """The share of wrong answers, and only among equals the cost."""
        cost = float(self.loss(outputs, batch))
        return float(self.score(outputs, batch)["error"].mean()) + 0.005 * cost / (1 + cost)

    def score(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """1 where the answer is wrong: over all, by what is asked, and by how often the right answer was given in training."""
        pictured = _pictured(batch)
        wrong = (outputs.argmax(-1) != pictured.answer).float()
        seen = self.seen[pictured.answer]
        ends = [*list(OFTEN.values())[1:], len(self._training) + 1]
        by_count = {
            f"by_count.{name}": torch.where((seen >= first) & (seen < end), wrong, torch.nan)
            for (name, first), end in zip(OFTEN.items(), ends, strict=True)
        }
        by_asked = {f"by_asked.{name}": torch.where(pictured.asked == n, wrong, torch.nan) for n, name in enumerate(ASKED)}
        return {"error": wrong} | by_count | by_asked

    def show(self, episode: Episode, outputs: Tensor) -> Shown:
        """The picture, the question, the right answer and the one given, and how often training had shown the right one."""
        if not isinstance(episode, PictureEpisode):
            raise TypeError(f"shapes has no {type(episode).__name__}")
        batch, said, names = episode.batch, outputs.argmax(-1), self.world.answers
        wrong = (said != batch.answer).float()
        asks = F.one_hot(episode.places.clamp(min=0), CELLS) * (episode.places >= 0).unsqueeze(-1)
        return Shown(
            arrays={
                "picture.image": _array(batch.pictures), "picture.asked": _array(asks), "tape.input": _array(batch.question - 1),
                "tape.target": _array(batch.answer), "tape.output": _array(said), "tape.error": _array(wrong),
                "tape.seen": _array(self.seen[batch.answer]),
            },
            events=tuple(
                Event(kind="error", step=step, says=f"It answers {names[said[step]]}; {names[batch.answer[step]]} is right")
                for step in wrong.nonzero().flatten().tolist()
            ),
            labels={
                "step": episode.texts, "answer": names, "word": WORDS, "region": PLACES, "tape.input": WORDS,
                "tape.target": names, "tape.output": names,
            },
            outcome={"error": float(wrong.mean())},
        )  # fmt: skip

    def state(self) -> dict[str, list[str]]:
        """Nothing to keep: the world follows from its number."""
        return {}

    @cached_property
    def seen(self) -> Tensor:
        """How often each answer is given in the training set, `(answers,)`."""
        return torch.from_numpy(np.bincount(self._training.answer, minlength=len(self.world.answers)))

    @cached_property
    def _training(self) -> Samples:
        return self.world.draw(self._questions, "training")

    @cached_property
    def _held_out(self) -> PictureBatch:
        return _strange(self.world.draw(HELD_OUT, "held out", skewed=False), torch.arange(HELD_OUT))


def _batch(samples: Samples, rows: Tensor) -> PictureBatch:
    chosen = rows.numpy()
    return PictureBatch(
        pictures=torch.from_numpy(samples.pictures[chosen]).float() / 255,
        question=torch.from_numpy(samples.question[chosen]),
        answer=torch.from_numpy(samples.answer[chosen]),
        number=rows,
        asked=torch.from_numpy(samples.asked[chosen]),
    )


def _strange(samples: Samples, rows: Tensor) -> PictureBatch:
    """Samples that are not of the training set."""
    batch = _batch(samples, rows)
    return PictureBatch(
        pictures=batch.pictures, question=batch.question, answer=batch.answer, number=torch.full_like(rows, -1), asked=batch.asked
    )


def _pictured(batch: Batch) -> PictureBatch:
    if not isinstance(batch, PictureBatch):
        raise TypeError(f"shapes has no {type(batch).__name__}")
    return batch


def _array(value: Tensor) -> Array:
    array: Array = value.detach().cpu().numpy().astype(np.float32, copy=True)
    return array


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> Shapes:
    """The task. BadInputError if a folder of data is given: it draws its own."""
    if data is not None:
        raise BadInputError(f"{data}: shapes draws its own pictures and reads no data")
    return Shapes(settings)


ENTRY = TaskEntry(
    card=TaskCard(
        id="shapes",
        name="Shape names",
        form="pictures",
        idea="A picture shows two to four things, and a question asks about one place in it: what is it called, what colour, "
        "what shape, or how many? Every kind of thing has an invented name, and most kinds were hardly ever met in training.",
        settings=(
            Setting(name="questions", default=4000, low=20, high=50_000, title="Questions",
                    says="How many different samples the training draws from, over and over."),
            Setting(name="skew", default=1.3, low=0.0, high=3.0, title="Rareness",
                    says="How unequally often kinds are met in training: the kind of rank r as often as 1/r to this power; at 0 "
                    "all alike."),
            Setting(name="world", default=0, low=0, high=1_000_000, title="World",
                    says="Another number gives things other names, makes other kinds rare, and draws other pictures."),
            Setting(name="length", default=10, low=1, high=200, title="Length",
                    says="How many pictures one episode shows, one after the other."),
        ),
        channels=(
            Channel(name="picture.image", axes=("row", "column", "colour"), kind="image", title="picture", symbol="I",
                    says="The picture that is asked about: red, green and blue of each pixel."),
            Channel(name="picture.asked", axes=("region",), kind="gate", title="place asked about", symbol="place",
                    says="1 at the place that the question names; nowhere, where it asks about the whole picture."),
            Channel(name="tape.input", axes=("word",), kind="tokens", role="input", bounded=False, low=-1.0, title="question",
                    symbol="q", says="The words of the question."),
            Channel(name="tape.target", axes=(), kind="tokens", role="target", bounded=False, low=-1.0, title="right answer",
                    symbol="a", says="The right answer."),
            Channel(name="tape.output", axes=(), kind="tokens", role="output", bounded=False, low=-1.0, title="answer given",
                    symbol="â", says="The answer that the network thinks most probable."),
            Channel(name="tape.error", axes=(), kind="scalar", role="error", title="wrong", symbol="wrong",
                    says="1 where the answer is wrong, 0 where it is right."),
            Channel(name="tape.seen", axes=(), kind="positive", bounded=False, title="times seen", symbol="n",
                    says="How many of the training questions had this answer: a rare one must be learnt from few."),
        ),
        metrics=(
            Metric(name="error", title="wrong answers", says="The share of questions answered wrongly; every kind of thing is as "
                   "frequent as another."),
            Metric(name="by_count", title="wrong answers by times seen",
                   says="The same by how many of the training questions had the right answer."),
            Metric(name="by_asked", title="wrong answers by question", says="The same by what is asked."),
        ),
        loss_unit="nats per question",
    ),
    build=build,
)  # fmt: skip
