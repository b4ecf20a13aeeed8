"""The Differentiable Neural Computer with random weights: what holds before it has learnt anything."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.blocks.probe import Editor, Recorder, silent
from engine.contract.cards import read_settings
from engine.contract.edits import Edit
from engine.models.dnc import DNC, ENTRY, firm_similarity
from engine.models.dnc_card import MOST_LINKED
from engine.tasks.base import SequenceBatch

SMALL = {"slots": 6, "slot_width": 5, "hidden": 12}


def machine(seed: int = 0, inputs: int = 4, outputs: int = 3, loud: float = 1.0, **wished: Any) -> DNC:
    """`loud` multiplies the steering, so that gates and keys are pushed to their ends."""
    torch.manual_seed(seed)
    made = DNC(read_settings(ENTRY.card.settings, {**SMALL, **wished}), inputs, outputs)
    with torch.no_grad():
        made.steering.weight.mul_(loud)
    return made


def batch(size: int = 3, steps: int = 9, seed: int = 0) -> SequenceBatch:
    chance = torch.Generator().manual_seed(seed)
    inputs = torch.randint(2, (steps, size, 4), generator=chance).float()
    return SequenceBatch(inputs=inputs, targets=torch.zeros(steps, size, 3), scored=torch.ones(steps))


def stepwise(made: DNC, inputs: Tensor) -> Tensor:
    state, said = made.initial(inputs.shape[1]), []
    for seen in inputs:
        spoken, state = made.step(seen, state)
        said.append(spoken)
    return torch.stack(said)


def recorded(made: DNC, *edits: Edit, steps: int = 9, seed: int = 0) -> tuple[dict[str, np.ndarray], Tensor]:
    recorder = Recorder()
    with torch.no_grad():
        outputs = made(batch(1, steps, seed), Editor(edits, recorder))
    return recorder.arrays(steps), outputs


@pytest.mark.parametrize("wished", [{}, {"heads": 3}, {"slots": MOST_LINKED + 1}, {"controller": "feedforward"}])
def test_running_a_batch_equals_stepping_through_it(wished: dict[str, Any]) -> None:
    made = machine(**wished)

    torch.testing.assert_close(made(batch()), stepwise(made, batch().inputs), atol=1e-6, rtol=1e-5)


def test_the_controller_sees_what_was_read_at_the_step_before() -> None:
    made = machine()
    seen: list[Tensor] = []
    made.controller.register_forward_pre_hook(lambda _, given: seen.append(given[1].detach().clone()))

    arrays, _ = recorded(made)

    read = torch.from_numpy(arrays["read.vector"][:, 0])
    assert float(read[:-1].abs().max()) > 1e-3
    torch.testing.assert_close(torch.cat(seen)[1:], read[:-1])


def test_changing_what_was_read_changes_what_the_controller_says_next() -> None:
    made = machine()
    edit = Edit(act="set", channel="read.vector", step=3, index=(0,), values=(2.0,))

    plain, _ = recorded(made)
    edited, _ = recorded(made, edit)

    np.testing.assert_array_equal(plain["controller.hidden"][:4], edited["controller.hidden"][:4])
    assert np.abs(plain["controller.hidden"][4] - edited["controller.hidden"][4]).max() > 1e-3


@given(st.integers(0, 1000), st.sampled_from([1, 2]), st.sampled_from([1.0, 10.0, 60.0]))
def test_weightings_usage_and_links_keep_their_bounds(seed: int, heads: int, loud: float) -> None:
    shown, _ = recorded(machine(seed, heads=heads, loud=loud), seed=seed)

    assert all((shown[name] >= -1e-6).all() and (shown[name] <= 1 + 1e-5).all() for name in shown if name in WITHIN)
    assert (shown["write.allocation"].sum(-1) <= 1 + 1e-5).all()
    assert (shown["write.weighting"].sum(-1) <= shown["write.gate"] + 1e-5).all()
    assert (shown["read.weighting"].sum(-1) <= 1 + 1e-5).all()
    assert (shown["link.precedence"].sum(-1) <= 1 + 1e-5).all()
    assert (shown["link.order"].sum(-1) <= 1 + 1e-5).all()
    assert (shown["link.order"].sum(-2) <= 1 + 1e-5).all()
    assert (np.diagonal(shown["link.order"], axis1=1, axis2=2) == 0).all()


WITHIN = (
    "usage.level", "usage.retention", "write.allocation", "write.weighting", "read.weighting", "read.forward", "read.backward",
    "link.order", "link.precedence",
)  # fmt: skip


@pytest.mark.parametrize("step", [0, 4])
def test_a_closed_write_gate_leaves_memory_links_and_precedence_as_they_are(step: int) -> None:
    edit = Edit(act="set", channel="write.gate", step=step, index=(0,), values=(0.0,))

    shown, _ = recorded(machine(), edit)

    for name in ("memory.contents", "link.order", "link.precedence"):
        before = shown[name][step - 1] if step else np.zeros_like(shown[name][0])
        np.testing.assert_array_equal(shown[name][step], before)


def test_usage_is_what_was_plus_what_was_written_less_what_is_given_back() -> None:
    shown, _ = recorded(machine(heads=2))

    for step in range(1, 9):
        used, written = shown["usage.level"][step - 1], shown["write.weighting"][step - 1, 0]
        kept = np.prod(1 - shown["free.gate"][step][:, None] * shown["read.weighting"][step - 1], axis=0)
        np.testing.assert_allclose(shown["usage.level"][step], (used + written - used * written) * kept, atol=1e-6)


def test_what_is_read_is_the_memory_as_it_is_after_the_write() -> None:
    shown, _ = recorded(machine(heads=2))

    expected = np.einsum("tkn,tnw->tkw", shown["read.weighting"], shown["memory.contents"])
    np.testing.assert_allclose(shown["read.vector"], expected, atol=1e-6)


def test_a_forced_write_weighting_puts_the_add_vector_into_exactly_that_slot() -> None:
    edits = (
        Edit(act="force", channel="write.weighting", step=4, index=(0, 2)),
        Edit(act="set", channel="write.erase", step=4, index=(0,), values=(1.0,)),
    )

    shown, _ = recorded(machine(), *edits)

    others = [slot for slot in range(6) if slot != 2]
    np.testing.assert_allclose(shown["memory.contents"][4, 2], shown["write.add"][4, 0], atol=1e-6)
    np.testing.assert_array_equal(shown["memory.contents"][4, others], shown["memory.contents"][3, others])


def test_forced_writes_one_after_the_other_are_followed_by_the_forward_weighting() -> None:
    edits = (
        Edit(act="force", channel="write.weighting", step=2, index=(0, 5)),
        Edit(act="force", channel="write.weighting", step=3, index=(0, 1)),
        Edit(act="force", channel="read.weighting", step=3, index=(0, 5)),
        Edit(act="set", channel="write.gate", step=4, index=(0,), values=(0.0,)),
    )

    shown, _ = recorded(machine(), *edits)

    assert shown["read.forward"][4, 0].argmax() == 1
    assert shown["read.forward"][4, 0, 1] == pytest.approx(1)


def test_the_order_of_writing_is_not_recorded_for_a_large_memory_and_its_card_says_so() -> None:
    small, large = (recorded(machine(slots=slots), steps=2)[0] for slots in (MOST_LINKED, MOST_LINKED + 1))

    said = next(channel.says for channel in ENTRY.card.channels if channel.name == "link.order")
    assert set(small) - set(large) == {"link.order"}
    assert f"up to {MOST_LINKED} slots" in said


def test_empty_slots_and_empty_keys_have_finite_gradients() -> None:
    contents, keys = torch.zeros(1, 4, 3, requires_grad=True), torch.zeros(1, 2, 3, requires_grad=True)

    firm_similarity(contents, keys).sum().backward()

    assert contents.grad is not None
    assert keys.grad is not None
    assert torch.isfinite(contents.grad).all()
    assert torch.isfinite(keys.grad).all()


def test_gradients_agree_with_finite_differences() -> None:
    torch.set_default_dtype(torch.float64)
    try:
        made = machine(slots=4, slot_width=3, hidden=4)
        inputs = batch(1, 4).inputs.double()
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
