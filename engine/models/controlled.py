"""What the NTM and the DNC have in common: a controller that steers a memory, one step after the other, and a linear readout.

Shapes: B batch, T steps, I inputs, O outputs, C controller width, R read heads, W slot width.
"""

from typing import Any, Generic, TypeVar

import torch
from torch import Tensor, nn

from engine.blocks.controllers import Controller, FeedforwardController, LSTMController
from engine.blocks.pace import slow_at_the_end
from engine.blocks.probe import Probe, silent
from engine.contract.cards import Setting, Settings
from engine.models.base import MemoryModel

StateT = TypeVar("StateT")
"""All that one step hands to the next."""


class ControlledMemory(MemoryModel, Generic[StateT]):
    """A model says how its state begins and how one step changes it; all the rest stands here.

    The number of slots is no size of any parameter, so trained weights run with any number of slots.
    """

    controller: Controller
    readout: nn.Linear

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.heads, self.width = int(settings["heads"]), int(settings["slot_width"])
        self._slots = int(settings["slots"])

    @property
    def slots(self) -> int:
        """How many slots the memory has."""
        return self._slots

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Run whole episodes: `inputs (T, B, I)` -> logits `(T, B, O)`."""
        state = self.initial(batch.inputs.shape[1], probe)
        said = []
        for step, driven in enumerate(self.controller.drive(batch.inputs).unbind(0)):
            probe.at(step)
            spoken, state = self._advance(driven, state, probe)
            said.append(spoken)
        outputs: Tensor = self.readout(torch.stack(said))
        return outputs

    def step(self, inputs: Tensor, state: StateT, probe: Probe = silent) -> tuple[Tensor, StateT]:
        """Make one step: `(B, I)` and a state -> logits `(B, O)` and the next state."""
        spoken, state = self._advance(self.controller.drive(inputs), state, probe)
        return self.readout(spoken), state

    def initial(self, batch: int, probe: Probe = silent) -> StateT:
        """The state before the first step."""
        raise TypeError(f"{type(self).__name__} does not say how it begins")

    def before_update(self, update: int, updates: int) -> float:
        """The full learning rate, then a tenth of it for the last quarter of the run."""
        return slow_at_the_end(update, updates)

    def _advance(self, driven: Tensor, state: StateT, probe: Probe) -> tuple[Tensor, StateT]:
        """One step from what the inputs drive: what is spoken `(B, C + R W)`, and the next state."""
        raise TypeError(f"{type(self).__name__} does not say how it steps")


def controller_of(settings: Settings, inputs: int) -> Controller:
    """The chosen controller with fresh weights; it sees the input and, of the step before, what every read head read."""
    kind = LSTMController if settings["controller"] == "lstm" else FeedforwardController
    return kind(inputs, int(settings["heads"]) * int(settings["slot_width"]), int(settings["hidden"]))


CONTROLLER = Setting(
    name="controller", default="lstm", choices=("lstm", "feedforward"), title="Controller",
    says="An LSTM has a state of its own; a feed-forward controller remembers only through the memory.",
)  # fmt: skip


def width_settings(slot_width: int, hidden: int) -> tuple[Setting, Setting]:
    """How wide slots and controller are, with these defaults."""
    return (
        Setting(
            name="slot_width", default=slot_width, low=1, high=256, title="Slot width", says="How many numbers a slot holds."
        ),
        Setting(
            name="hidden", default=hidden, low=4, high=1024, title="Controller width", says="How many units the controller has."
        ),
    )
