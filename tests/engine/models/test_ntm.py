"""The Neural Turing Machine with random weights: what holds before it has learnt anything."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.blocks.probe import Editor, Recorder, silent
from engine.contract.cards import read_settings
from engine.contract.edits import Edit
from engine.models.ntm import ENTRY, NTM, NTMState
from engine.tasks.base import SequenceBatch

SMALL = {"slots": 9, "slot_width": 5, "hidden": 12}


def machine(seed: int = 0, inputs: int = 4, outputs: int = 3, **wished: Any) -> NTM:
    torch.manual_seed(seed)
    return NTM(read_settings(ENTRY.card.settings, {**SMALL, **wished}), inputs, outputs)


def batch(size: int = 3, steps: int = 6, seed: int = 0) -> SequenceBatch:
    chance = torch.Generator().manual_seed(seed)
    inputs = torch.randint(2, (steps, size, 4), generator=chance).float()
    return SequenceBatch(inputs=inputs, targets=torch.zeros(steps, size, 3), scored=torch.ones(steps))


def stepwise(made: NTM, inputs: Tensor) -> Tensor:
    state, said = made.initial(inputs.shape[1]), []
    for given in inputs:
        spoken, state = made.step(given, state)
        said.append(spoken)
    return torch.stack(said)


def recorded(made: NTM, steps: int = 6, *edits: Edit) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], Tensor]:
    recorder = Recorder()
    with torch.no_grad():
        outputs = made(batch(1, steps), Editor(edits, recorder))
    return recorder.arrays(steps), recorder.initial(), outputs


def test_the_machine_of_the_paper_has_62860_parameters() -> None:
    made = NTM(read_settings(ENTRY.card.settings, {}), 9, 8)

    assert sum(parameter.numel() for parameter in made.parameters()) == 62_860


@pytest.mark.parametrize("wished", [{}, {"heads": 3}, {"controller": "feedforward"}, {"initial_memory": "random"}])
def test_running_a_batch_equals_stepping_through_it(wished: dict[str, Any]) -> None:
    made = machine(**wished)

    torch.testing.assert_close(made(batch()), stepwise(made, batch().inputs), atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("wished", [{}, {"heads": 3}, {"controller": "feedforward"}, {"initial_weighting": "uniform"}])
def test_all_stages_of_all_heads_are_distributions_at_every_step(wished: dict[str, Any]) -> None:
    arrays, _, _ = recorded(machine(**wished))

    shown = [
        arrays[f"{organ}.{stage}"]
        for organ in ("read", "write")
        for stage in ("content", "gated", "shifted", "weighting", "shift")
    ]
    assert all((array >= 0).all() for array in shown)
    for array in shown:
        np.testing.assert_allclose(array.sum(-1), 1, atol=1e-5)


def test_the_memory_before_a_step_is_the_memory_after_the_step_before() -> None:
    arrays, initial, _ = recorded(machine())

    contents, w, e, a = (arrays[n] for n in ("memory.contents", "write.weighting", "write.erase", "write.add"))
    before = np.concatenate((initial["memory.contents"][None], contents[:-1]))
    expected = before * (1 - w[:, 0, :, None] * e[:, 0, None]) + w[:, 0, :, None] * a[:, 0, None]
    np.testing.assert_allclose(contents, expected, atol=1e-6)
    np.testing.assert_allclose(arrays["read.vector"], np.einsum("tkn,tnw->tkw", arrays["read.weighting"], before), atol=1e-6)


def test_turning_memory_and_first_weighting_by_some_slots_changes_no_output() -> None:
    made = machine(initial_memory="random")
    start = made.initial(3)
    turned = NTMState(start.memory.roll(4, 1), start.weighting.roll(4, -1), start.read, start.controller)

    outputs = []
    for state in (start, turned):
        said = []
        for given in batch().inputs:
            spoken, state = made.step(given, state)
            said.append(spoken)
        outputs.append(torch.stack(said))

    torch.testing.assert_close(outputs[0], outputs[1], atol=1e-6, rtol=1e-5)


def test_an_erased_slot_stays_erased_in_the_steps_that_follow() -> None:
    made = machine()
    edit = Edit(act="set", channel="memory.contents", step=2, index=(0,), values=(5.0,))

    plain, _, outputs = recorded(made)
    edited, _, other = recorded(made, 6, edit)

    np.testing.assert_array_equal(edited["memory.contents"][2, 0], 5.0)
    np.testing.assert_array_equal(edited["memory.contents"][:2], plain["memory.contents"][:2])
    assert np.abs(edited["read.vector"][3] - plain["read.vector"][3]).max() > 1e-3
    assert torch.equal(outputs[:3], other[:3])
    assert not torch.allclose(outputs[3:], other[3:])


def test_a_forced_read_weighting_reads_exactly_that_slot() -> None:
    edit = Edit(act="force", channel="read.weighting", step=3, index=(0, 7))

    arrays, _, _ = recorded(machine(), 6, edit)

    np.testing.assert_allclose(arrays["read.vector"][3, 0], arrays["memory.contents"][2, 7], atol=1e-6)


def test_a_blank_memory_before_the_first_step_can_be_changed_too() -> None:
    edit = Edit(act="set", channel="memory.contents", step=-1, index=(0,), values=(1.0,))

    arrays, initial, _ = recorded(machine(), 6, edit)

    np.testing.assert_array_equal(initial["memory.contents"][0], 1.0)
    np.testing.assert_allclose(
        arrays["read.vector"][0, 0], arrays["read.weighting"][0, 0] @ initial["memory.contents"], atol=1e-6
    )


def test_gradients_agree_with_finite_differences() -> None:
    made = machine(slots=5, slot_width=3, hidden=4).double()
    torch.set_default_dtype(torch.float64)
    try:
        inputs = batch(1, 3).inputs.double()
        names = ("controller.carried_weight", "steering.weight", "readout.weight")

        def outputs(*weights: Tensor) -> Tensor:
            chosen = dict(zip(names, weights, strict=True))
            asked = SequenceBatch(inputs=inputs, targets=inputs, scored=inputs)
            result: Tensor = torch.func.functional_call(made, chosen, (asked, silent))
            return result

        weights = tuple(made.get_parameter(name).detach().clone().requires_grad_() for name in names)
        assert torch.autograd.gradcheck(outputs, weights, fast_mode=True)
    finally:
        torch.set_default_dtype(torch.float32)


def test_the_last_quarter_of_a_run_is_slow() -> None:
    made = machine()

    assert [made.before_update(update, 100) for update in (1, 75, 76, 100)] == [1.0, 1.0, 0.1, 0.1]
