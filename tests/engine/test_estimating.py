"""What a run would cost is said before it begins; what cannot be run is refused by the name of its setting."""

import time

import pytest
import torch

from engine.estimating import MOST_SECONDS, estimate, field_of
from engine.tasks.base import BadInputError
from engine.training import device
from engine.training.assemble import assemble

TINY = {"bits": 2, "max_length": 3, "slots": 8, "slot_width": 3, "hidden": 6, "batch": 2, "updates": 100}


def test_the_parameters_are_those_of_the_model_and_time_and_memory_are_measured() -> None:
    found = estimate("ntm", "copy", dict(TINY))

    assert found.parameters == assemble("ntm", "copy", dict(TINY), 0).parameters
    assert 0 < found.update_ms < 1000
    assert found.seconds == pytest.approx(found.update_ms * 100 / 1000)
    assert 0 < found.megabytes < 50
    assert not found.at_least


def test_twice_the_batch_needs_more_memory() -> None:
    one, other = (estimate("lstm", "copy", {"hidden": 32, "batch": batch}) for batch in (8, 16))

    assert other.megabytes > 1.5 * one.megabytes


def test_a_very_large_machine_is_cut_short_and_said_to_be_at_least_so_large() -> None:
    began = time.monotonic()

    found = estimate("ntm", "copy", {"slots": 4096, "slot_width": 256, "length": 500})

    assert found.at_least
    assert found.megabytes > 300
    assert time.monotonic() - began < 20 * MOST_SECONDS


def test_more_vectors_than_slots_are_cautioned_against() -> None:
    assert "the memory has 8 slots" in estimate("ntm", "copy", TINY | {"max_length": 20}).cautions[0]
    assert estimate("ntm", "copy", dict(TINY)).cautions == ()
    assert estimate("lstm", "copy", {"hidden": 8, "batch": 2, "max_length": 20}).cautions == ()


def test_heads_that_do_not_divide_the_width_are_refused_at_their_field() -> None:
    settings = {"width": 30, "heads": 4}

    with pytest.raises(BadInputError) as refused:
        estimate("transformer", "copy", dict(settings))

    assert field_of(refused.value, dict(settings)) == "heads"


def test_a_gpu_that_is_not_there_is_refused_at_its_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "gpu", lambda: None)
    settings = TINY | {"device": "gpu"}

    with pytest.raises(BadInputError) as refused:
        estimate("ntm", "copy", dict(settings))

    assert field_of(refused.value, dict(settings)) == "device"


def test_figures_of_the_processor_are_called_so_where_a_gpu_will_train(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "gpu", lambda: torch.device("mps"))

    cautions = estimate("lstm", "copy", {"hidden": 8, "batch": 2}).cautions

    assert cautions == ("These are the processor's figures; the run will train on mps.",)
