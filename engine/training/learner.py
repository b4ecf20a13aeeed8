"""A model that learns, with its optimiser, wherever it does: the task stays on the processor, so outputs come back to it."""

import copy
from collections.abc import Callable

import torch
from torch import Tensor

from engine.blocks.probe import Probe
from engine.models.base import MemoryModel
from engine.tasks.base import Batch
from engine.training.device import on, placed, title
from engine.training.optimiser import FlatParameters, make_optimiser

HOME = torch.device("cpu")


class Learner:
    """`device` None: the model as it is, on the processor, where alone compiled paths run; else a copy of it, there."""

    def __init__(self, model: MemoryModel, optimiser: str, device: torch.device | None = None) -> None:
        self.model = model if device is None else copy.deepcopy(model).to(device)
        self.device = device
        self.flat = FlatParameters(self.model)
        self.optimiser = make_optimiser(optimiser, self.flat)
        self.note = ""
        """Why it is not where it was to be."""
        self._kind = optimiser

    @property
    def path(self) -> str:
        """By which path it learns, and where if not on the processor."""
        if self.device is None:
            return self.model.path + self.note
        return f"{self.model.path.partition(':')[0]} on {title(self.device)}"

    def moved(self, device: torch.device) -> "Learner":
        """The same on a device; this one stays as it is."""
        there = Learner(self.model, self._kind, device)
        for name, tensor in self.optimiser.state.items():
            there.optimiser.state[name].copy_(tensor)
        return there

    def step(self, rate: float, number: int) -> None:
        """Let the optimiser move the weights; those that the model's present stage holds still stay where they are."""
        moves = self.model.learning
        if moves is None:
            self.optimiser.update(rate, number)
            return
        before = self.flat.values.clone()
        self.optimiser.update(rate, number)
        for name, (first, last) in self.flat.spans.items():
            if not name.startswith(moves):
                self.flat.values[first:last] = before[first:last]

    def learn(self, batch: Batch, loss: Callable[[Tensor], Tensor]) -> float:
        """One pass forward and back: adds to the gradients, gives the loss."""
        with on(self.device):
            return float(self.model.learn(placed(batch, self.device), self._at_home(loss)))

    def loss_of(self, batch: Batch, outputs: Tensor, loss: Callable[[Tensor], Tensor]) -> float:
        """What learning lowers, on a batch of which these are the outputs, without a gradient."""
        with torch.no_grad(), on(self.device):
            return float(self.model.loss_of(placed(batch, self.device), outputs, self._at_home(loss)))

    def outputs(self, batch: Batch, probe: Probe | None = None) -> Tensor:
        """What the model says, without a gradient; with a probe, by the readable path."""
        self.model.eval()
        with torch.no_grad(), on(self.device):
            there = placed(batch, self.device)
            said: Tensor = self.model.fused(there) if probe is None else self.model(there, probe)
        self.model.train()
        return said.cpu()

    def _at_home(self, loss: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
        """The task's loss, reckoned on the processor wherever the outputs are."""

        def at_home(outputs: Tensor) -> Tensor:
            with on(self.device and HOME):
                return loss(outputs.cpu())

        return at_home
