"""Layers that carry a state from step to step, and stacks of them: plain, gated (GRU) and with a guarded cell (LSTM).

Elman (1990); Hochreiter & Schmidhuber (1997) with the forget gate of Gers et al. (2000); Cho et al. (2014), arXiv:1406.1078.
Weights are named and laid out as torch's own, so that they can be exchanged, and so that torch's fused kernels can run them.
Shapes: B batch, T steps, I inputs, H units of a layer, L layers.
"""

import math
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from engine.blocks.controllers import lstm_step
from engine.blocks.probe import Probe, silent

LayerState = tuple[Tensor, ...]
"""What one layer carries, `(B, H)` each: its hidden state first, and an LSTM's cell second."""

StackState = tuple[LayerState, ...]

Organs = tuple[str, str]
"""What the channels of a layer's gates and of its state are called."""


class Layer(nn.Module):
    """The weights of one layer, uniform within 1/√H; `parts` matrices lie on each other, one for each gate or candidate."""

    parts = 1
    carries = 1

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        reach, rows = 1 / math.sqrt(units), self.parts * units
        self.weight_ih = nn.Parameter(torch.empty(rows, inputs).uniform_(-reach, reach))
        self.weight_hh = nn.Parameter(torch.empty(rows, units).uniform_(-reach, reach))
        self.bias_ih = nn.Parameter(torch.empty(rows).uniform_(-reach, reach))
        self.bias_hh = nn.Parameter(torch.zeros(rows))

    @property
    def weights(self) -> list[Tensor]:
        """In the order in which torch's kernels take them."""
        return [self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh]

    def initial(self, batch: int) -> LayerState:
        """All zero."""
        return tuple(self.weight_hh.new_zeros(batch, self.weight_hh.shape[1]) for _ in range(self.carries))

    def forward(self, inputs: Tensor, state: LayerState, probe: Probe, organs: Organs, part: int | None) -> LayerState:
        """One step: `(B, I)` and what was carried -> what is carried on."""
        raise TypeError(f"{type(self).__name__} does not say how it steps")

    @staticmethod
    def fused(inputs: Tensor, state: LayerState, weights: list[Tensor], layers: int) -> tuple[Tensor, ...]:
        """All steps of all layers at once: `(T, B, I)`, `(L, B, H)` each -> `(T, B, H)`, and what is carried on."""
        raise TypeError("this layer has no fused kernel")

    def _make_orthogonal(self) -> None:
        """A recurrent matrix that neither stretches nor shrinks: else what a plain net carries explodes or fades."""
        with torch.no_grad():
            for block in torch.split(self.weight_hh, self.weight_hh.shape[1]):
                block.copy_(nn.init.orthogonal_(torch.empty_like(block)))


class PlainLayer(Layer):
    """h = tanh(W x + U h before + b): all of the state is made anew at every step."""

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__(inputs, units)
        self._make_orthogonal()

    def forward(self, inputs: Tensor, state: LayerState, probe: Probe, organs: Organs, part: int | None) -> LayerState:
        """One step."""
        driven = torch.addmm(self.bias_ih + self.bias_hh, inputs, self.weight_ih.T)
        return (probe(f"{organs[1]}.hidden", torch.tanh(torch.addmm(driven, state[0], self.weight_hh.T)), part),)

    @staticmethod
    def fused(inputs: Tensor, state: LayerState, weights: list[Tensor], layers: int) -> tuple[Tensor, ...]:
        """By torch's kernel."""
        return torch.rnn_tanh(inputs, state[0], weights, True, layers, 0.0, torch.is_grad_enabled(), False, False)


class GatedLayer(Layer):
    """A GRU in torch's form: the reset gate acts after the recurrent matrix, and an update gate of 1 keeps the old state."""

    parts = 3

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__(inputs, units)
        self._make_orthogonal()

    def forward(self, inputs: Tensor, state: LayerState, probe: Probe, organs: Organs, part: int | None) -> LayerState:
        """One step."""
        driven = torch.addmm(self.bias_ih, inputs, self.weight_ih.T)
        carried = torch.addmm(self.bias_hh, state[0], self.weight_hh.T)
        return (gru_step(driven, carried, state[0], probe, organs, part),)

    @staticmethod
    def fused(inputs: Tensor, state: LayerState, weights: list[Tensor], layers: int) -> tuple[Tensor, ...]:
        """By torch's kernel."""
        return torch.gru(inputs, state[0], weights, True, layers, 0.0, torch.is_grad_enabled(), False, False)


class GuardedLayer(Layer):
    """An LSTM: gates guard an additive cell."""

    parts = 4
    carries = 2

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__(inputs, units)
        with torch.no_grad():
            self.bias_ih[units : 2 * units] = 1.0  # forget gates: else a fresh LSTM forgets half at each step

    def forward(self, inputs: Tensor, state: LayerState, probe: Probe, organs: Organs, part: int | None) -> LayerState:
        """One step."""
        driven = torch.addmm(self.bias_ih + self.bias_hh, inputs, self.weight_ih.T)
        return lstm_step(torch.addmm(driven, state[0], self.weight_hh.T), state[1], probe, organs, part)

    @staticmethod
    def fused(inputs: Tensor, state: LayerState, weights: list[Tensor], layers: int) -> tuple[Tensor, ...]:
        """By torch's kernel."""
        return torch.lstm(inputs, list(state), weights, True, layers, 0.0, torch.is_grad_enabled(), False, False)


def gru_step(driven: Tensor, carried: Tensor, hidden: Tensor, probe: Probe, organs: Organs, part: int | None = None) -> Tensor:
    """One GRU step from what inputs and state contribute: `(B, 3H), (B, 3H), (B, H) -> (B, H)`.

    They stand in torch's order: reset gate, update gate, candidate.
    """
    gates, state = organs
    units = hidden.shape[-1]
    opened = torch.sigmoid(driven[:, : 2 * units] + carried[:, : 2 * units])
    reset = probe(f"{gates}.reset_gate", opened[:, :units], part)
    keep = probe(f"{gates}.update_gate", opened[:, units:], part)
    candidate = torch.tanh(driven[:, 2 * units :] + reset * carried[:, 2 * units :])
    candidate = probe(f"{gates}.candidate", candidate, part)
    return probe(f"{state}.hidden", (1 - keep) * candidate + keep * hidden, part)


class Stack(nn.ModuleList):
    """Layers on each other: each is fed with the hidden state of the one below."""

    def __init__(self, layers: Iterable[Layer]) -> None:
        super().__init__(layers)
        self._layers: tuple[Layer, ...] = tuple(layer for layer in self if isinstance(layer, Layer))

    def initial(self, batch: int) -> StackState:
        """All zero."""
        return tuple(layer.initial(batch) for layer in self._layers)

    def forward(
        self, inputs: Tensor, state: StackState, probe: Probe = silent, organs: Organs = ("gates", "state")
    ) -> tuple[Tensor, StackState]:
        """One step: `(B, I)` -> the last layer's hidden state `(B, H)`, and what all layers carry on."""
        after = []
        for part, (layer, before) in enumerate(zip(self._layers, state, strict=True)):
            carried: LayerState = layer(inputs, before, probe, organs, part)
            inputs = carried[0]
            after.append(carried)
        return inputs, tuple(after)

    def fused(self, inputs: Tensor, state: StackState) -> tuple[Tensor, StackState]:
        """All steps at once, the same numbers: `(T, B, I)` -> `(T, B, H)`, and what all layers carry on."""
        together = tuple(torch.stack(each) for each in zip(*state, strict=True))
        weights = [weight for layer in self._layers for weight in layer.weights]
        outputs, *carried = self._layers[0].fused(inputs, together, weights, len(self._layers))
        return outputs, tuple(zip(*(each.unbind(0) for each in carried), strict=True))


def stack(kind: type[Layer], inputs: int, units: int, layers: int) -> Stack:
    """So many layers of one kind, of `units` each; the lowest takes `inputs`."""
    return Stack(kind(size, units) for size in (inputs, *[units] * (layers - 1)))
