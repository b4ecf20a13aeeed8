"""Weights and optimiser states on disk: safetensors only, read by known names and shapes, never by pickle."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save
from torch import Tensor, nn

from engine.contract.files import BadFileError, write_whole
from engine.training.folder import Best

FORMAT = 1


class MisfitError(BadFileError):
    """The weights in a file are those of another model, or of other sizes; `how` says in which one they differ."""

    def __init__(self, path: Path, how: str) -> None:
        super().__init__(f"{path}: {how}")
        self.how = how


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What must be known, beside the tensors, to go on from a checkpoint as if nothing had happened."""

    update: int
    learning_rate: float
    held_out: float | None
    """None where it was not finite."""
    best: Best | None
    schedule: dict[str, float] = field(default_factory=dict)


def write_weights(path: Path, model: nn.Module, update: int, half: bool = False) -> None:
    """Write all weights, or nothing; `half` in half the precision (for checkpoints that are only looked at)."""
    arrays = {name: _array(tensor) for name, tensor in model.state_dict().items()}
    arrays = {name: array.astype(np.float16 if half and not _counts(array) else np.float32) for name, array in arrays.items()}
    _write(path, arrays, {"slotscope": "weights", "update": str(update)})


def read_weights(path: Path, model: nn.Module) -> int:
    """Put the weights of the file into the model; gives their update. MisfitError if they are those of another model,
    BadFileError if the file is damaged."""
    arrays, metadata = _read(path, "weights")
    wanted = model.state_dict()
    for name in (*wanted, *arrays):
        if name not in arrays or name not in wanted:
            raise MisfitError(path, f"{name} is {'missing' if name in wanted else 'not a weight of this model'}")
    for name, array in arrays.items():
        if array.shape != tuple(wanted[name].shape):
            raise MisfitError(path, f"{name} has shape {array.shape}, and should have {tuple(wanted[name].shape)}")
        if not np.isfinite(array).all():
            raise BadFileError(f"{path}: {name} holds a value that is not a finite number")
    with torch.no_grad():
        for name, array in arrays.items():
            wanted[name].copy_(torch.from_numpy(array.astype(np.float32)))
    return _whole_number(path, metadata.get("update", ""))


def write_standing(path: Path, tensors: Mapping[str, Tensor], standing: Standing) -> None:
    """Write the optimiser's state and the standing beside it, or nothing."""
    arrays = {name: _array(tensor) for name, tensor in tensors.items()}
    _write(path, arrays, {"slotscope": "standing", "standing": msgspec.json.encode(standing).decode()})


def read_standing(path: Path, tensors: Mapping[str, Tensor]) -> Standing:
    """Put the optimiser's state back; BadFileError if the file is damaged or belongs to another model."""
    arrays, metadata = _read(path, "standing")
    try:
        standing = msgspec.json.decode(metadata.get("standing", ""), type=Standing)
    except msgspec.MsgspecError as error:
        raise BadFileError(f"{path}: the standing in it is damaged ({error})") from error
    if {name: array.shape for name, array in arrays.items()} != {name: tuple(t.shape) for name, t in tensors.items()}:
        raise BadFileError(f"{path}: this is the state of another optimiser or model")
    for name, array in arrays.items():
        tensors[name].copy_(torch.from_numpy(array))
    return standing


def weights_hash(model: nn.Module) -> str:
    """Sixteen letters that change when any weight does."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(_array(tensor).tobytes())
    return digest.hexdigest()[:16]


def _counts(array: np.ndarray) -> bool:
    """Whether it holds whole numbers, one of them beyond what half the precision can count (samples that were written)."""
    return array.size > 0 and float(np.abs(array).max()) > 2048 and bool((array == np.round(array)).all())


def _array(tensor: Tensor) -> np.ndarray:
    return np.array(tensor.detach().cpu().numpy(), order="C")  # (ascontiguousarray would give a lone number an axis)


def _write(path: Path, arrays: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Runs write these often, and pass over one that cannot be read: they do not wait for the disk."""
    write_whole(path, save(arrays, metadata=metadata | {"format": str(FORMAT)}), wait=False)


def _read(path: Path, sort: str) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            if metadata.get("slotscope") != sort:
                raise BadFileError(f"{path}: these are not {sort} of Slotscope")
            if _whole_number(path, metadata.get("format", "")) > FORMAT:
                raise BadFileError(f"{path}: written by a newer Slotscope (format {metadata['format']}, this one reads {FORMAT})")
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no dictionary)
    except FileNotFoundError as error:
        raise BadFileError(f"{path}: there is no such file") from error
    except OSError as error:
        raise BadFileError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (SafetensorError, ValueError, TypeError, AttributeError) as error:
        if isinstance(error, BadFileError):
            raise
        raise BadFileError(f"{path}: damaged, or not a safetensors file") from error
    for name, array in arrays.items():
        if array.dtype not in (np.float16, np.float32):
            raise BadFileError(f"{path}: {name} is {array.dtype}, not a floating-point tensor of 16 or 32 bits")
    return arrays, metadata


def _whole_number(path: Path, text: str) -> int:
    if not text.isdecimal() or len(text) > 12:
        raise BadFileError(f"{path}: the header says {text[:40]!r} where a whole number should be")
    return int(text)
