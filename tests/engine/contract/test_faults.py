"""What a person is told: one sentence, and never a traceback."""

import errno

import pytest
import torch

from engine.contract.faults import explain, is_a_fault
from engine.contract.files import BadFileError
from engine.tasks.base import BadInputError


class OddError(ValueError):
    pass


@pytest.mark.parametrize("error", [BadFileError("a: b"), BadInputError("a: b"), ValueError("a:\n  b")])
def test_what_was_raised_for_a_person_speaks_for_itself(error: Exception) -> None:
    assert explain(error) == "a: b"
    assert not is_a_fault(error)


def test_a_full_disk_is_named_with_its_place() -> None:
    error = OSError(errno.ENOSPC, "No space left on device", "runs/a")

    assert explain(error) == "runs/a: the disk is full; make room and try again."
    assert not is_a_fault(error)


def test_a_place_that_may_not_be_written_is_named() -> None:
    assert explain(PermissionError(errno.EACCES, "Permission denied", "runs/a")).startswith("runs/a: this place may not")


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to"),
        RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 40000000000000 bytes."),
        RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB."),
    ],
)
def test_too_little_memory_says_what_needs_less_and_is_no_fault(error: Exception) -> None:
    assert explain(error).startswith("There is not enough memory")
    assert not is_a_fault(error)


def test_torch_says_in_these_words_that_memory_is_too_small() -> None:
    with pytest.raises(RuntimeError) as refused:
        torch.empty(10**15)

    assert explain(refused.value).startswith("There is not enough memory")


@pytest.mark.parametrize("error", [KeyError("x"), OddError("strange"), UnicodeDecodeError("utf-8", b"x", 0, 1, "bad")])
def test_a_fault_of_the_program_is_called_one(error: Exception) -> None:
    assert "fault of the program" in explain(error)
    assert is_a_fault(error)
