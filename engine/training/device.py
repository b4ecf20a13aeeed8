"""What this process asks of the machine before it computes, and where a training does: on the processor or on a GPU."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields, replace
from typing import Any

import torch
from torch import Tensor

from engine.tasks.base import BadInputError, Batch


def one_thread() -> None:
    """One thread, so that numbers repeat and the window keeps a core; numbers too small for a float count as zero."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)


def gpu() -> torch.device | None:
    """The GPU that torch can use here, if there is one."""
    if torch.cuda.is_available():
        return torch.device("cuda", 0)
    return torch.device("mps") if torch.backends.mps.is_available() else None


def choose(wish: str, gains: bool) -> torch.device | None:
    """The GPU that a run shall train on; None: the processor. BadInputError if one must be there and is not.

    `wish` as in the setting; `gains`: whether the model is quicker there.
    """
    found = gpu() if wish == "gpu" or (wish == "auto" and gains) else None
    if wish == "gpu" and found is None:
        raise BadInputError("device: torch finds no GPU on this machine; auto and cpu train on the processor")
    return found


def choose_again(wish: str, gains: bool) -> torch.device | None:
    """The same for a run that goes on, perhaps on another machine: where its GPU is gone, the processor does."""
    return None if wish == "gpu" and gpu() is None else choose(wish, gains)


def title(device: torch.device) -> str:
    """ "cuda:0 (NVIDIA A100)"."""
    return f"{device} ({torch.cuda.get_device_name(device)})" if device.type == "cuda" else str(device)


def on(device: torch.device | None) -> AbstractContextManager[Any]:
    """Inside it, tensors are made on this device unless it is said where; None changes nothing."""
    return nullcontext() if device is None else device


def placed(batch: Batch, device: torch.device | None) -> Batch:
    """The batch with all its tensors on this device; None leaves it as it is."""
    if device is None:
        return batch
    held = {field.name: getattr(batch, field.name) for field in fields(batch)}
    moved: dict[str, Any] = {name: value.to(device) for name, value in held.items() if isinstance(value, Tensor)}
    return replace(batch, **moved)


def seed(number: int, device: torch.device | None) -> None:
    """Let all chance that a model asks torch for begin here, on the processor and on the device."""
    torch.default_generator.manual_seed(number)
    if device is not None and device.type in ("cuda", "mps"):
        torch.get_device_module(device).manual_seed(number)
