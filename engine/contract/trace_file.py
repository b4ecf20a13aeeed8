"""A trace to and from one .safetensors file: cards in the metadata, arrays memory-mapped when read."""

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from safetensors.numpy import save

from engine.contract.by_sample import as_kept, by_sample
from engine.contract.files import BadFileError, write_whole
from engine.contract.trace import Array, Trace, TraceCard

FORMAT = 1
Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
_INITIAL = "initial/"
_LONGEST_HEADER = 64 * 2**20


def write_trace(trace: Trace, path: Path) -> None:
    """Write the whole trace, or nothing: a full disk leaves the old file as it was. OSError if it cannot be written."""
    once = {channel.name for channel in trace.channels.values() if channel.once}
    tensors = {
        name: np.ascontiguousarray(array[0] if name in once else as_kept(array), np.float32)
        for name, array in trace.arrays.items()
    }
    tensors |= {_INITIAL + name: np.ascontiguousarray(array, np.float32) for name, array in trace.initial.items()}
    card = msgspec.json.encode(trace.card).decode()
    write_whole(path, save(tensors, metadata={"slotscope": "trace", "card": card}))


def read_trace(path: Path) -> Trace:
    """Map the file into memory; BadFileError with one sentence if it is damaged, foreign, or from a newer version."""
    header, start = _read_header(path)
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or metadata.get("slotscope") != "trace":
        raise BadFileError(f"{path}: this is not a trace of Slotscope")
    card = _read_card(path, str(metadata.get("card", "")))
    content = np.memmap(path, np.uint8, "r")  # mapped once: a map a channel would use up the open files of a long session
    arrays: dict[str, Array] = {}
    initial: dict[str, Array] = {}
    once = {channel.name for channel in (*card.task.channels, *card.model.channels) if channel.once}
    for name, entry in header.items():
        array = _part(path, content, name, entry, start)
        if name.startswith(_INITIAL):
            initial[name.removeprefix(_INITIAL)] = array
        else:
            arrays[name] = _over_steps(array, card, name in once)
    trace = Trace(card=card, arrays=arrays, initial=initial)
    _check(path, trace)
    return trace


def _over_steps(array: Array, card: TraceCard, is_once: bool) -> Array:
    """What is kept once, or once a sample, reads as if it stood there at every step."""
    if card.steps < 1:
        return array
    if is_once:
        return np.broadcast_to(array, (card.steps, *array.shape))
    is_by_sample = card.sample_steps > 1 and array.shape[:1] == (card.steps // card.sample_steps,)
    return by_sample(array, card.sample_steps) if is_by_sample else array


def _read_header(path: Path) -> tuple[dict[str, Any], int]:
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= _LONGEST_HEADER:
                raise BadFileError(f"{path}: damaged, or not a safetensors file")
            header = json.loads(file.read(length))
    except OSError as error:
        raise BadFileError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise BadFileError(f"{path}: damaged, or not a safetensors file") from error
    if not isinstance(header, dict):
        raise BadFileError(f"{path}: damaged, or not a safetensors file")
    return header, 8 + length


def _read_card(path: Path, text: str) -> TraceCard:
    try:
        written = msgspec.json.decode(text, type=dict[str, Any]).get("format", 0)
        if isinstance(written, int) and written > FORMAT:
            raise BadFileError(f"{path}: written by a newer Slotscope (format {written}, this one reads {FORMAT})")
        return msgspec.json.decode(text, type=TraceCard)
    except (msgspec.MsgspecError, ValueError) as error:
        raise BadFileError(f"{path}: the trace's card is damaged ({error})") from error


def _part(path: Path, content: Bytes, name: str, entry: Any, start: int) -> Array:
    try:
        if entry["dtype"] != "F32":
            raise BadFileError(f"{path}: channel {name} is {entry['dtype']}, not F32")
        shape = tuple(int(length) for length in entry["shape"])
        first, last = (int(offset) for offset in entry["data_offsets"])
        if min(shape, default=1) < 0 or first < 0 or last - first != 4 * int(np.prod(shape, dtype=np.int64)):
            raise BadFileError(f"{path}: channel {name} does not fill its place in the file")
        array: Array = content[start + first : start + last].view(np.float32).reshape(shape)
        return array
    except (KeyError, TypeError, ValueError) as error:
        raise BadFileError(f"{path}: channel {name} is damaged, or the file is cut short") from error


def _check(path: Path, trace: Trace) -> None:
    if trace.steps < 1:
        raise BadFileError(f"{path}: the trace has no steps")
    for name, array in trace.arrays.items():
        channel = trace.channels.get(name)
        if channel is None:
            raise BadFileError(f"{path}: channel {name} is on no card")
        if array.ndim != 1 + len(channel.axes) or array.shape[0] != trace.steps:
            wanted = f"({', '.join(('step', *channel.axes))})"
            raise BadFileError(f"{path}: channel {name} has shape {array.shape}, its card says {wanted} with {trace.steps} steps")
