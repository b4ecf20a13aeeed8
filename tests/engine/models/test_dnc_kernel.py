"""The compiled Differentiable Neural Computer against the readable one, in double precision where gradients are compared."""

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.contract.cards import read_settings
from engine.models.dnc import DNC, ENTRY
from engine.tasks.base import SequenceBatch

KINDS: list[dict[str, Any]] = [
    {"slots": 6, "slot_width": 5, "hidden": 12},
    {"slots": 6, "slot_width": 5, "hidden": 12, "controller": "feedforward"},
    {"slots": 7, "slot_width": 3, "hidden": 9, "heads": 3},
    {"slots": 2, "slot_width": 1, "hidden": 4},
    {"slots": 40, "slot_width": 16, "hidden": 32, "heads": 2, "controller": "feedforward"},
]

every_kind = pytest.mark.parametrize("wished", KINDS, ids=lambda wished: "-".join(str(value) for value in wished.values()))


def machine(wished: dict[str, Any], loud: float = 1.0) -> DNC:
    torch.manual_seed(3)
    made = DNC(read_settings(ENTRY.card.settings, wished), 4, 3)
    with torch.no_grad():
        made.steering.weight.mul_(loud)
    return made


def batch(size: int = 3, steps: int = 14, seed: int = 0) -> SequenceBatch:
    chance = torch.Generator().manual_seed(seed)
    inputs = torch.randint(2, (steps, size, 4), generator=chance).float()
    return SequenceBatch(inputs=inputs, targets=torch.rand(steps, size, 3, generator=chance), scored=torch.ones(steps))


def gradients(made: DNC, outputs: Tensor, targets: Tensor) -> tuple[Tensor, ...]:
    loss = F.binary_cross_entropy_with_logits(outputs, targets)
    return torch.autograd.grad(loss, list(made.parameters()))


def exact_gradients(made: DNC, asked: SequenceBatch) -> tuple[Tensor, ...]:
    torch.set_default_dtype(torch.float64)  # the readable steps make their first state in it
    try:
        exact = copy.deepcopy(made).double()
        return gradients(exact, exact(doubled(asked)), asked.targets.double())
    finally:
        torch.set_default_dtype(torch.float32)


def doubled(asked: SequenceBatch) -> SequenceBatch:
    return SequenceBatch(inputs=asked.inputs.double(), targets=asked.targets.double(), scored=asked.scored)


def test_the_kernel_is_what_these_tests_are_about() -> None:
    assert machine(KINDS[0]).path == "compiled"


@every_kind
@pytest.mark.parametrize("loud", [1.0, 3.0])
def test_outputs_are_those_of_the_readable_steps(wished: dict[str, Any], loud: float) -> None:
    made = machine(wished, loud)

    torch.testing.assert_close(made.fused(batch()), made(batch()), atol=1e-5, rtol=1e-5)


@every_kind
@pytest.mark.parametrize("loud", [1.0, 3.0])
def test_gradients_are_those_of_the_readable_steps_in_double_precision(wished: dict[str, Any], loud: float) -> None:
    made, asked = machine(wished, loud), batch()
    wanted = exact_gradients(made, asked)

    found = gradients(made, made.fused(asked), asked.targets)

    for (name, _), one, other in zip(made.named_parameters(), found, wanted, strict=True):
        assert float((one - other).norm()) <= 1e-4 * float(other.norm()) + 1e-8, name


@every_kind
def test_without_gradients_the_outputs_are_the_same(wished: dict[str, Any]) -> None:
    made = machine(wished)

    with torch.no_grad():
        quick = made.fused(batch())

    torch.testing.assert_close(quick, made.fused(batch()).detach(), atol=0, rtol=0)


def test_a_second_pass_is_not_disturbed_by_the_first() -> None:
    made = machine(KINDS[0])
    one, other = batch(seed=1), batch(seed=2)

    first = made.fused(one)
    second = made.fused(other)
    found = gradients(made, first, one.targets)

    again = gradients(made, made.fused(one), one.targets)
    assert all(torch.equal(a, b) for a, b in zip(found, again, strict=True))
    assert not torch.allclose(first, second)


def test_a_value_that_is_no_number_is_not_hidden() -> None:
    made = machine(KINDS[0])
    with torch.no_grad():
        made.steering.bias[0] = float("nan")

    assert np.isnan(made.fused(batch()).detach().numpy()).any()
