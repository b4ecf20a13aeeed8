"""The optimisers, on all parameters laid end to end: one short vector operation each, and a state that is a few vectors."""

import math

import torch
from torch import Tensor, nn


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

    def update(self, learning_rate: float, number: int) -> None:
        """One update."""
        gradient, square, momentum = self._flat.gradients, self.state["square"], self.state["momentum"]
        square.mul_(0.95).addcmul_(gradient, gradient, value=0.05)
        momentum.mul_(0.9).addcdiv_(gradient, square.sqrt().add_(1e-8))
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
