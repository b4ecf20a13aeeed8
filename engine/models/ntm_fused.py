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
"""Where no gradient is wanted, so many steps (an even number) are run at a time: a long episode needs no more memory than a
short one."""


LINE = 16
"""Numbers in a line of the processor's cache: each array begins with one."""


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
    inputs: int
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
        shapes = {
            "seen": (kept, sizes.inputs + vector + units), "cell": (kept, units), "key_length": (each, every),
            "driven": (each, 4 * units if sizes.is_lstm else units), "curved": (each, units),
            "steer": (each, every * (sizes.width + SHIFTS + 3) + 2 * vector), "similar": (each * every, slots),
            "content": (each * every, slots), "weighting": (kept * every, slots), "length": (kept, slots),
            "memory": ((steps // 2 + 2) * sizes.batch * sizes.width, slots),  # every second one, and one between
        }  # fmt: skip
        back = {
            "spoken": (each, units + vector), "d_driven": shapes["driven"], "d_steer": shapes["steer"],
            "d_carried": (sizes.batch, vector + units), "d_cell": (sizes.batch, units),
            "d_weighting": (sizes.batch * every, slots), "d_memory": (sizes.batch * sizes.width, slots),
        }  # fmt: skip
        arrays = _carve(shapes | back)
        self.spoken, self.d_driven, self.d_steer = arrays["spoken"], arrays["d_driven"], arrays["d_steer"]
        self.carry = tuple(arrays[name] for name in ("d_carried", "d_cell", "d_weighting", "d_memory"))
        self.seen, self.cell, self.key_length = arrays["seen"], arrays["cell"], arrays["key_length"]
        self.driven, self.curved, self.steer = arrays["driven"], arrays["curved"], arrays["steer"]
        self.similar, self.content, self.weighting = arrays["similar"], arrays["content"], arrays["weighting"]
        self.length, self.memory = arrays["length"], arrays["memory"]
        self._begun: Tensor | None = None

    def begin(self, memory: Tensor, weighting: Tensor, machine: Machine) -> None:
        """Put the first state into the first rows: `memory (B, N, W)`, `weighting (B, K, N)`, the controller's learned one."""
        batch, said = self.sizes.batch, self.sizes.inputs + self.sizes.heads * self.sizes.width
        if machine.first_hidden is not None and machine.first_cell is not None:
            self.seen[:batch, said:], self.cell[:batch] = _array(machine.first_hidden), _array(machine.first_cell)
        if self._begun is memory:  # the rows of the first state are as they were left
            return
        self._begun = memory
        self.seen[:batch, self.sizes.inputs : said] = 0
        across = _array(memory).transpose(0, 2, 1)
        self.memory[: batch * self.sizes.width] = across.reshape(-1, self.sizes.slots)
        self.length[:batch] = np.sqrt(np.square(across).sum(1))
        self.weighting[: batch * 2 * self.sizes.heads] = _array(weighting).reshape(-1, self.sizes.slots)

    def go_on(self, steps: int) -> None:
        """What `steps` steps have left becomes the first state; of an odd number nothing more can follow."""
        self._begun = None
        single = (self.seen, 1, steps), (self.cell, 1, steps), (self.length, 1, steps)
        several = (self.memory, self.sizes.width, steps // 2), (self.weighting, 2 * self.sizes.heads, steps)
        for rows, each, last in (*single, *several):
            count = each * self.sizes.batch
            rows[:count] = rows[last * count : (last + 1) * count]

    @property
    def kept(self) -> tuple[Array, ...]:
        """What the way forward leaves for the way back."""
        return (
            self.driven, self.cell, self.curved, self.steer, self.key_length, self.similar, self.content, self.weighting,
            self.memory, self.length,
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

    def back(self, passed: Passed, given: Tensor | None) -> None:
        """Add to the gradient of all that training changes, from that of the logits `(T, B, O)`; a pass goes back once only."""
        work, passed.work = passed.work, None
        if work is None or given is None:
            raise RuntimeError("there is nothing to go back: the way was gone already, or the loss does not see the logits")
        self._run_back(work, passed, given)
        self._give_back(work)

    def _run(self, work: Workspace, inputs: Tensor, machine: Machine) -> tuple[Tensor, Tensor]:
        """Go on from the state in the first rows of `work`: logits `(T, B, O)`, and what was spoken `(T B, H + V)`."""
        steps, batch, features = inputs.shape
        work.seen[: steps * batch, :features] = _array(inputs).reshape(-1, features)
        weight = np.concatenate((_array(machine.inputs), _array(machine.carried)), axis=1)
        bias = machine.inputs_bias if machine.carried_bias is None else machine.inputs_bias + machine.carried_bias
        steering = _array(machine.steering), _array(machine.steering_bias)[None]
        self._kernel.forward(steps, *work.sizes.kernel, weight, _array(bias)[None], *steering, work.seen, *work.kept, work.spoken)
        said = torch.from_numpy(work.spoken[: steps * batch])
        return torch.addmm(machine.readout_bias, said, machine.readout.T).view(steps, batch, -1), said

    def _run_back(self, work: Workspace, passed: Passed, given: Tensor) -> None:
        sizes, machine, each = work.sizes, passed.machine, len(passed.said)
        vector, features = sizes.heads * sizes.width, sizes.inputs
        for carried in work.carry:
            carried.fill(0)
        across = (np.ascontiguousarray(_array(weight).T) for weight in (machine.carried, machine.steering))
        d_logits = given.reshape(each, -1)
        d_said = _array(d_logits @ machine.readout)
        steps = each // sizes.batch
        self._kernel.backward(steps, *sizes.kernel, *across, *work.kept, d_said, work.d_driven, work.d_steer, *work.carry)
        driven, steer = torch.from_numpy(work.d_driven[:each]), torch.from_numpy(work.d_steer[:each])
        columns = features + machine.carried.shape[1]
        weight = driven.T @ torch.from_numpy(work.seen[:each, :columns])
        _gradient(machine.inputs).add_(weight[:, :features])
        _gradient(machine.carried).add_(weight[:, features:])
        _gradient(machine.steering).addmm_(steer.T, passed.said[:, : sizes.units])
        _gradient(machine.steering_bias).add_(steer.sum(0))
        _gradient(machine.readout).addmm_(d_logits.T, passed.said)
        _gradient(machine.readout_bias).add_(d_logits.sum(0))
        bias = driven.sum(0)
        _gradient(machine.inputs_bias).add_(bias)
        if machine.carried_bias is not None and machine.first_hidden is not None and machine.first_cell is not None:
            _gradient(machine.carried_bias).add_(bias)
            _gradient(machine.first_hidden).add_(torch.from_numpy(work.carry[0][:, vector:].sum(0)))
            _gradient(machine.first_cell).add_(torch.from_numpy(work.carry[1].sum(0)))

    def _sizes(self, inputs: Tensor, memory: Tensor) -> Sizes:
        heads, width, units, is_lstm = self._machine
        batch, features, slots = inputs.shape[1], inputs.shape[2], memory.shape[1]
        return Sizes(batch=batch, inputs=features, heads=heads, width=width, units=units, slots=slots, is_lstm=is_lstm)

    def _take(self, sizes: Sizes, steps: int) -> Workspace:
        """A workspace that is long enough; the one that is free if it is, else a new one."""
        free = self._free.pop(sizes, None)
        return free if free is not None and free.steps >= steps else Workspace(sizes, steps + -steps % AT_ONCE)

    def _give_back(self, work: Workspace) -> None:
        """It is free again; those of other sizes are let go."""
        self._free = {work.sizes: work}


def _gradient(parameter: Tensor) -> Tensor:
    if parameter.grad is None:
        parameter.grad = torch.zeros_like(parameter)
    return parameter.grad


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
    unroller.back(passed, torch.ones_like(passed.logits))
    gradients = [_gradient(tensor) for tensor in machine if tensor is not None]
    if not all(bool(torch.isfinite(tensor).all()) for tensor in (passed.logits, *gradients)):
        raise RuntimeError("a test of the compiled path gave what is no number")


def _array(tensor: Tensor) -> Array:
    array: Array = tensor.detach().numpy()
    return array


def _carve(shapes: dict[str, tuple[int, int]]) -> dict[str, Array]:
    """All arrays out of one block: the system gives a large block in large pages, which are quicker to find one's way in. Each
    begins with a line of the processor's cache: where it begins decides in which order a matrix product adds up, and so its last
    digits."""
    sizes = {name: -(-rows * columns // LINE) * LINE for name, (rows, columns) in shapes.items()}
    block, ends = np.empty(sum(sizes.values()) + LINE, np.float32), np.cumsum(list(sizes.values())).tolist()
    block = block[-(block.ctypes.data // block.itemsize) % LINE :]  # from the beginning of a line
    return {
        name: block[end - sizes[name] :][: rows * columns].reshape(rows, columns)
        for end, (name, (rows, columns)) in zip(ends, shapes.items(), strict=True)
    }
