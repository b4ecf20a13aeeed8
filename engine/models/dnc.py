"""Differentiable Neural Computer: a memory that knows which slots are free, and in which order the others were written.

Graves et al., "Hybrid computing using a neural network with dynamic external memory", Nature 538 (2016), Methods.
Shapes: B batch, T steps, I inputs, C controller width, R read heads, N slots, W slot width. There is one write head.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks import addressing, allocation, links, memory
from engine.blocks.compiled import CompiledPath
from engine.blocks.controllers import ControllerState, LSTMController
from engine.blocks.probe import Probe, silent
from engine.contract.cards import ModelCard, Setting, Settings
from engine.models.base import ModelEntry, Recipe
from engine.models.controlled import CONTROLLER, ControlledMemory, controller_of, width_settings
from engine.models.dnc_card import CHANNELS, MICRO_STEPS, MOST_LINKED, WIRES, WIRING
from engine.models.dnc_fused import Computer, Given, Unroller, warm_up

QUICK = CompiledPath("engine.models.dnc_kernel", warm_up)
"""The whole sequence forward and back in one compiled call: see `dnc_kernel.py`."""

MODES = 3
"""A read head goes backward in the order of writing, looks by content, or goes forward."""

CALM = 0.2
"""What the first weights of an LSTM controller are multiplied by."""


class DNCState(NamedTuple):
    """All that one step hands to the next: `memory (B, N, W)`, `usage (B, N)`, `precedence (B, N)`, `link (B, N, N)`,
    `written (B, N)` and `weighting (B, R, N)` of the last write and reads, `read (B, R, W)`, the controller's own."""

    memory: Tensor
    usage: Tensor
    precedence: Tensor
    link: Tensor
    written: Tensor
    weighting: Tensor
    read: Tensor
    controller: ControllerState


class Wishes(NamedTuple):
    """What the controller wants of the memory: `write_key (B, 1, W)`, `write_strength (B, 1)`, `erase (B, 1, W)`,
    `add (B, 1, W)`, `free (B, R)`, `allocate (B, 1)`, `write (B, 1)`, `read_keys (B, R, W)`, `read_strengths (B, R)`,
    `modes (B, R, 3)`."""

    write_key: Tensor
    write_strength: Tensor
    erase: Tensor
    add: Tensor
    free: Tensor
    allocate: Tensor
    write: Tensor
    read_keys: Tensor
    read_strengths: Tensor
    modes: Tensor


class DNC(ControlledMemory[DNCState]):
    """The computer."""

    def __init__(self, settings: Settings, inputs: int, outputs: int) -> None:
        super().__init__(settings)
        hidden, read = int(settings["hidden"]), self.heads * self.width
        self.controller = controller_of(settings, inputs)
        if isinstance(self.controller, LSTMController):
            self._calm_controller()
        self.steering = nn.Linear(hidden, sum(self._sizes()))
        self.readout = nn.Linear(hidden + read, outputs)
        self._quick: Unroller | None = None

    def fused(self, batch: Any) -> Tensor:
        """The compiled path, both ways, where the kernel is there; else the readable one."""
        unroller, own = self._unroller(), self.controller
        if unroller is None:
            readable: Tensor = self(batch)
            return readable
        start = own.initial(batch.size)
        said = unroller.run(
            Given(
                driven=own.drive(batch.inputs),
                hidden=start.hidden,
                cell=start.cell,
                carried=own.carried_weight,
                steering=self.steering.weight,
                bias=self.steering.bias,
            )
        )
        outputs: Tensor = self.readout(said)
        return outputs

    @property
    def path(self) -> str:
        """Compiled, or why not."""
        return "compiled" if self._unroller() is not None else f"step by step: {QUICK.why_not}"

    def initial(self, batch: int, probe: Probe = silent) -> DNCState:
        """The state before the first step: all zero, but for the controller's own, which is learned."""
        probe.at(-1)
        contents = probe("memory.contents", torch.zeros(batch, self.slots, self.width))
        blank, heads = torch.zeros(batch, self.slots), torch.zeros(batch, self.heads, self.slots)
        link = torch.zeros(batch, self.slots, self.slots)
        read = torch.zeros(batch, self.heads, self.width)
        return DNCState(contents, blank, blank, link, blank, heads, read, self.controller.initial(batch))

    def _calm_controller(self) -> None:
        """Begin with torch's usual weights, a fifth as large as the NTM's: measured on graph-path, an LSTM then needs 4,000
        updates, and else has not learnt it after 15,000. (A feed-forward controller learns from the large ones.)"""
        with torch.no_grad():
            self.controller.inputs_weight.mul_(CALM)
            self.controller.carried_weight.mul_(CALM)

    def _unroller(self) -> Unroller | None:
        if not self.readout.weight.is_cpu:  # the kernel reads the processor's memory alone
            return None
        if self._quick is None and (kernel := QUICK.get()) is not None:
            is_lstm = isinstance(self.controller, LSTMController)
            sizes = Computer(heads=self.heads, width=self.width, slots=self.slots, units=self.controller.width, is_lstm=is_lstm)
            self._quick = Unroller(kernel, sizes)
        return self._quick

    def _advance(self, driven: Tensor, state: DNCState, probe: Probe) -> tuple[Tensor, DNCState]:
        hidden, controller = self.controller(driven, state.read.flatten(1), state.controller, probe)
        wishes = self._wishes(hidden, probe)
        used = self._free(wishes, state, probe)
        written, contents = self._write(wishes, used, state, probe)
        link, last = self._link(written, state, probe)
        weighting, read = self._read(wishes, contents, link, state, probe)
        spoken = torch.cat((hidden, read.flatten(1)), dim=-1)
        return spoken, DNCState(contents, used, last, link, written, weighting, read, controller)

    def _free(self, wishes: Wishes, state: DNCState, probe: Probe) -> Tensor:
        """Give back what was read and is no longer needed; what the last write took is in use."""
        kept = probe("usage.retention", allocation.retention(wishes.free, state.weighting))
        return probe("usage.level", allocation.usage(state.usage, state.written, kept))

    def _write(self, wishes: Wishes, used: Tensor, state: DNCState, probe: Probe) -> tuple[Tensor, Tensor]:
        """Write to a free slot, or to one that resembles the key: the write weighting `(B, N)` and the new memory."""
        free = probe("write.allocation", allocation.allocation(used).unsqueeze(1))
        content = addressing.content_weighting(firm_similarity(state.memory, wishes.write_key), wishes.write_strength)
        content = probe("write.content", content)
        weighting = wishes.write.unsqueeze(-1) * torch.lerp(content, free, wishes.allocate.unsqueeze(-1))
        weighting = probe("write.weighting", weighting)
        contents = memory.write(state.memory, weighting, wishes.erase, wishes.add)
        return weighting[:, 0], probe("memory.contents", contents)

    def _link(self, written: Tensor, state: DNCState, probe: Probe) -> tuple[Tensor, Tensor]:
        """Note which slot this write came after; `(B, N, N)` numbers a step are too many to record for a large memory."""
        link = links.links(state.link, written, state.precedence)
        if self.slots <= MOST_LINKED:
            link = probe("link.order", link)
        return link, probe("link.precedence", links.precedence(state.precedence, written))

    def _read(self, wishes: Wishes, contents: Tensor, link: Tensor, state: DNCState, probe: Probe) -> tuple[Tensor, Tensor]:
        """Read the memory as it is after the write: read weightings `(B, R, N)` and read vectors `(B, R, W)`."""
        back = probe("read.backward", links.backward(link, state.weighting))
        on = probe("read.forward", links.forward(link, state.weighting))
        content = addressing.content_weighting(firm_similarity(contents, wishes.read_keys), wishes.read_strengths)
        content = probe("read.content", content)
        ways = torch.stack((back, content, on), dim=2)  # (B, R, 3, N)
        weighting = probe("read.weighting", torch.einsum("brm,brmn->brn", wishes.modes, ways))
        return weighting, probe("read.vector", memory.read(contents, weighting))

    def _wishes(self, hidden: Tensor, probe: Probe) -> Wishes:
        keys, add, positive, unit, modes = torch.split(self.steering(hidden), self._sizes(), dim=-1)
        heads, width = self.heads, self.width
        keys = keys.view(-1, heads + 1, width)
        strengths = 1 + F.softplus(positive)
        free, allocate, write, erase = torch.split(torch.sigmoid(unit), [heads, 1, 1, width], dim=-1)
        return Wishes(
            free=probe("free.gate", free),
            allocate=probe("write.allocation_gate", allocate),
            write_key=probe("write.key", keys[:, heads:]),
            write_strength=probe("write.strength", strengths[:, heads:]),
            write=probe("write.gate", write),
            erase=probe("write.erase", erase.unsqueeze(1)),
            add=probe("write.add", add.unsqueeze(1)),
            read_keys=probe("read.key", keys[:, :heads]),
            read_strengths=probe("read.strength", strengths[:, :heads]),
            modes=probe("read.modes", torch.softmax(modes.view(-1, heads, MODES), dim=-1)),
        )

    def _sizes(self) -> list[int]:
        """How many numbers the controller wishes with, WR + 3W + 5R + 3 in all: keys; add; strengths; gates and erase; modes."""
        heads, width = self.heads, self.width
        return [(heads + 1) * width, width, heads + 1, heads + 2 + width, heads * MODES]


def firm_similarity(contents: Tensor, keys: Tensor) -> Tensor:
    """The cosine of each key with each slot, drawn towards zero for a slot with next to nothing in it.

    `(B, N, W), (B, K, W) -> (B, K, N)`. A slot can hold exactly nothing here, and a cosine has no slope there that could be
    followed: FIRM under the root keeps it finite.
    """
    key_length, slot_length = ((rows.square().sum(-1) + FIRM).sqrt() for rows in (keys, contents))
    lengths = key_length.unsqueeze(-1) * slot_length.unsqueeze(-2)
    return torch.bmm(keys, contents.transpose(-1, -2)) / (lengths + FIRM)


FIRM = 1e-6
"""What a squared length has at least, in a comparison."""


def build(settings: Settings, interface: dict[str, int]) -> DNC:
    """A computer with fresh weights for a task of form "sequence"."""
    return DNC(settings, interface["inputs"], interface["outputs"])


def recipe(task: str) -> Recipe:
    """Adam, and a long but limited gradient."""
    return Recipe(optimiser="adam", learning_rate=1e-3, batch=16, updates=10_000, clip="norm", clip_at=10.0)


ENTRY = ModelEntry(
    card=ModelCard(
        id="dnc",
        name="Differentiable Neural Computer",
        short="DNC",
        year=2016,
        paper="Graves et al., Hybrid computing using a neural network with dynamic external memory, Nature 538:471",
        memory="episodic",
        idea="A controller takes free slots to write to, gives back those it has read, and follows the order in which slots "
        "were written.",
        slots_are="memory rows",
        forms=("sequence",),
        settings=(
            Setting(
                name="slots", default=32, low=2, high=256, title="Slots",
                says="How many slots the memory has; no parameter. The order of writing takes slots × slots numbers a step.",
            ),
            *width_settings(slot_width=16, hidden=64),
            Setting(name="heads", default=1, low=1, high=8, title="Read heads", says="How many read heads; one head writes."),
            CONTROLLER,
        ),
        channels=CHANNELS,
        micro_steps=MICRO_STEPS,
        first_panes=("Tape", "Reads", "Memory", "Writes", "Order and usage"),
        wiring=WIRING,
        wires=WIRES,
        parameter_formula="lstm: 4C(I+RW+C) + 8C + 2C + (RW+3W+5R+3)(C+1) + O(C+RW+1); "
        "feedforward: C(I+RW+1) + (RW+3W+5R+3)(C+1) + O(C+RW+1)",
        code="engine/models/dnc.py",
    ),
    build=build,
    recipe=recipe,
    quick=QUICK,
)  # fmt: skip
