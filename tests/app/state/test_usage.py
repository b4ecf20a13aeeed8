"""Which slots a picture begins with."""

from dataclasses import replace

import numpy as np

from app.state.usage import slots_worth_showing
from fake_traces import memn2n_trace, ntm_trace


def test_a_large_memory_is_shown_as_far_as_it_is_touched() -> None:
    assert slots_worth_showing(ntm_trace(length=20, slots=128)) == 24


def test_a_small_memory_is_shown_whole() -> None:
    assert slots_worth_showing(ntm_trace(length=5, slots=12)) == 12


def test_a_memory_that_is_touched_at_its_end_is_shown_whole() -> None:
    trace = ntm_trace(length=20, slots=128)
    trace.arrays["read.weighting"][3, 0, 127] = 0.5

    assert slots_worth_showing(trace) == 128


def test_heads_that_touch_nothing_hide_nothing() -> None:
    trace = ntm_trace(length=4, slots=64)
    arrays = dict(trace.arrays) | {
        name: np.full_like(trace.arrays[name], 1 / 64) for name in ("read.weighting", "write.weighting")
    }

    assert slots_worth_showing(replace(trace, arrays=arrays)) == 64


def test_a_memory_without_heads_is_shown_whole() -> None:
    assert slots_worth_showing(memn2n_trace()) == 10
