"""How far back a gradient reaches: what the last answer depends on, by one derivative for each of its bits, on demand.

Shapes: T steps, O bits of an answer.
"""

from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from engine.contract.demonstrations import Series
from engine.contract.messages import EpisodeWish
from engine.sources import Opened
from engine.tasks.base import SequenceBatch

SEED = 4
"""Of the episode whose gradients are taken."""


def input_reach(opened: Opened) -> list[float]:
    """How strongly the last answer depends on the input of each step: the length of its derivative by that input, `(T,)`."""
    episode = opened.task.episode(EpisodeWish(seed=SEED))
    if not isinstance(episode, SequenceBatch):
        raise TypeError("only sequences have an input at each step")
    inputs = episode.inputs.clone().requires_grad_(True)
    last = opened.model(replace(episode, inputs=inputs))[-1, 0]
    return _lengths(torch.stack([row[0][:, 0] for row in _derivatives(last, [inputs])]))


def aim(reach: list[float], step: int) -> float:
    """The share of the squared gradient that goes to the input of one step, counted from 1."""
    energy = np.square(reach)
    return float(energy[step - 1] / max(energy.sum(), 1e-30))


def cell_reach(opened: Opened) -> list[Series]:
    """For an LSTM: how strongly the last answer depends on the cells after each step, beside the product of the forget gates."""
    episode = opened.task.episode(EpisodeWish(seed=SEED))
    keep = _Keep("state.cell", "gates.forget_gate")
    last = opened.model(episode, keep)[-1, 0]
    cells, gates = keep.layer("state.cell"), keep.layer("gates.forget_gate")
    rows = _derivatives(last, cells)
    strength = np.array(_lengths(torch.stack([torch.cat(row) for row in rows])))
    forget = torch.stack(gates).detach().squeeze(1)
    kept = torch.flip(torch.cumprod(torch.flip(forget[1:], (0,)), 0), (0,)).mean(1)  # over the steps that follow
    back = tuple(range(1, len(strength)))
    return [
        Series(name="answer by cell", x=back, y=tuple((strength[::-1] / strength.max())[1:].tolist())),
        Series(name="forget gates", x=back, y=tuple(torch.flip(kept, (0,)).tolist())),
    ]


def _derivatives(answer: Tensor, by: list[Tensor]) -> list[list[Tensor]]:
    """For each bit of the answer its derivative by each of the tensors."""
    found = []
    for bit in answer:
        made = torch.autograd.grad(bit, by, retain_graph=True, allow_unused=True)
        found.append([torch.zeros_like(value) if one is None else one for one, value in zip(made, by, strict=True)])
    return found


def _lengths(rows: Tensor) -> list[float]:
    """The length of the derivatives of all bits at each step: `(bits, T, ...) -> (T,)`."""
    return [float(value) for value in rows.transpose(0, 1).flatten(1).norm(dim=1)]


class _Keep:
    """A probe that keeps some values with their history, so that a derivative by them can be taken."""

    changes = False

    def __init__(self, *channels: str) -> None:
        self._kept: dict[str, dict[tuple[int, int], Tensor]] = {name: {} for name in channels}
        self._step = -1

    def at(self, step: int) -> None:
        """Note the step."""
        self._step = step

    def __call__(self, channel: str, value: Tensor, part: int | None = None) -> Tensor:
        """Keep it as it is."""
        if channel in self._kept and self._step >= 0:
            self._kept[channel][self._step, part or 0] = value
        return value

    def many(self, channel: str, values: Tensor, part: int | None = None, first: int = 0) -> Tensor:
        """Values of many steps at once have no step of their own to be kept at."""
        return values

    def once(self, channel: str, value: Tensor) -> None:
        """What belongs to no step is not kept."""

    def layer(self, channel: str, part: int = 0) -> list[Tensor]:
        """What one layer showed, step by step."""
        return [value for (_, of), value in sorted(self._kept[channel].items(), key=lambda found: found[0]) if of == part]
