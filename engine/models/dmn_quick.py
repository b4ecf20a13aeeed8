"""The quick path of the Dynamic Memory Network: sequences packed without their empty places, and the compiled kernel among
torch's gradients.

Shapes: B sequences of at most T places, P places that are filled in all of them together, W width, K parts of a unit.
"""

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.models.dmn_units import Unit, driven_by


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """The filled places of `B` sequences, those of one step together, right-aligned: all sequences end at the last step.

    `rows`, `places (P,)` say whose place each is and which; `steps (T, 2)` first row and number of rows of each step; `ends`
    are the sequences that have a last place, in the order of its rows; `before`, `after (P,)` the row that is one step earlier
    or later in the same sequence, P where there is none.
    """

    rows: Tensor
    places: Tensor
    steps: np.ndarray
    ends: Tensor
    before: Tensor
    after: Tensor
    sequences: int

    def last(self, states: Tensor) -> Tensor:
        """The state at the end of each sequence, `(P, W)` -> `(B, W)`; zero for an empty one."""
        ended = states[len(states) - len(self.ends) :]
        return states.new_zeros(self.sequences, states.shape[1]).index_copy(0, self.ends, ended)

    def spread(self, values: Tensor, places: int, fill: float) -> Tensor:
        """One value for each row, put in its place: `(P,)` -> `(B, places)`."""
        return values.new_full((self.sequences, places), fill).index_put((self.rows, self.places), values)


def pack(present: Tensor, order: Tensor) -> Packed:
    """Pack the places where `present (B, T)`, each sequence gone through in its `order (B, T)` of places."""
    here = present.gather(1, order)
    told = here.sum(1)
    ranked = told.argsort(descending=True, stable=True)
    filled_last = order.gather(1, here.int().argsort(dim=1, stable=True))
    length, places = int(told.max()) if len(told) else 0, order.shape[1]
    is_active = torch.arange(length)[:, None] >= length - told[ranked]
    step, rank = is_active.nonzero(as_tuple=True)
    rows, counts = ranked[rank], is_active.sum(1)
    starts = counts.cumsum(0) - counts
    none = len(rows)
    after = torch.where(step < length - 1, (starts + counts)[step] + rank, none)
    before = torch.full((none + 1,), none).index_copy(0, after, torch.arange(none))[:none]
    return Packed(
        rows=rows,
        places=filled_last[rows, places - length + step],
        steps=torch.stack((starts, counts), 1).numpy(),
        ends=ranked[: int(counts[-1]) if length else 0],
        before=before,
        after=after,
        sequences=len(present),
    )


def run_packed(
    kernel: ModuleType, unit: Unit, inputs: Tensor, packed: Packed, gate: Tensor | None = None, back: bool = False
) -> Tensor:
    """`run_along` for packed rows: `(P, W)` and gates `(P,)`, without which all are 1, -> states `(P, W)`."""
    gates = inputs.new_ones(len(inputs)) if gate is None else gate
    states: Tensor = _Along.apply(  # type: ignore[no-untyped-call]  # torch says nothing of it
        driven_by(unit, inputs), gates[:, None], unit.weight_hh, unit.bias_hh, kernel, packed, back
    )
    return states


class _Along(torch.autograd.Function):
    """The kernel, both ways."""

    @staticmethod
    def forward(
        ctx: Any, driven: Tensor, gate: Tensor, weight: Tensor, bias: Tensor, kernel: ModuleType, packed: Packed, back: bool
    ) -> Tensor:
        steps = np.ascontiguousarray(packed.steps[::-1]) if back else packed.steps
        width = weight.shape[1]
        opened, turned, states = (driven.new_empty(len(driven), size) for size in (len(weight), width, width))
        given = tuple(_array(each) for each in (driven, gate, weight, bias[None]))
        kernel.forward(steps, *given, opened.numpy(), turned.numpy(), states.numpy())
        ctx.save_for_backward(gate, weight, opened, turned, states)
        ctx.about = kernel, steps, packed.after if back else packed.before
        return states

    @staticmethod
    def backward(ctx: Any, *given: Tensor) -> tuple[Tensor | None, ...]:
        gate, weight, opened, turned, states = ctx.saved_tensors
        kernel, steps, before = ctx.about
        d_driven, d_carried, d_gate = torch.empty_like(opened), torch.empty_like(opened), torch.empty_like(gate)
        arrays = (_array(each) for each in (gate, weight.T, opened, turned, states))
        kernel.backward(
            steps, *arrays, np.array(given[0].numpy(), order="C"), d_driven.numpy(), d_carried.numpy(), d_gate.numpy()
        )
        was = torch.cat((states, states.new_zeros(1, states.shape[1])))[before]
        return d_driven, d_gate, d_carried.T @ was, d_carried.sum(0), None, None, None


def warm_up(kernel: ModuleType) -> None:
    """Run very small units both ways. RuntimeError if what comes out is no number."""
    packed = pack(torch.tensor([[True, True], [True, False]]), torch.arange(2).expand(2, 2))
    for parts in (2, 3):
        given = [torch.full(shape, 0.1, requires_grad=True) for shape in ((3, parts * 2), (3, 1), (parts * 2, 2), (parts * 2,))]
        for back in (False, True):
            states = _Along.apply(*given, kernel, packed, back)  # type: ignore[no-untyped-call]
            gradients = torch.autograd.grad(states.sum(), given)
            if not all(bool(torch.isfinite(each).all()) for each in (states, *gradients)):
                raise RuntimeError("a test of the compiled path gave what is no number")


def _array(tensor: Tensor) -> np.ndarray:
    array: np.ndarray = tensor.detach().contiguous().numpy()
    return array
