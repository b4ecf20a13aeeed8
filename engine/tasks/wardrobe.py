"""Wardrobe: which bottoms go with a top? Several styles do, and a good list offers all of them and not their mean.

After the setting of De Divitiis et al., "Garment Recommendation with Memory Augmented Neural Networks" (2020), with garments that
we draw and rules that we know (`engine.garments.rules`), or with photographs from a folder (`engine.garments.folder`).
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.contract.cards import Channel, Metric, Setting, Settings, TaskCard
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Array, Event, Phase
from engine.garments.closet import Closet, Pairs, drawn_closet
from engine.garments.folder import read_folder
from engine.garments.plain import Ridge
from engine.garments.rank import auc, diversity, hits, order_of
from engine.tasks.base import BadInputError, Batch, Episode, GarmentBatch, GarmentEpisode, Shown, TaskEntry

HELD_OUT, TESTED, POOL = 200, 40, 800
"""Pairs that choose the best checkpoint, pairs for each phase of a stream, and pairs that a random memory is drawn from."""

AT_ONCE = 250
"""How many pairs are tested together."""

KS = (1, 3, 5, 10)
SHOWN = 5
"""Lengths of the list in the table, and the one that the headline figures are of."""


class Wardrobe:
    """The task with its settings in place. Training draws from a finite set of pairs."""

    def __init__(self, settings: Settings, closet: Closet) -> None:
        self.closet, self._length = closet, int(settings["length"])

    @property
    def interface(self) -> dict[str, int]:
        """The side of a picture, how many bottoms are on offer, how many tops there are."""
        return {"side": self.closet.side, "catalogue": len(self.closet.bottoms), "shelf": len(self.closet.tops)}

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Pairs of the training set, drawn with replacement."""
        return self._training(torch.randint(self.closet.size, (size,), generator=generator))

    def held_out(self) -> Batch:
        """Pairs that are never trained on."""
        return self._held_out

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """New pairs, of the sorts of tops that training shows (of a folder: its test rows)."""
        tops, bottoms, *pictures = self.closet.draw("test", episodes, seed)
        for first in range(0, len(tops), AT_ONCE):
            some = slice(first, first + AT_ONCE)
            pairs = tops[some], bottoms[some], pictures[0][some], pictures[1][some]
            yield replace(self._strange(pairs), pool=self._pool)

    def episode(self, wish: EpisodeWish) -> Episode:
        """A stream of new pairs drawn from the seed; its second half has tops of hues that training never showed."""
        if wish.own.strip():
            raise BadInputError("garments cannot be typed in; each seed draws another stream of them")
        parts = self.closet.stream(self._length, wish.seed)
        tops, bottoms, *pictures = (np.concatenate([part[place] for _, part in parts]) for place in range(4))
        batch = self._strange((tops, bottoms, pictures[0], pictures[1]))
        phase = np.repeat(np.arange(len(parts)), [len(part[0]) for _, part in parts])
        names = self.closet.top_names, self.closet.bottom_names
        return GarmentEpisode(
            batch=batch,
            texts=tuple(f"{names[0][top]} with {names[1][bottom]}" for top, bottom in zip(tops, bottoms, strict=True)),
            tests=tuple(self._strange(self.closet.draw(name, TESTED, 0)) for name, _ in parts),
            phase=torch.from_numpy(phase),
        )

    def loss(self, outputs: Tensor, batch: Batch) -> Tensor:
        """Mean cross-entropy of the list's scores, in nats; a model of this form has a loss of its own."""
        return F.cross_entropy(outputs, _worn(batch).bottom.clamp(min=0))

    def cost(self, loss: float, batch: Batch) -> float:
        """As it is."""
        return loss

    def judge(self, outputs: Tensor, batch: Batch) -> float:
        """The share of lists without a bottom of the right category and colour."""
        return 1 - float(self.score(outputs, batch, told=False)["hit"].nanmean())

    def score(self, outputs: Tensor, batch: Batch, told: bool = True) -> dict[str, Tensor]:
        """How good the list is: by its length, against negatives, and beside predictors without a memory."""
        worn = _worn(batch)
        order = order_of(outputs)
        found = self._listed(order, worn)
        if not told:
            return found
        for k in KS:
            found |= {f"by_k.{k}.{name}": value for name, value in hits(self.closet, order, worn.top, worn.bottom, k).items()}
        plain = order_of(self._ridge.scores(worn.tops, worn.catalogue))
        return (
            found
            | {f"regression.{name}": value for name, value in self._listed(plain, worn).items()}
            | self._beside(outputs, worn)
        )

    def brief(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """Of a list of five: hit, precision and coverage; and the precision of shorter lists."""
        order, worn = order_of(outputs), _worn(batch)
        shorter = {f"precision_at_{k}": hits(self.closet, order, worn.top, worn.bottom, k)["precision"] for k in KS if k < SHOWN}
        return self._listed(order, worn) | shorter

    def show(self, episode: Episode, outputs: Tensor) -> Shown:
        """Top and bottom, what is first on the list, and whether it is right."""
        if not isinstance(episode, GarmentEpisode):
            raise TypeError(f"wardrobe has no {type(episode).__name__}")
        batch, closet = episode.batch, self.closet
        order = order_of(outputs)
        first = order[:, 0]
        hit = self._listed(order, batch)["hit"]
        missed = 1 - hit.nan_to_num(nan=1.0)
        fits = closet.modes_of(batch.top)
        phases = [] if episode.phase is None else episode.phase.tolist()
        names = closet.phase_names
        starts = [t for t in range(len(phases)) if t == 0 or phases[t] != phases[t - 1]]
        ends = [*starts[1:], len(phases)]
        return Shown(
            arrays={
                "scene.top": _array(batch.tops), "scene.bottom": _array(batch.bottoms), "tape.input": _array(batch.top),
                "tape.target": _array(batch.bottom), "tape.output": _array(first), "tape.error": _array(missed),
                "scene.fits": _array(fits),
                "scene.catalogue": np.broadcast_to(_array(batch.catalogue), (batch.size, *batch.catalogue.shape)),
            },
            phases=tuple(Phase(name=names[phases[a]], first=a, last=b - 1) for a, b in zip(starts, ends, strict=True)),
            events=tuple(
                Event(kind="error", step=step, says=f"None of the first {SHOWN} has the category and colour of what was worn")
                for step in (missed > 0.5).nonzero().flatten().tolist()
            ),
            labels={
                "step": episode.texts, "sample": episode.texts, "answer": closet.bottom_names, "tape.input": closet.top_names,
                "tape.target": closet.bottom_names, "tape.output": closet.bottom_names, "scene.fits": closet.mode_names,
            },
            outcome={"error": float(missed.mean())},
        )  # fmt: skip

    def state(self) -> dict[str, list[str]]:
        """Nothing to keep: all follows from the settings, or from the folder."""
        return {}

    def _listed(self, order: Tensor, batch: GarmentBatch) -> dict[str, Tensor]:
        found = hits(self.closet, order, batch.top, batch.bottom, SHOWN)
        return {name: found[name] for name in ("hit", "precision", "coverage")}

    def _beside(self, outputs: Tensor, worn: GarmentBatch) -> dict[str, Tensor]:
        """AUC, and how varied the list is."""
        varied = diversity(self.closet.alike[0], order_of(outputs)[:, :SHOWN])
        return {"auc": auc(self.closet, outputs, worn.top, worn.bottom), "diversity": varied}

    @cached_property
    def _held_out(self) -> GarmentBatch:
        return self._strange(self.closet.draw("held out", HELD_OUT, 0))

    @cached_property
    def _pool(self) -> GarmentBatch:
        return self._training(torch.arange(min(POOL, self.closet.size)))

    @cached_property
    def _ridge(self) -> Ridge:
        worn = self._pool
        return Ridge(worn.tops, worn.bottoms)

    def _training(self, rows: Tensor) -> GarmentBatch:
        chosen = rows.numpy()
        tops, bottoms, top_pictures, bottom_pictures = self.closet.training
        return self._of((tops[chosen], bottoms[chosen], top_pictures[chosen], bottom_pictures[chosen]), chosen)

    def _strange(self, pairs: Pairs) -> GarmentBatch:
        """Pairs that are not of the training set."""
        return self._of(pairs, np.full(len(pairs[0]), -1))

    def _of(self, pairs: Pairs, number: np.ndarray) -> GarmentBatch:
        tops, bottoms, top_pictures, bottom_pictures = pairs
        closet = self.closet
        return GarmentBatch(
            tops=_light(top_pictures), bottoms=_light(bottom_pictures), catalogue=closet.bottom_pictures,
            shelf=closet.top_pictures, top=torch.from_numpy(tops), bottom=torch.from_numpy(bottoms),
            number=torch.from_numpy(number), alike=closet.alike,
        )  # fmt: skip


def _light(pictures: np.ndarray) -> Tensor:
    return torch.from_numpy(pictures).float() / 255


def _worn(batch: Batch) -> GarmentBatch:
    if not isinstance(batch, GarmentBatch):
        raise TypeError(f"wardrobe has no {type(batch).__name__}")
    return batch


def _array(value: Tensor) -> Array:
    array: Array = value.detach().cpu().numpy().astype(np.float32, copy=True)
    return array


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> Wardrobe:
    """The task, on garments that we draw or on those of a folder. BadInputError if the folder cannot be used."""
    if data is not None:
        return Wardrobe(settings, read_folder(data))
    return Wardrobe(settings, drawn_closet(int(settings["wardrobe"]), int(settings["pairs"]), int(settings["new_hues"])))


_TABLE = "hit, category, colour, precision and coverage"

ENTRY = TaskEntry(
    card=TaskCard(
        id="wardrobe",
        name="Wardrobe",
        form="garments",
        idea="A top is shown: which bottoms go with it? Three styles do, by rules that nobody tells: a neutral one, one in the "
        "complementary colour, one in a neighbouring colour. The mean of them is none of them.",
        settings=(
            Setting(name="pairs", default=3000, low=20, high=10_000, title="Pairs",
                    says="How many different pairs the training draws from, over and over."),
            Setting(name="new_hues", default=2, low=0, high=11, title="New hues",
                    says="Of twelve hues, how many no top of the training has; the second half of an episode shows only those."),
            Setting(name="wardrobe", default=0, low=0, high=1_000_000, title="Wardrobe",
                    says="Another number draws other pairs."),
            Setting(name="length", default=80, low=2, high=600, title="Length",
                    says="How many pairs one episode shows, one after the other."),
        ),
        channels=(
            Channel(name="scene.top", axes=("row", "column", "colour"), kind="image", role="past", title="top", symbol="t",
                    says="The top that something is wanted for."),
            Channel(name="scene.bottom", axes=("row", "column", "colour"), kind="image", role="truth", title="bottom worn",
                    symbol="b", says="What was worn with it: one of several bottoms that would go."),
            Channel(name="scene.catalogue", axes=("answer", "row", "column", "colour"), kind="image", once=True,
                    lifetime="persistent", title="on offer", symbol="C", says="Every bottom that can be offered."),
            Channel(name="scene.fits", axes=("answer",), kind="tokens", bounded=False, low=-1.0, title="goes with it",
                    symbol="rule", says="By which of the hidden rules each bottom goes with the top; no network sees it."),
            Channel(name="tape.input", axes=(), kind="tokens", role="input", bounded=False, low=-1.0, title="top",
                    symbol="t", says="The top in words."),
            Channel(name="tape.target", axes=(), kind="tokens", role="target", bounded=False, low=-1.0, title="worn with it",
                    symbol="b", says="The bottom that was worn, in words."),
            Channel(name="tape.output", axes=(), kind="tokens", role="output", bounded=False, low=-1.0, title="first offered",
                    symbol="b̂", says="The first bottom on the list."),
            Channel(name="tape.error", axes=(), kind="scalar", role="error", title="missed", symbol="missed",
                    says="1 where none of the first five has the category and colour of what was worn."),
        ),
        metrics=(
            Metric(name="hit", title="hit@5", says="The share of lists of five with a bottom of the category and the colour of "
                   "what was worn."),
            Metric(name="precision", title="compatible precision@5", says="The share of a list of five that goes with the "
                   "top, by any of the hidden rules."),
            Metric(name="coverage", title="mode coverage@5", says="The share of the ways to go with the top that a list of five "
                   "offers."),
            Metric(name="auc", title="AUC", says="The share of bottoms that do not go with the top which stand below the one "
                   "that was worn."),
            Metric(name="diversity", title="variety", says="The share by which bottoms on a list of five differ, on average."),
            Metric(name="by_k", title="by length", says=f"The same by the list's length: {_TABLE}."),
            Metric(name="regression", title="linear regression", says="The same of a linear regression from picture to picture, "
                   "without a memory."),
            Metric(name="memory_off", title="memory off", says="The same with nothing retrieved."),
            Metric(name="memory_shuffled", title="values shuffled", says="The same with every stored bottom at another top."),
            Metric(name="random_memory", title="random memory", says="The same with as many training pairs, kept at random."),
            Metric(name="whole_memory", title="everything kept", says="The same with 800 training pairs kept, one and all."),
            Metric(name="memory_rows", title="memory", says="How many slots of the memory hold something.", unit="slots"),
            Metric(name="samples_presented", title="presented", says="How many pairs were presented while the memory was filled.",
                   unit="pairs"),
            Metric(name="rows_by_half", title="memory by half", says="How many slots hold pairs of shapes, and of colours.",
                   unit="slots"),
        ),
        loss_unit="nats",
    ),
    build=build,
)  # fmt: skip
