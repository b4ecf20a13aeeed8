"""No model leaves a tensor on the processor when it computes elsewhere. torch's "meta" device stands for a GPU: it has shapes and
no numbers, and refuses an operation on tensors of two devices."""

import pytest
import torch
from pairing import PAIRS, Pair, small

from engine.blocks.bank import Bank
from engine.blocks.memory import scattered
from engine.blocks.seeding import generator
from engine.contract.cards import Value
from engine.models.kv import KeyValueNetwork
from engine.models.memn2n import MemN2N
from engine.training.device import on, placed

META = torch.device("meta")

OF_EACH_FORM: list[Pair] = list({(model.card.id, task.card.form): (model, task) for model, task in reversed(PAIRS)}.values())
"""Every model with one task of each form that it takes: of a task, it sees the form alone."""

CASES = [
    (pair, setting.name, choice)
    for pair in OF_EACH_FORM
    for setting in pair[0].card.settings
    for choice in setting.choices or ((False, True) if isinstance(setting.default, bool) else ())
] + [(pair, "hidden", 7) for pair in OF_EACH_FORM]


@pytest.mark.parametrize(("pair", "name", "choice"), CASES, ids=lambda part: part[0].card.id if isinstance(part, tuple) else None)
def test_both_paths_stay_on_their_device(pair: Pair, name: str, choice: Value, monkeypatch: pytest.MonkeyPatch) -> None:
    made = small(pair, **{name: choice})
    drawn, model = (made.task.batch(2, generator("a")), made.task.held_out()), made.model.to(META)
    batch, held_out = (placed(each, META) for each in drawn)
    stand_in_for_what_is_read_back(model, monkeypatch)

    with on(META):
        readable, quick, judged = model(batch), model.fused(batch), model.fused(held_out)
        (readable.sum() + quick.sum()).backward()
        loss = model.learn(batch, torch.Tensor.sum)

    assert {tensor.device for tensor in (readable, quick, judged, loss)} == {META}
    assert {parameter.grad.device for parameter in model.parameters() if parameter.grad is not None} == {META}


def stand_in_for_what_is_read_back(model: torch.nn.Module, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some models ask a GPU for numbers, which it has and "meta" has not: how far the layers are mixed, whether the start is
    linear, and which slots of a memory that grows hold something."""
    monkeypatch.setattr(Bank, "there", property(lambda bank: torch.arange(bank.room, device=META)))
    monkeypatch.setattr(torch.Tensor, "tolist", lambda tensor: [0.5] * len(tensor))
    if isinstance(model, MemN2N | KeyValueNetwork):
        model.linear = torch.tensor(0.0)


def test_a_tensor_on_the_wrong_device_is_found() -> None:
    made = small(next(pair for pair in OF_EACH_FORM if pair[0].card.id == "transformer"))
    batch, model = placed(made.task.batch(2, generator("a")), META), made.model.to(META)

    with pytest.raises(RuntimeError, match="device"):
        model(batch)  # not told where to make its tensors, it makes them on the processor


def test_random_blank_slots_are_the_same_on_every_device() -> None:
    with on(META):
        there = scattered(2, 5, 3, 0.1)
    with on(torch.device("cpu")):
        here = scattered(2, 5, 3, 0.1)

    assert there.device == META
    assert torch.equal(here, scattered(2, 5, 3, 0.1))
