"""What a person is told: one sentence, and never a traceback."""

import errno

import pytest

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


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("DefaultCPUAllocator: not enough memory: out of memory")])
def test_too_little_memory_says_what_needs_less(error: Exception) -> None:
    assert "not enough memory" in explain(error)


@pytest.mark.parametrize("error", [KeyError("x"), OddError("strange"), UnicodeDecodeError("utf-8", b"x", 0, 1, "bad")])
def test_a_fault_of_the_program_is_called_one(error: Exception) -> None:
    assert "fault of the program" in explain(error)
    assert is_a_fault(error)
