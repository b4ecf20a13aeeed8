"""Data as files: what a pane shows as CSV or NPZ, and the whole trace."""

import csv
import io
from pathlib import Path

import msgspec
import numpy as np

from engine.contract.cards import Channel
from engine.contract.files import write_whole
from engine.contract.trace import Trace
from engine.contract.trace_file import write_trace

Cells = tuple[list[str], list[list[object]]]
"""Headers and rows."""


def write_csv(table: Cells, path: Path) -> None:
    """One line of headers, then the rows; ValueError if there is nothing to write, OSError if it cannot be written."""
    headers, rows = table
    if not headers:
        raise ValueError("The pane shows nothing at this step, so there is no data to export.")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headers)
    writer.writerows([_cell(value) for value in row] for row in rows)
    write_whole(path, text.getvalue())


def write_npz(trace: Trace, channels: list[Channel], path: Path) -> None:
    """The channels at every step, by their names, with what they had before the first step and the trace's card as JSON."""
    if not channels:
        raise ValueError("The pane shows nothing of this episode, so there is no data to export.")
    arrays = {channel.name: np.asarray(trace.arrays[channel.name]) for channel in channels}
    arrays |= {f"initial/{c.name}": np.asarray(trace.initial[c.name]) for c in channels if c.name in trace.initial}
    content = io.BytesIO()
    card = np.array(msgspec.json.encode(trace.card).decode())
    np.savez_compressed(content, allow_pickle=False, card=card, **arrays)
    write_whole(path, content.getvalue())


def write_data(trace: Trace, channels: list[Channel], table: Cells, path: Path) -> None:
    """CSV of what is shown or NPZ of its channels, by the end of the file's name; ValueError for another end."""
    match path.suffix.lower():
        case ".csv":
            write_csv(table, path)
        case ".npz":
            write_npz(trace, channels, path)
        case other:
            raise ValueError(f"{path}: data is written as .csv or .npz, not as {other or 'a file without an ending'}")


def copy_trace(trace: Trace, path: Path) -> None:
    """The whole trace, as Slotscope and any reader of safetensors open it."""
    write_trace(trace, path if path.suffix else path.with_suffix(".safetensors"))


def _cell(value: object) -> object:
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{float(value):.9g}"
    return value
