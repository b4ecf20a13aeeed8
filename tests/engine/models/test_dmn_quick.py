"""The compiled Dynamic Memory Network against the readable one: packed sequences, units run along them, whole networks."""

import pytest
import torch
from dmn_samples import batch, model, seeds, versions
from hypothesis import given, settings
from torch import Tensor
from torch.nn import functional as F

from engine.blocks.recurrent import GatedLayer
from engine.models.dmn import QUICK
from engine.models.dmn_quick import Packed, pack, run_packed
from engine.models.dmn_units import AttentionLayer, Unit, run_along


def sequences(seed: int, size: int = 4, places: int = 6) -> tuple[Tensor, Tensor]:
    """Which places are filled, gaps among them, and in which order they are gone through."""
    chance = torch.Generator().manual_seed(seed)
    present = torch.rand(size, places, generator=chance) < torch.rand(size, 1, generator=chance)
    order = torch.rand(size, places, generator=chance).argsort(1)
    return present, order


def test_the_kernel_is_what_these_tests_are_about() -> None:
    assert model().path == "compiled"


@settings(max_examples=50)
@given(seeds)
def test_every_filled_place_is_packed_once_in_its_order(seed: int) -> None:
    present, order = sequences(seed)

    packed = pack(present, order)

    for row in range(len(present)):
        wanted = [place for place in order[row].tolist() if present[row, place]]
        assert packed.places[packed.rows == row].tolist() == wanted
    assert packed.steps[:, 1].sum() == int(present.sum())
    assert (packed.steps[:-1, 1] <= packed.steps[1:, 1]).all()


@settings(max_examples=25)
@given(seeds)
def test_the_last_state_is_that_of_the_last_place_and_zero_where_there_is_none(seed: int) -> None:
    present, order = sequences(seed)
    packed = pack(present, order)

    last = packed.last(torch.stack((packed.rows, packed.places), 1).float() + 1)

    for row in range(len(present)):
        filled = [place for place in order[row].tolist() if present[row, place]]
        assert last[row].tolist() == ([row + 1, filled[-1] + 1] if filled else [0, 0])


@pytest.mark.parametrize("kind", [GatedLayer, AttentionLayer])
@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("width", [1, 6, 19, 40])
def test_a_unit_along_packed_rows_does_what_it_does_along_whole_sequences(kind: type[Unit], back: bool, width: int) -> None:
    kernel = QUICK.get()
    assert kernel is not None
    present, order = sequences(width, size=9, places=11)
    torch.manual_seed(width)
    unit, packed = kind(width, width), pack(present, order)
    inputs, gates = torch.randn(9, 11, width, requires_grad=True), torch.rand(9, 11, requires_grad=True)
    given = torch.randn(9, 11, width)
    leaves = [inputs, gates, *unit.weights]

    slow = _readable(unit, inputs, gates * present, order, back)
    quick = run_packed(kernel, unit, inputs[packed.rows, packed.places], packed, gates[packed.rows, packed.places], back)
    wanted = torch.autograd.grad((slow * given)[present].sum(), leaves)
    found = torch.autograd.grad((quick * given[packed.rows, packed.places]).sum(), leaves)

    torch.testing.assert_close(quick, slow[packed.rows, packed.places], atol=1e-5, rtol=1e-5)
    for one, other in zip(found, wanted, strict=True):
        assert float((one - other).norm()) <= 1e-5 * float(other.norm()) + 1e-7


def _readable(unit: Unit, inputs: Tensor, gates: Tensor, order: Tensor, back: bool) -> Tensor:
    """States in the places' own order."""
    across = order.unsqueeze(-1).expand_as(inputs)
    states = run_along(unit, inputs.gather(1, across), gates.gather(1, order), back)
    return torch.zeros_like(states).scatter(1, across, states)


@versions
@pytest.mark.parametrize("width", [3, 16, 40])
def test_the_whole_network_says_and_learns_the_same_on_both_paths(gates: str, width: int) -> None:
    network, asked = model(width=width, gates=gates, gate_supervision=True), batch(9, size=20, slots=11)

    readable = network(asked)
    wanted = torch.autograd.grad(F.cross_entropy(readable, asked.answer, reduction="sum"), list(network.parameters()))
    quick = network.fused(asked)
    found = torch.autograd.grad(F.cross_entropy(quick, asked.answer, reduction="sum"), list(network.parameters()))

    torch.testing.assert_close(quick, readable, atol=1e-5, rtol=1e-5)
    for one, other in zip(found, wanted, strict=True):
        assert float((one - other).norm()) <= 1e-4 * float(other.norm()) + 1e-6


def test_a_number_that_is_none_is_not_hidden() -> None:
    network, asked = model(), batch()
    with torch.no_grad():
        network.onward.weight_hh[0, 0] = torch.nan

    assert network.fused(asked).isnan().any()


def test_in_double_precision_it_goes_step_by_step() -> None:
    network, asked = model().double(), batch()

    assert torch.equal(network.fused(asked), network(asked))


def test_nothing_to_pack_is_packed() -> None:
    packed = pack(torch.zeros(2, 3).bool(), torch.arange(3).expand(2, 3))

    assert isinstance(packed, Packed)
    assert len(packed.rows) == 0
    assert packed.last(torch.zeros(0, 4)).tolist() == [[0.0] * 4] * 2
