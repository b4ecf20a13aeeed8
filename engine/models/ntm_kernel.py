"""The Neural Turing Machine's whole sequence, forward and back, compiled: what `engine/models/ntm.py` computes, only quicker.

Loaded only by `ntm_fused.py`; `kernel_math.py` has what it computes with. The equations are those of Graves, Wayne & Danihelka
(2014); the way back is their derivative, step by step. Every array has two axes, the last one contiguous, and rows run over
(step, sequence, head or feature); the memory lies across, features by slots, so that the innermost loops run over slots. Letters:
T steps, B sequences, N slots, W slot width, R heads of a sort, K = 2 R heads (read heads first), H controller width, V = R W,
P numbers that steer the heads, G sums that drive the controller (4 H for an LSTM: input, forget, candidate, output).
"""

from typing import Any

import numpy as np
from numba import njit

from engine.blocks.kernel_math import (
    LOOSE,
    ONE,
    SMALLEST,
    TINIEST,
    TINY,
    TWO,
    ZERO,
    add_products,
    dot,
    exp,
    log,
    sigmoid,
    softplus,
)

# ---- one weighting --------------------------------------------------------------------------------------------------------


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _softmax(out: Any, row: int, scores: Any, from_row: int, factor: Any) -> None:
    """`out[row] = softmax(factor * scores[from_row])`."""
    slots, top, total = out.shape[1], _top(scores, from_row), ZERO
    for n in range(slots):
        share = exp(factor * (scores[from_row, n] - top))
        out[row, n] = share
        total += share
    factor = ONE / total
    for n in range(slots):
        out[row, n] *= factor


@njit(fastmath=True, error_model="numpy", nogil=True)
def _top(scores: Any, row: int) -> Any:
    """The largest score of a row. (This one may take every NaN for a number: what is made of it stays NaN all the same.)"""
    top = scores[row, 0]
    for n in range(scores.shape[1]):
        top = max(top, scores[row, n])
    return top


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _compare(similar: Any, row: int, memory: Any, old: int, length: Any, at: int, steer: Any, key_length: Any, heads: int,
             width: int) -> None:  # fmt: skip
    """The cosine of each key with every slot, a read head and a write head at a time."""
    slots = similar.shape[1]
    for k in range(2 * heads):
        squares = ZERO
        for w in range(width):
            squares += steer[at, k * width + w] * steer[at, k * width + w]
        key_length[at, k] = np.sqrt(squares)
    for k in range(heads):
        p, q, key, other = row + k, row + heads + k, k * width, (heads + k) * width
        for n in range(slots):
            similar[p, n] = ZERO
            similar[q, n] = ZERO
        fours = width - width % 4
        for w in range(0, fours, 4):
            a0, a1, a2, a3 = steer[at, key + w], steer[at, key + w + 1], steer[at, key + w + 2], steer[at, key + w + 3]
            c0, c1, c2, c3 = steer[at, other + w], steer[at, other + w + 1], steer[at, other + w + 2], steer[at, other + w + 3]
            m = old + w
            for n in range(slots):
                x0, x1, x2, x3 = memory[m, n], memory[m + 1, n], memory[m + 2, n], memory[m + 3, n]
                similar[p, n] += a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3
                similar[q, n] += c0 * x0 + c1 * x1 + c2 * x2 + c3 * x3
        for w in range(fours, width):
            a, c, m = steer[at, key + w], steer[at, other + w], old + w
            for n in range(slots):
                similar[p, n] += a * memory[m, n]
                similar[q, n] += c * memory[m, n]
        a, c = key_length[at, k], key_length[at, heads + k]
        for n in range(slots):
            similar[p, n] /= a * length[at, n] + TINY
            similar[q, n] /= c * length[at, n] + TINY


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _aim(row: int, before: int, after: int, steer: Any, at: int, where: Any, similar: Any, content: Any, weighting: Any,
         gated: Any, shifted: Any, logarithm: Any) -> None:  # fmt: skip
    """From similarities to the weighting, through all four stages; of those between, the way back makes its own."""
    _softmax(content, row, similar, row, steer[at, where[0]])
    _shift(row, before, steer, at, where, content, weighting, gated, shifted, logarithm)
    _softmax(weighting, after, logarithm, 0, steer[at, where[1]])


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _shift(row: int, before: int, steer: Any, at: int, where: Any, content: Any, weighting: Any, gated: Any, shifted: Any,
           logarithm: Any) -> None:  # fmt: skip
    """The gated weighting with one slot more at each end, the shifted one and its logarithm, into the one row of each."""
    slots, gate = content.shape[1], steer[at, where[3]]
    for n in range(slots):
        gated[0, n + 1] = weighting[before, n] + gate * (content[row, n] - weighting[before, n])
    gated[0, 0], gated[0, slots + 1] = gated[0, slots], gated[0, 1]
    back, stay, on = steer[at, where[2]], steer[at, where[2] + 1], steer[at, where[2] + 2]
    for n in range(slots):
        shifted[0, n] = stay * gated[0, n + 1] + on * gated[0, n] + back * gated[0, n + 2] + TINIEST
    for n in range(slots):
        logarithm[0, n] = log(shifted[0, n])


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _steer(steer: Any, at: int, heads: int, width: int) -> None:
    """What the controller says, brought into range: strengths, sharpenings, shifts, gates, erases."""
    every = 2 * heads
    first = every * width
    for k in range(every):
        steer[at, first + k] = softplus(steer[at, first + k])
        steer[at, first + every + k] = ONE + softplus(steer[at, first + every + k])
        j = first + 2 * every + 3 * k
        top = max(steer[at, j], max(steer[at, j + 1], steer[at, j + 2]))
        a, b, c = exp(steer[at, j] - top), exp(steer[at, j + 1] - top), exp(steer[at, j + 2] - top)
        total = a + b + c
        steer[at, j], steer[at, j + 1], steer[at, j + 2] = a / total, b / total, c / total
    gates = first + 5 * every
    for j in range(every + heads * width):
        steer[at, gates + j] = sigmoid(steer[at, gates + j])


@njit(error_model="numpy", nogil=True)
def _find(where: Any, k: int, heads: int, width: int) -> None:
    """Where the numbers of head k lie: strength, sharpening, shift, gate."""
    every = 2 * heads
    first = every * width
    where[0], where[1] = first + k, first + every + k
    where[2], where[3] = first + 2 * every + 3 * k, first + 5 * every + k


# ---- reading and writing --------------------------------------------------------------------------------------------------


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _read(seen: Any, at: int, column: int, memory: Any, first: int, weighting: Any, row: int, heads: int,
          width: int) -> None:  # fmt: skip
    slots, fours = memory.shape[1], width - width % 4
    for k in range(heads):
        place = column + k * width
        for w in range(0, fours, 4):
            m, r0, r1, r2, r3 = first + w, ZERO, ZERO, ZERO, ZERO
            for n in range(slots):
                share = weighting[row + k, n]
                r0 += share * memory[m, n]
                r1 += share * memory[m + 1, n]
                r2 += share * memory[m + 2, n]
                r3 += share * memory[m + 3, n]
            seen[at, place + w], seen[at, place + w + 1], seen[at, place + w + 2], seen[at, place + w + 3] = r0, r1, r2, r3
        for w in range(fours, width):
            seen[at, place + w] = dot(memory, first + w, weighting, row + k, slots)


@njit(error_model="numpy", nogil=True)
def _place(step: int, b: int, batch: int, width: int, memory: Any) -> Any:
    """The first row of the memory of sequence b before a step. Only every second memory is kept: those of odd steps take turns
    in the last rows, and the way back makes them again."""
    if step % 2:
        return memory.shape[0] - (batch - b) * width
    return (step // 2 * batch + b) * width


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _write(memory: Any, old: int, new: int, length: Any, lengths_row: int, weighting: Any, row: int, steer: Any, at: int,
           heads: int, width: int) -> None:  # fmt: skip
    """The memory after the write of step `at` from the one before it, and the length of each slot."""
    erase = 2 * heads * (width + 6)
    if heads == 1:
        _write_one(memory, old, new, length, lengths_row, weighting, row, steer, at, erase, erase + width, width)
    else:
        _write_many(memory, old, new, length, lengths_row, weighting, row, steer, at, erase, erase + heads * width, heads,
                    width)  # fmt: skip


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _write_one(memory: Any, old: int, new: int, length: Any, lengths_row: int, weighting: Any, row: int, steer: Any, at: int,
               erase: int, add: int, width: int) -> None:  # fmt: skip
    """Erase and add with one head, four features at once; and the length of each slot as it is then."""
    slots = memory.shape[1]
    for n in range(slots):
        length[lengths_row, n] = ZERO
    fours = width - width % 4
    for w in range(0, fours, 4):
        e0, e1, e2, e3 = steer[at, erase + w], steer[at, erase + w + 1], steer[at, erase + w + 2], steer[at, erase + w + 3]
        a0, a1, a2, a3 = steer[at, add + w], steer[at, add + w + 1], steer[at, add + w + 2], steer[at, add + w + 3]
        m, s = old + w, new + w
        for n in range(slots):
            share = weighting[row, n]
            x0, x1, x2, x3 = memory[m, n], memory[m + 1, n], memory[m + 2, n], memory[m + 3, n]
            x0 += share * (a0 - x0 * e0)
            x1 += share * (a1 - x1 * e1)
            x2 += share * (a2 - x2 * e2)
            x3 += share * (a3 - x3 * e3)
            memory[s, n] = x0
            memory[s + 1, n] = x1
            memory[s + 2, n] = x2
            memory[s + 3, n] = x3
            length[lengths_row, n] += x0 * x0 + x1 * x1 + x2 * x2 + x3 * x3
    for w in range(fours, width):
        e, a = steer[at, erase + w], steer[at, add + w]
        for n in range(slots):
            x = memory[old + w, n] + weighting[row, n] * (a - memory[old + w, n] * e)
            memory[new + w, n] = x
            length[lengths_row, n] += x * x
    for n in range(slots):
        length[lengths_row, n] = np.sqrt(length[lengths_row, n])


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _write_many(memory: Any, old: int, new: int, length: Any, lengths_row: int, weighting: Any, row: int, steer: Any, at: int,
                erase: int, add: int, heads: int, width: int) -> None:  # fmt: skip
    """Erase with all heads, then add with all; and the length of each slot as it is then."""
    slots = memory.shape[1]
    for n in range(slots):
        length[lengths_row, n] = ZERO
    for w in range(width):
        for n in range(slots):
            memory[new + w, n] = memory[old + w, n]
        for k in range(heads):
            e = steer[at, erase + k * width + w]
            for n in range(slots):
                memory[new + w, n] *= ONE - weighting[row + k, n] * e
        for k in range(heads):
            a = steer[at, add + k * width + w]
            for n in range(slots):
                memory[new + w, n] += weighting[row + k, n] * a
        for n in range(slots):
            length[lengths_row, n] += memory[new + w, n] * memory[new + w, n]
    for n in range(slots):
        length[lengths_row, n] = np.sqrt(length[lengths_row, n])


# ---- forward --------------------------------------------------------------------------------------------------------------


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _lstm(driven: Any, at: int, cell: Any, before: int, after: int, curved: Any, units: int) -> None:
    """Gates and candidate in place of their sums, the new cell, and its curve."""
    f, g, o = units, 2 * units, 3 * units
    for j in range(units):
        driven[at, j] = sigmoid(driven[at, j])
    for j in range(units):
        driven[at, f + j] = sigmoid(driven[at, f + j])
    for j in range(units):
        driven[at, g + j] = TWO * sigmoid(TWO * driven[at, g + j]) - ONE
    for j in range(units):
        driven[at, o + j] = sigmoid(driven[at, o + j])
    for j in range(units):
        cell[after, j] = driven[at, f + j] * cell[before, j] + driven[at, j] * driven[at, g + j]
    for j in range(units):
        curved[at, j] = TWO * sigmoid(TWO * cell[after, j]) - ONE


@njit(fastmath=LOOSE, error_model="numpy", nogil=True, cache=True)
def forward(steps: int, batch: int, heads: int, width: int, units: int, is_lstm: bool, weight: Any, bias: Any,
            steering_weight: Any, steering_bias: Any, seen: Any, driven: Any, cell: Any, curved: Any, steer: Any, key_length: Any,
            similar: Any, content: Any, weighting: Any, memory: Any, length: Any, spoken: Any) -> None:  # fmt: skip
    """All steps of all sequences. `seen ((T + 1) B, I + V + H)` holds the inputs of each step, and beside them what was read and
    said at the step before; `weight` is `(G, I + V + H)`, or `(G, I + V)` for a feed-forward controller, which does not see what
    it said. `seen`, `cell`, `weighting`, `memory` and `length` hold the first state in their first rows. `spoken (T B, H + V)` is
    made."""
    every, vector, outs = 2 * heads, heads * width, steer.shape[1]
    columns, rows = weight.shape[1], weight.shape[0]
    reads = columns - vector - (units if is_lstm else 0)
    slots, where = memory.shape[1], np.empty(4, np.int64)
    gated, shifted = np.empty((1, slots + 2), np.float32), np.empty((1, slots), np.float32)
    logarithm = np.empty((1, slots), np.float32)
    for t in range(steps):
        now, then = t * batch, (t + 1) * batch
        for b in range(batch):
            for j in range(rows):
                driven[now + b, j] = bias[0, j]
        add_products(driven, now, 0, seen, now, batch, weight, columns)
        for b in range(batch):
            r = now + b
            if is_lstm:
                _lstm(driven, r, cell, r, then + b, curved, units)
                for j in range(units):
                    spoken[r, j] = driven[r, 3 * units + j] * curved[r, j]
            else:
                for j in range(units):
                    driven[r, j] = TWO * sigmoid(TWO * driven[r, j]) - ONE
                for j in range(units):
                    spoken[r, j] = driven[r, j]
            for j in range(units):
                seen[then + b, reads + vector + j] = spoken[r, j]
            for j in range(outs):
                steer[r, j] = steering_bias[0, j]
        add_products(steer, now, 0, spoken, now, batch, steering_weight, units)
        for b in range(batch):
            r = now + b
            old, new = _place(t, b, batch, width, memory), _place(t + 1, b, batch, width, memory)
            _steer(steer, r, heads, width)
            _compare(similar, r * every, memory, old, length, r, steer, key_length, heads, width)
            for k in range(every):
                _find(where, k, heads, width)
                _aim(r * every + k, r * every + k, (then + b) * every + k, steer, r, where, similar, content, weighting,
                     gated, shifted, logarithm)  # fmt: skip
            _read(seen, then + b, reads, memory, old, weighting, (then + b) * every, heads, width)
            for j in range(vector):
                spoken[r, units + j] = seen[then + b, reads + j]
            _write(memory, old, new, length, then + b, weighting, (then + b) * every + heads, steer, r, heads, width)


# ---- backward -------------------------------------------------------------------------------------------------------------


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _untouch_one(d_memory: Any, m: int, memory: Any, old: int, d_weighting: Any, row: int, weighting: Any, after: int, steer: Any,
                 d_steer: Any, at: int, erase: int, add: int, d_carried: Any, b: int, width: int) -> None:  # fmt: skip
    """Step 1 of the way back for one write head and one read head, four features at once: `d_memory` goes from after the write
    to before it. Rows `row` and `after` are the read head's, the next ones the write head's."""
    slots = memory.shape[1]
    writes, d_writes = after + 1, row + 1
    fours = width - width % 4
    for w in range(0, fours, 4):
        e0, e1, e2, e3 = steer[at, erase + w], steer[at, erase + w + 1], steer[at, erase + w + 2], steer[at, erase + w + 3]
        a0, a1, a2, a3 = steer[at, add + w], steer[at, add + w + 1], steer[at, add + w + 2], steer[at, add + w + 3]
        s0, s1, s2, s3 = d_carried[b, w], d_carried[b, w + 1], d_carried[b, w + 2], d_carried[b, w + 3]
        g, p = m + w, old + w
        x0 = x1 = x2 = x3 = y0 = y1 = y2 = y3 = ZERO
        for n in range(slots):
            read, share = weighting[after, n], weighting[writes, n]
            m0, m1, m2, m3 = memory[p, n], memory[p + 1, n], memory[p + 2, n], memory[p + 3, n]
            d0, d1, d2, d3 = d_memory[g, n], d_memory[g + 1, n], d_memory[g + 2, n], d_memory[g + 3, n]
            d_weighting[d_writes, n] += d0 * (a0 - m0 * e0) + d1 * (a1 - m1 * e1) + d2 * (a2 - m2 * e2) + d3 * (a3 - m3 * e3)
            d_weighting[row, n] += s0 * m0 + s1 * m1 + s2 * m2 + s3 * m3
            t0, t1, t2, t3 = d0 * share, d1 * share, d2 * share, d3 * share
            d_memory[g, n] = d0 - t0 * e0 + s0 * read
            d_memory[g + 1, n] = d1 - t1 * e1 + s1 * read
            d_memory[g + 2, n] = d2 - t2 * e2 + s2 * read
            d_memory[g + 3, n] = d3 - t3 * e3 + s3 * read
            x0 += t0
            x1 += t1
            x2 += t2
            x3 += t3
            y0 += t0 * m0
            y1 += t1 * m1
            y2 += t2 * m2
            y3 += t3 * m3
        d_steer[at, add + w], d_steer[at, add + w + 1], d_steer[at, add + w + 2], d_steer[at, add + w + 3] = x0, x1, x2, x3
        d_steer[at, erase + w], d_steer[at, erase + w + 1] = -y0, -y1
        d_steer[at, erase + w + 2], d_steer[at, erase + w + 3] = -y2, -y3
    for w in range(fours, width):
        e, a, s = steer[at, erase + w], steer[at, add + w], d_carried[b, w]
        added, erased = ZERO, ZERO
        for n in range(slots):
            x = d_memory[m + w, n] * weighting[writes, n]
            added += x
            erased += x * memory[old + w, n]
        d_steer[at, add + w], d_steer[at, erase + w] = added, -erased
        for n in range(slots):
            d_weighting[d_writes, n] += d_memory[m + w, n] * (a - memory[old + w, n] * e)
            d_weighting[row, n] += s * memory[old + w, n]
        for n in range(slots):
            d_memory[m + w, n] = d_memory[m + w, n] * (ONE - weighting[writes, n] * e) + s * weighting[after, n]


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _unwrite_many(d_memory: Any, m: int, memory: Any, old: int, d_weighting: Any, row: int, weighting: Any, after: int,
                  steer: Any, d_steer: Any, at: int, erase: int, add: int, heads: int, width: int,
                  others: Any) -> None:  # fmt: skip
    """Step 1, the write of several heads, whose erases multiply: `others[0]` is the product of all but one head's."""
    slots = memory.shape[1]
    for w in range(width):
        for k in range(heads):
            e, a = steer[at, erase + k * width + w], steer[at, add + k * width + w]
            for n in range(slots):
                others[0, n] = ONE
            for other in range(heads):
                if other != k:
                    share = steer[at, erase + other * width + w]
                    for n in range(slots):
                        others[0, n] *= ONE - weighting[after + other, n] * share
            for n in range(slots):
                others[0, n] *= d_memory[m + w, n] * memory[old + w, n]
            d_steer[at, add + k * width + w] = dot(d_memory, m + w, weighting, after + k, slots)
            d_steer[at, erase + k * width + w] = -dot(others, 0, weighting, after + k, slots)
            for n in range(slots):
                d_weighting[row + k, n] += a * d_memory[m + w, n] - e * others[0, n]
        for k in range(heads):
            e = steer[at, erase + k * width + w]
            for n in range(slots):
                d_memory[m + w, n] *= ONE - weighting[after + k, n] * e


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _unread(d_memory: Any, m: int, memory: Any, old: int, d_weighting: Any, row: int, weighting: Any, after: int,
            d_carried: Any, b: int, heads: int, width: int) -> None:  # fmt: skip
    """Step 1, the reads of several heads, which saw the memory as it was before the write."""
    slots = memory.shape[1]
    for k in range(heads):
        for w in range(width):
            d = d_carried[b, k * width + w]
            for n in range(slots):
                d_weighting[row + k, n] += d * memory[old + w, n]
            for n in range(slots):
                d_memory[m + w, n] += d * weighting[after + k, n]


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _unaim(row: int, carry: int, after: int, steer: Any, d_steer: Any, at: int, where: Any, similar: Any, content: Any,
           weighting: Any, d_weighting: Any, gated: Any, shifted: Any, logarithm: Any, d_shifted: Any, d_similar: Any,
           k: int) -> None:  # fmt: skip
    """Steps 2 to 5: from the gradient of a weighting to those of strength, sharpening, shift and gate, of the weighting before
    (in place), and, in `d_similar[k]`, of the similarities."""
    _shift(row, row, steer, at, where, content, weighting, gated, shifted, logarithm)
    slots = similar.shape[1]
    mean = dot(weighting, after, d_weighting, carry, slots)
    sharpening = steer[at, where[1]]
    total = ZERO
    for n in range(slots):
        u = weighting[after, n] * (d_weighting[carry, n] - mean)
        total += u * logarithm[0, n]
        d_shifted[0, n + 1] = u
    for n in range(slots):
        d_shifted[0, n + 1] *= sharpening / shifted[0, n]
    d_shifted[0, 0], d_shifted[0, slots + 1] = d_shifted[0, slots], d_shifted[0, 1]
    d_steer[at, where[1]] = total * (ONE - exp(ONE - sharpening))
    back, stay, on = steer[at, where[2]], steer[at, where[2] + 1], steer[at, where[2] + 2]
    d_back, d_stay, d_on = ZERO, ZERO, ZERO
    for n in range(slots):
        d = d_shifted[0, n + 1]
        d_back += d * gated[0, n + 2]
        d_stay += d * gated[0, n + 1]
        d_on += d * gated[0, n]
    mean = back * d_back + stay * d_stay + on * d_on
    d_steer[at, where[2]], d_steer[at, where[2] + 1] = back * (d_back - mean), stay * (d_stay - mean)
    d_steer[at, where[2] + 2] = on * (d_on - mean)
    for n in range(slots):
        d_similar[k, n] = stay * d_shifted[0, n + 1] + on * d_shifted[0, n + 2] + back * d_shifted[0, n]
    gate = steer[at, where[3]]
    d_gate, mean = ZERO, ZERO
    for n in range(slots):
        d_gate += d_similar[k, n] * (content[row, n] - weighting[row, n])
        mean += d_similar[k, n] * content[row, n]
    d_steer[at, where[3]] = d_gate * gate * (ONE - gate)
    for n in range(slots):
        d_weighting[carry, n] = (ONE - gate) * d_similar[k, n]
    mean *= gate
    strength, d_strength = steer[at, where[0]], ZERO
    for n in range(slots):
        v = content[row, n] * (gate * d_similar[k, n] - mean)
        d_strength += v * similar[row, n]
        d_similar[k, n] = strength * v
    d_steer[at, where[0]] = d_strength * (ONE - exp(-strength))


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _uncompare(d_memory: Any, m: int, memory: Any, old: int, length: Any, at: int, key_length: Any, similar: Any, row: int,
               steer: Any, d_steer: Any, heads: int, width: int, d_similar: Any, pull: Any) -> None:  # fmt: skip
    """Step 5: from the similarities `d_similar (K, N)` to the keys and the slots, a read head and a write head at a time;
    `pull[0]` gathers what turns every slot towards or off the keys."""
    slots = memory.shape[1]
    for n in range(slots):
        pull[0, n] = ZERO
    for k in range(2 * heads):
        reach, along, key = key_length[at, k], ZERO, k * width
        for n in range(slots):
            d_similar[k, n] /= reach * length[at, n] + TINY
        for n in range(slots):
            along += d_similar[k, n] * similar[row + k, n] * length[at, n]
        for n in range(slots):
            pull[0, n] += d_similar[k, n] * similar[row + k, n] * reach
        along /= max(reach, SMALLEST)
        for w in range(width):
            d_steer[at, key + w] = -along * steer[at, key + w]
    for n in range(slots):
        pull[0, n] /= max(length[at, n], SMALLEST)
    for k in range(heads):
        if k:
            for n in range(slots):
                pull[0, n] = ZERO
        p, q, key, other = k, heads + k, k * width, (heads + k) * width
        fours = width - width % 4
        for w in range(0, fours, 4):
            a0, a1, a2, a3 = steer[at, key + w], steer[at, key + w + 1], steer[at, key + w + 2], steer[at, key + w + 3]
            c0, c1, c2, c3 = steer[at, other + w], steer[at, other + w + 1], steer[at, other + w + 2], steer[at, other + w + 3]
            s0 = s1 = s2 = s3 = u0 = u1 = u2 = u3 = ZERO
            g, i = m + w, old + w
            for n in range(slots):
                x, y, turn = d_similar[p, n], d_similar[q, n], pull[0, n]
                m0, m1, m2, m3 = memory[i, n], memory[i + 1, n], memory[i + 2, n], memory[i + 3, n]
                s0 += x * m0
                s1 += x * m1
                s2 += x * m2
                s3 += x * m3
                u0 += y * m0
                u1 += y * m1
                u2 += y * m2
                u3 += y * m3
                d_memory[g, n] += a0 * x + c0 * y - turn * m0
                d_memory[g + 1, n] += a1 * x + c1 * y - turn * m1
                d_memory[g + 2, n] += a2 * x + c2 * y - turn * m2
                d_memory[g + 3, n] += a3 * x + c3 * y - turn * m3
            d_steer[at, key + w] += s0
            d_steer[at, key + w + 1] += s1
            d_steer[at, key + w + 2] += s2
            d_steer[at, key + w + 3] += s3
            d_steer[at, other + w] += u0
            d_steer[at, other + w + 1] += u1
            d_steer[at, other + w + 2] += u2
            d_steer[at, other + w + 3] += u3
        for w in range(fours, width):
            a, c, s, u = steer[at, key + w], steer[at, other + w], ZERO, ZERO
            for n in range(slots):
                x, y, one = d_similar[p, n], d_similar[q, n], memory[old + w, n]
                s += x * one
                u += y * one
                d_memory[m + w, n] += a * x + c * y - pull[0, n] * one
            d_steer[at, key + w] += s
            d_steer[at, other + w] += u


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def _unlstm(driven: Any, at: int, cell: Any, curved: Any, d_hidden: Any, column: int, d_cell: Any, b: int, d_driven: Any,
            units: int) -> None:  # fmt: skip
    """Step 6: through the LSTM; `d_cell` goes from after the step to before it."""
    i, f, g, o = 0, units, 2 * units, 3 * units
    for j in range(units):
        y = curved[at, j]
        d = d_hidden[b, column + j]
        d_cell[b, j] += d * driven[at, o + j] * (ONE - y * y)
        d_driven[at, o + j] = d * y * driven[at, o + j] * (ONE - driven[at, o + j])
    for j in range(units):
        d, x = d_cell[b, j], driven[at, i + j]
        d_driven[at, i + j] = d * driven[at, g + j] * x * (ONE - x)
        d_driven[at, g + j] = d * x * (ONE - driven[at, g + j] * driven[at, g + j])
    for j in range(units):
        x = driven[at, f + j]
        d_driven[at, f + j] = d_cell[b, j] * cell[at, j] * x * (ONE - x)
        d_cell[b, j] *= x


@njit(fastmath=LOOSE, error_model="numpy", nogil=True, cache=True)
def backward(steps: int, batch: int, heads: int, width: int, units: int, is_lstm: bool, carried_across: Any,
             steering_across: Any, driven: Any, cell: Any, curved: Any, steer: Any, key_length: Any, similar: Any, content: Any,
             weighting: Any, memory: Any, length: Any, d_spoken: Any, d_driven: Any, d_steer: Any, d_carried: Any, d_cell: Any,
             d_weighting: Any, d_memory: Any) -> None:  # fmt: skip
    """The way back over all steps. `carried_across`, `steering_across` are the weights transposed. The last four arrays carry
    from step to step and begin at zero; `d_driven (T B, G)` and `d_steer (T B, P)` are made, and at the end `d_carried` and
    `d_cell` hold the gradients of the first state."""
    every, vector, slots = 2 * heads, heads * width, memory.shape[1]
    rows = driven.shape[1]
    where = np.empty(4, np.int64)
    gated, d_shifted = np.empty((1, slots + 2), np.float32), np.empty((1, slots + 2), np.float32)
    shifted, logarithm = np.empty((1, slots), np.float32), np.empty((1, slots), np.float32)
    pull = np.empty((1, slots), np.float32)
    d_similar, others = np.empty((every, slots), np.float32), np.empty((1, slots), np.float32)
    erase = every * width + 6 * every
    for t in range(steps - 1, -1, -1):
        now, then = t * batch, (t + 1) * batch
        for b in range(batch):
            r, m = now + b, b * width
            old, after = _place(t, b, batch, width, memory), (then + b) * every
            if t % 2:
                past = r - batch
                _write(memory, _place(t - 1, b, batch, width, memory), old, length, r, weighting, r * every + heads, steer, past,
                       heads, width)  # fmt: skip
            for j in range(vector):
                d_carried[b, j] += d_spoken[r, units + j]
            for j in range(units):
                d_carried[b, vector + j] += d_spoken[r, j]
            if heads == 1:
                _untouch_one(d_memory, m, memory, old, d_weighting, b * every, weighting, after, steer, d_steer, r, erase,
                             erase + vector, d_carried, b, width)  # fmt: skip
            else:
                _unwrite_many(d_memory, m, memory, old, d_weighting, b * every + heads, weighting, after + heads, steer, d_steer,
                              r, erase, erase + vector, heads, width, others)  # fmt: skip
                _unread(d_memory, m, memory, old, d_weighting, b * every, weighting, after, d_carried, b, heads, width)
            for k in range(every):
                _find(where, k, heads, width)
                row = r * every + k
                _unaim(row, b * every + k, after + k, steer, d_steer, r, where, similar, content, weighting, d_weighting,
                       gated, shifted, logarithm, d_shifted, d_similar, k)  # fmt: skip
            _uncompare(d_memory, m, memory, old, length, r, key_length, similar, r * every, steer, d_steer, heads, width,
                       d_similar, pull)  # fmt: skip
            for j in range(erase, erase + vector):
                d_steer[r, j] *= steer[r, j] * (ONE - steer[r, j])
        add_products(d_carried, 0, vector, d_steer, now, batch, steering_across, steer.shape[1])
        for b in range(batch):
            r = now + b
            if is_lstm:
                _unlstm(driven, r, cell, curved, d_carried, vector, d_cell, b, d_driven, units)
            else:
                for j in range(units):
                    d_driven[r, j] = d_carried[b, vector + j] * (ONE - driven[r, j] * driven[r, j])
            for j in range(vector + units):
                d_carried[b, j] = ZERO
        add_products(d_carried, 0, 0, d_driven, now, batch, carried_across, rows)
