"""The optimisers, held to torch's own."""

from collections.abc import Callable, Iterable

import pytest
import torch
from torch import nn

from engine.training.optimiser import FlatParameters, make_optimiser

THEIRS: dict[str, Callable[[Iterable[nn.Parameter]], torch.optim.Optimizer]] = {
    "rmsprop": lambda owned: torch.optim.RMSprop(owned, lr=0.01, alpha=0.95, momentum=0.9, eps=1e-8),
    "adam": lambda owned: torch.optim.Adam(owned, lr=0.01),
    "sgd": lambda owned: torch.optim.SGD(owned, lr=0.01),
}


def net() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 5), nn.Tanh(), nn.Linear(5, 2))


def loss(model: nn.Module, number: int) -> torch.Tensor:
    inputs = torch.randn(3, 4, generator=torch.Generator().manual_seed(number))
    result: torch.Tensor = (model(inputs) ** 2).sum()
    return result


@pytest.mark.parametrize("name", ["rmsprop", "adam", "sgd"])
def test_it_moves_the_weights_as_the_one_of_torch_does(name: str) -> None:
    ours, theirs = net(), net()
    flat, reference = FlatParameters(ours), THEIRS[name](theirs.parameters())
    optimiser = make_optimiser(name, flat)

    for number in range(1, 6):
        flat.gradients.zero_()
        loss(ours, number).backward()
        optimiser.update(0.01, number)
        reference.zero_grad()
        loss(theirs, number).backward()
        reference.step()

    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-5)


def test_the_gradient_is_clipped_by_value_by_its_length_or_tensor_by_tensor() -> None:
    flat = FlatParameters(net())

    flat.gradients.fill_(3.0)
    flat.clip("value", 2.0)
    assert flat.gradients.max() == 2.0

    flat.gradients.fill_(3.0)
    flat.clip("norm", 2.0)
    assert float(flat.gradients.norm()) == pytest.approx(2.0)

    flat.gradients.fill_(3.0)
    flat.clip("norm_per_tensor", 2.0)
    first, last = flat.spans["2.bias"]
    assert float(flat.gradients[first:last].norm()) == pytest.approx(2.0)


def test_a_gradient_that_is_no_number_is_named() -> None:
    flat = FlatParameters(net())

    flat.gradients[flat.spans["2.weight"][0]] = torch.inf

    assert flat.first_not_finite() == "2.weight"
