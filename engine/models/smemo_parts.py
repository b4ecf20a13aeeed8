"""Parts of SMEMO: what its scenes, states and requests to the memory are, its recurrent cell, and how agents' writes join.

Shapes: B scenes, A agents, K read heads of each agent, T steps, N slots, W slot width, H units.
"""

from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks.frames import Frame

Joined = Literal["max", "max_signed", "sum"]
"""How the writes of all agents become one: the largest of each place and at least nothing; the largest; all of them."""


class Scene(NamedTuple):
    """A batch as the network is given it: `places (B, A, P, 2)` in its frame, `moves (B, A, P, 2)` since the step before (ten
    times as large), `present (B, A)`."""

    places: Tensor
    moves: Tensor
    frame: Frame
    present: Tensor


class State(NamedTuple):
    """What a step hands to the next: `memory (B, N, W)`, the three networks `(B, A, H)`, `(B, A, H)`, `(B, A, K, H)`, and what
    was read, averaged over an agent's heads, `(B, A, W)`."""

    memory: Tensor
    ego: Tensor
    social: Tensor
    decoder: Tensor
    read: Tensor


class Steered(NamedTuple):
    """What the social states ask of the memory: `reads (B, A, K, N)` and `writes (B, A, N)`; `erase`, `add (B, A, W)`."""

    reads: Tensor
    writes: Tensor
    erase: Tensor
    add: Tensor


class Cell(nn.Module):
    """A GRU with a learned first state; its weights are named and laid out as torch's own."""

    def __init__(self, inputs: int, units: int) -> None:
        super().__init__()
        self.weight_ih = nn.Parameter(nn.init.xavier_normal_(torch.empty(3 * units, inputs)))
        self.weight_hh = nn.Parameter(nn.init.xavier_normal_(torch.empty(3 * units, units)))
        self.bias_ih, self.bias_hh = nn.Parameter(torch.zeros(3 * units)), nn.Parameter(torch.zeros(3 * units))
        self.first = nn.Parameter(0.05 * torch.randn(units))

    def forward(self, inputs: Tensor, hidden: Tensor) -> Tensor:
        """One step: `(..., I), (..., H) -> (..., H)`."""
        return self.driven(F.linear(inputs, self.weight_ih, self.bias_ih), hidden)

    def driven(self, driven: Tensor, hidden: Tensor) -> Tensor:
        """The same from what the inputs contribute, `(..., 3H)`."""
        units = hidden.shape[-1]
        carried = F.linear(hidden, self.weight_hh, self.bias_hh)
        reset, keep = torch.sigmoid(driven[..., : 2 * units] + carried[..., : 2 * units]).chunk(2, -1)
        candidate = torch.tanh(torch.addcmul(driven[..., 2 * units :], reset, carried[..., 2 * units :]))
        return torch.lerp(candidate, hidden, keep)

    def all_steps(self, inputs: Tensor) -> Tensor:
        """From the first state on, by torch's kernel: `(T, X, I) -> (T, X, H)`."""
        first = self.first.expand(1, inputs.shape[1], -1).contiguous()
        weights: list[Tensor] = [self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh]
        states: Tensor = torch.gru(inputs, first, weights, True, 1, 0.0, torch.is_grad_enabled(), False, False)[0]
        return states


def small_network(features: int) -> nn.Sequential:
    """Two numbers become `features`: `2 -> 8 -> features`, as in the paper."""
    layers = nn.Linear(2, 8), nn.Linear(8, features)
    for layer in layers:
        nn.init.xavier_normal_(layer.weight)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(layers[0], nn.ReLU(), layers[1])


def join(steered: Steered, present: Tensor, how: Joined) -> tuple[Tensor, Tensor]:
    """What all agents erase and add together, `(B, N, W)` each; their number and order are no matter, and who is absent does
    nothing."""
    where = (steered.writes * present.unsqueeze(-1)).unsqueeze(-1)
    erase, add = where * steered.erase.unsqueeze(-2), where * steered.add.unsqueeze(-2)  # (B, A, N, W)
    if how == "sum":
        return 1 - (1 - erase).prod(1), add.sum(1)
    if how == "max_signed":
        return erase.amax(1), add.masked_fill(~present[..., None, None], -torch.inf).amax(1)
    return erase.amax(1), F.relu(add.amax(1))
