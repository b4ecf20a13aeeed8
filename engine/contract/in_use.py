"""How full a memory is whose slots are all there from the start: those count that lie far enough from what a wipe leaves."""

import numpy as np

from engine.contract.trace import Array

OCCUPIED = 0.1
"""A row is in use when it is farther from its blank than this share of the longest row seen."""

Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def rows_in_use(rows: Array, blank: Array) -> Counts:
    """How many rows of a memory `(step, slot, feature)` are in use after each step, `(step,)`; a wipe leaves `blank`."""
    far = np.square(rows - blank).sum(-1)
    longest = max(float(np.square(each).sum(-1).max(initial=0.0)) for each in (rows, blank))
    return np.asarray((far > OCCUPIED**2 * longest).sum(-1), np.int64)
