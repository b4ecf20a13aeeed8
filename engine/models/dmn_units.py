"""The gated units of a Dynamic Memory Network: a GRU, and one whose update gate is a number from outside, the attention GRU.

Cho et al. (2014), arXiv:1406.1078; Xiong, Merity & Socher (2016), arXiv:1603.01417, section 3.3.
Shapes: B batch, T places in a sequence, W width, K parts of a unit (reset gate, perhaps update gate, candidate).
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks.recurrent import GatedLayer, Layer


class AttentionLayer(Layer):
    """A GRU without an update gate of its own: how far the state moves is given from outside."""

    parts = 2

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__(inputs, units)
        self._make_orthogonal()


Unit = GatedLayer | AttentionLayer


def driven_by(unit: Unit, inputs: Tensor) -> Tensor:
    """What inputs contribute to gates and candidate: `(..., W)` -> `(..., K W)`."""
    return F.linear(inputs, unit.weight_ih, unit.bias_ih)


def advance(unit: Unit, driven: Tensor, state: Tensor, gate: Tensor) -> Tensor:
    """One step: `(B, K W)`, `(B, W)`, `(B, 1)` -> the state, moved towards its candidate; a gate of 0 leaves it as it was.

    A GRU's own update gate, which is 1 where the old state is kept, allows part of the move.
    """
    width = state.shape[-1]
    carried = F.linear(state, unit.weight_hh, unit.bias_hh)
    opened = torch.sigmoid(driven[..., :-width] + carried[..., :-width])
    candidate = torch.tanh(driven[..., -width:] + opened[..., :width] * carried[..., -width:])
    if unit.parts == GatedLayer.parts:
        gate = gate * (1 - opened[..., width:])
    return state + gate * (candidate - state)


def run_along(unit: Unit, inputs: Tensor, gates: Tensor, back: bool = False) -> Tensor:
    """All steps, one after the other, from the first or back from the last: `(B, T, W)`, `(B, T)` -> states `(B, T, W)`."""
    driven = driven_by(unit, inputs)
    state = inputs.new_zeros(len(inputs), unit.weight_hh.shape[1])
    states = []
    for at in range(inputs.shape[1])[:: -1 if back else 1]:
        state = advance(unit, driven[:, at], state, gates[:, at, None])
        states.append(state)
    return torch.stack(states[:: -1 if back else 1], 1)
