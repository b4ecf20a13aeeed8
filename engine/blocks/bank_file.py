"""A memory in a file of its own: what lies in its slots, and whose codes those are, for they mean nothing to another network."""

import hashlib
import math
from pathlib import Path

import msgspec
import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save
from torch import nn

from engine.blocks.bank import Bank
from engine.contract.files import BadFileError, write_whole

FORMAT = 1
SORT = "memory"


class MemoryCard(msgspec.Struct, frozen=True, kw_only=True):
    """What a memory's file says of itself."""

    model: str
    network: str
    """The digest of the weights that made the codes."""
    banks: dict[str, int]
    """How many slots of each bank hold something, by the bank's name in the model."""
    presented: dict[str, int]
    """How many samples were offered to it."""
    key: int
    value: int
    """Features of a key and of a value."""
    source: str = ""
    """Whose memory it is: an exhibit or a run's folder, and what was done with it."""


Arrays = dict[str, np.ndarray]


def network_hash(model: nn.Module) -> str:
    """Sixteen letters that change when any weight does; what lies in a memory is no weight."""
    digest = hashlib.sha256()
    for name, parameter in sorted(model.named_parameters()):
        digest.update(name.encode())
        digest.update(np.array(parameter.detach().cpu().numpy(), order="C").tobytes())
    return digest.hexdigest()[:16]


def banks_of(model: nn.Module) -> dict[str, Bank]:
    """The memories of a model, by their names in it."""
    return {name: part for name, part in model.named_modules() if isinstance(part, Bank)}


def rows_of(bank: Bank) -> Arrays:
    """What lies in a memory, by the names of its buffers: `(M, ...)`, the slots that hold something, the oldest first; and how
    many samples were presented, `(1,)`."""
    there = bank.there
    order = there[torch.argsort(bank.written[there], stable=True)]
    arrays = {name: buffer[order] for name, buffer in bank.named_buffers() if buffer.dim()}
    return {name: array.cpu().numpy() for name, array in (arrays | {"presented": bank.presented[None]}).items()}


def write_memory(path: Path, card: MemoryCard, banks: dict[str, Arrays]) -> None:
    """Write it, or nothing. OSError if the folder or the disk refuses."""
    arrays = {
        f"{bank}/{name}": np.array(array, np.float32, order="C") for bank, rows in banks.items() for name, array in rows.items()
    }
    metadata = {"slotscope": SORT, "format": str(FORMAT), "card": msgspec.json.encode(card).decode()}
    write_whole(path, save(arrays, metadata=metadata))


def read_memory(path: Path) -> tuple[MemoryCard, dict[str, Arrays]]:
    """The card, and what lies in each bank. BadFileError with one sentence if the file is missing, damaged or of another sort."""
    try:
        with safe_open(path, framework="numpy") as file:
            metadata: dict[str, str] = file.metadata() or {}
            if metadata.get("slotscope") != SORT:
                raise BadFileError(f"{path}: this is no memory saved by Slotscope")
            if metadata.get("format") != str(FORMAT):
                raise BadFileError(f"{path}: written by a newer Slotscope (format {metadata.get('format', '')[:9]})")
            card = msgspec.json.decode(metadata.get("card", ""), type=MemoryCard)
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (it is no dictionary)
    except FileNotFoundError as error:
        raise BadFileError(f"{path}: there is no such file") from error
    except OSError as error:
        raise BadFileError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (SafetensorError, msgspec.MsgspecError, TypeError, AttributeError) as error:
        raise BadFileError(f"{path}: damaged, or no memory saved by Slotscope") from error
    for name, array in arrays.items():
        if array.dtype != np.float32 or not np.isfinite(array).all():
            raise BadFileError(f"{path}: {name} holds something that is not a finite number")
    return card, {bank: _part(path, bank, arrays) for bank in card.banks}


def read_bank(path: Path, model: nn.Module, name: str) -> Bank:
    """The saved memory in place of this bank of the model. BadFileError if its codes are those of another network, or it does
    not fit."""
    card, banks = read_memory(path)
    own = banks_of(model)[name]
    if card.network != network_hash(model):
        raise BadFileError(f"{path}: the codes in this memory were made by other weights, and mean nothing to these")
    if name not in banks:
        raise BadFileError(f"{path}: there is no memory called {name} in it; there is {', '.join(banks) or 'none'}")
    return filled(own, banks[name], path)


def filled(like: Bank, rows: Arrays, path: Path) -> Bank:
    """A memory of the same form as `like` that holds these rows; at least as large."""
    count = len(rows["keys"])
    bank = Bank(max(like.limit, count), like.keys.shape[1], like.values.shape[1], like.kept).to(like.keys.device)
    for name, buffer in bank.named_buffers():
        if name in ("entries", "presented"):
            continue
        if name not in rows or rows[name].shape != (count, *buffer.shape[1:]):
            raise BadFileError(f"{path}: {name} is missing in it, or is of another size than this model's")
        buffer[:count] = torch.from_numpy(rows[name])
    bank.entries.fill_(float(count))
    bank.presented.fill_(float(rows["presented"][0]))
    return bank


def _part(path: Path, bank: str, arrays: Arrays) -> Arrays:
    rows = {name.partition("/")[2]: array for name, array in arrays.items() if name.partition("/")[0] == bank}
    if "keys" not in rows or rows.get("presented", np.zeros(0)).shape != (1,):
        raise BadFileError(f"{path}: the memory {bank} is not whole")
    if any(len(array) != len(rows["keys"]) for name, array in rows.items() if name != "presented"):
        raise BadFileError(f"{path}: the parts of the memory {bank} are not of one length")
    if not math.isfinite(float(rows["presented"][0])):
        raise BadFileError(f"{path}: damaged")
    return rows
