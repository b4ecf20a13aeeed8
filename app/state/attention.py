"""Where attention falls at all, and which layer and head is most decided: what the pane of attention opens on."""

import numpy as np

from engine.contract.trace import Array

Cells = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
"""Yes or no for each step that looks and each step that may be looked at."""


def most_decided(values: Array) -> tuple[int, int]:
    """The layer and head whose rows `(step, layer, head, position)` have the largest share at one place, on average."""
    largest = np.fmax.reduce(values, axis=-1)
    known = np.isfinite(largest)
    average = np.where(known, largest, 0).sum(0) / np.maximum(known.sum(0), 1)
    layer, head = np.unravel_index(int(average.argmax()), average.shape)
    return int(layer), int(head)


def looked_at(values: Array) -> Cells:
    """`(step, layer, head, position)` -> `(step, position)`: whether any layer and head looks there at all."""
    found: Cells = np.fmax.reduce(values, axis=(1, 2)) > 0
    return found


def block(allowed: Cells) -> tuple[int, int, int, int]:
    """First and last row, first and last column (each last one excluded) of what is ever looked at."""
    return *_ends(np.logical_or.reduce(allowed, axis=1)), *_ends(np.logical_or.reduce(allowed, axis=0))


def _ends(used: Cells) -> tuple[int, int]:
    """Where the entries in use begin and end; all of them where hardly any is left out."""
    places = np.flatnonzero(used)
    if not places.size or places[-1] - places[0] + 2 >= len(used):
        return 0, len(used)
    return int(places[0]), int(places[-1]) + 1
