"""A small network that is trained in three stages, for tests: first one part moves, then the other, then none."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from engine.blocks.probe import Probe, silent
from engine.contract.cards import Channel, ModelCard, Settings, Stage, stage_ends
from engine.models.base import MemoryModel, ModelEntry, Recipe

STAGES = (
    Stage(name="first half", says="The first layer learns; the second is held still.", until=0.5, loss_unit="bits per sequence"),
    Stage(name="second half", says="The second layer learns.", until=0.8, loss_unit="thousands of bits"),
    Stage(name="counting", says="Nothing moves; samples are counted.", until=1.0, loss_unit="share of ones"),
)


class Staged(MemoryModel):
    """Two layers; a buffer counts what the last stage has shown."""

    def __init__(self, settings: Settings, interface: dict[str, int]) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(interface["inputs"], 6), nn.Linear(6, interface["outputs"])
        self.register_buffer("counted", torch.tensor(0.0))
        self._stage, self._is_over = 0, False

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Every step from the sum of what came in until then."""
        outputs: Tensor = self.second(torch.tanh(probe("first.hidden", self.first(batch.inputs.cumsum(0)))))
        return outputs

    def learn(self, batch: Any, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """The second stage's loss is a thousand times smaller, the third has no gradient."""
        if self._stage == 2:
            self.counted += batch.size
            return batch.inputs.mean() + 5.0
        value = loss(self(batch)) * (1.0, 1e-3)[self._stage]
        value.backward()
        return value.detach()

    def before_update(self, update: int, updates: int) -> float:
        """Find the stage."""
        ends = stage_ends(CARD.stages, updates)
        self._stage = next(number for number, end in enumerate(ends) if update <= end)
        self._is_over = update >= updates
        return 1.0

    @property
    def learning(self) -> tuple[str, ...]:
        """What moves."""
        return (("first.",), ("second.",), ())[self._stage]

    @property
    def is_ready(self) -> bool:
        """At the very end."""
        return self._is_over


CARD = ModelCard(
    id="staged", name="Staged", short="Staged", year=2026, paper="none", memory="weights only", idea="None.", slots_are="none",
    forms=("sequence",), settings=(), stages=STAGES, loss_unit="the loss of its stage",
    channels=(Channel(name="first.hidden", axes=("unit",), kind="vector", bounded=False, low=-1.0, title="hidden", says="It."),),
)  # fmt: skip

ENTRY = ModelEntry(
    card=CARD,
    build=Staged,
    recipe=lambda _: Recipe(optimiser="adam", learning_rate=1e-2, batch=2, updates=100, clip="norm", clip_at=5.0),
)
