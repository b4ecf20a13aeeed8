"""The compiled machine computes what the readable one does: outputs, gradients, long episodes, and what is not a number."""

from dataclasses import replace
from functools import partial

import pytest
import torch

from engine.blocks.seeding import generator
from engine.contract.cards import Settings
from engine.models import ntm
from engine.models.base import MemoryModel
from engine.tasks.base import Batch
from engine.training.assemble import Assembled, assemble
from engine.training.optimiser import FlatParameters, make_optimiser

pytestmark = pytest.mark.skipif(not ntm.QUICK.is_made, reason="the compiled path cannot be had on this machine")

BUILDS: list[Settings] = [
    {},
    {"heads": 3, "slots": 20, "hidden": 30},
    {"controller": "feedforward", "heads": 2, "slot_width": 5, "slots": 9, "hidden": 13},
    {"initial_memory": "random", "initial_weighting": "uniform", "slots": 33, "slot_width": 7},
]
every_build = pytest.mark.parametrize("settings", BUILDS, ids=["defaults", "three heads", "feed-forward", "random start"])


def machine(settings: Settings, seed: int = 0) -> Assembled:
    return assemble("ntm", "copy", settings | {"length": 12}, seed)


def loss_of(made: Assembled, batch: Batch, outputs: torch.Tensor) -> torch.Tensor:
    return made.task.loss(outputs, batch)


def gradients(made: Assembled, size: int, *, readable: bool, double: bool = False) -> list[torch.Tensor]:
    batch = made.task.batch(size, generator("a"))
    model = made.model
    if double:
        batch, model = replace(batch, inputs=batch.inputs.double(), targets=batch.targets.double()), model.double()  # type: ignore[arg-type, union-attr]  # copy makes sequences
        torch.set_default_dtype(torch.float64)
    try:
        model.zero_grad(set_to_none=True)
        learn = MemoryModel.learn if readable else type(model).learn
        learn(model, batch, lambda outputs: made.task.loss(outputs, batch))
    finally:
        torch.set_default_dtype(torch.float32)
    return [parameter.grad.clone() for parameter in model.parameters() if parameter.grad is not None]


@every_build
@pytest.mark.parametrize("size", [1, 2, 5])
def test_its_gradients_are_those_of_autograd_in_double_precision(settings: Settings, size: int) -> None:
    found = gradients(machine(settings), size, readable=False)
    wanted = gradients(machine(settings), size, readable=True, double=True)

    assert len(found) == len(wanted)
    off = [float((one.double() - other).norm() / (other.norm() + 1e-12)) for one, other in zip(found, wanted, strict=True)]
    assert max(off) < 1e-4


@every_build
def test_its_outputs_are_those_of_the_readable_step_on_episodes_longer_than_one_stretch(settings: Settings) -> None:
    made = assemble("ntm", "copy", settings | {"length": 40}, 0)
    batch = made.task.batch(3, generator("a"))

    with torch.no_grad():
        torch.testing.assert_close(made.model.fused(batch), made.model(batch), atol=1e-5, rtol=1e-4)


def test_twenty_updates_by_either_path_cost_the_same() -> None:
    costs: dict[bool, list[float]] = {}
    for readable in (True, False):
        made = machine({})
        flat = FlatParameters(made.model)
        optimiser = make_optimiser("rmsprop", flat)
        learn = MemoryModel.learn if readable else type(made.model).learn
        costs[readable] = []
        for number in range(1, 21):
            batch = made.task.batch(2, generator("batch", number))
            flat.gradients.zero_()
            costs[readable].append(float(learn(made.model, batch, partial(loss_of, made, batch))))
            flat.clip("value", 10.0)
            optimiser.update(1e-4, number)

    torch.testing.assert_close(torch.tensor(costs[False]), torch.tensor(costs[True]), atol=1e-4, rtol=1e-4)


def test_a_weight_that_is_no_number_is_not_hidden() -> None:
    made = machine({})
    batch = made.task.batch(2, generator("a"))
    with torch.no_grad():
        made.model.steering.weight[3, 4] = float("nan")  # type: ignore[union-attr, index, operator]  # an NTM has one

        outputs = made.model.fused(batch)

    assert bool(torch.isnan(outputs).any())


def test_a_very_sharp_head_on_many_slots_stays_finite() -> None:
    made = machine({"slots": 512})
    batch = made.task.batch(2, generator("a"))
    with torch.no_grad():
        made.model.steering.bias.fill_(50.0)  # type: ignore[union-attr, operator]  # an NTM has one

        quick, readable = made.model.fused(batch), made.model(batch)

    assert bool(torch.isfinite(quick).all())
    torch.testing.assert_close(quick, readable, atol=1e-4, rtol=1e-3)


def test_the_way_back_can_be_gone_once_only() -> None:
    made = machine({})
    batch = made.task.batch(1, generator("a"))
    model = made.model
    assert isinstance(model, ntm.NTM)
    unroller, start = model._unroller(), model._start(1)
    assert unroller is not None

    with torch.no_grad():
        passed = unroller.begin(batch.inputs, *start, model._machine())  # type: ignore[union-attr]  # copy makes sequences
        unroller.back(passed, torch.ones_like(passed.logits))
        with pytest.raises(RuntimeError, match="the way was gone already"):
            unroller.back(passed, torch.ones_like(passed.logits))


def test_two_episodes_of_different_length_do_not_touch_each_other() -> None:
    made = machine({})
    short, long = (assemble("ntm", "copy", {"length": n}, 0).task.batch(2, generator("a")) for n in (3, 12))

    with torch.no_grad():
        before = made.model.fused(short)
    made.model.learn(long, partial(loss_of, made, long))
    with torch.no_grad():
        after = made.model.fused(short)

    assert torch.equal(before, after)


def test_every_array_begins_with_a_line_of_the_cache_so_that_all_processes_add_up_alike() -> None:
    model = machine({}).model
    assert isinstance(model, ntm.NTM)
    unroller = model._unroller()
    assert unroller is not None

    work = unroller._take(unroller._sizes(torch.zeros(5, 3, 9), torch.zeros(3, 10, 20)), 5)

    assert {array.ctypes.data % 64 for array in (work.seen, *work.kept)} == {0}
