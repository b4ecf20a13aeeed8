"""Small models that can answer from one memory only, and the task that asks them: for the tests of "Who remembered?"."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks.probe import Probe, silent
from engine.contract.cards import Channel, Metric, ModelCard, TaskCard
from engine.contract.messages import EpisodeWish
from engine.models.base import MemoryModel, ModelEntry, Recipe
from engine.sources import Opened
from engine.tasks.base import SequenceBatch, TaskEntry

BITS = 6
SURE = 8.0

EPISODIC = Channel(
    name="scratch.contents", axes=("slot", "feature"), kind="memory", low=-1.0, lifetime="episode", title="scratch", says="Wiped."
)
PERSISTENT = Channel(
    name="store.contents", axes=("slot", "feature"), kind="memory", low=-1.0, lifetime="persistent", title="store", says="Kept."
)


class TwoMemories(MemoryModel):
    """Writes what it sees into a scratch memory that is blank at first; its store holds signs that were learnt for good.

    `answers`: from the scratch memory, the store, the product of both, or whichever has something.
    """

    def __init__(self, answers: str) -> None:
        super().__init__()
        self._answers = answers
        signs = torch.randn(BITS, generator=torch.Generator().manual_seed(1)).sign()
        self.register_buffer("store", signs[None])

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """`(T, 1, BITS)`: nothing at the first step, the answer at the second."""
        probe.at(-1)
        scratch = probe("scratch.contents", torch.zeros(1, 1, BITS))
        store = probe("store.contents", self.store[None])
        said = []
        for step in range(batch.steps):
            probe.at(step)
            if step == 0:
                scratch = 2 * batch.inputs[:1] - 1
            scratch = probe("scratch.contents", scratch)
            store = probe("store.contents", store)
            said.append(SURE * self._answer(scratch[:, 0], store[:, 0]))
        return torch.stack(said)

    def _answer(self, scratch: Tensor, store: Tensor) -> Tensor:
        if self._answers == "both":
            return scratch * store
        if self._answers == "either":
            return torch.where(scratch != 0, scratch, store)
        return scratch if self._answers == "episode" else store


class Recall:
    """Some signs are shown at the first step; at the second one must say them, those in store, or the product of both."""

    def __init__(self, asks: str, store: Tensor) -> None:
        self._asks, self._store = asks, store

    def episode(self, wish: EpisodeWish) -> SequenceBatch:
        """Of the store, the same signs are asked for in each episode, whatever is shown."""
        shown = torch.randn(BITS, generator=torch.Generator().manual_seed(wish.seed)).sign()
        if self._asks == "either":
            shown = self._store
        wanted = {"both": shown * self._store, "persistent": self._store}.get(self._asks, shown)
        inputs, targets = torch.zeros(2, 1, BITS), torch.zeros(2, 1, BITS)
        inputs[0, 0], targets[1, 0] = (shown + 1) / 2, (wanted + 1) / 2
        return SequenceBatch(inputs=inputs, targets=targets, scored=torch.tensor([0.0, 1.0]))

    def loss(self, outputs: Tensor, batch: SequenceBatch) -> Tensor:
        """Nats a bit."""
        return F.binary_cross_entropy_with_logits(outputs[1], batch.targets[1])

    def cost(self, loss: float, batch: SequenceBatch) -> float:
        """Bits per sequence."""
        return loss * BITS / 0.6931

    def score(self, outputs: Tensor, batch: SequenceBatch) -> dict[str, Tensor]:
        """Wrong bits."""
        return {"wrong_bits": ((outputs[1] > 0) != (batch.targets[1] > 0.5)).sum(-1).float()}


def opened(asks: str, channels: tuple[Channel, ...] = (EPISODIC, PERSISTENT)) -> Opened:
    """The model that answers this, with its task."""
    model = TwoMemories(asks).eval()
    card = ModelCard(
        id="two", name="Two memories", short="Two", year=2026, paper="none", memory="episodic", idea="None.", slots_are="rows",
        forms=("sequence",), settings=(), channels=channels,
    )  # fmt: skip
    task = TaskCard(
        id="recall", name="Recall", form="sequence", idea="None.", settings=(), channels=(), loss_unit="bits per sequence",
        metrics=(Metric(name="wrong_bits", title="wrong bits", says="How many."),),
    )  # fmt: skip
    recipe = Recipe(optimiser="adam", learning_rate=1e-3, batch=1, updates=1, clip="norm", clip_at=1.0)
    return Opened(
        model=model, task=Recall(asks, model.store[0]),
        model_entry=ModelEntry(card=card, build=lambda *_: model, recipe=lambda _: recipe),
        task_entry=TaskEntry(card=task, build=lambda *_: None), settings={}, update=0, seed=0, weights_hash="", place="here",
        parameters=0, slots=1,
    )  # fmt: skip
