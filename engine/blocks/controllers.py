"""The networks that steer a memory: an LSTM and a feed-forward controller with one face, and the LSTM step itself.

LSTM: Hochreiter & Schmidhuber (1997), with the forget gate of Gers et al. (2000).
Shapes: B batch, I inputs from outside, V read vectors laid end to end, C controller width, T steps.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from engine.blocks.probe import Probe


class ControllerState(NamedTuple):
    """What a controller carries from step to step: `hidden (B, C)`, `cell (B, C)` (the feed-forward one leaves both unused)."""

    hidden: Tensor
    cell: Tensor


def lstm_step(
    driven: Tensor, cell: Tensor, probe: Probe, organs: tuple[str, str] = ("controller", "controller"), part: int | None = None
) -> tuple[Tensor, Tensor]:
    """One LSTM step from the summed inputs of all gates: `(B, 4C), (B, C) -> hidden (B, C), cell (B, C)`.

    The gates stand in torch's order: input, forget, candidate, output. `organs` name the channels of gates and of state.
    """
    gates, state = organs
    width = cell.shape[-1]
    opened = torch.sigmoid(driven)  # all four at once is quicker; the candidate's quarter is not used
    let_in = probe(f"{gates}.input_gate", opened[:, :width], part)
    keep = probe(f"{gates}.forget_gate", opened[:, width : 2 * width], part)
    candidate = probe(f"{gates}.candidate", torch.tanh(driven[:, 2 * width : 3 * width]), part)
    let_out = probe(f"{gates}.output_gate", opened[:, 3 * width :], part)
    cell = probe(f"{state}.cell", torch.addcmul(keep * cell, let_in, candidate), part)
    hidden = probe(f"{state}.hidden", let_out * torch.tanh(cell), part)
    return hidden, cell


class Controller(nn.Module):
    """What both controllers share: the weights on inputs, read vectors and own state, and a learned first state."""

    inputs_bias: nn.Parameter

    def __init__(self, inputs: int, read: int, width: int, rows: int, recurrent: bool) -> None:
        super().__init__()
        own = width if recurrent else 0
        reach = 5 / math.sqrt(inputs + read + width)  # unusually large, and it trains
        self.inputs_weight = nn.Parameter(torch.empty(rows, inputs).uniform_(-reach, reach))
        self.carried_weight = nn.Parameter(torch.empty(rows, read + own).uniform_(-reach, reach))
        self.width = width

    def drive(self, inputs: Tensor) -> Tensor:
        """What the inputs alone contribute, for all steps at once: `(..., I) -> (..., rows)`."""
        return inputs @ self.inputs_weight.T + self.bias

    @property
    def bias(self) -> Tensor:
        """The sum of all biases, `(rows,)`."""
        raise TypeError(f"{type(self).__name__} names no bias")

    def initial(self, batch: int) -> ControllerState:
        """The state before the first step."""
        raise TypeError(f"{type(self).__name__} names no first state")

    def forward(self, driven: Tensor, read: Tensor, state: ControllerState, probe: Probe) -> tuple[Tensor, ControllerState]:
        """One step: `drive` of its input, read vectors `(B, V)`, state -> hidden `(B, C)`, state."""
        raise TypeError(f"{type(self).__name__} does not say how it steps")


class LSTMController(Controller):
    """An LSTM that also sees what was read; both of torch's biases are kept, so that counts of parameters compare."""

    def __init__(self, inputs: int, read: int, width: int) -> None:
        super().__init__(inputs, read, width, rows=4 * width, recurrent=True)
        self.inputs_bias = nn.Parameter(torch.zeros(4 * width))
        self.carried_bias = nn.Parameter(torch.zeros(4 * width))
        self.first_hidden = nn.Parameter(torch.randn(width) * 0.05)
        self.first_cell = nn.Parameter(torch.randn(width) * 0.05)

    @property
    def bias(self) -> Tensor:
        """Both biases together."""
        return self.inputs_bias + self.carried_bias

    def initial(self, batch: int) -> ControllerState:
        """The learned first state."""
        return ControllerState(self.first_hidden.expand(batch, -1), self.first_cell.expand(batch, -1))

    def forward(self, driven: Tensor, read: Tensor, state: ControllerState, probe: Probe) -> tuple[Tensor, ControllerState]:
        """One LSTM step."""
        summed = torch.addmm(driven, torch.cat((read, state.hidden), dim=-1), self.carried_weight.T)
        hidden, cell = lstm_step(summed, state.cell, probe)
        return hidden, ControllerState(hidden, cell)


class FeedforwardController(Controller):
    """One hidden layer that sees the input and what was read; all that it remembers lies in the memory."""

    def __init__(self, inputs: int, read: int, width: int) -> None:
        super().__init__(inputs, read, width, rows=width, recurrent=False)
        self.inputs_bias = nn.Parameter(torch.zeros(width))

    @property
    def bias(self) -> Tensor:
        """The one bias."""
        return self.inputs_bias

    def initial(self, batch: int) -> ControllerState:
        """No state: two empty tensors."""
        return ControllerState(torch.empty(batch, 0), torch.empty(batch, 0))

    def forward(self, driven: Tensor, read: Tensor, state: ControllerState, probe: Probe) -> tuple[Tensor, ControllerState]:
        """One hidden layer. The paper does not print its curve; ours is tanh."""
        hidden = probe("controller.hidden", torch.tanh(torch.addmm(driven, read, self.carried_weight.T)))
        return hidden, state
