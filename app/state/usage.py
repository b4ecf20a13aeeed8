"""Which slots an episode touches: pictures begin with these, since most slots of a large memory stay blank."""

import numpy as np

from engine.contract.trace import Array, Trace

TOUCHED_FROM = 0.1
"""A slot is touched where some head gives it at least this weight."""

_FEWEST = 16
_STAGE = 8


def slots_worth_showing(trace: Trace) -> int:
    """How many slots, counted from slot 0, hold all that any head touches; all of them where little would be saved."""
    touched = 0
    total = 0
    for channel in (*trace.of_role("read"), *trace.of_role("write")):
        if channel.axes[-1:] != ("slot",):
            continue
        values = trace.arrays[channel.name]
        total = max(total, values.shape[-1])
        touched = max(touched, _last(values) + 1)
    if not touched:
        return total or max((trace.arrays[c.name].shape[-2] for c in trace.of_kind("memory")), default=0)
    rounded = max(_FEWEST, -(-(touched + 1) // _STAGE) * _STAGE)
    return total if rounded > 0.75 * total else rounded


def _last(values: Array) -> int:
    """The last slot that is touched; -1 if none is."""
    strongest = np.fmax.reduce(np.asarray(values.reshape(-1, values.shape[-1])), axis=0)
    found = np.flatnonzero(strongest >= TOUCHED_FROM)
    return int(found[-1]) if found.size else -1
