"""The quick path of the Differentiable Neural Computer: arrays for the compiled kernel, and its place among torch's gradients.

Letters as in `dnc_kernel.py`.
"""

from dataclasses import dataclass
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.contract.trace import Array

EMPTY_LENGTH = 1e-6**0.5
"""The firm length of a slot with nothing in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computer:
    """The sizes that are fixed by the model: `units` of the controller, `wishes` in all."""

    heads: int
    width: int
    slots: int
    units: int
    is_lstm: bool

    @property
    def places(self) -> tuple[int, ...]:
        """Where the wishes begin, in the order of the kernel's `Places`."""
        heads, width = self.heads, self.width
        add = (heads + 1) * width
        strength = add + width
        free = strength + heads + 1
        return heads, width, add, strength, free, free + heads, free + heads + 1, free + heads + 2, free + heads + 2 + width


class Given(NamedTuple):
    """What the machine is run with: what the inputs drive `(T, B, G)`, the controller's first state `(B, H)` each (empty for a
    feed-forward one), the weights `carried (G, R W [+ H])`, `steering (P, H)`, `bias (P,)`."""

    driven: Tensor
    hidden: Tensor
    cell: Tensor
    carried: Tensor
    steering: Tensor
    bias: Tensor

    def row(self, number: int) -> "Given":
        """One sequence alone."""
        alone = slice(number, number + 1)
        return self._replace(driven=self.driven[:, alone], hidden=self.hidden[alone], cell=self.cell[alone])


class Unroller:
    """Runs whole sequences through the compiled kernel."""

    def __init__(self, kernel: ModuleType, computer: Computer) -> None:
        self.kernel, self.computer = kernel, computer
        self.places = kernel.Places(*computer.places)

    def run(self, given: Given) -> Tensor:
        """What is said at each step, the controller's output and then what was read: `(T, B, H + R W)`."""
        if torch.is_grad_enabled() and any(tensor.requires_grad for tensor in given):
            said: Tensor = _Unroll.apply(self, *given)  # type: ignore[no-untyped-call]  # torch's own
            return said
        rows = range(given.driven.shape[1])  # one at a time: a large batch needs no more memory than one sequence
        return torch.from_numpy(np.concatenate([self.forward(given.row(row))[0].said[:, 1:] for row in rows])).transpose(0, 1)

    def forward(self, given: Given) -> tuple[Any, tuple[Array, Array]]:
        """All that the kernel keeps, and the two weights as (in, out)."""
        steps, batch, _ = given.driven.shape
        kept = self._blank(steps, batch, given.bias.shape[0])
        kept.gates[:] = _array(given.driven).transpose(1, 0, 2)
        if self.computer.is_lstm:
            kept.said[:, 0, : self.computer.units], kept.cell[:, 0] = _array(given.hidden), _array(given.cell)
        weights = _across(given.carried), _across(given.steering)
        self.kernel.forward(self.computer.is_lstm, *weights, _array(given.bias), self.places, kept)
        return kept, weights

    def backward(self, kept: Any, weights: tuple[Array, Array], d_said: Tensor) -> tuple[Tensor | None, ...]:
        """The gradients of what was given, in its order."""
        units, is_lstm = self.computer.units, self.computer.is_lstm
        d_gates, d_wish = np.empty_like(kept.gates), np.empty_like(kept.wish)
        d_hidden, d_cell = (np.empty_like(kept.cell[:, 0]) for _ in range(2))
        asked = np.ascontiguousarray(_array(d_said).transpose(1, 0, 2))
        self.kernel.backward(is_lstm, *weights, self.places, kept, asked, d_gates, d_wish, d_hidden, d_cell)
        gates, wish = torch.from_numpy(d_gates), torch.from_numpy(d_wish)
        before, after = torch.from_numpy(kept.said[:, :-1]), torch.from_numpy(kept.said[:, 1:])
        seen = torch.cat((before[..., units:], before[..., :units]), dim=-1) if is_lstm else before[..., units:]
        d_carried = gates.flatten(0, 1).T @ seen.flatten(0, 1)
        d_steering = wish.flatten(0, 1).T @ after[..., :units].flatten(0, 1)
        first = (torch.from_numpy(d_hidden), torch.from_numpy(d_cell)) if is_lstm else (None, None)
        return gates.transpose(0, 1), *first, d_carried, d_steering, wish.sum((0, 1))

    def _blank(self, steps: int, batch: int, wishes: int) -> Any:
        c = self.computer
        slots, heads, sums = c.slots, c.heads, (4 if c.is_lstm else 1) * c.units

        def of_step(*shape: int) -> Array:
            return np.empty((batch, steps, *shape), np.float32)

        def of_state(*shape: int, first: float = 0.0) -> Array:
            states = np.empty((batch, steps + 1, *shape), np.float32)
            states[:, 0] = first
            return states

        return self.kernel.Kept(
            said=of_state(c.units + heads * c.width), cell=of_state(c.units), gates=of_step(sums), wish=of_step(wishes),
            psi=of_step(slots), used=of_state(slots), order=np.empty((batch, steps, slots), np.int64), free=of_step(slots),
            similar=of_step(heads + 1, slots), content=of_step(heads + 1, slots), written=of_state(slots),
            memory=of_state(slots, c.width), length=of_state(slots, first=EMPTY_LENGTH), link=of_state(slots, slots),
            last=of_state(slots), back=of_step(heads, slots), on=of_step(heads, slots), read=of_state(heads, slots),
        )  # fmt: skip


class _Unroll(torch.autograd.Function):
    """The kernel as one operation of torch's."""

    @staticmethod
    def forward(ctx: Any, unroller: Unroller, *given: Tensor) -> Tensor:
        ctx.unroller = unroller
        ctx.kept, ctx.weights = unroller.forward(Given(*given))
        return torch.from_numpy(ctx.kept.said[:, 1:]).transpose(0, 1)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        return None, *ctx.unroller.backward(ctx.kept, ctx.weights, gradients[0])


def warm_up(kernel: ModuleType) -> None:
    """Run a very small computer both ways. RuntimeError if what comes out is no number."""
    computer = Computer(heads=1, width=2, slots=3, units=4, is_lstm=True)
    unroller = Unroller(kernel, computer)
    wishes = computer.places[-1] + 3
    shapes = (3, 2, 16), (2, 4), (2, 4), (16, 6), (wishes, 4), (wishes,)
    given = [torch.full(shape, 0.1, requires_grad=True) for shape in shapes]
    with torch.enable_grad():
        said = unroller.run(Given(*given))
        said.sum().backward()  # type: ignore[no-untyped-call]  # torch says nothing of its result
    found = (said, *(tensor.grad for tensor in given))
    if not all(tensor is not None and bool(torch.isfinite(tensor).all()) for tensor in found):
        raise RuntimeError("a test of the compiled path gave what is no number")


def _array(tensor: Tensor) -> Array:
    array: Array = tensor.detach().numpy()
    return array


def _across(weights: Tensor) -> Array:
    """Weights (out, in) as (in, out)."""
    return np.ascontiguousarray(_array(weights).T)
