"""The optimisers, on all parameters laid end to end: one short vector operation each, and a state that is a few vectors."""

import math
from types import ModuleType

import numpy as np
import torch
from torch import Tensor, nn

from engine.blocks.compiled import CompiledPath


def _warm_up(kernel: ModuleType) -> None:
    one, zero = np.ones(3, np.float32), np.zeros(3, np.float32)
    kernel.rmsprop(one, one.copy(), zero, zero.copy(), np.float32(0.1))
    if not (0 < one[0] < 1):
        raise RuntimeError("a test of the compiled optimiser did not move the weights as it should")


QUICK = CompiledPath("engine.training.optimiser_kernel", _warm_up)
"""RMSProp in one pass: see `optimiser_kernel.py`."""


class FlatParameters:
    """All parameters of a model and their gradients as one vector each; the model's own tensors become views of it."""

    def __init__(self, model: nn.Module) -> None:
        owned = list(model.named_parameters())
        self.values = torch.cat([parameter.detach().reshape(-1) for _, parameter in owned])
        self.gradients = torch.zeros_like(self.values)
        self.spans: dict[str, tuple[int, int]] = {}
        first = 0
        for name, parameter in owned:
            last = first + parameter.numel()
            parameter.data = self.values[first:last].view(parameter.shape)
            parameter.grad = self.gradients[first:last].view(parameter.shape)
            self.spans[name] = first, last
            first = last

    def clip(self, by: str, limit: float) -> None:
        """Limit each number of the gradient ("value"), its length ("norm"), or each tensor's ("norm_per_tensor")."""
        if by == "value":
            self.gradients.clamp_(-limit, limit)
        elif by == "norm":
            _shorten(self.gradients, limit)
        else:
            for first, last in self.spans.values():
                _shorten(self.gradients[first:last], limit)

    @property
    def are_finite(self) -> bool:
        """Whether every number of the gradient is finite: their sum says so at once, but where it is not finite itself."""
        return math.isfinite(float(self.gradients.sum())) or bool(torch.isfinite(self.gradients).all())

    def first_not_finite(self) -> str | None:
        """The first parameter whose gradient is not finite."""
        bad = (name for name, (first, last) in self.spans.items() if not torch.isfinite(self.gradients[first:last]).all())
        return next(bad, None)


class RMSProp:
    """Divide by the running root mean square of the gradient, with momentum (as in the NTM paper, not centered)."""

    names = ("square", "momentum")

    def __init__(self, flat: FlatParameters) -> None:
        self._flat = flat
        self.state = {name: torch.zeros_like(flat.values) for name in self.names}
        self._root = torch.empty_like(flat.values)

    def update(self, learning_rate: float, number: int) -> None:
        """One update."""
        gradient, square, momentum = self._flat.gradients, self.state["square"], self.state["momentum"]
        compiled = QUICK.get() if gradient.is_cpu else None
        if compiled is not None:
            arrays = (tensor.numpy() for tensor in (self._flat.values, gradient, square, momentum))
            compiled.rmsprop(*arrays, np.float32(learning_rate))
            return
        square.mul_(0.95).addcmul_(gradient, gradient, value=0.05)
        torch.sqrt(square, out=self._root)
        momentum.mul_(0.9).addcdiv_(gradient, self._root.add_(1e-8))
        self._flat.values.add_(momentum, alpha=-learning_rate)


class Adam:
    """Kingma & Ba (2015): running mean of the gradient over its running root mean square, both freed of their start."""

    names = ("mean", "square")

    def __init__(self, flat: FlatParameters) -> None:
        self._flat = flat
        self.state = {name: torch.zeros_like(flat.values) for name in self.names}

    def update(self, learning_rate: float, number: int) -> None:
        """One update; `number` counts from 1."""
        gradient, mean, square = self._flat.gradients, self.state["mean"], self.state["square"]
        mean.lerp_(gradient, 0.1)
        square.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
        root = square.sqrt().div_(math.sqrt(1 - 0.999**number)).add_(1e-8)
        self._flat.values.addcdiv_(mean, root, value=-learning_rate / (1 - 0.9**number))


class SGD:
    """Follow the gradient."""

    names: tuple[str, ...] = ()

    def __init__(self, flat: FlatParameters) -> None:
        self._flat = flat
        self.state: dict[str, Tensor] = {}

    def update(self, learning_rate: float, number: int) -> None:
        """One update."""
        self._flat.values.add_(self._flat.gradients, alpha=-learning_rate)


Optimiser = RMSProp | Adam | SGD


def make_optimiser(name: str, flat: FlatParameters) -> Optimiser:
    """The optimiser of this name, at its start."""
    kinds: dict[str, type[RMSProp] | type[Adam] | type[SGD]] = {"rmsprop": RMSProp, "adam": Adam, "sgd": SGD}
    return kinds[name](flat)


def _shorten(gradient: Tensor, limit: float) -> None:
    length = float(torch.linalg.vector_norm(gradient))
    if length > limit:
        gradient.mul_(limit / length)
