"""Neural Turing Machine: a controller that reads and writes single slots of a memory through heads that it learns to steer.

Graves, Wayne & Danihelka, "Neural Turing Machines" (2014), arXiv:1410.5401.
Shapes: B batch, T steps, I inputs, C controller width, R heads of each sort, K = 2 R heads (read heads first), N slots,
W slot width, S shift range.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks import addressing, memory
from engine.blocks.compiled import CompiledPath
from engine.blocks.controllers import ControllerState, LSTMController
from engine.blocks.probe import Probe, show_pair, silent
from engine.contract.cards import ModelCard, Setting, Settings
from engine.models.base import ModelEntry, Recipe
from engine.models.controlled import CONTROLLER, ControlledMemory, controller_of, width_settings
from engine.models.ntm_card import CHANNELS, MICRO_STEPS, WIRES, WIRING
from engine.models.ntm_fused import Machine, Unroller, warm_up

QUICK = CompiledPath("engine.models.ntm_kernel", warm_up, "engine.blocks.kernel_math")
"""The whole sequence forward and back in one compiled call: see `ntm_kernel.py`."""

SHIFTS = 3
"""A head can move one slot back, stay, or move one slot forward."""


BY_CONTENT = {"associative-recall": 5e-4, "priority-sort": 3e-4}
"""Tasks in which no head finds its slot by walking alone, and the rate at which batches of 16 come off the long plateau."""


class NTMState(NamedTuple):
    """All that one step hands to the next: `memory (B, N, W)`, `weighting (B, K, N)`, `read (B, R, W)`, the controller's own."""

    memory: Tensor
    weighting: Tensor
    read: Tensor
    controller: ControllerState


class NTM(ControlledMemory[NTMState]):
    """The machine."""

    def __init__(self, settings: Settings, inputs: int, outputs: int) -> None:
        super().__init__(settings)
        self._starts_constant = settings["initial_memory"] == "constant"
        self._starts_one_hot = settings["initial_weighting"] == "one-hot"
        hidden, read = int(settings["hidden"]), self.heads * self.width
        self.controller = controller_of(settings, inputs)
        self.steering = nn.Linear(hidden, sum(self._sizes()))
        self.readout = nn.Linear(hidden + read, outputs)
        self._start_weights(hidden)
        self._quick: Unroller | None = None
        self._weights: Machine | None = None
        self._blank: tuple[Tensor, Tensor] | None = None

    def fused(self, batch: Any) -> Tensor:
        """The compiled path where no gradient is wanted and the kernel is there; else the readable one."""
        unroller = None if torch.is_grad_enabled() else self._unroller()
        if unroller is None:
            readable: Tensor = self(batch)
            return readable
        start = self._start(batch.size)
        return unroller.forward(batch.inputs, *start, self._machine())

    def learn(self, batch: Any, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """The compiled path both ways, where the kernel is there; else the readable one."""
        unroller = self._unroller()
        if unroller is None:
            return super().learn(batch, loss)
        machine = self._machine()
        with torch.no_grad():
            passed = unroller.begin(batch.inputs, *self._start(batch.size), machine)
        outputs = passed.logits.requires_grad_()
        value = loss(outputs)
        value.backward()  # type: ignore[no-untyped-call]  # torch says nothing of its result
        with torch.no_grad():
            unroller.back(passed, outputs.grad)
        return value.detach()

    @property
    def path(self) -> str:
        """Compiled, or why not."""
        return "compiled" if self._unroller() is not None else f"step by step: {QUICK.why_not}"

    def initial(self, batch: int, probe: Probe = silent) -> NTMState:
        """The state before the first step: a blank memory, all heads on the first slot, nothing read."""
        probe.at(-1)
        if self._starts_constant:
            contents = memory.blank(batch, self.slots, self.width)
        else:
            contents = memory.scattered(batch, self.slots, self.width, 1 / math.sqrt(self.slots + self.width))
        weighting = torch.zeros(batch, 2 * self.heads, self.slots)
        if self._starts_one_hot:
            weighting[..., 0] = 1.0
        else:
            weighting.fill_(1 / self.slots)
        contents = probe("memory.contents", contents)
        return NTMState(contents, weighting, torch.zeros(batch, self.heads, self.width), self.controller.initial(batch))

    def _unroller(self) -> Unroller | None:
        if not self.readout.weight.is_cpu:  # the kernel reads the processor's memory alone
            return None
        if self._quick is None and (kernel := QUICK.get()) is not None:
            is_lstm = isinstance(self.controller, LSTMController)
            self._quick = Unroller(kernel, self.heads, self.width, self.controller.width, is_lstm=is_lstm)
        return self._quick

    def _machine(self) -> Machine:
        if self._weights is None:
            self._weights = self._name_weights()
        return self._weights

    def _name_weights(self) -> Machine:
        own = self.controller
        machine = Machine(
            inputs=own.inputs_weight,
            inputs_bias=own.inputs_bias,
            carried=own.carried_weight,
            steering=self.steering.weight,
            steering_bias=self.steering.bias,
            readout=self.readout.weight,
            readout_bias=self.readout.bias,
        )
        if not isinstance(own, LSTMController):
            return machine
        return machine._replace(carried_bias=own.carried_bias, first_hidden=own.first_hidden, first_cell=own.first_cell)

    def _start(self, batch: int) -> tuple[Tensor, Tensor]:
        """The first memory and weighting; those of the last size are kept."""
        if self._blank is None or len(self._blank[0]) != batch:
            state = self.initial(batch)
            self._blank = state.memory, state.weighting
        return self._blank

    def _advance(self, driven: Tensor, state: NTMState, probe: Probe) -> tuple[Tensor, NTMState]:
        hidden, controller = self.controller(driven, state.read.flatten(1), state.controller, probe)
        weighting, erase, add = self._address(hidden, state, probe)

        read = memory.read(state.memory, weighting[:, : self.heads])  # all heads see the memory as it was before the write
        read = probe("read.vector", read)

        contents = memory.write(state.memory, weighting[:, self.heads :], erase, add)
        contents = probe("memory.contents", contents)

        return torch.cat((hidden, read.flatten(1)), dim=-1), NTMState(contents, weighting, read, controller)

    def _address(self, hidden: Tensor, state: NTMState, probe: Probe) -> tuple[Tensor, Tensor, Tensor]:
        keys, strength, sharpening, kernel, gate, erase, add = self._steer(hidden, probe)

        alike = self._show(probe, "similarity", addressing.similarity(state.memory, keys))
        content = self._show(probe, "content", addressing.content_weighting(alike, strength))
        gated = self._show(probe, "gated", addressing.interpolate(content, state.weighting, gate))
        shifted = self._show(probe, "shifted", addressing.shift(gated, kernel))
        weighting = self._show(probe, "weighting", addressing.sharpen(shifted, sharpening))
        return weighting, erase, add

    def _steer(self, hidden: Tensor, probe: Probe) -> tuple[Tensor, ...]:
        key, positive, kernel, unit, add = torch.split(self.steering(hidden), self._sizes(), dim=-1)
        every, heads = 2 * self.heads, self.heads
        strength, sharpening = F.softplus(positive).chunk(2, dim=-1)
        gate, erase = torch.split(torch.sigmoid(unit), [every, heads * self.width], dim=-1)
        return (
            self._show(probe, "key", key.view(-1, every, self.width)),
            self._show(probe, "strength", strength),
            self._show(probe, "sharpening", 1 + sharpening),
            self._show(probe, "shift", torch.softmax(kernel.view(-1, every, SHIFTS), dim=-1)),
            self._show(probe, "gate", gate),
            probe("write.erase", erase.view(-1, heads, self.width)),
            probe("write.add", add.view(-1, heads, self.width)),
        )

    def _show(self, probe: Probe, quantity: str, value: Tensor) -> Tensor:
        """One computation for all heads, two channels to look at."""
        return value if probe is silent else show_pair(probe, (f"read.{quantity}", f"write.{quantity}"), value)

    def _sizes(self) -> list[int]:
        """How many numbers steer the heads: keys; strengths and sharpenings; shifts; gates and erases; adds."""
        every, written = 2 * self.heads, self.heads * self.width
        return [every * self.width, 2 * every, every * SHIFTS, every + written, written]

    def _start_weights(self, hidden: int) -> None:
        """Steering: Xavier's rule with gain 1.4, as if each head had a linear map of its own; small random biases."""
        numbers = {"read": self.width + SHIFTS + 3, "write": 3 * self.width + SHIFTS + 3}
        reach = 1.4 * math.sqrt(6 / (hidden + (numbers["read"] + numbers["write"]) / 2))
        nn.init.uniform_(self.steering.weight, -reach, reach)
        nn.init.normal_(self.steering.bias, std=0.01)
        nn.init.xavier_uniform_(self.readout.weight)
        nn.init.normal_(self.readout.bias, std=0.01)


def build(settings: Settings, interface: dict[str, int]) -> NTM:
    """A machine with fresh weights for a task of form "sequence"."""
    return NTM(settings, interface["inputs"], interface["outputs"])


def recipe(task: str) -> Recipe:
    """RMSProp with momentum and clipped gradients, as in the paper, at three times its learning rate and with a batch of 4."""
    if task in BY_CONTENT:
        return Recipe(optimiser="rmsprop", learning_rate=BY_CONTENT[task], batch=16, updates=10_000, clip="value", clip_at=10.0)
    return Recipe(optimiser="rmsprop", learning_rate=3e-4, batch=4, updates=10_000, clip="value", clip_at=10.0)


ENTRY = ModelEntry(
    card=ModelCard(
        id="ntm",
        name="Neural Turing Machine",
        short="NTM",
        year=2014,
        paper="Graves, Wayne & Danihelka, Neural Turing Machines, arXiv:1410.5401",
        memory="episodic",
        idea="A controller reads and writes single slots of a memory, finding them by content or by moving from where it was.",
        slots_are="memory rows",
        forms=("sequence",),
        settings=(
            Setting(
                name="slots", default=128, low=4, high=4096, title="Slots", says="How many slots the memory has; no parameter."
            ),
            *width_settings(slot_width=20, hidden=100),
            Setting(name="heads", default=1, low=1, high=8, title="Heads", says="How many read heads, and as many write heads."),
            CONTROLLER,
            Setting(
                name="initial_memory",
                default="constant",
                choices=("constant", "random"),
                title="Blank memory",
                says="Every slot alike (so more slots change nothing), or each slot random but always the same.",
            ),
            Setting(
                name="initial_weighting",
                default="one-hot",
                choices=("one-hot", "uniform"),
                title="First weighting",
                says="Where the heads start: all on the first slot, or spread evenly (no use if all slots are alike).",
            ),
        ),
        channels=CHANNELS,
        micro_steps=MICRO_STEPS,
        wiring=WIRING,
        wires=WIRES,
        first_panes=("Tape", "Writes", "Memory", "Reads"),
        parameter_formula="lstm: 4C(I+RW+C) + 8C + 2C + R(W+6)(C+1) + R(3W+6)(C+1) + O(C+RW+1); "
        "feedforward: C(I+RW+1) + R(W+6)(C+1) + R(3W+6)(C+1) + O(C+RW+1)",
        code="engine/models/ntm.py",
    ),
    build=build,
    recipe=recipe,
    quick=QUICK,
)
