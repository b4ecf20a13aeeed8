"""What RNN, GRU and LSTM have in common: a stack of layers that steps through an episode, and a linear readout.

Shapes: B batch, T steps, I inputs, O outputs, H units of a layer.
"""

from typing import Any

import torch
from torch import Tensor, nn

from engine.blocks.pace import slow_at_the_end
from engine.blocks.probe import Probe, silent
from engine.blocks.recurrent import Layer, StackState, stack
from engine.contract.cards import Channel, MicroStep, Setting, Settings
from engine.models.base import MemoryModel, Recipe

TORCH_KERNEL = "all steps in one call of torch's kernel"
"""How recurrent nets say by which path they learn."""


class RecurrentNet(MemoryModel):
    """One to three layers and a linear readout of the last. It has no slots: its memory is its units, addressed all at once."""

    def __init__(self, kind: type[Layer], settings: Settings, inputs: int, outputs: int) -> None:
        super().__init__()
        self.units = int(settings["hidden"])
        self.layers = stack(kind, inputs, self.units, int(settings["layers"]))
        self.readout = nn.Linear(self.units, outputs)

    @property
    def slots(self) -> int:
        """The units of all layers."""
        return self.units * len(self.layers)

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Run whole episodes: `inputs (T, B, I)` -> logits `(T, B, O)`."""
        state = self.initial(batch.inputs.shape[1])
        said = []
        for step, inputs in enumerate(batch.inputs.unbind(0)):
            probe.at(step)
            spoken, state = self.layers(inputs, state, probe)
            said.append(spoken)
        outputs: Tensor = self.readout(torch.stack(said))
        return outputs

    def fused(self, batch: Any) -> Tensor:
        """The same by torch's own kernel, which makes all steps in one call."""
        spoken, _ = self.layers.fused(batch.inputs, self.initial(batch.inputs.shape[1]))
        outputs: Tensor = self.readout(spoken)
        return outputs

    @property
    def path(self) -> str:
        """By torch's kernel, always."""
        return TORCH_KERNEL

    def before_update(self, update: int, updates: int) -> float:
        """The full learning rate, then a tenth of it for the last quarter of the run."""
        return slow_at_the_end(update, updates)

    def step(self, inputs: Tensor, state: StackState, probe: Probe = silent) -> tuple[Tensor, StackState]:
        """Make one step: `(B, I)` and a state -> logits `(B, O)` and the next state."""
        spoken, state = self.layers(inputs, state, probe)
        return self.readout(spoken), state

    def initial(self, batch: int) -> StackState:
        """All zero."""
        return self.layers.initial(batch)


SETTINGS = (
    Setting(name="hidden", default=256, low=1, high=2048, title="Units", says="How many units a layer has."),
    Setting(name="layers", default=1, low=1, high=3, title="Layers", says="How many layers lie on each other."),
)

FIRST_PANES = ("Tape", "State and gates", "Architecture", "Curves")


def recipe(task: str) -> Recipe:
    """Adam, with the gradient's length limited to 1."""
    return Recipe(optimiser="adam", learning_rate=1e-3, batch=32, updates=40_000, clip="norm", clip_at=1.0)


def gate(name: str, letter: str, says: str, organ: str = "gates", owner: str = "") -> Channel:
    """The card of a gate: one number in [0, 1] for each unit of each layer."""
    return Channel(
        name=f"{organ}.{name}_gate", axes=("layer", "unit"), kind="gate", title=f"{owner}{name} gate", symbol=letter,
        formula=f"{letter} = σ(linear(x, h before))", says=says,
    )  # fmt: skip


def hidden_state(formula: str, says: str, organ: str = "state", owner: str = "") -> Channel:
    """The card of the hidden state."""
    return Channel(
        name=f"{organ}.hidden", axes=("layer", "unit"), kind="vector", low=-1.0, title=f"{owner}hidden state", symbol="h",
        formula=formula, lifetime="episode", says=says,
    )  # fmt: skip


def candidate(letter: str, formula: str, organ: str = "gates", owner: str = "") -> Channel:
    """The card of what each unit would take in."""
    return Channel(
        name=f"{organ}.candidate", axes=("layer", "unit"), kind="vector", low=-1.0, title=f"{owner}candidate", symbol=letter,
        formula=formula, says="What each unit would take in.",
    )  # fmt: skip


def lstm_channels(gates: str = "gates", state: str = "state", owner: str = "") -> tuple[Channel, ...]:
    """The cards of all that an LSTM shows."""
    return (
        hidden_state("h = o · tanh(c)", "What each unit shows: the output is read from it, and the next step's gates see it.",
                     state, owner),
        Channel(
            name=f"{state}.cell", axes=("layer", "unit"), kind="vector", low=-1.0, bounded=False, title=f"{owner}cell",
            symbol="c", formula="c = f · c before + i · g", lifetime="episode",
            says="What each unit remembers. This is all the memory there is, and every step touches all of it.",
        ),
        gate("input", "i", "How much of the candidate each unit takes in: 0 nothing, 1 all of it.", gates, owner),
        gate("forget", "f", "How much of its cell each unit keeps: 0 forgets it, 1 keeps it whole.", gates, owner),
        gate("output", "o", "How much of its cell each unit shows.", gates, owner),
        candidate("g", "g = tanh(linear(x, h before))", gates, owner),
    )  # fmt: skip


def lstm_micro_steps(*organs: tuple[str, str]) -> tuple[MicroStep, ...]:
    """The stages of an LSTM step; `organs` name the gates and the state of each net of which one runs at a step."""
    names = ("input_gate", "forget_gate", "candidate", "output_gate")
    return (
        MicroStep(name="gates", says="Each unit decides what to take in, what to keep and what to show.",
                  channels=tuple(f"{gates}.{name}" for gates, _ in organs for name in names)),
        MicroStep(name="cell", says="Each cell keeps a part of itself and takes in a part of the new.",
                  channels=tuple(f"{state}.cell" for _, state in organs)),
        MicroStep(name="output", says="Each unit shows a part of its cell.",
                  channels=tuple(f"{state}.hidden" for _, state in organs)),
    )  # fmt: skip
