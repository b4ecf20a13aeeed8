"""The Differentiable Neural Computer's whole sequence, forward and backward, compiled: what `dnc.py` computes, only quicker.

Imported only once the compiler's cache is in place. Everything compiled stands in this one file: the cache looks at no other. The
equations are those of Graves et al. (2016); the backward half is their derivative, step by step, in the opposite order. Sequences
have nothing to do with each other, so each is run from end to end before the next.

Letters: T steps, B sequences, N slots, W slot width, R read heads, H controller width, G sums that drive the controller (4 H for
an LSTM, H for a feed-forward one), P wishes. Arrays of states have T + 1 entries, the first being the state before step 1.
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit

LOOSE = {"contract", "reassoc", "nsz", "arcp"}
"""Sums may be regrouped, so that they run several at a time; infinities and NaN keep their meaning."""

F = np.float32
ZERO, ONE, LEAST, FIRM = F(0), F(1), F(1e-6), F(1e-6)
LIFT = F(1 - 1e-6)


class Kept(NamedTuple):
    """All that the way forward leaves for the way back; `said` and `gates` are given in part, the rest is overwritten."""

    said: Any  # (B, T + 1, H + R W): controller output, then read vectors
    cell: Any  # (B, T + 1, H)
    gates: Any  # (B, T, G): what the inputs drive; afterwards the opened gates of an LSTM
    wish: Any  # (B, T, P)
    psi: Any  # (B, T, N): retention
    used: Any  # (B, T + 1, N)
    order: Any  # (B, T, N): slots from the least used to the most
    free: Any  # (B, T, N): allocation weighting
    similar: Any  # (B, T, R + 1, N): cosines, the write head's last
    content: Any  # (B, T, R + 1, N)
    written: Any  # (B, T + 1, N): write weighting
    memory: Any  # (B, T + 1, N, W)
    length: Any  # (B, T + 1, N): of each slot, firm
    link: Any  # (B, T + 1, N, N)
    last: Any  # (B, T + 1, N): precedence
    back: Any  # (B, T, R, N)
    on: Any  # (B, T, R, N): forward weighting
    read: Any  # (B, T + 1, R, N): read weighting


class Carry(NamedTuple):
    """What the way back hands from a step to the one before: the gradients of the state between them."""

    said: Any  # (H + R W,)
    cell: Any  # (H,)
    used: Any  # (N,)
    written: Any  # (N,)
    memory: Any  # (N, W)
    link: Any  # (N, N)
    last: Any  # (N,)
    read: Any  # (R, N)


class Places(NamedTuple):
    """Where the wishes begin: keys (the read heads' first, at 0), add, strengths, free gates, both write gates, erase, modes."""

    heads: int
    width: int
    add: int
    strength: int
    free: int
    allocate: int
    write: int
    erase: int
    modes: int


# ---- forward --------------------------------------------------------------------------------------------------------------


@njit(error_model="numpy", fastmath=LOOSE, nogil=True, cache=True)
def forward(is_lstm: bool, carried: Any, steering: Any, bias: Any, at: Places, kept: Kept) -> None:
    """All steps of all sequences. `carried (R W [+ H], G)` and `steering (H, P)` are weights as (in, out)."""
    units, batch, steps = kept.cell.shape[2], kept.gates.shape[0], kept.gates.shape[1]
    for b in range(batch):
        for t in range(steps):
            _control(is_lstm, units, carried, kept.said[b, t], kept.said[b, t + 1], kept.gates[b, t], kept.cell[b, t],
                     kept.cell[b, t + 1])  # fmt: skip
            wish, similar, content = kept.wish[b, t], kept.similar[b, t], kept.content[b, t]
            _wish(units, kept.said[b, t + 1], steering, bias, wish, at)
            _free(wish, at, kept.read[b, t], kept.used[b, t], kept.written[b, t], kept.psi[b, t], kept.used[b, t + 1])
            _allocate(kept.used[b, t + 1], kept.order[b, t], kept.free[b, t])
            _look(wish, at, at.heads, kept.memory[b, t], kept.length[b, t], similar[at.heads], content[at.heads])
            _write(wish, at, kept.free[b, t], content[at.heads], kept.written[b, t + 1], kept.memory[b, t],
                   kept.memory[b, t + 1], kept.length[b, t + 1])  # fmt: skip
            _link(kept.written[b, t + 1], kept.link[b, t], kept.last[b, t], kept.link[b, t + 1], kept.last[b, t + 1])
            for k in range(at.heads):
                _follow(kept.link[b, t + 1], kept.read[b, t, k], kept.back[b, t, k], kept.on[b, t, k])
                _look(wish, at, k, kept.memory[b, t + 1], kept.length[b, t + 1], similar[k], content[k])
                _read(wish, at, k, kept.back[b, t, k], content[k], kept.on[b, t, k], kept.read[b, t + 1, k],
                      kept.memory[b, t + 1], kept.said[b, t + 1], units)  # fmt: skip


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _control(is_lstm: bool, units: int, carried: Any, before: Any, after: Any, gates: Any, cell: Any, new_cell: Any) -> None:
    """One step of the controller, from what was read and (LSTM) its own output before."""
    vector = before.shape[0] - units
    for i in range(vector):
        _add_row(gates, before[units + i], carried[i])
    if not is_lstm:
        for j in range(units):
            after[j] = np.tanh(gates[j])
        return
    for i in range(units):
        _add_row(gates, before[i], carried[vector + i])
    for j in range(2 * units):
        gates[j] = _sigmoid(gates[j])
    for j in range(2 * units, 3 * units):
        gates[j] = np.tanh(gates[j])
    for j in range(3 * units, 4 * units):
        gates[j] = _sigmoid(gates[j])
    for j in range(units):
        new_cell[j] = gates[units + j] * cell[j] + gates[j] * gates[2 * units + j]
        after[j] = gates[3 * units + j] * np.tanh(new_cell[j])


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _wish(units: int, said: Any, steering: Any, bias: Any, wish: Any, at: Places) -> None:
    """What the controller wants of the memory, brought into range."""
    wish[:] = bias
    for i in range(units):
        _add_row(wish, said[i], steering[i])
    for j in range(at.strength, at.free):
        wish[j] = ONE + _softplus(wish[j])
    for j in range(at.free, at.modes):
        wish[j] = _sigmoid(wish[j])
    for k in range(at.heads):
        j = at.modes + 3 * k
        top = max(wish[j], max(wish[j + 1], wish[j + 2]))
        x, y, z = np.exp(wish[j] - top), np.exp(wish[j + 1] - top), np.exp(wish[j + 2] - top)
        total = x + y + z
        wish[j], wish[j + 1], wish[j + 2] = x / total, y / total, z / total


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _free(wish: Any, at: Places, read: Any, used: Any, written: Any, psi: Any, now_used: Any) -> None:
    for n in range(used.shape[0]):
        kept = ONE
        for k in range(at.heads):
            kept *= ONE - wish[at.free + k] * read[k, n]
        psi[n] = kept
        now_used[n] = (used[n] + written[n] - used[n] * written[n]) * kept


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _allocate(used: Any, order: Any, free: Any) -> None:
    """Sorted by insertion, so that slots used alike keep the order of their numbers."""
    for n in range(used.shape[0]):
        place = n
        while place > 0 and used[order[place - 1]] > used[n]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = n
    taken = ONE
    for n in order:
        lifted = LEAST + LIFT * used[n]
        free[n] = (ONE - lifted) * taken
        taken *= lifted


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _look(wish: Any, at: Places, head: int, memory: Any, length: Any, similar: Any, content: Any) -> None:
    """By content: cosines with the head's key, and their softmax."""
    first, strength = head * at.width, wish[at.strength + head]
    key_length = _key_length(wish, first, at.width)
    top = F(-2)
    for n in range(memory.shape[0]):
        product = ZERO
        for w in range(at.width):
            product += wish[first + w] * memory[n, w]
        similar[n] = product / (key_length * length[n] + FIRM)
        top = max(top, similar[n])
    total = ZERO
    for n in range(memory.shape[0]):
        content[n] = np.exp(strength * (similar[n] - top))
        total += content[n]
    for n in range(memory.shape[0]):
        content[n] /= total


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _write(wish: Any, at: Places, free: Any, content: Any, written: Any, before: Any, memory: Any, length: Any) -> None:
    gate, allocate = wish[at.write], wish[at.allocate]
    for n in range(free.shape[0]):
        share = gate * (content[n] + allocate * (free[n] - content[n]))
        written[n] = share
        squares = ZERO
        for w in range(at.width):
            value = before[n, w] * (ONE - share * wish[at.erase + w]) + share * wish[at.add + w]
            memory[n, w] = value
            squares += value * value
        length[n] = np.sqrt(squares + FIRM)


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _link(written: Any, before: Any, last_before: Any, link: Any, last: Any) -> None:
    total = ZERO
    for i in range(written.shape[0]):
        total += written[i]
    for i in range(written.shape[0]):
        for j in range(written.shape[0]):
            link[i, j] = (ONE - written[i] - written[j]) * before[i, j] + written[i] * last_before[j]
        link[i, i] = ZERO
        last[i] = (ONE - total) * last_before[i] + written[i]


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _follow(link: Any, read: Any, back: Any, on: Any) -> None:
    back[:] = ZERO
    for i in range(read.shape[0]):
        total = ZERO
        for j in range(read.shape[0]):
            total += link[i, j] * read[j]
            back[j] += link[i, j] * read[i]
        on[i] = total


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _read(
    wish: Any, at: Places, head: int, back: Any, content: Any, on: Any, read: Any, memory: Any, said: Any, units: int
) -> None:
    mode, first = at.modes + 3 * head, units + head * at.width
    said[first : first + at.width] = ZERO
    for n in range(read.shape[0]):
        read[n] = wish[mode] * back[n] + wish[mode + 1] * content[n] + wish[mode + 2] * on[n]
        for w in range(at.width):
            said[first + w] += read[n] * memory[n, w]


# ---- backward -------------------------------------------------------------------------------------------------------------


@njit(error_model="numpy", fastmath=LOOSE, nogil=True, cache=True)
def backward(is_lstm: bool, carried: Any, steering: Any, at: Places, kept: Kept, d_said: Any, d_gates: Any, d_wish: Any,
             d_first: Any, d_first_cell: Any) -> None:  # fmt: skip
    """From `d_said (B, T, H + R W)` to `d_gates (B, T, G)`, `d_wish (B, T, P)` and the first state, `(B, H)` each."""
    units, batch, steps, slots = kept.cell.shape[2], kept.gates.shape[0], kept.gates.shape[1], kept.used.shape[2]
    d_free, d_content, d_written = np.empty(slots, F), np.empty(slots, F), np.empty(slots, F)
    d_read = np.empty((at.heads, slots), F)
    for b in range(batch):
        d = Carry(
            np.zeros(d_said.shape[2], F), np.zeros(units, F), np.zeros(slots, F), np.zeros(slots, F),
            np.zeros((slots, at.width), F), np.zeros((slots, slots), F), np.zeros(slots, F), np.zeros((at.heads, slots), F),
        )  # fmt: skip
        for t in range(steps - 1, -1, -1):
            wish, dw, memory, length = kept.wish[b, t], d_wish[b, t], kept.memory[b, t + 1], kept.length[b, t + 1]
            dw[:] = ZERO
            for j in range(d_said.shape[2]):
                d.said[j] += d_said[b, t, j]
            d_read[:] = d.read
            d.read[:] = ZERO
            for k in range(at.heads):
                _unread(wish, dw, at, k, units, d.said, d_read[k], kept.back[b, t, k], kept.content[b, t, k], kept.on[b, t, k],
                        kept.read[b, t + 1, k], memory, d.memory, d_content)  # fmt: skip
                _unlook(wish, dw, at, k, memory, length, kept.similar[b, t, k], kept.content[b, t, k], d_content, d.memory)
                _unfollow(wish, at, k, kept.link[b, t + 1], kept.read[b, t, k], d_read[k], d.link, d.read[k])
            d_written[:] = d.written
            _unlink(kept.written[b, t + 1], kept.link[b, t], kept.last[b, t], d.link, d.last, d_written)
            _unwrite(wish, dw, at, kept.free[b, t], kept.content[b, t, at.heads], kept.written[b, t + 1], kept.memory[b, t],
                     d.memory, d_written, d_free, d_content)  # fmt: skip
            _unlook(wish, dw, at, at.heads, kept.memory[b, t], kept.length[b, t], kept.similar[b, t, at.heads],
                    kept.content[b, t, at.heads], d_content, d.memory)  # fmt: skip
            _unallocate(kept.used[b, t + 1], kept.order[b, t], d_free, d.used)
            _unfree(wish, dw, at, kept.read[b, t], kept.used[b, t], kept.written[b, t], kept.psi[b, t], d)
            _unwish(wish, dw, at)
            for i in range(units):
                d.said[i] += _dot(steering[i], dw)
            _uncontrol(is_lstm, units, carried, kept.said[b, t + 1], kept.gates[b, t], kept.cell[b, t], kept.cell[b, t + 1],
                       d.said, d.cell, d_gates[b, t])  # fmt: skip
        d_first[b] = d.said[:units]
        d_first_cell[b] = d.cell


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _unread(wish: Any, d_wish: Any, at: Places, head: int, units: int, d_said: Any, d_read: Any, back: Any, content: Any, on: Any,
            read: Any, memory: Any, d_memory: Any, d_content: Any) -> None:  # fmt: skip
    """From the read vector to the weighting, and to the three ways that made it."""
    mode, first = at.modes + 3 * head, units + head * at.width
    x, y, z = ZERO, ZERO, ZERO
    for n in range(read.shape[0]):
        total = d_read[n]
        for w in range(at.width):
            total += d_said[first + w] * memory[n, w]
            d_memory[n, w] += d_said[first + w] * read[n]
        d_read[n] = total
        d_content[n] = total * wish[mode + 1]
        x += total * back[n]
        y += total * content[n]
        z += total * on[n]
    d_wish[mode], d_wish[mode + 1], d_wish[mode + 2] = x, y, z


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _unlook(wish: Any, d_wish: Any, at: Places, head: int, memory: Any, length: Any, similar: Any, content: Any, d_content: Any,
            d_memory: Any) -> None:  # fmt: skip
    """From a content weighting to key, strength and memory."""
    first, strength = head * at.width, wish[at.strength + head]
    key_length = _key_length(wish, first, at.width)
    mean, d_strength, d_length = ZERO, ZERO, ZERO
    for n in range(memory.shape[0]):
        mean += content[n] * d_content[n]
    for n in range(memory.shape[0]):
        d_score = content[n] * (d_content[n] - mean)
        d_strength += d_score * similar[n]
        pull = strength * d_score / (key_length * length[n] + FIRM)
        shrink = pull * similar[n]
        d_length -= shrink * length[n]
        inward = shrink * key_length / length[n]
        for w in range(at.width):
            d_wish[first + w] += pull * memory[n, w]
            d_memory[n, w] += pull * wish[first + w] - inward * memory[n, w]
    d_wish[at.strength + head] = d_strength
    for w in range(at.width):
        d_wish[first + w] += d_length / key_length * wish[first + w]


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _unfollow(wish: Any, at: Places, head: int, link: Any, read: Any, d_read: Any, d_link: Any, d_before: Any) -> None:
    """From the weightings along the order of writing to the links, and to what was read before."""
    back, on = wish[at.modes + 3 * head], wish[at.modes + 3 * head + 2]
    for i in range(read.shape[0]):
        ahead, behind = on * d_read[i], back * read[i]
        total = ZERO
        for j in range(read.shape[0]):
            d_link[i, j] += ahead * read[j] + behind * d_read[j]
            d_before[j] += ahead * link[i, j]
            total += link[i, j] * d_read[j]
        d_before[i] += back * total


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _unlink(written: Any, before: Any, last: Any, d_link: Any, d_last: Any, d_written: Any) -> None:
    """From links and precedence to those of the step before, in place, and to the write weighting."""
    total, d_total = ZERO, ZERO
    for i in range(written.shape[0]):
        total += written[i]
        d_total += d_last[i] * last[i]
    for i in range(written.shape[0]):
        d_written[i] += d_last[i] - d_total
        d_last[i] *= ONE - total
    for i in range(written.shape[0]):
        d_link[i, i] = ZERO
        gain = ZERO
        for j in range(written.shape[0]):
            d = d_link[i, j]
            lost = d * before[i, j]
            gain += d * last[j] - lost
            d_written[j] -= lost
            d_last[j] += d * written[i]
            d_link[i, j] = (ONE - written[i] - written[j]) * d
        d_written[i] += gain


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _unwrite(wish: Any, d_wish: Any, at: Places, free: Any, content: Any, written: Any, before: Any, d_memory: Any,
             d_written: Any, d_free: Any, d_content: Any) -> None:  # fmt: skip
    """From the memory to that before the write, in place, to erase and add, and through the write weighting to its two ways."""
    gate, allocate = wish[at.write], wish[at.allocate]
    d_gate, d_allocate = ZERO, ZERO
    for n in range(free.shape[0]):
        share, total = written[n], d_written[n]
        for w in range(at.width):
            d, erase, held = d_memory[n, w], wish[at.erase + w], before[n, w]
            total += d * (wish[at.add + w] - held * erase)
            d_wish[at.erase + w] -= d * share * held
            d_wish[at.add + w] += d * share
            d_memory[n, w] = d * (ONE - share * erase)
        apart = free[n] - content[n]
        d_gate += total * (content[n] + allocate * apart)
        d_allocate += total * gate * apart
        d_free[n] = total * gate * allocate
        d_content[n] = total * gate * (ONE - allocate)
    d_wish[at.write], d_wish[at.allocate] = d_gate, d_allocate


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _unallocate(used: Any, order: Any, d_free: Any, d_used: Any) -> None:
    """From the allocation weighting to usage, which has a gradient of its own already."""
    slots = used.shape[0]
    before = np.empty(slots, F)
    taken = ONE
    for place in range(slots):
        before[place] = taken
        taken *= LEAST + LIFT * used[order[place]]
    d_taken = ZERO  # of what is taken when this place has been passed
    for place in range(slots - 1, -1, -1):
        n = order[place]
        lifted = LEAST + LIFT * used[n]
        d_used[n] += LIFT * before[place] * (d_taken - d_free[n])
        d_taken = d_free[n] * (ONE - lifted) + d_taken * lifted


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _unfree(wish: Any, d_wish: Any, at: Places, read: Any, used: Any, written: Any, psi: Any, d: Carry) -> None:
    """From usage to that of the step before, to the last write and the last reads, and to the free gates."""
    for n in range(used.shape[0]):
        d_now = d.used[n]
        d_kept = d_now * (used[n] + written[n] - used[n] * written[n])
        d.used[n] = d_now * psi[n] * (ONE - written[n])
        d.written[n] = d_now * psi[n] * (ONE - used[n])
        for k in range(at.heads):
            others = d_kept
            for other in range(at.heads):
                if other != k:
                    others *= ONE - wish[at.free + other] * read[other, n]
            d_wish[at.free + k] -= others * read[k, n]
            d.read[k, n] -= others * wish[at.free + k]


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _unwish(wish: Any, d_wish: Any, at: Places) -> None:
    """From the wishes in range to the sums that they were."""
    for j in range(at.strength, at.free):
        d_wish[j] *= ONE - np.exp(ONE - wish[j])
    for j in range(at.free, at.modes):
        d_wish[j] *= wish[j] * (ONE - wish[j])
    for k in range(at.heads):
        j = at.modes + 3 * k
        mean = d_wish[j] * wish[j] + d_wish[j + 1] * wish[j + 1] + d_wish[j + 2] * wish[j + 2]
        for m in range(j, j + 3):
            d_wish[m] = wish[m] * (d_wish[m] - mean)


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _uncontrol(is_lstm: bool, units: int, carried: Any, said: Any, gates: Any, cell: Any, new_cell: Any, d_said: Any, d_cell: Any,
               d_gates: Any) -> None:  # fmt: skip
    """From what the controller said to the sums that drove it, and to what was said at the step before, in place."""
    vector = d_said.shape[0] - units
    if is_lstm:
        for j in range(units):
            let_in, keep, candidate, out = gates[j], gates[units + j], gates[2 * units + j], gates[3 * units + j]
            curved = np.tanh(new_cell[j])
            d_gates[3 * units + j] = d_said[j] * curved * out * (ONE - out)
            d = d_cell[j] + d_said[j] * out * (ONE - curved * curved)
            d_gates[j] = d * candidate * let_in * (ONE - let_in)
            d_gates[units + j] = d * cell[j] * keep * (ONE - keep)
            d_gates[2 * units + j] = d * let_in * (ONE - candidate * candidate)
            d_cell[j] = d * keep
        for i in range(units):
            d_said[i] = _dot(carried[vector + i], d_gates)
    else:
        for j in range(units):
            d_gates[j] = d_said[j] * (ONE - said[j] * said[j])
            d_said[j] = ZERO
    for i in range(vector):
        d_said[units + i] = _dot(carried[i], d_gates)


# ---- small things ---------------------------------------------------------------------------------------------------------


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _add_row(out: Any, factor: Any, row: Any) -> None:
    for j in range(out.shape[0]):
        out[j] += factor * row[j]


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _dot(a: Any, b: Any) -> Any:
    total = ZERO
    for j in range(b.shape[0]):
        total += a[j] * b[j]
    return total


@njit(error_model="numpy", fastmath=LOOSE, nogil=True)
def _key_length(wish: Any, first: int, width: int) -> Any:
    total = FIRM
    for w in range(first, first + width):
        total += wish[w] * wish[w]
    return np.sqrt(total)


@njit(error_model="numpy", nogil=True)
def _sigmoid(x: Any) -> Any:
    return ONE / (ONE + np.exp(-x))


@njit(error_model="numpy", nogil=True)
def _softplus(x: Any) -> Any:
    return max(x, ZERO) + np.log1p(np.exp(-abs(x)))
