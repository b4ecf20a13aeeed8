"""LSTM: a recurrent net whose whole memory is one state vector per layer, guarded by gates.

Hochreiter & Schmidhuber, "Long Short-Term Memory" (1997); the forget gate is Gers, Schmidhuber & Cummins (2000).
Shapes: B batch, T steps, I inputs, H units of a layer.
"""

import math
from typing import Any

import torch
from torch import Tensor, nn

from engine.blocks.controllers import lstm_step
from engine.blocks.probe import Probe, silent
from engine.contract.cards import Channel, MicroStep, ModelCard, Setting, Settings
from engine.models.base import MemoryModel, ModelEntry, Recipe

ORGANS = ("gates", "state")

SLOW_TAIL = 0.75
"""From this share of a run on, the learning rate is a tenth: the cost settles."""

LSTMState = tuple[tuple[Tensor, Tensor], ...]
"""For each layer its hidden state and its cell, `(B, H)` each."""


class Layer(nn.Module):
    """The weights of one layer, named and laid out as torch's own, so that they can be exchanged."""

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        reach = 1 / math.sqrt(units)
        self.weight_ih = nn.Parameter(torch.empty(4 * units, inputs).uniform_(-reach, reach))
        self.weight_hh = nn.Parameter(torch.empty(4 * units, units).uniform_(-reach, reach))
        self.bias_ih = nn.Parameter(torch.empty(4 * units).uniform_(-reach, reach))
        self.bias_hh = nn.Parameter(torch.zeros(4 * units))
        with torch.no_grad():
            self.bias_ih[units : 2 * units] = 1.0  # forget gates: else a fresh LSTM forgets half at each step

    def forward(self, inputs: Tensor, state: tuple[Tensor, Tensor], probe: Probe, part: int) -> tuple[Tensor, Tensor]:
        """One step of this layer: `(B, I)` -> its new hidden state and cell."""
        hidden, cell = state
        driven = torch.addmm(self.bias_ih + self.bias_hh, inputs, self.weight_ih.T)
        return lstm_step(torch.addmm(driven, hidden, self.weight_hh.T), cell, probe, ORGANS, part)


class LSTM(MemoryModel):
    """One to three layers and a linear readout of the last."""

    def __init__(self, settings: Settings, inputs: int, outputs: int) -> None:
        super().__init__()
        self.units = int(settings["hidden"])
        sizes = [inputs, *[self.units] * (int(settings["layers"]) - 1)]
        self.layers = nn.ModuleList(Layer(size, self.units) for size in sizes)
        self.readout = nn.Linear(self.units, outputs)

    @property
    def slots(self) -> int:
        """It has no slots; its memory is its units, addressed all at once."""
        return self.units * len(self.layers)

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Run whole episodes: `inputs (T, B, I)` -> logits `(T, B, O)`."""
        state = self.initial(batch.inputs.shape[1])
        said = []
        for step, inputs in enumerate(batch.inputs.unbind(0)):
            probe.at(step)
            spoken, state = self._advance(inputs, state, probe)
            said.append(spoken)
        outputs: Tensor = self.readout(torch.stack(said))
        return outputs

    def before_update(self, update: int, updates: int) -> float:
        """The full learning rate, then a tenth of it for the last quarter of the run."""
        return 1.0 if update <= SLOW_TAIL * updates else 0.1

    def step(self, inputs: Tensor, state: LSTMState, probe: Probe = silent) -> tuple[Tensor, LSTMState]:
        """Make one step: `(B, I)` and a state -> logits `(B, O)` and the next state."""
        spoken, state = self._advance(inputs, state, probe)
        return self.readout(spoken), state

    def initial(self, batch: int) -> LSTMState:
        """All zero."""
        return tuple((torch.zeros(batch, self.units), torch.zeros(batch, self.units)) for _ in self.layers)

    def _advance(self, inputs: Tensor, state: LSTMState, probe: Probe) -> tuple[Tensor, LSTMState]:
        after = []
        for part, (layer, before) in enumerate(zip(self.layers, state, strict=True)):
            inputs, cell = layer(inputs, before, probe, part)
            after.append((inputs, cell))
        return inputs, tuple(after)


def build(settings: Settings, interface: dict[str, int]) -> LSTM:
    """A net with fresh weights for a task of form "sequence"."""
    return LSTM(settings, interface["inputs"], interface["outputs"])


def recipe(task: str) -> Recipe:
    """Adam, with the gradient's length limited to 1."""
    return Recipe(optimiser="adam", learning_rate=1e-3, batch=32, updates=40_000, clip="norm", clip_at=1.0)


def _gate(name: str, letter: str, says: str) -> Channel:
    return Channel(
        name=f"gates.{name}_gate", axes=("layer", "unit"), kind="gate", title=f"{name} gate", symbol=letter,
        formula=f"{letter} = σ(linear(x, h before))", says=says,
    )  # fmt: skip


CHANNELS: tuple[Channel, ...] = (
    Channel(
        name="state.hidden", axes=("layer", "unit"), kind="vector", low=-1.0, title="hidden state", symbol="h",
        formula="h = o · tanh(c)", lifetime="episode",
        says="What each unit shows: the output is read from it, and the next step's gates see it.",
    ),
    Channel(
        name="state.cell", axes=("layer", "unit"), kind="vector", low=-1.0, bounded=False, title="cell", symbol="c",
        formula="c = f · c before + i · g", lifetime="episode",
        says="What each unit remembers. This is all the memory there is, and every step touches all of it.",
    ),
    _gate("input", "i", "How much of the candidate each unit takes in: 0 nothing, 1 all of it."),
    _gate("forget", "f", "How much of its cell each unit keeps: 0 forgets it, 1 keeps it whole."),
    _gate("output", "o", "How much of its cell each unit shows."),
    Channel(
        name="gates.candidate", axes=("layer", "unit"), kind="vector", low=-1.0, title="candidate", symbol="g",
        formula="g = tanh(linear(x, h before))", says="What each unit would take in.",
    ),
)  # fmt: skip

MICRO_STEPS: tuple[MicroStep, ...] = (
    MicroStep(name="gates", says="Each unit decides what to take in, what to keep and what to show.",
              channels=("gates.input_gate", "gates.forget_gate", "gates.candidate", "gates.output_gate")),
    MicroStep(name="cell", says="Each cell keeps a part of itself and takes in a part of the new.", channels=("state.cell",)),
    MicroStep(name="output", says="Each unit shows a part of its cell.", channels=("state.hidden",)),
)  # fmt: skip

ENTRY = ModelEntry(
    card=ModelCard(
        id="lstm",
        name="Long Short-Term Memory",
        short="LSTM",
        year=1997,
        paper="Hochreiter & Schmidhuber, Long Short-Term Memory, Neural Computation 9(8), 1997",
        memory="recurrent state",
        idea="A recurrent net keeps all it knows in one state vector; gates decide what each unit takes in, keeps and shows.",
        slots_are="units",
        forms=("sequence",),
        settings=(
            Setting(name="hidden", default=256, low=1, high=2048, title="Units", says="How many units a layer has."),
            Setting(name="layers", default=1, low=1, high=3, title="Layers", says="How many layers lie on each other."),
        ),
        channels=CHANNELS,
        micro_steps=MICRO_STEPS,
        first_panes=("Tape", "State and gates", "Curves"),
        parameter_formula="4H(I+H) + 8H, + 8H² + 8H for each further layer, + O(H+1)",
        code="engine/models/lstm.py",
    ),
    build=build,
    recipe=recipe,
)
