"""The quick path of the Neural Turing Machine: arrays for the compiled kernel, and its place among torch's gradients.

Letters as in `ntm_kernel.py`; G is the number of sums that drive the controller: 4 H for an LSTM, H for a feed-forward one.
"""

from dataclasses import dataclass
from types import ModuleType
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from engine.contract.trace import Array

SHIFTS = 3
AT_ONCE = 32
"""Where no gradient is wanted, so many steps are run at a time: a long episode needs no more memory than a short one."""


class Machine(NamedTuple):
    """All that training changes, as the model names it; a feed-forward controller has no second bias and no first state.

    `inputs (G, I)`, `inputs_bias (G,)`, `carried (G, V + H)` or `(G, V)`, `steering (P, H)`, `steering_bias (P,)`,
    `readout (O, H + V)`, `readout_bias (O,)`, `carried_bias (G,)`, `first_hidden (H,)`, `first_cell (H,)`.
    """

    inputs: Tensor
    inputs_bias: Tensor
    carried: Tensor
    steering: Tensor
    steering_bias: Tensor
    readout: Tensor
    readout_bias: Tensor
    carried_bias: Tensor | None = None
    first_hidden: Tensor | None = None
    first_cell: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Sizes:
    """What decides how large the arrays are."""

    batch: int
    heads: int
    width: int
    units: int
    slots: int
    is_lstm: bool

    @property
    def kernel(self) -> tuple[int, int, int, int, bool]:
        """As the kernel takes them."""
        return self.batch, self.heads, self.width, self.units, self.is_lstm


class Workspace:
    """All arrays of one forward and backward pass over at most `steps` steps, kept for the next pass of the same sizes."""

    def __init__(self, sizes: Sizes, steps: int) -> None:
        every, vector, each = 2 * sizes.heads, sizes.heads * sizes.width, steps * sizes.batch
        units, slots, kept = sizes.units, sizes.slots, each + sizes.batch
        self.sizes, self.steps = sizes, steps
        self.driven, self.curved = _empty(each, (4 if sizes.is_lstm else 1) * units), _empty(each, units)
        self.steer = _empty(each, every * (sizes.width + SHIFTS + 3) + 2 * vector)
        self.carried, self.cell, self.key_length = _empty(kept, vector + units), _empty(kept, units), _empty(each, every)
        self.similar, self.content, self.shifted, self.logarithm = (_empty(each * every, slots) for _ in range(4))
        self.gated, self.weighting = _empty(each * every, slots + 2), _empty(kept * every, slots)
        self.memory, self.length = _empty(kept * sizes.width, slots), _empty(kept, slots)

    def begin(self, memory: Tensor, weighting: Tensor, machine: Machine) -> None:
        """Put the first state into the first rows: `memory (B, N, W)`, `weighting (B, K, N)`, the controller's learned one."""
        batch, vector = self.sizes.batch, self.sizes.heads * self.sizes.width
        self.carried[:batch] = 0
        if machine.first_hidden is not None and machine.first_cell is not None:
            self.carried[:batch, vector:], self.cell[:batch] = _array(machine.first_hidden), _array(machine.first_cell)
        across = _array(memory).transpose(0, 2, 1)
        self.memory[: batch * self.sizes.width] = across.reshape(-1, self.sizes.slots)
        self.length[:batch] = np.sqrt(np.square(across).sum(1))
        self.weighting[: batch * 2 * self.sizes.heads] = _array(weighting).reshape(-1, self.sizes.slots)

    def go_on(self, steps: int) -> None:
        """What `steps` steps have left becomes the first state."""
        carried = (self.carried, 1), (self.cell, 1), (self.length, 1)
        for rows, each in (*carried, (self.memory, self.sizes.width), (self.weighting, 2 * self.sizes.heads)):
            count = each * self.sizes.batch
            rows[:count] = rows[steps * count : (steps + 1) * count]

    @property
    def kept(self) -> tuple[Array, ...]:
        """What the way forward leaves for the way back."""
        return (
            self.cell, self.curved, self.steer, self.key_length, self.similar, self.content, self.gated, self.shifted,
            self.logarithm, self.weighting, self.memory, self.length,
        )  # fmt: skip


@dataclass(slots=True)
class Passed:
    """A pass forward that waits for its way back."""

    logits: Tensor
    inputs: Tensor
    said: Tensor
    machine: Machine
    work: Workspace | None


class Unroller:
    """Runs whole sequences through the compiled kernel; keeps the workspace of the last sizes."""

    def __init__(self, kernel: ModuleType, heads: int, width: int, units: int, *, is_lstm: bool) -> None:
        self._kernel = kernel
        self._machine = heads, width, units, is_lstm
        self._free: dict[Sizes, Workspace] = {}

    def forward(self, inputs: Tensor, memory: Tensor, weighting: Tensor, machine: Machine) -> Tensor:
        """Whole episodes: `inputs (T, B, I)`, the first memory `(B, N, W)` and weighting `(B, K, N)` -> logits `(T, B, O)`."""
        work = self._take(self._sizes(inputs, memory), min(len(inputs), AT_ONCE))
        work.begin(memory, weighting, machine)
        parts = []
        for part in torch.split(inputs, AT_ONCE):
            parts.append(self._run(work, part, machine)[0])
            work.go_on(len(part))
        self._give_back(work)
        return torch.cat(parts)

    def begin(self, inputs: Tensor, memory: Tensor, weighting: Tensor, machine: Machine) -> Passed:
        """The same, with all that the way back needs."""
        work = self._take(self._sizes(inputs, memory), len(inputs))
        work.begin(memory, weighting, machine)
        logits, said = self._run(work, inputs, machine)
        return Passed(logits, inputs, said, machine, work)

    def back(self, passed: Passed, given: Tensor | None) -> Machine:
        """The gradients of all that training changes, from that of the logits `(T, B, O)`; a pass can be gone back once only."""
        work, passed.work = passed.work, None
        if work is None or given is None:
            raise RuntimeError("there is nothing to go back: the way was gone already, or the loss does not see the logits")
        gradients = self._run_back(work, passed.inputs, passed.said, passed.machine, given)
        self._give_back(work)
        return gradients

    def _run(self, work: Workspace, inputs: Tensor, machine: Machine) -> tuple[Tensor, Tensor]:
        """Go on from the state in the first rows of `work`: logits `(T, B, O)`, and what was spoken `(T B, H + V)`."""
        steps, batch, features = inputs.shape
        bias = machine.inputs_bias if machine.carried_bias is None else machine.inputs_bias + machine.carried_bias
        torch.addmm(bias, inputs.reshape(-1, features), machine.inputs.T, out=torch.from_numpy(work.driven[: steps * batch]))
        spoken = _empty(steps * batch, work.carried.shape[1])
        arrays = work.driven, _array(machine.carried), _array(machine.steering), _array(machine.steering_bias)[None], work.carried
        self._kernel.forward(steps, *work.sizes.kernel, *arrays, *work.kept, spoken)
        said = torch.from_numpy(spoken)
        return torch.addmm(machine.readout_bias, said, machine.readout.T).view(steps, batch, -1), said

    def _run_back(self, work: Workspace, inputs: Tensor, said: Tensor, machine: Machine, given: Tensor) -> Machine:
        steps, batch, features = inputs.shape
        sizes, each, vector = work.sizes, steps * batch, work.sizes.heads * work.sizes.width
        d_driven, d_steer = _empty(each, work.driven.shape[1]), _empty(each, work.steer.shape[1])
        d_carried, d_cell = _zeros(batch, vector + sizes.units), _zeros(batch, sizes.units)
        carry = d_carried, d_cell, _zeros(batch * 2 * sizes.heads, sizes.slots), _zeros(batch * sizes.width, sizes.slots)
        across = _array(machine.carried.T.contiguous()), _array(machine.steering.T.contiguous())
        d_logits = given.reshape(each, -1)
        d_said = _array(d_logits @ machine.readout)
        self._kernel.backward(steps, *sizes.kernel, work.driven, *across, *work.kept, d_said, d_driven, d_steer, *carry)
        driven, steer = torch.from_numpy(d_driven), torch.from_numpy(d_steer)
        seen = torch.from_numpy(work.carried[:each, : machine.carried.shape[1]])
        bias = driven.sum(0)
        return Machine(
            inputs=driven.T @ inputs.reshape(each, features),
            inputs_bias=bias,
            carried=driven.T @ seen,
            steering=steer.T @ said[:, : sizes.units],
            steering_bias=steer.sum(0),
            readout=d_logits.T @ said,
            readout_bias=d_logits.sum(0),
            carried_bias=None if machine.carried_bias is None else bias,
            first_hidden=None if machine.first_hidden is None else torch.from_numpy(d_carried[:, vector:].sum(0)),
            first_cell=None if machine.first_cell is None else torch.from_numpy(d_cell.sum(0)),
        )

    def _sizes(self, inputs: Tensor, memory: Tensor) -> Sizes:
        heads, width, units, is_lstm = self._machine
        return Sizes(batch=inputs.shape[1], heads=heads, width=width, units=units, slots=memory.shape[1], is_lstm=is_lstm)

    def _take(self, sizes: Sizes, steps: int) -> Workspace:
        """A workspace that is long enough; the one that is free if it is, else a new one."""
        free = self._free.pop(sizes, None)
        return free if free is not None and free.steps >= steps else Workspace(sizes, steps + -steps % AT_ONCE)

    def _give_back(self, work: Workspace) -> None:
        """It is free again; those of other sizes are let go."""
        self._free = {work.sizes: work}


def add_gradients(machine: Machine, gradients: Machine) -> None:
    """Add each of `gradients` to that of its parameter."""
    for parameter, gradient in zip(machine, gradients, strict=True):
        if parameter is not None and gradient is not None:
            if parameter.grad is None:
                parameter.grad = gradient.clone()
            else:
                parameter.grad += gradient


def warm_up(kernel: ModuleType) -> None:
    """Run a very small machine both ways. RuntimeError if what comes out is no number."""
    heads, width, units, slots, inputs = 1, 2, 3, 4, 2
    vector, every, rows = heads * width, 2 * heads, 4 * units
    outs = every * (width + SHIFTS + 3) + 2 * vector
    shapes = {
        "inputs": (rows, inputs), "inputs_bias": (rows,), "carried": (rows, vector + units), "steering": (outs, units),
        "steering_bias": (outs,), "readout": (inputs, units + vector), "readout_bias": (inputs,), "carried_bias": (rows,),
        "first_hidden": (units,), "first_cell": (units,),
    }  # fmt: skip
    machine = Machine(**{name: torch.full(shape, 0.1) for name, shape in shapes.items()})
    unroller = Unroller(kernel, heads, width, units, is_lstm=True)
    passed = unroller.begin(
        torch.ones(3, 2, inputs), torch.full((2, slots, width), 0.5), torch.full((2, every, slots), 1 / slots), machine
    )
    gradients = unroller.back(passed, torch.ones_like(passed.logits))
    if not all(bool(torch.isfinite(tensor).all()) for tensor in (passed.logits, *gradients) if tensor is not None):
        raise RuntimeError("a test of the compiled path gave what is no number")


def _array(tensor: Tensor) -> Array:
    array: Array = tensor.detach().numpy()
    return array


def _empty(rows: int, columns: int) -> Array:
    return np.empty((rows, columns), np.float32)


def _zeros(rows: int, columns: int) -> Array:
    return np.zeros((rows, columns), np.float32)
