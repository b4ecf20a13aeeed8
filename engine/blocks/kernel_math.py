"""What compiled kernels compute with: exp and log that run eight numbers at a time, and products of a few rows with a matrix.

A module that uses them names this one to its `CompiledPath`: the compiler's cache would not notice a change here.
"""

from typing import Any

import llvmlite.binding
import numpy as np
from numba import njit

llvmlite.binding.set_option("slotscope", "--runtime-memory-check-threshold=64")
"""Loops over many rows are worth some more checks that the rows do not overlap; without, they would run one slot at a time."""

Array = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

EXACT = {"contract"}
"""In exp and log nothing may be regrouped: they rest on exact differences."""
LOOSE = {"contract", "reassoc", "nsz", "arcp"}
"""Elsewhere sums may be regrouped, so that they run eight at a time; infinities and NaN keep their meaning."""

F = np.float32
ZERO, HALF, ONE, TWO = F(0), F(0.5), F(1), F(2)
LOWEST, HIGHEST = F(-87), F(88)
LOG2E, MAGIC = F(1.4426950408889634), F(12582912)
LN2, LN2_HIGH, LN2_LOW = F(0.6931471805599453), F(0.693359375), F(-2.1219444005469057e-4)
E3, E4, E5, E6, E7 = F(1 / 6), F(1 / 24), F(1 / 120), F(1 / 720), F(1 / 5040)
L3, L5, L7, L9 = F(1 / 3), F(1 / 5), F(1 / 7), F(1 / 9)
TINY, TINIEST, SMALLEST = F(1e-8), F(1e-16), F(1e-30)
BIAS, ROOT_HALF = np.int32(0x3F800000), np.int32(0x3F3504F3)


@njit(fastmath=EXACT, error_model="numpy")
def exp(x: Any) -> Any:
    """e to the x, to a few units in the last place; x is held within what a float can show. NaN stays NaN."""
    strange = ZERO * x
    x = min(max(x, LOWEST), HIGHEST)
    shifted = x * LOG2E + MAGIC
    whole = shifted - MAGIC
    rest = (x - whole * LN2_HIGH) - whole * LN2_LOW
    series = rest * (ONE + rest * (HALF + rest * (E3 + rest * (E4 + rest * (E5 + rest * (E6 + rest * E7))))))
    power = np.int32(np.int32(np.float32(shifted).view(np.int32) << np.int32(23)) + BIAS)
    return (ONE + series) * np.int32(power).view(np.float32) + strange


@njit(fastmath=EXACT, error_model="numpy")
def log(x: Any) -> Any:
    """The natural logarithm of a positive, normal x. NaN stays NaN."""
    bits = np.float32(x).view(np.int32)
    whole = np.int32(np.int32(bits - ROOT_HALF) >> np.int32(23))
    part = np.int32(bits - np.int32(whole << np.int32(23))).view(np.float32) - ONE
    s = part / (TWO + part)
    t = s * s
    return F(whole) * LN2 + TWO * s * (ONE + t * (L3 + t * (L5 + t * (L7 + t * L9)))) + ZERO * x


@njit(fastmath=EXACT, error_model="numpy")
def sigmoid(x: Any) -> Any:
    return ONE / (ONE + exp(-x))


@njit(fastmath=EXACT, error_model="numpy")
def softplus(x: Any) -> Any:
    return max(x, ZERO) + log(ONE + exp(-abs(x)))


# ---- products of a few rows with a matrix ---------------------------------------------------------------------------------


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def add_products(out: Any, first_out: int, offset: int, a: Any, first_a: int, rows: int, matrix: Any, inner: int) -> None:
    """`out[first_out + b, offset + o] += sum_i a[first_a + b, i] matrix[o, i]`: eight running sums at once stay in registers."""
    outer = matrix.shape[0]
    fours, eights = outer - outer % 4, outer - outer % 8
    for b in range(0, rows - 1, 2):
        p, q, s, t = first_out + b, first_out + b + 1, first_a + b, first_a + b + 1
        for o in range(0, fours, 4):
            s0 = s1 = s2 = s3 = t0 = t1 = t2 = t3 = ZERO
            for i in range(inner):
                x, y = a[s, i], a[t, i]
                m0, m1, m2, m3 = matrix[o, i], matrix[o + 1, i], matrix[o + 2, i], matrix[o + 3, i]
                s0 += x * m0
                s1 += x * m1
                s2 += x * m2
                s3 += x * m3
                t0 += y * m0
                t1 += y * m1
                t2 += y * m2
                t3 += y * m3
            out[p, offset + o] += s0
            out[p, offset + o + 1] += s1
            out[p, offset + o + 2] += s2
            out[p, offset + o + 3] += s3
            out[q, offset + o] += t0
            out[q, offset + o + 1] += t1
            out[q, offset + o + 2] += t2
            out[q, offset + o + 3] += t3
        for o in range(fours, outer):
            out[p, offset + o] += dot(a, s, matrix, o, inner)
            out[q, offset + o] += dot(a, t, matrix, o, inner)
    if rows % 2:
        p, s = first_out + rows - 1, first_a + rows - 1
        for o in range(0, eights, 8):
            s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = ZERO
            for i in range(inner):
                x = a[s, i]
                s0 += x * matrix[o, i]
                s1 += x * matrix[o + 1, i]
                s2 += x * matrix[o + 2, i]
                s3 += x * matrix[o + 3, i]
                s4 += x * matrix[o + 4, i]
                s5 += x * matrix[o + 5, i]
                s6 += x * matrix[o + 6, i]
                s7 += x * matrix[o + 7, i]
            out[p, offset + o] += s0
            out[p, offset + o + 1] += s1
            out[p, offset + o + 2] += s2
            out[p, offset + o + 3] += s3
            out[p, offset + o + 4] += s4
            out[p, offset + o + 5] += s5
            out[p, offset + o + 6] += s6
            out[p, offset + o + 7] += s7
        for o in range(eights, outer):
            out[p, offset + o] += dot(a, s, matrix, o, inner)


@njit(fastmath=LOOSE, error_model="numpy", nogil=True)
def dot(a: Any, row: int, b: Any, other: int, length: int) -> Any:
    total = ZERO
    for i in range(length):
        total += a[row, i] * b[other, i]
    return total
