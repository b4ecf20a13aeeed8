"""The Dynamic Memory Network's gated units run along all sequences at once, forward and back, compiled: what
`engine/models/dmn_units.py` computes, only quicker.

Loaded only by `dmn_quick.py`; `kernel_math.py` has what it computes with. Rows are packed: those of one step lie together, the
sequence with most steps first, and a step's rows go on from the first rows of the step before it. Letters: T steps, P rows in
all, W width, K parts of a unit (reset gate, perhaps update gate, candidate). Every array has two axes.
"""

from typing import Any

from numba import njit

from engine.blocks.kernel_math import LOOSE, ONE, TWO, ZERO, add_products, sigmoid


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def forward(steps: Any, driven: Any, gate: Any, weight: Any, bias: Any, opened: Any, turned: Any, states: Any) -> None:
    """From what the inputs drive, `driven (P, K W)`, and how far each row may move the state, `gate (P, 1)`: `states (P, W)`.

    `steps (T, 2)`: first row and number of rows, in the order in which they are gone through. `opened (P, K W)` and
    `turned (P, W)` keep what the way back needs: gates and candidate, and what the state gave to the candidate.
    """
    width = states.shape[1]
    before, had = 0, 0
    for t in range(steps.shape[0]):
        first, rows = steps[t, 0], steps[t, 1]
        carried = min(rows, had)
        for b in range(rows):
            for o in range(bias.shape[1]):
                opened[first + b, o] = bias[0, o]
        add_products(opened, first, 0, states, before, carried, weight, width)
        for b in range(rows):
            _move(driven, gate, opened, turned, states, first + b, before + b if b < carried else -1)
        before, had = first, rows


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _move(driven: Any, gate: Any, opened: Any, turned: Any, states: Any, row: int, old: int) -> None:
    """One row: the gates open, the candidate is made, and the state moves towards it."""
    width = states.shape[1]
    at = opened.shape[1] - width
    for w in range(width):
        opened[row, w] = sigmoid(driven[row, w] + opened[row, w])
    if at > width:
        for w in range(width, at):
            opened[row, w] = sigmoid(driven[row, w] + opened[row, w])
    for w in range(width):
        turned[row, w] = opened[row, at + w]
        opened[row, at + w] = TWO * sigmoid(TWO * (driven[row, at + w] + opened[row, w] * turned[row, w])) - ONE
    share = gate[row, 0]
    if old < 0:
        for w in range(width):
            states[row, w] = share * opened[row, at + w]
        if at > width:
            for w in range(width):
                states[row, w] *= ONE - opened[row, width + w]
    elif at > width:
        for w in range(width):
            keep = ONE - share * (ONE - opened[row, width + w])
            states[row, w] = keep * states[old, w] + (ONE - keep) * opened[row, at + w]
    else:
        for w in range(width):
            states[row, w] = states[old, w] + share * (opened[row, at + w] - states[old, w])


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def backward(steps: Any, gate: Any, across: Any, opened: Any, turned: Any, states: Any, d_states: Any, d_driven: Any,
             d_carried: Any, d_gate: Any) -> None:  # fmt: skip
    """The way back, step by step: `d_states` is what is given, and becomes what is given in all; `across (W, K W)` is the state's
    matrix turned. `d_driven`, `d_carried (P, K W)`: by what inputs and state contribute; `d_gate (P, 1)`."""
    inner = opened.shape[1]
    for t in range(steps.shape[0] - 1, -1, -1):
        first, rows = steps[t, 0], steps[t, 1]
        before, had = (steps[t - 1, 0], steps[t - 1, 1]) if t else (0, 0)
        carried = min(rows, had)
        for b in range(rows):
            old = before + b if b < carried else -1
            _move_back(gate, opened, turned, states, d_states, d_driven, d_carried, d_gate, first + b, old)
        add_products(d_states, before, 0, d_carried, first, carried, across, inner)


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _move_back(gate: Any, opened: Any, turned: Any, states: Any, d_states: Any, d_driven: Any, d_carried: Any, d_gate: Any,
               row: int, old: int) -> None:  # fmt: skip
    """One row; what the state before gets by staying is added to it here."""
    width = states.shape[1]
    at = opened.shape[1] - width
    has_update, share, summed = at > width, gate[row, 0], ZERO
    for w in range(width):
        given, candidate = d_states[row, w], opened[row, at + w]
        was = states[old, w] if old >= 0 else ZERO
        let_in = ONE - opened[row, width + w] if has_update else ONE
        moved = given * (candidate - was)
        summed += let_in * moved
        if has_update:
            d_carried[row, width + w] = -share * moved * let_in * (ONE - let_in)
            d_driven[row, width + w] = d_carried[row, width + w]
        if old >= 0:
            d_states[old, w] += given * (ONE - share * let_in)
        inside = given * share * let_in * (ONE - candidate * candidate)
        reset = opened[row, w]
        d_driven[row, at + w] = inside
        d_carried[row, at + w] = inside * reset
        d_carried[row, w] = inside * turned[row, w] * reset * (ONE - reset)
        d_driven[row, w] = d_carried[row, w]
    d_gate[row, 0] = summed
